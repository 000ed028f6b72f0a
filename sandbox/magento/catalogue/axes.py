"""Configurable products: the attributes that tell children apart, and the children (facts/magento.md, section 3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.magento.catalogue.lookup import find, touch
from sandbox.magento.catalogue.model import Attribute, Axis, Product
from sandbox.magento.catalogue.product_json import axis_as_json, product_as_json
from sandbox.magento.shop import Shop
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import Request


def replace(shop: Shop, product: Product, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give a configurable exactly these axes; those it had keep their ids."""
    kept = {axis.attribute_id: axis for axis in product.axes}
    product.axes = [_axis(shop, row, place, kept) for place, row in enumerate(rows)]


def _axis(shop: Shop, row: Mapping[str, Any], place: int, kept: Mapping[int, Axis]) -> Axis:
    attribute = _attribute(shop, str(row.get("attribute_id") or ""))
    values = [int(value["value_index"]) for value in row.get("values") or () if value.get("value_index") is not None]
    if not values:
        raise RestError("Option values are not specified.")
    known = kept.get(attribute.id)
    axis_id = known.id if known else shop.next_row_id()
    position = row.get("position")
    return Axis(
        axis_id, attribute.id, str(row.get("label") or attribute.label), place if position is None else position, values
    )


def _attribute(shop: Shop, attribute_id: str) -> Attribute:
    found = next((entry for entry in shop.attributes.values() if str(entry.id) == attribute_id), None)
    if found is None or (found.input, found.scope) != ("select", "global"):
        raise RestError("The option attribute ID is invalid.")
    return found


def link(shop: Shop, product: Product, child_ids: Sequence[int]) -> None:
    """Give a configurable exactly these children; each needs a value for every axis, and no two the same ones."""
    codes = [_attribute(shop, str(axis.attribute_id)).code for axis in product.axes]
    seen: dict[tuple[str, ...], int] = {}
    for child_id in child_ids:
        child = shop.products.get(child_id)
        if child is None:
            raise RestError('Product with id "%1" does not exist.', [child_id])
        values = tuple(str(child.value(code) or "") for code in codes)
        if "" in values:
            missing = codes[values.index("")]
            raise RestError('Product with id "%1" does not contain required attribute "%2".', [child_id, missing])
        if codes and values in seen:
            text = 'Products "%1" and "%2" have the same set of attribute values.'
            raise RestError(text, [seen[values], child_id])
        seen[values] = child_id
    product.child_ids = list(dict.fromkeys(child_ids))


def list_options(request: Request) -> list[dict[str, Any]]:
    product = _configurable(request)
    return [axis_as_json(product, axis) for axis in product.axes]


def read_option(request: Request) -> dict[str, Any]:
    product = _configurable(request)
    return axis_as_json(product, _own_axis(request, product))


def _own_axis(request: Request, product: Product) -> Axis:
    axis = next((axis for axis in product.axes if axis.id == request.whole("id")), None)
    if axis is None:
        raise no_entity("id", request.path["id"])
    return axis


def add_option(request: Request) -> str:
    """Add an axis, or write anew the one of the same attribute; gives its id."""
    shop, product = request.shop, find(request.shop, request.path["sku"])
    row = request.record("option")
    kept = {axis.attribute_id: axis for axis in product.axes}
    axis = _axis(shop, row, len(product.axes), kept)
    product.type_id = "configurable"
    product.axes = [*(entry for entry in product.axes if entry.attribute_id != axis.attribute_id), axis]
    touch(shop, product)
    return str(axis.id)


def change_option(request: Request) -> str:
    shop, product = request.shop, _configurable(request)
    axis, row = _own_axis(request, product), request.record("option")
    if row.get("label"):
        axis.label = str(row["label"])
    if row.get("values"):
        axis.value_ids = [int(value["value_index"]) for value in row["values"]]
    if row.get("position") is not None:
        axis.position = row["position"]
    touch(shop, product)
    return str(axis.id)


def delete_option(request: Request) -> bool:
    product = _configurable(request)
    axis = _own_axis(request, product)
    product.axes = [entry for entry in product.axes if entry is not axis]
    touch(request.shop, product)
    return True


def list_children(request: Request) -> list[dict[str, Any]]:
    shop = request.shop
    children = shop.products.children(find(shop, request.path["sku"]))
    return [product_as_json(shop, child, request.store_id, whole=False) for child in children]


def add_child(request: Request) -> bool:
    shop, product = request.shop, find(request.shop, request.path["sku"])
    child = find(shop, str(request.body["child_sku"]))
    if child.id in product.child_ids:
        raise RestError("The product is already attached.")
    if not product.axes:
        raise RestError("The parent product doesn't have configurable product options.")
    link(shop, product, [*product.child_ids, child.id])
    touch(shop, product)
    return True


def remove_child(request: Request) -> bool:
    shop, product = request.shop, find(request.shop, request.path["sku"])
    child = shop.products.find(request.path["childSku"])
    if child is None or child.id not in product.child_ids:
        raise RestError("The product that was requested doesn't exist. Verify the product and try again.", status=404)
    product.child_ids.remove(child.id)
    touch(shop, product)
    return True


def _configurable(request: Request) -> Product:
    product = find(request.shop, request.path["sku"])
    if not product.configurable:
        raise RestError("This is implemented for the %1 product type only.", ["configurable"])
    return product
