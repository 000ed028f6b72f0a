"""The queries for products, variants and any node."""

from collections.abc import Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.custom_ids import by_custom_id
from sandbox.shopify.catalogue.model import Product, ProductVariant
from sandbox.shopify.changing import index_of
from sandbox.shopify.dates import written
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.connections import SortKey, connect
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError, access_denied
from sandbox.shopify.web.index import search
from sandbox.shopify.web.resolving import query, resolver
from sandbox.shopify.web.scopes import TYPE_SCOPES


@query
def node(_root: object, context: Context, id: str) -> object | None:
    return _readable(rows.find(context.shop, id), context)


@query
def nodes(_root: object, context: Context, ids: Sequence[str]) -> list[object | None]:
    return [_readable(rows.find(context.shop, gid), context) for gid in ids]


def _readable(row: object | None, context: Context) -> object | None:
    needed = TYPE_SCOPES.get(type(row).__name__)
    if needed and not context.scopes & set(needed):
        raise access_denied("node", needed)
    return row


def _by_id(field: str, *kinds: type) -> None:
    """Register a query that finds a row by its id; ids of other types find nothing."""

    def one(_root: object, context: Context, id: str | None = None) -> object | None:
        row = rows.find(context.shop, id) if id is not None else None
        return row if isinstance(row, kinds) else None

    resolver("QueryRoot", name=field)(one)


def register_by_id(kinds: Mapping[str, type | tuple[type, ...]]) -> None:
    """Register the queries that find rows by id."""
    for field, kind in kinds.items():
        _by_id(field, *(kind if isinstance(kind, tuple) else (kind,)))


@query
def product_by_identifier(_root: object, context: Context, identifier: Mapping[str, object]) -> Product | None:
    return find_product(context, identifier)


def find_product(context: Context, identifier: Mapping[str, object]) -> Product | None:
    """Find a product by id, handle or custom id; raises where the custom id has no definition."""
    if identifier.get("handle") is not None:
        return product_with_handle(context.shop, str(identifier["handle"]))
    if identifier.get("id") is not None:
        return rows.product(context.shop, str(identifier["id"]))
    row = by_custom_id(context, "PRODUCT", identifier["customId"])
    return row if isinstance(row, Product) else None


def product_with_handle(shop: Shop, handle: str) -> Product | None:
    number = shop.handles.get(handle)
    return None if number is None else shop.products[number]


@query
def product_variant_by_identifier(
    _root: object, context: Context, identifier: Mapping[str, object]
) -> ProductVariant | None:
    if identifier.get("id") is not None:
        return rows.variant(context.shop, str(identifier["id"]))
    row = by_custom_id(context, "PRODUCTVARIANT", identifier["customId"])
    return row if isinstance(row, ProductVariant) else None


@query
def products(_root: object, context: Context, query: str | None = None, sort_key: str = "ID", **page: object) -> object:
    found = search(context, index_of(context.shop, "Product"), list(context.shop.products.values()), query)
    return connect(context, found, lambda row: _product_key(row, sort_key), page)


def _product_key(row: Product, sort_key: str) -> SortKey:
    values: dict[str, str] = {
        "TITLE": row.title.casefold(),
        "VENDOR": row.vendor.casefold(),
        "PRODUCT_TYPE": row.product_type.casefold(),
        "CREATED_AT": written(row.created_at),
        "UPDATED_AT": written(row.updated_at),
    }
    return values.get(sort_key, 0), row.id


@query
def products_count(_root: object, context: Context, query: str | None = None, limit: int | None = 10_000) -> object:
    found = search(context, index_of(context.shop, "Product"), list(context.shop.products.values()), query or "id:>0")
    count = len(found) if limit is None else min(limit, len(found))
    return {"count": count, "precision": "EXACT" if count == len(found) else "AT_LEAST"}


@query
def product_variants(
    _root: object, context: Context, query: str | None = None, sort_key: str = "ID", **page: object
) -> object:
    found = search(context, index_of(context.shop, "ProductVariant"), list(context.shop.variants.values()), query)
    if sort_key not in {"ID", "SKU", "TITLE", "RELEVANCE"}:
        raise TopLevelError(f"sortKey {sort_key} is not played by the stand-in", "INVALID_FIELD_ARGUMENTS")
    return connect(context, found, lambda row: _variant_key(row, context.shop, sort_key), page)


def _variant_key(row: ProductVariant, shop: Shop, sort_key: str) -> SortKey:
    if sort_key == "SKU":
        return shop.items[row.item_id].sku or "", row.id
    return (shop.products[row.product_id].title if sort_key == "TITLE" else 0), row.id
