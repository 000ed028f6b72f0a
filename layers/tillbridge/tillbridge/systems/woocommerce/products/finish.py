"""What follows once a batch of products is in the shop: stale ids, variations, pictures, and the outcomes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, ItemRejectedError, RetryLaterError
from tillbridge.domain.product import ProductOutcome
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.products.adopt import take_in_archived
from tillbridge.systems.woocommerce.products.change import Change
from tillbridge.systems.woocommerce.products.pictures import Pictures
from tillbridge.systems.woocommerce.products.progress import Progress
from tillbridge.systems.woocommerce.products.terms import ATTRIBUTE, BRAND, CATEGORY
from tillbridge.systems.woocommerce.products.variation_pictures import VariationPictures, write_variation_pictures
from tillbridge.systems.woocommerce.products.variations import Variations, write_variations
from tillbridge.systems.woocommerce.tools import Tools

PATIENCE = timedelta(seconds=20)
"""How long outcomes may wait for others, so that their pictures share a call: variations take calls of their own."""

_KINDS = {"category": CATEGORY, "brand": BRAND, "options": ATTRIBUTE}

Misplaced = Sequence[tuple[Progress, Sequence[Difference]]]


@dataclass(slots=True)
class Finisher:
    """Finishes products and says what came of them."""

    tools: Tools

    def finish(self, batch: Sequence[Progress], misplaced: Misplaced) -> Iterator[tuple[ProductOutcome, ...]]:
        """Send what is left of these products; gives every outcome, also when the shop fails meanwhile."""
        waiting = list(batch)
        try:
            self._mend(misplaced)
            for settled in self._stages(batch):
                waiting = [progress for progress in waiting if progress not in settled]
                yield tuple(progress.outcome() for progress in settled)
        except (RetryLaterError, BrokenConnectionError) as trouble:
            for progress in waiting:
                if not progress.done:
                    progress.errors.append(trouble)
            if waiting:
                yield tuple(progress.outcome() for progress in waiting)
            raise

    def _stages(self, batch: Sequence[Progress]) -> Iterator[Sequence[Progress]]:
        """Variations first, each below its parent; then pictures, in calls that products of both kinds share."""
        variable = [entry for entry in batch if entry.product.variable and has_work_below(entry)]
        others = [entry for entry in batch if entry not in variable]
        at_once = [entry for entry in others if "images" not in entry.todo]
        if at_once:
            yield at_once
        waiting = [entry for entry in others if "images" in entry.todo]
        began = self.tools.clock.now()
        for entry in variable:
            self._variations(entry)
            waiting.append(entry)
            if len(waiting) >= self.tools.pictures.now or self.tools.clock.now() - began > PATIENCE:
                yield from self._pictures(waiting)
                waiting, began = [], self.tools.clock.now()
        yield from self._pictures(waiting)

    def _variations(self, progress: Progress) -> None:
        tools = self.tools
        if progress.in_doubt:
            take_in_archived(progress, tools.catalogue.variations_of(progress.product_id))
        load = Variations(tools.client, tools.catalogue, progress)
        write_variations(load, tools.carrier, tools.variations)
        pictures = VariationPictures(tools.client, tools.catalogue, progress)
        write_variation_pictures(pictures, tools.carrier, tools.pictures)

    def _pictures(self, batch: Sequence[Progress]) -> Iterator[Sequence[Progress]]:
        """Send the pictures of products; those without any are given at once."""
        tools = self.tools
        load = Pictures(tools.client, tools.catalogue, {})
        waiting = [progress for progress in batch if "images" in progress.todo]
        load.look([progress for progress in waiting if not progress.fresh])
        waiting = [progress for progress in waiting if not load.in_place(progress)]
        settled = [progress for progress in batch if progress not in waiting]
        if settled:
            yield settled
        yield from tools.carrier.carry(load, waiting, tools.pictures)

    def _mend(self, misplaced: Misplaced) -> None:
        """Where a category, brand or attribute did not stick, its remembered id is stale: make it anew, once."""
        if not misplaced:
            return
        tools = self.tools
        for kind in {_KINDS[difference.field] for _, found in misplaced for difference in found}:
            tools.terms.forget(kind)
        products = [progress for progress, _ in misplaced if self._placed(progress)]
        rows = tools.catalogue.by_ids(progress.product_id for progress in products)
        change = Change(tools.client, tools.terms, rows)
        for _ in tools.carrier.carry(change, products, tools.products):
            pass
        for progress, found in change.misplaced:
            progress.report(found, thing(tools.client.subject, f"listing {progress.product_id}"))
            progress.todo -= {difference.field for difference in found}

    def _placed(self, progress: Progress) -> bool:
        try:
            self.tools.terms.prepare([progress.product])
            progress.places = self.tools.terms.places(progress.product)
        except ItemRejectedError as error:
            progress.fail(error)
            return False
        return True


def has_work_below(entry: Progress) -> bool:
    """Tell whether variations of a product are to be written."""
    return bool(entry.strays) or any(entry.variants_todo.values())
