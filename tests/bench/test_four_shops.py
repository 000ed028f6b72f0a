"""A small filling of each shop, so that the measurements keep working: nothing takes less than the least."""

import pytest

from tests.bench import four_shops
from tests.bench.stall import OPEN, Assortment, stall
from tests.conformance.fronts import FRONTS


def test_every_shop_has_a_road_and_a_least_for_its_stock() -> None:
    assert {road.shop for road in four_shops.ROADS.values()} == set(FRONTS) == set(OPEN) == set(four_shops.STOCK)


@pytest.mark.parametrize("name", four_shops.ROADS)
def test_a_shop_is_filled_and_its_stock_changed_for_no_less_than_the_least(name: str) -> None:
    road, small = four_shops.ROADS[name], Assortment(matrices=4, simple=2)
    with stall(road.shop, small, road.options) as shop:
        filled = shop.fill()
        shop.order(2)
        _, sold = shop.sell(1), shop.sell(3)
        shown = {variant.sku: sum(variant.stock.values()) for one in shop.front.shown() for variant in one.variants}

    fewest = road.filled(small.goods)
    assert filled.cost >= fewest.cost
    assert sold.cost >= four_shops.STOCK[road.shop](3).cost
    assert len(shown) == small.items
    ordered = road.shop != "magento"  # whose figure holds what is ordered until that is shipped
    assert sorted(shown.values()) == ([47] + [49] * 3 + [50] * 10 if ordered else [48] + [49] * 2 + [50] * 11)
