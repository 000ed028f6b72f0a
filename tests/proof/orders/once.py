"""Thousands of orders over four shops, disturbed in every way there is: how many sales did each become?"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from sandbox.lightspeed.sale import Sale
from tests.figures import Figure
from tests.proof.line import Trouble
from tests.proof.orders.line import THROTTLED
from tests.proof.orders.market import SHOPS, Market
from tests.proof.orders.stories import Shopper, live
from tillbridge.domain.merchant import System
from tillbridge.domain.orders.order import ZERO, PlacedOrder, Standing
from tillbridge.domain.orders.record import OrderState
from tillbridge.systems.lightspeed.resources import PAGE_SIZE, STOCK_OF_ITEMS

NAME = "orders exactly once"
ORDERS = 2_000
IN_PEACE = 400
RUSH, BREAK = 10, timedelta(minutes=15)
"""So many orders come within half a minute, more than the till's limits let pass at once; then there is a break."""
OUTAGE = timedelta(hours=1)
AFTERWARDS, PATIENCE = timedelta(hours=6), timedelta(days=2)
ENDS = {OrderState.DONE, OrderState.WAITING, OrderState.CANCELLED}
DEATHS, FIRST_DEATH, TROUBLES = 0.002, 0.3, 0.03
NEWS = {"GET ShipTo", "GET Sale"}
"""What the till is asked now and then, however many orders there are."""
Books = Mapping[tuple[str, str], Sequence[Sale]]
"""The sales that count, or may come to count, by source and reference: one location sells."""


@dataclass
class Judgement:
    """What is wrong with the books, and what is parked."""

    sold: int = 0
    refunds: int = 0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    refunds_missing: list[str] = field(default_factory=list)
    refunds_doubled: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)
    wrong_money: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    parked: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[str]:
        """Name whatever is wrong."""
        orders, refunds = self.missing + self.doubled, self.refunds_missing + self.refunds_doubled
        return orders + refunds + self.left_open + self.wrong_money + self.unfinished


