"""How many entries go into one call: as many as the shop takes, fewer when it struggles, more again when it copes.

Core has no limit but 100 entries; hosts run out of memory or time earlier (facts/woocommerce.md, "Lists"). What a shop
could take is remembered, so that the next run begins there.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tillbridge.domain.errors import SystemDownError
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import Vocabulary
from tillbridge.systems.woocommerce.api.client import PAGE

Entry = TypeVar("Entry")

MOST_BYTES = 900_000
"""Just below what a web server with its usual settings takes in one request (1 MB)."""

GIVE_UP_AFTER = 3
GROW_AFTER = 2
QUICK = 15.0
"""Seconds: twice as many entries then still fit the minute that hosts and we ourselves wait at most."""


class Sizes(Protocol):
    """Where batch sizes are kept between runs."""

    def get(self, kind: str) -> int | None:
        """Find the size last used for a kind of batch."""
        ...

    def put(self, kind: str, size: int) -> None:
        """Remember a size."""
        ...


class RememberedSizes:
    """Keeps the sizes with the shop's vocabulary: one small store fewer."""

    KIND = "batch size"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def get(self, kind: str) -> int | None:
        """Find the size last used for a kind of batch."""
        text = self._vocabulary.get(self.KIND, kind) or ""
        return int(text) if text.isdecimal() else None

    def put(self, kind: str, size: int) -> None:
        """Remember a size."""
        self._vocabulary.put(self.KIND, {kind: str(size)})


class BatchSize:
    """The size of one kind of batch: halved by trouble, doubled after some successes in a row."""

    def __init__(self, sizes: Sizes, kind: str, *, first: int = PAGE) -> None:
        self._sizes, self._kind = sizes, kind
        self._size = max(1, min(PAGE, sizes.get(kind) or first))
        self._successes = self._failures = 0

    @property
    def now(self) -> int:
        """The number of entries for the next call."""
        return self._size

    def coped(self, seconds: float) -> None:
        """Note that a call went through, and how long it took: a slow success is no reason to ask for more."""
        self._failures = 0
        self._successes += seconds < QUICK
        if self._successes >= GROW_AFTER and self._size < PAGE:
            self._change(min(PAGE, self._size * 2))

    def struggled(self, trouble: SystemDownError) -> None:
        """Note that a call failed, so that the next one is smaller; raises ``trouble`` when to go on is no use.

        It is none when the shop named a pause, and after some failures in a row; the next run begins with the small
        size, so that after a few runs an entry that no size can carry stands alone.
        """
        self._failures += 1
        self._change(max(1, self._size // 2))
        if trouble.after is not None or self._failures >= GIVE_UP_AFTER:
            raise trouble

    def _change(self, size: int) -> None:
        self._successes = 0
        if size != self._size:
            self._size = size
            self._sizes.put(self._kind, size)


class Load(Protocol[Entry]):
    """How one kind of entry travels."""

    def body(self, entry: Entry) -> Mapping[str, object]:
        """Give what is sent of an entry, so that its length can be told."""
        ...

    def send(self, entries: Sequence[Entry]) -> None:
        """Send a batch and note with each entry what came of it; raises when nothing is certain."""
        ...

    def settle(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """After a call in doubt, look what was done and note it; returns the entries that are still to be sent."""
        ...

    def blame(self, entry: Entry, trouble: SystemDownError) -> None:
        """Note that the shop fails on this very entry, although it is up."""
        ...


@dataclass(frozen=True, slots=True)
class Carrier:
    """Sends entries in batches of the size the shop takes.

    ``look_alive`` asks the shop something cheap: when it answers, a single entry that failed is itself to blame.
    """

    clock: Clock
    look_alive: Callable[[], object]

    def carry(self, load: Load[Entry], entries: Sequence[Entry], size: BatchSize) -> Iterator[Sequence[Entry]]:
        """Send everything; yields the entries of each batch once it is settled what came of them."""
        waiting = list(entries)
        while waiting:
            batch = first_batch(waiting, load, size.now)
            left = self._send(load, batch, size)
            waiting = [*left, *waiting[len(batch) :]]
            settled = [entry for entry in batch if not any(entry is other for other in left)]
            if settled:
                yield settled

    def _send(self, load: Load[Entry], batch: Sequence[Entry], size: BatchSize) -> Sequence[Entry]:
        """Send one batch; returns the entries that are still to be sent."""
        started = self.clock.now()
        try:
            load.send(batch)
        except SystemDownError as trouble:
            size.struggled(trouble)
            left = load.settle(batch)
            if not left or len(batch) > 1:
                return left
            self.look_alive()
            load.blame(batch[0], trouble)
        else:
            size.coped((self.clock.now() - started).total_seconds())
        return ()


def first_batch(entries: Sequence[Entry], load: Load[Entry], most: int) -> list[Entry]:
    """Take from the front as many entries as fit one call; always at least one."""
    taken, total = 0, 0
    for entry in entries[:most]:
        total += len(json.dumps(load.body(entry))) + 2
        if taken and total > MOST_BYTES:
            break
        taken += 1
    return list(entries[:taken])
