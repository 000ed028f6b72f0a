"""The work of the lane ``orders``: every order that is due, one after the other, and none waits for another's trouble.

| what fails                | what becomes of the order        | and of the others                             |
|---------------------------|----------------------------------|-----------------------------------------------|
| the order itself          | parked, looked at now and then   | they go on                                    |
| its shop, for this order  | marked again, growing pause      | they go on                                    |
| its shop, for several     | marked again                     | those of other shops go on                    |
| the till, for this order  | marked again, growing pause      | they go on: the till has answered for others  |
| the till altogether       | stays marked, behind the others  | the wake fails and comes again                |
| the right to sell         | parked                           | so are they, and the stock lane goes on       |
| we stumble over it        | parked as unforeseen             | they go on                                    |
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.errors import (
    BrokenConnectionError,
    ItemRejectedError,
    MissingRightError,
    RetryLaterError,
    ThrottledError,
    TillbridgeError,
)
from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.orders.record import of_mark
from tillbridge.domain.pauses import LONGEST, pause_after
from tillbridge.domain.work import Mark
from tillbridge.flows.gathered import gathered
from tillbridge.flows.import_orders.importer import SEVERAL, OrderImporter
from tillbridge.flows.import_orders.one_order import Outcome, import_order
from tillbridge.flows.import_orders.park import UnforeseenError, note_trouble, park
from tillbridge.flows.import_orders.visit import OrderChangedError, ShopTroubleError, Visit
from tillbridge.flows.lane_fence import LaneHaltedError, LaneTakenError
from tillbridge.flows.shopkeeper import by_key, merged

ROUND = 100
LONGEST_PAUSE = timedelta(minutes=10)
"""A system that has recovered is asked again for an order by then."""
PARKED_PAUSE = timedelta(minutes=10)
"""A parked order is looked at again after that, and after ever longer times: what it waits for may have come."""
ANEW = 3
"""How often an order is looked at afresh because somebody else has changed its record."""

MISTAKES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What our own mistakes look like. One that only one order brings out must not stop the others."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one wake did. ``finished`` is false when orders that are due were left for the next."""

    looked_at: int = 0
    parked: int = 0
    failed: int = 0
    finished: bool = True


def import_orders(importer: OrderImporter, stumbled: Callable[[Exception], None] = lambda _: None) -> ImportReport:
    """Work through the orders that are due, until none is or time is up; ``stumbled`` hears of our own mistakes.

    Raises what the till itself cannot do for now (``RetryLaterError``, ``BrokenConnectionError``); marks stay.
    Shops are woken once for many orders: a sale changes hardly any figure, since its units were reserved before.
    """
    with gathered(importer.fanout.lanes, importer.clock) as wakes:
        return _import(replace(importer, fanout=replace(importer.fanout, lanes=wakes)), stumbled)


def _import(importer: OrderImporter, stumbled: Callable[[Exception], None]) -> ImportReport:
    work = _Work(importer, stumbled)
    while not importer.out_of_time():
        marks = importer.marks.due(importer.till_id, Lane.ORDERS, importer.clock.now(), ROUND)
        if not marks:
            return work.report(finished=True)
        importer.fence.hold()
        for key, met in _fresh_first(by_key(marks)):
            if importer.out_of_time():
                return work.report(finished=False)
            work.deal_with(key, met)
    return work.report(finished=False)


