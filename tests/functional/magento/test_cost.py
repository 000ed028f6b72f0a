"""What a push will cost is told beforehand, without a call, and comes true when all goes well."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.test_changing import till_owns
from tests.functional.costs import planned
from tests.functional.magento.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Product, StockWrite, Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.systems.shop import Work


def suit(matrix_id: str = "7", sizes: tuple[str, ...] = ("S", "M")) -> Product:
    """A variable product with options for which a fresh shop has no attribute."""
    wide = shirt(matrix_id, sizes=sizes)
    return replace(wide, options=(replace(wide.options[0], name="Tone"), replace(wide.options[1], name="Cut")))


def said_and_done(front: Storefront, *products: Product, settings: MerchantSettings | None = None) -> tuple[int, int]:
    chosen = settings or MerchantSettings()
    said = front.shop().cost([Work(writes=planned(front, products, chosen))])
    front.forget_calls()
    front.push(*products, settings=chosen)
    return said, len(front.calls())


def test_nothing_costs_nothing_and_asks_nothing(front: Storefront) -> None:
    front.forget_calls()

    assert front.shop().cost([]) == front.shop().cost([Work()]) == 0
    assert front.calls() == []


def test_the_first_filling(front: Storefront) -> None:
    pictures = (front.gallery.picture("one"), front.gallery.picture("two"))
    products = [mug(str(one), category_path=("Kitchen", "Mugs"), brand="North") for one in range(1, 12)]

    said, done = said_and_done(front, *products, mug("40", images=pictures), suit())

    assert said == done


def test_more_of_the_same(front: Storefront) -> None:
    front.push(mug("1", category_path=("Mugs",), brand="North"), shirt("7"))

    said, done = said_and_done(front, mug("2", category_path=("Mugs",), brand="North"), shirt("8"))

    assert said == done


@pytest.mark.parametrize("count", [1, 30, 120])
def test_prices(front: Storefront, count: int) -> None:
    front.push(*[mug(str(one)) for one in range(1, count + 1)], shirt())
    dearer = [mug(str(one), of_variant={"regular_price": Decimal(50)}) for one in range(1, count + 1)]
    wide = replace(shirt(), variants=tuple(replace(one, regular_price=Decimal(50)) for one in shirt().variants))

    said, done = said_and_done(front, *dearer, wide)

    assert said == done


def test_texts_and_a_variant_more(front: Storefront) -> None:
    front.push(mug("1"), mug("2"), shirt(), settings=till_owns("name"))
    codes = {"sale_price": Decimal(9), "gtin": "4006381333931", "msrp": Decimal(15)}
    changed = [mug("1", name="Cup"), mug("2", of_variant=codes)]

    said, done = said_and_done(front, *changed, shirt(sizes=("S", "M", "L")), settings=till_owns("name"))

    assert said == done


def test_stock_with_the_look_at_the_orders(front: Storefront) -> None:
    front.push(*[mug(str(one)) for one in range(1, 131)])
    writes = [StockWrite(str(one), front.known(str(one)).ref, 9) for one in range(1, 131)]
    shop = front.shop()
    said = shop.cost([Work(stock=writes)])
    front.forget_calls()

    shop.orders_since(front.clock.now())
    list(shop.write_stock(writes))

    assert said == len(front.calls())


def test_withdrawing(front: Storefront) -> None:
    front.push(*[mug(str(one)) for one in range(1, 6)])
    ids = [link.product_id for link in front.links.values()]
    said = front.shop().cost([Work(unpublish=ids)])
    front.forget_calls()

    list(front.shop().unpublish(ids))

    assert said == len(front.calls())


def test_what_is_observed(front: Storefront) -> None:
    front.push(mug("1", category_path=("Mugs",)), shirt())
    refs = [known.ref for link in front.links.values() for known in link.variants]
    said = front.shop().cost([Work(observed=refs)])
    front.forget_calls()

    front.shop().observe(refs)

    assert said == len(front.calls())


def test_a_draft_that_was_never_made_costs_nothing(front: Storefront) -> None:
    first, *others = suit().variants
    product = replace(suit(), variants=(replace(first, visibility=Visibility.DRAFT), *others))

    said, done = said_and_done(front, product)

    assert said == done
