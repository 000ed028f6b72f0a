"""Shipping: the source goes down, and the promise is kept (facts/magento.md, sections 4 and 5)."""

from typing import Any

from sandbox.magento.dates import written
from sandbox.magento.sales import documents, states
from sandbox.magento.sales.model import Document, Line, Order, Track
from sandbox.magento.shop import Shop
from sandbox.magento.stock import salable
from sandbox.magento.stock.model import DEFAULT_SOURCE
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import Request


def ship(request: Request) -> str:
    """Ship an order or some of it; gives the shipment's id as text."""
    order = states.find(request.shop, request.whole("orderId"))
    arguments = request.record("arguments").get("extension_attributes") or {}
    source = str(arguments.get("source_code") or DEFAULT_SOURCE)
    comment = str(request.record("comment").get("comment") or "")
    shipment = of_order(request.shop, order, request.rows("items"), source, request.rows("tracks"))
    shipment.comment = comment
    return str(shipment.id)


def of_order(
    shop: Shop, order: Order, items: list[dict[str, Any]], source: str, tracks: list[dict[str, Any]]
) -> Document:
    """Make a shipment of the named rows, else of all that is left. Raises RestError, and then nothing has changed."""
    if order.state in {"canceled", "closed", "holded"}:
        raise documents.refused("Shipment", f"A shipment cannot be created when an order has a status of {order.state}")
    units = documents.chosen(order, items, lambda line: line.shippable)
    if not units:
        raise documents.refused("Shipment", "You can't create a shipment without products.")
    excess = documents.too_many(order, units, lambda line: line.shippable)
    if excess is not None:
        text = f'The quantity to ship must not be greater than the unshipped quantity for product SKU "{excess.sku}".'
        raise documents.refused("Shipment", text)
    _move_stock(shop, order, units, source)
    now = shop.now()
    made = [
        Track(
            shop.next_row_id(), str(row.get("carrier_code")), str(row.get("title")), str(row.get("track_number")), now
        )
        for row in tracks
    ]
    shipment = Document(shop.next_shipment_id(), order.id, now, now, units, source, made)
    shop.shipments[shipment.id] = shipment
    _settle(shop, order)
    return shipment


def _move_stock(shop: Shop, order: Order, units: dict[int, int], source: str) -> None:
    moves = [(line, order.child(line) or line, units[line.id]) for line in order.priced if line.id in units]
    if shop.switches.multi_source:
        _take(shop, order, [(held, count) for _, held, count in moves], source)
    for line, held, count in moves:
        for row in {line.id: line, held.id: held}.values():
            row.shipped += count
            row.updated = shop.now()
        held.taken[source] = held.taken.get(source, 0) + count


def _take(shop: Shop, order: Order, moves: list[tuple[Line, int]], source: str) -> None:
    rows = [shop.inventory.items.get((held.sku.casefold(), source)) for held, _ in moves]
    short = any(row is None or row.quantity < count for row, (_, count) in zip(rows, moves, strict=True))
    if short:
        raise RestError("Could not save a shipment, see error log for details")
    for row, (held, count) in zip(rows, moves, strict=True):
        if row is not None:
            salable.take(shop, row, count)
            salable.promise(shop, held.sku, -count, order.stock_id)


def _settle(shop: Shop, order: Order) -> None:
    """Move the order's date when all is shipped; a part of it leaves the date alone."""
    states.settle(order)
    if not any(line.shippable for line in order.priced):
        order.updated = shop.now()
    shop.changed()


# --- reading ---------------------------------------------------------------------------------------------------------


def as_json(shop: Shop, shipment: Document) -> dict[str, Any]:
    """Write a shipment."""
    order = shop.orders[shipment.order_id]
    lines = [(line, units) for line in order.priced if (units := shipment.units.get(line.id))]
    comments = [{"comment": shipment.comment, "is_customer_notified": 0, "is_visible_on_front": 0,
                 "parent_id": shipment.id, "entity_id": shipment.id,
                 "created_at": written(shipment.created)}]  # fmt: skip
    return {
        "entity_id": shipment.id,
        "increment_id": shipment.number,
        "order_id": shipment.order_id,
        "store_id": order.store_id,
        "created_at": written(shipment.created),
        "updated_at": written(shipment.updated),
        "total_qty": sum(shipment.units.values()),
        "shipping_address_id": order.id * 2 - 1,
        "billing_address_id": order.id * 2,
        "packages": [],
        "items": [_item(shipment, line, units) for line, units in lines],
        "tracks": [track_as_json(shipment, track) for track in shipment.tracks],
        "comments": comments if shipment.comment else [],
        "extension_attributes": {"source_code": shipment.source_code},
    }


def _item(shipment: Document, line: Line, units: int) -> dict[str, Any]:
    return {"entity_id": line.id, "parent_id": shipment.id, "order_item_id": line.id, "product_id": line.product_id,
            "sku": line.sku, "name": line.name, "price": float(line.price), "qty": units,
            "weight": line.weight}  # fmt: skip


def track_as_json(shipment: Document, track: Track) -> dict[str, Any]:
    return {
        "entity_id": track.id,
        "parent_id": shipment.id,
        "order_id": shipment.order_id,
        "carrier_code": track.carrier_code,
        "title": track.title,
        "track_number": track.number,
        "qty": None,
        "weight": None,
        "description": None,
        "created_at": written(track.created),
        "updated_at": written(track.created),
    }


def list_all(request: Request) -> dict[str, Any]:
    shop = request.shop
    rows = list(shop.shipments.values())
    return search(request, rows, lambda row, field: as_json(shop, row).get(field), lambda row: as_json(shop, row))


def find(shop: Shop, shipment_id: int) -> Document:
    found = shop.shipments.get(shipment_id)
    if found is None:
        raise no_entity("id", shipment_id)
    return found


def read(request: Request) -> dict[str, Any]:
    return as_json(request.shop, find(request.shop, request.whole("id")))


def add_track(request: Request) -> dict[str, Any]:
    """Add a track; the order's date stays."""
    shop, body = request.shop, request.record("entity")
    shipment = find(shop, int(body.get("parent_id") or 0))
    track = Track(
        shop.next_row_id(),
        str(body.get("carrier_code")),
        str(body.get("title")),
        str(body.get("track_number")),
        shop.now(),
    )
    shipment.tracks.append(track)
    shipment.updated = shop.now()
    shop.changed()
    return track_as_json(shipment, track)
