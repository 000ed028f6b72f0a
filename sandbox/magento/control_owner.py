"""Control actions of the shop's owner in its back office: edit, delete or rename a listing, change its stock.

The owner's writes go where the REST API's go, so dates move and checks hold just the same, but they are no API calls.
"""

from typing import Any

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.magento.catalogue import products
from sandbox.magento.catalogue.lookup import find, touch
from sandbox.magento.catalogue.model import Product
from sandbox.magento.catalogue.product_json import product_as_json
from sandbox.magento.shop import Shop
from sandbox.magento.stock import items, legacy
from sandbox.magento.stock.model import DEFAULT_SOURCE
from sandbox.magento.web.schema import prepare
from sandbox.magento.web.wire import GLOBAL, Request

_PRODUCT = {"product": "catalog-data-product-interface"}
_ROWS = {"sourceItems": "[inventory-api-data-source-item-interface]"}


def add_owner_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions. Each names a product by its ``sku``, or by its ``id``."""

    @blueprint.post("/edit")
    def edit() -> Response:
        body = control_object("sku", "id", "changes")
        changes = body.get("changes")
        if not isinstance(changes, dict) or not changes:
            raise ControlError("changes: has to be an object with the fields to change, as the REST API names them")
        with shop.lock:
            request = _request(shop, _listing(shop, body), prepare(_PRODUCT, {"product": changes}))
            return jsonify(products.update(request))

    @blueprint.post("/delete")
    def delete() -> Response:
        with shop.lock:
            return jsonify(products.delete(_request(shop, _listing(shop, control_object("sku", "id")))))

    @blueprint.post("/sku")
    def rename() -> Response:
        body = control_object("sku", "id", "new")
        with shop.lock:
            product = _listing(shop, body)
            _rename(shop, product, str(body.get("new") or ""))
            return jsonify(product_as_json(shop, product, GLOBAL))

    @blueprint.post("/stock")
    def stock() -> Response:
        body = control_object("sku", "id", "quantity", "source")
        quantity = body.get("quantity")
        if not isinstance(quantity, int | float):
            raise ControlError("quantity: has to be a number")
        with shop.lock:
            product = _listing(shop, body)
            _count(shop, product, float(quantity), str(body.get("source") or DEFAULT_SOURCE))
            return jsonify(product_as_json(shop, product, GLOBAL))


def _listing(shop: Shop, body: dict[str, Any]) -> Product:
    if "id" not in body:
        return find(shop, str(body.get("sku") or ""))
    product = shop.products.get(int(body["id"]))
    if product is None:
        raise ControlError(f"id {body['id']}: no product has it")
    return product


def _request(shop: Shop, product: Product, body: dict[str, Any] | None = None) -> Request:
    return Request(shop, GLOBAL, {"sku": product.sku}, {}, body or {})


def _rename(shop: Shop, product: Product, sku: str) -> None:
    """Give a product another SKU; its rows in the sources follow."""
    other = shop.products.find(sku)
    if not sku or (other is not None and other is not product):
        raise ControlError(f"new: {sku!r} is empty, or another product has it")
    products.rename(shop, product, sku)
    touch(shop, product)


def _count(shop: Shop, product: Product, quantity: float, source: str) -> None:
    if not shop.switches.multi_source:
        legacy.write(shop, product, {"qty": quantity, "is_in_stock": quantity > 0})
        shop.changed()
        return
    row = {"sku": product.sku, "source_code": source, "quantity": quantity, "status": int(quantity > 0)}
    items.write(Request(shop, GLOBAL, {}, {}, prepare(_ROWS, {"sourceItems": [row]})))
