"""Create and change the variants of one product, pictures apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import Subject
from tillbridge.domain.product import VARIANT_FIELDS, ListingRef, Variant, Visibility
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.client import Payload
from tillbridge.systems.shopify.api.documents import Document
from tillbridge.systems.shopify.api.documents.writing import ADD_VARIANTS, UPDATE_VARIANTS
from tillbridge.systems.shopify.api.ids import PRODUCT, VARIANT, gid
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.rejections import options_taken, rejection, tells_gone
from tillbridge.systems.shopify.api.wire import UserErrorRow, VariantRow
from tillbridge.systems.shopify.catalogue import Catalogue
from tillbridge.systems.shopify.products.doubt import ours
from tillbridge.systems.shopify.products.payload import VARIANT_TEXTS, JsonBody, added_variant, variant_input
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.tools import Tools
from tillbridge.systems.shopify.whereabouts import Where

AT_ONCE = 250
_EXISTS = "VARIANT_ALREADY_EXISTS"


@dataclass(frozen=True, slots=True)
class Variants:
    """Writes the variants of products."""

    tools: Tools
    catalogue: Catalogue

    def write(self, entry: Progress) -> None:
        """Change those that are there, then add those that are not."""
        changed = [item_id for item_id, names in entry.variants_todo.items() if item_id in entry.variants]
        sent = {item_id: entry.variants_todo[item_id] & set(VARIANT_TEXTS) for item_id in changed}
        for piece in in_pieces([item_id for item_id, names in sent.items() if names], AT_ONCE):
            if not entry.failed:
                self._update(entry, {item_id: sent[item_id] for item_id in piece})
        added = [
            item_id
            for item_id in entry.variants_todo
            if item_id not in entry.variants and entry.variant(item_id).visibility is Visibility.PUBLISHED
        ]
        for piece in in_pieces(added, AT_ONCE):
            self._add(entry, [entry.variant(item_id) for item_id in piece])

    # --- change -------------------------------------------------------------------------------------------------------

    def _update(self, entry: Progress, sent: Mapping[str, set[str]]) -> None:
        where = self._where(entry, sent)
        bodies = [self._changed(entry, item_id, sent[item_id], where[item_id]) for item_id in where]
        if not bodies:
            return
        said = self._send(entry, UPDATE_VARIANTS, "productVariantsBulkUpdate", bodies, repeatable=True)
        if said is None:
            return
        refused = self._refused(entry, said.errors, list(where))
        rows = {row.id: row for row in (said.part(list[VariantRow] | None, "productVariants") or ())}  # type: ignore[arg-type]
        for item_id, variant_id in where.items():
            if item_id in refused or entry.failed:
                continue
            row = rows.get(variant_id)
            if row is None:
                entry.give_up(item_id, listing_gone(self._subject(entry, item_id)))
                continue
            found = entry.acknowledge_variant(entry.variant(item_id), row, entry.variants[item_id].ref, sent[item_id])
            entry.report(found, self._subject(entry, item_id))

    def _changed(self, entry: Progress, item_id: str, names: set[str], variant_id: str) -> JsonBody:
        shops = (
            "" if "sale_price" in names | entry.write.owned else entry.variants[item_id].fields.get("sale_price", "")
        )
        body = variant_input(
            entry.variant(item_id),
            entry.product,
            names if entry.product.variable else names - {"options"},
            unit=self.tools.traits.weight_unit,
            names=entry.option_names,
            sale=shops,
        )
        return {"id": gid(VARIANT, variant_id), **body}

    def _where(self, entry: Progress, sent: Mapping[str, set[str]]) -> dict[str, str]:
        """Give the variants' ids by item; a product without options is asked for its only one where nobody knows it."""
        if entry.product.variable:
            return {item_id: entry.variants[item_id].ref.variant_id for item_id in sent}
        ref = ListingRef(entry.product_id)
        known = self.tools.whereabouts.get(ref)
        if known is None:
            row = self.catalogue.simple([entry.product_id]).get(entry.product_id)
            if row is None or not row.rows:
                entry.fail(listing_gone(thing(self.tools.client.subject, f"listing {ref}")))
                return {}
            self.tools.whereabouts.met({ref: row.rows[0]})
            known = Where(row.rows[0].id, "")
        return dict.fromkeys(sent, known.variant_id)

    # --- add ----------------------------------------------------------------------------------------------------------

    def _add(self, entry: Progress, variants: Sequence[Variant]) -> None:
        """Add variants, all or none of them; those that the shop objects to are left out of the second try."""
        left = list(variants)
        for _ in range(2):
            bodies = [self._added(entry, variant) for variant in left]
            if entry.failed or not bodies:
                return
            said = self._send(entry, ADD_VARIANTS, "productVariantsBulkCreate", bodies, repeatable=False)
            if said is None:
                return
            if not said.errors:
                rows = said.part(list[VariantRow], "productVariants")
                for variant, row in zip(left, rows, strict=False):
                    self._joined(entry, variant, row)
                return
            left = self._without_refused(entry, left, said.errors)

    def _added(self, entry: Progress, variant: Variant) -> JsonBody:
        unit = self.tools.traits.weight_unit
        return added_variant(variant, entry.product, self.tools.place, unit, entry.option_names)

    def _joined(self, entry: Progress, variant: Variant, row: VariantRow) -> None:
        subject = self._subject(entry, variant.item_id)
        ref = ListingRef(entry.product_id, row.id)
        entry.report(entry.acknowledge_variant(variant, row, ref, set(VARIANT_FIELDS) - {"image"}), subject)
        entry.acknowledge_stock(variant, row, subject)
        self.tools.whereabouts.met({ref: row})
        self._picture_to_come(entry, variant)

    def _picture_to_come(self, entry: Progress, variant: Variant) -> None:
        if variant.image is None:
            entry.acknowledge_picture(variant.item_id, "", "")
        else:
            entry.variants_todo.setdefault(variant.item_id, set()).add("image")

    def _without_refused(
        self, entry: Progress, variants: Sequence[Variant], errors: Sequence[UserErrorRow]
    ) -> list[Variant]:
        """Note what the shop objects to; a variant that is there already, from an earlier try, is taken as ours."""
        items = [variant.item_id for variant in variants]
        existing = {
            items[place]
            for error in errors
            if error.code == _EXISTS and (place := error.place_in("variants")) is not None and place < len(items)
        }
        others = [error for error in errors if error.code != _EXISTS]
        refused = self._refused(entry, others, items)
        if existing and not entry.failed:
            rows = list(self.catalogue.variants_of(entry.product_id))
            for variant in variants:
                if variant.item_id in existing:
                    self._take(entry, variant, rows)
        return [variant for variant in variants if variant.item_id not in existing | refused]

    def _take(self, entry: Progress, variant: Variant, rows: Sequence[VariantRow]) -> None:
        marked = next(iter(ours(rows, variant.item_id)), None)
        row = marked or next((row for row in rows if folded(row.sku) == folded(variant.sku)), None)
        if row is not None:
            ref = ListingRef(entry.product_id, row.id)
            entry.acknowledge_variant(variant, row, ref, set(VARIANT_FIELDS) - {"image"})
            self.tools.whereabouts.met({ref: row})
            self._picture_to_come(entry, variant)
            return
        chosen = [folded(value) for value in variant.options]
        other = next((row for row in rows if [folded(choice.value) for choice in row.selected_options] == chosen), None)
        sku = other.sku if other else ""
        subject = self._subject(entry, variant.item_id)
        entry.give_up(variant.item_id, options_taken(" / ".join(variant.options), sku, subject))

    # --- both ---------------------------------------------------------------------------------------------------------

    def _send(
        self, entry: Progress, document: Document, field: str, bodies: Sequence[JsonBody], *, repeatable: bool
    ) -> Payload | None:
        try:
            return self.tools.client.change(
                document, field, safe_to_repeat=repeatable, productId=gid(PRODUCT, entry.product_id), variants=bodies
            )
        except RefusedError as refused:
            entry.fail(refused)
            return None

    def _refused(self, entry: Progress, errors: Sequence[UserErrorRow], items: Sequence[str]) -> set[str]:
        """Note the errors with their variants; one that is about none of them ends the product."""
        found: set[str] = set()
        for error in errors:
            place = error.place_in("variants")
            if place is None or place >= len(items):
                gone = tells_gone(error)
                subject = thing(self.tools.client.subject, f"listing {entry.product_id}")
                entry.fail(listing_gone(subject) if gone else rejection(error, subject))
                return set(items)
            found.add(items[place])
            entry.give_up(items[place], rejection(error, self._subject(entry, items[place])))
        return found

    def _subject(self, entry: Progress, item_id: str) -> Subject:
        known = entry.variants.get(item_id)
        where = f"listing {known.ref}" if known else f"listing {entry.product_id}, new variant"
        return thing(self.tools.client.subject, f"{where}, item {item_id}")
