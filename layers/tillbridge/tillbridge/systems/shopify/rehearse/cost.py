"""How many calls a push needs: the least, when all goes well. What is remembered of the shop is only looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from tillbridge.domain.product import ListingRef, ProductWrite, StockWrite, Visibility
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.shop import Work
from tillbridge.systems.shopify.api.documents.reading import KEYS_AT_ONCE
from tillbridge.systems.shopify.api.ids import LOCATION, gid
from tillbridge.systems.shopify.api.points import MOST_IDS
from tillbridge.systems.shopify.bulk.lines import creating, fitting
from tillbridge.systems.shopify.catalogue import (
    SIMPLE_AT_ONCE,
    SKUS_AT_ONCE,
    VARIANTS_WITH_IT,
    WHOLE_AT_ONCE,
    made_at_once,
    media_at_once,
)
from tillbridge.systems.shopify.products.change import needs_reading
from tillbridge.systems.shopify.products.create import DEFINED
from tillbridge.systems.shopify.products.payload import (
    CONTENT_TEXTS,
    MOST_AT_ONCE,
    VARIANT_TEXTS,
    every_picture,
    variants_shown,
)
from tillbridge.systems.shopify.products.pictures import moves_to_front
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.products.publishing import TOGETHER
from tillbridge.systems.shopify.products.variants import AT_ONCE
from tillbridge.systems.shopify.products.writer import GROUP, MADE_GROUP, NEW_GROUP
from tillbridge.systems.shopify.stock import writes_at_once
from tillbridge.systems.shopify.tools import Tools

LOOK_AT_ORDERS = 1
"""What the search finds, and the newest, of which it may not know yet. More only where many have just changed."""
OPERATION = 5
"""Asking for a place, putting the file there, running the operation, looking at it once, fetching what it answered."""


def cost(tools: Tools, rounds: Iterable[Work]) -> int:
    """Count the calls of some rounds, one after the other."""
    rehearsal = Rehearsal(tools, defined=tools.vocabulary.get(*DEFINED) is not None)
    return sum(rehearsal.play(work) for work in rounds)


@dataclass(slots=True)
class Rehearsal:
    """One push, without a call. A shop that was never checked is asked once for its premises; that is not counted."""

    tools: Tools
    defined: bool

    def play(self, work: Work) -> int:
        """Go through one round."""
        new = [write for write in work.writes if write.creates]
        calls = ceil(sum(not ref.variant_id for ref in work.observed) / SIMPLE_AT_ONCE)
        calls += ceil(sum(bool(ref.variant_id) for ref in work.observed) / MOST_IDS)
        calls += ceil(len(work.observed) / MOST_IDS) if work.places else 0
        calls += ceil(len(work.links) / WHOLE_AT_ONCE) + sum(_pages(len(link.variants)) for link in work.links)
        calls += len(work.unpublish)
        calls += self._create(new) if new else 0
        calls += self._change([write for write in work.writes if not write.creates])
        calls += LOOK_AT_ORDERS if work.stock or work.orders else 0
        return calls + self._stock(work.stock)

    def _create(self, new: Sequence[ProductWrite]) -> int:
        calls, self.defined = int(not self.defined), True
        calls += ceil(sum(write.link.attempted_at is not None for write in new) / KEYS_AT_ONCE)
        skus = {variant.sku for write in new for variant in write.product.on_sale if variant.sku}
        calls += ceil(len(skus) / SKUS_AT_ONCE)
        left = list(new)
        while len(left) >= self.tools.bulk_from:
            place, unit = gid(LOCATION, self.tools.traits.place), self.tools.traits.weight_unit
            together = left[: len(fitting(creating(write, place, unit) for write in left))]
            left = left[len(together) :]
            calls += self._create_together(together)
        for group in in_pieces(left, NEW_GROUP):
            published = sum(map(_publication, group))
            calls += len(group) + ceil(published / TOGETHER) + ceil(len(group) / _made_at_once(group)) + _looks(group)
        return calls + _variant_pages(left)

    def _create_together(self, writes: Sequence[ProductWrite]) -> int:
        """Count the calls of one operation, and of another that publishes what it made, unless that is little.

        What was published by an operation needs no look at its pictures.
        """
        published = sum(map(_publication, writes))
        calls = OPERATION + _variant_pages(writes)
        if published >= self.tools.bulk_from:
            drafts = ([write for write in group if not _publication(write)] for group in in_pieces(writes, MADE_GROUP))
            return calls + OPERATION + sum(map(_looks, drafts))
        return calls + sum(_publications(group) + _looks(group) for group in in_pieces(writes, MADE_GROUP))

    def _change(self, writes: Sequence[ProductWrite]) -> int:
        calls = ceil(sum(write.link.unread for write in writes) / WHOLE_AT_ONCE)
        for group in in_pieces([Progress.of(write) for write in writes], GROUP):
            calls += sum(map(self._changed, group))
            calls += _pictures(group)
        return calls

    def _changed(self, entry: Progress) -> int:
        known = {item_id: names for item_id, names in entry.variants_todo.items() if item_id in entry.variants}
        texts = sum(bool(names & set(VARIANT_TEXTS)) for names in known.values())
        added = len(entry.variants_todo) - len(known)
        published = "visibility" in entry.todo and entry.product.visibility is Visibility.PUBLISHED
        unmet = texts and not entry.product.variable and self._unmet(ListingRef(entry.product_id))
        hidden = sum("visibility" in names for names in known.values()) if entry.product.variable else 0
        options = "options" in entry.todo and entry.product.variable
        return (
            int(entry.in_doubt) + int(needs_reading(entry)) + int(bool(entry.todo & set(CONTENT_TEXTS)))
            + int(published) + int(bool(unmet))
            + ceil(texts / AT_ONCE) + ceil(added / AT_ONCE) + hidden + int(options)
        )  # fmt: skip

    def _stock(self, writes: Sequence[StockWrite]) -> int:
        """Count the batches, a look at figures that nobody knows, and at listings that nobody has met."""
        calls = 0
        for piece in in_pieces(writes, writes_at_once(writes)):
            unmet = [write.ref for write in piece if self._unmet(write.ref)]
            calls += any(ref.variant_id for ref in unmet) + any(not ref.variant_id for ref in unmet)
            calls += any(_unknown(write) for write in piece) + 1
        return calls

    def _unmet(self, ref: ListingRef) -> bool:
        return self.tools.whereabouts.get(ref) is None


def _pages(variants: int) -> int:
    """Count the further pages of a product's variants."""
    return ceil(max(0, variants - VARIANTS_WITH_IT) / VARIANTS_WITH_IT)


