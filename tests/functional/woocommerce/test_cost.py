"""What a rehearsal counts is what the stand-in counts when the work is done."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.functional.costs import assortment, foretold, spent
from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_link import own_product, own_shirt
from tests.functional.woocommerce.test_take_over import chosen
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import ListingRef, Product, StockWrite
from tillbridge.systems.shop import Work


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
