"""``item`` for four shops that count in four ways: the terms come to what a shopper can buy, parked orders included."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from tests.functional.cli.terminal import Terminal
from tests.proof.orders.street import Street
from tests.proof.orders.week import BRANCH_SHOP, KEPT_BACK, PLACES, choose
from tests.proof.orders.windows import EXTRA
from tests.unit.flows.operate.office import Office
from tillbridge.domain.merchant import Connection
from tillbridge.flows.ports import Deadline
from tillbridge.flows.shopkeeper import ShopKeeper

EACH, ITEM = 10, "1"
"""Units at each of two locations."""


@dataclass
class Headquarters(Office):
    """The operator of a merchant whose shops are their vendors' stand-ins."""

    def keeper(self, shop: Connection, deadline: Deadline) -> ShopKeeper | None:
        keeper = super().keeper(shop, deadline)
        return replace(keeper, shop=cast("Street", self.world).built(shop).shop) if keeper else None


@pytest.fixture(params=[False, True], ids=["counted when ordered", "counted when shipped"])
def street(request: pytest.FixtureRequest) -> Street:
    """Every shop has sold a unit that became a sale, and one that is parked."""
    street = Street(stock_each=EACH, counts_late=request.param)
    choose(street)
    street.run(street.clock.now() + timedelta(minutes=2))
    for window in street.windows.values():
        window.buy(ITEM)
        window.buy(ITEM, EXTRA)
    street.run(street.clock.now() + timedelta(minutes=10))
    return street


def in_shops(terminal: Terminal) -> dict[str, dict[str, Any]]:
    (answer,) = terminal.json("item", ITEM, "--merchant", "m1")
    return {shop["connection"]: shop["stock"] for shop in answer["shops"]}


def test_the_terms_come_to_what_each_shop_offers(street: Street) -> None:  # invariants 2 and 4
    terminal = Terminal(Headquarters(street))
    told = in_shops(terminal)
    assert set(told) == set(street.windows)
    there = {name: 2 * EACH - KEPT_BACK.get(name, 0) - 8 for name in told} | {BRANCH_SHOP: EACH - 8}
    for name, stock in told.items():
        terms = sum(Decimal(term["amount"]) for term in stock["terms"])
        offers = street.windows[name].offers(ITEM)
        figures = (terms, stock["desired"], stock["known"], stock["observed"], offers)
        assert (name, stock["step"], *figures) == (name, "in step", *[there[name]] * 5)
        parked = [term["name"] for term in stock["terms"] if "parked" in term["name"]]
        assert len(parked) == len(street.windows)
        assert all("'MUG-extra' of the order is linked with no item" in one for one in parked)
    assert sum(street.windows[PLACES].at_places(ITEM).values()) == there[PLACES]
    shown = " ".join(terminal.run("item", ITEM, "--merchant", "m1").stdout.split())
    assert shown.count("(parked: ") == len(street.windows) ** 2


def test_shipping_what_is_sold_changes_no_figure(street: Street) -> None:  # invariant 4
    """One vendor moves its source then, another what is committed, a third what it sells: shoppers see none of it."""
    before = {name: window.offers(ITEM) for name, window in street.windows.items()}
    for name, window in street.windows.items():
        for order_id in street.memory.records[name]:
            window.front.send(order_id)
    street.run(street.clock.now() + timedelta(minutes=12))
    assert {name: window.offers(ITEM) for name, window in street.windows.items()} == before
    assert {stock["step"] for stock in in_shops(Terminal(Headquarters(street))).values()} == {"in step"}
