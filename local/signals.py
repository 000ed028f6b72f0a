"""Make the usual ways of ending a program unwind it, so that it stops what it has started."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def unwinding_on_signals() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` at Ctrl-C, ``SystemExit`` at SIGTERM; a second one while stopping changes nothing."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        for other in ENDING:
            signal.signal(other, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ending_later() -> Iterator[None]:
    """Let whatever would end the program wait until the block is done, so that its work is not left half done."""
    if threading.current_thread() is not threading.main_thread():  # signals end nothing there
        yield
        return
    caught: list[int] = []
    before = {number: signal.signal(number, lambda given, _frame: caught.append(given)) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if caught:
            signal.raise_signal(caught[0])
