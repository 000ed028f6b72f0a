"""What a rehearsal counts is what the stand-in counts when the work is done."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.functional.bigcommerce.storefront import Storefront
from tests.functional.costs import ALL_TILL, assortment, foretold, spent
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import StockWrite
from tillbridge.systems.shop import Work


@pytest.mark.parametrize(("simple", "matrices"), [(0, 1), (1, 0), (3, 2), (25, 7)])
def test_a_first_sync(front: Storefront, simple: int, matrices: int) -> None:
    products = assortment(front, simple, matrices)
    assert foretold(front, products) == spent(front, products)


def test_creating_in_a_shop_with_products_of_its_own(front: Storefront) -> None:
    front.add(mug("1", name="Own"))
    front.push(mug("1"))
    products = assortment(front, 12, 1)[1:]
    assert foretold(front, products) == spent(front, products)


def test_changing_prices(front: Storefront) -> None:
    front.push(*assortment(front, 23, 4), settings=ALL_TILL)
    dearer = [
        replace(product, variants=tuple(replace(one, regular_price=Decimal(30)) for one in product.variants))
        for product in assortment(front, 23, 4)
    ]
    assert foretold(front, dearer) == spent(front, dearer)


def test_moving_to_another_category_and_another_picture(front: Storefront) -> None:
    front.push(*assortment(front), settings=ALL_TILL)
    moved = [
        replace(product, category_path=("Kitchen", "Wall"), images=(*product.images, front.gallery.picture("new")))
        for product in assortment(front)
    ]
    assert foretold(front, moved) == spent(front, moved)


def test_another_size(front: Storefront) -> None:
    front.push(shirt(), shirt("8"), settings=ALL_TILL)
    grown = [shirt(sizes=("S", "M", "L")), shirt("8", sizes=("S", "M", "L"))]
    assert foretold(front, grown) == spent(front, grown)


def test_stock_counts_the_look_and_the_reading_back(front: Storefront) -> None:
    front.state.settings = replace(front.state.settings, settle_seconds=0)
    front.push(*[mug(str(number)) for number in range(1, 31)], shirt())
    known = [one for link in front.links.values() for one in link.variants]
    here, there = front.place, front.other_places[0]
    stock = [StockWrite(one.item_id, one.ref, 7, places={here: 3, there: 4}) for one in known]
    front.forget_calls()
    told = front.adapter().cost([Work(stock=stock)])
    assert front.calls() == []

    list(front.adapter().write_stock(stock))

    assert told == len(front.calls()) + 1, "and the orders before"


def test_taking_off_sale(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 13)])
    ids = [link.product_id for link in front.links.values()]
    front.forget_calls()
    told = front.adapter().cost([Work(unpublish=ids, orders=True)])

    list(front.adapter().unpublish(ids))

    assert told == len(front.calls()) + 1


def test_what_is_observed(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 21)], shirt())
    refs = [known.ref for link in front.links.values() for known in link.variants]
    places = [front.place, *front.other_places]
    said = front.adapter().cost([Work(observed=refs, places=places)])
    front.forget_calls()

    front.adapter().observe(refs, places=places)

    assert said == len(front.calls())
