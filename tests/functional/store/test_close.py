"""Rows that stand side by side are read along their partition, and no others are taken for them."""

import pytest

from tests.fakes.dynamodb import Calls
from tillbridge.store.keys import Key
from tillbridge.store.table import MANY, SPREAD, Table

PK = "T#t#SAMPLE"


def key(number: int) -> Key:
    return Key(PK, f"{number:05}")


@pytest.fixture
def full(table: Table) -> Table:
    table.write({**key(number)._asdict(), "number": number} for number in range(1000))
    table.write([{**Key("T#other#SAMPLE", "00001")._asdict(), "number": -1}])
    return table


@pytest.mark.parametrize("step", [1, 2, SPREAD, SPREAD + 1, 20])
@pytest.mark.parametrize("first", [0, 900])
def test_it_finds_what_reading_one_by_one_finds(full: Table, first: int, step: int) -> None:
    wanted = [key(number) for number in range(first, first + step * MANY * 2, step)]  # beyond the end as well
    assert full.get_close(wanted) == full.get_many(wanted)


def test_a_gap_leaves_nothing_out(full: Table) -> None:
    wanted = [key(number) for number in [*range(60), *range(940, 1000)]]
    assert full.get_close(reversed(wanted)) == full.get_many(wanted)
    assert len(full.get_close(wanted)) == len(wanted)


def test_neighbours_take_one_request(full: Table, calls: Calls) -> None:
    calls.take()
    full.get_close(key(number) for number in range(MANY))
    assert calls.take() == {"Query": 1}


def test_few_and_scattered_rows_are_read_one_by_one(full: Table, calls: Calls) -> None:
    calls.take()
    full.get_close(key(number) for number in range(MANY - 1))
    assert calls.take() == {"BatchGetItem": 1}
    full.get_close(key(number) for number in range(0, 1000, 10))
    assert calls.take() == {"Query": 1, "BatchGetItem": 1}
