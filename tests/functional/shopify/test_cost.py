"""What a push is foretold to cost is what it costs when all goes well, and is little."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.common.server import TlsFiles
from sandbox.shopify.settings import Lags, Limits, Settings
from tests.functional.costs import planned
from tests.functional.shopify.storefront import APP, Storefront, storefront
from tests.unit.systems.woocommerce.samples import creation, mug, shirt, variant
from tillbridge.domain.product import Product, ProductOption, StockWrite, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.shop import Work
from tillbridge.systems.shopify.bulk.lines import BULK_FROM
from tillbridge.systems.shopify.rehearse.cost import LOOK_AT_ORDERS

TILL_OWNS = MerchantSettings(
    owners=dict.fromkeys(("name", "images", "visibility", "image", "category", "brand"), Owner.TILL)
)


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    """A shop that is done when it answers."""
    settings = Settings(apps=(APP,), ca_file=str(tls.ca), lags=Lags(0, 0, 0, 0), limits=Limits(unlimited=True))
    with storefront(tls, settings) as opened:
        yield opened


def foretold(front: Storefront, *products: Product, settings: MerchantSettings | None = None) -> int:
    writes = planned(front, products, settings or MerchantSettings())
    return front.shop().cost([Work(writes=writes)])


def shelf(first: int, end: int, visibility: Visibility = Visibility.PUBLISHED) -> list[Product]:
    return [mug(str(number), visibility=visibility) for number in range(first, end)]


def assert_foretold(front: Storefront, *products: Product, settings: MerchantSettings | None = None) -> None:
    expected = foretold(front, *products, settings=settings)
    front.forget_calls()

    outcomes = front.push(*products, settings=settings)

    assert not [outcome.error for outcome in outcomes.values() if outcome.error]
    assert len(front.calls()) == expected


def test_creating(front: Storefront) -> None:
    pictured = mug("60", images=(front.gallery.picture("a"), front.gallery.picture("b")))
    whole = shirt()
    shown = tuple(replace(one, image=front.gallery.picture(f"v-{one.item_id}")) for one in whole.variants)

    many = [mug(str(number)) for number in range(1, 56)]
    assert_foretold(front, *many, mug("59", visibility=Visibility.DRAFT), pictured, replace(whole, variants=shown))
    assert_foretold(front, mug("70"))


def test_creating_in_bulk(front: Storefront) -> None:
    front.bulk_from = 5
    pictured = mug("60", images=(front.gallery.picture("a"), front.gallery.picture("b")))
    many = [mug(str(number)) for number in range(1, 30)]
    assert_foretold(front, *many, pictured, shirt())
    assert {call.route for call in front.calls("bulkOperationRun")} == {"graphql mutation bulkOperationRunMutation"}

    drafts = [mug(str(number), visibility=Visibility.DRAFT) for number in range(100, 105)]
    assert_foretold(front, *drafts, mug("105"))
    shown = [replace(one, images=(front.gallery.picture(one.key),)) for one in shelf(120, 127, Visibility.DRAFT)]
    assert_foretold(front, *shown, *shelf(130, 137))
    assert_foretold(front, *shelf(140, 146, Visibility.DRAFT), *shelf(150, 153))
    assert_foretold(front, *[mug(str(number)) for number in range(110, 114)])


def test_from_when_on_it_is_bulk(front: Storefront) -> None:
    assert_foretold(front, *[mug(str(number)) for number in range(1, BULK_FROM)])
    assert front.calls("bulkOperationRun") == []
    assert_foretold(front, *[mug(str(number)) for number in range(1001, 1001 + BULK_FROM)])
    assert len(front.calls("bulkOperationRun")) == 2


def test_changing(front: Storefront) -> None:
    pictured = mug("60", images=(front.gallery.picture("a"), front.gallery.picture("b")))
    front.push(mug("1"), mug("2"), pictured, shirt())
    dearer = mug("1", of_variant={"regular_price": Decimal(30)})
    renamed = mug("2", name="Cup", visibility=Visibility.DRAFT)
    other = replace(pictured, images=(front.gallery.picture("c"), pictured.images[1]))
    assert_foretold(front, dearer, renamed, other, settings=TILL_OWNS)

    whole = shirt()
    first, *others = whole.variants
    added = variant("799", sku="NEW", options=("Black", "XL"))
    grown = replace(
        whole,
        options=(whole.options[0], ProductOption("Size", ("S", "M", "XL"))),
        variants=(replace(first, visibility=Visibility.DRAFT), *others, added),
    )
    assert_foretold(front, grown, settings=TILL_OWNS)
    assert_foretold(front, mug("2", name="Cup", visibility=Visibility.PUBLISHED), settings=TILL_OWNS)


def test_stock_and_withdrawing(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 61)], shirt())
    known = [StockWrite(one.item_id, one.ref, 3, known=5) for link in front.links.values() for one in link.variants]
    unknown = [replace(write, quantity=4, known=None) for write in known]
    product_ids = [link.product_id for link in front.links.values()][:3]
    for work in (Work(stock=known), Work(stock=unknown), Work(unpublish=product_ids)):
        expected = front.shop().cost([work])
        front.forget_calls()
        list(front.shop().unpublish(work.unpublish))
        list(front.shop().write_stock(work.stock))
        assert len(front.calls()) + LOOK_AT_ORDERS * bool(work.stock) == expected, (
            "the look at the orders is the flow's"
        )


def test_what_is_observed_at_places(front: Storefront) -> None:
    front.push(mug("1"), shirt())
    refs = [known.ref for link in front.links.values() for known in link.variants]
    places = [front.place, *front.other_places]
    for chosen in ([], places):
        said = front.shop().cost([Work(observed=refs, places=chosen)])
        front.forget_calls()
        front.shop().observe(refs, places=chosen)
        assert said == len(front.calls())


def test_foretelling_asks_nothing(front: Storefront) -> None:
    front.shop().cost([Work(writes=[creation(mug())])])

    assert front.calls() == []
    assert front.vocabulary.ids == {}


def points(front: Storefront) -> float:
    return front.instruments.ledger.cost


def test_points_of_a_first_sync(front: Storefront) -> None:
    """A product with three variants on sale takes what its two mutations take at the least, and a little to look."""
    products = [shirt(str(number), colours=("Black",), sizes=("S", "M", "L")) for number in range(40)]
    front.push(mug("1"))
    front.forget_calls()

    front.push(*products)

    least = sum(call.cost for call in front.calls("productSet")) + sum(call.cost for call in front.calls("publish"))
    assert points(front) <= least * 1.05
    assert points(front) / len(products) <= 27


def test_points_of_stock_changes(front: Storefront) -> None:
    front.push(*[shirt(str(number), sizes=tuple(f"S{size}" for size in range(25))) for number in range(20)])
    writes = [StockWrite(one.item_id, one.ref, 3, known=5) for link in front.links.values() for one in link.variants]
    assert len(writes) == 1000
    front.forget_calls()

    list(front.shop().write_stock(writes))

    assert points(front) == 40, "four calls of 250 figures, at the price of a mutation that selects nothing"
