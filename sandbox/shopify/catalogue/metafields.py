"""Metafields and their definitions."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sandbox.shopify import rows
from sandbox.shopify.catalogue import custom_ids
from sandbox.shopify.catalogue.custom_ids import CUSTOM_ID, definition_of, owner_type_of, whole_namespace
from sandbox.shopify.catalogue.model import Metafield, MetafieldDefinition, Product, ProductVariant
from sandbox.shopify.changing import product_changed
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation, query, resolver

if TYPE_CHECKING:
    from datetime import datetime

_MOST = 25
_OWNERS = (
    "Product", "ProductVariant", "Collection", "Customer", "Order", "Location", "Shop", "AppInstallation", "Image",
    "MediaImage",
)  # fmt: skip
_NUMBERS = ("number_integer", "number_decimal", "boolean", "json", "rating")


@resolver(*_OWNERS)
def metafield(row: object, context: Context, key: str, namespace: str | None = None) -> Metafield | None:
    return context.shop.metafields.get((_owner(row), whole_namespace(context.app, namespace), key))


@resolver(*_OWNERS)
def metafields(
    row: object, context: Context, namespace: str | None = None, keys: Sequence[str] | None = None, **page: object
) -> object:
    owner = _owner(row)
    wanted = None if namespace is None else whole_namespace(context.app, namespace)
    found = [
        field
        for (of, space, key), field in context.shop.metafields.items()
        if of == owner and wanted in {None, space} and (keys is None or key in keys or f"{space}.{key}" in keys)
    ]
    return connect(context, found, lambda field: (0, field.id), page)


def _owner(row: object) -> str:
    return str(row["id"]) if isinstance(row, Mapping) else rows.gid_of(row)


@resolver("Metafield")
def compare_digest(field: Metafield, _context: Context) -> str:
    return digest(field)


def digest(field: Metafield) -> str:
    """Fingerprint a metafield's value."""
    return hashlib.sha256(f"{field.type}:{field.value}".encode()).hexdigest()


@resolver("Metafield")
def json_value(field: Metafield, _context: Context) -> object:
    return json.loads(field.value) if field.type in _NUMBERS or field.type.startswith("list.") else field.value


@resolver("Metafield")
def owner(field: Metafield, context: Context) -> object:
    return rows.find(context.shop, field.owner)


@resolver("Metafield")
def owner_type(field: Metafield, _context: Context) -> str:
    return owner_type_of(field.owner)


@resolver("Metafield")
def definition(field: Metafield, context: Context) -> MetafieldDefinition | None:
    return definition_of(context.shop, owner_type_of(field.owner), field.namespace, field.key)


# --- definitions ------------------------------------------------------------------------------------------------------


@query
def metafield_definitions(
    _root: object,
    context: Context,
    owner_type: str,
    namespace: str | None = None,
    key: str | None = None,
    **page: object,
) -> object:
    wanted = None if namespace is None else whole_namespace(context.app, namespace)
    found = [
        row
        for row in context.shop.definitions.values()
        if row.owner_type == owner_type and wanted in {None, row.namespace} and key in {None, row.key}
    ]
    return connect(context, found, in_order(found), page)


@query
def metafield_definition(
    _root: object,
    context: Context,
    id: str | None = None,
    identifier: Input | None = None,
) -> MetafieldDefinition | None:
    if identifier is None:
        row = rows.find(context.shop, id) if id else None
        return row if isinstance(row, MetafieldDefinition) else None
    namespace = whole_namespace(context.app, identifier.get("namespace"))
    return definition_of(context.shop, identifier["ownerType"], namespace, identifier["key"])


@mutation
def metafield_definition_create(_root: object, context: Context, definition: Input) -> Mapping[str, object]:
    shop = context.shop
    namespace = whole_namespace(context.app, definition.get("namespace"))
    if definition_of(shop, definition["ownerType"], namespace, definition["key"]):
        message = f"Key is in use for {definition['ownerType'].title()} metafields on the '{namespace}' namespace."
        raise refuse(message, "definition", "key", code="TAKEN")
    if not definition["name"].strip():
        raise refuse("Name can't be blank", "definition", "name", code="BLANK")
    capabilities = definition.get("capabilities") or {}
    row = MetafieldDefinition(
        shop.numbers.next("MetafieldDefinition"),
        definition["ownerType"],
        namespace,
        definition["key"],
        definition["name"],
        definition["type"],
        definition.get("description"),
        filterable=bool((capabilities.get("adminFilterable") or {}).get("enabled")),
        unique=definition["type"] == CUSTOM_ID or bool((capabilities.get("uniqueValues") or {}).get("enabled")),
        access=definition.get("access") or {},
    )
    shop.definitions[row.id] = row
    shop.changes += 1
    return {"createdDefinition": row, "userErrors": []}


@resolver("MetafieldDefinition", name="type")
def definition_type(row: MetafieldDefinition, _context: Context) -> object:
    return {"name": row.type_name, "category": row.type_name.upper(), "supportsDefinitionMigrations": False}


