"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tillbridge.domain.errors import Subject
from tillbridge.domain.planning import variant_fields
from tillbridge.domain.product import ListingRef, Variant
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.progress import ProductProgress
from tillbridge.systems.shopify.api.rejections import stock_not_taken
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.products.seen import content_seen, variant_seen


@dataclass(eq=False, slots=True)
class Progress(ProductProgress):
    """One product on its way.

    ``strays`` are variants, by the shop's ids, that are to go off sale and are no part of the product.
    """

    fresh: bool = False  # created in this very run: its pictures are those that were sent, in their order
    option_names: list[str] = field(init=False)  # as the listing has them, in the till's order
    strays: set[str] = field(default_factory=set)
    pictured: ProductRow | None = None  # its media, as they were told when it was published with others

    def __post_init__(self) -> None:
        """Take the options to be named as in the till, until the listing is read."""
        self.option_names = [option.name for option in self.product.options]

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return self.acknowledged and not self.strays

    def acknowledge_content(self, row: ProductRow, sent: Collection[str]) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        self.product_id = row.id
        return self.keep_content(content_seen(self.product, row), sent)

    def acknowledge_variant(
        self, variant: Variant, row: VariantRow, ref: ListingRef, sent: Collection[str]
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; what it does not tell was taken as sent."""
        seen = variant_fields(variant, self.product) | variant_seen(variant, self.product, row)
        return self.keep_variant(variant, ref, seen, sent)

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
