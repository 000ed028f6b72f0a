"""What the shop has already becomes a link where it is certain, and is left alone where it is not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Link, ListingRef
from tillbridge.domain.settings import MerchantSettings

ODD_SKUS = ["A/B", "A+B", "A&B", "100%", "A,B", "A B", "Ω-1", "🦊", "a'b", 'a"b', "#1", "?x=1"]


def own_product(front: Storefront, **fields: Any) -> Any:
    return front.change("/products", {"name": "Own", "regular_price": "9", **fields}, "POST")


def own_shirt(front: Storefront, *, sizes: tuple[str, ...] = ("S", "M"), custom: bool = False) -> Any:
    """A merchant's own variable product, with attributes for this product only or global ones."""
    names = ["Color", "Size"]
    if custom:
        named: list[dict[str, Any]] = [{"name": name} for name in names]
    else:
        named = [{"id": front.change("/products/attributes", {"name": name}, "POST")["id"]} for name in names]
    options = [["Black", "White"], list(sizes)]
    uses = [{**use, "variation": True, "options": values} for use, values in zip(named, options, strict=True)]
    parent = front.change("/products", {"name": "Own shirt", "type": "variable", "attributes": uses}, "POST")
    for colour in options[0]:
        for size in sizes:
            chosen = [{**use, "option": value} for use, value in zip(named, (colour, size), strict=True)]
            body = {"sku": f"SHIRT-7-{colour}-{size}", "regular_price": "20", "attributes": chosen}
            front.change(f"/products/{parent['id']}/variations", body, "POST")
    return parent


def test_a_simple_product_is_linked_and_nothing_of_it_changes(front: Storefront) -> None:  # invariant 6
    own = own_product(front, sku="mug-42", description="<p>My text</p>", sale_price="8.50", weight="1.50")
    before = front.rows("/products")

    outcome = front.push(mug(description="Till text", of_variant={"weight": Decimal("1.5")}))["I42"]

    assert outcome.error is None
    assert front.rows("/products") == before
    link = outcome.link
    assert (link.product_id, link.created_by_us) == (str(own["id"]), False)
    assert link.fields["description"] == "<p>My text</p>"
    assert link.variants[0].fields["sku"] == "mug-42", "the shop takes upper and lower case for one"
    assert link.variants[0].fields["sale_price"] == "8.5"
    assert link.variants[0].fields["weight"] == "1.5"
    assert outcome.quantities == {}, "its stock is not known until it was written"


def test_after_linking_only_what_the_till_owns_is_written(front: Storefront) -> None:  # invariant 6
    own = own_product(front, sku="MUG-42", description="My text", categories=[])
    product = mug(description="Till text", category_path=("Mugs",))
    front.push(product)

    assert not codes(front.push(product))

    (shown,) = front.rows("/products")
    assert shown["regular_price"] == "12.5", "the till owns prices"
    assert (shown["name"], shown["categories"]) == ("Own", own["categories"])
    assert front.push(product) == {}


def test_a_variable_product_is_linked_when_all_its_skus_are_below_one_parent(front: Storefront) -> None:
    parent = own_shirt(front)
    own_product(front, sku="OTHER")
    before = front.rows(f"/products/{parent['id']}/variations")

    outcome = front.push(shirt())["M7"]

    assert outcome.error is None
    assert outcome.link.product_id == str(parent["id"])
    assert len(outcome.link.variants) == 4
    assert all(known.ref.product_id == str(parent["id"]) for known in outcome.link.variants)
    assert outcome.link.variants[0].fields["options"] == '["Black","S"]'
    assert front.rows(f"/products/{parent['id']}/variations") == before
    assert len(front.names()) == 2


@pytest.mark.parametrize("custom", [False, True])
def test_a_linked_variable_product_grows_by_a_variant_with_its_own_attributes(
    front: Storefront, *, custom: bool
) -> None:
    parent = own_shirt(front, custom=custom)
    front.push(shirt())
    grown = shirt(sizes=("S", "M", "L"))

    assert not codes(front.push(grown, settings=MerchantSettings()))

    (after,) = [row for row in front.rows("/products") if row["id"] == parent["id"]]
    assert {use["name"]: sorted(use["options"]) for use in after["attributes"]} == {
        "Color": ["Black", "White"],
        "Size": ["L", "M", "S"],
    }
    rows = front.rows(f"/products/{parent['id']}/variations", per_page="100")
    chosen = sorted([use["option"] for use in row["attributes"]] for row in rows)
    assert len(rows) == 6
    assert ["White", "L"] in chosen
    assert all(all(options) for options in chosen), "none is for any colour or size"


def test_a_mixture_is_reported_and_left_alone(front: Storefront) -> None:
    own_product(front, name="One shirt", sku="SHIRT-7-Black-S")
    before = front.rows("/products")

    outcome = front.push(shirt())["M7"]

    assert outcome.error is not None
    assert outcome.error.code == "sku_taken"
    assert 'SHIRT-7-Black-S in the simple product "One shirt"' in outcome.error.happened
    assert "3 of its 4 SKUs are not in the shop" in outcome.error.happened
    assert "give it other SKUs" in outcome.error.remedy
    assert front.rows("/products") == before


def test_a_part_of_a_merchants_own_variable_product_is_not_taken_over(front: Storefront) -> None:
    own_shirt(front, sizes=("S",))

    assert codes(front.push(shirt())) == {"M7": "sku_taken"}
    assert len(front.names()) == 1


