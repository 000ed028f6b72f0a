"""Linking listings that were chosen changes nothing of them, and says what they show."""

from collections.abc import Mapping

from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_link import own_product, own_shirt
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import KnownVariant, Link, ListingRef, Product, ProductOutcome, ProductWrite
from tillbridge.domain.settings import MerchantSettings


def chosen(product: Product, product_id: object, variants: Mapping[str, object]) -> ProductWrite:
    known = tuple(
        KnownVariant(item_id=item_id, ref=ListingRef(str(product_id), str(variant_id or "")))
        for item_id, variant_id in variants.items()
    )
    link = Link(product_key=product.key, product_id=str(product_id), variants=known)
    return ProductWrite(product=product, link=link)


def linked(front: Storefront, *writes: ProductWrite) -> list[ProductOutcome]:
    return [outcome for outcomes in front.adapter().link_products(writes) for outcome in outcomes]


def code(outcome: ProductOutcome) -> str:
    assert outcome.error is not None
    return outcome.error.code


def test_a_simple_listing_without_a_common_key(front: Storefront) -> None:  # invariant 6
    own = own_product(front, sku="ELSE", sale_price="8.50")
    before = front.rows("/products")

    (outcome,) = linked(front, chosen(mug(), own["id"], {"42": ""}))

    assert outcome.error is None
    assert front.rows("/products") == before
    (known,) = outcome.link.variants
    assert (known.ref, known.fields["sku"], known.fields["sale_price"]) == (ListingRef(str(own["id"])), "ELSE", "8.5")
    plan = plan_product(mug(), outcome.link, MerchantSettings())
    assert isinstance(plan, Write)
    assert (plan.write.changes, plan.write.variant_changes) == (
        frozenset(),
        {"42": frozenset({"sku", "regular_price", "sale_price"})},
    )


def test_variations_by_their_ids_and_not_all_of_them(front: Storefront) -> None:  # invariant 6
    parent = own_shirt(front)
    rows = {row["sku"]: row["id"] for row in front.rows(f"/products/{parent['id']}/variations")}
    variants = {"700": rows["SHIRT-7-Black-S"], "711": rows["SHIRT-7-White-M"]}
    before = front.rows(f"/products/{parent['id']}/variations")

    (outcome,) = linked(front, chosen(shirt(), parent["id"], variants))

    assert outcome.error is None
    assert {known.item_id: known.ref.variant_id for known in outcome.link.variants} == {
        item_id: str(variant_id) for item_id, variant_id in variants.items()
    }
    assert {known.ref.product_id for known in outcome.link.variants} == {str(parent["id"])}
    assert front.rows(f"/products/{parent['id']}/variations") == before
    plan = plan_product(shirt(), outcome.link, MerchantSettings())
    assert isinstance(plan, Write)
    assert {item_id for item_id, names in plan.write.variant_changes.items() if "sku" in names} == {"701", "710"}


def test_our_own_listing_is_known_as_ours(front: Storefront) -> None:
    own = front.push(mug())["I42"].link
    (outcome,) = linked(front, chosen(mug(), own.product_id, {"42": ""}))
    assert outcome.link.created_by_us


def test_what_is_gone_or_of_another_kind_is_said_so(front: Storefront) -> None:
    parent, own = own_shirt(front), own_product(front, sku="ELSE")
    bundle = own_product(front, type="grouped")
    outcomes = linked(
        front,
        chosen(mug("1"), 999, {"1": ""}),
        chosen(mug("2"), parent["id"], {"2": ""}),
        chosen(mug("3"), bundle["id"], {"3": ""}),
        chosen(shirt("7"), own["id"], {"700": 5}),
        chosen(shirt("8"), parent["id"], {"800": 999}),
        chosen(mug("4"), own["id"], {"4": ""}),
    )
    assert [code(outcome) for outcome in outcomes[:-1]] == [
        "listing_gone",
        "other_kind",
        "other_kind",
        "other_kind",
        "listing_gone",
    ]
    assert outcomes[-1].error is None


def test_a_hundred_are_read_at_a_time(front: Storefront) -> None:
    bodies = [{"name": f"Own {number}"} for number in range(50)]
    made = front.change("/products/batch", {"create": bodies}, "POST")["create"]
    made += front.change("/products/batch", {"create": bodies}, "POST")["create"]
    made += front.change("/products/batch", {"create": bodies}, "POST")["create"]
    writes = [chosen(mug(str(number)), row["id"], {str(number): ""}) for number, row in enumerate(made)]
    front.forget_calls()
    assert [outcome.error for outcome in linked(front, *writes)] == [None] * 150
    assert len(front.calls()) == 2
