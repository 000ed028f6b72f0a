from decimal import Decimal
from typing import Any

import pytest

from tests.unit.domain.samples import REFERENCE, figures, item, matrix, settings, variant
from tillbridge.domain.catalogue import CustomField, Image, ItemType, WebContent
from tillbridge.domain.desire import Wishes, category_path, desire_simple, desire_variable, sku_of
from tillbridge.domain.planning import Blocked, Withheld
from tillbridge.domain.product import Product, ProductImage, ProductOption, Visibility
from tillbridge.domain.settings import MerchantSettings, Selection, SkuSource
from tillbridge.domain.stock import StockFigure

pytestmark = pytest.mark.unit


def wishes(chosen: MerchantSettings | None = None, *item_ids: str, **changes: object) -> Wishes:
    return Wishes(chosen or settings(), REFERENCE, figures(*(item_ids or ("42",))), **changes)  # type: ignore[arg-type]


def codes(desired: object) -> list[str]:
    assert isinstance(desired, Blocked)
    return [reason.code for reason in desired.reasons]


def test_a_simple_item_becomes_a_product_with_one_variant() -> None:
    told = item(
        category_id="6",
        manufacturer_id="3",
        tax_class_id="1",
        ean="4006381333931",
        images=(Image("8", "https://img/8.jpg", 1), Image("11", "https://img/11.jpg", 0, "front")),
        web=WebContent("long", "short", Decimal("0.350")),
        custom_fields=(CustomField("1", "colour", "blue"),),
    )
    product = desire_simple(told, wishes(settings(tax_classes={"1": "reduced-rate"})))
    assert isinstance(product, Product)
    assert (product.key, product.name, product.brand) == ("I42", "Mug Blue", "Northfell")
    assert product.category_path == ("Tents", "2/3 person")
    assert product.images == (ProductImage("11", "https://img/11.jpg", "front"), ProductImage("8", "https://img/8.jpg"))
    assert (product.description, product.short_description, product.tax_class) == ("long", "short", "reduced-rate")
    assert product.visibility is Visibility.DRAFT
    (only,) = product.variants
    assert (only.sku, only.gtin, only.regular_price, only.quantity) == ("MUG-42", "4006381333931", Decimal("12.50"), 5)
    assert only.image is None
    assert not product.variable


@pytest.mark.parametrize(
    ("changes", "chosen", "reason"),
    [
        ({"archived": True}, {}, "archived"),
        ({"archived": True, "gone": True}, {}, "deleted or merged"),
        ({"publish_to_web": False}, {"selection": Selection.PUBLISH_TO_WEB}, "publish to eCom"),
        ({"tags": ("sale",)}, {"selection": Selection.TAG}, '"webstore"'),
    ],
)
def test_what_must_not_be_on_sale_is_withheld_with_a_reason(
    changes: dict[str, Any], chosen: dict[str, Any], reason: str
) -> None:
    withheld = desire_simple(item(**changes), wishes(settings(**chosen)))
    assert isinstance(withheld, Withheld)
    assert reason in withheld.reason


def test_a_chosen_tag_selects() -> None:
    chosen = settings(selection=Selection.TAG, selection_tag="web")
    assert isinstance(desire_simple(item(tags=("web",)), wishes(chosen)), Product)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"description": "  "}, "no_name"),
        ({"prices": {"2": Decimal(9)}}, "no_price"),
        ({"prices": {"1": Decimal(-1)}}, "bad_price"),
        ({"custom_sku": "", "system_sku": ""}, "no_sku"),
    ],
)
def test_an_item_that_cannot_be_shown_says_why(changes: dict[str, Any], code: str) -> None:
    blocked = desire_simple(item(**changes), wishes())
    assert codes(blocked) == [code]
    assert isinstance(blocked, Blocked)
    assert not blocked.passing
    assert blocked.reasons[0].remedy


def test_an_item_whose_stock_was_not_read_waits() -> None:  # invariant 1
    unread = {"42": StockFigure("42", 0, (), missing=("2",))}
    blocked = desire_simple(item(), Wishes(settings(), REFERENCE, unread))
    assert codes(blocked) == ["not_read_yet"]
    assert isinstance(blocked, Blocked)
    assert blocked.passing


def test_a_service_needs_no_stock() -> None:
    product = desire_simple(item(item_type=ItemType.NON_INVENTORY), Wishes(settings(), REFERENCE, {}))
    assert isinstance(product, Product)
    assert product.variants[0].quantity is None


@pytest.mark.parametrize(
    ("level", "sale"),
    [("", None), ("2", None), ("3", Decimal("9.99")), ("4", None), ("5", None)],
)
def test_a_sale_price_must_be_set_and_below_the_regular_one(level: str, sale: Decimal | None) -> None:
    prices = {"1": Decimal("12.5"), "2": Decimal(15), "3": Decimal("9.985"), "4": Decimal(0), "5": Decimal("12.499")}
    product = desire_simple(item(prices=prices), wishes(settings(sale_price_level=level)))
    assert isinstance(product, Product)
    assert product.variants[0].sale_price == sale


@pytest.mark.parametrize(("level", "msrp"), [("", None), ("2", Decimal("15.01")), ("3", None), ("9", None)])
def test_a_recommended_price_comes_from_its_level(level: str, msrp: Decimal | None) -> None:
    prices = {"1": Decimal("12.5"), "2": Decimal("15.005"), "3": Decimal(0)}
    product = desire_simple(item(prices=prices), wishes(settings(msrp_level=level)))
    assert isinstance(product, Product)
    assert product.variants[0].msrp == msrp


