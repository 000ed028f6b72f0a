"""The protocol of a till: what the flows ask of it. Implemented by ``systems/lightspeed``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from tillbridge.domain.catalogue import Item, Matrix, Reference
from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.stock import StockLevel

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One wholly read and verified page.

    ``served_at`` is the till's own clock when it answered. ``rejected`` holds rows that could not be understood;
    they are reported and never guessed at.
    """

    rows: tuple[Row, ...]
    served_at: datetime
    last: bool
    rejected: tuple[ItemRejectedError, ...] = ()


@dataclass(frozen=True, slots=True)
class StockedItem:
    """An item read together with its stock."""

    item: Item
    levels: tuple[StockLevel, ...]


@dataclass(frozen=True, slots=True)
class TillAccount:
    """The remote account behind a connection, and what the authorising employee may do there."""

    account_id: str
    name: str
    rights: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()  # rights that Tillbridge needs and does not have, each with what would not work
    missing_to_sell: tuple[str, ...] = ()  # the same, for web orders to become sales


class Till(Protocol):
    """A till that can be read. Pages come in order and lazily: nothing is requested before it is asked for."""

    def account(self) -> TillAccount:
        """Identify the account and the rights of the grant."""
        ...

    def reference(self) -> Reference:
        """Read the lists that items point into (locations, categories, manufacturers, price levels, attribute sets)."""
        ...

    def last_item_id(self) -> str:
        """Tell the highest item id, so that a read in the order of ids can show how far it is ("0" = no items).

        One cheap call; counting would cost ten times as much (facts/lightspeed.md, section A2).
        """
        ...

    def items_after(self, item_id: str) -> Iterator[Page[StockedItem]]:
        """Read every item with its stock in the order of ids, beginning after ``item_id`` ("0" = from the start)."""
        ...

    def items_by_id(self, item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        """Look items up by id, archived ones included, a hundred per call.

        An id that is absent is not in the till; ``None`` stands for one that is there and could not be understood.
        """
        ...

    def matrices_after(self, matrix_id: str) -> Iterator[Page[Matrix]]:
        """Read every matrix in the order of ids, beginning after ``matrix_id`` ("0" = from the start)."""
        ...

    def items_since(self, since: datetime) -> Iterator[Page[Item]]:
        """Read the items changed at or after ``since``, oldest change first, archived ones included."""
        ...

    def matrices_since(self, since: datetime) -> Iterator[Page[Matrix]]:
        """Read the matrices changed at or after ``since``, oldest change first, archived ones included."""
        ...

    def stock_since(self, since: datetime) -> Iterator[Page[StockLevel]]:
        """Read the stock rows changed at or after ``since``, oldest change first, without the sum of all places."""
        ...

    def stock_of(self, item_ids: Sequence[str]) -> Mapping[str, tuple[StockLevel, ...]]:
        """Read the stock of these items now, at most a hundred, without the sum of all places.

        Archived items are included. An item is absent when the till does not tell of it, or not in a form that can be
        understood.
        """
        ...
