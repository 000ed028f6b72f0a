"""Control actions of the store's owner in the panel: edit, delete and stock of a listing.

The owner's writes go where the API's go, so dates move and hooks fire just the same, but they are no API calls.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify

from sandbox.bigcommerce.catalogue import forms, products, variants, writing
from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.catalogue.product_json import product_as_json, variant_as_json
from sandbox.bigcommerce.control_body import number, text
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.shop import DEFAULT_LOCATION, Shop
from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject

_NAMES = ("sku", "id")
_PRODUCT = {**forms.PRODUCT, **forms.PRODUCT_PARTS}


def add_owner_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions. Each names a product or variant by its ``sku``; a product without one by its ``id``."""

    @blueprint.post("/edit")
    def edit() -> Response:
        body = control_object(*_NAMES, "changes")
        with shop.lock:
            return jsonify(_edit(shop, *_listing(shop, body), body.get("changes")))

    @blueprint.post("/delete")
    def delete() -> Response:
        with shop.lock:
            product, variant = _listing(shop, control_object(*_NAMES))
            if variant is product.base:
                products.remove(shop, product)
            else:
                copy = writing.copy_of(product)
                writing.remove_variants(shop, copy, [row for row in copy.choices if row.id == variant.id])
                shop.products.save(copy)
            return jsonify(product_id=product.id, variant_id=variant.id)

    @blueprint.post("/stock")
    def stock() -> Response:
        body = control_object(*_NAMES, "quantity", "location_id")
        with shop.lock:
            return jsonify(_stock(shop, *_listing(shop, body), body))


def _listing(shop: Shop, body: JsonObject) -> tuple[Product, Variant]:
    if "id" in body:
        product = shop.products.get(number(body, "id"))
        found = (product, product.base) if product is not None else shop.products.with_variant(number(body, "id"))
    else:
        found = shop.products.with_sku(text(body, "sku"))
    if found is None:
        raise ControlError(f"{'id' if 'id' in body else 'sku'}: no listing has {body.get('id', body.get('sku'))!r}")
    return found


def _edit(shop: Shop, product: Product, variant: Variant, changes: object) -> JsonObject:
    """Change a product's fields, or those of a variant, as the API names them; ``sku`` re-keys it."""
    if not isinstance(changes, Mapping) or not changes:
        raise ControlError("changes: has to be an object with the fields to change, as the API names them")
    of_product = variant is product.base
    known = _PRODUCT if of_product else {**forms.VARIANT, **forms.VARIANT_PARTS}
    unknown = [name for name in changes if name not in known]
    if unknown:
        raise ControlError(f"changes: {unknown[0]} is no field of a {'product' if of_product else 'variant'}")
    if of_product:
        changed, _ = products.change(shop, product.id, dict(changes))
        return product_as_json(shop, changed, ("variants",))
    changed_variant, _ = variants.change(shop, product, variant.id, dict(changes))
    return variant_as_json(shop, products.found(shop, product.id), changed_variant)


def _stock(shop: Shop, product: Product, variant: Variant, body: JsonObject) -> JsonObject:
    """Count stock by hand: the figure shows at once."""
    kept, place = product.tracked(variant), number(body, "location_id", DEFAULT_LOCATION)
    if kept is None:
        raise ControlError(f"quantity: no stock is kept of product {product.id}")
    if place not in shop.locations:
        raise ControlError(f"location_id: there is no location {place}")
    quantity = number(body, "quantity")
    levels.settle(shop)
    levels.level_of(shop, kept.id, place).on_hand = quantity
    levels.announce(shop, product, kept, {"method": "absolute", "value": quantity}, place)
    return {"product_id": product.id, "variant_id": kept.id, "location_id": place, "quantity": quantity}
