"""The lists of a till: kept for some hours, without the names of those who work there."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.counter import LISTS
from tillbridge.domain.orders.sale import Employee, TaxCategory
from tillbridge.store.counter_lists import KEPT, StoredCounterLists
from tillbridge.store.table import Table

RATES = (Decimal("0.045"), Decimal("0.04375"))
TAX = TaxCategory(category_id="3", name="New York", inclusive=True, rates=RATES, by_class={"1": RATES})
WHOLE = replace(LISTS, tax_categories=(TAX,), location_taxes={"1": "3"}, currency="USD")


@pytest.fixture
def lists(table: Table, clock: FakeClock) -> StoredCounterLists:
    return StoredCounterLists(table, clock)


def test_lists_are_found_as_they_were_kept(lists: StoredCounterLists) -> None:
    assert lists.get("till") is None
    lists.put("till", NOON, WHOLE)
    nameless = replace(WHOLE, employees=(Employee(employee_id="2", name=""),))
    assert lists.get("till") == (NOON, nameless)
    assert lists.get("other") is None


def test_no_name_of_an_employee_is_kept(lists: StoredCounterLists, table: Table) -> None:  # invariant 5
    lists.put("till", NOON, replace(LISTS, employees=(Employee(employee_id="2", name="Kim Ash"),)))
    [row] = table.query("T#till#SELL")
    assert "Ash" not in str(row)


def test_old_lists_are_none(lists: StoredCounterLists, clock: FakeClock) -> None:
    lists.put("till", clock.now(), WHOLE)
    clock.advance(seconds=KEPT.total_seconds())
    assert lists.get("till") is not None
    clock.advance(seconds=1)
    assert lists.get("till") is None


def test_forgotten_lists_are_none(lists: StoredCounterLists) -> None:
    lists.put("till", NOON, WHOLE)
    lists.forget("till")
    lists.forget("till")
    assert lists.get("till") is None


@pytest.mark.parametrize("content", ["{", "{}", '{"registers":[{"register_id":5}]}'])
def test_what_cannot_be_understood_is_read_from_the_till_again(
    lists: StoredCounterLists, table: Table, content: str
) -> None:
    lists.put("till", NOON, WHOLE)
    [row] = table.query("T#till#SELL")
    table.put({**row, "content": content})
    assert lists.get("till") is None
