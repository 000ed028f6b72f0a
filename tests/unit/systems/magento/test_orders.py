"""Orders as stock needs them: what is left of them, whose states, which product of a configurable."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tillbridge.domain.product import ListingRef, OrderLine
from tillbridge.systems.magento.api.wire import OrderRow
from tillbridge.systems.magento.orders import OPEN, _lines, web_order


def order(state: str = "processing", item: Mapping[str, int] = MappingProxyType({})) -> OrderRow:
    row = {"item_id": 1, "product_id": 7, "product_type": "simple", "sku": "A", "qty_ordered": 4, **item}
    return OrderRow.model_validate({"entity_id": 3, "increment_id": "000000003", "state": state, "items": [row]})


@pytest.mark.parametrize("state", OPEN)
def test_open_states_hold(state: str) -> None:
    found = web_order(order(state), NOON)

    assert (found.holds_stock, found.taken_in_shop) == (True, True)


@pytest.mark.parametrize(("state", "taken"), [("complete", True), ("closed", False), ("canceled", False)])
def test_other_states_hold_nothing(state: str, *, taken: bool) -> None:
    found = web_order(order(state), NOON)

    assert (found.holds_stock, found.taken_in_shop) == (False, taken)
    assert found.lines == (OrderLine(ListingRef("7"), Decimal(4), "A"),)


@pytest.mark.parametrize(
    ("item", "left", "reserved"),
    [
        ({}, 4, 4),
        ({"qty_shipped": 3}, 4, 1),
        ({"qty_shipped": 4}, 4, 0),
        ({"qty_canceled": 1}, 3, 3),
        ({"qty_refunded": 1}, 3, 3),
        ({"qty_shipped": 2, "qty_refunded": 1}, 3, 1),
        ({"qty_shipped": 4, "qty_refunded": 4}, 0, 0),
        ({"qty_canceled": 4}, 0, 0),
    ],
)
def test_what_is_left_of_a_line(item: dict[str, int], left: int, reserved: int) -> None:
    (line,) = _lines(order(item=item))

    assert [line.left, line.reserved] == [left, reserved]


def test_an_open_order_of_which_nothing_is_left_holds_nothing() -> None:
    assert not web_order(order(item={"qty_refunded": 4}), NOON).holds_stock


def test_a_configurables_two_rows_are_one_line() -> None:
    parent: dict[str, Any] = {"item_id": 1, "product_id": 7, "product_type": "configurable", "qty_shipped": 1}
    child: dict[str, Any] = {"item_id": 2, "parent_item_id": 1, "product_id": 8, "product_type": "simple"}
    rows = [{**row, "sku": "A-S", "qty_ordered": 2} for row in (parent, child)]

    (line,) = _lines(OrderRow.model_validate({"entity_id": 3, "state": "processing", "items": rows}))

    assert (line.ref, line.key, line.ordered, line.reserved) == (ListingRef("7", "8"), "8", Decimal(2), Decimal(1))


def test_a_time_without_zone_is_utc() -> None:
    row = OrderRow.model_validate({"entity_id": 3, "updated_at": "2026-11-25 08:00:00", "created_at": None})

    assert row.updated_at is not None
    assert row.updated_at.isoformat() == "2026-11-25T08:00:00+00:00"
    assert web_order(row, NOON).number == "3"
