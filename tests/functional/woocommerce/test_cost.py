"""What a rehearsal counts is what the stand-in counts when the work is done."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_link import own_product, own_shirt
from tests.functional.woocommerce.test_take_over import chosen
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import Link, ListingRef, Product, ProductWrite, StockWrite
from tillbridge.domain.settings import DEFAULT_OWNERS, MerchantSettings, Owner
from tillbridge.systems.shop import Work

ALL_TILL = MerchantSettings(owners=dict.fromkeys(DEFAULT_OWNERS, Owner.TILL))


def writes(front: Storefront, products: Sequence[Product], settings: MerchantSettings = ALL_TILL) -> list[ProductWrite]:
    links = [front.links.get(product.key, Link(product_key=product.key)) for product in products]
    plans = [plan_product(product, link, settings) for product, link in zip(products, links, strict=True)]
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
    """Everything that takes a call: categories on two levels, brands, options, pictures of products and variants."""
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


@pytest.mark.parametrize(("simple", "matrices"), [(0, 1), (1, 0), (3, 2), (115, 7)])
def test_a_first_sync(front: Storefront, simple: int, matrices: int) -> None:
    products = assortment(front, simple, matrices)
    assert foretold(front, products) == spent(front, products)


def test_creating_in_a_shop_with_products_of_its_own(front: Storefront) -> None:
    front.change("/products", {"name": "Own", "sku": "OWN"}, "POST")
    front.push(mug("1"))
    products = assortment(front, 120, 1)[1:]
    assert foretold(front, products) == spent(front, products)


def test_linking_what_the_shop_has_already(front: Storefront) -> None:
    """A page for the products, and one for what is below each variable one."""
    own = own_product(front, sku="CUP")
    parent = own_shirt(front)
    below = front.rows(f"/products/{parent['id']}/variations")
    simple = chosen(mug(), own["id"], {"42": ""})
    variable = chosen(shirt(), parent["id"], {"700": below[0]["id"], "711": below[1]["id"]})
    front.forget_calls()
    shop = front.adapter()
    outcomes = [one for piece in shop.link_products([simple, variable]) for one in piece]
    assert [one.error for one in outcomes] == [None, None]
    calls = len(front.calls())
    front.forget_calls()
    assert shop.cost([Work(links=[one.link for one in outcomes])]) == calls == 2
    assert front.calls() == []


def changed(product: Product, front: Storefront) -> Product:
    """Another price, name, category, brand, tax class and picture."""
    variants = tuple(
        replace(one, regular_price=Decimal(99), image=front.gallery.picture("new") if one.image else None)
        for one in product.variants
    )
    images = (*product.images, front.gallery.picture("more")) if product.images else ()
    return replace(product, name="New name", category_path=("Other",), brand="Other", images=images, variants=variants)


def test_changing_everything(front: Storefront) -> None:
    products = assortment(front, 30, 3)
    spent(front, products)
    after = [changed(product, front) for product in products]
    assert foretold(front, after) == spent(front, after)


def test_a_variant_more(front: Storefront) -> None:
    spent(front, [shirt()])
    wider = shirt(sizes=("S", "M", "L"))
    assert foretold(front, [wider]) == spent(front, [wider])


def test_a_price_and_pictures_taken_away(front: Storefront) -> None:
    products = assortment(front, 5, 1)
    spent(front, products)
    bare = [
        replace(
            product,
            images=(),
            variants=tuple(replace(one, image=None, regular_price=Decimal(3)) for one in product.variants),
        )
        for product in products
    ]
    assert foretold(front, bare) == spent(front, bare)


def test_stock_and_unpublishing(front: Storefront) -> None:
    products = [*(mug(str(number)) for number in range(1, 111)), shirt("900"), shirt("901")]
    spent(front, products)
    known = [variant for link in front.links.values() for variant in link.variants]
    stock = [StockWrite(one.item_id, one.ref, 3, 5) for one in known]
    ids = [front.links[product.key].product_id for product in products]
    front.forget_calls()
    shop = front.adapter()
    told = shop.cost([Work(unpublish=ids, stock=stock)])
    assert front.calls() == []

    shop.orders_since(front.clock.now())
    assert sum(len(batch) for batch in shop.write_stock(stock)) == len(known)
    assert sum(len(batch) for batch in shop.unpublish(ids)) == len(products)

    assert told == len(front.calls())


def test_nothing_costs_nothing(front: Storefront) -> None:
    assert front.adapter().cost([Work(), Work()]) == 0


def test_the_orders_are_read_although_all_stock_is_held_back(front: Storefront) -> None:
    assert front.adapter().cost([Work(orders=True)]) == 1


def test_a_small_size_that_is_remembered_costs_more_calls(front: Storefront) -> None:
    stock = [StockWrite(str(number), ListingRef(str(number)), 3) for number in range(1, 101)]
    front.vocabulary.put("batch size", {"stock": "10"})
    # 10, 10, then twice as many after two that went well: 20, 20, 40
    assert front.adapter().cost([Work(stock=stock)]) == 1 + 5
