"""What a rehearsal counts is what the stand-in counts when the work is done."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import codes
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import Link, Product, ProductWrite, StockWrite
from tillbridge.domain.settings import DEFAULT_OWNERS, MerchantSettings, Owner
from tillbridge.systems.shop import Work

ALL_TILL = MerchantSettings(owners=dict.fromkeys(DEFAULT_OWNERS, Owner.TILL))


def writes(front: Storefront, products: Sequence[Product]) -> list[ProductWrite]:
    links = [front.links.get(product.key, Link(product_key=product.key)) for product in products]
    plans = [plan_product(product, link, ALL_TILL) for product, link in zip(products, links, strict=True)]
    return [plan.write for plan in plans if isinstance(plan, Write)]


def foretold(front: Storefront, products: Sequence[Product]) -> int:
    """Ask for the cost, and see that nothing was asked of the shop and nothing kept."""
    front.forget_calls()
    before = dict(front.vocabulary.ids)
    shop, rounds = front.adapter(), [Work(writes=writes(front, products))]
    told = shop.cost(rounds)
    assert shop.cost(rounds) == told
    assert (front.calls(), front.vocabulary.ids) == ([], before)
    return told


def spent(front: Storefront, products: Sequence[Product]) -> int:
    front.forget_calls()
    assert not codes(front.push(*products, settings=ALL_TILL))
    return len(front.calls())


def assortment(front: Storefront, simple: int = 3, matrices: int = 2) -> list[Product]:
    """Everything that takes a call: categories on two levels, brands, pictures of products and variants."""
    pictures = [front.gallery.picture(f"p{number}") for number in range(4)]
    mugs = [
        mug(
            str(number),
            category_path=("Kitchen", f"Shelf {number % 2}"),
            brand=f"Brand {number % 3}",
            images=tuple(pictures[: number % 3]),
        )
        for number in range(1, simple + 1)
    ]
    shirts = [shirt(str(900 + number)) for number in range(matrices)]
    pictured = [
        replace(
            product,
            images=(pictures[3],),
            variants=tuple(replace(one, image=pictures[place % 2]) for place, one in enumerate(product.variants)),
        )
        for product in shirts[::2]
    ]
    return [*mugs, *pictured, *shirts[1::2]]


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