@dataclass
class Run:
    """One run: so many orders, with faults or without."""

    orders: int
    disturbed: bool
    thorough: bool = True  # somebody dies at every kind of step
    seed: int = 1
    market: Market = field(init=False)
    shoppers: list[Shopper] = field(init=False)

    def play(self) -> "Run":
        """Place every order, disturb what can be disturbed, and let peace return in the end."""
        self.market = market = Market(seed=self.seed)
        fronts = enumerate(market.fronts.values())
        self.shoppers = [Shopper(market, front, Random(self.seed * 100 + number)) for number, front in fronts]
        begin = market.clock.now()
        for number in range(self.orders):
            shopper = self.shoppers[number % len(self.shoppers)]
            when = begin + number // RUSH * BREAK + timedelta(seconds=3 * (number % RUSH))
            market.at(when, partial(live, shopper, str(1001 + number // len(self.shoppers))))
        last = begin + self.orders // RUSH * BREAK
        if self.disturbed:
            market.reaper.share, market.line.share = DEATHS, TROUBLES
            market.reaper.first = FIRST_DEATH if self.thorough else DEATHS
            half = begin + (last - begin) / 2
            market.line.down = (half, half + OUTAGE)
        market.run(last + AFTERWARDS)
        market.reaper.share = market.line.share = 0.0
        while market.order_marks() and market.clock.now() < last + PATIENCE:
            market.run(market.clock.now() + timedelta(minutes=30))
        return self

    def judged(self) -> Judgement:
        """Hold the till's books against what the shops say in the end."""
        found = Judgement()
        books: dict[tuple[str, str], list[Sale]] = defaultdict(list)
        for sale in self.market.sales():
            if not sale.archived and not sale.voided:
                books[sale.source, sale.reference].append(sale)
                found.left_open += [sale.reference] if sale.completed_at is None else []
        for shopper in self.shoppers:
            for order in shopper.placed.values():
                self._judge(found, shopper, order, books)
        return found

    def _judge(self, found: Judgement, shopper: Shopper, order: PlacedOrder, books: Books) -> None:
        name, source = f"{shopper.front.name}/{order.order_id}", f"{shopper.front.system.value}:{shopper.front.name}"
        of_it = {key[1]: books[key] for key in books if (key[0], key[1].split("/")[0]) == (source, order.number)}
        for reference, sales in of_it.items():
            if len(sales) > 1:
                (found.refunds_doubled if "/R" in reference else found.doubled).append(f"{name}: {reference}")
        found.sold += order.number in of_it
        found.refunds += sum("/R" in reference for reference in of_it)
        wanted = order.standing is Standing.PAID and not order.test
        record = self.market.memory.records.get(shopper.front.name, {}).get(order.order_id)
        if record is not None and record.state is OrderState.PARKED:
            found.parked[record.code] += 1
        elif wanted or record is not None:
            found.unfinished += [name] if record is None or record.state not in ENDS else []
            _judge_books(found, name, order if wanted else None, of_it)

    @property
    def spent(self) -> float:
        """Add up the cost units that selling took; asking for news now and then is not selling."""
        return sum(cost for name, cost in self.market.line.spent.items() if name not in NEWS)

    @property
    def least(self) -> float:
        """Add up what the vendor asks for the very same sales: drafted and completed in a call each, stock read whole.

        The stock of a hundred items that were sold is told by one call.
        """
        least, lines = 0.0, 0
        for sale in self.market.sales():
            if sale.counts:
                drafted = f"{sale.reference}/{sale.source}/{sale.shop_id}"
                least += self.market.line.least[drafted] + self.market.line.least[f"sale {sale.id}"]
                lines += sum(line.item_id > 0 for line in sale.lines)
        return least + lines / PAGE_SIZE * STOCK_OF_ITEMS.cost


def _judge_books(found: Judgement, name: str, order: PlacedOrder | None, of_it: Mapping[str, Sequence[Sale]]) -> None:
    """Hold what the books have of an order against what it says; ``None`` says that they are to have nothing."""
    refunds = order.refunds if order else ()
    if order and order.number not in of_it:
        found.missing.append(name)
    for refund in refunds:
        if order and f"{order.number}/R{refund.refund_id}" not in of_it:
            found.refunds_missing.append(f"{name}: {refund.refund_id}")
    due = (order.total if order else ZERO) - sum((refund.total for refund in refunds), ZERO)
    if sum((sale.total for sales in of_it.values() for sale in sales), ZERO) != due:
        found.wrong_money.append(name)


def orders_exactly_once() -> Iterator[Figure]:
    """Play orders in peace and disturbed, and count."""
    rough = Run(ORDERS, disturbed=True).play()
    yield from counted(rough, rough.judged())
    yield from disturbances(rough)
    for name, run in (("in peace", Run(IN_PEACE, disturbed=False).play()), ("disturbed", rough)):
        yield Figure(f"{NAME}: cost over the least, {name}", run.spent / run.least, "ratio", note=_spent(run))


def _spent(run: Run) -> str:
    return f"{run.spent:,.0f} of {run.least:,.0f} units"


def counted(run: Run, found: Judgement) -> Iterator[Figure]:
    """Give the rows of a run: how much was tried, and what has to be 0."""
    market, shoppers = run.market, run.shoppers
    tried = f"{len(SHOPS)} shops, {found.sold:,} sales, {found.refunds:,} refunds"
    steps = f"at {len(market.reaper.killed)} of {len(market.reaper.met)} kinds of steps"
    yield Figure(f"{NAME}: orders", run.orders, "orders", note=tried)
    yield Figure(f"{NAME}: workers killed", sum(market.deaths.values()), "deaths", note=steps)
    yield _none("without a sale", found.missing)
    yield _none("with more than one", found.doubled)
    yield _none("refunds missing", found.refunds_missing, "refunds")
    yield _none("refunds more than once", found.refunds_doubled, "refunds")
    yield _none("drafts left open", found.left_open, "sales")
    yield _none("books that say another sum", found.wrong_money)
    yield _none("neither done nor parked", found.unfinished)
    parked = ", ".join(f"{number} {code}" for code, number in found.parked.most_common())
    yield Figure(f"{NAME}: parked", sum(found.parked.values()), "orders", note=parked)
    forged = sum(one.forged + (one.sent if one.front.system is System.MAGENTO else 0) for one in shoppers)
    sent, lost = sum(one.sent for one in shoppers), sum(one.lost for one in shoppers)
    hooks = f"{forged} forged; {sent:,} sent, {market.door.taken['repeated']:,} of them repeats, and {lost:,} lost"
    yield Figure(f"{NAME}: forged hooks believed", forged - market.door.taken["refused"], "hooks", 0, hooks)


def disturbances(run: Run) -> Iterator[Figure]:
    """Count whatever disturbed a run, one row each: what never came would prove nothing."""
    market, line, shoppers = run.market, run.market.line, run.shoppers
    steps = Counter(kind.partition(": ")[2].rpartition(" ")[0] for kind in market.reaper.killed.elements())
    killed = _told(steps)
    minutes = (max(line.cut_off) - min(line.cut_off)).total_seconds() / 60 if line.cut_off else 0
    lanes = ", ".join(f"{number} in {lane.value}" for lane, number in market.deaths.most_common())
    found = (
        ("hooks forged and refused", market.door.taken["refused"], "hooks", ""),
        ("hooks lost", sum(one.lost for one in shoppers), "hooks", ""),
        ("hooks sent twice or thrice", sum(one.doubled for one in shoppers), "hooks", ""),
        ("hooks that were overtaken", sum(one.overtaken for one in shoppers), "hooks", ""),
        ("steps at which workers died", len(steps), "steps", f"{lanes}: {killed}"),
        ("calls to the till that went wrong", sum(line.struck.values()), "calls", _told(line.struck)),
        ("done at the till, and no answer", line.done_unheard.total(), "calls", _told(line.done_unheard)),
        ("throttled by the till", line.struck[THROTTLED] + line.struck[Trouble.TOO_OFTEN.told], "calls", ""),
        ("without a till", minutes, "minutes", f"from the first to the last of {len(line.cut_off)} calls refused"),
    )
    for what, number, unit, note in found:
        yield Figure(f"{NAME}: {what}", number, unit, 1, note, at_least=True)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())


def _none(what: str, met: Sequence[str], unit: str = "orders") -> Figure:
    return Figure(f"{NAME}: {what}", len(met), unit, 0, ", ".join(met[:3]))
