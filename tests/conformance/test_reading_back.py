"""What a shop shows is read whole and back: listings for linking, single ones for checking."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import Front
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.agreement import as_seen
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.listing import ListedProduct
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Link, ListingRef
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.domain.stock import PlaceFigure, StockFigure

EVERYTHING = MerchantSettings(owners=dict.fromkeys((*CONTENT_FIELDS, *VARIANT_FIELDS), Owner.TILL))


def everything(front: Front) -> list[ListedProduct]:
    pages = list(front.shop().listings())
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    return [product for page in pages for product in page.products]


def seen(front: Front, key: str) -> Link:
    """Give a link as the shop shows it now."""
    link = front.links[key]
    refs = dict.fromkeys([ListingRef(link.product_id), *(known.ref for known in link.variants)])
    skus = {known.ref: known.fields["sku"] for known in link.variants}
    observed = front.shop().observe(list(refs), skus)
    return as_seen(link, {ref: one.fields for ref, one in observed.items()}, EVERYTHING)


def test_an_empty_shop(front: Front) -> None:
    assert everything(front) == []


def test_simple_and_variable_products(front: Front) -> None:
    own = front.add(mug(name="Own", of_variant={"sku": "OWN-1"}))
    front.push(shirt())

    listed = {product.product_id: product for product in everything(front)}

    assert listed[own].variants[0].ref == ListingRef(own)
    assert (listed[own].name, listed[own].variants[0].sku, listed[own].mark) == ("Own", "OWN-1", "")
    ours = listed[front.links["M7"].product_id]
    assert ours.mark == "M7"
    assert ours.options == ("Color", "Size")
    assert {variant.sku: variant.options for variant in ours.variants} == {
        "SHIRT-7-Black-S": ("Black", "S"),
        "SHIRT-7-Black-M": ("Black", "M"),
        "SHIRT-7-White-S": ("White", "S"),
        "SHIRT-7-White-M": ("White", "M"),
    }


def test_every_listing_is_met_once_over_several_pages(front: Front) -> None:
    front.push(*[mug(str(number)) for number in range(1, front.page + 2)])

    listed = everything(front)

    assert len(listed) == front.page + 1
    assert {product.mark for product in listed} == set(front.links)


def test_a_survey_goes_on_in_another_process(front: Front) -> None:
    front.push(*[mug(str(number)) for number in range(1, front.page + 2)])
    first = next(iter(front.shop().listings()))

    rest = list(front.shop().listings(first.after))

    met = [product.mark for page in (first, *rest) for product in page.products]
    assert sorted(met) == sorted(front.links)


@pytest.mark.parametrize("kind", ["lose_rows", "double_rows"])
def test_a_page_that_lies_is_not_believed(front: Front, kind: str) -> None:  # invariant 1
    front.push(*[mug(str(number)) for number in range(1, front.page + 2)])
    front.settle()
    front.fault(kind)

    try:
        met = [product.mark for product in everything(front)]
    except TillbridgeError:
        return
    assert sorted(met) == sorted(front.links)


def test_listings_are_read_back_as_they_were_acknowledged(front: Front) -> None:
    product = mug("1", name="Mug & Co", description="<p>Text</p>", category_path=("Mugs",), brand="Northfell")
    recommended = replace(shirt(), variants=tuple(replace(one, msrp=Decimal("19.95")) for one in shirt().variants))
    front.push(product, recommended)
    front.settle()

    for key in ("I1", "M7"):
        assert seen(front, key) == front.links[key]


def test_an_edit_is_seen(front: Front) -> None:
    front.push(mug("1"))
    ref = front.known("1").ref
    front.edit(ref, name="Other", regular_price="77")
    front.settle()

    link = seen(front, "I1")

    assert link.fields["name"] == "Other"
    assert link.variants[0].fields["regular_price"] == "77"


def test_stock_is_read_back(front: Front) -> None:
    front.push(mug("1"), shirt())
    front.put_stock({"1": 8, "700": 3})
    front.settle()
    refs = [front.known("1").ref, front.known("700").ref]

    observed = front.shop().observe(refs)

    assert [observed[ref].quantity for ref in refs] == [8, 3]


def test_stock_is_read_back_place_by_place(front: Front) -> None:  # invariant 4
    front.needs("places")
    front.push(mug("1"), shirt())
    here, other, *_ = (front.place, *front.other_places)
    shares = {here: 5, other: 2}
    front.put_stock({"1": 7, "700": 7}, shares)
    front.settle()
    refs = [front.known("1").ref, front.known("700").ref]
    figure = StockFigure("", 7, (), places=tuple(PlaceFigure(place, units, ()) for place, units in shares.items()))

    assert all(one.shows(figure) for one in front.shop().observe(refs, places=[here, other]).values())
    front.edit(refs[0], stock=4, place=here)
    front.edit(refs[0], stock=3, place=other)
    front.edit(refs[1], stock=9, place=other)
    front.settle()
    observed = front.shop().observe(refs, places=[here, other])

    assert [dict(observed[ref].places) for ref in refs] == [{here: 4, other: 3}, {here: 5, other: 9}]
    assert [observed[ref].quantity for ref in refs] == [7, 14]
    assert not any(one.shows(figure) for one in observed.values()), "a right sum at wrong places is wrong"
    front.quantities.clear()  # what is known is in doubt
    assert not [one.error for one in front.put_stock({"1": 7, "700": 7}, shares).values() if one.error]
    front.settle()
    assert all(one.shows(figure) for one in front.shop().observe(refs, places=[here, other]).values())


def test_stock_at_places_that_are_none_of_ours_is_no_matter(front: Front) -> None:
    front.needs("places")
    front.push(mug("1"))
    front.put_stock({"1": 7})
    ref = front.known("1").ref
    front.edit(ref, stock=9, place=front.other_places[0])
    front.settle()

    assert front.shop().observe([ref])[ref].quantity == 7
    assert front.shop().observe([ref], places=[front.place])[ref].places == {front.place: 7}


def test_a_re_keyed_listing_is_seen(front: Front) -> None:
    front.push(mug("1"), shirt())
    refs = [front.known("1").ref, front.known("700").ref]
    for number, ref in enumerate(refs):
        front.edit(ref, sku=f"THEIRS-{number}")
    front.settle()

    hints = {front.known("1").ref: "MUG-1", front.known("700").ref: "SHIRT-7-Black-S"}
    observed = front.shop().observe(refs, hints)

    assert [observed[ref].sku for ref in refs] == ["THEIRS-0", "THEIRS-1"]


def test_what_is_gone_is_absent(front: Front) -> None:
    front.push(mug("1"), mug("2"), shirt())
    refs = [front.known(item_id).ref for item_id in ("1", "2", "700")]
    front.delete(front.links["I1"].product_id)
    front.delete(front.links["M7"].product_id)
    front.settle()

    assert list(front.shop().observe(refs)) == [refs[1]]


def test_nothing_is_asked_twice_for_a_hundred(front: Front) -> None:
    front.push(*[mug(str(number)) for number in range(1, 101)])
    front.settle()
    front.forget_calls()

    observed = front.shop().observe([known.ref for link in front.links.values() for known in link.variants])

    assert len(observed) == 100
    assert len(front.calls()) <= 4


def test_a_copy_that_the_merchant_made_is_no_second_listing_of_ours(front: Front) -> None:
    front.push(mug("1"))
    copy = front.add(replace(mug("1"), name="Copy", variants=(replace(mug("1").variants[0], sku="COPY"),)))

    listed = {product.product_id: product for product in everything(front)}

    assert listed[copy].variants[0].sku == "COPY"
    assert listed[front.links["I1"].product_id].mark == "I1"
