"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tillbridge.domain.errors import Subject
from tillbridge.domain.planning import variant_fields
from tillbridge.domain.product import ListingRef, Variant
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.progress import ProductProgress
from tillbridge.systems.woocommerce.api.rejections import stock_not_taken
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.places import NOWHERE, Places
from tillbridge.systems.woocommerce.products.seen import content_seen, variant_seen

NO_SUCH_FIELD = frozenset({"msrp"})
"""Fields of variants that the shop lacks."""


@dataclass(eq=False, slots=True)
class Progress(ProductProgress):
    """One product on its way.

    ``strays`` are variations, by the shop's ids, that are to go off sale and are no part of the product.
    """

    CHANGED_BY = "a plugin of the shop"

    fresh: bool = False  # created in this very run: the shop can have nothing of it that we do not know
    places: Places = NOWHERE
    strays: dict[str, Variant] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return self.acknowledged and not self.strays

    def acknowledge_content(self, row: ListingRow, sent: Collection[str]) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        self.product_id = str(row.id)
        return self.keep_content(content_seen(self.product, row, self.places), sent)

    def acknowledge_variant(
        self, variant: Variant, row: ListingRow, ref: ListingRef, sent: Collection[str]
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; returns what it says otherwise."""
        return self.keep_variant(variant, ref, variant_seen(variant, self.product, row, self.places), sent)

    def acknowledge_stock(self, variant: Variant, row: ListingRow, subject: Subject) -> None:
        """Keep the stock that a new listing was acknowledged with."""
        if variant.quantity is None:
            return
        if row.manage_stock is True and row.stock_quantity == variant.quantity:
            self.quantities[variant.item_id] = variant.quantity
        else:
            self.errors.append(stock_not_taken(variant.quantity, row, subject))

    def __post_init__(self) -> None:
        """Take what the shop has no field for as written, so that it takes no call."""
        for item_id in list(self.variants):
            unknown = self.variants_todo.get(item_id, set()) & NO_SUCH_FIELD
            if unknown:
                texts = variant_fields(self.variant(item_id), self.product)
                self.keep_fields(item_id, {name: texts[name] for name in unknown})
