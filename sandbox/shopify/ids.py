"""Global ids: ``gid://shopify/<Type>/<number>`` (facts/shopify.md, section 7)."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

_GID = re.compile(r"gid://shopify/(\w+)/(\d+)(\?.*)?")
_FIRST = 7_000_000_000_001
_STRIDE = 1_000_003


def gid(type_name: str, number: int) -> str:
    """Write a global id."""
    return f"gid://shopify/{type_name}/{number}"


def split(text: str) -> tuple[str, int] | None:
    """Give type and number of a global id; None for any other text."""
    match = _GID.fullmatch(text)
    return (match[1], int(match[2])) if match else None


class Numbers:
    """Gives each type its own row of large numbers, so that no id can be guessed from another."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, Iterator[int]] = defaultdict(self._new_row)
        self._started = 0

    def _new_row(self) -> Iterator[int]:
        self._started += 1
        return itertools.count(_FIRST + self._started * _STRIDE * 1_000, self._started * 2 + 1)

    def next(self, type_name: str) -> int:
        return next(self._rows[type_name])
