"""The motions of ``products.writer``: the same batches in the same order, with answers as everybody hopes for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tillbridge.domain.planning import as_text
from tillbridge.domain.product import KnownVariant, ListingRef, ProductWrite
from tillbridge.systems.common.progress import skus_of
from tillbridge.systems.woocommerce.api.catalogue import sku_questions
from tillbridge.systems.woocommerce.products.change import Change, needs_call, needs_reading
from tillbridge.systems.woocommerce.products.create import Creation
from tillbridge.systems.woocommerce.products.pictures import Pictures, sendable
from tillbridge.systems.woocommerce.products.progress import Progress
from tillbridge.systems.woocommerce.products.variation_pictures import VariationPictures, one_per_file
from tillbridge.systems.woocommerce.products.variations import Variations
from tillbridge.systems.woocommerce.products.writer import choose_anew, needs_places
from tillbridge.systems.woocommerce.rehearse.motions import Meter
from tillbridge.systems.woocommerce.rehearse.names import SOME_ID, Names
from tillbridge.systems.woocommerce.tools import Tools

NEW = str(SOME_ID)


@dataclass(slots=True)
class ProductMotions:
    """Counts in ``meter`` what writing products takes."""

    tools: Tools
    meter: Meter
    names: Names
    _first_look: bool = field(default=True, init=False)

    def write(self, writes: Sequence[ProductWrite]) -> None:
        """Create, then change."""
        progresses = [Progress.of(write) for write in writes]
        new = [progress for progress in progresses if progress.write.creates]
        if new:
            self._look(new)
            self._create(new)
        known = [progress for progress in progresses if not progress.write.creates]
        for progress in known:
            if progress.write.link.unread:
                self._read(progress)
        self._change(known)

    def _read(self, progress: Progress) -> None:
        """Count the look at a listing that was found by our key; what it lacks shows only then."""
        self.meter.calls += 1 + progress.product.variable
        progress.todo.clear()
        progress.variants_todo.clear()

    def _look(self, new: Sequence[Progress]) -> None:
        """Count the looks before creations. A shop whose products nobody has counted yet is taken for empty."""
        remembered = self.tools.first_look.remembered()
        if remembered is None and self._first_look:
            self.meter.calls += 1
            self._first_look = False
        if any(progress.write.link.attempted_at for progress in new):
            self.meter.calls += 1  # the newest products, among which an unanswered try would be found
        if remembered is False:
            self.meter.calls += len(list(sku_questions(list(dict.fromkeys(skus_of(new))))))

    def _create(self, new: Sequence[Progress]) -> None:
        self.names.prepare([progress.product for progress in new])
        for progress in new:
            progress.places = self.names.places(progress.product)
        creation = Creation(self.tools.client, self.tools.catalogue, self.tools.clock)
        for batch in self.meter.carry(creation, new, self.tools.products):
            for progress in batch:
                _created(progress)
            self._finish(batch)

    def _change(self, progresses: Sequence[Progress]) -> None:
        self.meter.lists(sum(map(needs_reading, progresses)))
        self.names.prepare([progress.product for progress in progresses if needs_places(progress)])
        for progress in progresses:
            choose_anew(progress)
            progress.places = self.names.places(progress.product)
        self._finish([progress for progress in progresses if not needs_call(progress)])
        change = Change(self.tools.client, self.tools.terms, {})
        changing = [progress for progress in progresses if needs_call(progress)]
        for batch in self.meter.carry(change, changing, self.tools.products):
            self._finish(batch)

    def _finish(self, batch: Sequence[Progress]) -> None:
        """Variations below their parents; pictures in calls that products of both kinds share."""
        variable = [entry for entry in batch if entry.product.variable and any(entry.variants_todo.values())]
        waiting = [entry for entry in batch if entry not in variable and "images" in entry.todo]
        for entry in variable:
            self._variations(entry)
            waiting.append(entry)
            if len(waiting) >= self.tools.pictures.now:
                self._pictures(waiting)
                waiting = []
        self._pictures(waiting)

    def _variations(self, progress: Progress) -> None:
        tools = self.tools
        self.meter.calls += progress.in_doubt
        load = Variations(tools.client, tools.catalogue, progress)
        for batch in self.meter.carry(load, load.steps(), tools.variations):
            for step in batch:
                _known(progress, step.variant.item_id)
        pictures = VariationPictures(tools.client, tools.catalogue, progress)
        if not progress.fresh:
            self.meter.lists(len(pictures.steps()))
        while steps := pictures.steps():
            for shown in self.meter.carry(pictures, one_per_file(steps, progress.image_ids), tools.pictures):
                for one in shown:
                    source_id = one.image.source_id if one.image else ""
                    progress.image_ids |= {source_id: NEW} if source_id else {}
                    progress.acknowledge_picture(one.known.item_id, source_id, NEW if source_id else "")

    def _pictures(self, batch: Sequence[Progress]) -> None:
        waiting = [progress for progress in batch if "images" in progress.todo]
        self.meter.lists(sum(not progress.fresh for progress in waiting))
        load = Pictures(self.tools.client, self.tools.catalogue, {})
        for _ in self.meter.carry(load, [entry for entry in waiting if _to_send(entry)], self.tools.pictures):
            pass


def _created(progress: Progress) -> None:
    """Take it as created whole: its pictures and variations are what is left."""
    progress.product_id, progress.fresh, progress.created_by_us = NEW, True, True
    progress.todo &= {"images"} if progress.product.images else set()
    if not progress.product.variable:
        progress.variants_todo.clear()


def _known(progress: Progress, item_id: str) -> None:
    """Take a variation as there, with all but its picture."""
    ref = ListingRef(progress.product_id, NEW)
    progress.variants.setdefault(item_id, KnownVariant(item_id=item_id, ref=ref))
    progress.variants_todo[item_id] = progress.variants_todo[item_id] & {"image"}


def _to_send(progress: Progress) -> bool:
    """Tell whether the listing shows other pictures than it should, as far as it has acknowledged."""
    wanted = as_text([image.source_id for image in sendable(progress.product.images)])
    return wanted != progress.fields.get("images", as_text([]))
