from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import Merchant
from tillbridge.flows.operate import paging
from tillbridge.flows.operate.paging import Asked, Stop, in_portions


def stops(merchant: Merchant, after: str) -> Iterator[Stop[str]]:
    """Seven rows per merchant, and a stop without rows behind each third."""
    for number in range(int(after or 0), 7):
        yield Stop(str(number + 1), (f"{merchant.merchant_id}-{number}",))
        if number % 3 == 0:
            yield Stop(str(number + 1))


def everything(office: Office, merchant_id: str | None = None) -> list[list[str]]:
    """Ask portion by portion, as the command line does."""
    portions: list[list[str]] = []
    after: str | None = None
    while True:
        portion = in_portions(Asked(office.register, merchant_id, after, office.deadline), stops)
        portions.append(list(portion.rows))
        after = portion.following
        if after is None:
            return portions


def expected(*merchants: str) -> list[str]:
    return [f"{merchant}-{number}" for merchant in merchants for number in range(7)]


@pytest.mark.parametrize("size", [1, 2, 5, 7, 8, 100])
def test_a_list_goes_on_within_a_merchant_and_with_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", size)
    portions = everything(office)
    assert [row for rows in portions for row in rows] == expected("m1", "m2")
    assert max(map(len, portions)) <= size


def test_one_merchant_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 3)
    assert [row for rows in everything(office, "m2") for row in rows] == expected("m2")


def test_with_no_time_left_every_call_still_gets_on(office: Office) -> None:
    office.deadline.remaining = timedelta(seconds=1)
    portions = everything(office)
    assert [row for rows in portions for row in rows] == expected("m1", "m2")
    assert {len(rows) for rows in portions} == {0, 1}


def test_a_merchant_that_is_gone_meanwhile_is_passed_over(office: Office) -> None:
    office.world.memory.merchants["m0"] = Merchant(merchant_id="m0", name="Before", created_at=NOON)
    portion = in_portions(Asked(office.register, None, "m01:3", office.deadline), stops)
    assert list(portion.rows) == expected("m1", "m2")


def test_nobody_else_is_shown_when_the_merchant_is_unknown(office: Office) -> None:  # invariant 5
    with pytest.raises(NotFoundError):
        in_portions(Asked(office.register, "nobody", None, office.deadline), stops)
