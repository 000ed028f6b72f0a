from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import ConnectionState, Merchant
from tillbridge.flows.operate import register


def test_the_only_merchant_needs_no_name(office: Office) -> None:
    del office.world.memory.merchants["m2"]
    assert office.register.merchant(None).merchant_id == "m1"


def test_of_several_merchants_one_has_to_be_named(office: Office) -> None:
    with pytest.raises(InputError) as caught:
        office.register.merchant(None)
    assert (caught.value.field, "--merchant" in caught.value.remedy) == ("merchant", True)


def test_without_any_merchant_the_remedy_is_to_add_one(office: Office) -> None:
    office.world.memory.merchants.clear()
    with pytest.raises(NotFoundError) as caught:
        office.register.merchant(None)
    assert "merchant add" in caught.value.remedy


def test_another_merchants_connection_does_not_exist(office: Office) -> None:  # invariant 5
    merchant = office.register.merchant("m1")
    with pytest.raises(NotFoundError) as foreign:
        office.register.connection(merchant, FOREIGN)
    with pytest.raises(NotFoundError) as unknown:
        office.register.connection(merchant, "nobody")
    assert str(foreign.value).replace(FOREIGN, "X") == str(unknown.value).replace("nobody", "X")


def test_a_disconnected_connection_is_not_found(office: Office) -> None:
    office.put_state("shop", ConnectionState.DISCONNECTED)
    with pytest.raises(NotFoundError):
        office.register.connection(office.register.merchant("m1"), "shop")


def test_a_merchant_without_till_is_told_how_to_connect_one(office: Office) -> None:
    with pytest.raises(NotFoundError) as caught:
        office.register.till(office.register.merchant("m2"))
    assert caught.value.remedy == "Connect one: tillbridge connect lightspeed --merchant m2."


def add_merchants(office: Office, count: int) -> list[str]:
    names = [f"n{number:03}" for number in range(count)]
    for name in names:
        office.world.memory.merchants[name] = Merchant(merchant_id=name, name=name, created_at=NOON)
    return ["m1", "m2", *names]


def everybody(office: Office, rows_each: int) -> list[list[str]]:
    """Ask portion by portion, as the command line does."""
    portions: list[list[str]] = []
    after: str | None = None
    while True:
        portion = office.register.each(None, after, office.deadline, lambda one: [one.merchant_id] * rows_each)
        portions.append(list(portion.rows))
        after = portion.following
        if after is None:
            return portions


def test_a_long_list_comes_in_portions_and_nobody_is_left_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "PAGE_ROWS", 10)
    names = add_merchants(office, 20)
    portions = everybody(office, rows_each=4)
    assert [row for rows in portions for row in rows] == [name for name in names for _ in range(4)]
    assert max(map(len, portions)) == 12


def test_a_list_ends_early_when_time_runs_out_and_still_gets_on(office: Office) -> None:
    names = add_merchants(office, 5)
    office.deadline.remaining = timedelta(seconds=1)
    assert everybody(office, rows_each=1) == [[name] for name in names]


def test_merchants_without_rows_do_not_end_a_list(office: Office) -> None:
    add_merchants(office, 5)
    assert everybody(office, rows_each=0) == [[]]
