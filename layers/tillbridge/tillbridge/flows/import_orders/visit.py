"""One look at one order: its record, read once and written in the place of what was read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tillbridge.domain.errors import BrokenConnectionError, ItemRejectedError, RetryLaterError, TillbridgeError
from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import private_texts
from tillbridge.domain.orders.record import OrderRecord
from tillbridge.domain.orders.rules import OrderRules, UnlinkedRule
from tillbridge.domain.work import Mark
from tillbridge.flows.import_orders.discretion import discreet
from tillbridge.flows.import_orders.importer import OrderImporter
from tillbridge.flows.import_orders.ports import source_name
from tillbridge.flows.lane_fence import LaneTakenError
from tillbridge.systems.order_desk import OrderDesk

ARRIVED_BY_THEN = timedelta(minutes=2)
"""A request whose answer never came has had its effect by then, or never has one."""

UNBOUNDED = Decimal(10**9)
"""By how much a sale may differ from its order when a person has seen the difference."""


class OrderChangedError(TillbridgeError):
    """Somebody else has changed the order's record meanwhile: it is looked at afresh."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The order's record was changed meanwhile.", remedy="Nothing; it is looked at afresh.")


class ShopTroubleError(TillbridgeError):
    """The order's shop, not the till, cannot go on for now; ``cause`` is what it said."""

    def __init__(self, cause: TillbridgeError) -> None:
        """Take the shop's own error."""
        super().__init__(cause.happened, remedy=cause.remedy, code=cause.code, request_id=cause.request_id)
        self.cause = cause


@dataclass(slots=True, kw_only=True)
class Visit:
    """An order that is being dealt with. ``stored`` is what the table has of it, ``None`` for a new one."""

    importer: OrderImporter
    shop: Connection
    record: OrderRecord
    stored: OrderRecord | None
    private: frozenset[str] = field(default=frozenset(), repr=False)  # what tells who buys, once the order is read

    @classmethod
    def begin(cls, importer: OrderImporter, shop: Connection, order_id: str) -> "Visit":
        """Read what is known of an order."""
        stored = importer.records.get(shop.connection_id, [order_id]).get(order_id)
        now = importer.clock.now()
        fresh = OrderRecord(shop=shop.connection_id, order_id=order_id, seen_at=now, changed_at=now)
        return cls(importer=importer, shop=shop, record=stored or fresh, stored=stored)

    def anew(self) -> "Visit":
        """Look at the same order afresh."""
        return Visit.begin(self.importer, self.shop, self.record.order_id)

    @property
    def source(self) -> str:
        """Name the shop as sales of the till do."""
        return source_name(self.shop)

    def rules(self) -> OrderRules:
        """Give the merchant's choices; of what a person has let pass, no difference and no missing link stops it."""
        rules = self.importer.rules_of(self.shop.connection_id)
        return replace(rules, unlinked=UnlinkedRule.LINE, rounding=UNBOUNDED) if self.record.let_pass else rules

    def save(self, record: OrderRecord) -> None:
        """Write the record in the place of what was read; ``OrderChangedError``, ``LaneTakenError``."""
        self.importer.fence.prove()
        stored = self.importer.records.put(record, self.stored)
        if stored is None:
            raise OrderChangedError
        self.record = self.stored = stored

    def doubt(self) -> None:
        """Have the till searched once more for this order, when whatever is on its way has arrived."""
        importer, now = self.importer, self.importer.clock.now()
        again = Mark(self.record.key, since=now, due_at=now + ARRIVED_BY_THEN, doubt=True)
        importer.marks.add(importer.till_id, Lane.ORDERS, [again])

    @contextmanager
    def ours(self) -> Iterator[None]:
        """Record what we did in the till; when somebody else has the order by now, have the till searched for it."""
        try:
            yield
        except (OrderChangedError, LaneTakenError):
            self.doubt()
            raise

    def noting(self, what: str, request_id: str = "", **changes: Any) -> OrderRecord:  # noqa: ANN401  fields of the record
        """Give the record with changes and one more entry in its history."""
        changed = replace(self.record, **changes)
        return changed.noting(what, self.importer.clock.now(), request_id)

    @contextmanager
    def asking_the_shop(self) -> Iterator[OrderDesk]:
        """Tell the shop's trouble from the till's; what it says of this one order goes on as it is."""
        try:
            with discreet(lambda: self.private):
                yield self.importer.desk_of(self.shop)
        except LaneTakenError:  # ours, not the shop's
            raise
        except (RetryLaterError, BrokenConnectionError) as error:
            raise ShopTroubleError(error) from error
        except ItemRejectedError:
            self.importer.hearing.answered(self.shop.connection_id)
            raise
        self.importer.hearing.answered(self.shop.connection_id)

    def read(self) -> PlacedOrder | None:
        """Read the order from its shop, with the standing that the merchant's settings make of it."""
        rules = self.rules()
        with self.asking_the_shop() as desk:
            order = desk.order(self.record.order_id, places=rules.places_matter)
        if order is None:
            return None
        self.private = private_texts(order.buyer, order.deliver_to)
        return replace(order, standing=rules.standing(order.status, order.standing))
