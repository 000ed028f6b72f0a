"""The routes of an order's notes (facts/woocommerce.md, "Orders")."""

from dataclasses import replace

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.dates import both
from sandbox.woocommerce.sales.model import Note, Order
from sandbox.woocommerce.sales.orders import found
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import simple_html
from sandbox.woocommerce.web.errors import RestError, no_trash
from sandbox.woocommerce.web.wire import Answer, Params


def list_all(shop: Shop, params: Params) -> Answer:
    """Answer an order's notes, the newest first; this list has no pages."""
    with shop.lock:
        order, kind = _order(shop, params), params.text("type")
        shown = [note for note in order.notes if kind == "any" or note.for_customer == (kind == "customer")]
        return Answer([_as_json(shop, order, note) for note in reversed(shown)])


def read(shop: Shop, params: Params) -> Answer:
    """Answer one note."""
    with shop.lock:
        order = _order(shop, params)
        return Answer(_as_json(shop, order, _found(order, params)))


def create(shop: Shop, params: Params) -> Answer:
    """Add a note."""
    with shop.lock:
        order = _order(shop, params)
        author = "owner" if params.flag("added_by_user") else "WooCommerce"
        text = simple_html(params.text("note"))
        note = Note(shop.next_row_id(), author, shop.now(), text, params.flag("customer_note"))
        shop.orders[order.id] = replace(order, notes=(*order.notes, note))
        shop.changes += 1
        return Answer(_as_json(shop, order, note), 201)


def delete(shop: Shop, params: Params) -> Answer:
    """Delete a note, which needs ``force``."""
    if not params.flag("force"):
        raise no_trash()
    with shop.lock:
        order = _order(shop, params)
        note = _found(order, params)
        shop.orders[order.id] = replace(order, notes=tuple(other for other in order.notes if other.id != note.id))
        shop.changes += 1
        return Answer(_as_json(shop, order, note))


def _order(shop: Shop, params: Params) -> Order:
    return found(shop, params.whole("order_id"))


def _found(order: Order, params: Params) -> Note:
    note = next((note for note in order.notes if note.id == params.whole("id")), None)
    if note is None:
        raise RestError("woocommerce_rest_invalid_id", "There is no note with this ID.", 404)
    return note


def _as_json(shop: Shop, order: Order, note: Note) -> JsonObject:
    address = f"{shop.home_url}/wp-json/wc/v3/orders/{order.id}"
    return {
        "id": note.id,
        "author": note.author,
        **both("date_created", note.created, shop.settings.time_zone),
        "note": note.text,
        "customer_note": note.for_customer,
        "_links": {
            "self": [{"href": f"{address}/notes/{note.id}"}],
            "collection": [{"href": f"{address}/notes"}],
            "up": [{"href": address}],
        },
    }
