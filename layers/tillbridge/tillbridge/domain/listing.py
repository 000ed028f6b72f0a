"""What a shop lists, whoever made it: as much as is needed to find the listing of an item."""

from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.product import ListingRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVariant:
    """One sellable thing. ``options`` has one value per option of its product; "" stands for any."""

    ref: ListingRef
    sku: str = ""
    gtin: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProduct:
    """One product of a shop; a simple one has one variant and no ``options``.

    A kind of product that no item can be (a bundle, a link to another shop) has no variants. ``mark`` is our own
    product key, if it was made by us; a copy that somebody made of it carries the mark as well.
    """

    product_id: str
    name: str = ""
    options: tuple[str, ...] = ()  # their names
    variants: tuple[ListedVariant, ...] = ()
    mark: str = ""

    @property
    def variable(self) -> bool:
        """Tell whether it has variants to choose from."""
        return any(variant.ref.variant_id for variant in self.variants)

    def variant(self, ref: ListingRef) -> ListedVariant | None:
        """Find one of its variants."""
        return next((variant for variant in self.variants if variant.ref == ref), None)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A listing as a survey met it; ``survey`` is when that survey began."""

    listed: ListedProduct
    survey: datetime
