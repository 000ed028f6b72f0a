"""Bring products into step with the shop: look first, then create or change, then variations and pictures.

Everything is sent in batches, and outcomes are given as soon as they are certain.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.product import ProductOutcome, ProductWrite, Visibility
from tillbridge.systems.common.looked import Looked
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.rejections import listing_gone
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.change import (
    LISTS,
    Change,
    needs_call,
    needs_reading,
    places_in,
    renamed_options,
)
from tillbridge.systems.woocommerce.products.create import Creation
from tillbridge.systems.woocommerce.products.finish import Finisher
from tillbridge.systems.woocommerce.products.look import LookFirst
from tillbridge.systems.woocommerce.products.progress import Progress
from tillbridge.systems.woocommerce.tools import Tools

Outcomes = Iterator[tuple[ProductOutcome, ...]]


@dataclass(slots=True)
class ProductWriter:
    """Writes products to one shop."""

    tools: Tools
    _look: LookFirst = field(init=False)
    _finisher: Finisher = field(init=False)

    def __post_init__(self) -> None:
        """Set up the parts."""
        self._look, self._finisher = LookFirst(self.tools), Finisher(self.tools)

    def write(self, writes: Sequence[ProductWrite]) -> Outcomes:
        """Create and change; gives one outcome per write."""
        progresses = [Progress.of(write) for write in writes]
        new = [progress for progress in progresses if progress.write.creates]
        if new:
            yield from self._create(self._look.look(new))
        known = [progress for progress in progresses if not progress.write.creates]
        for progress in known:
            if progress.write.link.unread:
                self._look.complete(progress, progress.product_id)
        yield from self._change(known)

    def _create(self, looked: Looked[Progress]) -> Outcomes:
        yield from _given(looked.settled)
        self._place(looked.fresh)
        yield from _given([progress for progress in looked.fresh if progress.failed])
        ready = [progress for progress in looked.fresh if not progress.failed]
        creation = Creation(self.tools.client, self.tools.catalogue, self.tools.clock)
        for batch in self.tools.carrier.carry(creation, ready, self.tools.products):
            yield from self._created(batch, creation)
        yield from self._clashed(creation)
        yield from self._change(looked.adopted)

    def _created(self, batch: Sequence[Progress], creation: Creation) -> Outcomes:
        """Finish what was created, and complete what an unanswered call had created after all."""
        clashing = [progress for progress, _ in creation.clashes]
        found = [progress for progress in batch if progress.product.key in creation.rediscovered]
        certain = [progress for progress in batch if progress not in clashing and progress not in found]
        misplaced, creation.misplaced = creation.misplaced, []
        yield from self._finisher.finish(certain, misplaced)
        for progress in found:
            self._look.complete(progress, str(creation.rediscovered.pop(progress.product.key).id))
        yield from self._change(found)

    def _clashed(self, creation: Creation) -> Outcomes:
        """Link or explain, all in one question, what was refused because the shop has its SKU."""
        if creation.clashes:
            looked = self._look.clash(creation.clashes)
            yield from _given(looked.settled)
            yield from self._change(looked.adopted)

    def _change(self, progresses: Sequence[Progress]) -> Outcomes:
        """Change listings, and complete those of earlier tries."""
        if not progresses:
            return
        change = Change(self.tools.client, self.tools.terms, self._read(progresses))
        self._place([progress for progress in progresses if not progress.failed and needs_places(progress)])
        for progress in progresses:
            choose_anew(progress)
            if row := change.current.get(progress.product_id):
                progress.places = places_in(row, progress)
        yield from _given([progress for progress in progresses if progress.failed])
        ready = [progress for progress in progresses if not progress.failed]
        yield from self._finisher.finish([progress for progress in ready if not needs_call(progress)], ())
        for batch in self.tools.carrier.carry(change, [p for p in ready if needs_call(p)], self.tools.products):
            misplaced, change.misplaced = change.misplaced, []
            yield from self._finisher.finish(batch, misplaced)

    def _read(self, progresses: Sequence[Progress]) -> Mapping[str, ListingRow]:
        """Read the listings whose lists change; one that is not there any more fails."""
        read = [progress for progress in progresses if needs_reading(progress)]
        rows = self.tools.catalogue.by_ids(progress.product_id for progress in read)
        for progress in read:
            if progress.product_id not in rows:
                progress.fail(listing_gone(thing(self.tools.client.subject, f"listing {progress.product_id}")))
        return rows

    def _place(self, progresses: Sequence[Progress]) -> None:
        """Find or create the categories, brands, attributes and options that products need."""
        self.tools.terms.prepare([progress.product for progress in progresses])
        for progress in progresses:
            try:
                progress.places = self.tools.terms.places(progress.product)
            except ItemRejectedError as error:
                progress.fail(error)


def _given(progresses: Sequence[Progress]) -> Outcomes:
    if progresses:
        yield tuple(progress.outcome() for progress in progresses)


def needs_places(progress: Progress) -> bool:
    """Tell whether ids of the shop are needed: something is put elsewhere, or a variation chooses its options."""
    chooses = any("options" in names for names in progress.variants_todo.values())
    return bool(progress.todo & LISTS) or (progress.product.variable and chooses)


def choose_anew(progress: Progress) -> None:
    """Where options were renamed, every variation on sale has to choose again."""
    if "options" not in progress.todo or not renamed_options(progress):
        return
    for variant in progress.product.variants:
        if variant.item_id in progress.variants and variant.visibility is Visibility.PUBLISHED:
            progress.variants_todo.setdefault(variant.item_id, set()).add("options")
