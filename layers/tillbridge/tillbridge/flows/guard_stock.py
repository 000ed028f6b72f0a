"""The guard of the stock lane: a listing that goes to zero loses sales at once, so surprising zeros are doubted.

A zero is surprising when many listings go to zero within an hour, when the item is a fast seller, or when the listing
showed a lot a moment ago. If the till itself says zero, it is asked a second time for just these items, and the zero is
written once that reading confirms it. Only then the bound on zeroed listings decides whether a person has to look.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tillbridge.domain.guard import Change, Kind, most
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import ListingRef, StockWrite
from tillbridge.domain.stock import Quantity, StockFigure
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.fanout import RECHECK, Fanout
from tillbridge.flows.guard import Guard, Judged
from tillbridge.flows.plan_stock import PlannedStock
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.systems.shop import ObservedVariant

MANY = Decimal(10)
"""Per cent of the listings that may go to zero within an hour before each further one is surprising."""

A_LOT = 10
"""Units that no listing loses at once without being asked about."""

READING_LASTS = timedelta(minutes=15)

Observe = Callable[[Sequence[ListingRef]], Mapping[ListingRef, ObservedVariant]]
"""Reads listings back from the shop."""


@dataclass(frozen=True, slots=True)
class PassedStock:
    """The writes that may be sent, how many began to be held, and how many zeros wait for a second reading.

    ``guard`` has to be told what the shop has acknowledged.
    """

    guard: Guard
    writes: tuple[StockWrite, ...]
    held: int
    asked_again: int


@dataclass(frozen=True, slots=True)
class JudgedStock:
    """What must wait: for a person, as ``judged`` says, or for a second reading; ``asked`` counts new requests."""

    judged: Judged
    unsure: tuple[str, ...]
    asked: int

    def passing(self, planned: PlannedStock) -> tuple[StockWrite, ...]:
        """List the writes that may be sent."""
        stopped = self.judged.held.union(self.unsure)
        return tuple(write for write in planned.writes if write.item_id not in stopped)


def screen_stock(
    keeper: ShopKeeper,
    fanout: Fanout,
    marks: Mapping[str, Sequence[Mark]],
    shelves: Mapping[str, Shelf],
    planned: PlannedStock,
    asked: Collection[str],
) -> PassedStock:
    """Let through what may be written; the marks of the other items are gone. For ``asked`` see ``judge_stock``."""
    guard = Guard.of_round(keeper, Lane.STOCK, marks)
    found = judge_stock(guard, shelves, planned, asked, keeper.observe)
    screened = guard.hold(found.judged)
    _ask_again(keeper, fanout, shelves, {key: marks[key] for key in found.unsure})
    return PassedStock(guard, found.passing(planned), screened.fresh, len(found.unsure))


def judge_stock(
    guard: Guard,
    shelves: Mapping[str, Shelf],
    planned: PlannedStock,
    asked: Collection[str],
    observe: Observe | None,
) -> JudgedStock:
    """Say which writes must wait, and for whom; nothing is written.

    ``asked`` are the items that wait for a second reading, listed before the marks of this round were: an answer turns
    a request into a mark, so that what has left the list is among the marks, and no part of one change is missed.
    Without ``observe`` a listing of which we know nothing is taken to show something: rather too many are held.
    """
    wishes = {write.item_id: decimal_text(Decimal(write.quantity)) for write in planned.writes}
    resting = guard.resting(wishes)
    zeros = [
        write
        for write in planned.writes
        if _zeroes(write) and not guard.allowed(write.item_id) and write.item_id not in resting
    ]
    # Items that were asked about together may come back one after the other; they are still one change.
    asked = set(asked)
    doubtful = _doubtful(guard, zeros, asked, shelves, planned.figures)
    confirmed = _confirmed(guard, doubtful)
    unsure = [key for key in doubtful if key not in confirmed]
    sure = {write.item_id for write in zeros}.difference(unsure)
    waiting = len(asked.union(unsure) - sure) + guard.ahead.asked
    changes = _shown_zeros(guard, [write for write in zeros if write.item_id not in unsure], waiting, observe)
    judged = guard.decide(changes, set(guard.marks).difference(unsure, planned.unread), wishes, waiting)
    return JudgedStock(judged, tuple(unsure), len(set(unsure) - asked))


def _zeroes(write: StockWrite) -> bool:
    """Tell whether a listing goes to zero, as far as we know."""
    return write.quantity <= 0 and (write.known is None or write.known > 0)


def _doubtful(
    guard: Guard,
    zeros: Sequence[StockWrite],
    asked: set[str],
    shelves: Mapping[str, Shelf],
    figures: Mapping[str, StockFigure],
) -> list[str]:
    """Name the surprising zeros that the till itself tells of; one that waits for a second reading stays surprising."""
    keeper = guard.keeper
    now = keeper.clock.now()
    doubtful = [write for write in zeros if write.item_id not in guard.held and _till_says(figures[write.item_id])]
    if doubtful and not _many(guard, len(asked.union(write.item_id for write in zeros))):
        doubtful = [
            write
            for write in doubtful
            if write.item_id in asked
            or shelves[write.item_id].pace.fast(now)
            or (write.known is not None and write.known >= A_LOT)
        ]
    return [write.item_id for write in doubtful]


def _confirmed(guard: Guard, keys: Sequence[str]) -> set[str]:
    """Name those of which a second reading, later than any change that we know of, has said the same."""
    keeper = guard.keeper
    answers, now = keeper.rechecks.answers(keeper.till_id, keys), keeper.clock.now()
    return {
        key
        for key, at in answers.items()
        if at > now - READING_LASTS and at >= max(mark.since for mark in guard.marks[key])
    }


def _till_says(figure: StockFigure) -> bool:
    """Tell whether the till itself has none: terms with a time are readings, the others rules and web orders."""
    return sum(term.amount for term in figure.terms if term.at is not None) <= 0


def _many(guard: Guard, zeros: int) -> bool:
    """Tell whether so many zeros within an hour are surprising by themselves."""
    floor = guard.keeper.settings.guard_floor
    total = zeros + guard.ahead.asked + guard.seen(Kind.ZEROED)
    return total > floor and total > most(MANY, guard.listings(), floor)


def _shown_zeros(guard: Guard, zeros: Sequence[StockWrite], waiting: int, observe: Observe | None) -> list[Change]:
    """Describe the zeros. Before any is held, the shop is asked what it shows of those of which we know nothing."""
    changes = [_change(write, write.known) for write in zeros]
    unknown = [write for write in zeros if write.known is None and write.item_id not in guard.held]
    if observe is None or not unknown or not guard.judge(changes, waiting).held:
        return changes
    seen = observe([write.ref for write in unknown])
    shown = {write.item_id: row.quantity for write in unknown if (row := seen.get(write.ref)) and row.quantity}
    return [
        _change(write, shown.get(write.item_id, write.known))
        for write in zeros
        if write not in unknown or shown.get(write.item_id, 0) > 0
    ]


def _change(write: StockWrite, known: Quantity | None) -> Change:
    old = "" if known is None else str(known)
    return Change(write.item_id, Kind.ZEROED, field="stock", old=old, new=str(write.quantity))


def _ask_again(
    keeper: ShopKeeper, fanout: Fanout, shelves: Mapping[str, Shelf], marks: Mapping[str, Sequence[Mark]]
) -> None:
    """Turn marks into requests for second readings, which the till's worker turns into marks again.

    What the marks said against our knowledge is kept on the shelf. The request is written before the mark goes, so that
    a crash costs a second look and never a change.
    """
    if not marks:
        return
    doubted = [shelves[key] for key, mine in marks.items() if any(mark.doubt for mark in mine)]
    keeper.shelves.put(keeper.shop_id, doubted, moved=False)
    keeper.rechecks.ask(keeper.till_id, marks)
    keeper.marks.remove(keeper.shop_id, Lane.STOCK, [mark for mine in marks.values() for mark in mine])
    fanout.wake_till(keeper.merchant.merchant_id, RECHECK)
