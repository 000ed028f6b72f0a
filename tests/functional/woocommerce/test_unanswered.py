"""What creations and additions left in the shop whose answer never came, and which nobody wants any more."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt, variant
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import Link, Product, Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.systems.shop import Work

LARGE = variant("709", sku="SHIRT-L", options=("Black", "L"))
SHIRT = shirt(colours=("Black",))


def made_unheard(front: Storefront) -> Link:
    """Make a mug of which nothing is known but that it is there and off sale."""
    front.push(mug(visibility=Visibility.PUBLISHED))
    product_id = front.links["I42"].product_id
    (_,) = front.adapter().unpublish([product_id])
    return Link(product_key="I42", product_id=product_id, created_by_us=True, unpublished_by_us=True)


def test_what_we_made_is_found_by_our_key(front: Storefront) -> None:  # invariant 4  # invariant 8
    before = front.clock.now()
    front.push(mug("1"), mug("2"), SHIRT)
    front.change("/products", {"name": "I3", "sku": "I3"}, "POST")  # somebody else's

    found = front.adapter().find_made(dict.fromkeys(["I1", "M7", "I3"], before))

    assert found == {key: front.links[key].product_id for key in ("I1", "M7")}
    assert front.adapter().find_made({}) == {}


def test_a_listing_found_by_our_key_is_read_and_mended_only_where_the_till_owns_it(
    front: Storefront,
) -> None:  # invariant 6
    link = made_unheard(front)
    front.change(f"/products/{link.product_id}", {"name": "Our mug"})
    front.links["I42"] = link

    assert not codes(front.push(mug(of_variant={"regular_price": variant().regular_price + 1})))

    (row,) = front.rows("/products", status="any")
    assert (row["name"], row["regular_price"], row["status"]) == ("Our mug", "13.5", "draft")
    kept = front.links["I42"]
    assert (kept.fields["name"], [known.item_id for known in kept.variants]) == ("Our mug", ["42"])


def test_a_listing_found_by_our_key_that_is_gone_is_not_made_anew(front: Storefront) -> None:  # invariant 6
    link = made_unheard(front)
    front.change(f"/products/{link.product_id}", {}, "DELETE")
    front.links["I42"] = link

    assert codes(front.push(mug())) == {"I42": "listing_gone"}

    assert front.rows("/products", status="any") == []


def test_a_product_without_its_variations_is_completed(front: Storefront) -> None:  # invariant 4
    front.push(SHIRT)
    product_id = front.links["M7"].product_id
    for row in front.rows(f"/products/{product_id}/variations"):
        front.change(f"/products/{product_id}/variations/{row['id']}?force=true", {}, "DELETE")
    front.links["M7"] = Link(product_key="M7", product_id=product_id, created_by_us=True)

    assert not codes(front.push(SHIRT))

    rows = front.rows(f"/products/{product_id}/variations")
    assert {row["sku"] for row in rows} == {one.sku for one in SHIRT.variants}
    assert front.push(SHIRT) == {}


def archived(product: Product) -> Product:
    return replace(product, variants=(*product.variants, replace(LARGE, visibility=Visibility.DRAFT)))


def left(product: Product) -> Product:
    return product


@pytest.mark.parametrize("moved_on", [archived, left])
def test_a_variation_made_unheard_goes_off_sale(
    front: Storefront, moved_on: Callable[[Product], Product]
) -> None:  # invariant 4
    front.push(SHIRT)
    known = front.links["M7"]
    sizes = replace(SHIRT.options[1], values=("S", "M", "L"))
    grown = replace(SHIRT, options=(SHIRT.options[0], sizes), variants=(*SHIRT.variants, LARGE))
    attempted_at = front.clock.now()
    front.push(grown)
    front.links["M7"] = replace(known, attempted_at=attempted_at)  # we died before we could record it

    doubted = replace(moved_on(SHIRT), options=grown.options)
    plan = plan_product(doubted, front.links["M7"], MerchantSettings())
    assert isinstance(plan, Write)
    expected = front.adapter().cost([Work(writes=[plan.write])])
    front.forget_calls()
    assert not codes(front.push(doubted))

    assert len(front.calls()) == expected
    rows = front.rows(f"/products/{known.product_id}/variations")
    assert {row["sku"]: row["status"] for row in rows} == {
        **{one.sku: "publish" for one in SHIRT.variants},
        "SHIRT-L": "private",
    }
    assert front.push(doubted) == {}


def test_a_variation_that_was_never_made_is_not_made_either(front: Storefront) -> None:
    front.push(SHIRT)
    front.links["M7"] = replace(front.links["M7"], attempted_at=front.clock.now())

    assert not codes(front.push(archived(SHIRT)))

    assert len(front.rows(f"/products/{front.links['M7'].product_id}/variations")) == len(SHIRT.variants)
