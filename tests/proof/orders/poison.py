"""One order that nobody can deal with, and the next one of the same merchant: how much later is that a sale?"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import requests

from tests.fakes.counter import FakeDesk
from tests.fakes.world import SHOP
from tests.figures import Figure
from tests.proof.line import Trouble
from tests.proof.orders.market import Market
from tests.proof.orders.stories import Shopper
from tests.unit.domain.order_samples import placed, product_charge
from tillbridge.domain.errors import DoubtfulWriteError, ItemRejectedError, SystemDownError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.record import OrderState
from tillbridge.flows.schedule import SWEEP

BAD, GOOD = "1001", "1002"
PATIENCE = timedelta(hours=2)
Request = requests.PreparedRequest


@dataclass
class BreakingDesk(FakeDesk):
    """A shop that cannot tell of one order."""

    breaks: Exception | None = None

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        if order_id == BAD and self.breaks is not None:
            raise self.breaks
        return super().order(order_id, places=places)


@dataclass(frozen=True)
class Poison:
    """What is wrong with an order: as its shop tells of it, or when the till is written to."""

    in_shop: Exception | None = None
    change: Callable[[PlacedOrder], PlacedOrder] = lambda order: order
    in_till: Callable[[Request], Trouble | None] = lambda request: None


def _searched(request: Request) -> Trouble | None:
    return Trouble.FAILED if f"referenceNumber={BAD}" in str(request.url) else None


def _drafted(trouble: Trouble) -> Callable[[Request], Trouble | None]:
    def struck(request: Request) -> Trouble | None:
        drafts = request.method == "POST" and json.loads(request.body or b"{}").get("referenceNumber") == BAD
        return trouble if drafts else None

    return struck


def _half_units(order: PlacedOrder) -> PlacedOrder:
    return replace(order, charges=(replace(order.charges[0], units=Decimal("1.5")),))


def _more_than_its_lines(order: PlacedOrder) -> PlacedOrder:
    return replace(order, total=order.total + 1)


POISONS: Mapping[str, Poison] = {
    "its shop tells nonsense": Poison(ItemRejectedError("A field is missing.", remedy="Look.", code="BadOrder")),
    "we stumble over it": Poison(ValueError("nobody foresaw it")),
    "its shop breaks down over it": Poison(SystemDownError("A plugin breaks.")),
    "its shop is silent about it": Poison(DoubtfulWriteError("No answer.")),
    "its figures disagree": Poison(change=_more_than_its_lines),
    "the till refuses it": Poison(change=_half_units),
    "the till breaks down over its draft": Poison(in_till=_drafted(Trouble.FAILED)),
    "the till is silent about its draft": Poison(in_till=_drafted(Trouble.SILENT)),
    "the till loses the answer to its draft": Poison(in_till=_drafted(Trouble.LOST)),
    "the till breaks down over the search": Poison(in_till=_searched),
}


def seconds_of(poison: Poison | None, market: Market) -> float:
    """Place a poisoned order and a good one in the same second; gives the seconds until the good one is done."""
    shopper = _opened(poison, market)
    began = market.clock.now()
    shopper.say(_order(GOOD, market))
    market.wake(SHOP, Lane.STOCK, "orders")
    while market.clock.now() < began + PATIENCE:
        record = market.memory.records.get(SHOP, {}).get(GOOD)
        if record is not None and record.state is OrderState.DONE:
            return (record.changed_at - began).total_seconds()
        market.run(market.clock.now() + timedelta(seconds=1))
    return PATIENCE.total_seconds()


def handling_of(poison: Poison, market: Market) -> float:
    """Give the seconds that a worker is busy with a poisoned order alone, when it is first looked at."""
    _opened(poison, market)
    market.wake(SHOP, Lane.STOCK, "orders")
    while not any(lane is Lane.ORDERS for lane, _ in market.served):
        market.run(market.clock.now() + timedelta(seconds=1))
    return next(took.total_seconds() for lane, took in market.served if lane is Lane.ORDERS)


def _opened(poison: Poison | None, market: Market) -> Shopper:
    """Let the first looks be over and the till's lists be known; then the poisoned order is placed."""
    front = market.fronts[SHOP]
    front.desk = front.orders = desk = BreakingDesk(market.crash)
    shopper = Shopper(market, front, Random(1))
    shopper.say(_order("1000", market))
    market.run(market.clock.now() + SWEEP + timedelta(seconds=30))  # no news of the till is due for a while
    if poison is not None:
        desk.breaks, market.line.poison = poison.in_shop, poison.in_till
        shopper.say(poison.change(_order(BAD, market)))
    market.served.clear()
    return shopper


def _order(number: str, market: Market) -> PlacedOrder:
    charge = product_charge(ref=str(100 + int(market.sold_items[0])))
    return placed(number, charges=(charge,), placed_at=market.clock.now())


def delays() -> Mapping[str, tuple[float, float]]:
    """Give by poison the seconds by which the next order comes later, and those that the poisoned one took."""
    usual = seconds_of(None, Market())
    return {
        name: (seconds_of(poison, Market()) - usual, handling_of(poison, Market())) for name, poison in POISONS.items()
    }


def a_poison_order() -> Iterator[Figure]:
    """Give the worst delay over every poison, and what of it is not the poisoned order's own handling."""
    found = delays()
    late = max(found, key=lambda name: found[name][0])
    beyond = {name: delay - handling for name, (delay, handling) in found.items()}
    worst = max(beyond, key=lambda name: beyond[name])
    yield Figure("a poison order: kinds", len(found), "poisons", note=", ".join(found))
    yield Figure("a poison order: delay of the next one", found[late][0], "seconds", note=late)
    yield Figure("a poison order: beyond its own handling", beyond[worst], "seconds", 0, worst)
