"""Refunds, which the shop calls credit memos (facts/magento.md, sections 4 and 5)."""

from decimal import Decimal
from typing import Any

from sandbox.magento.dates import written
from sandbox.magento.sales import documents, invoices, states
from sandbox.magento.sales.model import NOTHING, Document, Line, Order, cents
from sandbox.magento.sales.order_json import both, money
from sandbox.magento.shop import Shop
from sandbox.magento.stock import salable
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import Request

_REFUNDED = 2


def refund(request: Request) -> str:
    """Refund an order offline; gives the credit memo's id as text."""
    order = states.find(request.shop, request.whole("orderId"))
    return str(of_order(request.shop, order, request.rows("items"), request.record("arguments")).id)


def refund_invoice(request: Request) -> str:
    """Refund what an invoice was for, online where the way to pay can do that."""
    made = invoices.find(request.shop, request.whole("invoiceId"))
    order = states.find(request.shop, made.order_id)
    if request.body.get("is_online") and order.payment_method == "checkmo":
        raise documents.refused("Creditmemo", "The credit memo couldn't be saved: refund online is not available.")
    memo = of_order(request.shop, order, request.rows("items"), request.record("arguments"))
    memo.online = bool(request.body.get("is_online"))
    return str(memo.id)


def of_order(shop: Shop, order: Order, items: list[dict[str, Any]], arguments: dict[str, Any]) -> Document:
    """Make a credit memo of the named rows, else of all that is left. Raises RestError, and then nothing has changed.

    Without ``shipping_amount`` all shipping that is left goes back; ``return_to_stock_items`` alone moves stock.
    """
    if not order.paid or order.refunded >= order.paid:
        raise documents.refused("Creditmemo", "The order does not allow creating a credit memo.")
    units = documents.chosen(order, items, lambda line: line.refundable)
    excess = documents.too_many(order, units, lambda line: line.refundable)
    if excess is not None:
        text = "The quantity to creditmemo must not be greater than the unrefunded quantity for product SKU "
        raise documents.refused("Creditmemo", f'{text}"{excess.sku}".')
    memo = _memo(shop, order, units, arguments)
    returned = (arguments.get("extension_attributes") or {}).get("return_to_stock_items") or []
    for line in order.priced:
        _give_back(shop, order, line, units.get(line.id, 0), back=_named(order, line, returned))
    order.refunded += memo.total
    order.refunded_shipping += memo.shipping
    order.updated = shop.now()
    shop.creditmemos[memo.id] = memo
    states.settle(order)
    shop.changed()
    return memo


def _memo(shop: Shop, order: Order, units: dict[int, int], arguments: dict[str, Any]) -> Document:
    now, left = shop.now(), order.shipping - order.refunded_shipping
    given = arguments.get("shipping_amount")
    shipping = left if given is None else cents(Decimal(str(given)))
    if shipping > left:
        raise RestError("Maximum shipping amount allowed to refund is: %1", [f"${left:.2f}"])
    plus, minus = (cents(Decimal(str(arguments.get(f"adjustment_{side}") or 0))) for side in ("positive", "negative"))
    total = shipping + plus - minus
    for line in order.priced:
        total += line.share(line.total - line.discount + line.tax, units.get(line.id, 0))
    if total <= 0:
        raise documents.refused("Creditmemo", "The credit memo's total must be positive.")
    if order.refunded + total > order.paid:
        raise RestError("The most money available to refund is %1.", [f"${order.paid - order.refunded:.2f}"])
    return Document(
        shop.next_creditmemo_id(), order.id, now, now, units, shipping=shipping, adjustment_positive=plus,
        adjustment_negative=minus, total=total,
    )  # fmt: skip


def _named(order: Order, line: Line, returned: list[int]) -> bool:
    child = order.child(line)
    return line.id in returned or (child is not None and child.id in returned)


def _give_back(shop: Shop, order: Order, line: Line, units: int, *, back: bool) -> None:
    """Free the promise of units that were not shipped; put the others back where they left, if that was asked for."""
    held = order.child(line) or line
    unshipped = min(units, held.shippable)
    for row in {line.id: line, held.id: held}.values():
        row.refunded += units
        row.updated = shop.now() if units else row.updated
    if not shop.switches.multi_source:
        if back:
            salable.promise(shop, held.sku, -units, order.stock_id)
        return
    if unshipped:
        salable.promise(shop, held.sku, -unshipped, order.stock_id)
    if back:
        _into_sources(shop, held, units - unshipped)


def _into_sources(shop: Shop, held: Line, units: int) -> None:
    for code, taken in list(held.taken.items()):
        row, count = shop.inventory.items.get((held.sku.casefold(), code)), min(taken, units)
        if row is not None and count:
            salable.take(shop, row, -count)
            held.taken[code] -= count
            units -= count


def as_json(shop: Shop, memo: Document) -> dict[str, Any]:
    """Write a credit memo."""
    order = shop.orders[memo.order_id]
    lines = [(line, units) for line in order.priced if (units := memo.units.get(line.id))]
    subtotal = sum((line.share(line.total, units) for line, units in lines), NOTHING)
    discount = sum((line.share(line.discount, units) for line, units in lines), NOTHING)
    tax = sum((line.share(line.tax, units) for line, units in lines), NOTHING)
    return {
        "entity_id": memo.id,
        "increment_id": memo.number,
        "order_id": memo.order_id,
        "store_id": order.store_id,
        "state": _REFUNDED,
        "created_at": written(memo.created),
        "updated_at": written(memo.updated),
        "order_currency_code": shop.settings.currency,
        "base_currency_code": shop.settings.currency,
        **both("grand_total", memo.total),
        **both("subtotal", subtotal),
        **both("discount_amount", -discount),
        **both("tax_amount", tax),
        **both("shipping_amount", memo.shipping),
        **both("adjustment", memo.adjustment_positive - memo.adjustment_negative),
        **both("adjustment_positive", memo.adjustment_positive),
        **both("adjustment_negative", memo.adjustment_negative),
        "items": [_item(memo, line, units) for line, units in lines],
        "comments": [],
    }


def _item(memo: Document, line: Line, units: int) -> dict[str, Any]:
    return {
        "entity_id": line.id,
        "parent_id": memo.id,
        "order_item_id": line.id,
        "product_id": line.product_id,
        "sku": line.sku,
        "name": line.name,
        "qty": units,
        "base_cost": None,
        **both("price", line.price),
        **both("discount_amount", line.share(line.discount, units)),
        **both("tax_amount", line.share(line.tax, units)),
        "row_total": money(line.share(line.total, units)),
        "base_row_total": money(line.share(line.total, units)),
    }


def list_all(request: Request) -> dict[str, Any]:
    shop = request.shop
    rows = list(shop.creditmemos.values())
    return search(request, rows, lambda row, field: as_json(shop, row).get(field), lambda row: as_json(shop, row))


def read(request: Request) -> dict[str, Any]:
    memo = request.shop.creditmemos.get(request.whole("id"))
    if memo is None:
        raise no_entity("id", request.path["id"])
    return as_json(request.shop, memo)
