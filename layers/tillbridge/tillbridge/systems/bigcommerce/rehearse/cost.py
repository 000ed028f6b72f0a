"""How many calls a push needs: the least, when all goes well and nothing is there already."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import as_text
from tillbridge.domain.product import Link, ListingRef, ProductWrite, StockWrite
from tillbridge.systems.bigcommerce.api.catalogue import FEW, MOST_SKUS, question_count
from tillbridge.systems.bigcommerce.api.client import PAGE
from tillbridge.systems.bigcommerce.levels import MOST_ASKED
from tillbridge.systems.bigcommerce.products import categories
from tillbridge.systems.bigcommerce.products.change import MOST as MOST_PRODUCTS
from tillbridge.systems.bigcommerce.products.change import former_categories, needs_call
from tillbridge.systems.bigcommerce.products.create import MOST_MARKS
from tillbridge.systems.bigcommerce.products.making import Making
from tillbridge.systems.bigcommerce.products.pictures import needs_pictures, of_variants
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.products.variants import MOST as MOST_VARIANTS
from tillbridge.systems.bigcommerce.products.variants import chooses
from tillbridge.systems.bigcommerce.stock import MOST as MOST_FIGURES
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.progress import skus_of
from tillbridge.systems.shop import Work


def cost(tools: Tools, rounds: Iterable[Work]) -> int:
    """Count the calls of some rounds, one after the other; ``tools`` are left as they are."""
    rehearsal = Rehearsal(tools)
    return sum(rehearsal.play(work) for work in rounds)


@dataclass(slots=True)
class Rehearsal:
    """One push, without a call. Names that it would create are known from then on."""

    tools: Tools
    _counted: bool = field(default=False, init=False)
    _tree_read: bool = field(default=False, init=False)
    _made: set[str] = field(default_factory=set, init=False)

    def play(self, work: Work) -> int:
        """Go through one round."""
        calls = self._links(work.links) + ceil(len(work.unpublish) / MOST_PRODUCTS)
        calls += self._observed(work.observed) + self._products(work.writes)
        calls += bool(work.stock) or work.orders  # the orders that came since the last look
        return calls + self._stock(work.stock)

    @staticmethod
    def _observed(refs: Sequence[ListingRef]) -> int:
        """Count products with their variants, and the stock of what is sold, all of which is taken to be tracked."""
        return ceil(len({ref.product_id for ref in refs}) / PAGE) + ceil(len(set(refs)) / MOST_ASKED)

    @staticmethod
    def _links(links: Sequence[Link]) -> int:
        return sum(1 + ceil(len(piece) / MOST_SKUS) for piece in in_pieces(links, PAGE))

    def _products(self, writes: Sequence[ProductWrite]) -> int:
        progresses = [Progress.of(write) for write in writes]
        new = [progress for progress in progresses if progress.write.creates]
        old = [progress for progress in progresses if not progress.write.creates]
        calls = self._look(new) if new else 0
        calls += self._read([progress for progress in old if progress.write.link.unread])
        calls += sum(self._create(batch) for batch in _batches(new, MOST_MARKS))
        return calls + sum(self._change(batch) for batch in _batches(old, MOST_PRODUCTS))

    def _look(self, new: Sequence[Progress]) -> int:
        known = self.tools.first_look.remembered()
        calls = int(known is None and not self._counted)
        self._counted = True
        tried = [progress for progress in new if progress.doubtful]
        calls += ceil(len(tried) / MOST_SKUS)
        calls += len(Making(self.tools).noted(progress.product.key for progress in tried))
        asked = list(dict.fromkeys(skus_of(new if known is False else tried)))
        return calls + question_count(asked) + (1 if len(asked) > FEW else len(asked))

    @staticmethod
    def _read(unread: Sequence[Progress]) -> int:
        """Count the look at listings that were found by our key; what they lack shows only then."""
        for progress in unread:
            progress.todo.clear()
            progress.variants_todo.clear()
        return ceil(len(unread) / PAGE)

    def _create(self, batch: Sequence[Progress]) -> int:
        pictures = sum(
            len(entry.product.images)
            + sum(entry.product.variable and one.image is not None for one in entry.product.on_sale)
            for entry in batch
        )
        return self._places(batch) + len(batch) + 1 + pictures

    def _change(self, batch: Sequence[Progress]) -> int:
        calls = int(any(entry.may_lack_mark for entry in batch))
        moving = [entry for entry in batch if "category" in entry.todo]
        calls += self._places(moving) + bool([entry for entry in moving if entry.product.category_path])
        calls += len({old for entry in moving for old in former_categories(entry, self.tools.vocabulary)})
        calls += bool([entry for entry in batch if needs_call(entry)])
        choosing = [entry for entry in batch if chooses(entry)]
        calls += bool(choosing) + sum(1 + _new_values(entry) for entry in choosing)
        calls += ceil(sum(map(_steps, batch)) / MOST_VARIANTS)
        return calls + self._pictures(batch)

    @staticmethod
    def _pictures(batch: Sequence[Progress]) -> int:
        waiting = [entry for entry in batch if needs_pictures(entry) or _pictured(entry)]
        missing = sum(
            image.source_id not in entry.image_ids
            for entry in waiting
            if needs_pictures(entry)
            for image in entry.product.images
        )
        return bool(waiting) + missing + sum(map(_pictured, batch))

    def _places(self, batch: Sequence[Progress]) -> int:
        """Count the calls for categories that are not remembered: the tree once, then level by level."""
        wanted = dict.fromkeys(entry.product.category_path for entry in batch if entry.product.category_path)
        calls = 0
        for depth in range(1, max(map(len, wanted), default=0) + 1):
            level = {as_text(path[:depth]) for path in wanted if len(path) >= depth}
            missing = {key for key in level - self._made if self.tools.vocabulary.get(categories.CATEGORY, key) is None}
            calls += ceil(len(missing) / categories.MOST)
            self._made |= missing
        if calls and not self._tree_read:
            self._tree_read = True
            calls += 1 + (self.tools.vocabulary.get(categories.TREE, "id") is None)
        return calls

    @staticmethod
    def _stock(writes: Sequence[StockWrite]) -> int:
        calls = 0
        for piece in in_pieces(writes, MOST_FIGURES):
            products = {write.ref.product_id for write in piece}
            places = {place for write in piece for place in (write.places or {"": 0})}
            calls += ceil(len(products) / PAGE) + len(places) + ceil(len(piece) / MOST_ASKED)
        return calls


def _batches(progresses: Sequence[Progress], most: int) -> list[Sequence[Progress]]:
    return list(in_pieces(progresses, most))


def _steps(entry: Progress) -> int:
    if not entry.product.variable:
        return 0
    return sum(
        item_id not in entry.variants or bool(names - {"image", "options", "tax_class"})
        for item_id, names in entry.variants_todo.items()
    )


def _pictured(entry: Progress) -> int:
    """Count the variants that are to get a picture, new ones included."""
    new = [item_id for item_id in entry.variants_todo if item_id not in entry.variants]
    return len(of_variants(entry)) + sum(entry.variant(item_id).image is not None for item_id in new)


def _new_values(entry: Progress) -> int:
    """Count the values that options are to get, by what the listing was last acknowledged with."""
    try:
        before = json.loads(entry.write.link.fields.get("options", "[]"))
        known = {folded(str(name)): {folded(str(value)) for value in values} for name, values in before}
    except (ValueError, TypeError):
        known = {}
    return sum(
        folded(value) not in known.get(folded(option.name), set())
        for option in entry.product.options
        for value in option.values
    )
