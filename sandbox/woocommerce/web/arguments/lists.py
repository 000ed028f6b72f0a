"""The arguments of lists."""

from sandbox.woocommerce.web.schema import Arg, Args, choice, flag, listing, moment, text, whole

_PRODUCT_STATUSES = ("future", "trash", "draft", "pending", "private", "publish")
_ORDERS = ("date", "id", "include", "title", "slug", "modified")
TYPES = ("simple", "grouped", "external", "variable")
STOCK_STATUSES = ("instock", "outofstock", "onbackorder")
TAX_CLASSES = ("standard", "reduced-rate", "zero-rate")

CONTEXT: Args = {"context": choice("view", "edit", default="view")}


def ids() -> Arg:
    """Whole numbers, none by default."""
    return listing(whole(), default=[])


_PAGING: Args = {
    **CONTEXT,
    "page": whole(default=1, minimum=1),
    "per_page": whole(default=10, minimum=1, maximum=100),
    "offset": whole(),
    "include": ids(),
    "exclude": ids(),
    "search": text(),
}
_DESCENDING: Args = {"order": choice("asc", "desc", default="desc")}
_ASCENDING: Args = {"order": choice("asc", "desc", default="asc")}
_CREATED: Args = {"after": moment(), "before": moment()}
_POSTS: Args = {
    **_PAGING,
    **_DESCENDING,
    **_CREATED,
    "modified_after": moment(),
    "modified_before": moment(),
    "dates_are_gmt": flag(default=False),
    "parent": ids(),
    "parent_exclude": ids(),
    "include_meta": listing(text(), default=[]),
    "exclude_meta": listing(text(), default=[]),
}
_GOODS: Args = {
    **_POSTS,
    "status": choice("any", *_PRODUCT_STATUSES, default="any"),
    "include_status": listing(choice("any", *_PRODUCT_STATUSES)),
    "exclude_status": listing(choice(*_PRODUCT_STATUSES)),
    "slug": text(),
    "sku": text(),
    "stock_status": choice(*STOCK_STATUSES),
    "tax_class": choice(*TAX_CLASSES),
    "on_sale": flag(),
    "min_price": text(),
    "max_price": text(),
    "virtual": flag(),
    "downloadable": flag(),
}
PRODUCTS: Args = {
    **_GOODS,
    "orderby": choice(
        *_ORDERS, "post__in", "price", "sales", "menu_order", "random", "popularity", "rating", default="date"
    ),
    "type": choice(*TYPES),
    "include_types": listing(choice(*TYPES)),
    "exclude_types": listing(choice(*TYPES)),
    "featured": flag(),
    "category": text(),
    "tag": text(),
    "brand": text(),
    "shipping_class": text(),
    "attribute": text(),
    "attribute_term": text(),
    "search_sku": text(),
    "search_name_or_sku": text(),
}
VARIATIONS: Args = {
    **_GOODS,
    "orderby": choice(*_ORDERS, "menu_order", default="date"),
    "has_price": flag(),
    "attributes": listing(
        Arg(type="object", properties={"attribute": text(), "term": text(), "terms": Arg(type="array")})
    ),
    "product_id": whole(),
}
TERMS: Args = {
    **_PAGING,
    **_ASCENDING,
    "orderby": choice("id", "include", "name", "slug", "term_group", "description", "count", default="name"),
    "hide_empty": flag(default=False),
    "parent": whole(),
    "product": whole(default=None),
    "slug": text(),
}
ATTRIBUTE_TERMS: Args = {**TERMS, "attribute_id": whole()}
_ORDER_LIKE: Args = {
    **_POSTS,
    "orderby": choice(*_ORDERS, default="date"),
    "dp": whole(default=2),
    "order_item_display_meta": flag(default=False),
}
ORDERS: Args = {
    **_ORDER_LIKE,
    "status": Arg(
        type="array",
        default="any",
        items=choice(
            "any",
            "trash",
            "auto-draft",
            "pending",
            "processing",
            "on-hold",
            "completed",
            "cancelled",
            "refunded",
            "failed",
            "checkout-draft",
        ),
    ),
    "customer": whole(),
    "product": whole(),
    "created_via": listing(text()),
}
ALL_REFUNDS: Args = _ORDER_LIKE
REFUNDS: Args = {**_ORDER_LIKE, "order_id": whole()}
CUSTOMERS: Args = {
    **_PAGING,
    **_ASCENDING,
    "orderby": choice("id", "include", "name", "registered_date", default="name"),
    "email": text(form="email"),
    "role": choice(
        "all",
        "administrator",
        "editor",
        "author",
        "contributor",
        "subscriber",
        "customer",
        "shop_manager",
        default="customer",
    ),
}
WEBHOOKS: Args = {
    **_PAGING,
    **_DESCENDING,
    **_CREATED,
    "orderby": choice("date", "id", "title", default="date"),
    "status": choice("all", "active", "paused", "disabled", default="all"),
}
TAXES: Args = {
    **CONTEXT,
    **_ASCENDING,
    "page": whole(default=1, minimum=1),
    "per_page": whole(default=10, minimum=1, maximum=100),
    "offset": whole(),
    "orderby": choice("id", "order", "priority", default="order"),
    "class": choice(*TAX_CLASSES),
}
NOTES: Args = {**CONTEXT, "order_id": whole(), "type": choice("any", "customer", "internal", default="any")}
