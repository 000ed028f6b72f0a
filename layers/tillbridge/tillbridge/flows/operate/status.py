"""How each connection is, how far its reads have come, and what waits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.merchant import SHOP_LANES, Connection, ConnectionState, Lane, Merchant
from tillbridge.domain.work import Mark, Run
from tillbridge.flows.freshness import verified_share
from tillbridge.flows.full_read import DONE, FULL_READ, HAND_OVER, ITEMS, MISSING
from tillbridge.flows.import_orders.park import parked_orders
from tillbridge.flows.import_orders.ports import OrderRecords
from tillbridge.flows.operate.answers import (
    ConnectionStatus,
    MerchantStatus,
    OrdersAnswer,
    ReadAnswer,
    ReconcileAnswer,
    WaitingAnswer,
)
from tillbridge.flows.operate.asked import noted
from tillbridge.flows.operate.register import Portion, Register, connection_answer
from tillbridge.flows.operate.unlinked import UnlinkedBook
from tillbridge.flows.ports import Clock, Cursors, Deadline, Marks, Runs
from tillbridge.flows.ports_guard import Holds, Rechecks
from tillbridge.flows.pull import CURSORS
from tillbridge.flows.reconcile import GONE, RECONCILE, RECONCILED, VERIFIED, drift_of, repaired_of
from tillbridge.flows.web_orders import ORDERS

COUNTED = 5000
"""Marks that are counted at most: as many as are read in a fraction of a second."""


def _none_known(_: str) -> str:
    """Know of no grant that has died."""
    return ""


@dataclass(frozen=True, slots=True)
class StatusDesk:
    """Looks and changes nothing. ``evidence`` says what shows why the grant of a connection has died."""

    register: Register
    cursors: Cursors
    runs: Runs
    marks: Marks
    holds: Holds
    rechecks: Rechecks
    unlinked: UnlinkedBook
    records: OrderRecords
    clock: Clock
    evidence: Callable[[str], str] = _none_known

    def show(self, merchant_id: str | None, after: str | None, deadline: Deadline) -> Portion[MerchantStatus]:
        """Show one merchant, or everybody."""
        return self.register.each(merchant_id, after, deadline, lambda merchant: [self._merchant(merchant)])

    def _merchant(self, merchant: Merchant) -> MerchantStatus:
        return MerchantStatus(
            merchant=merchant.merchant_id,
            name=merchant.name,
            connections=tuple(self._connection(merchant, connection) for connection in self.register.of(merchant)),
        )

    def _connection(self, merchant: Merchant, connection: Connection) -> ConnectionStatus:
        name = connection.connection_id
        till = connection.system.is_till
        run = self.runs.get(name, FULL_READ) if till else None
        return ConnectionStatus(
            connection=connection_answer(connection),
            polled_to=dict(self._polled(name, CURSORS if till else (ORDERS,))),
            answered=dict(self._answered(name)),
            read=read_answer(run) if run else None,
            lanes=None if till else {lane: self._waiting(name, lane) for lane in SHOP_LANES},
            holds=0 if till else len(self.holds.unsettled(name)),
            second_readings=len(self.rechecks.asked(name)) if till else 0,
            unlinked_orders=0 if till else len({units.number for units in self.unlinked.units(name)}),
            reconcile=None if till else self._reconcile(name),
            verified_share=None if till else self._share(name),
            evidence=self.evidence(name) if till and connection.state is ConnectionState.BROKEN else "",
            orders=self._orders(merchant, name) if till else None,
        )

    def _orders(self, merchant: Merchant, till: str) -> OrdersAnswer | None:
        """Count what waits on the lane that sells; without the import nothing does, unless it was turned off since."""
        waiting = self._waiting(till, Lane.ORDERS)
        imported = merchant.settings.orders.imported
        if not imported and not waiting.waiting:
            return None
        shops = [shop.connection_id for shop in self.register.shops(merchant)]
        return OrdersAnswer(imported=imported, lane=waiting, parked=parked_orders(self.records, shops))

    def _reconcile(self, shop: str) -> ReconcileAnswer | None:
        run = self.runs.get(shop, RECONCILE)
        return reconcile_answer(run) if run else None

    def _share(self, shop: str) -> float | None:
        done = self.runs.get(shop, RECONCILED)
        return round(verified_share(done, self.clock.now()), 3) if done else None

    def _polled(self, connection: str, names: Sequence[str]) -> Iterator[tuple[str, datetime]]:
        for name in names:
            if cursor := self.cursors.get(connection, name):
                yield name, cursor.since

    def _answered(self, connection: str) -> Iterator[tuple[Lane, datetime]]:
        for lane in Lane:
            if at := noted(self.runs, connection, lane):
                yield lane, at

    def _waiting(self, shop: str, lane: Lane) -> WaitingAnswer:
        return waiting_answer(self.marks.waiting(shop, lane, COUNTED), self.clock.now())


def waiting_answer(marks: Sequence[Mark], now: datetime) -> WaitingAnswer:
    """Count by what is waited for: a key that was marked twice waits once."""
    return WaitingAnswer(
        waiting=len({mark.key for mark in marks}),
        more=len(marks) >= COUNTED,
        due=len({mark.key for mark in marks if mark.due_at <= now and not mark.tries}),
        failing=len({mark.key for mark in marks if mark.tries}),
        oldest=min((mark.since for mark in marks), default=None),
        next_at=min((mark.due_at for mark in marks), default=None),
    )


def read_answer(run: Run) -> ReadAnswer:
    """Show how far a full read is."""
    return ReadAnswer(
        phase=run.phase,
        rows=run.done,
        share=_share(run),
        handed_over=run.marked,
        first=run.first,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def reconcile_answer(run: Run) -> ReconcileAnswer:
    """Show how far a reconcile is and what it found."""
    return ReconcileAnswer(
        phase=run.phase,
        listings=run.done,
        verified=run.counts.get(VERIFIED, 0),
        drift={lane: drift_of(run, lane) for lane in SHOP_LANES},
        repaired={lane: repaired_of(run, lane) for lane in SHOP_LANES},
        gone=run.counts.get(GONE, 0),
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _share(run: Run) -> float:
    """Tell how far the items are, by their ids: the only cheap measure there is (``Till.last_item_id``)."""
    if run.phase in {MISSING, HAND_OVER, DONE}:
        return 1.0
    if run.phase != ITEMS or int(run.last) == 0:
        return 0.0
    return round(min(1.0, int(run.after) / int(run.last)), 3)
