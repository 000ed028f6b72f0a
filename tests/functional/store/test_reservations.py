"""Units in web orders."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.crash import KilledError
from tests.fakes.repositories import Repositories
from tillbridge.store.errors import ServiceBusyError, UnreadableRowError
from tillbridge.store.expressions import Step
from tillbridge.store.keys import Key
from tillbridge.store.reservations import StoredReservations
from tillbridge.store.table import TRANSACT_AT_ONCE, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TILL = "till"
ORDER, OTHER = "s1:1001", "s2:#5"


def test_units_are_told_by_item_and_order(stores: Repositories) -> None:
    assert stores.reservations.set(TILL, ORDER, {"42": 2, "43": 1}) == {}
    assert stores.reservations.set(TILL, OTHER, {"42": 5}) == {}
    assert stores.reservations.of(TILL, ["42", "43", "44"]) == {"42": {ORDER: 2, OTHER: 5}, "43": {ORDER: 1}, "44": {}}


def test_units_may_leave_several_locations_which_change_at_once(stores: Repositories) -> None:
    assert stores.reservations.set(TILL, ORDER, {"42@1": 2, "42@2": 1, "43": 1}) == {}
    assert stores.reservations.of(TILL, ["42", "43"]) == {"42": {f"{ORDER}@1": 2, f"{ORDER}@2": 1}, "43": {ORDER: 1}}
    assert stores.reservations.set(TILL, ORDER, {"42@2": 3, "42": 1, "43@1": 1}) == {"42@1": 2, "42@2": 1, "43": 1}
    assert stores.reservations.of(TILL, ["42", "43"]) == {"42": {f"{ORDER}@2": 3, ORDER: 1}, "43": {f"{ORDER}@1": 1}}
    assert stores.reservations.held(TILL, ORDER) == {"42@2": 3, "42": 1, "43@1": 1}
    stores.reservations.set(TILL, ORDER, {})
    assert stores.reservations.of(TILL, ["42", "43"]) == {"42": {}, "43": {}}


def test_parts_of_a_unit_are_kept_exactly(stores: Repositories) -> None:
    stores.reservations.set(TILL, ORDER, {"42": Decimal("1.50"), "43": 2})
    assert stores.reservations.held(TILL, ORDER) == {"42": Decimal("1.5"), "43": 2}
    assert {item: str(held[ORDER]) for item, held in stores.reservations.of(TILL, ["42", "43"]).items()} == {
        "42": "1.50",
        "43": "2",
    }
    assert stores.reservations.set(TILL, ORDER, {"42": Decimal("0.5")}) == {"42": Decimal("1.5"), "43": 2}


def test_a_changed_order_reserves_exactly_what_it_holds_now(stores: Repositories) -> None:
    stores.reservations.set(TILL, ORDER, {"42": 2, "43": 1})
    assert stores.reservations.set(TILL, ORDER, {"42": 3, "44": 1}) == {"42": 2, "43": 1}
    assert stores.reservations.of(TILL, ["42", "43", "44"]) == {"42": {ORDER: 3}, "43": {}, "44": {ORDER: 1}}


def test_a_released_order_reserves_nothing(stores: Repositories) -> None:
    stores.reservations.set(TILL, ORDER, {"42": 2})
    stores.reservations.set(TILL, OTHER, {"42": 1})
    assert stores.reservations.set(TILL, ORDER, {}) == {"42": 2}
    assert stores.reservations.set(TILL, ORDER, {}) == {}
    assert stores.reservations.of(TILL, ["42"]) == {"42": {OTHER: 1}}


def test_an_order_may_reserve_again_after_it_was_released(stores: Repositories) -> None:
    for held in (2, 0, 2):
        stores.reservations.set(TILL, ORDER, {"42": held})
    assert stores.reservations.of(TILL, ["42"]) == {"42": {ORDER: 2}}


def test_an_order_of_more_items_than_one_transaction_takes(stores: Repositories) -> None:
    many = {str(number): 1 + number % 3 for number in range(250)}
    stores.reservations.set(TILL, ORDER, many)
    assert stores.reservations.of(TILL, many) == {item: {ORDER: held} for item, held in many.items()}
    fewer = {item: held + 1 for item, held in many.items() if int(item) % 2}
    assert stores.reservations.set(TILL, ORDER, fewer) == many
    expected = {item: {ORDER: fewer[item]} if item in fewer else {} for item in many}
    assert stores.reservations.of(TILL, many) == expected


class Rival(Table):
    """Lets something happen just before the transaction of a given number."""

    def at(self, number: int, happens: Callable[[], object]) -> StoredReservations:
        self.number, self.happens = number, happens
        return StoredReservations(self)

    def transact(self, steps: Sequence[Step]) -> None:
        self.number -= 1
        if self.number == 0:
            self.happens()
        super().transact(steps)


@pytest.fixture
def rival(client: "DynamoDBClient", table_name: str, clock: FakeClock) -> Rival:
    return Rival(client, table_name, clock)


def test_who_comes_second_works_it_out_anew(stored: Repositories, rival: Rival) -> None:
    """# invariant 8"""
    ours = rival.at(1, lambda: stored.reservations.set(TILL, ORDER, {"42": 7, "43": 1}))
    assert ours.set(TILL, ORDER, {"42": 2}) == {"42": 7, "43": 1}
    assert stored.reservations.of(TILL, ["42", "43"]) == {"42": {ORDER: 2}, "43": {}}


def test_an_order_that_others_change_all_the_time_is_handed_back(stored: Repositories, rival: Rival) -> None:
    held = iter(range(1, 100))

    def disturb() -> None:
        stored.reservations.set(TILL, ORDER, {"42": next(held)})
        rival.number = 1

    with pytest.raises(ServiceBusyError, match=ORDER):
        rival.at(1, disturb).set(TILL, ORDER, {"42": 100})


def test_a_kill_between_two_transactions_is_made_good_by_asking_again(stored: Repositories, rival: Rival) -> None:
    """# invariant 8"""

    def die() -> None:
        raise KilledError

    many = {str(number): 1 for number in range(150)}
    with pytest.raises(KilledError):
        rival.at(2, die).set(TILL, ORDER, many)
    assert sum(len(held) for held in stored.reservations.of(TILL, many).values()) == TRANSACT_AT_ONCE - 1
    stored.reservations.set(TILL, ORDER, many)
    assert stored.reservations.of(TILL, many) == {item: {ORDER: 1} for item in many}
    stored.reservations.set(TILL, ORDER, {})
    assert not any(stored.reservations.of(TILL, many).values())
    assert rival.get(Key("T#till#ORDER", ORDER)) is None


@pytest.mark.parametrize("units", ["{", "[]", '{"42":"two"}', '{"42":1.5}'])
def test_an_order_that_cannot_be_read_is_named_and_left_alone(stored: Repositories, table: Table, units: str) -> None:
    """# invariant 7"""
    table.put({"pk": "T#till#ORDER", "sk": ORDER, "units": units})
    with pytest.raises(UnreadableRowError, match=rf"T#till#ORDER \| {ORDER} cannot be read: units"):
        stored.reservations.set(TILL, ORDER, {"42": 1})
    assert stored.reservations.of(TILL, ["42"]) == {"42": {}}


def test_a_reservation_that_cannot_be_read_is_named(stored: Repositories, table: Table) -> None:
    """# invariant 1"""
    table.put({"pk": "T#till#RESERVED", "sk": "42", f"order:{ORDER}": "two"})
    with pytest.raises(UnreadableRowError, match=rf"T#till#RESERVED \| 42 cannot be read: order:{ORDER}"):
        stored.reservations.of(TILL, ["42"])
