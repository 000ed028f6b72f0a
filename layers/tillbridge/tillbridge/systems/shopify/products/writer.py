"""Bring products into step with the shop: look first, then create or change, then pictures.

Each product takes calls of its own, unless there are so many new ones that a bulk operation makes them; pictures are
looked at for a group together. Outcomes are given group by group.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import BrokenConnectionError, RetryLaterError, SystemDownError
from tillbridge.domain.product import ProductOutcome, ProductWrite
from tillbridge.systems.common.looked import Looked
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.points import MOST_IDS
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.bulk.batches import Batches
from tillbridge.systems.shopify.catalogue import Catalogue
from tillbridge.systems.shopify.products.change import Change, needs_reading
from tillbridge.systems.shopify.products.create import Creation
from tillbridge.systems.shopify.products.doubt import take_in_archived
from tillbridge.systems.shopify.products.look import LookFirst
from tillbridge.systems.shopify.products.pictures import Pictures
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.products.publishing import TOGETHER, Publishing
from tillbridge.systems.shopify.products.seen import options_seen
from tillbridge.systems.shopify.products.variants import Variants
from tillbridge.systems.shopify.tools import Tools

GROUP = 20
"""Products that are changed, and recorded together."""
NEW_GROUP, MADE_GROUP = TOGETHER, MOST_IDS
"""The same of those that are created by single calls, and of those that a bulk operation made."""

Outcomes = Iterator[tuple[ProductOutcome, ...]]


@dataclass(slots=True)
class ProductWriter:
    """Writes products to one shop."""

    tools: Tools
    catalogue: Catalogue
    _creation: Creation = field(init=False)
    _change: Change = field(init=False)
    _variants: Variants = field(init=False)
    _publishing: Publishing = field(init=False)
    _pictures: Pictures = field(init=False)
    batches: Batches = field(init=False)

    def __post_init__(self) -> None:
        """Set up the parts."""
        self._creation = Creation(self.tools, self.catalogue)
        self._change, self._variants = Change(self.tools), Variants(self.tools, self.catalogue)
        self._publishing, self._pictures = Publishing(self.tools), Pictures(self.tools, self.catalogue)
        self.batches = Batches(self.tools, self._creation, self._publishing)

    def write(self, writes: Sequence[ProductWrite]) -> Outcomes:
        """Create and change; gives one outcome per write.

        While a bulk operation makes the new ones, all others are changed.
        """
        progresses = [Progress.of(write) for write in writes]
        new = [progress for progress in progresses if progress.write.creates]
        together: list[Progress] = []
        left: list[Progress] = []
        if new:
            self._creation.define_key()
            together = self.batches.resume(new)
            looked = LookFirst(self.catalogue).look(new, under_way=together)
            if looked.settled:
                yield tuple(progress.outcome() for progress in looked.settled)
            left = looked.fresh
            if not together:
                together, left = self.batches.begin(left)
            if not together:
                yield from self._created(left)
            yield from self._changed(looked.adopted)
        known = [progress for progress in progresses if not progress.write.creates]
        self._read_unread([progress for progress in known if progress.write.link.unread])
        yield from self._changed(known)
        if together:
            yield from self._created_together(together, left)

    def _created_together(self, together: Sequence[Progress], left: Sequence[Progress]) -> Outcomes:
        """Wait for one operation after the other; what is left at last is few, or Shopify takes no more operations."""
        while together:
            yield from self._taken_in(together)
            together, left = self.batches.begin(left)
        yield from self._created(left)

    def _taken_in(self, together: Sequence[Progress]) -> Outcomes:
        """Wait for an operation, then finish what it made; what it does not tell of is looked for and made singly."""
        untold = yield from self.batches.made(together)
        told = [entry for entry in together if entry not in untold]
        yield from self.batches.publish(told)
        for group in in_pieces(told, MADE_GROUP):
            yield from self._carried(group, _leave, self._put_on_sale)
        looked = Looked[Progress]()
        missing = LookFirst(self.catalogue).made_before(untold, looked)
        yield from self._changed(looked.adopted)
        yield from self._created([*missing, *looked.fresh])
        self.batches.done()

    def _read_unread(self, unread: Sequence[Progress]) -> None:
        """Read listings that were found by our key, so that they can be completed."""
        looked = Looked[Progress]()
        LookFirst(self.catalogue).complete([(progress, progress.product_id) for progress in unread], looked)
        for progress in looked.fresh:
            progress.fail(listing_gone(thing(self.tools.client.subject, f"listing {progress.product_id}")))

    def _created(self, progresses: Sequence[Progress]) -> Outcomes:
        for group in in_pieces(progresses, NEW_GROUP):
            yield from self._carried(group, self._create_one, self._put_on_sale)

    def _changed(self, progresses: Sequence[Progress]) -> Outcomes:
        for group in in_pieces(progresses, GROUP):
            yield from self._carried(group, self._change_one)

    def _carried(
        self,
        group: Sequence[Progress],
        carry: Callable[[Progress], None],
        then: Callable[[Sequence[Progress]], None] | None = None,
    ) -> Outcomes:
        """Write a group; when the shop fails meanwhile, what is certain is given before that is told."""
        touched: list[Progress] = []
        try:
            for entry in group:
                touched.append(entry)
                if not entry.failed:
                    self._one(entry, carry)
            if then:
                then(group)
            self._pictures.bring(group)
        except (RetryLaterError, BrokenConnectionError) as trouble:
            certain = [entry for entry in touched if entry.product_id or entry.failed]
            for entry in certain:
                if not entry.done:
                    entry.errors.append(trouble)
            if certain:
                yield tuple(entry.outcome() for entry in certain)
            raise
        yield tuple(entry.outcome() for entry in group)

    @staticmethod
    def _one(entry: Progress, carry: Callable[[Progress], None]) -> None:
        """Carry one product; a request that the shop refuses whole is about this product alone."""
        try:
            carry(entry)
        except RefusedError as refused:
            entry.fail(refused)

    def _create_one(self, entry: Progress) -> None:
        """Create a product, or complete one that an unanswered call had created after all."""
        if found := self._creation.create(entry):
            looked = Looked[Progress]()
            LookFirst(self.catalogue).complete([(entry, found)], looked)
            if looked.fresh:
                raise SystemDownError(
                    "A product is gone that the shop has just shown.", subject=self.tools.client.subject
                )
            self._change_one(entry)

    def _put_on_sale(self, group: Sequence[Progress]) -> None:
        """Publish what was made in this run, and read what nobody has seen of it yet."""
        made = [entry for entry in group if entry.fresh]
        asked = self._publishing.together(made)
        unseen = [entry for entry in made if entry in asked or not entry.variants]
        rows = self._creation.read_back(unseen)
        for entry in asked:
            if entry.product_id in rows and rows[entry.product_id].published:
                self._publishing.shown(entry)
        for entry in made:
            self._one(entry, self._publishing.publish)

    def _change_one(self, entry: Progress) -> None:
        if entry.in_doubt:
            for row in self.catalogue.whole([entry.product_id]).values():
                take_in_archived(entry, row, self.tools.traits.weight_unit)
        if needs_reading(entry):
            self._learn_options(entry)
        self._change.content(entry)
        if entry.failed:
            return
        self._publishing.publish(entry)
        if any(entry.variants_todo.values()):
            self._variants.write(entry)
            self._publishing.variants(entry)
        self._publishing.strays(entry)
        if "options" in entry.todo and not entry.failed:
            self._acknowledge_options(entry)

    def _learn_options(self, entry: Progress) -> None:
        row = self.catalogue.simple([entry.product_id]).get(entry.product_id)
        if row is None:
            entry.fail(listing_gone(thing(self.tools.client.subject, f"listing {entry.product_id}")))
        else:
            self._change.options(entry, row)

    def _acknowledge_options(self, entry: Progress) -> None:
        """Options have the values that variants have: so they are read once these are written."""
        if not entry.product.variable:
            entry.acknowledge(options=entry.fields.get("options", "[]"))
            return
        row = self.catalogue.simple([entry.product_id]).get(entry.product_id)
        if row is not None:
            entry.acknowledge(options=options_seen(entry.product, row))


def _leave(_: Progress) -> None:
    """Do nothing: a bulk operation has done it."""
