"""How many calls a push needs when all goes well, by what is remembered of the shop; nothing is asked or sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from tillbridge.domain.product import Link, ListingRef, ProductWrite, StockWrite, Visibility
from tillbridge.systems.magento.api.bulk import LARGE, PIECE
from tillbridge.systems.magento.api.search import NAMED_AT_ONCE, questions
from tillbridge.systems.magento.products.ahead import grouped
from tillbridge.systems.magento.products.payload import CONTENT_TEXTS
from tillbridge.systems.magento.products.prices import ROUTES, SALE
from tillbridge.systems.magento.products.progress import PICTURES, Progress
from tillbridge.systems.magento.rehearse.names import Names
from tillbridge.systems.magento.tools import Tools
from tillbridge.systems.shop import Work

LOOK_AT_ORDERS = 2
"""The orders that changed, and what was shipped of others."""

ONE_LEGACY_FIGURE = 3

ONE_BULK = 2
"""It is sent, and looked at once; a shop that is slow is looked at more often."""


def cost(tools: Tools, rounds: Iterable[Work]) -> int:
    """Count the calls of some rounds, one after the other."""
    rehearsal = Rehearsal(tools, Names(tools.vocabulary))
    for work in rounds:
        rehearsal.play(work)
    return rehearsal.calls + rehearsal.names.calls


@dataclass(slots=True)
class Rehearsal:
    """One push, without a call."""

    tools: Tools
    names: Names
    calls: int = 0
    proved: bool = False
    ahead: list[int] = field(default_factory=list)  # saves that may go as a bulk, product by product

    def play(self, work: Work) -> None:
        """Go through one round."""
        self._observed(work.observed)
        self._links(work.links)
        self._lists(len(set(work.unpublish)))
        self.calls += len(set(work.unpublish))
        self._writes(work.writes)
        self.calls += LOOK_AT_ORDERS if work.stock or work.orders else 0
        self._stock(work.stock)

    def _lists(self, rows: int) -> None:
        self.calls += ceil(rows / NAMED_AT_ONCE)

    def _observed(self, refs: Sequence[ListingRef]) -> None:
        if refs:
            self._lists(len({one for ref in refs for one in (ref.product_id, ref.variant_id) if one}))
            self._lists(len(refs))
            self.calls += 1  # the open orders
            self.names.lists()
            self.names.tree()

    def _links(self, links: Sequence[Link]) -> None:
        ids = {one for link in links for one in (link.product_id, *(known.ref.variant_id for known in link.variants))}
        self._lists(len(ids - {""}))
        if links:
            self.names.lists()
            self.names.tree()

    # --- products ---

    def _writes(self, writes: Sequence[ProductWrite]) -> None:
        new = [write for write in writes if write.creates]
        self._lists(len([write for write in new if write.link.attempted_at]))
        skus = [variant.sku for write in new for variant in write.product.on_sale if variant.sku]
        self.calls += sum(1 for _ in questions("sku", skus))
        for write in new:
            self._create(write)
        known = [Progress.of(write) for write in writes if not write.creates]
        self._lists(len({one for progress in known for one in _ids(progress)}))
        self._prices(known)
        for progress in known:
            self._change(progress)
        self._saves()

    def _saves(self) -> None:
        """Count the saves one by one, or each bulk with one look at what became of it, once it is proved to work."""
        total, ahead = sum(self.ahead), self.ahead
        self.ahead = []
        if not self.tools.bulks.open_road or total < LARGE:
            self.calls += total
            return
        self.calls += 0 if self.proved else ONE_BULK
        self.proved = True
        self.calls += ONE_BULK * sum(ceil(sum(group) / PIECE) for group in grouped(ahead, int))

    def _create(self, write: ProductWrite) -> None:
        """One save each for a product and its children, and one call for each picture."""
        progress, variants = Progress.of(write), write.product.on_sale
        names = set(progress.todo).union(*progress.variants_todo.values())
        variable = write.product.variable
        self.names.products(write.product, variants if variable else (), names, fresh=True)
        self.ahead.append(len(variants) if variable else 1)
        self.calls += int(variable) + len(write.product.images)
        self.calls += sum(variable and variant.image is not None for variant in variants)

    def _prices(self, known: Sequence[Progress]) -> None:
        for price in ROUTES:
            alone = [1 for progress in known for names in _prices_alone(progress) if price in names]
            self.calls += ceil(len(alone) / self.tools.prices.now)

    def _change(self, progress: Progress) -> None:
        """One save for what changes of the product, one for each child; a new child is attached as well."""
        product = progress.product
        names = set(progress.todo).union(*progress.variants_todo.values())
        choosing = [progress.variant(one) for one, todo in progress.variants_todo.items() if "options" in todo]
        self.names.products(product, choosing if product.variable else (), names, fresh=False)
        new = {source.source_id for source in product.images} - progress.image_ids.keys()
        self.calls += len(new) if "images" in progress.todo else 0
        saved, ahead = bool(progress.todo & {*CONTENT_TEXTS, "category"}), 0
        for item_id, todo in progress.variants_todo.items():
            variant = progress.variant(item_id)
            if item_id not in progress.variants:
                ahead += variant.visibility is Visibility.PUBLISHED
                self.calls += variant.visibility is Visibility.PUBLISHED  # it is attached, too
            elif todo - PICTURES and not (product.variable and _alone(progress, item_id)):
                alone = _alone(progress, item_id) and not progress.todo
                saved = saved or (not product.variable and not alone)
                ahead += product.variable
            self.calls += product.variable and "image" in todo and variant.image is not None
        self.calls += saved and product.variable
        self.ahead.append(ahead + (saved and not product.variable))

    # --- stock ---

    def _stock(self, writes: Sequence[StockWrite]) -> None:
        if not writes:
            return
        self._lists(len({write.ref.variant_id or write.ref.product_id for write in writes}))
        if not self.tools.traits.multi_source:
            self.calls += ONE_LEGACY_FIGURE * len(writes)
            return
        most = self.tools.stock.now
        rows = sum(max(1, len(write.places)) for write in writes)
        self.calls += 1 + 2 * ceil(rows / most)  # the open orders; each piece is written and read back


def _ids(progress: Progress) -> list[str]:
    known = [progress.variants[one].ref.variant_id for one in progress.variants_todo if one in progress.variants]
    return [progress.product_id, *(one for one in known if one)]


def _prices_alone(progress: Progress) -> list[set[str]]:
    if not progress.product.variable and progress.todo:
        return []
    return [names for item_id, names in progress.variants_todo.items() if _alone(progress, item_id)]


def _alone(progress: Progress, item_id: str) -> bool:
    """Tell whether only prices of an item change, and none of them is a sale that ends."""
    names = progress.variants_todo[item_id]
    ends = SALE in names and progress.variant(item_id).sale_price is None
    return bool(names) and names <= {*ROUTES} and not ends and item_id in progress.variants
