"""Stock adjustments: accepted at once, shown later (facts/bigcommerce.md, "Inventory v3")."""

import uuid
from datetime import timedelta

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.inventory.model import Adjustment, Move
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, invalid, too_many
from sandbox.bigcommerce.web.fields import Field, Fields, check, count, text
from sandbox.bigcommerce.web.wire import Answer, Call, rows_of, whole
from sandbox.common.json_types import JsonObject

_MOST = 2_000
_IDS = ("variant_id", "product_id", "sku")
_COMMON: Fields = {"location_id": count(), "variant_id": count(), "product_id": count(), "sku": text(255, 1)}
_ABSOLUTE: Fields = {**_COMMON, "quantity": count()}
_RELATIVE: Fields = {**_COMMON, "quantity": Field("integer")}


def absolute(shop: Shop, call: Call) -> Answer:
    """Accept new figures; they cannot fail for lack of stock."""
    return _accept(shop, call, absolute=True)


def relative(shop: Shop, call: Call) -> Answer:
    """Accept differences; refused for what never had an absolute figure or would go under its safety stock."""
    return _accept(shop, call, absolute=False)


def _accept(shop: Shop, call: Call, *, absolute: bool) -> Answer:
    rows = _rows(call)
    with shop.lock:
        levels.settle(shop)
        moves, errors = [], {}
        for place, row in enumerate(rows):
            try:
                move = _move(shop, row, _ABSOLUTE if absolute else _RELATIVE)
                if not absolute:
                    _check_relative(shop, move)
                moves.append(move)
            except ApiError as error:
                errors[f"items.{place}"] = error.title
        if errors:
            raise ApiError(422, next(iter(errors.values())), errors)
        transaction_id = _queue(shop, tuple(moves), absolute=absolute)
        return Answer({"transaction_id": transaction_id})


def _rows(call: Call) -> list[JsonObject]:
    body = call.record()
    rows = rows_of(body.get("items"))
    if not rows:
        raise invalid("items", "at least one is needed")
    if len(rows) > _MOST:
        raise too_many(_MOST, "items")
    return rows


def _move(shop: Shop, row: JsonObject, fields: Fields) -> Move:
    values = check(fields, row, ("location_id", "quantity"))
    named = [name for name in _IDS if name in values]
    if len(named) != 1:
        raise ApiError(422, f"exactly one of {', '.join(_IDS)} is needed, not {len(named)}")
    if whole(values["location_id"]) not in shop.locations:
        raise ApiError(422, f"there is no location {values['location_id']}")
    product, variant = _named(shop, named[0], values)
    kept = _tracked(product, variant, named[0])
    return Move(kept.id, whole(values["location_id"]), whole(values["quantity"]), named[0])


def _named(shop: Shop, name: str, values: JsonObject) -> tuple[Product, Variant]:
    value = values[name]
    if name == "product_id":
        product = shop.products.get(whole(value))
        found = (product, product.base) if product is not None else None
    elif name == "variant_id":
        found = shop.products.with_variant(whole(value))
    else:
        found = shop.products.with_sku(str(value))
    if found is None:
        raise ApiError(422, f"{name} {value} names nothing that has stock")
    return found


def _tracked(product: Product, variant: Variant, name: str) -> Variant:
    """Refuse an id of the wrong kind: which one is right depends on how the product's stock is tracked."""
    if product.tracking == "none":
        raise ApiError(422, f"Inventory of product {product.id} is not tracked")
    if product.tracking == "product" and (name == "variant_id" or variant is not product.base):
        raise ApiError(422, f"Product {product.id} is tracked by product, please update stock by product id")
    if product.tracking == "variant" and (name == "product_id" or variant not in product.variants):
        raise ApiError(422, f"Product {product.id} is tracked by variant, please update stock by variant id")
    return variant


def _check_relative(shop: Shop, move: Move) -> None:
    place = (move.variant_id, move.location_id)
    coming = [
        entry
        for adjustment in shop.adjustments
        for entry in adjustment.moves
        if (entry.variant_id, entry.location_id) == place
    ]
    level = shop.levels.get(place)
    if level is None and not coming:
        raise ApiError(422, f"variant {place[0]} at location {place[1]} requires absolute adjustment before relative")
    if level is not None and level.on_hand + move.quantity < level.safety_stock:
        raise ApiError(422, f"variant {place[0]} at location {place[1]} would go under its safety stock")


def _queue(shop: Shop, moves: tuple[Move, ...], *, absolute: bool) -> str:
    transaction_id = uuid.UUID(int=shop.random.getrandbits(128)).hex
    due = shop.instruments.clock.now() + timedelta(seconds=shop.settings.settle_seconds)
    shop.adjustments.append(Adjustment(transaction_id, absolute, moves, due))
    shop.changes += 1
    return transaction_id
