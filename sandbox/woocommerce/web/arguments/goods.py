"""The arguments that write products, variations, and what sorts them."""

from dataclasses import replace

from sandbox.woocommerce.web.arguments.lists import STOCK_STATUSES, TYPES
from sandbox.woocommerce.web.schema import ABSENT, Arg, Args, anything, choice, date, flag, listing, record, text, whole

META = listing(record(id=whole(), key=text(), value=anything()))
_NAMED = listing(record(id=whole(), name=text(), slug=text()))
_IMAGE = record(
    id=whole(), src=text(form="uri"), name=text(), alt=text(),
    date_created=date(), date_created_gmt=date(), date_modified=date(), date_modified_gmt=date(),
)  # fmt: skip
_CHOSEN = listing(record(id=whole(), name=text(), option=text()))
_BOTH: Args = {
    "backorders": choice("no", "notify", "yes", default="no"),
    "date_on_sale_from": date(),
    "date_on_sale_from_gmt": date(),
    "date_on_sale_to": date(),
    "date_on_sale_to_gmt": date(),
    "description": text(),
    "dimensions": record(length=text(), width=text(), height=text()),
    "download_expiry": whole(default=-1),
    "download_limit": whole(default=-1),
    "downloadable": flag(default=False),
    "downloads": listing(record(id=text(), name=text(), file=text())),
    "global_unique_id": text(),
    "low_stock_amount": Arg(type=("integer", "null")),
    "manage_stock": flag(default=False),
    "menu_order": whole(),
    "meta_data": META,
    "regular_price": text(),
    "sale_price": text(),
    "shipping_class": text(),
    "sku": text(),
    "stock_quantity": whole(),
    "stock_status": choice(*STOCK_STATUSES, default="instock"),
    "tax_class": text(),
    "tax_status": choice("taxable", "shipping", "none", default="taxable"),
    "virtual": flag(default=False),
    "weight": text(),
}
PRODUCT: Args = {
    **_BOTH,
    "attributes": listing(
        record(
            id=whole(), name=text(), position=whole(), visible=flag(default=False), variation=flag(default=False),
            options=listing(text()),
        )
    ),
    "brands": _NAMED,
    "button_text": text(),
    "catalog_visibility": choice("visible", "catalog", "search", "hidden", default="visible"),
    "categories": _NAMED,
    "cross_sell_ids": listing(whole()),
    "date_created": date(),
    "date_created_gmt": date(),
    "default_attributes": _CHOSEN,
    "external_url": text(form="uri"),
    "featured": flag(default=False),
    "images": listing(_IMAGE),
    "name": text(),
    "parent_id": whole(),
    "post_password": text(),
    "purchase_note": text(),
    "reviews_allowed": flag(default=True),
    "short_description": text(),
    "slug": text(),
    "sold_individually": flag(default=False),
    "status": choice("draft", "pending", "private", "publish", "future", "auto-draft", "trash", default="publish"),
    "tags": _NAMED,
    "type": choice(*TYPES, default="simple"),
    "upsell_ids": listing(whole()),
}  # fmt: skip
VARIATION: Args = {
    **_BOTH,
    "attributes": _CHOSEN,
    "image": _IMAGE,
    "product_id": whole(),
    "status": choice("draft", "pending", "private", "publish", default="publish"),
}
TAG: Args = {"name": text(required=True), "slug": text(), "description": text()}
CATEGORY: Args = {
    **TAG,
    "parent": whole(),
    "display": choice("default", "products", "subcategories", "both", default="default"),
    "image": _IMAGE,
    "menu_order": whole(),
}
ATTRIBUTE_TERM: Args = {**TAG, "menu_order": whole(), "attribute_id": whole()}
ATTRIBUTE: Args = {
    "name": text(required=True),
    "slug": text(),
    "type": choice("select", default="select"),
    "order_by": choice("menu_order", "name", "name_num", "id", default="menu_order"),
    "has_archives": flag(default=False),
}


def changes(created: Args) -> Args:
    """Derive a table for changing from one for creating: nothing is required and nothing has a default."""
    return {"id": whole(), **{name: replace(arg, default=ABSENT, required=False) for name, arg in created.items()}}


def deletion(*, force: bool = False) -> Args:
    """The arguments that delete; `force` is the default."""
    return {"id": whole(), "force": flag(default=force)}
