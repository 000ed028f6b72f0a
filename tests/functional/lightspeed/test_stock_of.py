"""Asking for the stock of some items, here and now."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.control_shop import sell_at_till
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.errors import GarbledAnswerError, RetryLaterError
from tillbridge.domain.stock import StockLevel

STRANGE = (
    '{"@attributes":{"next":"","previous":""},"Item":{"itemID":"77","description":"x","archived":"false",'
    '"itemType":"default","timeStamp":"2026-01-05T10:00:00+00:00"}}'
)


def shown(found: Mapping[str, tuple[StockLevel, ...]]) -> dict[tuple[str, str], Decimal]:
    return {(key, level.location_id): level.on_hand for key, levels in found.items() for level in levels}


def test_a_hundred_items_are_one_call(floor: Shopfloor) -> None:
    wanted = [str(number) for number in range(101, 201)]
    found = floor.till().stock_of(wanted)
    assert set(found) == set(wanted)
    stock = floor.state.retailer.stock
    assert shown(found) == {
        (key, place): Decimal(stock.of(int(key), int(place)).qoh) for key in found for place in "12"
    }
    assert [(call.route, call.cost) for call in floor.calls()] == [("Item", 1.4)]


def test_it_tells_what_is_there_now(floor: Shopfloor) -> None:
    till = floor.till()
    before = till.stock_of(["55"])["55"]
    sell_at_till(floor.state.retailer, 55, 2, 3)
    after = {level.location_id: level for level in till.stock_of(["55"])["55"]}
    assert after["2"].on_hand == next(level.on_hand for level in before if level.location_id == "2") - 3
    assert after["2"].updated_at == floor.clock.at


def test_an_archived_item_is_told_and_an_unknown_one_absent(floor: Shopfloor) -> None:
    floor.state.retailer.archive(31)
    found = floor.till().stock_of(["31", "9999"])
    assert set(found) == {"31"}
    assert {level.sellable for level in found["31"]} == {Decimal(0)}


def test_nothing_asked_is_nothing_sent(floor: Shopfloor) -> None:
    assert floor.till().stock_of([]) == {}
    assert floor.calls() == []


def test_an_item_that_was_not_asked_for_spoils_the_answer(floor: Shopfloor) -> None:  # invariant 1
    floor.fault(Fault("garbage", body=STRANGE))
    with pytest.raises(GarbledAnswerError, match="told of item 77 instead"):
        floor.till().stock_of(["55"])


@pytest.mark.parametrize("fault", [Fault("truncate"), Fault("garbage"), Fault("status", status=500), Fault("empty")])
def test_a_fault_tells_nothing(floor: Shopfloor, fault: Fault) -> None:  # invariant 1
    floor.fault(fault)
    with pytest.raises(RetryLaterError):
        floor.till().stock_of(["55"])
