"""Cut what is too long for one call."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Piece = TypeVar("Piece")


def in_pieces(entries: Iterable[Piece], size: int) -> Iterator[list[Piece]]:
    """Cut into pieces of at most ``size``."""
    rest = iter(entries)
    while piece := list(islice(rest, size)):
        yield piece
