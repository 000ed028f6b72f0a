"""Create and change variants below products, fifty a request whatever products they belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, ItemRejectedError, Subject
from tillbridge.domain.planning import image_text, product_fields
from tillbridge.domain.product import VARIANT_FIELDS, Variant, Visibility
from tillbridge.systems.bigcommerce.api.catalogue import VARIANTS
from tillbridge.systems.bigcommerce.api.halves import send_in_batches
from tillbridge.systems.bigcommerce.api.rejections import rejection, sku_taken, stuck_variant
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.adopt import find_variant
from tillbridge.systems.bigcommerce.products.options import Options
from tillbridge.systems.bigcommerce.products.payload import JsonBody, new_variant, variant_body
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.products.seen import content_seen
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.sending import doubt
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed

MOST = 50
"""Variants in one request (facts/bigcommerce.md, "Catalog v3")."""


@dataclass(eq=False, frozen=True, slots=True)
class Step:
    """One variant to create (``variant_id`` is "") or to change; ``choices`` are those of a new one."""

    progress: Progress
    variant: Variant
    names: frozenset[str]
    variant_id: str
    choices: Sequence[tuple[int, int]] = ()

    def body(self) -> JsonBody:
        """Give the variant whole when it is new, else what changes of it."""
        if not self.variant_id:
            return new_variant(self.variant, self.progress.product_id, self.choices)
        body: JsonBody = {"id": int(self.variant_id), **variant_body(self.variant, self.names)}
        if "visibility" in self.names:
            body["purchasing_disabled"] = self.variant.visibility is Visibility.DRAFT
        return body


@dataclass(slots=True)
class Variants:
    """Brings the variants of a batch of products into step, pictures apart."""

    tools: Tools
    _options: dict[str, Options] = field(default_factory=dict, init=False)

    def write(self, batch: Sequence[Progress]) -> None:
        """Look at what has options to choose, see to the options, then send everything."""
        self._choose([entry for entry in batch if chooses(entry)])
        steps = [step for entry in batch if entry.product.variable for step in self._steps(entry)]
        for _ in send_in_batches(steps, MOST, self._send, self._refused):
            pass

    def _choose(self, entries: Sequence[Progress]) -> None:
        rows = self.tools.catalogue.by_ids(entry.product_id for entry in entries) if entries else {}
        for entry in entries:
            row = rows.get(entry.product_id)
            if row is None:
                entry.fail(listing_gone(thing(self.tools.client.subject, f"listing {entry.product_id}")))
                continue
            try:
                self._see_to_options(entry, row)
            except ItemRejectedError as error:
                entry.fail(rejection(error, thing(self.tools.client.subject, f"listing {entry.product_id}")))

    def _see_to_options(self, entry: Progress, row: ProductRow) -> None:
        """Acknowledge what stands for the right options already, and bring the others into step."""
        shown = self._shown(entry, row)
        wrong = [item_id for item_id, own in shown.items() if not self._fits(entry, item_id, own)]
        new = [item_id for item_id in entry.variants_todo if item_id not in entry.variants]
        if new or wrong or _misnamed(entry, row):
            options = self._options[entry.product_id] = Options(self.tools, entry, shown)
            options.ensure()
            for item_id in wrong:
                self._moved(entry, item_id, shown[item_id], options)
        if "options" in entry.todo:
            entry.acknowledge_as_wanted(["options"])

    def _shown(self, entry: Progress, row: ProductRow) -> dict[str, VariantRow]:
        """Find the rows of the variants; one that an unanswered call had made is taken as made, one gone is told."""
        shown: dict[str, VariantRow] = {}
        for item_id in [*entry.variants_todo, *entry.variants]:
            variant = next((one for one in entry.product.variants if one.item_id == item_id), None)
            own = find_variant(variant, entry, row) if variant else None
            known = entry.variants.get(item_id)
            if variant is None or item_id in shown:
                continue
            if own is None or (known and str(own.id) != known.ref.variant_id):
                self._lost(entry, item_id)
                continue
            shown[item_id] = own
            if known is None:
                found = entry.acknowledge_variant(variant, row, own, VARIANT_FIELDS)
                entry.variants_todo[item_id] |= {difference.field for difference in found} & entry.write.owned
        return shown

    def _lost(self, entry: Progress, item_id: str) -> None:
        """Tell that a variant is gone; one that was never there is only new."""
        if item_id in entry.variants and entry.variants_todo.get(item_id):
            entry.give_up(item_id, listing_gone(self._subject(entry, item_id)))

    def _fits(self, entry: Progress, item_id: str, own: VariantRow) -> bool:
        """Acknowledge the options of a variant that stands for what it should."""
        if "options" not in entry.variants_todo.get(item_id, ()):
            return True
        variant = entry.variant(item_id)
        if [folded(label) for label in variant.options] != [folded(label) for label in _labels(own, entry)]:
            return False
        entry.acknowledge_options(variant)
        return True

    def _moved(self, entry: Progress, item_id: str, own: VariantRow, options: Options) -> None:
        """Acknowledge a variant whose value was renamed; another one cannot be moved."""
        variant = entry.variant(item_id)
        if options.stands_for(variant, own):
            entry.acknowledge_options(variant)
        else:
            entry.errors.append(stuck_variant(variant.sku, self._subject(entry, item_id)))
            entry.variants_todo[item_id].discard("options")

    def _steps(self, entry: Progress) -> list[Step]:
        found: list[Step] = []
        for item_id, names in entry.variants_todo.items():
            known, variant = entry.variants.get(item_id), entry.variant(item_id)
            sent = frozenset(names - {"image", "options", "tax_class"})
            if known is not None and sent:
                found.append(Step(entry, variant, sent, known.ref.variant_id))
            elif known is None and entry.product_id in self._options:
                choices = self._options[entry.product_id].choices(variant)
                found.append(Step(entry, variant, frozenset(VARIANT_FIELDS), "", choices))
        return found

    def _send(self, entries: Sequence[Step]) -> None:
        client = self.tools.client
        repeatable = all(entry.variant_id for entry in entries)
        written = client.write("PUT", VARIANTS, [entry.body() for entry in entries], safe_to_repeat=repeatable)
        try:
            rows = parsed(list[VariantRow], written.data, client.subject, "The variants")
            found = {id(entry): _row_of(entry, rows) for entry in entries}
        except GarbledAnswerError as garbled:
            raise doubt(garbled, client.subject) from garbled
        if None in found.values():
            raise DoubtfulWriteError("The answer leaves variants out.", code="IncompleteBatch", subject=client.subject)
        for entry in entries:
            if own := found[id(entry)]:
                self._done(entry, own)

    def _done(self, entry: Step, own: VariantRow) -> None:
        sent = entry.names if entry.variant_id else frozenset(VARIANT_FIELDS)
        differences = entry.progress.acknowledge_variant(entry.variant, None, own, sent)
        if not entry.variant_id and entry.variant.image is None:
            entry.progress.acknowledge_picture(entry.variant.item_id, image_text(entry.variant.image), "")
        entry.progress.report(differences, self._subject(entry.progress, entry.variant.item_id))

    def _refused(self, entry: Step, error: ItemRejectedError) -> None:
        """Find out why one variant is refused: it is gone, it is there already, or its SKU is another product's."""
        progress, variant = entry.progress, entry.variant
        subject = self._subject(progress, variant.item_id)
        row = self.tools.catalogue.by_ids([progress.product_id]).get(progress.product_id)
        own = find_variant(variant, progress, row) if row else None
        if row is None or (entry.variant_id and own is None):
            progress.give_up(variant.item_id, listing_gone(subject))
        elif not entry.variant_id and own is not None:
            progress.acknowledge_variant(variant, row, own, VARIANT_FIELDS)
        elif self._elsewhere(variant, progress):
            progress.give_up(variant.item_id, sku_taken(variant.sku, subject))
        else:
            progress.give_up(variant.item_id, rejection(error, subject))

    def _elsewhere(self, variant: Variant, progress: Progress) -> bool:
        hits = self.tools.catalogue.by_skus([variant.sku]).get(variant.sku, ())
        known = progress.variants.get(variant.item_id)
        return any(known is None or hit.ref != known.ref for hit in hits)

    def _subject(self, entry: Progress, item_id: str) -> Subject:
        return thing(self.tools.client.subject, f"listing {entry.product_id}, item {item_id}")


