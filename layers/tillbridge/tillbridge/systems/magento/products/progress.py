"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import ItemRejectedError, Subject, TillbridgeError
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import (
    CONTENT_FIELDS,
    VARIANT_FIELDS,
    KnownVariant,
    Link,
    ListingRef,
    Product,
    ProductOutcome,
    ProductWrite,
    Variant,
    Visibility,
)
from tillbridge.domain.stock import Quantity
from tillbridge.systems.magento.api.wire import ProductRow
from tillbridge.systems.magento.products.attributes import BRAND_CODE
from tillbridge.systems.magento.products.places import NOWHERE, Places
from tillbridge.systems.magento.products.seen import Difference, Reader, settled

PICTURES = frozenset({"images", "image"})


@dataclass(eq=False, slots=True)
class Progress:
    """One product on its way. ``todo`` and ``variants_todo`` name the fields that the shop has not acknowledged yet.

    A field that was never acknowledged is left out of the link, so that it counts as never written. ``rows`` holds what
    the shop showed last of the listing and its children, by their ids; ``made`` the children that are not attached yet,
    by item id; ``strays`` are children, by their ids, that are to go off sale and are no part of the product.
    """

    write: ProductWrite
    product_id: str
    fields: dict[str, str]
    variants: dict[str, KnownVariant]
    image_ids: dict[str, str]
    todo: set[str]
    variants_todo: dict[str, set[str]]
    created_by_us: bool
    places: Places = NOWHERE
    rows: dict[str, ProductRow] = field(default_factory=dict)
    made: dict[str, ProductRow] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    errors: list[TillbridgeError] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)
    settled: bool = False  # nothing is to be sent: it was linked, or refused

    @classmethod
    def of(cls, write: ProductWrite) -> "Progress":
        """Begin with what is known of a listing and what is to change of it."""
        link = write.link
        whole = write.creates or link.unread
        return cls(
            write=write,
            product_id=link.product_id,
            fields=dict(link.fields),
            variants={known.item_id: known for known in link.variants},
            image_ids=dict(link.image_ids),
            todo=set(CONTENT_FIELDS) if whole else set(write.changes),
            variants_todo=_all_variants(write.product) if whole else _named(write.variant_changes),
            created_by_us=link.created_by_us,
        )

    @property
    def product(self) -> Product:
        """What the shop should show."""
        return self.write.product

    @property
    def row(self) -> ProductRow | None:
        """What the shop showed last of the listing itself."""
        return self.rows.get(self.product_id)

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return not self.todo and not any(self.variants_todo.values()) and not self.strays

    @property
    def in_doubt(self) -> bool:
        """Tell whether an earlier write may have left more below the listing than is known of it."""
        link = self.write.link
        known = bool(link.product_id) and not link.unread
        return self.product.variable and known and link.attempted_at is not None

    def variant(self, item_id: str) -> Variant:
        """Find what the shop should show of an item."""
        return next(variant for variant in self.product.variants if variant.item_id == item_id)

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
        known = self.variants.get(variant.item_id) or KnownVariant(item_id=variant.item_id, ref=ref)
        self.variants[variant.item_id] = replace(known, ref=ref, fields={**known.fields, **kept})
        self._done_with(variant.item_id, sent)
        return found

    def acknowledge_stock(self, variant: Variant, row: ProductRow) -> None:
        """Keep the stock that a new listing was acknowledged with; what the answer does not show is written later."""
        item = row.extension_attributes.stock_item
        if variant.quantity is not None and item and item.manage_stock and item.qty == variant.quantity:
            self.quantities[variant.item_id] = variant.quantity

    def acknowledge_picture(self, item_id: str, source_id: str, image_id: str) -> None:
        """Keep the picture of a variant; "" when it has none."""
        known = self.variants[item_id]
        self.variants[item_id] = replace(known, fields={**known.fields, "image": source_id}, image_id=image_id)
        self._done_with(item_id, {"image"})

    def acknowledge_pictures(self) -> None:
        """Keep the pictures of the product."""
        self.fields["images"] = product_fields(self.product)["images"]
        self.todo.discard("images")

    def give_up(self, item_id: str, error: TillbridgeError) -> None:
        """Leave a variant as it is."""
        self.errors.append(error)
        self.variants_todo.pop(item_id, None)

    def fail(self, error: TillbridgeError) -> None:
        """Note an error and send nothing more of this product."""
        self.errors.append(error)
        self.todo.clear()
        self.variants_todo.clear()
        self.strays.clear()
        self.settled = True

    def become(self, link: Link) -> None:
        """Turn into a link to what the shop had already; nothing is sent."""
        self.product_id = link.product_id
        self.fields, self.image_ids = dict(link.fields), dict(link.image_ids)
        self.variants = {known.item_id: known for known in link.variants}
        self.created_by_us = link.created_by_us
        self.todo.clear()
        self.variants_todo.clear()
        self.settled = True

    def report(self, found: Collection[Difference], subject: Subject) -> None:
        """Note what the shop changed without a word."""
        if found:
            self.errors.append(changed_silently(found, subject))

    def outcome(self) -> ProductOutcome:
        """Say what came of it all."""
        link = replace(
            self.write.link,
            product_id=self.product_id,
            fields=self.fields,
            variants=tuple(self.variants.values()),
            image_ids=self.image_ids,
            created_by_us=self.created_by_us,
        )
        return ProductOutcome(write=self.write, link=link, quantities=self.quantities, error=_one_of(self.errors))

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

    def _done_with(self, item_id: str, names: Collection[str]) -> None:
        self.variants_todo.get(item_id, set()).difference_update(names)


def changed_silently(found: Collection[Difference], subject: Subject) -> ItemRejectedError:
    """Say what the shop changed without a word."""
    return ItemRejectedError(
        f"The shop changed what it was sent: {'; '.join(map(str, found))}.",
        remedy="Enter in the till what the shop accepts, or look for an extension of the shop that changes these "
        "fields, or for values of a store view that hide them.",
        code="changed_silently",
        subject=subject,
    )


def _all_variants(product: Product) -> dict[str, set[str]]:
    """Everything of every variant on sale; what is archived in the till is not created."""
    on_sale = [variant for variant in product.variants if variant.visibility is Visibility.PUBLISHED]
    return {variant.item_id: set(VARIANT_FIELDS) for variant in on_sale}


def _named(changes: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    return {item_id: set(names) for item_id, names in changes.items()}


def _one_of(errors: list[TillbridgeError]) -> TillbridgeError | None:
    """Make one error of several: the first one's kind, all sentences."""
    if len(errors) <= 1:
        return errors[0] if errors else None
    first = errors[0]
    happened = " ".join(dict.fromkeys(error.happened for error in errors))
    return ItemRejectedError(happened, remedy=first.remedy, code=first.code, subject=first.subject)
