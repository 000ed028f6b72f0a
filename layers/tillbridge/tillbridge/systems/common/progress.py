"""What has become of one product so far, and what is still to be sent. Every shop's own ``Progress`` begins with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

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
)
from tillbridge.domain.stock import Quantity
from tillbridge.systems.common.differences import Difference, differences
from tillbridge.systems.common.rejections import changed_silently


@dataclass(eq=False, slots=True)
class ProductProgress:
    """One product on its way. ``todo`` and ``variants_todo`` name the fields that the shop has not acknowledged yet.

    A field that was never acknowledged is left out of the link, so that it counts as never written.
    """

    CHANGED_BY: ClassVar[str] = "an app in the shop"
    """What may change without a word what a shop of this kind is sent."""

    write: ProductWrite
    product_id: str
    fields: dict[str, str]
    variants: dict[str, KnownVariant]
    image_ids: dict[str, str]
    todo: set[str]
    variants_todo: dict[str, set[str]]
    created_by_us: bool
    quantities: dict[str, Quantity] = field(default_factory=dict)
    errors: list[TillbridgeError] = field(default_factory=list)

    @classmethod
    def of(cls, write: ProductWrite) -> Self:
        """Begin with what is known of a listing and what is to change of it; what was never read is done whole."""
        link, whole = write.link, write.creates or write.link.unread
        everything = {variant.item_id: set(VARIANT_FIELDS) for variant in write.product.on_sale}
        named = {item_id: set(names) for item_id, names in write.variant_changes.items()}
        return cls(
            write=write,
            product_id=link.product_id,
            fields=dict(link.fields),
            variants={known.item_id: known for known in link.variants},
            image_ids=dict(link.image_ids),
            todo=set(CONTENT_FIELDS) if whole else set(write.changes),
            variants_todo=everything if whole else named,
            created_by_us=link.created_by_us,
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
    def acknowledged(self) -> bool:
        """Tell whether every field was acknowledged."""
        return not self.todo and not any(self.variants_todo.values())

    @property
    def taxed(self) -> bool:
        """Tell whether the tax class of what is listed changes: variants have it from their product."""
        return any("tax_class" in names for item_id, names in self.variants_todo.items() if item_id in self.variants)

    @property
    def in_doubt(self) -> bool:
        """Tell whether an earlier write may have left more below the listing than is known of it."""
        link = self.write.link
        known = bool(link.product_id) and not link.unread
        return self.product.variable and known and link.attempted_at is not None

    def variant(self, item_id: str) -> Variant:
        """Find what the shop should show of an item."""
        return next(variant for variant in self.product.variants if variant.item_id == item_id)

    def keep_content(self, seen: Mapping[str, str], sent: Collection[str]) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        names = set(sent) & set(seen)
        self.fields |= {name: seen[name] for name in names}
        self.todo -= names
        return differences(product_fields(self.product), seen, names)

    def keep_variant(
        self, variant: Variant, ref: ListingRef, seen: Mapping[str, str], sent: Collection[str]
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; returns what it says otherwise."""
        names = set(sent) & set(seen)
        known = self.variants.get(variant.item_id) or KnownVariant(item_id=variant.item_id, ref=ref)
        self.variants[variant.item_id] = replace(known, ref=ref)
        self.keep_fields(variant.item_id, {name: seen[name] for name in names})
        return differences(variant_fields(variant, self.product), seen, names)

    def keep_fields(self, item_id: str, texts: Mapping[str, str]) -> None:
        """Keep fields of a known variant as acknowledged."""
        known = self.variants[item_id]
        self.variants[item_id] = replace(known, fields={**known.fields, **texts})
        self.done_with(item_id, texts.keys())

    def acknowledge_picture(self, item_id: str, source_id: str, image_id: str) -> None:
        """Keep the picture of a variant; "" when it has none."""
        self.variants[item_id] = replace(self.variants[item_id], image_id=image_id)
        self.keep_fields(item_id, {"image": source_id})

    def acknowledge_pictures(self) -> None:
        """Keep the pictures of the product as they are wanted."""
        self.fields["images"] = product_fields(self.product)["images"]
        self.todo.discard("images")

    def done_with(self, item_id: str, names: Collection[str]) -> None:
        """Strike fields of a variant off the list."""
        self.variants_todo.get(item_id, set()).difference_update(names)

    def give_up(self, item_id: str, error: TillbridgeError | None = None) -> None:
        """Leave a variant as it is; ``error`` says why, unless that has been noted."""
        self.errors += [error] if error else []
        self.variants_todo.pop(item_id, None)

    def fail(self, error: TillbridgeError) -> None:
        """Note an error and send nothing more of this product."""
        self.errors.append(error)
        self.stop()

    def become(self, link: Link) -> None:
        """Turn into a link to what the shop had already; nothing is sent."""
        self.product_id = link.product_id
        self.fields, self.image_ids = dict(link.fields), dict(link.image_ids)
        self.variants = {known.item_id: known for known in link.variants}
        self.created_by_us = link.created_by_us
        self.stop()

    def stop(self) -> None:
        """Send nothing more."""
        self.todo.clear()
        self.variants_todo.clear()

    def report(self, found: Collection[Difference], subject: Subject) -> None:
        """Note what the shop changed without a word."""
        if found:
            self.errors.append(changed_silently("; ".join(map(str, found)), subject, cause=self.CHANGED_BY))

    @property
    def fields_to_keep(self) -> dict[str, str]:
        """The product's fields that the link is to carry."""
        return self.fields

    def outcome(self) -> ProductOutcome:
        """Say what came of it all."""
        link = replace(
            self.write.link,
            product_id=self.product_id,
            fields=self.fields_to_keep,
            variants=tuple(self.variants.values()),
            image_ids=self.image_ids,
            created_by_us=self.created_by_us,
        )
        return ProductOutcome(write=self.write, link=link, quantities=self.quantities, error=_one_of(self.errors))


def skus_of(progresses: Iterable[ProductProgress]) -> list[str]:
    """List the SKUs that new listings of these products are to have."""
    return [variant.sku for progress in progresses for variant in progress.product.on_sale]


def _one_of(errors: Sequence[TillbridgeError]) -> TillbridgeError | None:
    """Make one error of several: the first one's kind, all sentences."""
    if len(errors) <= 1:
        return errors[0] if errors else None
    first = errors[0]
    happened = " ".join(dict.fromkeys(error.happened for error in errors))
    return ItemRejectedError(happened, remedy=first.remedy, code=first.code, subject=first.subject)
