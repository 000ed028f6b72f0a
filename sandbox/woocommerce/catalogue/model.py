"""Products, variations and what sorts them, as the shop keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sandbox.common.json_types import JsonValue
from sandbox.woocommerce.meta import Rows

PLAIN_DEFAULTS: Mapping[str, JsonValue] = {
    "button_text": "",
    "catalog_visibility": "visible",
    "cross_sell_ids": (),
    "download_expiry": -1,
    "download_limit": -1,
    "downloadable": False,
    "downloads": (),
    "external_url": "",
    "featured": False,
    "grouped_products": (),
    "post_password": "",
    "purchase_note": "",
    "reviews_allowed": True,
    "shipping_class": "",
    "sold_individually": False,
    "upsell_ids": (),
    "virtual": False,
}
"""Fields that are stored and shown without any behaviour of their own."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a product: global (``attribute_id``, its options are term ids) or the product's own (text)."""

    attribute_id: int
    name: str
    key: str
    """``pa_colour`` for a global attribute, the slug of its name for a custom one."""
    position: int = 0
    visible: bool = False
    variation: bool = False
    term_ids: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Product:
    """A product of any type, or a variation; `modified` and all else change only by storing an altered copy."""

    id: int
    type: str
    created: datetime
    modified: datetime
    parent_id: int = 0
    name: str = ""
    slug: str = ""
    status: str = "publish"
    sku: str = ""
    gtin: str = ""
    description: str = ""
    short_description: str = ""
    regular_price: str = ""
    sale_price: str = ""
    sale_from: datetime | None = None
    sale_to: datetime | None = None
    tax_status: str = "taxable"
    tax_class: str = ""
    manage_stock: bool = False
    stock_quantity: int | None = None
    stock_status: str = "instock"
    backorders: str = "no"
    low_stock_amount: int | None = None
    weight: str = ""
    dimensions: tuple[str, str, str] = ("", "", "")
    menu_order: int = 0
    total_sales: int = 0
    category_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    brand_ids: tuple[int, ...] = ()
    image_ids: tuple[int, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    """A variation's choices: attribute key to term slug (global) or text (custom); a missing key means any."""
    default_options: Mapping[str, str] = field(default_factory=dict)
    meta: Rows = ()
    plain: Mapping[str, JsonValue] = field(default_factory=lambda: PLAIN_DEFAULTS)

    @property
    def is_variation(self) -> bool:
        return self.type == "variation"

    @property
    def term_ids(self) -> frozenset[int]:
        """All terms it is filed under, attribute terms included."""
        options = (term_id for attribute in self.attributes for term_id in attribute.term_ids)
        return frozenset((*self.category_ids, *self.tag_ids, *self.brand_ids, *options))

    def on_sale(self, now: datetime) -> bool:
        """Tell whether the sale price holds at `now`."""
        started = self.sale_from is None or self.sale_from <= now
        return self.sale_price != "" and started and (self.sale_to is None or now <= self.sale_to)

    def price(self, now: datetime) -> str:
        """Give the price in force, as text; empty when there is none."""
        return self.sale_price if self.on_sale(now) else self.regular_price


@dataclass(slots=True)
class Term:
    """A category, tag, brand or attribute term."""

    id: int
    taxonomy: str
    name: str
    slug: str
    parent: int = 0
    description: str = ""
    display: str = "default"
    menu_order: int = 0
    image_id: int = 0


@dataclass(slots=True)
class GlobalAttribute:
    """An attribute that all products may use; its terms have the taxonomy `slug`."""

    id: int
    name: str
    slug: str
    order_by: str = "menu_order"
    has_archives: bool = False


@dataclass(slots=True)
class Image:
    """A file in the media library."""

    id: int
    path: str
    content_type: str
    content: bytes
    created: datetime
    name: str
    alt: str = ""


def amount(price: str) -> Decimal | None:
    """Read a stored price; None when it is empty or not one number."""
    try:
        return Decimal(price) if price else None
    except InvalidOperation:
        return None