@resolver("MetafieldDefinition")
def capabilities(row: MetafieldDefinition, _context: Context) -> object:
    status = "FILTERABLE" if row.filterable else "NOT_FILTERABLE"
    return {
        "adminFilterable": {"eligible": True, "enabled": row.filterable, "status": status},
        "uniqueValues": {"eligible": True, "enabled": row.unique},
    }


@resolver("MetafieldDefinition")
def access(row: MetafieldDefinition, _context: Context) -> object:
    return {
        "admin": row.access.get("admin") or "PUBLIC_READ_WRITE",
        "storefront": row.access.get("storefront") or "NONE",
    }


@resolver("MetafieldDefinition")
def validation_status(_row: MetafieldDefinition, _context: Context) -> str:
    return "ALL_VALID"


# --- writing ----------------------------------------------------------------------------------------------------------


@mutation
def metafields_set(_root: object, context: Context, metafields: Sequence[Input]) -> Mapping[str, object]:
    """Set up to 25 metafields, all or none."""
    if len(metafields) > _MOST:
        message = f"Exceeded the maximum metafields input limit of {_MOST}."
        raise refuse(message, "metafields", code="LESS_THAN_OR_EQUAL_TO")
    errors = [error for place, data in enumerate(metafields) for error in _problems(context, place, data)]
    if errors:
        raise UserErrors(errors)
    written = [store(context, data["ownerId"], data) for data in metafields]
    for gid in dict.fromkeys(data["ownerId"] for data in metafields):
        _touch(context, gid)
    return {"metafields": written, "userErrors": []}


def _problems(context: Context, place: int, data: Input) -> list[UserError]:
    at = ("metafields", str(place))
    gid = data["ownerId"]
    if rows.find(context.shop, gid) is None and not gid.startswith("gid://shopify/Shop/"):
        return [UserError("Owner does not exist.", (*at, "ownerId"), "INVALID")]
    namespace = whole_namespace(context.app, data.get("namespace"))
    current = context.shop.metafields.get((gid, namespace, data["key"]))
    if "compareDigest" in data and data["compareDigest"] != (digest(current) if current else None):
        message = "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."
        return [UserError(message, at, "STALE_OBJECT")]
    return problems_of(context, gid, owner_type_of(gid), data, at)


def problems_of(
    context: Context, gid: str | None, owner_type: str, data: Input, at: tuple[str, ...]
) -> list[UserError]:
    """Check a metafield against its definition; `gid` is its owner's, if that exists already."""
    namespace = whole_namespace(context.app, data.get("namespace"))
    key, value = str(data.get("key")), str(data.get("value") or "")
    definition = definition_of(context.shop, owner_type, namespace, key)
    if definition is None and data.get("type") is None:
        return [UserError("Type can't be blank", (*at, "type"), "BLANK")]
    if definition is not None and data.get("type") not in {None, definition.type_name}:
        message = f"Type must be consistent with the definition's type: '{definition.type_name}'."
        return [UserError(message, (*at, "type"), "INVALID_TYPE")]
    if not value:
        return [UserError("Value can't be blank.", (*at, "value"), "BLANK")]
    if definition is not None and definition.unique:
        other = context.shop.owners_by_value.get((owner_type, namespace, key, value))
        if other not in {None, gid}:
            message = "Value has already been assigned to another resource."
            return [UserError(message, (*at, "value"), "CAPABILITY_VIOLATION")]
    return []


def store(context: Context, gid: str, data: Input) -> Metafield:
    """Write one checked metafield of the row `gid`."""
    shop, now = context.shop, context.now
    namespace, key = whole_namespace(context.app, data.get("namespace")), str(data["key"])
    definition = definition_of(shop, owner_type_of(gid), namespace, key)
    kind = definition.type_name if definition else str(data["type"])
    old = shop.metafields.get((gid, namespace, key))
    made: datetime = old.created_at if old else now
    number = old.id if old else shop.numbers.next("Metafield")
    row = Metafield(number, gid, namespace, key, kind, str(data["value"]), made, now)
    custom_ids.put(shop, row)
    return row


def store_all(context: Context, gid: str, data: Iterable[Input] | None) -> None:
    for entry in data or ():
        store(context, gid, entry)


@mutation
def metafields_delete(_root: object, context: Context, metafields: Sequence[Input]) -> Mapping[str, object]:
    deleted: list[object] = []
    for data in metafields:
        name = (data["ownerId"], whole_namespace(context.app, data["namespace"]), data["key"])
        deleted.append(
            {"ownerId": name[0], "namespace": name[1], "key": name[2]} if name in context.shop.metafields else None
        )
        custom_ids.drop(context.shop, name)
        _touch(context, name[0])
    return {"deletedMetafields": deleted, "userErrors": []}


def _touch(context: Context, gid: str) -> None:
    row = rows.find(context.shop, gid) if not gid.startswith("gid://shopify/Shop/") else None
    if isinstance(row, ProductVariant):
        row = context.shop.products[row.product_id]
    if isinstance(row, Product):
        product_changed(context.shop, row)
