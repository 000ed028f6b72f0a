"""What the store has already: found in few calls, linked where it is certain, told with a remedy where it is not."""

from dataclasses import replace
from typing import Any

import pytest

from tests.conformance.front import codes, errors
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.product import KnownVariant, Link, ListingRef, Product, ProductOption, Variant, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner


def many_variants(name: str, count: int) -> Product:
    values = tuple(map(str, range(count // 3)))
    one = Variant(item_id="1", sku="", regular_price=mug().variants[0].regular_price)
    variants = tuple(
        replace(one, item_id=f"{size}{value}", sku=f"{name}-{size}-{value}", options=(size, value))
        for size in ("S", "M", "L")
        for value in values
    )
    options = (ProductOption("Size", ("S", "M", "L")), ProductOption("Number", values))
    return Product(key="M1", name=name, variants=variants, options=options)


def test_few_variants_in_a_large_store_are_asked_for_one_by_one(front: Storefront) -> None:
    front.add(many_variants("A", 600))
    front.add(many_variants("B", 600))
    front.forget_calls()

    found = front.shop().find_by_sku(["A-S-1", "B-L-199"])

    assert [len(listings) for listings in found.values()] == [1, 1]
    assert all(listing.ref.variant_id for listings in found.values() for listing in listings)
    assert len(front.calls()) == 1 + 2 + 1, "products, each variant, and their products"


def test_some_variants_in_a_large_store_are_asked_for_one_by_one_too(front: Storefront) -> None:
    front.add(many_variants("A", 600))
    front.add(many_variants("B", 600))
    front.forget_calls()

    found = front.shop().find_by_sku(["A-S-1", "B-L-199", "C"])

    assert [len(listings) for listings in found.values()] == [1, 1, 0]
    assert len(front.calls()) == 1 + 1 + 3 + 1, "five pages would be more"


def test_many_variants_are_found_in_their_list(front: Storefront) -> None:
    front.add(many_variants("A", 600))
    skus = [f"A-M-{number}" for number in range(50)]
    front.forget_calls()

    found = front.shop().find_by_sku(skus)

    assert all(len(found[sku]) == 1 for sku in skus)
    assert len(front.calls()) == 1 + 3 + 1


def test_upper_and_lower_case_are_one(front: Storefront) -> None:
    front.add(mug(of_variant={"sku": "mug-42"}))
    front.add(replace(shirt(), variants=tuple(replace(one, sku=one.sku.lower()) for one in shirt().variants)))

    assert not codes(front.push(mug(), shirt()))

    assert len(front.shown()) == 2


def with_own_sku(front: Storefront) -> Any:
    number = front.add(replace(shirt(), name="Own"))
    front.control("edit", {"id": int(number), "changes": {"sku": "MUG-42"}})


def a_variant(front: Storefront) -> Any:
    whole = shirt()
    front.add(replace(whole, variants=(replace(whole.variants[0], sku="MUG-42"), *whole.variants[1:])))


@pytest.mark.parametrize("make", [with_own_sku, a_variant])
def test_an_sku_of_something_with_variants_is_no_simple_product(front: Storefront, make: Any) -> None:
    make(front)
    before = front.shown()

    outcomes = front.push(mug(), mug("43"))

    assert codes(outcomes) == {"I42": "sku_taken"}
    assert "MUG-42" in errors(outcomes)["I42"].happened
    assert errors(outcomes)["I42"].remedy
    assert [shown for shown in front.shown() if shown in before] == before


def test_a_product_that_is_there_in_part_is_told(front: Storefront) -> None:
    front.add(shirt(sizes=("S",)))

    outcomes = front.push(shirt())

    assert codes(outcomes) == {"M7": "sku_taken"}
    assert "2 of its 4 SKUs are not in the shop" in errors(outcomes)["M7"].happened


def test_variants_scattered_over_listings_are_told(front: Storefront) -> None:
    for place, variant in enumerate(shirt().variants):
        front.add(mug(name=f"Own {place}", of_variant={"sku": variant.sku}))

    outcomes = front.push(shirt())

    assert codes(outcomes) == {"M7": "sku_taken"}
    assert "and 1 more" in errors(outcomes)["M7"].happened


def test_skus_that_appear_while_an_empty_store_is_filled_are_met(front: Storefront) -> None:
    front.push(mug("1"))
    own = front.add(mug("2", name="Own"))

    assert not codes(front.push(mug("2"), mug("3")))

    assert front.links["I2"].product_id == own
    assert not front.links["I2"].created_by_us


def chosen(key: str, own: str, *variants: KnownVariant) -> Link:
    return Link(product_key=key, product_id=own, variants=variants)


def test_linking_variants_by_their_ids(front: Storefront) -> None:
    own = front.add(replace(shirt(), name="Own"))
    (listed,) = list(next(iter(front.shop().listings())).products)
    known = [
        KnownVariant(item_id=one.item_id, ref=listed.variants[place].ref) for place, one in enumerate(shirt().variants)
    ]

    ((outcome,),) = front.shop().link_products([replace(creation(shirt()), link=chosen("M7", own, *known))])

    assert outcome.error is None
    assert [one.fields["options"] for one in outcome.link.variants] == [
        '["Black","S"]',
        '["Black","M"]',
        '["White","S"]',
        '["White","M"]',
    ]
    assert not outcome.link.created_by_us


def test_linking_with_a_variant_that_is_gone(front: Storefront) -> None:
    own = front.add(shirt())
    known = KnownVariant(item_id="700", ref=ListingRef(own, "9999"))

    ((outcome,),) = front.shop().link_products([replace(creation(shirt()), link=chosen("M7", own, known))])

    assert outcome.error is not None
    assert outcome.error.code == "listing_gone"


def test_linking_with_another_kind_of_product(front: Storefront) -> None:
    own = front.add(shirt())
    known = KnownVariant(item_id="42", ref=ListingRef(own))

    ((outcome,),) = front.shop().link_products([replace(creation(mug()), link=chosen("I42", own, known))])

    assert outcome.error is not None
    assert outcome.error.code == "other_kind"


def test_what_we_made_is_ours_also_when_somebody_links_it(front: Storefront) -> None:
    front.push(mug())
    known = KnownVariant(item_id="42", ref=front.known("42").ref)
    link = chosen("I42", front.links["I42"].product_id, known)

    ((outcome,),) = front.shop().link_products([replace(creation(mug()), link=link)])

    assert outcome.link.created_by_us


def test_pictures_of_a_linked_listing_stay_the_merchants(front: Storefront) -> None:  # invariant 6
    own = front.add(mug(name="Own"))
    picture = front.gallery.picture("theirs")
    front.call("POST", f"/v3/catalog/products/{own}/images", {"image_url": picture.url})

    for _ in range(2):
        front.push(mug(images=(front.gallery.picture("ours"),)))

    assert front.shown()[0].images == ("theirs",)


def test_the_till_takes_pictures_over_and_adds_to_the_merchants(front: Storefront) -> None:  # invariant 6
    own = front.add(mug(name="Own"))
    picture = front.gallery.picture("theirs")
    front.call("POST", f"/v3/catalog/products/{own}/images", {"image_url": picture.url, "sort_order": 9})
    settings = MerchantSettings(owners={"images": Owner.TILL})

    for _ in range(2):
        assert not codes(front.push(mug(images=(front.gallery.picture("ours"),)), settings=settings))

    assert front.shown()[0].images == ("ours", "theirs")


def test_the_tax_class_of_a_product_with_variants(front: Storefront) -> None:
    settings = MerchantSettings(owners={"tax_class": Owner.TILL})
    front.push(shirt(), mug(), settings=settings)
    classes = [replace(shirt(), tax_class="3"), mug(taxable=False)]

    assert not codes(front.push(*classes, settings=settings))

    assert {product.name: product.values["tax_class_id"] for product in front.state.products} == {
        "Shirt 7": 3,
        "Mug 42": 1,
    }
    assert front.push(*classes, settings=settings) == {}


def test_what_is_archived_as_a_whole_goes_off_sale_and_is_not_deleted(front: Storefront) -> None:  # invariant 6
    front.push(mug("1"), mug("2"))
    number = front.links["I1"].product_id
    front.delete(front.links["I2"].product_id)

    done = [one for batch in front.shop().unpublish([number, front.links["I2"].product_id, number]) for one in batch]

    assert set(done) == {number, front.links["I2"].product_id}
    assert not front.product(number).on_sale


def test_a_variant_that_was_archived_when_its_product_was_made_comes_later(front: Storefront) -> None:
    first, *others = shirt().variants
    front.push(replace(shirt(), variants=(replace(first, visibility=Visibility.DRAFT), *others)))

    assert not codes(front.push(shirt()))

    assert len(front.shown()[0].variants) == 4
    assert front.push(shirt()) == {}
