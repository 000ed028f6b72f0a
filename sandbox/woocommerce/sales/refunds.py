"""The refund routes (facts/woocommerce.md, "Refunds")."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sandbox.woocommerce import meta
from sandbox.woocommerce.sales import lines, placing, stock
from sandbox.woocommerce.sales.model import NOTHING, Charge, Line, Order, Refund
from sandbox.woocommerce.sales.order_json import refund_as_json
from sandbox.woocommerce.sales.orders import found
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean
from sandbox.woocommerce.web.errors import BareStatusError, RestError, invalid_id, no_trash
from sandbox.woocommerce.web.filters import date_filters
from sandbox.woocommerce.web.paging import by_include, page
from sandbox.woocommerce.web.wire import Answer, Params

_KIND = "shop_order_refund"
_REFUNDED_ITEM = "_refunded_item_id"
_RESTOCKED = "_restock_refunded_items"


def list_of_order(shop: Shop, params: Params) -> Answer:
    """Answer a page of one order's refunds."""
    with shop.lock:
        return _page(shop, params, list(_order(shop, params).refunds))


def list_all(shop: Shop, params: Params) -> Answer:
    """Answer a page of refunds across orders."""
    with shop.lock:
        return _page(shop, params, [refund for order in shop.orders.values() for refund in order.refunds])


def _page(shop: Shop, params: Params, refunds: list[Refund]) -> Answer:
    tests = date_filters(params, shop.settings.time_zone)
    kept = [refund for refund in refunds if all(test(refund) for test in tests)]
    rows = by_include(kept, params, lambda refund: refund.id)
    rows.sort(key=lambda refund: (refund.created, refund.id), reverse=params.text("order") != "asc")
    return page(shop, params, rows, lambda refund: refund_as_json(shop, refund, params.whole("dp")))


def read(shop: Shop, params: Params) -> Answer:
    """Answer one refund."""
    with shop.lock:
        return Answer(refund_as_json(shop, _found(_order(shop, params), params)))


def create(shop: Shop, params: Params) -> Answer:
    """Refund an order; unless told otherwise, the gateway gives money back and stock is put back."""
    with shop.lock:
        order = replace(_order(shop, params))
        rows = params.records("line_items")
        shipping, fees = _charges(shop, order.shipping_lines, rows), _charges(shop, order.fee_lines, rows)
        others = {charge.id for charge in order.charges}
        refunded_lines = tuple(_refunded(shop, order, row) for row in rows if row.whole("id") not in others)
        amount = _amount(params, (*refunded_lines, *shipping, *fees))
        _check_amount(order, amount)
        by_gateway = params.flag("api_refund")
        _check_gateway(shop, order, by_gateway=by_gateway)
        refund = Refund(
            id=shop.next_post_id(),
            order_id=order.id,
            created=shop.now(),
            amount=amount,
            reason=clean(params.text("reason")),
            refunded_by=params.whole("refunded_by") or 1,
            refunded_payment=by_gateway,
            lines=refunded_lines,
            shipping_lines=shipping,
            fee_lines=fees,
            meta=meta.merged((), params.records("meta_data"), shop.next_row_id),
        )
        order.refunds = (*order.refunds, refund)
        if params.flag("api_restock"):
            _restock(shop, order, refunded_lines)
        if order.refunded >= order.total:
            order.status = "refunded"
        placing.save(shop, order)
        return Answer(refund_as_json(shop, refund), 201)


def delete(shop: Shop, params: Params) -> Answer:
    """Delete a refund; no hook hears of it and no stock moves."""
    if not params.flag("force"):
        raise no_trash()
    with shop.lock:
        order = _order(shop, params)
        refund = _found(order, params)
        rest = tuple(other for other in order.refunds if other.id != refund.id)
        shop.orders[order.id] = replace(order, refunds=rest)
        shop.changes += 1
        return Answer(refund_as_json(shop, refund))


def _order(shop: Shop, params: Params) -> Order:
    try:
        return found(shop, params.whole("order_id"))
    except RestError as error:
        raise BareStatusError("woocommerce_rest_invalid_order_id", "There is no order with this ID.", 404) from error


def _found(order: Order, params: Params) -> Refund:
    refund = next((refund for refund in order.refunds if refund.id == params.whole("id")), None)
    if refund is None:
        raise invalid_id(_KIND)
    return refund


def _refunded(shop: Shop, order: Order, row: Params) -> Line:
    """Make the negative of an order's line, as far as `row` refunds it."""
    line = next((line for line in order.lines if line.id == row.whole("id")), None)
    if line is None:
        raise _refused(f"The order has no item {row.whole('id')}.")
    total, tax = _money(row)
    return replace(
        line,
        id=shop.next_row_id(),
        quantity=-row.whole("quantity"),
        subtotal=-total,
        total=-total,
        subtotal_tax=-tax,
        total_tax=-tax,
        meta=_origin(shop, line.id),
    )


def _charges(shop: Shop, charges: tuple[Charge, ...], rows: Sequence[Params]) -> tuple[Charge, ...]:
    """Make the negatives of shipping or fees, as far as `rows` refund them: they go by their ids among the lines."""
    asked = {row.whole("id"): _money(row) for row in rows}
    return tuple(
        replace(
            charge,
            id=shop.next_row_id(),
            total=-asked[charge.id][0],
            total_tax=-asked[charge.id][1],
            meta=_origin(shop, charge.id),
        )
        for charge in charges
        if charge.id in asked
    )


def _money(row: Params) -> tuple[Decimal, Decimal]:
    tax = sum((lines.money(entry, "refund_total") or NOTHING for entry in row.records("refund_tax")), NOTHING)
    return lines.money(row, "refund_total") or NOTHING, tax


def _origin(shop: Shop, line_id: int) -> meta.Rows:
    return (meta.Meta(shop.next_row_id(), _REFUNDED_ITEM, str(line_id)),)


def _amount(params: Params, refunded: Sequence[Line | Charge]) -> Decimal:
    given = lines.money(params, "amount")
    return given if given is not None else -sum((line.total + line.total_tax for line in refunded), NOTHING)


def _check_amount(order: Order, amount: Decimal) -> None:
    if amount < 0:
        message = "A refund has to be more than nothing."
        raise BareStatusError("woocommerce_rest_invalid_order_refund", message, 400)
    if amount > order.total - order.refunded:
        raise _refused("The refund is higher than what remains of the order.")


def _check_gateway(shop: Shop, order: Order, *, by_gateway: bool) -> None:
    gateway = shop.settings.gateway(order.payment_method)
    if by_gateway and (gateway is None or not gateway.refunds):
        raise _refused("The payment gateway of this order cannot refund by itself.")


def _refused(message: str) -> RestError:
    return BareStatusError("woocommerce_rest_cannot_create_order_refund", message, 500)


def _restock(shop: Shop, order: Order, refunded: tuple[Line, ...]) -> None:
    for line in refunded:
        origin = int(str(line.meta[0].value))
        taken = order.stock_taken.get(origin, 0)
        units = min(-line.quantity, taken)
        if stock.move_units(shop, line, units):
            order.stock_taken = {**order.stock_taken, origin: taken - units}
            order.lines = tuple(_put_back(shop, one, units) if one.id == origin else one for one in order.lines)


def _put_back(shop: Shop, line: Line, units: int) -> Line:
    """Note with an order's line how many units refunds have put back on sale."""
    before = next((int(str(row.value)) for row in line.meta if row.key == _RESTOCKED), 0)
    change = Params({"key": _RESTOCKED, "value": str(before + units)})
    return replace(line, meta=meta.merged(line.meta, [change], shop.next_row_id))
