"""Payments, and refunds by the API and in the panel (facts/bigcommerce.md, "Orders").

A refund by the API puts nothing back into stock; one in the panel does if the store's settings say so.
"""

from decimal import Decimal

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.sales import placing, stock
from sandbox.bigcommerce.sales.model import PARTIALLY_REFUNDED, REFUNDED, Order, Refund, RefundItem
from sandbox.bigcommerce.sales.orders import found
from sandbox.bigcommerce.sales.totals import both, cents
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, not_found
from sandbox.bigcommerce.web.paging import by_ids, page
from sandbox.bigcommerce.web.wire import Answer, Call, data, rows_of, whole
from sandbox.common.json_types import JsonObject, JsonValue

_COUNTED = ("PRODUCT", "GIFT_WRAPPING")
_BY_AMOUNT = ("ORDER", "SHIPPING", "HANDLING", "TAX", "FEE")


# --- payments --------------------------------------------------------------------------------------------------------


def transactions(shop: Shop, call: Call) -> Answer:
    """Answer a page of an order's payments and refunds; those that no gateway saw say so by ``offline``."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        rows = [_purchase(shop, order)] if order.paid else []
        rows += [_refund_transaction(shop, refund) for refund in shop.refunds.values() if refund.order_id == order.id]
        return page(call, rows, lambda row: row)


def _purchase(shop: Shop, order: Order) -> JsonObject:
    amount = float(order.totals.total_inc_tax)
    return _transaction(shop, "purchase", order.id, amount, dates.zulu(order.created), order.id * 10)


def _refund_transaction(shop: Shop, refund: Refund) -> JsonObject:
    return _transaction(
        shop, "refund", refund.order_id, float(refund.total), dates.zulu(refund.created), refund.payment_id
    )


def _transaction(shop: Shop, event: str, order_id: int, amount: float, at: str, number: int) -> JsonObject:
    order = shop.orders[order_id]
    by_card = order.payment_method.casefold() != "manual"
    return {
        "id": number,
        "order_id": str(order_id),
        "event": event,
        "method": "credit_card" if by_card else "custom",
        "amount": amount,
        "currency": shop.settings.currency,
        "gateway": "testgateway" if by_card else "custom",
        "gateway_transaction_id": f"t-{number}" if by_card else "",
        "date_created": at,
        "test": True,
        "status": "ok",
        "fraud_review": False,
        "offline": None if by_card else {"display_name": "Manual"},
        "custom": None if by_card else {"payment_method": "Manual"},
        "payment_method_id": "testgateway.credit_card" if by_card else "custom",
    }


# --- refunds ---------------------------------------------------------------------------------------------------------


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of all refunds."""
    with shop.lock:
        rows = by_ids(call, shop.refunds.values(), "order_id", lambda refund: refund.order_id)
        rows = by_ids(call, rows, "id", lambda refund: refund.id)
        for name, sign in (("created:min", 1), ("created:max", -1)):
            if name in call.query:
                bound = dates.parse(call.query[name], shop.now())
                if bound is None:
                    raise ApiError(422, f"{name}: is no date", {name: "no date"})
                rows = [row for row in rows if sign * (row.created - bound).total_seconds() >= 0]
        return page(call, rows, as_json)


def list_own(shop: Shop, call: Call) -> Answer:
    """Answer the refunds of one order."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        return data([as_json(refund) for refund in shop.refunds.values() if refund.order_id == order.id])


def read(shop: Shop, call: Call) -> Answer:
    """Answer one refund; its amounts per item are texts here."""
    with shop.lock:
        refund = shop.refunds.get(call.path["refund_id"])
        if refund is None:
            raise not_found("refund")
        shown = as_json(refund)
        payments = rows_of(shown["payments"])
        items = [{**row, "requested_amount": str(row["requested_amount"])} for row in rows_of(shown["items"])]
        return data(
            {**shown, "items": _without("adjustments", items), "payments": _without("transaction_id", payments)}
        )


def _without(name: str, rows: list[JsonObject]) -> list[JsonValue]:
    return [{key: value for key, value in row.items() if key != name} for row in rows]


def quote(shop: Shop, call: Call) -> Answer:
    """Answer what a refund would come to and how it could be paid out."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        total, tax = _sums(shop, order, _items(shop, order, call.record()))
        methods: list[JsonObject] = [
            {
                "provider_id": provider,
                "provider_description": described,
                "amount": float(total),
                "offline": offline,
                "offline_provider": offline,
                "offline_reason": "",
            }
            for provider, described, offline in (
                ("testgateway", "Test payment gateway", False),
                ("storecredit", "Store credit", False),
                ("custom", "Manual", True),
            )
        ]
        return data(
            {
                "order_id": order.id,
                "total_refund_amount": float(total),
                "total_refund_tax_amount": float(tax),
                "order_level_refund_amount": 0,
                "rounding": 0,
                "adjustment": 0,
                "tax_inclusive": shop.settings.prices_include_tax,
                "refund_methods": [[method] for method in methods],
            },
            201,
        )