def test_prices_are_rounded_half_up_as_the_shop_keeps_them() -> None:
    prices = {"1": Decimal("11.4850025")}
    assert desire_simple(item(prices=prices), wishes()).variants[0].regular_price == Decimal("11.49")  # type: ignore[union-attr]
    whole = desire_simple(item(prices=prices), wishes(price_decimals=0))
    assert whole.variants[0].regular_price == Decimal(11)  # type: ignore[union-attr]


def test_the_first_filled_sku_field_in_the_merchants_order_serves() -> None:
    told = item(custom_sku=" ", upc="0614", manufacturer_sku="MF-1")
    assert sku_of(told, settings()) == "0614"
    assert sku_of(told, settings(sku_sources=(SkuSource.MANUFACTURER_SKU,))) == "MF-1"


def test_a_loop_in_the_category_tree_ends_the_path() -> None:
    assert category_path("7", REFERENCE) == ("Loop",)
    assert category_path("404", REFERENCE) == ()


def test_a_matrix_becomes_a_product_with_options() -> None:
    items = [variant("1", "Red", "S"), variant("2", "Red", "M"), variant("3", "Blue", "S")]
    product = desire_variable("7", matrix(), items, wishes(None, "1", "2", "3"))
    assert isinstance(product, Product)
    assert product.options == (ProductOption("Color", ("Red", "Blue")), ProductOption("Size", ("S", "M")))
    assert [(one.sku, one.options) for one in product.variants] == [
        ("MUG-1", ("Red", "S")),
        ("MUG-2", ("Red", "M")),
        ("MUG-3", ("Blue", "S")),
    ]


def test_a_place_that_no_variant_uses_is_no_option() -> None:
    items = [
        variant("1", "", "S", attribute_set_id="2"),
        variant("2", "", "M", attribute_set_id="2"),
    ]
    product = desire_variable("7", matrix(attribute_set_id="2"), items, wishes(None, "1", "2"))
    assert isinstance(product, Product)
    assert product.options == (ProductOption("Size", ("S", "M")),)


def test_variants_take_prices_from_the_matrix_where_they_have_none() -> None:
    product = desire_variable("7", matrix(), [variant("1", "Red", prices={})], wishes(None, "1"))
    assert isinstance(product, Product)
    assert product.variants[0].regular_price == Decimal("12.50")


def test_an_archived_variant_is_shown_as_draft_even_when_a_live_one_took_its_place() -> None:
    items = [variant("1", "Red"), variant("2", "Blue", archived=True), variant("3", "Red", archived=True)]
    product = desire_variable("7", matrix(), items, wishes(None, "1", "2", "3"))
    assert isinstance(product, Product)
    assert [(one.item_id, one.visibility) for one in product.variants] == [
        ("1", Visibility.PUBLISHED),
        ("2", Visibility.DRAFT),
        ("3", Visibility.DRAFT),  # the shop may still show it
    ]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([variant("1", "Red"), variant("2", "Red")], "duplicate_variant"),
        ([variant("1", "Red", "S"), variant("2", "Red")], "missing_option"),
        ([variant("1", "")], "no_options"),
    ],
)
def test_variants_that_cannot_be_told_apart_are_blocked(items: list[object], code: str) -> None:
    assert code in codes(desire_variable("7", matrix(), items, wishes(None, "1", "2")))  # type: ignore[arg-type]


def test_a_matrix_that_was_not_read_waits() -> None:
    blocked = desire_variable("7", None, [variant("1", "Red")], wishes(None, "1"))
    assert codes(blocked) == ["not_read_yet"]


@pytest.mark.parametrize("items", [[], [variant("1", "Red", archived=True)]])
def test_a_matrix_without_live_variants_is_withheld(items: list[object]) -> None:
    assert isinstance(desire_variable("7", matrix(), items, wishes(None, "1")), Withheld)  # type: ignore[arg-type]


def test_a_tag_on_a_variant_selects_its_matrix() -> None:
    chosen = settings(selection=Selection.TAG)
    tagged = [variant("1", "Red", tags=("webstore",)), variant("2", "Blue")]
    assert isinstance(desire_variable("7", matrix(), tagged, wishes(chosen, "1", "2")), Product)


def test_archived_variants_select_nothing() -> None:
    chosen = settings(selection=Selection.PUBLISH_TO_WEB)
    ticks = [variant("1", "Red", archived=True), variant("2", "Blue", publish_to_web=False)]
    withheld = desire_variable("7", matrix(), ticks, wishes(chosen, "1", "2"))
    assert isinstance(withheld, Withheld)
    assert "publish to eCom" in withheld.reason
    tagged = [variant("1", "Red", tags=("webstore",), archived=True), variant("2", "Blue")]
    chosen = settings(selection=Selection.TAG)
    assert isinstance(desire_variable("7", matrix(), tagged, wishes(chosen, "1", "2")), Withheld)


def test_pictures_stay_home_when_the_merchant_says_so() -> None:
    told = item(images=(Image("8", "https://img/8.jpg"),))
    product = desire_simple(told, wishes(settings(send_images=False)))
    assert isinstance(product, Product)
    assert product.images == ()


@pytest.mark.parametrize(
    ("second", "reason"),
    [({"gone": True}, "it was deleted or merged in the till"), ({}, "every variant is archived in the till")],
)
def test_a_matrix_without_variants_on_sale_says_why(second: dict[str, Any], reason: str) -> None:
    variants = [variant("4", "Red", archived=True, gone=True), variant("5", "Blue", archived=True, **second)]
    assert desire_variable("7", matrix(), variants, wishes(None, "4", "5")) == Withheld("M7", reason)
