"""A web order is counted once in every shop, by whoever counts it: the shop itself, the till, or a reservation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.world import TILL
from tests.proof.orders.street import Street
from tests.proof.orders.week import BRANCH_SHOP, KEPT_BACK, PLACES, choose
from tests.proof.orders.windows import EXTRA, MagentoWindow
from tillbridge.domain.orders.record import OrderState

EACH = 5
"""Units at each of two locations; orders are rung up at the first."""
FATES = ("shipped", "cancelled", "parked and shipped", "parked and cancelled")
REFUNDED = ("magento", "parked and cancelled")
"""Magento cancels nothing that is paid: the order is refunded, and a sale and a refund of it have yet to be rung up."""
Goods = dict[tuple[str, str], str]
"""The item of which a shop has sold a unit, by shop and fate."""


def shown(street: Street, item: str, left: int) -> dict[str, tuple[int, int]]:
    """Tell what each shop offers of an item, and what it should offer of what is left."""
    wanted = {name: left - KEPT_BACK.get(name, 0) for name in street.windows} | {BRANCH_SHOP: left - EACH}
    return {name: (window.offers(item), wanted[name]) for name, window in street.windows.items()}


def wrong(street: Street, item: str, left: int) -> dict[str, tuple[int, int]]:
    return {name: pair for name, pair in shown(street, item, left).items() if pair[0] != pair[1]}


def without_sources(street: Street) -> None:
    """Have the Magento shop do without its inventory modules: one figure, from which an order takes its units."""
    window = street.windows["magento"]
    assert isinstance(window, MagentoWindow)
    window.state.switches.multi_source = False
    known = street.memory.connections
    known["magento"] = replace(known["magento"], traits={"multi_source": "no"})


@pytest.mark.parametrize(
    ("counts_late", "sources"),
    [(False, True), (True, True), (False, False)],
    ids=["BigCommerce counts when ordered", "BigCommerce counts when shipped", "Magento without sources"],
)
def test_whatever_becomes_of_an_order_its_units_are_counted_once(*, counts_late: bool, sources: bool) -> None:
    """Invariant 4."""
    street = Street(items=24, stock_each=EACH, counts_late=counts_late)
    choose(street)
    if not sources:
        without_sources(street)
    street.run(street.clock.now() + timedelta(minutes=2))
    cases = [(name, fate) for name in street.windows for fate in FATES]
    goods: Goods = dict(zip(cases, street.sold_items[: len(cases)], strict=True))
    placed = {}
    for (name, fate), item in goods.items():
        window = street.windows[name]
        placed[name, fate] = window.buy(item, EXTRA) if "parked" in fate else window.buy(item)
    street.run(street.clock.now() + timedelta(minutes=8))
    sold = {case: found for case, item in goods.items() if (found := wrong(street, item, 2 * EACH - 1))}
    assert sold == {}

    for (name, fate), order_id in placed.items():
        front = street.windows[name].front
        (front.cancel if "cancelled" in fate else front.send)(order_id)
    street.run(street.clock.now() + timedelta(minutes=30))

    parked = {case for case in goods if case[1] == "parked and shipped" or case == REFUNDED}
    left = {case: 2 * EACH - ("cancelled" not in case[1] or case in parked) for case in goods}
    ended = {case: found for case, item in goods.items() if (found := wrong(street, item, left[case]))}
    assert ended == {}
    states = {case: street.memory.records[case[0]][order_id].state for case, order_id in placed.items()}
    assert {case for case, state in states.items() if state is OrderState.PARKED} == parked
    held = {reference for reference, units in street.memory.reserved[TILL].items() if units}
    assert held == {f"{name}:{placed[name, fate]}" for name, fate in parked}
    levels = street.windows[PLACES].at_places(goods[PLACES, "shipped"])
    assert list(levels.values()) == [EACH - 1, EACH], "the till has rung it up at the first location"
