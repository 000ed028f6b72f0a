"""Reading orders, and what is written to them directly (facts/magento.md, section 5)."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.magento.dates import written
from sandbox.magento.sales import states
from sandbox.magento.sales.model import Comment, Line, Order
from sandbox.magento.sales.order_json import comment_as_json, line_as_json, order_as_json
from sandbox.magento.sales.placing import held
from sandbox.magento.shop import Shop
from sandbox.magento.stock import salable
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, internal
from sandbox.magento.web.schema import fields_of
from sandbox.magento.web.wire import Request

_KNOWN = fields_of("sales-data-order-interface")
_NESTED = {"items", "billing_address", "payment", "status_histories", "extension_attributes"}
_FIXED = _NESTED | {"entity_id", "increment_id", "created_at", "updated_at", "state", "status", "ext_order_id"}


def list_all(request: Request) -> dict[str, Any]:
    shop = request.shop

    def value(order: Order, field: str) -> Any:  # noqa: ANN401 - fields are of any type
        return _PLAIN[field](order) if field in _PLAIN else order_as_json(shop, order).get(field)

    def check(field: str) -> None:
        """Answer 500, as the shop does, for a field that the table does not have."""
        if field not in _KNOWN or field in _NESTED:
            raise internal(shop.secret()[:13])

    return search(request, list(shop.orders.values()), value, lambda order: order_as_json(shop, order), check=check)


_PLAIN: Mapping[str, Callable[[Order], Any]] = {
    "entity_id": lambda order: order.id,
    "increment_id": lambda order: order.number,
    "created_at": lambda order: written(order.created),
    "updated_at": lambda order: written(order.updated),
    "state": lambda order: order.state,
    "status": lambda order: order.status,
    "ext_order_id": lambda order: order.ext_order_id,
    "store_id": lambda order: order.store_id,
}


def read(request: Request) -> dict[str, Any]:
    return order_as_json(request.shop, states.find(request.shop, request.whole("id")))


def write(request: Request) -> dict[str, Any]:
    """Write plain fields of an order that there is, such as ``ext_order_id``; nothing else of it changes."""
    shop, body = request.shop, request.record("entity")
    order = states.find(shop, int(body.get("entity_id") or 0))
    if "ext_order_id" in body:
        order.ext_order_id = body["ext_order_id"]
    order.more |= {name: value for name, value in body.items() if name not in _FIXED and value is not None}
    order.status = str(body.get("status") or order.status)
    order.updated = shop.now()
    shop.changed()
    return order_as_json(shop, order)


def cancel(request: Request) -> bool:
    """Cancel an order; one that cannot be cancelled any more answers false, with status 200."""
    return cancelled(request.shop, states.find(request.shop, request.whole("id")))


def cancelled(shop: Shop, order: Order) -> bool:
    """Cancel what is neither shipped nor invoiced, and free it; tells whether anything could be cancelled."""
    if order.state in states.ENDED or not any(line.invoiceable for line in order.priced):
        return False
    for line in held(order):
        salable.promise(shop, line.sku, -_open_units(line), order.stock_id)
    for line in order.lines:
        line.canceled = line.ordered - line.invoiced
        line.updated = shop.now()
    order.updated = shop.now()
    states.move(order, "canceled")
    shop.changed()
    return True


def _open_units(line: Line) -> int:
    return min(line.shippable, line.ordered - line.invoiced)


def hold(request: Request) -> bool:
    order = states.find(request.shop, request.whole("id"))
    if order.state in states.ENDED:
        raise RestError("A hold action is not available.")
    order.held_from = (order.state, order.status)
    states.move(order, "holded")
    order.updated = request.shop.now()
    request.shop.changed()
    return True


def unhold(request: Request) -> bool:
    order = states.find(request.shop, request.whole("id"))
    if order.state != "holded":
        raise RestError("You cannot remove the hold.")
    order.state, order.status = order.held_from
    order.updated = request.shop.now()
    request.shop.changed()
    return True


def comment(request: Request) -> bool:
    """Add a comment; the order's date stays."""
    shop, body = request.shop, request.record("status_history")
    order = states.find(shop, request.whole("id"))
    order.status = str(body.get("status") or order.status)
    notified, visible = (int(body.get(name) or 0) for name in ("is_customer_notified", "is_visible_on_front"))
    text = str(body.get("comment") or "")
    order.comments.append(Comment(shop.next_row_id(), text, order.status, shop.now(), notified, visible))
    shop.changed()
    return True


def list_comments(request: Request) -> dict[str, Any]:
    order = states.find(request.shop, request.whole("id"))
    rows = [comment_as_json(order, entry) for entry in order.comments]
    return search(request, rows, lambda row, field: row.get(field), lambda row: row)


def list_items(request: Request) -> dict[str, Any]:
    """List the rows of all orders; their dates move where the order's own does not."""
    shop = request.shop
    rows = [line_as_json(order, line) for order in shop.orders.values() for line in order.lines]
    return search(request, rows, lambda row, field: row.get(field), lambda row: row)


def read_item(request: Request) -> dict[str, Any]:
    for order in request.shop.orders.values():
        line = order.line(request.whole("id"))
        if line is not None:
            return line_as_json(order, line)
    raise RestError("The entity that was requested doesn't exist. Verify the entity and try again.", status=404)
