"""Say which stock figures of one shop need writing: desired against acknowledged. It only reads, as a preview does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tillbridge.domain.product import StockWrite
from tillbridge.domain.stock import StockFigure
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.shopkeeper import ShopKeeper


@dataclass(frozen=True, slots=True)
class PlannedStock:
    """The figures of some items, and the writes that they need.

    ``unread`` names the items with a location that was not read yet: they are never written (invariant 1).
    """

    figures: Mapping[str, StockFigure]
    writes: tuple[StockWrite, ...]
    unread: tuple[str, ...]

    @property
    def in_step(self) -> list[str]:
        """Name the items of which the shop has acknowledged just what it should show."""
        busy = {write.item_id for write in self.writes}.union(self.unread)
        return [item_id for item_id in self.figures if item_id not in busy]


def tracked_shelves(keeper: ShopKeeper, marks: Mapping[str, Sequence[Mark]]) -> dict[str, Shelf]:
    """Find the tracked listings of these items."""
    return tracked(keeper.shelves.get(keeper.shop_id, marks), marks)


def tracked(shelves: Mapping[str, Shelf], marks: Mapping[str, Sequence[Mark]]) -> dict[str, Shelf]:
    """Keep the tracked ones; where the shop contradicted what we know, nothing counts as known.

    A web hook about our own write may be faster than our record of it: by now they agree, and nothing is in doubt.
    """
    return {
        key: replace(shelf, known=None) if any(mark.contradicts(shelf.known) for mark in marks[key]) else shelf
        for key, shelf in shelves.items()
        if shelf.tracked
    }


def plan_stock(keeper: ShopKeeper, shelves: Mapping[str, Shelf]) -> PlannedStock:
    """Work out the figure of each shelf and compare it with what the shop acknowledged."""
    figures = keeper.figures(list(shelves))
    writes = tuple(
        _write(figures[item_id], shelf)
        for item_id, shelf in shelves.items()
        if figures[item_id].writable and not shows(shelf, figures[item_id])
    )
    return PlannedStock(figures, writes, tuple(key for key, figure in figures.items() if not figure.writable))


def shows(shelf: Shelf, figure: StockFigure) -> bool:
    """Tell whether the shop has acknowledged just this figure, place by place where it has places."""
    return (shelf.known, shelf.known_places) == (figure.quantity, figure.by_place)


def _write(figure: StockFigure, shelf: Shelf) -> StockWrite:
    """Say what is to be written; where the figure is in doubt, so is what each place shows of it."""
    return StockWrite(
        item_id=shelf.item_id,
        ref=shelf.ref,
        quantity=figure.quantity,
        known=shelf.known,
        places=figure.by_place,
        known_places={} if shelf.known is None else shelf.known_places,
    )