def test_a_simple_product_whose_sku_is_a_variation(front: Storefront) -> None:
    own_shirt(front)

    outcome = front.push(mug(of_variant={"sku": "SHIRT-7-Black-S"}))["I42"]

    assert outcome.error is not None
    assert "a variation" in outcome.error.happened


def test_a_sku_in_the_trash_has_a_remedy(front: Storefront) -> None:
    own = own_product(front, name="Old mug", sku="MUG-42")
    front.change(f"/products/{own['id']}", None, "DELETE")

    outcome = front.push(mug("42"), mug("43"))["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "sku_in_trash"
    assert "Old mug" in outcome.error.happened
    assert "restore" in outcome.error.remedy
    assert front.names() == ["Mug 43", "Old mug"]


def test_a_variation_whose_sku_is_in_the_trash(front: Storefront) -> None:
    own = own_product(front, name="Old", sku="SHIRT-7-Black-S")
    front.change(f"/products/{own['id']}", None, "DELETE")

    assert codes(front.push(shirt())) == {"M7": "sku_in_trash"}


def test_a_sku_that_somebody_added_meanwhile_is_linked(front: Storefront) -> None:
    shop = front.adapter()
    front.push(mug("1"), shop=shop)
    own = own_product(front, sku="MUG-42")

    outcome = front.push(mug("42"), mug("43"), shop=shop)["I42"]

    assert outcome.error is None
    assert (outcome.link.product_id, outcome.link.created_by_us) == (str(own["id"]), False)


def test_two_items_with_one_sku_point_at_one_listing(front: Storefront) -> None:
    outcomes = front.push(mug("1", of_variant={"sku": "SAME"}), mug("2", of_variant={"sku": "SAME"}))

    refs = {outcome.link.variants[0].ref for outcome in outcomes.values() if outcome.link.variants}
    assert len(refs) == 1, "the recorder tells the second owner"
    assert len(front.names()) == 1


def test_a_lost_memory_finds_its_own_listings_again(front: Storefront) -> None:  # invariant 6
    front.push(mug(), shirt())
    (row,) = front.rows("/products", sku="MUG-42")
    front.change(f"/products/{row['id']}", {"name": "Better name"})
    front.forget_everything()

    assert not codes(front.push(mug(), shirt()))

    assert front.names() == ["Better name", "Shirt 7"]
    assert all(link.created_by_us for link in front.links.values())


def test_our_own_listing_that_lost_a_variation_gets_it_back(front: Storefront) -> None:
    link = front.push(shirt())["M7"].link
    gone = link.variants[0].ref
    front.change(f"/products/{gone.product_id}/variations/{gone.variant_id}?force=true", None, "DELETE")
    front.forget_everything()

    outcome = front.push(shirt())["M7"]

    assert outcome.error is None
    assert len(outcome.link.variants) == 4
    assert len(front.rows(f"/products/{gone.product_id}/variations")) == 4


@pytest.mark.parametrize("sku", ODD_SKUS)
def test_odd_skus_are_found_and_linked(front: Storefront, sku: str) -> None:
    own = own_product(front, sku=sku)
    own_product(front, sku="B")
    own_product(front, sku="A")

    outcome = front.push(mug(of_variant={"sku": sku}))["I42"]

    assert outcome.error is None
    assert outcome.link.product_id == str(own["id"])


def test_odd_skus_are_found_over_plain_http(front: Storefront) -> None:
    for number, sku in enumerate(ODD_SKUS):
        own_product(front, sku=sku, name=f"Own {number}")
    shop = front.adapter(url=front.plain_url)

    found = shop.find_by_sku([*ODD_SKUS, "none"])

    assert [found[sku][0].name for sku in ODD_SKUS] == [f"Own {number}" for number in range(len(ODD_SKUS))]
    assert found["none"] == ()


def test_find_by_sku_tells_parents_variations_and_drafts(front: Storefront) -> None:
    parent = own_shirt(front)
    front.change(f"/products/{parent['id']}", {"sku": "PARENT"})
    draft = own_product(front, sku="DRAFT", status="draft")

    found = front.adapter().find_by_sku(["PARENT", "SHIRT-7-Black-S", "DRAFT"])

    assert found["PARENT"][0].parent
    assert found["SHIRT-7-Black-S"][0].ref.product_id == str(parent["id"])
    assert found["DRAFT"][0].ref == ListingRef(str(draft["id"]))


def test_a_sku_that_only_the_shop_takes_for_the_same_is_reported(front: Storefront) -> None:
    own = own_product(front, sku="Creme")

    outcome = front.push(mug(of_variant={"sku": "Crème"}))["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "sku_taken"
    assert str(own["id"]) in outcome.error.happened


def test_many_skus_are_asked_a_hundred_at_a_time(front: Storefront) -> None:
    own_product(front, sku="own")
    front.forget_calls()

    front.push(*[mug(str(number)) for number in range(250)])

    assert len([call for call in front.calls() if "sku" in call.query_keys]) == 3


def test_an_attempt_without_answer_is_looked_for_by_its_mark(front: Storefront) -> None:  # invariant 8
    front.push(shirt())
    front.links = {"M7": Link(product_key="M7", attempted_at=front.clock.now())}
    renamed = tuple(replace(entry, sku=f"NEW-{entry.item_id}") for entry in shirt().variants)

    outcome = front.push(replace(shirt(), variants=renamed))["M7"]

    assert outcome.error is None
    assert front.names() == ["Shirt 7"]
    assert {row["sku"] for row in front.rows(f"/products/{outcome.link.product_id}/variations")} == {
        f"NEW-{entry.item_id}" for entry in shirt().variants
    }
