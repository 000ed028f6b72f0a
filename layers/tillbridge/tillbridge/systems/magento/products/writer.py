"""Bring products into step with the shop: look first, then prices many at a time, then product after product.

Magento saves one product per call and takes about a second for it; a shop gets one call at a time, because parallel
saves lock each other out (facts/magento.md, section 2).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import (
    BrokenConnectionError,
    GarbledAnswerError,
    ItemRejectedError,
    RetryLaterError,
    SystemDownError,
)
from tillbridge.domain.product import ListingRef, ProductOutcome, ProductWrite, Variant, Visibility
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.rejections import options_differ, rejection, shop_fails_on_it
from tillbridge.systems.magento.products.ahead import Ahead
from tillbridge.systems.magento.products.look import LookFirst
from tillbridge.systems.magento.products.pictures import Pictures
from tillbridge.systems.magento.products.prices import put_prices
from tillbridge.systems.magento.products.progress import Progress
from tillbridge.systems.magento.products.save import Saver
from tillbridge.systems.magento.tools import Tools

Outcomes = Iterator[tuple[ProductOutcome, ...]]

GIVE_UP_AFTER = 3
"""Products on which the shop fails one after the other, although it is up."""


@dataclass(slots=True)
class ProductWriter:
    """Writes products to one shop."""

    tools: Tools
    _look: LookFirst = field(init=False)
    _saver: Saver = field(init=False)
    _ahead: Ahead = field(init=False)
    _failures: int = field(default=0, init=False)
    _forgot: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Set up the parts."""
        self._look, self._saver = LookFirst(self.tools), Saver(self.tools)
        self._ahead = Ahead(self.tools, self._saver, self._placed)

    def write(self, writes: Sequence[ProductWrite]) -> Outcomes:
        """Create and change; gives one outcome per write, each as soon as it is certain."""
        progresses = [Progress.of(write) for write in writes]
        self._look.look([progress for progress in progresses if progress.write.creates])
        known = [progress for progress in progresses if not progress.write.creates]
        self._look.read(known)
        put_prices(self.tools, known)
        finished = [progress for progress in progresses if progress.settled or progress.done]
        if finished:
            yield tuple(progress.outcome() for progress in finished)
        for group in self._ahead.groups([progress for progress in progresses if progress not in finished]):
            for progress in group:
                yield from self._finish(progress)

    def _finish(self, progress: Progress) -> Outcomes:
        """Write one product; what the shop acknowledged is told also when it fails meanwhile."""
        try:
            self._settle(progress)
        except (RetryLaterError, BrokenConnectionError) as trouble:
            if progress.product_id:
                progress.errors.append(trouble)
                yield (progress.outcome(),)
            raise
        yield (progress.outcome(),)

    def _settle(self, progress: Progress) -> None:
        """Write one product, twice if the shop fails; what fails again while the shop is up is itself to blame."""
        try:
            self._steps(progress)
        except (SystemDownError, GarbledAnswerError) as trouble:
            if trouble.after is not None:
                raise
            self.tools.catalogue.alive()
            self._look.again(progress)
            self._second(progress)
        except ItemRejectedError as error:
            if self._forgot:
                progress.fail(self._told(error, progress))
                return
            self.tools.terms.forget()  # once in a run: a remembered id may be of something that is gone
            self._forgot = True
            progress.made.clear()  # written again, with what is found now
            self._second(progress)
        else:
            self._failures = 0

    def _second(self, progress: Progress) -> None:
        try:
            self._steps(progress)
        except ItemRejectedError as error:
            progress.fail(self._told(error, progress))
        except SystemDownError as trouble:
            self._failures += 1
            if trouble.after is not None or self._failures >= GIVE_UP_AFTER:
                raise
            self.tools.catalogue.alive()
            progress.fail(shop_fails_on_it(trouble, progress.subject(self.tools.client.subject)))
        else:
            self._failures = 0

    def _steps(self, progress: Progress) -> None:
        """Send all that is left of a product; may be called again after a failure in the midst of it."""
        if progress.settled:
            return
        if not self._placed(progress):
            return
        if progress.product.variable:
            self._variable(progress)
        else:
            self._saver.simple(progress)
        self._pictures(progress)

    def _placed(self, progress: Progress) -> bool:
        """Find the ids that the fields need."""
        names = set(progress.todo).union(*progress.variants_todo.values())
        choosing = [progress.variant(item_id) for item_id, todo in progress.variants_todo.items() if "options" in todo]
        row = progress.row
        progress.places = self.tools.terms.places(progress.product, row, choosing, names)
        own = {use.attribute_id for use in row.axes} if row else set()
        strange = [axis.code for axis in progress.places.axes if row and axis.attribute_id not in own]
        if strange:
            options = [option.name for option in progress.product.options]
            progress.fail(options_differ(options, progress.subject(self.tools.client.subject)))
        return not strange

    def _variable(self, progress: Progress) -> None:
        for item_id in list(progress.variants_todo):
            self._child(progress, progress.variant(item_id))
        if progress.row is None and not progress.made:
            progress.settled = True  # none of its children could be made; their errors say why
            return
        self._saver.parent(progress)
        self._saver.attach(progress)
        self._saver.take_off_sale(progress)

    def _child(self, progress: Progress, variant: Variant) -> None:
        if variant.item_id not in progress.variants and variant.visibility is Visibility.DRAFT:
            progress.variants_todo.pop(variant.item_id)  # what was never made need not be taken off sale
            return
        if not progress.variants_todo[variant.item_id] - {"image"}:
            return
        try:
            self._saver.child(progress, variant)
        except ItemRejectedError as error:
            progress.give_up(variant.item_id, self._told(error, progress, variant.item_id))

    def _pictures(self, progress: Progress) -> None:
        pictures = Pictures(self.tools.client, self.tools.gallery)
        row, images = progress.row, progress.product.images
        if row is not None and "images" in progress.todo:
            ids, errors = pictures.put(row, images, progress.image_ids, ours=progress.created_by_us)
            progress.image_ids = ids
            progress.errors += errors
            if not errors:
                progress.acknowledge_pictures()
        for item_id in [item_id for item_id, names in progress.variants_todo.items() if "image" in names]:
            self._own_picture(progress, progress.variant(item_id), pictures)
        progress.todo.clear()

    def _own_picture(self, progress: Progress, variant: Variant, pictures: Pictures) -> None:
        """Give a child a picture of its own: it is a product by itself."""
        known, row = progress.variants.get(variant.item_id), progress.child(variant.item_id)
        if known is None or row is None or known.ref == ListingRef(progress.product_id):
            return
        before = {known.fields["image"]: known.image_id} if known.image_id and known.fields.get("image") else {}
        wanted = [variant.image] if variant.image else []
        ids, errors = pictures.put(row, wanted, before, ours=True)
        progress.errors += errors
        if not errors:
            source = variant.image.source_id if variant.image else ""
            progress.acknowledge_picture(variant.item_id, source, ids.get(source, ""))

    def _told(self, error: ItemRejectedError, progress: Progress, item_id: str = "") -> ItemRejectedError:
        if not isinstance(error, RefusedError):
            return error
        return rejection(error.refusal, progress.subject(self.tools.client.subject, item_id))
