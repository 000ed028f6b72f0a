"""The shipment routes of v2 (facts/bigcommerce.md, "Orders"). A shipment mails the buyer."""

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.sales import placing
from sandbox.bigcommerce.sales.model import PARTIALLY_SHIPPED, SHIPPED, Line, Order, Shipment
from sandbox.bigcommerce.sales.order_json import address_as_json
from sandbox.bigcommerce.sales.orders import found
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, not_found
from sandbox.bigcommerce.web.fields import Fields, check, text
from sandbox.bigcommerce.web.paging import page_v2
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, rows_of, whole
from sandbox.common.json_types import JsonObject

_TEXTS: Fields = {
    "tracking_number": text(50),
    "tracking_link": text(500),
    "tracking_carrier": text(255),
    "shipping_provider": text(255),
    "shipping_method": text(255),
    "merchant_shipping_cost": text(50),
    "comments": text(),
}
_DEFAULTS: JsonObject = {
    "tracking_number": "",
    "tracking_link": "",
    "tracking_carrier": "",
    "shipping_provider": "",
    "shipping_method": "Flat rate",
    "merchant_shipping_cost": "0.0000",
    "comments": "",
}


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of an order's shipments, 204 when there is none."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        return page_v2(call, order.shipments, lambda shipment: as_json(order, shipment))


def read(shop: Shop, call: Call) -> Answer:
    """Answer one shipment."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        return Answer(as_json(order, _shipment(order, call)))


def create(shop: Shop, call: Call) -> Answer:
    """Ship lines; the order becomes shipped, or partially shipped while lines are left."""
    body = call.record()
    values = check(_TEXTS, body)
    with shop.lock:
        order = found(shop, call.path["order_id"])
        if whole(body.get("order_address_id")) != order.address_id:
            raise ApiError(400, "The order_address_id is none of the order's.")
        items = _items(order, rows_of(body.get("items")))
        return Answer(as_json(order, ship(shop, order, items, values)), 201)


def ship(shop: Shop, order: Order, items: dict[int, int], values: JsonObject) -> Shipment:
    """Make a parcel of `items`, lines to quantities. The lock must be held."""
    shipment = Shipment(shop.next_id(), shop.now(), items, {**_DEFAULTS, **values})
    order.shipments.append(shipment)
    for line in order.lines:
        line.shipped += items.get(line.id, 0)
    shop.emit("store/shipment/created", {"type": "shipment", "id": shipment.id, "orderId": order.id})
    done = all(line.shipped >= line.quantity for line in order.lines)
    placing.give_status(shop, order, SHIPPED if done else PARTIALLY_SHIPPED)
    return shipment


def _items(order: Order, rows: list[JsonObject]) -> dict[int, int]:
    lines = {line.id: line for line in order.lines}
    items = {whole(row.get("order_product_id")): whole(row.get("quantity")) for row in rows}
    if not items:
        raise ApiError(400, "A shipment needs items.")
    for line_id, quantity in items.items():
        line = lines.get(line_id)
        if line is None or line.pickup_at or not 0 < quantity <= line.quantity - line.shipped:
            raise ApiError(400, f"Of the order product {line_id} {quantity} cannot be shipped.")
    return items


def update(shop: Shop, call: Call) -> Answer:
    """Change what is said of a shipment."""
    values = check(_TEXTS, call.record())
    with shop.lock:
        order = found(shop, call.path["order_id"])
        shipment = _shipment(order, call)
        shipment.values |= values
        shop.emit("store/shipment/updated", {"type": "shipment", "id": shipment.id, "orderId": order.id})
        return Answer(as_json(order, shipment))


def delete(shop: Shop, call: Call) -> Answer:
    """Delete a shipment; the order's status stays."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        shipment = _shipment(order, call)
        order.shipments.remove(shipment)
        for line in order.lines:
            line.shipped -= shipment.items.get(line.id, 0)
        shop.emit("store/shipment/deleted", {"type": "shipment", "id": shipment.id, "orderId": order.id})
        return NOTHING


def _shipment(order: Order, call: Call) -> Shipment:
    for shipment in order.shipments:
        if shipment.id == call.path["shipment_id"]:
            return shipment
    raise not_found("shipment")


def as_json(order: Order, shipment: Shipment) -> JsonObject:
    """Write a shipment as the API does."""
    lines = {line.id: line for line in order.lines}
    return {
        "id": shipment.id,
        "order_id": order.id,
        "customer_id": order.customer_id,
        "order_address_id": order.address_id,
        "date_created": dates.rfc2822(shipment.created),
        **shipment.values,
        "shipping_provider_display_name": "",
        "generated_tracking_link": "",
        "billing_address": address_as_json(order.billing),
        "shipping_address": address_as_json(order.shipping),
        "items": [_item(lines.get(line_id), line_id, quantity) for line_id, quantity in shipment.items.items()],
    }


def _item(line: Line | None, line_id: int, quantity: int) -> JsonObject:
    return {"order_product_id": line_id, "product_id": line.product_id if line else 0, "quantity": quantity}
