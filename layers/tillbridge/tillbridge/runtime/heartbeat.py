"""Shows again and again that this process lives, also while it waits for a slow answer.

A thread does it, because a shop may take longer for one answer than anybody should wait for a dead worker. It dies
with the process, and then the signs of life end.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from tillbridge.domain.errors import TillbridgeError
from tillbridge.flows.lane_fence import BEAT
from tillbridge.runtime import observe


@contextmanager
def beating(beat: Callable[[], object], every: timedelta = BEAT) -> Iterator[None]:
    """Call ``beat`` while the block lasts, first after one pause. A beat that fails is logged; the next may succeed."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(beat, every.total_seconds(), over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(beat: Callable[[], object], pause: float, over: threading.Event) -> None:
    while not over.wait(pause):
        try:
            beat()
        except (TillbridgeError, ClientError, BotoCoreError) as error:
            observe.logger.warning("A sign of life failed", extra={"error": type(error).__name__})
