"""A merchant's choices, with defaults that suit a first day: nothing is shown to shoppers without being asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.guard import GuardBounds
from tillbridge.domain.orders.rules import OTHER, OrderRules
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Visibility
from tillbridge.domain.safety import SafetyRules
from tillbridge.domain.stock import SAFETY, StockMode, StockRule


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


class MatchField(StrEnum):
    """What of an item is compared with listings that a shop has already; see ``domain.matching`` for how."""

    SKU = "sku"  # what serves as SKU by ``sku_sources``
    GTIN = "gtin"  # UPC or EAN
    MANUFACTURER_SKU = "manufacturer_sku"
    CUSTOM_SKU = "custom_sku"
    SYSTEM_SKU = "system_sku"


class Owner(StrEnum):
    """Who decides what a field shows."""

    TILL = "till"
    CREATION = "creation"  # the till when the listing is made, the shop from then on
    SHOP = "shop"  # from the beginning: a new listing gets it only where no listing can be without it


DEFAULT_OWNERS: Mapping[str, Owner] = {
    **dict.fromkeys(CONTENT_FIELDS, Owner.CREATION),
    **dict.fromkeys(VARIANT_FIELDS, Owner.CREATION),
    "options": Owner.TILL,
    "sku": Owner.TILL,
    "gtin": Owner.TILL,
    "regular_price": Owner.TILL,
    "sale_price": Owner.TILL,
    "msrp": Owner.TILL,
}
"""The till owns identity, price and stock; the shop owns its texts, pictures and categories once they exist there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantSettings:
    """Everything a merchant can choose; ``tillbridge merchant settings`` shows and changes it by these names."""

    selection: Selection = Selection.ALL
    selection_tag: str = "webstore"
    new_products: Visibility = Visibility.DRAFT
    sku_sources: tuple[SkuSource, ...] = (SkuSource.CUSTOM_SKU, SkuSource.UPC, SkuSource.EAN, SkuSource.SYSTEM_SKU)
    match_by: tuple[MatchField, ...] = tuple(MatchField)
    regular_price_level: str = "1"
    sale_price_level: str = ""  # "" = no sale price
    msrp_level: str = ""  # "" = no recommended price
    tax_classes: dict[str, str] = field(default_factory=dict)  # till tax class id -> the shop's tax class
    stock_locations: tuple[str, ...] = ()  # () = every location that is not archived
    stock_mode: StockMode = StockMode.SUM
    stock_places: dict[str, str] = field(default_factory=dict)  # "shop/location" -> the shop's place
    safety_stock: Decimal = Decimal(0)
    safety_by_location: dict[str, Decimal] = field(default_factory=dict)
    safety_by_category: dict[str, Decimal] = field(default_factory=dict)
    safety_by_item: dict[str, Decimal] = field(default_factory=dict)  # by item key or SKU
    backorders: bool = False
    locations_by_shop: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by connection, where it differs
    mode_by_shop: dict[str, StockMode] = field(default_factory=dict)
    safety_by_shop: dict[str, Decimal] = field(default_factory=dict)
    bulk_shops: tuple[str, ...] = ()  # connections of shops whose large writes go as bulks, where there are such
    send_images: bool = True
    owners: dict[str, Owner] = field(default_factory=dict)  # field -> owner, where it differs from the default
    guard_zeroed: Decimal = Decimal(20)  # per cent of the listings within an hour; 0 = no bound, as for all of these
    guard_unpublished: Decimal = Decimal(20)
    guard_repriced: Decimal = Decimal(50)
    guard_price: Decimal = Decimal(75)  # per cent of one price, up or down
    guard_created: int = 1000  # products within an hour
    guard_floor: int = 10  # a share never holds so few
    orders: OrderSettings = field(default_factory=OrderSettings)  # each by its name after "orders_"

    def owner(self, field_name: str) -> Owner:
        """Tell who owns a field."""
        return self.owners.get(field_name, DEFAULT_OWNERS[field_name])

    def stock_rule(self, shop: str) -> StockRule:
        """Give the stock rule of one shop, by its connection's id: its own choices go before the merchant's."""
        own_safety = shop in self.safety_by_shop
        prefix = f"{shop}/"
        return StockRule(
            locations=self.locations_by_shop.get(shop, self.stock_locations),
            safety_stock=self.safety_by_shop.get(shop, self.safety_stock),
            mode=self.mode_by_shop.get(shop, self.stock_mode),
            safety_by_location=self.safety_by_location,
            places={
                key.removeprefix(prefix): place for key, place in self.stock_places.items() if key.startswith(prefix)
            },
            backorders=self.backorders,
            safety_name=f"{SAFETY} of shop {shop}" if own_safety else SAFETY,
        )

    def order_rules(self, shop: str) -> OrderRules:
        """Give the choices about the web orders of one shop, by its connection's id."""
        rule = self.stock_rule(shop)
        rules = self.orders.rules(shop, rule.places)
        return replace(rules, sources=rule.places) if rule.mode is StockMode.MAP else rules

    @property
    def every_owner(self) -> Mapping[str, Owner]:
        """Who owns each field."""
        return {**DEFAULT_OWNERS, **self.owners}

    @property
    def till_owned(self) -> frozenset[str]:
        """The fields that the till owns for good."""
        return frozenset(name for name, owner in self.every_owner.items() if owner is Owner.TILL)

    @property
    def safety_rules(self) -> SafetyRules:
        """What is kept back of single items and categories."""
        return SafetyRules(self.safety_by_item, self.safety_by_category)

    @property
    def shops_named(self) -> Mapping[str, frozenset[str]]:
        """Name the connections that settings speak of, by setting."""
        return {
            "stock_places": frozenset(key.partition("/")[0] for key in self.stock_places),
            "locations_by_shop": frozenset(self.locations_by_shop),
            "mode_by_shop": frozenset(self.mode_by_shop),
            "safety_by_shop": frozenset(self.safety_by_shop),
            "bulk_shops": frozenset(self.bulk_shops),
            "orders_statuses": frozenset(key.partition("/")[0] for key in self.orders.statuses),
            "orders_locations": frozenset(self.orders.locations) - {OTHER},
        }

    @property
    def guard_bounds(self) -> GuardBounds:
        """The part of the settings that the guard needs."""
        return GuardBounds(
            zeroed=self.guard_zeroed,
            unpublished=self.guard_unpublished,
            repriced=self.guard_repriced,
            price=self.guard_price,
            created=self.guard_created,
            floor=self.guard_floor,
        )
