"""What stands in for the carrier of batches: it counts calls instead of making them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

from tillbridge.systems.woocommerce.api.batches import BatchSize, Load, Sizes, first_batch
from tillbridge.systems.woocommerce.api.client import PAGE

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class UntouchedSizes:
    """The remembered sizes of batches; what a rehearsal changes is forgotten with it."""

    sizes: Sizes

    def get(self, kind: str) -> int | None:
        """Find the size last used for a kind of batch."""
        return self.sizes.get(kind)

    def put(self, kind: str, size: int) -> None:
        """Keep nothing."""


@dataclass(slots=True)
class Meter:
    """Counts calls. ``carry`` cuts batches just as ``Carrier`` does when the shop answers all of them quickly."""

    calls: int = 0

    def carry(self, load: Load[Entry], entries: Sequence[Entry], size: BatchSize) -> Iterator[Sequence[Entry]]:
        """Give the entries of each batch."""
        waiting = list(entries)
        while waiting:
            batch = first_batch(waiting, load, size.now)
            waiting = waiting[len(batch) :]
            self.calls += 1
            size.coped(seconds=0)
            yield batch

    def lists(self, rows: int) -> None:
        """Count the pages of rows that are asked for by their ids or names."""
        self.calls += ceil(rows / PAGE)
