"""A week of four shops and two locations that race for the last units: what is oversold, and was it known?

The shops are their vendors' stand-ins before our adapters, so that each counts as it does: reservations, what is
available, units taken off at the order or at shipment.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from statistics import median

from tests.fakes.world import SHOP
from tests.figures import Figure
from tests.proof.line import Trouble
from tests.proof.orders.hooks import delivery
from tests.proof.orders.market import SHOPS, TICK
from tests.proof.orders.once import OUTAGE
from tests.proof.orders.stories import DOUBLED, FORGED, LATEST_HOOK, LOST
from tests.proof.orders.street import Street
from tests.proof.orders.verdict import CARRYING, Move, Oversold, Truth, longest
from tests.proof.orders.windows import EXTRA
from tillbridge.domain.merchant import System
from tillbridge.domain.orders.record import OrderState, reservation_name
from tillbridge.domain.orders.rules import UnlinkedRule
from tillbridge.domain.stock import StockMode
from tillbridge.flows.schedule import SWEEP, WATCH

DAYS, EACH = 7, 3
"""Units of each item at each location in the morning."""
MOMENTS_A_DAY, RUSH, TILL_SALES = 60, 5, 0.3
CANCELLED, SHIPPED = 0.08, 0.8
"""Shares of web orders: called off within hours, and shipped within a day."""
UNSALABLE = 30
"""One web order in so many holds something that no till can sell: counted, so that no day is without one by chance."""
DEATHS, TROUBLES = 0.0005, 0.01
BEFORE = timedelta(minutes=10)
"""What the shops are given to show the first figures."""
PLACES = "shopify"  # shows each location at a place of its own
BRANCH, BRANCH_SHOP = "1", "bigcommerce"  # shows this location only
KEPT_BACK = {SHOP: 1}
CAREFUL, PAUSE = "bigcommerce", timedelta(minutes=1)
"""A store that answers with 500 is to be left alone for a minute at least (facts/bigcommerce.md, "Limits")."""


def choose(street: Street) -> None:
    """Have the shops show stock in all the ways there are, and park what holds something that no till sells."""
    here, there = street.windows[PLACES].places
    street.change_settings(
        orders=replace(street.orders, unlinked=UnlinkedRule.PARK),
        mode_by_shop={PLACES: StockMode.MAP},
        stock_places={f"{PLACES}/1": here, f"{PLACES}/2": there},
        locations_by_shop={BRANCH_SHOP: (BRANCH,)},
        safety_by_shop={name: Decimal(units) for name, units in KEPT_BACK.items()},
    )


@dataclass(eq=False, slots=True)
class Watch:
    """A web order of which one other shop does not know yet; it may go on offering so many."""

    at: datetime
    shop: str
    most: int
    in_time: bool  # a web hook came within a minute


@dataclass
class Week:
    """What happens and what came of it."""

    days: int = DAYS
    seed: int = 1
    truth: Truth = field(default_factory=Truth)
    oversold: list[Oversold] = field(default_factory=list)
    web: int = 0
    till_sales: int = 0
    waits: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    street: Street = field(init=False)
    dice: Random = field(init=False)
    watches: dict[str, list[Watch]] = field(default_factory=dict)
    unsold: list[tuple[str, str, str]] = field(default_factory=list)
    """Shops, orders that no till can sell, and what they hold of the items that are watched."""
    _looked_at: datetime | None = None

    def play(self) -> "Week":
        """Let the days pass, with faults, and a quiet one behind them."""
        self.dice = dice = Random(self.seed)
        self.street = street = Street(seed=self.seed, stock_each=EACH, counts_late=self.seed % 2 == 1)
        choose(street)
        street.look_around = self._look_around  # type: ignore[method-assign]
        street.line.told_of = self._breakdown
        begin = street.clock.now() + BEFORE
        for item in street.sold_items:
            self.truth.moves[item].append(Move(street.clock.now(), 2 * EACH))
        street.run(begin)
        for day in range(self.days):
            for _ in range(MOMENTS_A_DAY):
                moment = begin + timedelta(days=day, seconds=dice.randrange(12 * 3600))
                item = dice.choice(street.sold_items)
                for _ in range(dice.randint(1, RUSH)):  # all want the same
                    what = self._till_sale if dice.random() < TILL_SALES else self._web_order
                    street.at(moment + timedelta(seconds=dice.randrange(90)), partial(what, item, dice.randrange(4)))
            for item in street.sold_items:
                street.at(begin + timedelta(days=day, hours=20), partial(self._delivery, item))
        street.reaper.share = street.reaper.first = DEATHS
        street.line.share = TROUBLES
        street.line.down = (begin + timedelta(hours=5), begin + timedelta(hours=5) + OUTAGE)
        street.run(begin + timedelta(days=self.days))
        street.reaper.share = street.reaper.first = street.line.share = 0.0
        street.run(begin + timedelta(days=self.days, hours=12))
        return self

    # --- what happens ---

    def _breakdown(self, host: str, trouble: Trouble) -> None:
        """Note for how long a shop that has broken down wants to be left alone."""
        if trouble in {Trouble.FAILED, Trouble.FAILED_LATE} and host == self.street.windows[CAREFUL].host:
            now = self.street.clock.now()
            self.truth.pauses[CAREFUL].append((now, now + PAUSE))

    def _till_sale(self, item: str, which: int) -> None:
        at, retailer = 1 + which % 2, self.street.state.retailer
        if retailer.stock.of(int(item), at).qoh > 0 and self.truth.left(item) > 0:
            retailer.take(int(item), at, 1)
            self.till_sales += 1
            self._note(item, -1, "", self._asked_at(TICK), "a sale at the till")

    def _asked_at(self, interval: timedelta) -> datetime:
        """Tell when whoever asks the till that often has heard; while it is down nobody can."""
        now, down = self.street.clock.now(), self.street.line.down
        there = down[1] if down and down[0] <= now + interval < down[1] else now
        return there + interval

    def _web_order(self, item: str, which: int) -> None:
        name = list(SHOPS)[which]
        window, now = self.street.windows[name], self.street.clock.now()
        if window.offers(item) < 1:
            return
        if self.truth.left(item) < 1:
            kept_back, itself = KEPT_BACK.get(name, 0), not window.counts_late
            sold = self.truth.oversold(item, name, now, kept_back=kept_back, counts_itself=itself)
            self.oversold.append(sold)
        self.web += 1
        parked = self.web % UNSALABLE == 0
        order_id = window.buy(item, EXTRA) if parked else window.buy(item)
        heard_at, channel = self._tell(name, order_id)
        self._note(item, -1, name, heard_at, channel)
        self._watch(item, name, in_time=heard_at - now < TICK)
        if parked:
            self.unsold.append((name, order_id, item))
        else:
            self._plan_the_end(name, item, order_id)

    def _plan_the_end(self, name: str, item: str, order_id: str) -> None:
        fate, now = self.dice.random(), self.street.clock.now()
        if fate < CANCELLED:
            later = now + timedelta(minutes=self.dice.randrange(180))
            self.street.at(later, partial(self._cancel, name, item, order_id))
        elif fate < CANCELLED + SHIPPED:
            later = now + timedelta(minutes=self.dice.randrange(60, 1440))
            self.street.at(later, partial(self._ship, name, order_id))

    def _cancel(self, name: str, item: str, order_id: str) -> None:
        self.street.windows[name].front.cancel(order_id)
        self._tell(name, order_id)
        self._note(item, 1)

    def _ship(self, name: str, order_id: str) -> None:
        self.street.windows[name].front.send(order_id)
        self._tell(name, order_id)

    def _delivery(self, item: str) -> None:
        retailer = self.street.state.retailer
        for shop in (1, 2):
            missing = EACH - retailer.stock.of(int(item), shop).qoh
            if missing > 0:
                retailer.receive(int(item), shop, missing)
                self._note(item, missing)

    def _note(self, item: str, units: int, shop: str = "", heard_at: datetime | None = None, by: str = "") -> None:
        self.truth.moves[item].append(Move(self.street.clock.now(), units, shop, heard_at, by))
        if units > 0:
            self.watches.pop(item, None)  # the shops may offer more again

    def _tell(self, name: str, order_id: str) -> tuple[datetime, str]:
        """Send web hooks of an order; gives when anybody has heard of it, and how."""
        street, dice = self.street, self.dice
        now, front = street.clock.now(), street.fronts[name]
        if front.system is System.MAGENTO:
            return now + WATCH, "an order of a shop without web hooks"
        asked = now + SWEEP
        whose = street.memory.connections[name]

        def send(secret: str, late: int) -> None:
            sent = delivery(front.system, order_id, now.replace(microsecond=0), secret)
            street.at(now + timedelta(seconds=late), lambda: street.door.take(whose, front.secret, sent))

        if dice.random() < FORGED:
            send("a guess", 0)
        if dice.random() < LOST:
            return asked, "an order whose web hook was lost"
        times = 1 + (dice.random() < DOUBLED) + (dice.random() < DOUBLED)
        delays = [dice.choice((0, 1, 5, 30, dice.randrange(LATEST_HOOK))) for _ in range(times)]
        for late in delays:
            send(front.secret, late)
        heard = now + timedelta(seconds=min(delays))
        if heard < now + TICK:
            return heard, "an order, by its web hook"
        return min(heard, asked), "an order whose web hook came late"

    # --- what comes of it ---

    def _watch(self, item: str, seller: str, *, in_time: bool) -> None:
        """Watch the shops that offer too many, until they offer one less; other sales they may know of or not."""
        now, left = self.street.clock.now(), self.truth.left(item)
        for name, window in self.street.windows.items():
            offers, there = window.offers(item), max(0, left - KEPT_BACK.get(name, 0))
            if name != seller and offers > there:
                self.watches.setdefault(item, []).append(Watch(now, name, offers - 1, in_time))

    def _look_around(self) -> None:
        """See which shops show by now what others have sold."""
        now = self.street.clock.now()
        if now == self._looked_at:
            return
        self._looked_at = now
        for item, watches in list(self.watches.items()):
            offers = {name: self.street.windows[name].offers(item) for name in {one.shop for one in watches}}
            for one in [one for one in watches if offers[one.shop] <= one.most]:
                self.waits[one.in_time].append((now - one.at).total_seconds())
                watches.remove(one)
            if not watches:
                del self.watches[item]

    @property
    def known(self) -> list[Oversold]:
        """Name what was oversold although it could have been known."""
        return [one for one in self.oversold if one.known]

    def drift(self) -> list[str]:
        """Name the listings that offer something else than there is in the end."""
        wrong = []
        for item in self.street.sold_items:
            left = self.truth.left(item)
            levels = [self.street.state.retailer.stock.of(int(item), shop).qoh for shop in (1, 2)]
            waiting = sum(levels) - left  # sold on the web, and not in the till: parked
            wanted = {name: max(0, left - KEPT_BACK.get(name, 0)) for name in SHOPS}
            wanted[BRANCH_SHOP] = max(0, levels[int(BRANCH) - 1] - (waiting - self._waiting_elsewhere(item)))
            for name, window in self.street.windows.items():
                if (offers := window.offers(item)) != wanted[name]:
                    wrong.append(f"{name}/{item}: {offers} of {wanted[name]}")
            at_places = list(self.street.windows[PLACES].at_places(item).values())
            fewer = all(one <= level for one, level in zip(at_places, levels, strict=True))
            if not fewer or (at_places != levels and not waiting):
                wrong.append(f"{PLACES}/{item}: {at_places} of {levels}")
        return wrong

    def _waiting_elsewhere(self, item: str) -> int:
        """Count what is parked and leaves the other location; where a shop tells no place, the branch sells."""
        _, there = self.street.windows[PLACES].places
        held = (self.street.windows[name].leaves(order_id, one) for name, order_id, one in self.unsold if one == item)
        return sum(place == there for place in held)

    def wrongly_held(self) -> list[str]:
        """Name the orders whose units are reserved in the end though they are not parked, or parked without."""
        memory = self.street.memory
        held = {reference for orders in memory.reserved.values() for reference, units in orders.items() if units}
        return sorted(held ^ self.parked())

    def parked(self) -> set[str]:
        """Name the orders that wait for a person in the end."""
        records = ((name, one) for name, orders in self.street.memory.records.items() for one in orders.values())
        return {reservation_name(name, one.order_id) for name, one in records if one.state is OrderState.PARKED}


def stock_of_a_week() -> Iterator[Figure]:
    """Play the week and count."""
    yield from figures_of(Week().play())


def figures_of(week: Week) -> Iterator[Figure]:
    """Give the rows of a week."""
    name, drift, held = "stock of a week", week.drift(), week.wrongly_held()
    note = f"{week.web} web orders, {week.till_sales} sales at the till, {len(SHOPS)} shops, 2 locations"
    causes = Counter(one.news.told_by for one in week.oversold if one.news and not one.known)
    told = "; ".join(f"{number} x {cause}" for cause, number in causes.most_common())
    yield Figure(f"{name}: units oversold", len(week.oversold), "units", note=f"{note}; not known: {told}")
    limit = CARRYING.total_seconds()
    yield Figure(f"{name}: oversold after the news, longest", longest(week.oversold), "seconds", limit)
    which = ", ".join(map(str, week.known[:3]))
    yield Figure(f"{name}: oversold that could have been known", len(week.known), "units", 0, which)
    yield Figure(f"{name}: drift at the end", len(drift), "listings", 0, "; ".join(drift[:3]))
    note = f"{len(week.parked())} orders are parked; {', '.join(held[:3])}"
    yield Figure(f"{name}: reserved wrongly at the end", len(held), "orders", 0, note)
    for in_time, how in ((True, "with a web hook"), (False, "without one in time")):
        waits = week.waits[in_time]
        yield Figure(
            f"{name}: from an order to another shop, {how}, median", median(waits), "seconds", note=f"{len(waits)}"
        )
        yield Figure(f"{name}: from an order to another shop, {how}, worst", max(waits), "seconds")
