"""Merchants' settings at the edge."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tests.unit.store.strategies import SETTINGS
from tillbridge.domain.errors import InputError
from tillbridge.domain.orders.order import ChargeKind, Standing
from tillbridge.domain.orders.rules import TaxRule, UnlinkedRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MatchField, MerchantSettings, Owner, Selection, SkuSource
from tillbridge.domain.stock import StockMode
from tillbridge.store.settings_codec import TAKES, change_settings, dump_settings, parse_settings, settings_texts

DEFAULT = MerchantSettings()


@given(SETTINGS)
def test_what_was_dumped_is_parsed(settings: MerchantSettings) -> None:
    assert parse_settings(json.loads(json.dumps(dump_settings(settings)))) == settings


@given(SETTINGS)
def test_what_is_shown_can_be_typed_in(settings: MerchantSettings) -> None:
    assert change_settings(DEFAULT, settings_texts(settings)) == settings


def test_every_setting_is_described_dumped_and_shown() -> None:
    own = [field.name for field in fields(MerchantSettings) if field.name != "orders"]
    names = [*own, *(f"orders_{field.name}" for field in fields(OrderSettings))]
    assert list(TAKES) == names
    assert list(dump_settings(DEFAULT)) == names
    assert list(settings_texts(DEFAULT)) == names


def test_what_is_absent_has_its_default() -> None:
    assert parse_settings({}) == DEFAULT
    assert parse_settings({"send_images": False}) == replace(DEFAULT, send_images=False)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("selection", "publish_to_web", Selection.PUBLISH_TO_WEB),
        ("selection_tag", " Web shop ", "Web shop"),
        ("new_products", "published", Visibility.PUBLISHED),
        ("sku_sources", "ean, system_sku", (SkuSource.EAN, SkuSource.SYSTEM_SKU)),
        ("match_by", "gtin, sku", (MatchField.GTIN, MatchField.SKU)),
        ("sale_price_level", "3", "3"),
        ("sale_price_level", "", ""),
        ("msrp_level", "2", "2"),
        ("msrp_level", "", ""),
        ("tax_classes", "1:reduced-rate, 2 : zero-rate", {"1": "reduced-rate", "2": "zero-rate"}),
        ("tax_classes", "", {}),
        ("stock_locations", "1,4", ("1", "4")),
        ("stock_locations", "", ()),
        ("safety_stock", "2.5", Decimal("2.5")),
        ("stock_mode", "pick", StockMode.PICK),
        ("stock_places", "c-1f/1:651, c-1f/4 : north", {"c-1f/1": "651", "c-1f/4": "north"}),
        ("safety_by_location", "1:2,3:0", {"1": Decimal(2), "3": Decimal(0)}),
        ("safety_by_category", "5:1.5", {"5": Decimal("1.5")}),
        ("safety_by_item", "I42:3, MUG 1+:0", {"I42": Decimal(3), "MUG 1+": Decimal(0)}),
        ("safety_by_item", "", {}),
        ("backorders", "yes", True),
        ("locations_by_shop", "c-1f:1+4, c-2e: 2", {"c-1f": ("1", "4"), "c-2e": ("2",)}),
        ("mode_by_shop", "c-1f:map", {"c-1f": StockMode.MAP}),
        ("safety_by_shop", "c-1f:2", {"c-1f": Decimal(2)}),
        ("bulk_shops", "c-1f, c-2e", ("c-1f", "c-2e")),
        ("bulk_shops", "", ()),
        ("send_images", "no", False),
        ("send_images", "yes", True),
        ("owners", "name:till,images:shop", {"name": Owner.TILL, "images": Owner.SHOP}),
        ("guard_zeroed", "12.5", Decimal("12.5")),
        ("guard_zeroed", "off", Decimal(0)),
        ("guard_unpublished", " Off ", Decimal(0)),
        ("guard_repriced", "0", Decimal(0)),
        ("guard_price", "300", Decimal(300)),
        ("guard_created", "off", 0),
        ("guard_floor", "25", 25),
    ],
)
def test_texts_of_the_command_line(name: str, text: str, value: object) -> None:
    assert getattr(change_settings(DEFAULT, {name: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("since", "2026-11-26T08:00:00+01:00", datetime(2026, 11, 26, 7, tzinfo=UTC)),
        ("since", "off", None),
        ("ready", "paid,awaiting", (Standing.PAID, Standing.AWAITING)),
        ("ready", "", ()),
        ("statuses", "c-1f/packing:paid", {"c-1f/packing": Standing.PAID}),
        ("locations", "*:1, c-1f:4", {"*": "1", "c-1f": "4"}),
        ("payment_types", "cod:1,gift_card:5,*:9", {"cod": "1", "gift_card": "5", "*": "9"}),
        ("tax", "shop", TaxRule.SHOP),
        ("tax_categories", "1,4", ("1", "4")),
        ("items", "shipping:900", {ChargeKind.SHIPPING: "900"}),
        ("unlinked", "park", UnlinkedRule.PARK),
        ("rounding", "0.10", Decimal("0.10")),
        ("rates", "EUR:1.08", {"EUR": Decimal("1.08")}),
        ("return_money", "yes", True),
    ],
)
def test_texts_about_orders(name: str, text: str, value: object) -> None:
    changed = change_settings(DEFAULT, {f"orders_{name}": text})
    assert getattr(changed.orders, name) == value
    assert replace(changed, orders=DEFAULT.orders) == DEFAULT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("orders_since", "2026-11-26T08:00:00"),
        ("orders_since", "now"),
        ("orders_ready", ["draft"]),
        ("orders_ready", ["cancelled"]),
        ("orders_ready", ["paid", "paid"]),
        ("orders_statuses", {"packing": "paid"}),
        ("orders_statuses", {"c-1f/packing": "draft"}),
        ("orders_locations", {"*": "front"}),
        ("orders_registers", {"1": ""}),
        ("orders_employee", "me"),
        ("orders_payment_types", {"": "9"}),
        ("orders_tax", "mine"),
        ("orders_items", {"product": "900"}),
        ("orders_items", {"shipment": "900"}),
        ("orders_customer", "some"),
        ("orders_rounding", "0.001"),
        ("orders_rounding", "-1"),
        ("orders_currency", "usd"),
        ("orders_rates", {"EUR": "0"}),
        ("selection", "some"),
        ("selection", 5),
        ("selection_tag", "a\nb"),
        ("selection_tag", "x" * 256),
        ("new_products", "hidden"),
        ("sku_sources", []),
        ("sku_sources", ["upc", "upc"]),
        ("sku_sources", ["barcode"]),
        ("sku_sources", "upc"),
        ("regular_price_level", ""),
        ("regular_price_level", "MSRP"),
        ("regular_price_level", 1),
        ("sale_price_level", "x"),
        ("msrp_level", "MSRP"),
        ("tax_classes", {"one": "reduced"}),
        ("tax_classes", {"1": "a,b"}),
        ("tax_classes", ["1"]),
        ("stock_locations", ["1", "1"]),
        ("stock_locations", ["High Street"]),
        ("safety_stock", "-1"),
        ("safety_stock", "NaN"),
        ("safety_stock", "Infinity"),
        ("safety_stock", "1e9"),
        ("safety_stock", "0.0000001"),
        ("safety_stock", True),
        ("safety_stock", "many"),
        ("stock_mode", "most"),
        ("stock_places", {"c-1f": "651"}),
        ("stock_places", {"c-1f/1": ""}),
        ("safety_by_location", {"High Street": "2"}),
        ("safety_by_location", {"1": "-1"}),
        ("safety_by_category", {"Tents": "2"}),
        ("safety_by_category", {"5": "NaN"}),
        ("safety_by_item", {"": "2"}),
        ("safety_by_item", {"MUG-1": "few"}),
        ("safety_by_item", {"MUG-1": True}),
        ("backorders", "sometimes"),
        ("locations_by_shop", {"c-1f": "1+1"}),
        ("locations_by_shop", {"c-1f": "1++2"}),
        ("locations_by_shop", {"c-1f": []}),
        ("locations_by_shop", {"a shop": "1"}),
        ("mode_by_shop", {"c-1f": "most"}),
        ("safety_by_shop", {"c-1f": "-2"}),
        ("bulk_shops", ["c-1f", "c-1f"]),
        ("send_images", "perhaps"),
        ("send_images", None),
        ("owners", {"price": "till"}),
        ("owners", {"name": "nobody"}),
        ("guard_zeroed", "101"),
        ("guard_unpublished", "-1"),
        ("guard_repriced", "NaN"),
        ("guard_price", "100001"),
        ("guard_price", True),
        ("guard_created", "2.5"),
        ("guard_created", "some"),
        ("guard_floor", -1),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_right(name: str, value: Any) -> None:
    """# invariant 7"""
    with pytest.raises(InputError) as refused:
        parse_settings({"send_images": False, name: value})
    assert refused.value.field == name
    assert refused.value.remedy == f"It takes {TAKES[name]}."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tax_classes", "1=reduced"),
        ("tax_classes", "1:a,1:b"),
        ("tax_classes", "1:a:b"),
        ("owners", "name"),
        ("safety_by_item", "MUG-1"),
        ("safety_by_item", "MUG-1:1,MUG-1:2"),
        ("locations_by_shop", "c-1f:"),
        ("stock_locations", "1,,2"),
        ("stock_locations", ","),
        ("sku_sources", ""),
    ],
)
def test_a_wrong_text_is_refused(name: str, text: str) -> None:
    with pytest.raises(InputError) as refused:
        change_settings(DEFAULT, {name: text})
    assert refused.value.field == name


def test_an_unknown_setting_is_refused_with_the_likely_one() -> None:
    with pytest.raises(InputError) as refused:
        change_settings(DEFAULT, {"safty_stock": "2"})
    assert refused.value.field == "safty_stock"
    assert "Did you mean safety_stock?" in refused.value.remedy
    with pytest.raises(InputError) as refused:
        change_settings(DEFAULT, {"zzz": "2"})
    assert refused.value.remedy.startswith("The settings are selection, ")


def test_choosing_by_tag_needs_a_tag() -> None:
    with pytest.raises(InputError) as refused:
        change_settings(DEFAULT, {"selection": "tag", "selection_tag": " "})
    assert refused.value.field == "selection_tag"


def test_one_wrong_text_changes_nothing_at_all() -> None:
    before = dump_settings(DEFAULT)
    with pytest.raises(InputError):
        change_settings(DEFAULT, {"send_images": "no", "safety_stock": "x"})
    assert dump_settings(DEFAULT) == before


def test_a_long_value_is_not_repeated_whole() -> None:
    with pytest.raises(InputError) as refused:
        parse_settings({"selection": "x" * 10_000})
    assert len(str(refused.value)) < 300