def chooses(entry: Progress) -> bool:
    """Tell whether options change, or a variant is new."""
    if entry.failed or entry.fresh or not entry.product.variable:
        return False
    new = any(item_id not in entry.variants for item_id in entry.variants_todo)
    return new or "options" in entry.todo or any("options" in names for names in entry.variants_todo.values())


def _misnamed(entry: Progress, row: ProductRow) -> bool:
    """Tell whether the options of a listing of ours are called otherwise, or lack a value."""
    seen = content_seen(entry.product, row, entry.category_id, entry.brand_id)["options"]
    return "options" in entry.todo and entry.created_by_us and seen != product_fields(entry.product)["options"]


def _labels(own: VariantRow, entry: Progress) -> list[str]:
    """Give the values that a variant stands for, in the order of the till's options."""
    chosen: Mapping[str, str] = {folded(one.option_display_name): one.label for one in own.option_values}
    labels = [one.label for one in own.option_values]
    return [
        chosen.get(folded(option.name), labels[place] if place < len(labels) else "")
        for place, option in enumerate(entry.product.options)
    ]


def _row_of(entry: Step, rows: Sequence[VariantRow]) -> VariantRow | None:
    if entry.variant_id:
        return next((row for row in rows if str(row.id) == entry.variant_id), None)
    own = (row for row in rows if not row.product_id or str(row.product_id) == entry.progress.product_id)
    return next((row for row in own if folded(row.sku) == folded(entry.variant.sku)), None)