def _variant_pages(writes: Sequence[ProductWrite]) -> int:
    """Count the pages of variants that are not read with their products."""
    many = [count for write in writes if (count := len(write.product.on_sale)) > MOST_AT_ONCE]
    return sum(ceil(count / VARIANTS_WITH_IT) for count in many)


def _looks(group: Sequence[ProductWrite]) -> int:
    """Count the looks at what became of pictures."""
    pictures = [count for write in group if (count := len(every_picture(write.product, write.product.on_sale)))]
    return ceil(len(pictures) / media_at_once(max(pictures))) if pictures else 0


def _publications(group: Sequence[ProductWrite]) -> int:
    """Count the calls that publish some of a group, many at once, and the reading of whether they did."""
    published = list(filter(_publication, group))
    asked = [write for piece in in_pieces(published, TOGETHER) if len(piece) > 1 for write in piece]
    return ceil(len(published) / TOGETHER) + (ceil(len(asked) / _made_at_once(asked)) if asked else 0)


def _made_at_once(group: Sequence[ProductWrite]) -> int:
    return made_at_once(max(map(variants_shown, group)))


def _publication(write: ProductWrite) -> bool:
    return write.product.visibility is Visibility.PUBLISHED


def _unknown(write: StockWrite) -> bool:
    if write.places:
        return not write.places.keys() <= write.known_places.keys()
    return write.known is None


def _pictures(group: Sequence[Progress]) -> int:
    """Count looking, sending, looking again, and giving each its place."""
    waiting = [entry for entry in group if "images" in entry.todo or _repictured(entry)]
    calls, sent = int(bool(waiting)), False
    for entry in waiting:
        wanted = [image.source_id for image in every_picture(entry.product, entry.product.on_sale)]
        missing = [source for source in wanted if source not in entry.image_ids]
        gone = [source for source in entry.image_ids if source not in wanted]
        order = [source for source in entry.image_ids if source in wanted] + missing
        moved = "images" in entry.todo and bool(moves_to_front(order, wanted))
        calls += bool(missing) + ("images" in entry.todo and bool(gone)) + moved + _attached(entry)
        sent = sent or bool(missing)
    return calls + sent


def _repictured(entry: Progress) -> list[str]:
    """List the items whose variants get another picture, or none any more."""
    return [
        item_id
        for item_id, names in entry.variants_todo.items()
        if "image" in names and (item_id in entry.variants or entry.variant(item_id).image is not None)
    ]


def _attached(entry: Progress) -> int:
    """Count one call for all that get one, and one for each that has none any more."""
    if not entry.product.variable:
        return 0
    items = _repictured(entry)
    bare = [item_id for item_id in items if entry.variant(item_id).image is None]
    return (len(bare) < len(items)) + sum(bool(entry.variants[item_id].image_id) for item_id in bare)
