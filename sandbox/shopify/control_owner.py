"""Control actions of the merchant in the shop's admin: edit and delete listings, change stock, add products at once.

The merchant's writes go where the API's go, so dates move and hooks fire just the same, but they are no API calls.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject
from sandbox.shopify.catalogue.building import apply_product, apply_variant, give_handle
from sandbox.shopify.catalogue.model import Product, ProductVariant
from sandbox.shopify.catalogue.naming import variants_of
from sandbox.shopify.catalogue.products import delete
from sandbox.shopify.catalogue.variants import delete_variant
from sandbox.shopify.changing import product_changed
from sandbox.shopify.control_body import Body
from sandbox.shopify.dates import written
from sandbox.shopify.rows import find, gid_of
from sandbox.shopify.seeding import seed
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import connect, move
from sandbox.shopify.stock.model import Location
from sandbox.shopify.web.schema import coerced

_NAMES = ("sku", "id")
_OF_PRODUCT, _OF_VARIANT = "ProductUpdateInput", "ProductVariantSetInput"


def add_owner_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions. Each names a listing by its ``sku``, or by its global ``id`` where that is ambiguous."""

    @blueprint.post("/edit")
    def edit() -> Response:
        """Change fields, named as in the API's inputs for products and variants."""
        body = control_object(*_NAMES, "changes")
        with shop.lock:
            row = listing(shop, Body(body))
            _edit(shop, row, body.get("changes"))
            return jsonify(id=gid_of(row))

    @blueprint.post("/delete")
    def delete_listing() -> Response:
        """Delete a product for good, or one variant of several."""
        with shop.lock:
            row = listing(shop, Body(control_object(*_NAMES)))
            if isinstance(row, ProductVariant):
                product = shop.products[row.product_id]
                if len(product.variant_ids) > 1:
                    delete_variant(shop, product, row)
                    return jsonify(id=gid_of(row))
                row = product
            delete(shop, row)
            return jsonify(id=gid_of(row))

    @blueprint.post("/stock")
    def stock() -> Response:
        """Set what is available of a listing at a location, named by its ``location`` name or global id."""
        body = Body(control_object(*_NAMES, "location", "available"))
        with shop.lock:
            row = listing(shop, body)
            variant = row if isinstance(row, ProductVariant) else variants_of(shop, row)[0]
            item = shop.items[variant.item_id]
            level = connect(shop, item, location_named(shop, body.text("location")))
            move(shop, level, available=body.whole("available") - level.states["available"])
            return jsonify(available=level.states["available"])

    @blueprint.post("/location")
    def location() -> Response:
        """Add a location, or change the one of that name: ``active``, ``fulfills_online_orders``."""
        body = Body(control_object("name", "active", "fulfills_online_orders"))
        with shop.lock:
            return jsonify(id=gid_of(_set_location(shop, body)))

    @blueprint.post("/seed")
    def add_products() -> Response:
        """Add products at once: a number of made-up ones, or a list in the form of ``ProductSetInput``."""
        body = control_object("products", "count", "variants")
        with shop.lock:
            return jsonify(ids=seed(shop, body))


def listing(shop: Shop, body: Body) -> Product | ProductVariant:
    """Find what is meant; a SKU names a variant."""
    if body.text("id"):
        row = find(shop, body.text("id")) if body.text("id").startswith("gid://") else None
        found = [row] if isinstance(row, Product | ProductVariant) else []
    else:
        sku = body.text("sku")
        found = [shop.variants[item.variant_id] for item in shop.items.values() if sku and item.sku == sku]
    if len(found) != 1:
        named = f"id {body.text('id')}" if body.text("id") else f"sku {body.text('sku')!r}"
        raise ControlError(
            f"{named}: {'several listings have it, name one by its id' if found else 'no listing has it'}"
        )
    return found[0]


def location_named(shop: Shop, name: str) -> Location:
    """Find a location by name or global id, the first one when nothing is said."""
    for place in shop.locations.values():
        if name in {"", place.name, gid_of(place)}:
            return place
    raise ControlError(f"location: {name!r} is none of {', '.join(place.name for place in shop.locations.values())}")


def _set_location(shop: Shop, body: Body) -> Location:
    name, now = body.text("name"), shop.now()
    if not name:
        raise ControlError("name: a location needs one")
    place = next((one for one in shop.locations.values() if one.name == name), None)
    if place is None:
        place = Location(shop.numbers.next("Location"), name, now, now)
        shop.locations[place.id] = place
    place.is_active = body.flag("active", default=place.is_active)
    place.fulfills_online_orders = body.flag("fulfills_online_orders", default=place.fulfills_online_orders)
    place.updated_at, place.deactivated_at = now, None if place.is_active else written(now)
    shop.changes += 1
    return place


def _edit(shop: Shop, row: Product | ProductVariant, changes: object) -> None:
    if not isinstance(changes, Mapping) or not changes:
        raise ControlError("changes: has to be an object with the fields to change, as the API's inputs name them")
    if isinstance(row, Product):
        data = _coerced(_OF_PRODUCT, dict(changes))
        apply_product(row, data)
        if data.get("handle"):
            give_handle(shop, row, data["handle"])
        product_changed(shop, row)
    else:
        data = _coerced(_OF_VARIANT, {"optionValues": [], **changes})
        apply_variant(shop, row, data)
        product_changed(shop, shop.products[row.product_id])


def _coerced(kind: str, changes: JsonObject) -> Mapping[str, Any]:
    try:
        return coerced(kind, changes)
    except ValueError as error:
        raise ControlError(f"changes: {error}") from None
