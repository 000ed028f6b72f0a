"""Namespaces of metafields, and finding rows by metafields of type ``id`` (facts/shopify.md, section 7)."""

from typing import TYPE_CHECKING, cast

from sandbox.shopify import rows
from sandbox.shopify.catalogue.model import Metafield, MetafieldDefinition
from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_TYPES = {
    "Product": "PRODUCT",
    "ProductVariant": "PRODUCTVARIANT",
    "Collection": "COLLECTION",
    "Customer": "CUSTOMER",
    "Order": "ORDER",
    "Location": "LOCATION",
    "Shop": "SHOP",
}
CUSTOM_ID = "id"


def whole_namespace(app: App, namespace: str | None) -> str:
    """Write a namespace in full: none or ``$app`` is the app's own, ``$app:x`` one below it."""
    if namespace is None or namespace == "$app":
        return app.namespace
    return f"{app.namespace}--{namespace[5:]}" if namespace.startswith("$app:") else namespace


def definition_of(shop: Shop, owner_type: str, namespace: str, key: str) -> MetafieldDefinition | None:
    return next(
        (
            row
            for row in shop.definitions.values()
            if (row.owner_type, row.namespace, row.key) == (owner_type, namespace, key)
        ),
        None,
    )


def owner_type_of(gid: str) -> str:
    """Name the kind of owner that a global id stands for, as definitions do."""
    return OWNER_TYPES.get(gid.split("/")[-2], "")


def put(shop: Shop, metafield: Metafield) -> None:
    """Store a metafield, new or altered."""
    drop(shop, (metafield.owner, metafield.namespace, metafield.key))
    shop.metafields[metafield.owner, metafield.namespace, metafield.key] = metafield
    shop.owners_by_value[_value_key(metafield)] = metafield.owner


def drop(shop: Shop, name: tuple[str, str, str]) -> None:
    """Delete a metafield, if it is there."""
    gone = shop.metafields.pop(name, None)
    if gone is not None:
        shop.owners_by_value.pop(_value_key(gone), None)


def drop_all(shop: Shop, owner: str) -> None:
    """Delete all metafields of a row that has gone."""
    for name in [name for name in shop.metafields if name[0] == owner]:
        drop(shop, name)


def _value_key(metafield: Metafield) -> tuple[str, str, str, str]:
    return owner_type_of(metafield.owner), metafield.namespace, metafield.key, metafield.value


def by_custom_id(context: Context, owner_type: str, custom_id: object) -> object | None:
    """Find a row by its custom id; raises NOT_FOUND where there is no definition of type ``id``."""
    given = cast("Mapping[str, str | None]", custom_id)
    namespace = whole_namespace(context.app, given.get("namespace"))
    definition = definition_of(context.shop, owner_type, namespace, str(given["key"]))
    if definition is None or definition.type_name != CUSTOM_ID:
        raise TopLevelError("Metafield definition of type 'id' is required when using custom ids.", "NOT_FOUND")
    owner = context.shop.owners_by_value.get((owner_type, namespace, str(given["key"]), str(given["value"])))
    return rows.find(context.shop, owner) if owner else None
