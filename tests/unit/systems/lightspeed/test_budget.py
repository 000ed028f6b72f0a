"""The budget that the workers of a connection share."""

import pytest

from tests.unit.systems.lightspeed.scripted import HandClock, answer, refused
from tillbridge.domain.merchant import Lane
from tillbridge.systems.common.snapshots import Snapshot
from tillbridge.systems.lightspeed.budget import BudgetBook


class SharedPlace:
    """Where workers leave their snapshot."""

    def __init__(self, kept: Snapshot | None = None) -> None:
        self.kept, self.loads, self.saves = kept, 0, 0

    def load(self) -> Snapshot | None:
        self.loads += 1
        return self.kept

    def save(self, snapshot: Snapshot) -> None:
        self.saves += 1
        self.kept = dict(snapshot)


def level(used: float, **headers: str) -> dict[str, str]:
    return {"X_LS_API_Bucket_Level": f"{used}/90", "X_LS_API_Drip_Rate": "1", **headers}


def test_a_fresh_book_makes_nobody_wait() -> None:
    assert BudgetBook(HandClock()).before(3.4, Lane.CATALOGUE) == 0.0


def test_it_learns_from_every_answer() -> None:
    clock = HandClock()
    book = BudgetBook(clock)
    book.learn(answer({}, **level(80)))
    assert book.before(3.0, Lane.CATALOGUE) == pytest.approx(20.0)
    assert book.before(3.0, Lane.STOCK) == 0.0
    clock.at = clock.at.replace(second=20)
    assert book.before(3.0, Lane.CATALOGUE) == 0.0


def test_a_refusal_blocks_for_as_long_as_it_says_and_at_least_a_second() -> None:
    for header, seconds in (("3", 3.0), ("0", 1.0), ("", 1.0), ("0.2", 1.0), ("soon", 1.0)):
        book = BudgetBook(HandClock())
        book.learn(refused(429, {}, Retry_After=header))
        assert book.before(1.0, Lane.STOCK) == seconds


def test_one_worker_knows_what_another_learnt() -> None:
    clock, place = HandClock(), SharedPlace()
    BudgetBook(clock, place.load, place.save).learn(refused(429, {}, **level(92.5, Retry_After="4")))
    other = BudgetBook(clock, place.load, place.save)
    assert other.before(1.0, Lane.STOCK) == 4.0
    assert other.before(1.0, Lane.CATALOGUE) == pytest.approx(30.5)
    assert place.loads == 1  # once: from then on its own answers tell it


def test_a_quiet_connection_saves_nothing() -> None:
    clock, place = HandClock(), SharedPlace()
    book = BudgetBook(clock, place.load, place.save)
    for _ in range(50):
        book.learn(answer({}, **level(20)))
    assert place.saves == 0


def test_a_busy_connection_saves_now_and_then() -> None:
    clock, place = HandClock(), SharedPlace()
    book = BudgetBook(clock, place.load, place.save)
    for _ in range(60):  # a minute of full speed
        book.learn(answer({}, **level(60)))
        clock.sleep(1.0)
    assert place.saves == 6


def test_a_garbled_snapshot_is_forgotten() -> None:
    place = SharedPlace({"level": "full"})
    assert BudgetBook(HandClock(), place.load, place.save).before(3.0, Lane.CATALOGUE) == 0.0


def test_what_was_learnt_here_beats_what_others_left() -> None:
    clock, place = HandClock(), SharedPlace()
    BudgetBook(clock, place.load, place.save).learn(refused(429, {}, **level(92.5, Retry_After="60")))
    book = BudgetBook(clock, place.load, place.save)
    book.learn(answer({}, **level(1)))
    assert book.before(1.0, Lane.STOCK) == 0.0
