"""What a web hook leads to. A hook is a hint: it never carries a figure into the books, it only says where to look."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.product import ListingRef
from tillbridge.domain.stock import Quantity
from tillbridge.domain.work import Mark

if TYPE_CHECKING:  # a shop waits for the intake to start, so that it loads little
    from tillbridge.flows.ports import Clock, Lanes, Marks, Shelves

GENERATION = "hook_generation"
"""The trait that names the root of which a connection's hook secret was made; none while it has one of its own."""


class HookKind(StrEnum):
    """What a verified hook is about."""

    ORDER = "order"
    PRODUCT = "product"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hook:
    """A verified hook in no shop's own words. ``quantity`` is what the shop says it shows, ``None`` if untracked."""

    kind: HookKind
    ref: ListingRef | None = None
    quantity: Quantity | None = None


class Effect(StrEnum):
    """What a hook led to; also the name of its metric."""

    LOOK_AT_ORDERS = "HookOrders"
    LOOK_AT_STOCK = "HookDrift"
    ECHO = "HookEcho"
    IGNORED = "HookIgnored"
    REPEATED = "HookRepeated"  # it had come before and led to something else then
    GREETED = "HookGreeted"  # a shop's first call, which says nothing


@dataclass(frozen=True, slots=True)
class HookDesk:
    """Decides what a hook leads to; most hooks about products are echoes of our own writes and lead to nothing."""

    shelves: "Shelves"
    marks: "Marks"
    lanes: "Lanes"
    clock: "Clock"

    def take(self, connection: Connection, hook: Hook) -> Effect:
        """Wake whoever has to look."""
        match hook.kind:
            case HookKind.ORDER:
                self.lanes.wake(connection, Lane.STOCK, "orders")
                return Effect.LOOK_AT_ORDERS
            case HookKind.PRODUCT if hook.ref is not None:
                return self._compare(connection, hook.ref, hook.quantity)
            case _:
                return Effect.IGNORED

    def _compare(self, connection: Connection, ref: ListingRef, shown: Quantity | None) -> Effect:
        """Tell an echo from a change that somebody made in the shop.

        A listing that is in trouble waits for its next try already. Looking at once would write, the write would send
        a hook, and the growing pause between tries would be none.
        """
        shop = connection.connection_id
        item_id = self.shelves.at(shop, [ref]).get(ref)
        shelf = self.shelves.get(shop, [item_id]).get(item_id) if item_id else None
        if item_id is None or shelf is None or not shelf.tracked or shelf.problem_code:
            return Effect.IGNORED
        if shown is not None and shelf.known == shown:
            return Effect.ECHO
        now = self.clock.now()
        self.marks.add(shop, Lane.STOCK, [Mark(item_id, since=now, due_at=now, doubt=True, shown=shown)])
        self.lanes.wake(connection, Lane.STOCK)
        return Effect.LOOK_AT_STOCK