def create(shop: Shop, call: Call) -> Answer:
    """Refund; the payments have to come to what was quoted. Nothing goes back into stock."""
    body = call.record()
    with shop.lock:
        order = found(shop, call.path["order_id"])
        items = _items(shop, order, body)
        total, _ = _sums(shop, order, items)
        payments = rows_of(body.get("payments"))
        paid = sum((_decimal(row.get("amount", 0)) for row in payments), Decimal(0))
        if not payments or cents(paid) != total:
            raise _refused(f"the payments come to {paid}, the quote to {total}")
        made = refund(shop, order, items, str(payments[0].get("provider_id", "custom")))
        return data(as_json(made), 201)


def refund(
    shop: Shop,
    order: Order,
    items: tuple[RefundItem, ...],
    provider: str,
    *,
    restock: bool = False,
    user_id: int = 0,
) -> Refund:
    """Give money back. The lock must be held."""
    total, tax = _sums(shop, order, items)
    number = shop.next_id()
    made = Refund(
        number, order.id, shop.now(), items, total, tax, payment_id=shop.next_id(), provider=provider, user_id=user_id
    )
    shop.refunds[made.id] = made
    lines = {line.id: line for line in order.lines}
    for item in items:
        if item.item_type == "PRODUCT":
            lines[item.item_id].refunded += item.quantity
            if restock:
                stock.put_back(shop, order, lines[item.item_id], item.quantity)
    shop.emit("store/order/refund/created", {**placing.event(order), "refund": {"refund_id": made.id}})
    back = sum((row.total for row in shop.refunds.values() if row.order_id == order.id), Decimal(0))
    placing.give_status(shop, order, REFUNDED if back >= order.totals.total_inc_tax else PARTIALLY_REFUNDED)
    return made


def everything(shop: Shop, order: Order) -> tuple[RefundItem, ...]:
    """List what of an order is not refunded yet."""
    nothing = Decimal(0)
    items = [
        RefundItem("PRODUCT", line.id, line.quantity - line.refunded, nothing)
        for line in order.lines
        if line.quantity > line.refunded
    ]
    again = any(
        item.item_type == "SHIPPING" for row in shop.refunds.values() if row.order_id == order.id for item in row.items
    )
    if order.shipping_cost and not again:
        items.append(RefundItem("SHIPPING", order.address_id, 1, order.totals.shipping_inc_tax))
    return tuple(items)


def _items(shop: Shop, order: Order, body: JsonObject) -> tuple[RefundItem, ...]:
    items = tuple(_item(order, row) for row in rows_of(body.get("items")))
    if not items:
        raise _refused("there are no items")
    total, _ = _sums(shop, order, items)
    back = sum((row.total for row in shop.refunds.values() if row.order_id == order.id), Decimal(0))
    if total + back > order.totals.total_inc_tax:
        raise _refused(f"{total} is more than is left of the order")
    return items


def _item(order: Order, row: JsonObject) -> RefundItem:
    kind, item_id, quantity = str(row.get("item_type")), whole(row.get("item_id")), whole(row.get("quantity"))
    if kind in _COUNTED:
        line = next((line for line in order.lines if line.id == item_id), None)
        if line is None or not 0 < quantity <= line.quantity - line.refunded:
            raise _refused(f"of the order product {item_id} {quantity} cannot be refunded")
        return RefundItem(kind, item_id, quantity, Decimal(0))
    if kind not in _BY_AMOUNT:
        raise _refused(f"item_type {kind!r} is unknown")
    known = {"ORDER": order.id, "SHIPPING": order.address_id, "HANDLING": order.address_id}
    if kind in known and item_id != known[kind]:
        raise _refused(f"item_id {item_id} is no {kind} of the order")
    return RefundItem(kind, item_id, 1, _decimal(row.get("amount", 0)))


def _decimal(value: JsonValue) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(f"{value!r} is no amount")
    return Decimal(str(value))


def _refused(why: str) -> ApiError:
    return ApiError(422, f"The refund is refused: {why}.", {"items": why})


def _sums(shop: Shop, order: Order, items: tuple[RefundItem, ...]) -> tuple[Decimal, Decimal]:
    """Give what comes back in all, and the tax in it."""
    total, tax = Decimal(0), Decimal(0)
    lines = {line.id: line for line in order.lines}
    for item in items:
        if item.item_type == "PRODUCT":
            line = lines[item.item_id]
            entered = line.price_inc_tax if shop.settings.prices_include_tax else line.price_ex_tax
            ex_tax, inc_tax = both(shop, (entered * line.quantity - line.discount) * item.quantity / line.quantity)
            total, tax = total + inc_tax, tax + inc_tax - ex_tax
        else:
            total += item.amount
    return cents(total), cents(tax)


def as_json(made: Refund) -> JsonObject:
    """Write a refund as the API does."""
    payment: JsonObject = {
        "id": made.payment_id,
        "provider_id": made.provider,
        "amount": float(made.total),
        "offline": made.provider == "custom",
        "is_declined": False,
        "declined_message": "",
        "transaction_id": "",
    }
    return {
        "id": made.id,
        "order_id": made.order_id,
        "user_id": made.user_id,
        "created": dates.iso(made.created),
        "reason": made.reason,
        "total_amount": float(made.total),
        "total_tax": float(made.tax),
        "uses_merchant_override_values": False,
        "items": [
            {
                "item_type": item.item_type,
                "item_id": item.item_id,
                "quantity": item.quantity,
                "requested_amount": float(item.amount),
                "reason": "",
                "adjustments": [],
            }
            for item in made.items
        ],
        "payments": [payment],
    }
