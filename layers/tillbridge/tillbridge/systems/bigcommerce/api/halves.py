"""Send entries in batches, and find the ones that the store refuses by sending halves.

The store refuses a batch whole for one bad entry, and with 413 one that is too long (facts/bigcommerce.md, "Limits").
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.systems.bigcommerce.api.refusals import RefusedError

Entry = TypeVar("Entry")


def send_in_batches(
    entries: Sequence[Entry],
    most: int,
    send: Callable[[Sequence[Entry]], None],
    refuse: Callable[[Entry, ItemRejectedError], None],
) -> Iterator[Sequence[Entry]]:
    """Send everything; yields the entries of each batch that is settled. ``refuse`` notes what stands alone."""
    waiting, halves, size = list(entries), list[Sequence[Entry]](), most
    while waiting or halves:
        if halves:
            batch = halves.pop(0)
        else:
            batch, waiting = waiting[:size], waiting[size:]
        try:
            send(batch)
        except ItemRejectedError as error:
            if len(batch) > 1:
                size = _smaller(error, len(batch), size)
                halves[:0] = [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
                continue
            refuse(batch[0], error)
        yield batch


def _smaller(error: ItemRejectedError, length: int, size: int) -> int:
    """Send no more batches of a length that the store finds too large."""
    too_large = isinstance(error, RefusedError) and error.refusal.too_large
    return max(1, min(size, length // 2)) if too_large else size
