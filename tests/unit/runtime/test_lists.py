"""The lists of a till are read once in some hours, in whichever process."""

from datetime import timedelta

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.counter import FakeCounter
from tests.fakes.counter_lists import FakeCounterLists
from tests.fakes.till import FakeTill
from tillbridge.runtime.orders import LISTS_FRESH, LISTS_KEPT, KeptLists, ListsMemory


class Process:
    """A process with a till of its own making, over a table that outlives it."""

    def __init__(self) -> None:
        self.clock, self.store = FakeClock(), FakeCounterLists()
        self.counter = FakeCounter(FakeTill(self.clock), self.clock)
        self.lists = self.anew()

    def anew(self) -> KeptLists:
        self.lists = ListsMemory(self.store, self.clock).of("till", self.counter)
        return self.lists

    @property
    def read(self) -> int:
        return self.counter.faults.calls.count("lists")

    def wait(self, how_long: timedelta) -> None:
        self.clock.advance(seconds=how_long.total_seconds())


@pytest.fixture
def process() -> Process:
    return Process()


def test_another_process_finds_what_was_read(process: Process) -> None:
    first = process.lists.get()
    process.wait(LISTS_KEPT)
    assert process.anew().get() == first == process.lists.get()
    assert process.read == 1


def test_they_are_read_again_after_some_hours(process: Process) -> None:
    process.lists.get()
    process.wait(LISTS_KEPT + timedelta(seconds=1))
    process.lists.get()
    process.anew().get()
    assert process.read == 2


def test_forgotten_ones_are_read_again_by_every_process(process: Process) -> None:
    process.lists.get()
    process.lists.forget()
    process.anew().get()
    assert process.read == 2


def test_they_are_outdated_before_they_are_too_old(process: Process) -> None:
    assert not process.lists.outdated(), "nothing was given yet"
    process.lists.get()
    process.wait(LISTS_FRESH)
    assert not process.lists.outdated()
    process.wait(timedelta(seconds=1))
    assert process.lists.outdated()
    process.lists.forget()
    process.lists.get()
    assert not process.lists.outdated()
