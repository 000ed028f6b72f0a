"""What a fresh shop has: the attributes of products, their set, and the root categories."""

from datetime import datetime

from sandbox.magento.catalogue.model import Attribute, AttributeSet, Category

DEFAULT_SET = 4
FIRST_GROUP = 7
ROOT_CATEGORY, DEFAULT_CATEGORY = 1, 2
_GLOBAL = (
    "sku:text weight:weight manufacturer:select color:select country_of_manufacture:select category_ids:text "
    "gift_message_available:select required_options:boolean has_options:boolean"
)
_WEBSITE = (
    "price:price special_price:price special_from_date:date special_to_date:date cost:price msrp:price "
    "msrp_display_actual_price_type:select status:select tax_class_id:select news_from_date:date news_to_date:date "
    "minimal_price:price"
)
_STORE = (
    "name:text description:textarea short_description:textarea url_key:text visibility:select meta_title:text "
    "meta_keyword:textarea meta_description:textarea image:media_image small_image:media_image "
    "thumbnail:media_image swatch_image:media_image image_label:text small_image_label:text thumbnail_label:text "
    "options_container:select page_layout:select custom_design:select"
)
_GLOBAL_PRICES = {"price", "special_price", "cost", "msrp"}
REQUIRED = {"name": "Product Name", "sku": "SKU", "price": "Price"}
"""Attributes without which no product is made, and what the shop calls them."""


def attributes() -> dict[str, Attribute]:
    """Make the attributes that come with the shop; prices are global, as they are unless told otherwise."""
    found: dict[str, Attribute] = {}
    for scope, text in (("global", _GLOBAL), ("website", _WEBSITE), ("store", _STORE)):
        for entry in text.split():
            code, _, kind = entry.partition(":")
            kept = "global" if code in _GLOBAL_PRICES else scope
            label = REQUIRED.get(code, code.replace("_", " ").title())
            found[code] = Attribute(73 + len(found), code, label, kind, kept, required=code in REQUIRED)
    for code in ("manufacturer", "color"):
        found[code].user_defined = True
    return found


def attribute_sets(codes: list[str]) -> dict[int, AttributeSet]:
    groups = {FIRST_GROUP: "Product Details", FIRST_GROUP + 1: "Content", FIRST_GROUP + 2: "Images"}
    return {DEFAULT_SET: AttributeSet(DEFAULT_SET, "Default", groups, codes)}


def categories(now: datetime) -> dict[int, Category]:
    root = Category(ROOT_CATEGORY, 0, "Root Catalog", now, now)
    return {1: root, 2: Category(DEFAULT_CATEGORY, ROOT_CATEGORY, "Default Category", now, now)}
