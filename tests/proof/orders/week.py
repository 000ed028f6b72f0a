"""A week of four shops and two locations that race for the last units: what is oversold, and was it known?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import partial
from random import Random
from statistics import median

from tests.fakes.systems import FakeShop
from tests.figures import Figure
from tests.proof.orders.market import SHOPS, TICK, Market
from tests.proof.orders.once import OUTAGE
from tests.proof.orders.stories import Shopper
from tests.unit.domain.order_samples import placed, product_charge
from tillbridge.domain.product import StockOutcome, StockWrite
from tillbridge.flows.schedule import SWEEP

DAYS, EACH = 7, 3
"""Units of each item at each location in the morning."""
MOMENTS_A_DAY, RUSH, TILL_SALES = 60, 5, 0.3
GRACE = timedelta(seconds=60)
"""What any system needs between hearing of something and the last shop's answer."""
DEATHS, TROUBLES = 0.0005, 0.01


@dataclass
class WatchedShop(FakeShop):
    """Tells when a figure was written."""

    wrote: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def _set(self, write: StockWrite) -> StockOutcome:
        self.wrote[write.item_id].append(self.clock.now())
        return super()._set(write)


@dataclass
class Week:
    """What happens and what came of it. ``gone`` tells by item until when anybody has heard that the last went."""

    days: int = DAYS
    seed: int = 1
    market: Market = field(init=False)
    shoppers: list[Shopper] = field(init=False)
    gone: dict[str, datetime] = field(default_factory=dict)
    oversold: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    web: list[tuple[str, str, datetime]] = field(default_factory=list)  # shop, item, when
    till_sales: int = 0

    def play(self) -> "Week":
        """Let the days pass, with faults, and a quiet one behind them."""
        self.market = market = Market(seed=self.seed, stock_each=EACH, polls=True)
        for front in market.fronts.values():
            front.shop = WatchedShop(**{one.name: getattr(front.shop, one.name) for one in fields(front.shop)})
        fronts = enumerate(market.fronts.values())
        self.shoppers = [Shopper(market, front, Random(self.seed * 10 + number)) for number, front in fronts]
        dice, begin = Random(self.seed), market.clock.now()
        for day in range(self.days):
            for _ in range(MOMENTS_A_DAY):
                moment = begin + timedelta(days=day, seconds=dice.randrange(12 * 3600))
                item = dice.choice(market.sold_items)
                for _ in range(dice.randint(1, RUSH)):  # all want the same
                    what = self._till_sale if dice.random() < TILL_SALES else self._web_order
                    market.at(moment + timedelta(seconds=dice.randrange(90)), partial(what, item, dice.randrange(4)))
            for item in market.sold_items:
                market.at(begin + timedelta(days=day, hours=20), partial(self._delivery, item))
        market.reaper.share = market.reaper.first = DEATHS
        market.line.share = TROUBLES
        market.line.down = (begin + timedelta(hours=5), begin + timedelta(hours=5) + OUTAGE)
        market.run(begin + timedelta(days=self.days))
        market.reaper.share = market.reaper.first = market.line.share = 0.0
        market.run(begin + timedelta(days=self.days, hours=12))
        return self

    def left(self, item: str) -> int:
        """Count what there truly is: what the till has, less the web orders that it does not know."""
        market = self.market
        there = sum(market.state.retailer.stock.of(int(item), shop).qoh for shop in (1, 2))
        rung_up = {(sale.source, sale.reference) for sale in market.sales() if sale.counts}
        waiting = 0
        for one in self.shoppers:
            source = f"{one.front.system.value}:{one.front.name}"
            for order in one.placed.values():
                ref = order.charges[0].ref
                waiting += bool(
                    ref and ref.product_id == str(100 + int(item)) and (source, order.number) not in rung_up
                )
        return there - waiting

    def _till_sale(self, item: str, which: int) -> None:
        if self.market.state.retailer.stock.of(int(item), 1 + which % 2).qoh > 0 and self.left(item) > 0:
            self.market.state.retailer.take(int(item), 1 + which % 2, 1)
            self.till_sales += 1
            self._note_gone(item, TICK)

    def _web_order(self, item: str, which: int) -> None:
        shopper, market = self.shoppers[which], self.market
        if shopper.front.shop.products[str(100 + int(item))].quantities[""] < 1:
            return
        number = str(1001 + len(shopper.placed))
        if self.left(item) < 1:
            self.oversold.append(f"{shopper.front.name}/{number}")
            if self.gone[item] + GRACE < market.clock.now():
                self.known.append(f"{shopper.front.name}/{number}")
        self.web.append((shopper.front.name, item, market.clock.now()))
        shopper.say(
            placed(number, charges=(product_charge(ref=str(100 + int(item)), units=1),), placed_at=market.clock.now())
        )
        self._note_gone(item, SWEEP)

    def _note_gone(self, item: str, interval: timedelta) -> None:
        if self.left(item) < 1:
            self.gone.setdefault(item, self._heard(interval))

    def _heard(self, interval: timedelta) -> datetime:
        """Tell when the schedule looks next, unless the till is down then."""
        down = self.market.line.down
        heard = self.market.clock.now() + interval
        return down[1] + interval if down and down[0] <= heard < down[1] else heard

    def _delivery(self, item: str) -> None:
        self.gone.pop(item, None)
        for shop in (1, 2):
            missing = EACH - self.market.state.retailer.stock.of(int(item), shop).qoh
            if missing > 0:
                self.market.state.retailer.receive(int(item), shop, missing)

    def drift(self) -> list[str]:
        """Name the listings that show something else than there is in the end."""
        return [
            f"{front.name}/{item}: {shown} of {self.left(item)}"
            for front in self.market.fronts.values()
            for item in self.market.sold_items
            if (shown := front.shop.products[str(100 + int(item))].quantities[""]) != max(0, self.left(item))
        ]

    def seconds(self) -> list[float]:
        """Give for each web order the seconds until the last of the other shops was written to."""
        found = []
        for name, item, at in self.web:
            others = [front.shop for front in self.market.fronts.values() if front.name != name]
            writes = [next((one for one in shop.wrote.get(item, ()) if one >= at), None) for shop in others]  # type: ignore[attr-defined]
            if all(writes):
                found.append(max((one - at).total_seconds() for one in writes if one))
        return found


def stock_of_a_week() -> Iterator[Figure]:
    """Play the week and count."""
    yield from figures_of(Week().play())


def figures_of(week: Week) -> Iterator[Figure]:
    """Give the rows of a week."""
    name, drift, seconds = "stock of a week", week.drift(), week.seconds()
    note = f"{len(week.web)} web orders, {week.till_sales} sales at the till, {len(SHOPS)} shops, 2 locations"
    yield Figure(f"{name}: units oversold", len(week.oversold), "units", note=note)
    yield Figure(f"{name}: oversold that could have been known", len(week.known), "units", 0, ", ".join(week.known[:3]))
    yield Figure(f"{name}: drift at the end", len(drift), "listings", 0, "; ".join(drift[:3]))
    yield Figure(f"{name}: from an order to the other shops, median", median(seconds), "seconds")
    yield Figure(f"{name}: from an order to the other shops, worst", max(seconds), "seconds")
