"""Create and change the variations below one parent, both in the same calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.errors import Subject, SystemDownError, TillbridgeError
from tillbridge.domain.product import VARIANT_FIELDS, ListingRef, Variant, Visibility
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.texts import same_name
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.batches import BatchSize, Carrier
from tillbridge.systems.woocommerce.api.catalogue import MARK, Catalogue
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import in_trash, listing_gone, rejection, shop_fails_on_it
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.payload import (
    VARIATION_STATUS,
    JsonBody,
    choices,
    new_variation,
    variant_body,
)
from tillbridge.systems.woocommerce.products.progress import Progress


@dataclass(eq=False, frozen=True, slots=True)
class Step:
    """One variation to create (``variant_id`` is "") or to change."""

    progress: Progress
    variant: Variant
    names: frozenset[str]
    variant_id: str

    @property
    def ref(self) -> ListingRef:
        """Where it is, or will be."""
        return ListingRef(self.progress.product_id, self.variant_id)


@dataclass(slots=True)
class Variations:
    """Carries the variations of one parent. ``clashes`` are new ones whose SKU the shop has."""

    client: WooClient
    catalogue: Catalogue
    progress: Progress
    clashes: list[tuple[Step, Refusal]] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """List what there is to do, pictures apart. What is not to be on sale is not made."""
        found: list[Step] = []
        for item_id, names in self.progress.variants_todo.items():
            known = self.progress.variants.get(item_id)
            sent = frozenset(names - {"image"})
            variant = self.progress.variant(item_id)
            if sent if known else variant.visibility is Visibility.PUBLISHED:
                found.append(Step(self.progress, variant, sent, known.ref.variant_id if known else ""))
        strays = self.progress.strays.items()
        return found + [Step(self.progress, gone, frozenset({"visibility"}), place) for place, gone in strays]

    def body(self, entry: Step) -> Mapping[str, object]:
        """Give a new variation whole, or what changes of one."""
        product, places = self.progress.product, self.progress.places
        if not entry.variant_id:
            return new_variation(entry.variant, product, places)
        body: JsonBody = {"id": int(entry.variant_id), **variant_body(entry.variant, product, entry.names)}
        if "options" in entry.names:
            body["attributes"] = choices(entry.variant, product, places)
        if "visibility" in entry.names:
            body["status"] = VARIATION_STATUS[entry.variant.visibility]
        return body

    def send(self, entries: Sequence[Step]) -> None:
        """Create and change in one call."""
        new = [entry for entry in entries if not entry.variant_id]
        old = [entry for entry in entries if entry.variant_id]
        answer = write_batch(
            self.client,
            f"products/{self.progress.product_id}/variations",
            ListingRow,
            create=[self.body(entry) for entry in new],
            update=[self.body(entry) for entry in old],
            repeatable=not new,
        )
        results = [*answer.created, *answer.updated]
        for entry, result in zip([*new, *old], results, strict=True):
            if isinstance(result, Refusal):
                self._refused(entry, result)
            else:
                self._done(entry, result)

    def settle(self, entries: Sequence[Step]) -> Sequence[Step]:
        """Look which of the new ones exist after all; changes are sent again."""
        new = [entry for entry in entries if not entry.variant_id]
        left = self._rediscover(new) if new else []
        return [entry for entry in entries if entry.variant_id or entry in left]

    def blame(self, entry: Step, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry."""
        self._fail(entry, shop_fails_on_it(trouble, self._subject(entry)))

    def settle_clashes(self) -> None:
        """Take new variations whose SKU this very parent has as created by an earlier try; refuse the others."""
        if not self.clashes:
            return
        left = self._rediscover([entry for entry, _ in self.clashes])
        for entry, refusal in self.clashes:
            if entry in left:
                thrown = self.catalogue.in_trash([entry.variant.sku])[entry.variant.sku] if refusal.sku_blocked else ()
                subject = self._subject(entry)
                self._fail(entry, in_trash(thrown, subject) if thrown else rejection(refusal, subject))

    def _rediscover(self, entries: Sequence[Step]) -> list[Step]:
        """Find variations that exist already; returns the others."""
        rows = self.catalogue.variations_of(self.progress.product_id)
        left: list[Step] = []
        for entry in entries:
            row = next((row for row in rows if is_variation_of(row, entry.variant)), None)
            if row is None:
                left.append(entry)
            else:
                self._done(entry, row)
        return left

    def _done(self, entry: Step, row: ListingRow) -> None:
        if row.in_trash:
            self._fail(entry, listing_gone(self._subject(entry)))
            return
        if self.progress.strays.pop(entry.variant_id, None):
            return
        sent = entry.names if entry.variant_id else VARIANT_FIELDS
        ref = ListingRef(self.progress.product_id, str(row.id))
        found = self.progress.acknowledge_variant(entry.variant, row, ref, sent)
        subject = thing(self.client.subject, f"listing {ref}")
        self.progress.report(found, subject)
        if not entry.variant_id:
            self.progress.acknowledge_stock(entry.variant, row, subject)

    def _refused(self, entry: Step, refusal: Refusal) -> None:
        if not entry.variant_id and (refusal.sku_taken or refusal.sku_blocked):
            self.clashes.append((entry, refusal))
        else:
            self._fail(entry, rejection(refusal, self._subject(entry)))

    def _fail(self, entry: Step, error: TillbridgeError) -> None:
        self.progress.give_up(entry.variant.item_id, error)

    def _subject(self, entry: Step) -> Subject:
        where = f"listing {entry.ref}" if entry.variant_id else f"listing {entry.ref}, new variation"
        return thing(self.client.subject, f"{where}, item {entry.variant.item_id}")


def write_variations(load: Variations, carrier: Carrier, size: BatchSize) -> None:
    """Bring all variations of one parent into step, pictures apart."""
    for _ in carrier.carry(load, load.steps(), size):
        pass
    load.settle_clashes()


def is_variation_of(row: ListingRow, variant: Variant) -> bool:
    """Recognise a variation by our mark, or by its SKU."""
    return row.meta(MARK) == simple_key(variant.item_id) or same_name(row.sku, variant.sku)
