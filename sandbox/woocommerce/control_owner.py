"""Control actions of the shop's owner in its back office: edit a listing, throw it into the trash, delete it for good.

The owner's writes go where the REST API's go, so dates move and hooks fire just the same, but they are no API calls.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.catalogue import products, variations
from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.arguments import goods
from sandbox.woocommerce.web.schema import prepare
from sandbox.woocommerce.web.wire import Answer, Params

_NAMES = ("sku", "id")


def add_owner_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions. Each names a product or variation by its ``sku``, or by its ``id`` where that is ambiguous."""

    @blueprint.post("/edit")
    def edit() -> Response:
        body = control_object(*_NAMES, "changes")
        return jsonify(_edit(shop, _listing(shop, Params(body)), body.get("changes")).body)

    @blueprint.post("/trash")
    def trash() -> Response:
        return jsonify(_delete(shop, _listing(shop, Params(control_object(*_NAMES))), force=False).body)

    @blueprint.post("/delete")
    def delete() -> Response:
        return jsonify(_delete(shop, _listing(shop, Params(control_object(*_NAMES))), force=True).body)


def _listing(shop: Shop, params: Params) -> Product:
    with shop.lock:
        if params.given("id"):
            found = [product] if (product := shop.products.get(params.whole("id"))) else []
        else:
            found = shop.products.with_sku(params.text("sku"))
    if len(found) != 1:
        named = f"id {params.whole('id')}" if params.given("id") else f"sku {params.text('sku')!r}"
        raise ControlError(
            f"{named}: {'several listings have it, name one by its id' if found else 'no listing has it'}"
        )
    return found[0]


def _edit(shop: Shop, listing: Product, changes: object) -> Answer:
    if not isinstance(changes, Mapping) or not changes:
        raise ControlError("changes: has to be an object with the fields to change, as the REST API names them")
    args = goods.changes(goods.VARIATION if listing.is_variation else goods.PRODUCT)
    unknown = [name for name in changes if name not in args or name in {"id", "product_id"}]
    if unknown:
        raise ControlError(f"changes: {unknown[0]} is no field of a {listing.type} product that can be changed")
    params = Params({**prepare(args, changes), **_address(listing)})
    return (variations.update if listing.is_variation else products.update)(shop, params)


def _delete(shop: Shop, listing: Product, *, force: bool) -> Answer:
    params = Params({**_address(listing), "force": force})
    return (variations.delete if listing.is_variation else products.delete)(shop, params)


def _address(listing: Product) -> JsonObject:
    return {"id": listing.id, "product_id": listing.parent_id}
