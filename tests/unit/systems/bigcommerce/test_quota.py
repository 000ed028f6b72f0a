"""What is left of the quota, and what a worker tells others of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON, FakeClock
from tillbridge.domain.merchant import Lane
from tillbridge.systems.bigcommerce.api.budget import OVERLOAD_PAUSE, BudgetBook
from tillbridge.systems.bigcommerce.api.quota import Quota, from_text, read_headers, refused, to_text
from tillbridge.systems.http import Answer

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def headers(left: int, reset: int = 10_000, size: int = 150) -> dict[str, str]:
    return {
        "X-Rate-Limit-Time-Reset-Ms": str(reset),
        "X-Rate-Limit-Requests-Left": str(left),
        "X-Rate-Limit-Requests-Quota": str(size),
        "X-Rate-Limit-Time-Window-Ms": "30000",
    }


@pytest.mark.parametrize(
    ("left", "stock", "catalogue"), [(150, 0, 0), (31, 0, 0), (10, 0, 0), (9, 0, 1), (1, 0, 9), (0, 10, 10)]
)
def test_stock_may_use_what_the_catalogue_leaves(left: int, stock: float, catalogue: float) -> None:
    """Ten seconds before the window ends a third of the thirty calls of stock is still kept."""
    quota = read_headers(headers(left), NOON)
    assert quota is not None
    assert (quota.wait(Lane.STOCK, NOON), quota.wait(Lane.CATALOGUE, NOON)) == (stock, catalogue)


def test_the_catalogue_uses_the_whole_window_and_stock_always_has_its_share_of_the_rest() -> None:
    clock, left, kept = FakeClock(), 150, []
    end = clock.now() + timedelta(seconds=30)
    while left:
        quota = Quota(end, left, 150)
        clock.sleep(quota.wait(Lane.CATALOGUE, clock.now()))
        left -= 1
        kept.append(left + 1 - 30 * (end - clock.now()).total_seconds() / 30)
    assert clock.now() == end - timedelta(seconds=1)
    assert min(kept) >= 0


def test_a_window_that_is_over_counts_no_more() -> None:
    quota = read_headers(headers(0), NOON)
    assert quota is not None
    assert quota.wait(Lane.CATALOGUE, NOON + timedelta(seconds=10)) == 0


@pytest.mark.parametrize(
    "given", [{}, {**headers(1), "X-Rate-Limit-Requests-Left": "x"}, {"X-Rate-Limit-Time-Reset-Ms": "5"}]
)
def test_answers_that_say_nothing(given: dict[str, str]) -> None:
    assert read_headers(given, NOON) is None


@given(MOMENTS, st.integers(0, 10**6), st.integers(0, 10**6), st.none() | MOMENTS)
def test_a_quota_survives_its_text(resets_at: datetime, left: int, size: int, blocked: datetime | None) -> None:
    quota = Quota(resets_at, left, size, blocked, window=12.5)
    assert from_text(to_text(quota)) == quota


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"resets_at": "soon", "left": "1", "size": "2"},
        {"resets_at": NOON.isoformat(), "left": "-1", "size": "2"},
        {"resets_at": NOON.isoformat(), "left": "1", "size": "2", "window": "0"},
        {"resets_at": "2026-01-01T00:00:00", "left": "1", "size": "2"},
    ],
)
def test_what_cannot_be_read_is_forgotten(texts: dict[str, str]) -> None:
    assert from_text(texts) is None


def answer(status: int, **given: Any) -> Answer:
    return Answer(status, given.get("headers", {}), b"", 0.1)


def test_a_refusal_with_headers_waits_for_the_window_and_one_without_for_the_platform() -> None:
    clock, told = FakeClock(), list[Any]()
    book = BudgetBook(clock, save=told.append)

    assert book.learn(answer(429, headers=headers(0, reset=4000))) == 4
    assert book.before(Lane.STOCK) == 4
    assert book.learn(answer(429)) == OVERLOAD_PAUSE
    assert book.before(Lane.STOCK) == OVERLOAD_PAUSE
    assert len(told) == 2
    other = BudgetBook(clock, load=lambda: told[-1])
    assert other.before(Lane.CATALOGUE) == OVERLOAD_PAUSE


def test_a_good_answer_says_nothing_of_waiting_and_a_full_quota_is_not_shared() -> None:
    told = list[Any]()
    book = BudgetBook(FakeClock(), save=told.append)

    assert book.learn(answer(200, headers=headers(140))) is None
    assert told == []
    book.learn(answer(200, headers=headers(50)))
    book.learn(answer(200, headers=headers(49)))
    assert len(told) == 1, "now and then"


def test_a_block_counts_on_top_of_what_is_left() -> None:
    quota = refused(Quota(NOON, 100, 150), 7, NOON)
    assert quota.wait(Lane.STOCK, NOON) == 7
