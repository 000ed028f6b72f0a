"""Web hooks are hints: whichever are lost, late, doubled or reordered, books and reservations end up the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fakes.world import SHOP, TILL
from tests.proof.orders.stories import as_web_order, cancelled, edited, paid, refunded
from tests.unit.domain.order_samples import placed
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import PlacedOrder, Standing
from tillbridge.domain.orders.record import SALE
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.flows.import_orders.sweep import wake_if_due
from tillbridge.flows.schedule import SWEEP
from tillbridge.flows.take_hook import Effect, Hook, HookDesk, HookKind

pytestmark = pytest.mark.unit

CHANGES: dict[str, Callable[[PlacedOrder, int], PlacedOrder]] = {
    "paid": lambda order, _: paid(order),
    "edited": lambda order, _: edited(order) if not order.refunds else order,
    "goods back": lambda order, number: refunded(order, f"r{number}", restocked=True),
    "money back": lambda order, number: refunded(order, f"r{number}", restocked=False),
    "cancelled": lambda order, _: cancelled(order),
}


@dataclass(frozen=True)
class Change:
    """Something happens to an order some seconds after the last change; ``hooks`` tell so many seconds later."""

    what: str
    order: str
    after: int
    hooks: tuple[int, ...] = ()


changes = st.lists(
    st.builds(
        Change,
        st.sampled_from([*CHANGES]),
        st.sampled_from(("1001", "1002")),
        st.sampled_from((0, 0, 1, 7, 45, 400)),
        st.lists(st.sampled_from((0, 0, 1, 20, 90, 1000)), max_size=3).map(tuple),
    ),
    max_size=8,
)


class Story(CounterWorld):
    """One shop's orders, hooks on their way, and the sweep; every wake is served as soon as it is sent."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.change_settings(orders=OrderSettings(since=NOON - timedelta(days=1)))
        self.on_the_way: list[Any] = []
        self.clock.advance(seconds=1)
        self.book().look(self.keeper())
        self.lanes.woken.clear()

    def tell(self, order: PlacedOrder) -> None:
        """Have the order stand so from now on, by a clock of whole seconds."""
        order = replace(order, changed_at=self.clock.now().replace(microsecond=0))
        self.desk.put(order)
        others = [one for one in self.shop.orders if one.order_id != order.order_id]
        self.shop.orders = [*others, as_web_order(order)]

    def until(self, moment: Any) -> None:
        """Let time pass, with a sweep every five minutes and whatever hook arrives meanwhile."""
        while True:
            sweep = NOON + SWEEP * ((self.clock.now() - NOON) // SWEEP + 1)
            at = min([moment, sweep, *self.on_the_way])
            self.clock.time = max(self.clock.now(), at)
            if at in self.on_the_way:
                self.on_the_way.remove(at)
                assert self._hook() is Effect.LOOK_AT_ORDERS
            elif at == sweep and sweep <= moment:
                self.lanes.wake(self.memory.connections[SHOP], Lane.STOCK, "orders")
            else:
                return
            self._serve()

    def _hook(self) -> Effect:
        keeper = self.keeper()
        desk = HookDesk(keeper.shelves, keeper.marks, self.lanes, self.clock)
        return desk.take(keeper.connection, Hook(HookKind.ORDER))

    def _serve(self) -> None:
        while self.lanes.woken:
            name, lane, task = self.lanes.woken.pop(0)
            if (name, lane, task) == (SHOP, Lane.STOCK, "orders"):
                self.book().look(self.keeper())
                wake_if_due(self.keeper(), self.fanout())
            elif (name, lane) == (TILL, Lane.ORDERS):
                self.work()

    def outcome(self) -> dict[str, object]:
        """Tell what is in the books and what is reserved, whatever the way to it."""
        known = {one: self.record(one) for one in ("1001", "1002")}
        return {
            "money": sum((sale.total for sale in self.completed()), Decimal(0)),
            "stock": self.on_hand("1"),
            "reserved": {one: self.reserved(one) for one in known},
            "sales": max(sum(one.kind == SALE for one in record.completed) for record in known.values() if record),
            "open": [sale.sale_id for sale in self.counter.counting() if not sale.completed],
            "waiting": self.order_marks(),
        }


def played(story: Sequence[Change], *, hooks: bool) -> dict[str, object]:
    world = Story()
    for one in ("1001", "1002"):
        world.tell(placed(one, standing=Standing.AWAITING, status="pending"))
    for number, change in enumerate(story):
        world.until(world.clock.now() + timedelta(seconds=change.after))
        order = world.desk.orders[change.order]
        if not order.cancelled:
            world.tell(CHANGES[change.what](order, number))
        world.on_the_way += [world.clock.now() + timedelta(seconds=late) for late in change.hooks if hooks]
    world.until(world.clock.now() + timedelta(hours=1))
    return world.outcome()


TWICE_IN_A_SECOND = [
    Change("paid", "1001", 1, (0,)),
    Change("money back", "1001", 45, (0,)),  # seen at once, as its hook comes
    Change("money back", "1001", 0),
]


@settings(max_examples=60, deadline=None)
@given(changes)
@example(TWICE_IN_A_SECOND)
def test_any_hooks_lead_to_the_same_as_none(story: list[Change]) -> None:  # invariant 2
    with_hooks, without = played(story, hooks=True), played(story, hooks=False)
    for told in (with_hooks, without):
        assert told.pop("sales") in {0, 1}, "a cancelled order may have been sold before, and given back"
    assert with_hooks == without
    assert (with_hooks["open"], with_hooks["waiting"]) == ([], [])


def test_the_story_can_tell_a_difference() -> None:
    """Without the sweep, lost hooks would be lost orders."""
    story = [Change("paid", "1001", 7), Change("goods back", "1001", 45)]
    outcome = played(story, hooks=False)
    assert (outcome["money"], outcome["stock"], outcome["sales"]) == (Decimal("5.00"), 9, 1)