@dataclass(slots=True)
class _Work:
    """The orders of one wake."""

    importer: OrderImporter
    stumbled: Callable[[Exception], None]
    looked_at: int = 0
    parked: int = 0
    failed: int = 0
    unheard: int = 0  # orders for which the till did not answer, and it has answered for none

    def report(self, *, finished: bool) -> ImportReport:
        return ImportReport(self.looked_at, self.parked, self.failed, finished)

    def deal_with(self, key: str, marks: Sequence[Mark]) -> None:
        """Look at one order, and mark it for later if it is to be looked at again."""
        shop = self.importer.shops.get(of_mark(key)[0])
        if shop is None:  # disconnected: nobody can read the order any more
            self._done(marks)
        elif not shop.working:
            self._later(marks)
        elif self.importer.hearing.silent(shop.connection_id):
            self._later(marks, failed=False)
        else:
            self.looked_at += 1
            self._look(shop, key, marks)

    def _look(self, shop: Connection, key: str, marks: Sequence[Mark]) -> None:
        try:
            outcome = self._looked_at(shop, of_mark(key)[1], doubt=any(mark.doubt for mark in marks))
        except ShopTroubleError as trouble:
            self._in_shop(shop, key, marks, trouble)
        except OrderChangedError:
            self._failed(marks)
        except RetryLaterError as error:
            if not self._goes_on(shop, key, marks, error):
                raise
        except (BrokenConnectionError, LaneHaltedError):
            raise
        except TillbridgeError as error:  # a row of its own that cannot be read: the others go on
            self.stumbled(error)
            self._failed(marks)
        else:
            self._came_of(outcome, marks)

    def _in_shop(self, shop: Connection, key: str, marks: Sequence[Mark], trouble: ShopTroubleError) -> None:
        """Have it looked at later; a right that is missing does not come back by itself, and is told."""
        if isinstance(trouble.cause, MissingRightError):
            self._came_of(self._aside(shop, of_mark(key)[1], trouble.cause), marks)
            return
        self.importer.hearing.failed(shop.connection_id)
        self._failed(marks)

    def _came_of(self, outcome: Outcome, marks: Sequence[Mark]) -> None:
        match outcome:
            case Outcome.PARKED:
                self._parked(marks)
            case Outcome.OWED:
                self._later(marks, least=PARKED_PAUSE, longest=LONGEST)
            case Outcome.UNROUTED:
                self._later(marks, failed=False)
            case Outcome.FINISHED:
                self._done(marks)

    def _aside(self, shop: Connection, order_id: str, error: TillbridgeError) -> Outcome:
        """Park an order without asking the till any more; should there be an open draft, it stays for now."""
        park(Visit.begin(self.importer, shop, order_id), error, tidy=False)
        return Outcome.PARKED

    def _parked(self, marks: Sequence[Mark]) -> None:
        self.parked += 1
        self._later(marks, least=PARKED_PAUSE, longest=LONGEST)

    def _looked_at(self, shop: Connection, order_id: str, *, doubt: bool) -> Outcome:
        """Look at an order, afresh as long as somebody else changes its record meanwhile."""
        for last in (False,) * (ANEW - 1) + (True,):
            try:
                return import_order(Visit.begin(self.importer, shop, order_id), doubt=doubt)
            except OrderChangedError:
                if last:
                    raise
            except (ItemRejectedError, MissingRightError) as error:  # it cannot be parked neatly, or not be sold at all
                return self._aside(shop, order_id, error)
            except MISTAKES as mistake:
                self.stumbled(mistake)
                return self._aside(shop, order_id, UnforeseenError(mistake))
        raise OrderChangedError

    def _failed(self, marks: Sequence[Mark]) -> None:
        self.failed += 1
        self._later(marks)

    def _done(self, marks: Sequence[Mark]) -> None:
        self.importer.marks.remove(self.importer.till_id, Lane.ORDERS, marks)

    def _goes_on(self, shop: Connection, key: str, marks: Sequence[Mark], error: RetryLaterError) -> bool:
        """Tell whether the till's trouble may be that of this order alone, so that the wake goes on with the others."""
        if isinstance(error, LaneTakenError | ThrottledError):
            return False
        if self.importer.hearing.till:
            note_trouble(Visit.begin(self.importer, shop, of_mark(key)[1]), error)
            self._failed(marks)
            return True
        self.unheard += 1
        self._behind(marks)
        return self.unheard < SEVERAL

    def _behind(self, marks: Sequence[Mark]) -> None:
        """Have the others go first from now on, without a pause."""
        if not _failed_before(marks):
            self.importer.marks.add(self.importer.till_id, Lane.ORDERS, [merged(marks, self.importer.clock.now(), 1)])
            self._done(marks)

    def _later(
        self,
        marks: Sequence[Mark],
        *,
        failed: bool = True,
        least: timedelta = timedelta(),
        longest: timedelta = LONGEST_PAUSE,
    ) -> None:
        """Mark an order for later, with a pause that grows with its own failures; the new mark comes first."""
        tries = max(mark.tries for mark in marks) + failed
        pause = max(least, min(pause_after(tries), longest))
        again = merged(marks, self.importer.clock.now() + pause, tries)
        self.importer.marks.add(self.importer.till_id, Lane.ORDERS, [again])
        self._done(marks)


def _fresh_first(orders: Mapping[str, Sequence[Mark]]) -> Sequence[tuple[str, Sequence[Mark]]]:
    """Put orders that have failed before behind the others, which they would hold up."""
    return sorted(orders.items(), key=lambda entry: _failed_before(entry[1]))


def _failed_before(marks: Sequence[Mark]) -> bool:
    return any(mark.tries for mark in marks)


def mark_order(importer: OrderImporter, key: str) -> None:
    """Have an order looked at."""
    now = importer.clock.now()
    importer.marks.add(importer.till_id, Lane.ORDERS, [Mark(key, since=now, due_at=now)])
