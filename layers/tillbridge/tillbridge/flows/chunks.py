"""Cut a long list into pieces that are worked on one after the other."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Element = TypeVar("Element")


def in_chunks(elements: Iterable[Element], size: int) -> Iterator[list[Element]]:
    """Cut into lists of at most ``size``, reading no further ahead."""
    remaining = iter(elements)
    while chunk := list(islice(remaining, size)):
        yield chunk
