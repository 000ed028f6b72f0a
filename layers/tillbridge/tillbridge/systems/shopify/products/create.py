"""Create products, each whole in one call, under our own key: so writing one twice makes one (invariant 8).

``productSet`` replaces lists, so it is used where the till owns them all: at creation (facts/shopify.md, section 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import as_text, product_fields
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Visibility
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.documents.reading import KEY
from tillbridge.systems.shopify.api.documents.shop import DEFINE_KEY
from tillbridge.systems.shopify.api.documents.writing import PUT
from tillbridge.systems.shopify.api.refusals import NO_DEFINITION, RefusedError
from tillbridge.systems.shopify.api.rejections import rejection, shop_fails_on_it
from tillbridge.systems.shopify.api.wire import ProductRow, UserErrorRow, VariantRow
from tillbridge.systems.shopify.catalogue import Catalogue
from tillbridge.systems.shopify.products.look import ref_in
from tillbridge.systems.shopify.products.payload import MOST_AT_ONCE, OWN, creation, variants_shown
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.tools import Tools

if TYPE_CHECKING:
    from tillbridge.systems.common.differences import Difference

DEFINED = ("definition", "product")
_TAKEN = "TAKEN"


@dataclass(frozen=True, slots=True)
class Creation:
    """Creates products in one shop."""

    tools: Tools
    catalogue: Catalogue

    def define_key(self) -> None:
        """Make sure that our key is known as an id, once per shop; without that no product can be named by it."""
        if self.tools.vocabulary.get(*DEFINED) is not None:
            return
        definition = {"name": "Tillbridge product", "namespace": OWN, "key": KEY, "ownerType": "PRODUCT", "type": "id"}
        said = self.tools.client.change(
            DEFINE_KEY, "metafieldDefinitionCreate", safe_to_repeat=True, definition=definition
        )
        for error in said.errors:
            if error.code != _TAKEN:
                raise rejection(error, self.tools.client.subject)
        self.tools.vocabulary.put(DEFINED[0], {DEFINED[1]: "yes"})

    def create(self, entry: Progress) -> str:
        """Create a product. In doubt it is looked for, and then tried once more; gives its id if it was there by then.

        What the shop fails on although it answers otherwise is told of this product alone.
        """
        try:
            self._put(entry)
        except SystemDownError as trouble:
            if trouble.after is not None:
                raise
            if found := self.catalogue.by_key(entry.product.key):
                return found
            try:
                self._put(entry)
            except SystemDownError as again:
                if self.catalogue.by_key(entry.product.key):
                    raise
                entry.fail(shop_fails_on_it(again, thing(self.tools.client.subject, f"product {entry.product.key}")))
        return ""

    def _put(self, entry: Progress) -> None:
        try:
            self._send(entry)
        except RefusedError as refused:
            if refused.code == NO_DEFINITION:
                self.tools.vocabulary.forget(DEFINED[0])
                self.define_key()
                self._send(entry)
            else:
                entry.fail(refused)

    def _send(self, entry: Progress) -> None:
        sent = creation(entry.write, self.tools.place, self.tools.traits.weight_unit, marked=False)
        said = self.tools.client.change(PUT, "productSet", Lane.CATALOGUE, safe_to_repeat=True, **sent)
        self.take_in(entry, said.errors, None if said.errors else said.part(ProductRow, "product"))

    def take_in(self, entry: Progress, errors: Sequence[UserErrorRow], row: ProductRow | None) -> None:
        """Keep what was answered to a creation: what it refuses, or what was made."""
        if row is not None:
            self._created(entry, row)
            if row.variants is not None:
                self.see(entry, row)
        for error in errors[:1]:
            entry.fail(rejection(error, thing(self.tools.client.subject, f"product {entry.product.key}")))

    def _created(self, entry: Progress, row: ProductRow) -> None:
        subject = thing(self.tools.client.subject, f"listing {row.id}")
        wanted = product_fields(entry.product)
        entry.created_by_us = entry.fresh = True
        entry.report(entry.acknowledge_content(row, CONTENT_FIELDS), subject)
        entry.acknowledge(options=wanted["options"])
        if entry.product.visibility is Visibility.DRAFT:
            entry.acknowledge(visibility=wanted["visibility"])
        if not entry.product.images:
            entry.acknowledge(images=as_text([]))

    def read_back(self, entries: Sequence[Progress]) -> dict[str, ProductRow]:
        """Read what was made, many products in one call; gives it by product id."""
        rows = self.catalogue.made({entry.product_id: variants_shown(entry.write) for entry in entries})
        for entry in entries:
            if row := rows.get(entry.product_id):
                if not entry.variants:
                    self.see(entry, row)
            else:
                entry.fail(listing_gone(thing(self.tools.client.subject, f"listing {entry.product_id}")))
        return rows

    def see(self, entry: Progress, row: ProductRow) -> None:
        """Keep what the shop shows of the variants that were made with their product."""
        subject = thing(self.tools.client.subject, f"listing {row.id}")
        found: list[Difference] = []
        rows = list(row.rows)
        if len(entry.product.on_sale) > MOST_AT_ONCE:
            rows = list(self.catalogue.variants_of(row.id))
        by_sku = {variant.sku: variant for variant in rows}
        for variant, at_its_place in zip(entry.product.on_sale, rows, strict=False):
            made = by_sku.get(variant.sku, at_its_place)
            ref = ref_in(entry, made)
            found += entry.acknowledge_variant(variant, made, ref, set(VARIANT_FIELDS) - {"image"})
            entry.acknowledge_stock(variant, made, subject)
            if variant.image is None or not entry.product.variable:
                entry.acknowledge_picture(variant.item_id, "", "")
        self._remember(entry, rows)
        entry.report(found, subject)

    def _remember(self, entry: Progress, rows: list[VariantRow]) -> None:
        self.tools.whereabouts.met({ref_in(entry, row): row for row in rows})
