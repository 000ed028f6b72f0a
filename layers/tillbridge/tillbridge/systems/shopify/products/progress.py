"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from tillbridge.domain.errors import ItemRejectedError, Subject, TillbridgeError
from tillbridge.domain.planning import product_fields, variant_fields
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
from tillbridge.systems.shopify.api.rejections import changed_silently, stock_not_taken
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.products.seen import (
    CONTENT_SEEN,
    VARIANT_SEEN,
    Difference,
    content_seen,
    differences,
    variant_seen,
)


@dataclass(eq=False, slots=True)
class Progress:
    """One product on its way. ``todo`` and ``variants_todo`` name the fields that the shop has not acknowledged yet.

    A field that was never acknowledged is left out of the link, so that it counts as never written. ``strays`` are
    variants, by the shop's ids, that are to go off sale and are no part of the product.
    """

    write: ProductWrite
    product_id: str
    fields: dict[str, str]
    variants: dict[str, KnownVariant]
    image_ids: dict[str, str]
    todo: set[str]
    variants_todo: dict[str, set[str]]
    created_by_us: bool
    fresh: bool = False  # created in this very run: its pictures are those that were sent, in their order
    option_names: list[str] = field(default_factory=list)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    errors: list[TillbridgeError] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)
    pictured: ProductRow | None = None  # its media, as they were told when it was published with others

    @classmethod
    def of(cls, write: ProductWrite) -> "Progress":
        """Begin with what is known of a listing and what is to change of it."""
        link, whole = write.link, write.creates or write.link.unread
        return cls(
            write=write,
            product_id=link.product_id,
            fields=dict(link.fields),
            variants={known.item_id: known for known in link.variants},
            image_ids=dict(link.image_ids),
            todo=set(CONTENT_FIELDS) if whole else set(write.changes),
            variants_todo=_all_variants(write.product)
            if whole
            else {item_id: set(names) for item_id, names in write.variant_changes.items()},
            created_by_us=link.created_by_us,
            option_names=[option.name for option in write.product.options],
        )

    @property
    def product(self) -> Product:
        """What the shop should show."""
        return self.write.product

    @property
    def failed(self) -> bool:
        """Tell whether something went wrong already."""
        return bool(self.errors)

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return not self.todo and not any(self.variants_todo.values()) and not self.strays

    @property
    def in_doubt(self) -> bool:
        """Tell whether an earlier write may have left more below the listing than is known of it."""
        link = self.write.link
        return self.product.variable and bool(link.product_id) and not link.unread and link.attempted_at is not None

    def variant(self, item_id: str) -> Variant:
        """Find what the shop should show of an item."""
        return next(variant for variant in self.product.variants if variant.item_id == item_id)

    def acknowledge_content(self, row: ProductRow, sent: Collection[str]) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        self.product_id = row.id
        seen = content_seen(self.product, row)
        sent = set(sent) & set(CONTENT_SEEN)
        self.fields |= {name: seen[name] for name in sent}
        self.todo -= sent
        return differences(product_fields(self.product), seen, sent)

    def acknowledge_variant(
        self, variant: Variant, row: VariantRow, ref: ListingRef, sent: Collection[str]
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; what it does not tell was taken as sent."""
        wanted = variant_fields(variant, self.product)
        seen = variant_seen(variant, self.product, row)
        untold = {name: wanted[name] for name in set(sent) - set(VARIANT_SEEN)}
        known = self.variants.get(variant.item_id) or KnownVariant(item_id=variant.item_id, ref=ref)
        told = {name: seen[name] for name in VARIANT_SEEN if name in sent}
        self.variants[variant.item_id] = replace(known, ref=ref, fields={**known.fields, **untold, **told})
        self.done_with(variant.item_id, sent)
        return differences(wanted, seen, sent)

    def acknowledge(self, **texts: str) -> None:
        """Keep fields of the product that the shop took."""
        self.fields |= texts
        self.todo -= set(texts)

    def acknowledge_stock(self, variant: Variant, row: VariantRow, subject: Subject) -> None:
        """Keep the stock that a new variant was acknowledged with."""
        if variant.quantity is None:
            return
        tracked = row.inventory_item is not None and row.inventory_item.tracked
        if tracked and row.inventory_quantity == variant.quantity:
            self.quantities[variant.item_id] = variant.quantity
        else:
            shown = f"shows {row.inventory_quantity}" if tracked else "does not track it"
            self.errors.append(stock_not_taken(variant.quantity, shown, subject))

    def acknowledge_picture(self, item_id: str, source_id: str, image_id: str) -> None:
        """Keep the picture of a variant; "" when it has none."""
        known = self.variants[item_id]
        self.variants[item_id] = replace(known, fields={**known.fields, "image": source_id}, image_id=image_id)
        self.done_with(item_id, {"image"})

    def acknowledge_visibility(self, item_id: str, text: str) -> None:
        """Keep whether a variant is on sale."""
        known = self.variants[item_id]
        self.variants[item_id] = replace(known, fields={**known.fields, "visibility": text})
        self.done_with(item_id, {"visibility"})

    def done_with(self, item_id: str, names: Collection[str]) -> None:
        """Strike fields of a variant off the list."""
        self.variants_todo.get(item_id, set()).difference_update(names)

    def give_up(self, item_id: str) -> None:
        """Leave a variant as it is; its error has been noted."""
        self.variants_todo.pop(item_id, None)

    def fail(self, error: TillbridgeError) -> None:
        """Note an error and send nothing more of this product."""
        self.errors.append(error)
        self.todo.clear()
        self.variants_todo.clear()

    def become(self, link: Link) -> None:
        """Turn into a link to what the shop had already; nothing is sent."""
        self.product_id = link.product_id
        self.fields, self.image_ids = dict(link.fields), dict(link.image_ids)
        self.variants = {known.item_id: known for known in link.variants}
        self.created_by_us = link.created_by_us
        self.todo.clear()
        self.variants_todo.clear()

    def report(self, found: Collection[Difference], subject: Subject) -> None:
        """Note what the shop changed without a word."""
        if found:
            self.errors.append(changed_silently("; ".join(map(str, found)), subject))

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


def sellable(write: ProductWrite) -> list[Variant]:
    """List the variants that a new listing is to have; what is archived in the till is not created."""
    return [variant for variant in write.product.variants if variant.visibility is Visibility.PUBLISHED]


def _all_variants(product: Product) -> dict[str, set[str]]:
    on_sale = [variant for variant in product.variants if variant.visibility is Visibility.PUBLISHED]
    return {variant.item_id: set(VARIANT_FIELDS) for variant in on_sale}


def _one_of(errors: list[TillbridgeError]) -> TillbridgeError | None:
    """Make one error of several: the first one's kind, all sentences."""
    if len(errors) <= 1:
        return errors[0] if errors else None
    first = errors[0]
    happened = " ".join(dict.fromkeys(error.happened for error in errors))
    return ItemRejectedError(happened, remedy=first.remedy, code=first.code, subject=first.subject)
