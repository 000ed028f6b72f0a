"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from tillbridge.domain.errors import ItemRejectedError, Subject, TillbridgeError
from tillbridge.domain.planning import as_text, image_text, product_fields, variant_fields
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
)
from tillbridge.domain.stock import Quantity
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.linking import sellable_of
from tillbridge.systems.bigcommerce.products.payload import NO_SUCH_FIELD
from tillbridge.systems.bigcommerce.products.seen import (
    Difference,
    as_wanted,
    content_seen,
    differences,
    tax_seen,
    variant_seen,
)


@dataclass(eq=False, slots=True)
class Progress:
    """One product on its way. ``todo`` and ``variants_todo`` name the fields that the shop has not acknowledged yet.

    A field that was never acknowledged is left out of the link, so that it counts as never written.
    """

    write: ProductWrite
    product_id: str
    fields: dict[str, str]
    variants: dict[str, KnownVariant]
    image_ids: dict[str, str]
    todo: set[str]
    variants_todo: dict[str, set[str]]
    created_by_us: bool
    fresh: bool = False  # created in this very run: the shop can have nothing of it that we do not know
    unmarked: bool = False  # created, and our mark is not there yet
    name: str = ""  # another one than the till's, where that is taken
    category_id: int | None = None
    brand_id: str = ""
    quantities: dict[str, Quantity] = field(default_factory=dict)
    errors: list[TillbridgeError] = field(default_factory=list)

    @classmethod
    def of(cls, write: ProductWrite) -> "Progress":
        """Begin with what is known of a listing and what is to change of it."""
        link, creates = write.link, write.creates
        named = {item_id: set(names) for item_id, names in write.variant_changes.items()}
        whole = {variant.item_id: set(VARIANT_FIELDS) for variant in sellable_of(write.product)}
        return cls(
            write=write,
            product_id=link.product_id,
            fields=dict(link.fields),
            variants={known.item_id: known for known in link.variants},
            image_ids=dict(link.image_ids),
            todo=set(CONTENT_FIELDS) if creates else set(write.changes),
            variants_todo=whole if creates else named,
            created_by_us=link.created_by_us,
        )

    @property
    def product(self) -> Product:
        """What the shop should show."""
        return self.write.product

    @property
    def doubtful(self) -> bool:
        """Tell whether an earlier try may have done what nobody recorded."""
        return self.write.link.attempted_at is not None

    @property
    def may_lack_mark(self) -> bool:
        """Tell whether a listing of ours may lack our mark, because we ended between making and marking it."""
        return self.created_by_us and not self.fresh and (self.doubtful or NO_SUCH_FIELD not in self.write.link.fields)

    @property
    def failed(self) -> bool:
        """Tell whether something went wrong already."""
        return bool(self.errors)

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return not self.unmarked and not self.todo and not any(self.variants_todo.values())

    def variant(self, item_id: str) -> Variant:
        """Find what the shop should show of an item."""
        return next(variant for variant in self.product.variants if variant.item_id == item_id)

    def acknowledge_content(self, row: ProductRow, sent: Collection[str]) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        self.product_id = str(row.id)
        seen = content_seen(self.product, row, self.category_id, self.brand_id)
        sent = set(sent) & set(seen)
        self.fields |= {name: seen[name] for name in sent}
        self.todo -= sent
        return differences(product_fields(self.product), seen, sent)

    def acknowledge_as_wanted(self, names: Collection[str]) -> None:
        """Keep fields of the product as they are wanted: the shop has them so, or has no such field."""
        wanted = product_fields(self.product)
        self.fields |= {name: wanted[name] for name in names}
        self.todo -= set(names)

    def acknowledge_variant(
        self, variant: Variant, row: ProductRow | None, own: VariantRow | None, sent: Collection[str]
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; returns what it says otherwise."""
        seen = variant_seen(variant, self.product, row, own)
        sent = set(sent) & set(seen)
        ref = ListingRef(self.product_id, str(own.id) if own else "")
        known = self.variants.get(variant.item_id) or KnownVariant(item_id=variant.item_id, ref=ref)
        fields = {**known.fields, **{name: seen[name] for name in sent}}
        self.variants[variant.item_id] = replace(known, ref=ref, fields=fields)
        self._done_with(variant.item_id, sent)
        return differences(variant_fields(variant, self.product), seen, sent)

    def acknowledge_options(self, variant: Variant) -> None:
        """Keep the options of a variant as they are wanted."""
        known = self.variants[variant.item_id]
        fields = {**known.fields, "options": as_text(variant.options)}
        self.variants[variant.item_id] = replace(known, fields=fields)
        self._done_with(variant.item_id, {"options"})

    def acknowledge_no_options(self) -> None:
        """Keep that a simple product has no options, which an unanswered call puts in doubt like all the till's."""
        if "options" in self.todo:
            self.acknowledge_as_wanted(["options"])
        for item_id, names in self.variants_todo.items():
            if "options" in names and item_id in self.variants:
                self.acknowledge_options(self.variant(item_id))

    def acknowledge_tax(self, variant: Variant, row: ProductRow) -> list[Difference]:
        """Keep the tax class that a variant has from its product."""
        wanted = variant_fields(variant, self.product)
        seen = {"tax_class": as_wanted(wanted["tax_class"], tax_seen(row))}
        known = self.variants[variant.item_id]
        self.variants[variant.item_id] = replace(known, fields={**known.fields, **seen})
        self._done_with(variant.item_id, {"tax_class"})
        return differences(wanted, seen, {"tax_class"})

    def acknowledge_stock(self, variant: Variant, shown: int | None) -> None:
        """Keep the stock that a new listing was acknowledged with; what it does not show is left to the stock lane."""
        if variant.quantity is not None and shown == variant.quantity:
            self.quantities[variant.item_id] = variant.quantity

    def acknowledge_picture(self, variant: Variant, image_id: str) -> None:
        """Keep the picture of a variant as it is wanted."""
        known = self.variants[variant.item_id]
        fields = {**known.fields, "image": image_text(variant.image)}
        self.variants[variant.item_id] = replace(known, fields=fields, image_id=image_id)
        self._done_with(variant.item_id, {"image"})

    def acknowledge_pictures(self) -> None:
        """Keep the pictures of the product."""
        self.fields["images"] = as_text([image.source_id for image in self.product.images])
        self.todo.discard("images")

    def give_up(self, item_id: str) -> None:
        """Leave a variant as it is; its error has been noted."""
        self.variants_todo.pop(item_id, None)

    def fail(self, error: TillbridgeError) -> None:
        """Leave the rest of the product as it is."""
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
            self.errors.append(
                ItemRejectedError(
                    f"The shop changed what it was sent: {'; '.join(map(str, found))}.",
                    remedy="Enter in the till what the shop accepts, or look for an app of the shop that changes it.",
                    code="changed_silently",
                    subject=subject,
                )
            )

    def outcome(self) -> ProductOutcome:
        """Say what came of it all. As long as our mark is not there, a field is kept back, so that it is seen to."""
        fields = {name: text for name, text in self.fields.items() if name != NO_SUCH_FIELD or not self.unmarked}
        link = replace(
            self.write.link,
            product_id=self.product_id,
            fields=fields,
            variants=tuple(self.variants.values()),
            image_ids=self.image_ids,
            created_by_us=self.created_by_us,
        )
        return ProductOutcome(write=self.write, link=link, quantities=self.quantities, error=_one_of(self.errors))

    def _done_with(self, item_id: str, names: Collection[str]) -> None:
        self.variants_todo.get(item_id, set()).difference_update(names)


def _one_of(errors: list[TillbridgeError]) -> TillbridgeError | None:
    """Make one error of several: the first one's kind, all sentences."""
    if len(errors) <= 1:
        return errors[0] if errors else None
    first = errors[0]
    happened = " ".join(dict.fromkeys(error.happened for error in errors))
    return ItemRejectedError(happened, remedy=first.remedy, code=first.code, subject=first.subject)
