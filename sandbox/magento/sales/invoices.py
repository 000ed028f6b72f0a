"""Invoices: by them an order is paid (facts/magento.md, section 5)."""

from typing import Any

from sandbox.magento.dates import written
from sandbox.magento.sales import documents, states
from sandbox.magento.sales.model import NOTHING, Document, Order
from sandbox.magento.sales.order_json import both
from sandbox.magento.shop import Shop
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import no_entity
from sandbox.magento.web.wire import Request

_PAID = 2


def invoice(request: Request) -> str:
    """Invoice an order or some of it; gives the invoice's id as text."""
    order = states.find(request.shop, request.whole("orderId"))
    return str(of_order(request.shop, order, request.rows("items")).id)


def of_order(shop: Shop, order: Order, items: list[dict[str, Any]]) -> Document:
    """Make an invoice of the named rows, else of all that is left. Raises RestError, and then nothing has changed."""
    if order.state in states.ENDED:
        raise documents.refused("Invoice", f"An invoice cannot be created when an order has a status of {order.state}")
    units = documents.chosen(order, items, lambda line: line.invoiceable)
    if not units:
        raise documents.refused("Invoice", "The invoice can't be created without products. Add products and try again.")
    excess = documents.too_many(order, units, lambda line: line.invoiceable)
    if excess is not None:
        text = "The quantity to invoice must not be greater than the uninvoiced quantity for product SKU "
        raise documents.refused("Invoice", f'{text}"{excess.sku}".')
    now = shop.now()
    first = not any(made.order_id == order.id for made in shop.invoices.values())
    made = Document(shop.next_invoice_id(), order.id, now, now, units, shipping=order.shipping if first else NOTHING)
    made.total = made.shipping
    for line in order.priced:
        count = units.get(line.id, 0)
        made.total += line.share(line.total - line.discount + line.tax, count)
        for row in (line, order.child(line)):
            if row is not None:
                row.invoiced += count
                row.updated = now if count else row.updated
    shop.invoices[made.id] = made
    order.paid += made.total
    order.updated = now
    states.settle(order)
    shop.changed()
    return made


def as_json(shop: Shop, made: Document) -> dict[str, Any]:
    """Write an invoice."""
    order = shop.orders[made.order_id]
    rows = [(line, units) for line in order.priced if (units := made.units.get(line.id))]
    return {
        "entity_id": made.id,
        "increment_id": made.number,
        "order_id": made.order_id,
        "store_id": order.store_id,
        "state": _PAID,
        "created_at": written(made.created),
        "updated_at": written(made.updated),
        "total_qty": sum(made.units.values()),
        "order_currency_code": shop.settings.currency,
        **both("grand_total", made.total),
        **both("shipping_amount", made.shipping),
        "items": [
            {"entity_id": line.id, "parent_id": made.id, "order_item_id": line.id, "product_id": line.product_id,
             "sku": line.sku, "name": line.name, "price": float(line.price), "qty": units}
            for line, units in rows
        ],
        "comments": [],
    }  # fmt: skip


def list_all(request: Request) -> dict[str, Any]:
    shop = request.shop
    rows = list(shop.invoices.values())
    return search(request, rows, lambda row, field: as_json(shop, row).get(field), lambda row: as_json(shop, row))


def find(shop: Shop, invoice_id: int) -> Document:
    found = shop.invoices.get(invoice_id)
    if found is None:
        raise no_entity("id", invoice_id)
    return found


def read(request: Request) -> dict[str, Any]:
    return as_json(request.shop, find(request.shop, request.whole("id")))
