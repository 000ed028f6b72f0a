"""Send the first saves of many products ahead, as bulks: a simple product's own, and those of children.

The usual steps follow product by product; each finds what was saved already, and saves the rest by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.product import Visibility
from tillbridge.systems.magento.api.bulk import LARGE, PIECE
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.products.progress import PICTURES, Progress
from tillbridge.systems.magento.products.save import Saver
from tillbridge.systems.magento.tools import Tools

Entry = TypeVar("Entry")


def saves(progress: Progress) -> int:
    """Count what can be sent ahead of a product."""
    if progress.settled:
        return 0
    if not progress.product.variable:
        names = progress.todo.union(*progress.variants_todo.values()) - PICTURES
        return int(bool(names))
    return sum(bool(names - PICTURES) and _wanted(progress, one) for one, names in progress.variants_todo.items())


def _wanted(progress: Progress, item_id: str) -> bool:
    return item_id in progress.variants or progress.variant(item_id).visibility is Visibility.PUBLISHED


def grouped(entries: Iterable[Entry], size: Callable[[Entry], int]) -> Iterator[list[Entry]]:
    """Cut into groups that fill a bulk, so that outcomes are told as soon as one is done."""
    group: list[Entry] = []
    for entry in entries:
        group.append(entry)
        if sum(map(size, group)) >= PIECE:
            yield group
            group = []
    if group:
        yield group


@dataclass(frozen=True, slots=True)
class Ahead:
    """Sends saves ahead, where the merchant wants it and the shop can."""

    tools: Tools
    saver: Saver
    placed: Callable[[Progress], bool]  # finds the ids that a product needs; false where it cannot be written

    def groups(self, progresses: Sequence[Progress]) -> Iterator[list[Progress]]:
        """Cut products into groups, and give each once its saves were sent."""
        if not self.tools.bulks.open_road or sum(map(saves, progresses)) < LARGE:
            yield list(progresses)
            return
        for group in grouped(progresses, saves):
            if self.tools.bulks.usable():
                self._send(group)
            yield group

    def _send(self, group: Sequence[Progress]) -> None:
        bodies: list[Mapping[str, object]] = []
        for progress in group:
            try:
                if not progress.settled and self.placed(progress):
                    bodies += self.saver.first_saves(progress)
            except ItemRejectedError:
                continue  # its own steps meet the same, and tell it
        unknown = [body for body in self.tools.bulks.save(bodies) if "id" not in body]
        if unknown:
            self._look_up(unknown)

    def _look_up(self, bodies: Sequence[Mapping[str, object]]) -> None:
        """See which creations were done although nobody said so: our own key tells them from the merchant's."""
        rows = self.tools.catalogue.by_skus(str(body["sku"]) for body in bodies)
        for body in bodies:
            row = rows.get(str(body["sku"]))
            if row is not None and {"attribute_code": MARK, "value": row.text(MARK)} in _attributes(body):
                self.tools.bulks.keep(body, row)


def _attributes(body: Mapping[str, object]) -> Sequence[object]:
    rows = body.get("custom_attributes")
    return rows if isinstance(rows, list) else []
