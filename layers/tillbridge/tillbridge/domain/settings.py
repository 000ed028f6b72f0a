"""A merchant's choices, with defaults that suit a first day: nothing is shown to shoppers without being asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Visibility
from tillbridge.domain.stock import StockRule


class Selection(StrEnum):
    """Which items of the till go to the shop."""

    ALL = "all"
    PUBLISH_TO_WEB = "publish_to_web"  # the till's own "publish to eCom" tick
    TAG = "tag"


class SkuSource(StrEnum):
    """Fields of the till that can serve as SKU."""

    CUSTOM_SKU = "custom_sku"
    MANUFACTURER_SKU = "manufacturer_sku"
    UPC = "upc"
    EAN = "ean"
    SYSTEM_SKU = "system_sku"


class Owner(StrEnum):
    """Who decides what a field shows."""

    TILL = "till"
    CREATION = "creation"  # the till when the listing is made, the shop from then on
    SHOP = "shop"


DEFAULT_OWNERS: Mapping[str, Owner] = {
    **dict.fromkeys(CONTENT_FIELDS, Owner.CREATION),
    **dict.fromkeys(VARIANT_FIELDS, Owner.CREATION),
    "options": Owner.TILL,
    "sku": Owner.TILL,
    "gtin": Owner.TILL,
    "regular_price": Owner.TILL,
    "sale_price": Owner.TILL,
}
"""The till owns identity, price and stock; the shop owns its texts, pictures and categories once they exist there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantSettings:
    """Everything a merchant can choose; ``tillbridge merchant settings`` shows and changes it by these names."""

    selection: Selection = Selection.ALL
    selection_tag: str = "webstore"
    new_products: Visibility = Visibility.DRAFT
    sku_sources: tuple[SkuSource, ...] = (SkuSource.CUSTOM_SKU, SkuSource.UPC, SkuSource.EAN, SkuSource.SYSTEM_SKU)
    regular_price_level: str = "1"
    sale_price_level: str = ""  # "" = no sale price
    tax_classes: dict[str, str] = field(default_factory=dict)  # till tax class id -> the shop's tax class
    stock_locations: tuple[str, ...] = ()  # () = every location that is not archived
    safety_stock: Decimal = Decimal(0)
    send_images: bool = True
    owners: dict[str, Owner] = field(default_factory=dict)  # field -> owner, where it differs from the default

    def owner(self, field_name: str) -> Owner:
        """Tell who owns a field."""
        return self.owners.get(field_name, DEFAULT_OWNERS[field_name])

    @property
    def stock_rule(self) -> StockRule:
        """The part of the settings that stock needs."""
        return StockRule(self.stock_locations, self.safety_stock)
