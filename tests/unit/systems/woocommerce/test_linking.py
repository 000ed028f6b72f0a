from dataclasses import replace
from typing import Any

import pytest

from tests.unit.systems.woocommerce.samples import creation, mug, picture, row, shirt
from tests.unit.systems.woocommerce.scripted import SUBJECT
from tillbridge.domain.product import ListingRef, ProductWrite, Visibility
from tillbridge.systems.common.linking import Linkable, New, Ours, Taken, Verdict
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.linking import Found, judge, link_to
from tillbridge.systems.woocommerce.products.places import NOWHERE

MUG = creation(mug())
SHIRT = creation(shirt(colours=("Black",)))
SKUS = ("SHIRT-7-Black-S", "SHIRT-7-Black-M")


def variation(number: int, sku: str, parent: int = 20, **fields: Any) -> ListingRow:
    return row(id=number, sku=sku, type="variation", parent_id=parent, **fields)


def marked(key: str) -> list[dict[str, str]]:
    return [{"key": "_tillbridge_key", "value": key}]


def verdict(write: ProductWrite, *rows: ListingRow, tried: bool = False) -> Verdict[ListingRow]:
    found: Found = {
        variant.sku: tuple(entry for entry in rows if entry.sku == variant.sku) for variant in write.product.variants
    }
    return judge(write, found, SUBJECT, tried=tried)


def test_what_nobody_has_is_new() -> None:
    assert verdict(MUG) == New()
    assert verdict(SHIRT) == New()


def test_one_simple_product_is_linked() -> None:
    own = row(sku="MUG-42")

    assert verdict(MUG, own) == Linkable("17", {"42": own})


@pytest.mark.parametrize("kind", ["variable", "grouped", "external", "variation", "subscription"])
def test_a_simple_product_is_linked_to_a_simple_one_only(kind: str) -> None:
    decision = verdict(MUG, row(sku="MUG-42", type=kind, name="Other &amp; more", parent_id=3))

    assert isinstance(decision, Taken)
    assert 'Other & more"' in decision.error.happened
    assert "one simple product" in decision.error.remedy


def test_a_sku_that_exists_twice_is_left_alone() -> None:
    decision = verdict(MUG, row(id=1, sku="MUG-42"), row(id=2, sku="MUG-42"))

    assert isinstance(decision, Taken)
    assert "listing 1" in decision.error.happened
    assert "listing 2" in decision.error.happened


def test_all_variants_below_one_parent_are_linked() -> None:
    rows = [variation(21, SKUS[0]), variation(22, SKUS[1])]

    assert verdict(SHIRT, *rows) == Linkable("20", {"700": rows[0], "701": rows[1]})


@pytest.mark.parametrize(
    "rows",
    [
        [variation(21, SKUS[0])],
        [variation(21, SKUS[0]), variation(22, SKUS[1], parent=30)],
        [variation(21, SKUS[0]), row(id=22, sku=SKUS[1])],
        [row(id=21, sku=SKUS[0]), row(id=22, sku=SKUS[1])],
        [variation(21, SKUS[0]), variation(22, SKUS[1]), variation(23, SKUS[1])],
    ],
)
def test_any_mixture_is_left_alone(rows: list[ListingRow]) -> None:
    decision = verdict(SHIRT, *rows)

    assert isinstance(decision, Taken)
    assert decision.error.code == "sku_taken"


def test_many_findings_are_cut_short() -> None:
    wide = creation(shirt(colours=("A", "B", "C")))
    rows = [row(id=number, sku=variant.sku) for number, variant in enumerate(wide.product.variants)]

    decision = verdict(wide, *rows)

    assert isinstance(decision, Taken)
    assert "and 3 more" in decision.error.happened


def test_archived_variants_do_not_matter() -> None:
    product = SHIRT.product
    off = replace(product.variants[1], visibility=Visibility.DRAFT)
    write = creation(replace(product, variants=(product.variants[0], off)))

    assert isinstance(verdict(write, variation(21, SKUS[0])), Linkable)


def test_our_own_listing_is_completed_after_a_try_and_linked_otherwise() -> None:
    ours = row(sku="MUG-42", meta_data=marked("I42"))

    assert verdict(MUG, ours, tried=True) == Ours("17")
    assert isinstance(verdict(MUG, ours), Linkable)
    assert isinstance(verdict(MUG, row(sku="MUG-42", meta_data=marked("I43")), tried=True), Linkable)


def test_our_own_variable_listing_with_a_variation_missing_is_completed() -> None:
    ours = variation(21, SKUS[0], meta_data=marked("I700"))

    assert verdict(SHIRT, ours) == Ours("20")
    assert isinstance(verdict(SHIRT, ours, row(id=30, sku=SKUS[1])), Taken), "a stranger has the other SKU"


def test_the_link_carries_what_the_shop_shows() -> None:
    own = row(sku="MUG-42", name="Own", regular_price="9.00", images=[{"id": 5}], stock_quantity=3)
    write = creation(mug(images=(picture(1),)))

    link = link_to(write, own, {"42": own}, NOWHERE)

    assert (link.product_id, link.created_by_us, link.image_ids) == ("17", False, {})
    assert (link.fields["name"], link.fields["images"]) == ("Own", '["shop image 5"]')
    assert link.variants[0].ref == ListingRef("17")
    assert link.variants[0].fields["regular_price"] == "9"


def test_the_link_to_a_variable_product_knows_its_pictures() -> None:
    rows = {"700": variation(21, SKUS[0], image={"id": 8}), "701": variation(22, SKUS[1], image=[])}
    parent = row(id=20, type="variable", meta_data=marked("M7"))

    link = link_to(SHIRT, parent, rows, NOWHERE)

    assert link.created_by_us
    assert link.fields["images"] == "[]"
    assert [known.fields["image"] for known in link.variants] == ["shop image 8", ""]
    assert [known.image_id for known in link.variants] == ["8", ""]
