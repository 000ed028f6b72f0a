"""Bring products into step with the store: look first, then create or change, then variants and pictures.

Everything is done some products at a time, and outcomes are given as soon as they are certain.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import BrokenConnectionError, ItemRejectedError, RetryLaterError
from tillbridge.domain.product import ProductOutcome, ProductWrite
from tillbridge.systems.bigcommerce.api.refusals import RefusedError
from tillbridge.systems.bigcommerce.api.rejections import rejection
from tillbridge.systems.bigcommerce.products.adopt import BRAND
from tillbridge.systems.bigcommerce.products.change import MOST, Change
from tillbridge.systems.bigcommerce.products.create import MOST_MARKS, Creation
from tillbridge.systems.bigcommerce.products.look import LookFirst
from tillbridge.systems.bigcommerce.products.names import unique_name
from tillbridge.systems.bigcommerce.products.pictures import Pictures
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.products.variants import Variants
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.looked import Looked
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.subjects import thing

Outcomes = Iterator[tuple[ProductOutcome, ...]]


@dataclass(slots=True)
class ProductWriter:
    """Writes products to one store."""

    tools: Tools
    _look: LookFirst = field(init=False)
    _creation: Creation = field(init=False)

    def __post_init__(self) -> None:
        """Set up the parts."""
        self._look, self._creation = LookFirst(self.tools), Creation(self.tools)

    def write(self, writes: Sequence[ProductWrite]) -> Outcomes:
        """Create and change; gives one outcome per write."""
        progresses = [Progress.of(write) for write in writes]
        new = [progress for progress in progresses if progress.write.creates]
        if new:
            yield from self._new(self._look.look(new))
        known = [progress for progress in progresses if not progress.write.creates]
        self._look.read([progress for progress in known if progress.write.link.unread])
        yield from _given([progress for progress in known if progress.failed])
        yield from self._changed([progress for progress in known if not progress.failed])

    def _new(self, looked: Looked[Progress]) -> Outcomes:
        yield from _given(looked.settled)
        for batch in in_pieces(looked.fresh, MOST_MARKS):
            yield from self._sure(batch, self._create)
        conflicts, self._creation.conflicts = self._creation.conflicts, []
        yield from self._clashed(conflicts)
        yield from self._changed(looked.adopted)

    def _create(self, batch: Sequence[Progress]) -> Sequence[Progress]:
        """Create products with everything; gives those of which it is certain what came of them."""
        self._place(batch)
        placed = [progress for progress in batch if not progress.failed]
        self._creation.begin(placed)
        for progress in placed:
            self._creation.create(progress)
        self._creation.mark([progress for progress in batch if progress.fresh])
        Pictures(self.tools).write([progress for progress in batch if progress.fresh])
        waiting = [progress for progress, _ in self._creation.conflicts]
        return [progress for progress in batch if progress not in waiting]

    def _clashed(self, conflicts: Sequence[tuple[Progress, RefusedError]]) -> Outcomes:
        """See what was taken: an SKU, so that it is linked or told; else the name, or the address made of it.

        Where a category is named that we remember and that is gone, all are found anew.
        """
        if not conflicts:
            return
        looked = Looked[Progress]()
        self._look.by_sku([progress for progress, _ in conflicts], looked)
        yield from _given(looked.settled)
        yield from self._changed(looked.adopted)
        refusals = {id(progress): error for progress, error in conflicts}
        for progress in looked.fresh:
            named = refusals[id(progress)].refusal.fields
            if any("categor" in name for name in named):
                self.tools.categories.forget()
            else:
                progress.name = unique_name(progress.product)
        for batch in in_pieces(looked.fresh, MOST_MARKS):
            yield from self._sure(batch, self._create)
        for progress, _ in self._creation.conflicts:
            subject = thing(self.tools.client.subject, f"product {progress.product.key}")
            progress.fail(rejection(refusals[id(progress)], subject))
        yield from _given([progress for progress, _ in self._creation.conflicts])
        self._creation.conflicts = []

    def _changed(self, progresses: Sequence[Progress]) -> Outcomes:
        for batch in in_pieces(progresses, MOST):
            yield from self._sure(batch, self._change)

    def _change(self, batch: Sequence[Progress]) -> Sequence[Progress]:
        self._mark_doubtful(batch)
        self._place([progress for progress in batch if "category" in progress.todo])
        Change(self.tools).change(batch)
        Variants(self.tools).write([progress for progress in batch if not progress.failed])
        Pictures(self.tools).write(batch)
        return batch

    def _mark_doubtful(self, batch: Sequence[Progress]) -> None:
        doubtful = [progress for progress in batch if progress.may_lack_mark]
        if doubtful:
            marks = self.tools.catalogue.marked([progress.product.key for progress in doubtful])
            self._creation.mark([progress for progress in doubtful if progress.product.key not in marks])

    def _place(self, batch: Sequence[Progress]) -> None:
        """Find or create the categories that products need."""
        self.tools.categories.prepare(progress.product.category_path for progress in batch if not progress.failed)
        for progress in batch:
            progress.brand_id = self.tools.vocabulary.get(BRAND, progress.product.brand) or ""
            try:
                progress.category_id = self.tools.categories.id_of(progress.product.category_path)
            except ItemRejectedError as error:
                progress.fail(error)

    def _sure(self, batch: Sequence[Progress], work: Callable[[Sequence[Progress]], Sequence[Progress]]) -> Outcomes:
        """Do some work; gives every outcome that is known of, also when the store fails meanwhile."""
        try:
            settled = work(batch)
        except (RetryLaterError, BrokenConnectionError) as trouble:
            begun = [progress for progress in batch if progress.product_id]
            for progress in begun:
                if not progress.done:
                    progress.errors.append(trouble)
            yield from _given(begun)
            raise
        yield from _given(settled)


def _given(progresses: Sequence[Progress]) -> Outcomes:
    if progresses:
        yield tuple(progress.outcome() for progress in progresses)
