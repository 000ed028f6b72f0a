"""A first sync of Shopify by bulk operations: its points over the least possible, and its time beside single calls.

Our adapter over real HTTP fills the stand-in with products of three variants and a picture each, in rounds of the
push's own size. Points and bucket are those of a Standard shop (facts/shopify.md, section 5), and the clock moves only
when somebody waits. How fast Shopify does the lines of an operation is told nowhere: ``PACE`` is assumed.

The least: a place for a file and an operation over it take a mutation each, 10 points, and a look at the operation 1;
so do they again to publish. One operation takes 100 MB, far more than all products need. What became of the pictures is
read with 250 products in a call, which costs a page of 250 times a page of one (sections 5 and 9). To ask whether the
SKUs are there already costs nothing where they are not.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.common.certificates import make_certificates
from sandbox.shopify.settings import Lags, Settings
from tests.figures import Figure
from tests.functional.shopify.storefront import APP, Storefront, storefront
from tests.unit.systems.woocommerce.samples import shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Product
from tillbridge.flows.push_catalogue import ROUND

PRODUCTS, SIZES = 2000, ("S", "M", "L")
PACE = 0.1
"""Seconds for each line of a bulk operation: as long as ten products a second take."""
MUTATION, LOOK = 10, 1
PAGE, PAGE_OF_ALL, PAGE_OF_ONE = 250, 13, 2
AIM = 1.05
NEVER = PRODUCTS + 1


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling a shop took, as the shop counted it, and the seconds by the clock of both sides."""

    points: float
    calls: int
    seconds: float
    routes: Counter[str]


def shopify_bulk() -> Iterator[Figure]:
    """Fill one shop by bulk operations and another by single calls."""
    together, singly = fill(), fill(bulk_from=NEVER)
    name = f"Shopify in bulk: first sync of {PRODUCTS:,} products with {PRODUCTS * len(SIZES):,} variants"
    note = f"{together.points:,.0f}/{least(PRODUCTS)} points, {together.calls} calls"
    yield Figure(f"{name}: points over the least", together.points / least(PRODUCTS), "ratio", AIM, note)
    note = f"{together.points:,.0f} against {singly.points:,.0f} points"
    yield Figure(f"{name}: points over single calls", together.points / singly.points, "ratio", note=note)
    note = f"{together.seconds:,.0f} s against {singly.seconds:,.0f} s, at {1 / PACE:g} lines a second"
    yield Figure(f"{name}: time over single calls", together.seconds / singly.seconds, "ratio", note=note)


def least(products: int) -> int:
    """Work out the least points for so many products."""
    operations = 2 * (MUTATION + MUTATION + LOOK)
    return operations + ceil(products / PAGE) * PAGE_OF_ALL * PAGE_OF_ONE


def fill(*, bulk_from: int = 0, products: int = PRODUCTS) -> Filled:
    """Fill an empty shop; ``bulk_from`` 0 leaves it to the adapter which road it takes."""
    with TemporaryDirectory() as folder:
        tls = make_certificates(Path(folder))
        settings = Settings(apps=(APP,), ca_file=str(tls.ca), lags=Lags(line=PACE))
        with storefront(tls, settings) as front:
            front.bulk_from = bulk_from or front.bulk_from
            return _filled(front, [_product(front, number) for number in range(1, products + 1)])


def _product(front: Storefront, number: int) -> Product:
    return replace(shirt(str(number), colours=("Black",), sizes=SIZES), images=(front.gallery.picture(f"p{number}"),))


def _filled(front: Storefront, products: Sequence[Product]) -> Filled:
    began, rest = front.clock.now(), iter(products)
    front.forget_calls()
    while round_ := list(islice(rest, ROUND)):
        _push(front, round_)
    if len(front.shown()) != len(products) or len(front.links) != len(products):
        raise RuntimeError(f"{len(front.shown())} of {len(products)} products are there")
    calls = front.calls()
    seconds = (front.clock.now() - began).total_seconds()
    return Filled(sum(call.cost for call in calls), len(calls), seconds, Counter(call.route for call in calls))


def _push(front: Storefront, products: Sequence[Product]) -> None:
    """Push as the queue does: what the shop refuses for want of points is asked for again."""
    while True:
        try:
            failed = [outcome.error for outcome in front.push(*products).values() if outcome.error]
        except RetryLaterError as error:
            front.clock.advance(seconds=error.after or 1)
            continue
        if failed:
            raise RuntimeError(f"{len(failed)} products failed, one because: {failed[0]}")
        return
