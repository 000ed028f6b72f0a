"""Long lists in portions that go on within one merchant: the answer of a function is bounded, and so is its time.

A desk gives its rows as *stops*: each holds the rows up to a place, and by that place the list can be gone on with. ::

    def stops(merchant: Merchant, after: str) -> Iterator[Stop[Row]]:  # "" = from the beginning
        for item in everything behind after:
            yield Stop(item.item_id, (row_of(item),))

    return in_portions(Asked(register, merchant_id, after, deadline), stops)

Stops are made lazily and none is made in vain. A stop without rows only says how far the search has come. The command
line repeats the command with ``after`` until nothing follows (``Desk.portions``); ``ShowPortion`` takes the argument.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import dropwhile
from typing import Generic, TypeVar

from tillbridge.domain.merchant import Merchant
from tillbridge.flows.operate.register import PAGE_ROWS, STOP_MARGIN, Portion, Register
from tillbridge.flows.ports import Deadline

Row = TypeVar("Row")

SEPARATOR = ":"
"""Stands between a merchant's id, which never holds it, and the place within that merchant's list."""


@dataclass(frozen=True, slots=True)
class Stop(Generic[Row]):
    """A place behind which a list can be gone on with, and the rows that lead up to it."""

    place: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose list is asked for, and from where on: ``after`` is what ``Portion.following`` said, or ``None``."""

    register: Register
    merchant_id: str | None
    after: str | None
    deadline: Deadline

    def merchants(self) -> Iterator[tuple[Merchant, str]]:
        """Go through the merchants from there on, each with the place in its list: "" = from the beginning."""
        first, _, place = (self.after or "").partition(SEPARATOR)
        if self.merchant_id is not None:
            yield self.register.merchants.get(self.merchant_id), place
            return
        for merchant in dropwhile(lambda one: one.merchant_id < first, self.register.merchants.list()):
            yield merchant, place if merchant.merchant_id == first else ""


def in_portions(asked: Asked, stops_of: Callable[[Merchant, str], Iterator[Stop[Row]]]) -> Portion[Row]:
    """Gather rows until there are enough or time is up. At least one stop is made, so that every call gets on."""
    rows: list[Row] = []
    for merchant, place in asked.merchants():
        for stop in stops_of(merchant, place):
            rows += stop.rows
            if len(rows) >= PAGE_ROWS or asked.deadline.left() < STOP_MARGIN:
                return Portion(tuple(rows), f"{merchant.merchant_id}{SEPARATOR}{stop.place}")
    return Portion(tuple(rows))
