"""Listings of the merchant's are linked where it is certain, and everything else is told and left alone."""

from dataclasses import replace
from decimal import Decimal

from tests.conformance.front import codes, errors
from tests.functional.magento.storefront import Storefront
from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.product import KnownVariant, Link, ListingRef, Product, ProductOutcome


def chosen(front: Storefront, product: Product, product_id: str, children: tuple[str, ...] = ()) -> ProductOutcome:
    """Link a product with a listing that somebody chose, variant by variant."""
    refs = [ListingRef(product_id, child) for child in children] or [ListingRef(product_id)]
    pairs = zip(product.variants, refs, strict=True)
    variants = tuple(KnownVariant(item_id=variant.item_id, ref=ref) for variant, ref in pairs)
    link = Link(product_key=product.key, product_id=product_id, variants=variants)
    ((outcome,),) = front.shop().link_products([replace(creation(product), link=link)])
    return outcome


def children_of(front: Storefront, product_id: str) -> tuple[str, ...]:
    return tuple(variant.ref.variant_id for variant in front.product(product_id).variants)


def test_a_child_is_no_simple_product(front: Storefront) -> None:  # invariant 6
    front.add(shirt())
    before = front.shown()

    outcomes = front.push(mug(of_variant={"sku": "SHIRT-7-Black-S"}))

    assert codes(outcomes) == {"I42": "sku_taken"}
    assert "a child of product" in str(errors(outcomes)["I42"])
    assert front.shown() == before


def test_simple_products_are_no_variants(front: Storefront) -> None:  # invariant 6
    for variant in shirt().variants:
        front.add(mug(name=variant.sku, of_variant={"sku": variant.sku}))
    before = front.shown()

    assert codes(front.push(shirt())) == {"M7": "sku_taken"}
    assert front.shown() == before


def test_a_product_that_is_there_in_part_is_told(front: Storefront) -> None:
    front.add(shirt(sizes=("S",)))

    outcomes = front.push(shirt())

    assert codes(outcomes) == {"M7": "sku_taken"}
    assert "2 of its 4 SKUs are not in the shop" in str(errors(outcomes)["M7"])


def test_a_chosen_configurable_is_read_and_nothing_changed(front: Storefront) -> None:
    own = front.add(shirt())
    before = front.shown()

    outcome = chosen(front, shirt(), own, children_of(front, own))

    assert outcome.error is None
    assert {known.fields["sku"] for known in outcome.link.variants} == {one.sku for one in shirt().variants}
    assert front.shown() == before


def test_a_chosen_listing_of_another_kind_is_told(front: Storefront) -> None:
    own, simple = front.add(shirt()), front.add(mug())

    for outcome in (chosen(front, mug(), own), chosen(front, shirt(), simple, ("1", "2", "3", "4"))):
        assert outcome.error is not None
        assert outcome.error.code == "other_kind"


def test_a_chosen_child_that_is_gone_is_told(front: Storefront) -> None:
    own = front.add(shirt())
    children = children_of(front, own)
    front.control("/delete", {"id": int(children[0])})

    outcome = chosen(front, shirt(), own, children)

    assert outcome.error is not None
    assert outcome.error.code == "listing_gone"


def test_kinds_that_no_item_can_be_are_listed_without_variants(front: Storefront) -> None:
    body = {"sku": "SET", "name": "Set", "attribute_set_id": 4, "type_id": "bundle", "price": 1}
    made = front.rest("POST", "/products", {"product": body})

    (listed,) = [product for page in front.shop().listings() for product in page.products]

    assert (listed.product_id, listed.variants) == (str(made["id"]), ())
    assert codes(front.push(mug(of_variant={"sku": "SET"}))) == {"I42": "sku_taken"}


def test_a_find_tells_children_and_parents_apart(front: Storefront) -> None:
    own = front.add(shirt())

    found = front.shop().find_by_sku(["SHIRT-7-Black-S", "OWN-M7", "shirt-7-white-m", "NONE"])

    assert found["SHIRT-7-Black-S"][0].ref.product_id == found["shirt-7-white-m"][0].ref.product_id == own
    assert found["OWN-M7"][0].parent
    assert found["NONE"] == ()


def test_what_we_made_of_a_product_that_was_never_finished_is_used(front: Storefront) -> None:  # invariant 8
    """Its children are there and its parent is not: we died in between."""
    front.push(shirt())
    front.control("/delete", {"id": int(front.links["M7"].product_id)})
    front.links["M7"] = Link(product_key="M7", attempted_at=front.clock.now())

    assert not codes(front.push(shirt()))

    (shown,) = front.shown()
    assert len(shown.variants) == 4
    assert {variant.regular_price for variant in shown.variants} == {Decimal("12.5")}
