"""What each of the four shops counts when it is filled and when stock changes, over the least possible.

The least is in ``least_shops``. Filling and changing are done by the real flows and adapters (``stall``) and counted by
the stand-ins: points at Shopify, calls elsewhere. ``ROADS`` are the ways of getting there; a shop may have several.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.bench import least_shops
from tests.bench.least_shops import Goods, Least
from tests.bench.stall import LINES_A_SECOND, Assortment, Taken, stall
from tests.figures import Figure

SOLD = Assortment(matrices=2000)
CHANGES, ORDERS = 1000, 10
AIM = 1.05

LARGE = Assortment(matrices=2500, simple=2500)
LIMITS_AIM = 1.1


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """One way of filling a shop: the least, the unit in which the shop counts, and how the adapter is set to go it.

    ``limited`` says that the vendor's limits tell how long it must take, ``remark`` what of this is to be known.
    """

    shop: str
    filled: Callable[[Goods], Least]
    unit: str = "calls"
    options: Mapping[str, object] = field(default_factory=dict)
    limited: bool = True
    remark: str = ""


NEVER = sys.maxsize
UNTOLD = "call by call, as no limit tells how long a bulk operation takes"
BY_CALL = Road("shopify", least_shops.shopify_filled, "points", {"bulk_from": NEVER}, remark=UNTOLD)
IN_BULK = Road("shopify", least_shops.shopify_filled_in_bulk, "points", limited=False)

ROADS: Mapping[str, Road] = {
    "BigCommerce": Road("bigcommerce", least_shops.bigcommerce_filled),
    "Magento": Road("magento", least_shops.magento_filled),
    "Shopify, call by call": BY_CALL,
    "Shopify, in bulk": IN_BULK,
    "WooCommerce": Road("woocommerce", least_shops.woocommerce_filled),
}

STOCK: Mapping[str, Callable[[int], Least]] = {
    "bigcommerce": lambda rows: least_shops.bigcommerce_stock(rows, rows),
    "magento": least_shops.magento_stock,
    "shopify": least_shops.shopify_stock,
    "woocommerce": lambda rows: least_shops.woocommerce_stock(0, [1] * rows),
}
"""The least for so many changes, each below another product."""


def four_shops_cost() -> Iterator[Figure]:
    """Fill each shop with 2,000 products of three variants, then carry 1,000 sales over, each of another product."""
    seconds: dict[Road, float] = {}
    for name, road in ROADS.items():
        with stall(road.shop, SOLD, road.options) as shop:
            filled = shop.fill()
            what = f"{name}: first sync of {SOLD.products:,} products with {SOLD.variants:,} variants"
            yield _cost(what, filled, road.filled(SOLD.goods), road.unit)
            seconds[road] = filled.seconds
            shop.order(ORDERS)
            shop.sell(1)  # after the first look at the orders, which is longer than those that follow
            sold = shop.sell(CHANGES)
            yield _cost(f"{name}: {CHANGES:,} stock changes", sold, STOCK[road.shop](CHANGES), road.unit)
    note = f"{seconds[IN_BULK]:,.0f}/{seconds[BY_CALL]:,.0f} s, if Shopify does {LINES_A_SECOND} lines a second"
    yield Figure(
        "Shopify, in bulk: first sync: time over call by call", seconds[IN_BULK] / seconds[BY_CALL], "ratio", note=note
    )


def _cost(name: str, taken: Taken, fewest: Least, unit: str) -> Figure:
    note = f"{taken.cost:,.0f}/{fewest.cost:,.0f} {unit}"
    return Figure(f"{name}: cost over the least", taken.cost / fewest.cost, "ratio", AIM, note)


def first_sync_at_the_limits() -> Iterator[Figure]:
    """Fill each shop from 10,000 items, by a clock that moves when a limit is waited for or the shop takes its time."""
    for name, road in ((name, road) for name, road in ROADS.items() if road.limited):
        with stall(road.shop, LARGE, road.options) as shop:
            filled = shop.fill()
        must = road.filled(LARGE.goods).seconds
        what = f"{name}: first sync of {LARGE.items:,} items"
        yield Figure(f"{what}: seconds it must take", must, "s")
        note = ", ".join(filter(None, [f"{filled.seconds:,.0f} s", f"{filled.cost:,.0f} {road.unit}", road.remark]))
        yield Figure(f"{what}: time over what it must take", filled.seconds / must, "ratio", LIMITS_AIM, note)
