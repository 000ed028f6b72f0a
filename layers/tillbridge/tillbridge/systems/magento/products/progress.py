"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import Subject
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import ListingRef, Variant
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.progress import ProductProgress
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.magento.api.wire import ProductRow
from tillbridge.systems.magento.products.attributes import BRAND_CODE
from tillbridge.systems.magento.products.places import NOWHERE, Places
from tillbridge.systems.magento.products.seen import Reader, settled

PICTURES = frozenset({"images", "image"})


@dataclass(eq=False, slots=True)
class Progress(ProductProgress):
    """One product on its way.

    ``rows`` holds what the shop showed last of the listing and its children, by their ids; ``made`` the children that
    are not attached yet, by item id; ``strays`` are children, by their ids, that are to go off sale and are no part of
    the product.
    """

    CHANGED_BY = "an extension of the shop, or for a value of a store view,"

    places: Places = NOWHERE
    rows: dict[str, ProductRow] = field(default_factory=dict)
    made: dict[str, ProductRow] = field(default_factory=dict)
    strays: set[str] = field(default_factory=set)
    settled: bool = False  # nothing is to be sent: it was linked, or refused

    @property
    def row(self) -> ProductRow | None:
        """What the shop showed last of the listing itself."""
        return self.rows.get(self.product_id)

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return self.acknowledged and not self.strays

    def subject(self, within: Subject, item_id: str = "") -> Subject:
        """Name what an error is about: the listing, if there is one, and maybe one of its items."""
        named = f"listing {self.product_id}" if self.product_id else f"product {self.product.key}"
        return thing(within, f"{named}, item {item_id}" if item_id else named)

    def child(self, item_id: str) -> ProductRow | None:
        """Find what the shop showed last of an item's child."""
        known = self.variants.get(item_id)
        return self.made.get(item_id) or (self.rows.get(known.ref.variant_id) if known else None)

    def acknowledge_content(self, row: ProductRow, sent: Collection[str], reader: Reader) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        self.product_id = row.key
        self.rows[row.key] = row
        sent = set(sent) - PICTURES
        wanted = product_fields(self.product)
        said = wanted | reader.content(row, names=sent - self._by_ids(row)) if sent - self._by_ids(row) else wanted
        kept, found = settled(wanted, {name: said[name] for name in sent}, sent)
        self.fields |= kept
        self.todo -= sent
        return found

    def acknowledge_variant(
        self, variant: Variant, row: ProductRow, ref: ListingRef, sent: Collection[str], reader: Reader
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; returns what it says otherwise."""
        self.rows[row.key] = row
        sent = set(sent) - PICTURES
        wanted = variant_fields(variant, self.product)
        seen = reader.variant(row, None, self.places.gtin_code)
        seen["options"] = wanted["options"] if self._chose(variant, row) else as_text([])
        if not self.product.variable:
            seen["visibility"] = wanted["visibility"]
        if variant.weight is None:
            seen.pop("weight")  # nothing was sent of it
        kept, found = settled(wanted, seen, sent)
        self.keep_variant(variant, ref, kept, kept)
        self.done_with(variant.item_id, sent)
        return found

    def acknowledge_stock(self, variant: Variant, row: ProductRow, *, at_sources: bool) -> None:
        """Keep the stock that a new listing was acknowledged with; what the answer does not show is written later.

        A shop with sources gives no row to a new product of which there are none: the stock lane writes the 0, so that
        it can be read back.
        """
        item = row.extension_attributes.stock_item
        counted = item is not None and item.manage_stock and item.qty == variant.quantity
        if counted and (variant.quantity or not at_sources):
            self.quantities[variant.item_id] = variant.quantity or 0

    def stop(self) -> None:
        """Send nothing more, nor look at what is left."""
        self.todo.clear()
        self.variants_todo.clear()
        self.strays.clear()
        self.settled = True

    def _by_ids(self, row: ProductRow) -> set[str]:
        """Name the fields that the ids in a row show to be as wanted, so that no list has to be read for them."""
        product, places = self.product, self.places
        axes = {use.attribute_id for use in row.axes}
        shown = {
            "category": not product.category_path or places.category_id in row.category_ids,
            "brand": not product.brand or not places.brands or row.text(BRAND_CODE) == places.brand_id,
            "options": {axis.attribute_id for axis in places.axes} <= axes,
        }
        return {name for name, so in shown.items() if so}

    def _chose(self, variant: Variant, row: ProductRow) -> bool:
        """Tell whether a child has the values of its variant."""
        from_names = zip(self.places.axes, variant.options, strict=False)
        return all(row.text(axis.code) == axis.choices.get(folded(value)) for axis, value in from_names)
