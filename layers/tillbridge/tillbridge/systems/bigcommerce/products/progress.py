"""What has become of one product so far, and what is still to be sent."""

from collections.abc import Collection
from dataclasses import dataclass

from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import ListingRef, Variant
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.payload import NO_SUCH_FIELD
from tillbridge.systems.bigcommerce.products.seen import content_seen, tax_seen, variant_seen
from tillbridge.systems.common.differences import Difference, as_wanted, differences
from tillbridge.systems.common.progress import ProductProgress


@dataclass(eq=False, slots=True)
class Progress(ProductProgress):
    """One product on its way."""

    fresh: bool = False  # created in this very run: the shop can have nothing of it that we do not know
    unmarked: bool = False  # created, and our mark is not there yet
    name: str = ""  # another one than the till's, where that is taken
    category_id: int | None = None
    brand_id: str = ""

    @property
    def doubtful(self) -> bool:
        """Tell whether an earlier try may have done what nobody recorded."""
        return self.write.link.attempted_at is not None

    @property
    def may_lack_mark(self) -> bool:
        """Tell whether a listing of ours may lack our mark, because we ended between making and marking it."""
        return self.created_by_us and not self.fresh and (self.doubtful or NO_SUCH_FIELD not in self.write.link.fields)

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to send."""
        return self.acknowledged and not self.unmarked

    def acknowledge_content(self, row: ProductRow, sent: Collection[str]) -> list[Difference]:
        """Keep what the shop says of the product's fields that were sent; returns what it says otherwise."""
        self.product_id = str(row.id)
        return self.keep_content(content_seen(self.product, row, self.category_id, self.brand_id), sent)

    def acknowledge_as_wanted(self, names: Collection[str]) -> None:
        """Keep fields of the product as they are wanted: the shop has them so, or has no such field."""
        wanted = product_fields(self.product)
        self.fields |= {name: wanted[name] for name in names}
        self.todo -= set(names)

    def acknowledge_variant(
        self, variant: Variant, row: ProductRow | None, own: VariantRow | None, sent: Collection[str]
    ) -> list[Difference]:
        """Keep what the shop says of a variant's fields that were sent; returns what it says otherwise."""
        ref = ListingRef(self.product_id, str(own.id) if own else "")
        return self.keep_variant(variant, ref, variant_seen(variant, self.product, row, own), sent)

    def acknowledge_options(self, variant: Variant) -> None:
        """Keep the options of a variant as they are wanted."""
        self.keep_fields(variant.item_id, {"options": as_text(variant.options)})

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
        self.keep_fields(variant.item_id, seen)
        return differences(wanted, seen, {"tax_class"})

    def acknowledge_stock(self, variant: Variant, shown: int | None) -> None:
        """Keep the stock that a new listing was acknowledged with; what it does not show is left to the stock lane."""
        if variant.quantity is not None and shown == variant.quantity:
            self.quantities[variant.item_id] = variant.quantity

    @property
    def fields_to_keep(self) -> dict[str, str]:
        """The product's fields; as long as our mark is not there, one is kept back, so that it is seen to."""
        return {name: text for name, text in self.fields.items() if name != NO_SUCH_FIELD or not self.unmarked}
