from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOON, settings
from tillbridge.domain.planning import (
    Blocked,
    Nothing,
    Reason,
    Unpublish,
    Withheld,
    Write,
    decimal_text,
    plan_product,
    product_fields,
    variant_fields,
)
from tillbridge.domain.product import (
    CONTENT_FIELDS,
    VARIANT_FIELDS,
    KnownVariant,
    Link,
    ListingRef,
    Product,
    ProductOption,
    Variant,
    Visibility,
)
from tillbridge.domain.settings import Owner

pytestmark = pytest.mark.unit

SIMPLE = Product(key="I42", name="Mug", variants=(Variant(item_id="42", sku="MUG", regular_price=Decimal(12)),))
SHIRT = Product(
    key="M7",
    name="Shirt",
    options=(ProductOption("Color", ("Red", "Blue")),),
    variants=(
        Variant(item_id="1", sku="S-R", options=("Red",), regular_price=Decimal(20)),
        Variant(item_id="2", sku="S-B", options=("Blue",), regular_price=Decimal(20)),
    ),
)


def acknowledged(product: Product, **changes: Any) -> Link:
    """Make the link of a shop that shows exactly this product."""
    variants = tuple(
        KnownVariant(
            item_id=variant.item_id,
            ref=ListingRef("17", variant.item_id if product.variable else ""),
            fields=variant_fields(variant, product),
        )
        for variant in product.variants
    )
    link = Link(
        product_key=product.key,
        product_id="17",
        fields=product_fields(product),
        variants=variants,
        acknowledged_at=NOON,
    )
    return replace(link, **changes)


def with_price(product: Product, amount: str) -> Product:
    changed = tuple(replace(variant, regular_price=Decimal(amount)) for variant in product.variants)
    return replace(product, variants=changed)


def test_what_the_shop_already_shows_needs_nothing() -> None:
    for product in (SIMPLE, SHIRT):
        assert plan_product(product, acknowledged(product), settings()) == Nothing(product.key)


def test_what_is_not_there_is_created() -> None:
    plan = plan_product(SIMPLE, Link(product_key="I42"), settings())
    assert isinstance(plan, Write)
    assert plan.write.creates


def test_a_new_price_is_the_only_thing_written() -> None:
    plan = plan_product(with_price(SIMPLE, "13"), acknowledged(SIMPLE), settings())
    assert isinstance(plan, Write)
    assert plan.write.changes == frozenset()
    assert plan.write.variant_changes == {"42": frozenset({"regular_price"})}


def test_texts_belong_to_the_shop_once_they_are_there() -> None:  # invariant 6
    renamed = replace(SIMPLE, name="Mug, new name", description="new text", category_path=("New",))
    assert plan_product(renamed, acknowledged(SIMPLE), settings()) == Nothing("I42")


def test_a_merchant_may_let_the_till_own_the_name() -> None:
    renamed = replace(SIMPLE, name="Mug, new name")
    plan = plan_product(renamed, acknowledged(SIMPLE), settings(owners={"name": Owner.TILL}))
    assert isinstance(plan, Write)
    assert plan.write.changes == {"name"}


def test_a_new_variant_is_added_with_all_its_fields_and_the_options_grow() -> None:
    grown = replace(
        SHIRT,
        options=(ProductOption("Color", ("Red", "Blue", "Green")),),
        variants=(*SHIRT.variants, Variant(item_id="3", sku="S-G", options=("Green",), regular_price=Decimal(20))),
    )
    plan = plan_product(grown, acknowledged(SHIRT), settings())
    assert isinstance(plan, Write)
    assert plan.write.changes == {"options"}
    assert plan.write.variant_changes == {"3": frozenset(VARIANT_FIELDS)}


def test_an_archived_variant_goes_off_sale_and_an_unknown_one_is_not_made() -> None:
    archived = tuple(replace(variant, visibility=Visibility.DRAFT) for variant in SHIRT.variants)
    one_gone = replace(SHIRT, variants=(SHIRT.variants[0], archived[1]))
    plan = plan_product(one_gone, acknowledged(SHIRT), settings())
    assert isinstance(plan, Write)
    assert plan.write.variant_changes == {"2": frozenset({"visibility"})}
    link = acknowledged(replace(SHIRT, variants=SHIRT.variants[:1]), fields=product_fields(SHIRT))
    assert plan_product(one_gone, link, settings()) == Nothing("M7")


