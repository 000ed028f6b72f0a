"""Ending by signals: at once, or when the work in hand is done."""

import signal
import threading
from collections.abc import Callable

import pytest

from local.signals import ENDING, ending_later, unwinding_on_signals


def test_a_program_unwinds_and_a_second_signal_changes_nothing() -> None:
    done: list[str] = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGINT)
            done.append("unwound")

    with pytest.raises(SystemExit) as caught, unwinding_on_signals():
        work()
    assert (caught.value.code, done) == (128 + signal.SIGTERM, ["unwound"])


@pytest.mark.parametrize(("number", "end"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_what_may_not_be_left_half_done_is_done_first(number: signal.Signals, end: type[BaseException]) -> None:
    done: list[str] = []

    def work() -> None:
        with ending_later():
            signal.raise_signal(number)
            done.append("the work")
        done.append("what comes after it")

    with pytest.raises(end), unwinding_on_signals():
        work()
    assert done == ["the work"]


def test_nothing_is_changed_without_a_signal() -> None:
    before = [signal.getsignal(number) for number in ENDING]
    with ending_later():
        pass
    assert [signal.getsignal(number) for number in ENDING] == before


def test_in_other_threads_there_is_nothing_to_wait_for() -> None:
    done: list[str] = []

    def work(note: Callable[[str], None]) -> None:
        with ending_later():
            note("done")

    worker = threading.Thread(target=work, args=(done.append,))
    worker.start()
    worker.join()
    assert done == ["done"]
