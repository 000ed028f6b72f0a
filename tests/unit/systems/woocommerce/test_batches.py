"""Batches shrink on trouble, are remembered, and grow back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from tests.fakes.clock import FakeClock
from tillbridge.domain.errors import DoubtfulWriteError, SystemDownError
from tillbridge.systems.woocommerce.api.batches import BatchSize, Carrier, RememberedSizes, first_batch

DOWN = SystemDownError("500")


@dataclass
class MemorySizes:
    kept: dict[str, int] = field(default_factory=dict)

    def get(self, kind: str) -> int | None:
        return self.kept.get(kind)

    def put(self, kind: str, size: int) -> None:
        self.kept[kind] = size


@dataclass
class Letters:
    """Carries letters to a shop that fails on the calls it is told to, and on batches with a bad letter."""

    fail: set[int] = field(default_factory=set)
    bad: str = ""
    slow: float = 0
    clock: FakeClock = field(default_factory=FakeClock)
    after: float | None = None
    done_by_doubt: str = ""
    sent: list[str] = field(default_factory=list)
    blamed: list[str] = field(default_factory=list)

    def body(self, entry: str) -> Mapping[str, object]:
        return {"letter": entry}

    def send(self, entries: Sequence[str]) -> None:
        self.sent.append("".join(entries))
        self.clock.sleep(self.slow)
        if len(self.sent) - 1 in self.fail or (self.bad and self.bad in entries):
            raise DoubtfulWriteError("500", after=self.after)

    def settle(self, entries: Sequence[str]) -> Sequence[str]:
        return [entry for entry in entries if entry not in self.done_by_doubt]

    def blame(self, entry: str, trouble: SystemDownError) -> None:
        self.blamed.append(f"{entry}: {trouble.happened}")

    def carry(self, letters: str, size: BatchSize, *, alive: bool = True) -> list[str]:
        def look() -> None:
            if not alive:
                raise DOWN

        return ["".join(batch) for batch in Carrier(self.clock, look).carry(self, list(letters), size)]


def test_all_goes_in_the_largest_batches() -> None:
    load = Letters()

    assert load.carry("abcdefgh", BatchSize(MemorySizes(), "x", first=3)) == ["abc", "def", "gh"]


def test_trouble_halves_and_success_doubles() -> None:
    sizes = MemorySizes()
    load = Letters(fail={0})

    assert load.carry("abcdefghijklmnop", BatchSize(sizes, "x", first=8)) == ["abcd", "efgh", "ijklmnop"]
    assert load.sent[0] == "abcdefgh"
    assert sizes.kept == {"x": 8}


def test_a_remembered_size_is_where_the_next_run_begins() -> None:
    assert BatchSize(MemorySizes({"x": 12}), "x").now == 12
    assert BatchSize(MemorySizes({"x": 9000}), "x").now == 100
    assert BatchSize(MemorySizes({"x": 0}), "x").now == 100


def test_slow_successes_are_no_reason_to_grow() -> None:
    size = BatchSize(MemorySizes(), "x", first=2)
    Letters(slow=20).carry("abcdefgh", size)

    assert size.now == 2


def test_what_was_done_in_doubt_is_not_sent_again() -> None:  # invariant 8
    load = Letters(fail={0}, done_by_doubt="ac")

    settled = load.carry("abcd", BatchSize(MemorySizes(), "x", first=4))

    assert settled == ["ac", "bd"]
    assert load.sent == ["abcd", "bd"]


def test_three_failures_in_a_row_end_the_run_with_the_small_size_kept() -> None:
    sizes = MemorySizes()
    load = Letters(fail={0, 1, 2})

    with pytest.raises(SystemDownError):
        load.carry("abcdefgh", BatchSize(sizes, "x", first=8))

    assert sizes.kept == {"x": 1}


def test_a_named_pause_ends_the_run_at_once() -> None:
    load = Letters(fail={0}, after=600)

    with pytest.raises(SystemDownError):
        load.carry("ab", BatchSize(MemorySizes(), "x"))

    assert len(load.sent) == 1


def test_one_entry_that_the_shop_dies_of_is_left_out() -> None:
    load = Letters(bad="b")

    assert load.carry("abc", BatchSize(MemorySizes(), "x", first=1)) == ["a", "b", "c"]
    assert load.blamed == ["b: 500"]


def test_an_entry_is_not_to_blame_while_the_shop_is_down() -> None:
    load = Letters(bad="b")

    with pytest.raises(SystemDownError):
        load.carry("abc", BatchSize(MemorySizes(), "x", first=1), alive=False)

    assert load.blamed == []


def test_a_call_stays_below_what_web_servers_take() -> None:
    load = Letters()
    long = ["x" * 500_000, "y" * 500_000, "z"]

    assert first_batch(long, load, 100) == long[:1]
    assert first_batch(long[1:], load, 100) == long[1:]
    assert first_batch(["x" * 2_000_000], load, 100) == ["x" * 2_000_000], "alone it has to try"


@dataclass
class Words:
    kept: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, kind: str, name: str) -> str | None:
        return self.kept.get((kind, name))

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        self.kept |= {(kind, name): text for name, text in names.items()}

    def forget(self, kind: str) -> None:
        raise AssertionError(kind)


def test_sizes_live_with_the_vocabulary() -> None:
    words = Words()
    sizes = RememberedSizes(words)
    assert sizes.get("stock") is None

    sizes.put("stock", 25)

    assert sizes.get("stock") == 25
    words.kept["batch size", "stock"] = "nonsense"
    assert sizes.get("stock") is None