def test_withheld_means_unpublished_once_and_never_deleted() -> None:  # invariant 6
    withheld = Withheld("I42", "it is archived in the till")
    link = acknowledged(SIMPLE)
    assert plan_product(withheld, link, settings()) == Unpublish(link, "it is archived in the till")
    assert plan_product(withheld, replace(link, unpublished_by_us=True), settings()) == Nothing("I42")
    assert plan_product(withheld, Link(product_key="I42"), settings()) == Nothing("I42")


def test_what_we_took_off_sale_comes_back() -> None:
    plan = plan_product(SIMPLE, acknowledged(SIMPLE, unpublished_by_us=True), settings())
    assert isinstance(plan, Write)
    assert plan.write.changes == {"visibility"}


def test_blocked_stays_blocked() -> None:
    blocked = Blocked("I42", (Reason("no_price", "It has no price.", "Set one."),))
    assert plan_product(blocked, acknowledged(SIMPLE), settings()) is blocked


def test_a_field_younger_than_a_link_is_written_once_it_is_set_or_in_doubt() -> None:  # invariant 4
    def without(link: Link, name: str) -> Link:
        return replace(
            link,
            variants=tuple(
                replace(known, fields={field: text for field, text in known.fields.items() if field != name})
                for known in link.variants
            ),
        )

    old = without(acknowledged(SIMPLE), "msrp")
    assert plan_product(SIMPLE, old, settings()) == Nothing("I42")

    with_msrp = replace(SIMPLE, variants=(replace(SIMPLE.variants[0], msrp=Decimal(15)),))
    plan = plan_product(with_msrp, old, settings())
    assert isinstance(plan, Write)
    assert plan.write.variant_changes == {"42": frozenset({"msrp"})}

    doubtful = plan_product(SIMPLE, replace(old, attempted_at=NOON), settings())
    assert isinstance(doubtful, Write)
    assert "msrp" in doubtful.write.variant_changes["42"]


def test_every_named_field_has_a_text() -> None:
    assert tuple(product_fields(SHIRT)) == CONTENT_FIELDS
    assert tuple(variant_fields(SHIRT.variants[0], SHIRT)) == VARIANT_FIELDS


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, ""), ("9.90", "9.9"), ("10.00", "10"), ("1E+2", "100"), ("0.00", "0"), ("100", "100"), ("0.10", "0.1")],
)
def test_an_amount_has_one_text(amount: str | None, text: str) -> None:
    assert decimal_text(None if amount is None else Decimal(amount)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_amounts_survive_their_text(amount: Decimal) -> None:
    assert Decimal(decimal_text(amount)) == amount


prices = st.decimals(min_value="0.01", max_value=9999, places=2)


@given(st.text(max_size=30), prices, prices, st.booleans())
def test_carrying_out_a_plan_leaves_nothing_to_do(name: str, old: Decimal, new: Decimal, owns: bool) -> None:  # noqa: FBT001  # invariant 4
    chosen = settings(owners={"name": Owner.TILL} if owns else {})
    wanted = replace(with_price(SHIRT, str(new)), name=name)
    link = acknowledged(with_price(SHIRT, str(old)))
    plan = plan_product(wanted, link, chosen)
    if isinstance(plan, Write):
        link = replace(
            link,
            fields={**link.fields, **{field: product_fields(wanted)[field] for field in plan.write.changes}},
            variants=tuple(
                replace(known, fields=variant_fields(variant, wanted))
                for known, variant in zip(link.variants, wanted.variants, strict=True)
            ),
        )
    assert plan_product(wanted, link, chosen) == Nothing("M7")


def test_what_a_listing_of_ours_never_acknowledged_is_due_although_the_shop_owns_it_afterwards() -> None:
    link = acknowledged(SHIRT)
    known = {name: text for name, text in link.fields.items() if name != "images"}
    first = link.variants[0]
    less = replace(first, fields={name: text for name, text in first.fields.items() if name != "image"})
    ours = replace(link, created_by_us=True, fields=known, variants=(less, *link.variants[1:]))

    plan = plan_product(SHIRT, ours, settings())

    assert isinstance(plan, Write)
    assert plan.write.changes == {"images"}
    assert plan.write.variant_changes == {"1": frozenset({"image"})}
    merchants_own = replace(ours, created_by_us=False)
    assert plan_product(SHIRT, merchants_own, settings()) == Nothing("M7")  # invariant 6
