"""The order routes of v2 (facts/bigcommerce.md, "Orders")."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.sales import placing, stock, totals
from sandbox.bigcommerce.sales.model import CANCELLED, DECLINED, STATUSES, Address, Fee, Line, Order
from sandbox.bigcommerce.sales.order_json import consignments, fees, line_as_json, order_as_json, shipping_address
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, not_found
from sandbox.bigcommerce.web.paging import page_v2
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, rows_of, whole
from sandbox.common.json_types import JsonObject, JsonValue

_TEXTS = (
    "staff_notes", "customer_message", "external_order_id", "external_source", "external_merchant_id", "ip_address",
    "ip_address_v6", "geoip_country", "geoip_country_iso2", "ebay_order_id", "tax_provider_id", "customer_locale",
)  # fmt: skip
"""Texts of an order that can be written; external_id is read-only."""
_SORTS: dict[str, Callable[[Order], int | datetime | str]] = {
    "id": lambda order: order.id,
    "customer_id": lambda order: order.customer_id,
    "date_created": lambda order: order.created,
    "date_modified": lambda order: order.modified,
    "status_id": lambda order: order.status_id,
    "channel_id": lambda _: 1,
    "external_id": lambda _: "",
}


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of orders, 204 when there is none."""
    include = call.words("include") or ()
    with shop.lock:
        return page_v2(call, _sorted(call, _chosen(shop, call)), lambda order: order_as_json(shop, order, include))


def count(shop: Shop, call: Call) -> Answer:
    """Answer how many orders there are, by status."""
    with shop.lock:
        rows = _chosen(shop, call)
    by_status = [
        {**_status(number), "count": sum(order.status_id == number for order in rows), "sort_order": number}
        for number in range(len(STATUSES))
    ]
    return Answer({"statuses": by_status, "count": len(rows)})


def _chosen(shop: Shop, call: Call) -> list[Order]:
    rows = [order for order in shop.orders.values() if not order.deleted]
    for name, value_of in _EXACT.items():
        if name in call.query:
            rows = [order for order in rows if value_of(order) == call.query[name].casefold()]
    for name, fits in _RANGES.items():
        if name in call.query:
            bound = _bound(shop, call, name)
            rows = [order for order in rows if fits(order, bound)]
    return rows


_EXACT: dict[str, Callable[[Order], str]] = {
    "status_id": lambda order: str(order.status_id),
    "channel_id": lambda _: "1",
    "customer_id": lambda order: str(order.customer_id),
    "email": lambda order: str(order.billing.get("email", "")).casefold(),
    "cart_id": lambda order: str(order.values.get("cart_id", "")).casefold(),
    "external_order_id": lambda order: str(order.values.get("external_order_id", "")).casefold(),
    "payment_method": lambda order: order.payment_method.casefold(),
}
_RANGES: dict[str, Callable[[Order, float], bool]] = {
    "min_id": lambda order, bound: order.id >= bound,
    "max_id": lambda order, bound: order.id <= bound,
    "min_total": lambda order, bound: float(order.totals.total_inc_tax) >= bound,
    "max_total": lambda order, bound: float(order.totals.total_inc_tax) <= bound,
    "min_date_created": lambda order, bound: order.created.timestamp() >= bound,
    "max_date_created": lambda order, bound: order.created.timestamp() <= bound,
    "min_date_modified": lambda order, bound: order.modified.timestamp() >= bound,
    "max_date_modified": lambda order, bound: order.modified.timestamp() <= bound,
}


def _bound(shop: Shop, call: Call, name: str) -> float:
    text = call.query[name]
    if "_date_" in name:
        moment = dates.parse(text, shop.now())
        if moment is None:
            raise ApiError(400, f"The value {text!r} of {name} is no date.")
        return moment.timestamp()
    try:
        return float(text)
    except ValueError:
        raise ApiError(400, f"The value {text!r} of {name} is no number.") from None


def _sorted(call: Call, rows: list[Order]) -> list[Order]:
    name, _, direction = call.query.get("sort", "id:asc").partition(":")
    if name not in _SORTS or direction not in {"", "asc", "desc"}:
        raise ApiError(400, f"Orders cannot be sorted by {call.query['sort']!r}.")
    key = _SORTS[name]
    rows.sort(key=lambda order: (key(order), order.id), reverse=direction == "desc")
    return rows


def found(shop: Shop, order_id: int) -> Order:
    """Give an order; raises ApiError when there is none."""
    order = shop.orders.get(order_id)
    if order is None:
        raise not_found("order")
    return order


def read(shop: Shop, call: Call) -> Answer:
    """Answer one order, archived ones too."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        return Answer(order_as_json(shop, order, call.words("include") or ()))


def create(shop: Shop, call: Call) -> Answer:
    """Create an order for someone else's system; no stock is asked for and no mail is sent."""
    body = call.record()
    with shop.lock:
        order = placing.new_order(shop, "external")
        order.status_id = _status_id(body.get("status_id", order.status_id))
        if not isinstance(body.get("billing_address"), dict) or not rows_of(body.get("products")):
            raise ApiError(400, "An order needs billing_address and products.")
        order.lines = [_line(shop, row) for row in rows_of(body["products"])]
        _put(shop, order, body)
        addresses = rows_of(body.get("shipping_addresses"))
        order.shipping = _address(addresses[0]) if addresses else order.billing
        placing.save_new(shop, order)
        return Answer(order_as_json(shop, order))


def _line(shop: Shop, row: JsonObject) -> Line:
    quantity = whole(row.get("quantity"))
    if quantity < 1:
        raise ApiError(400, "The quantity of a product has to be 1 or more.")
    line = _catalogue_line(shop, row, quantity)
    if row.get("price_ex_tax") is not None:
        line.price_ex_tax = _decimal(row["price_ex_tax"])
    if row.get("price_inc_tax") is not None:
        line.price_inc_tax = _decimal(row["price_inc_tax"])
    return line


def _catalogue_line(shop: Shop, row: JsonObject, quantity: int) -> Line:
    product = shop.products.get(whole(row.get("product_id")))
    if product is None:
        if row.get("product_id") or not row.get("name"):
            raise ApiError(400, "A product of the order is unknown.")
        nothing = Decimal(0)
        return Line(shop.next_id(), 0, 0, str(row.get("sku", "")), str(row["name"]), quantity, nothing, nothing)
    wanted = whole(row.get("variant_id")) or product.variants[0].id
    variant = next((variant for variant in product.variants if variant.id == wanted), None)
    if variant is None or (len(product.variants) > 1 and not row.get("variant_id")):
        raise ApiError(400, f"Product {product.id} needs the id of one of its variants.")
    return placing.product_line(shop, product, variant, quantity)


def _decimal(value: JsonValue) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ApiError(400, f"{value!r} is no amount.") from None


def _put(shop: Shop, order: Order, body: JsonObject) -> None:
    """Write the plain parts of an order."""
    if isinstance(body.get("billing_address"), dict):
        order.billing = _address(body["billing_address"])
    order.customer_id = whole(body.get("customer_id", order.customer_id))
    order.payment_method = str(body.get("payment_method", order.payment_method))
    order.values |= {name: body[name] for name in _TEXTS if name in body}
    if "base_shipping_cost" in body or "shipping_cost_ex_tax" in body:
        order.shipping_cost = _decimal(body.get("base_shipping_cost", body.get("shipping_cost_ex_tax")))
    if order.customer_id and order.customer_id not in shop.customers:
        raise ApiError(400, f"There is no customer {order.customer_id}.")


def _address(parts: JsonValue) -> Address:
    return {name: str(value) for name, value in parts.items()} if isinstance(parts, dict) else {}


def _status_id(value: JsonValue) -> int:
    if whole(value) not in range(len(STATUSES)) or not isinstance(value, int):
        raise ApiError(400, f"There is no order status {value!r}.")
    return value


def update(shop: Shop, call: Call) -> Answer:
    """Change an order.

    Sent lines are edited and lose their discounts; with them, fees that are not sent are deleted.
    """
    body = call.record()
    with shop.lock:
        order = found(shop, call.path["order_id"])
        status_id = _status_id(body.get("status_id", order.status_id))
        _put(shop, order, body)
        if "products" in body:
            _edit_lines(shop, order, rows_of(body["products"]))
        if "fees" in body or "products" in body:
            order.fees = [_fee(shop, row) for row in rows_of(body.get("fees"))]
        if status_id != order.status_id and status_id in {CANCELLED, DECLINED}:
            restock = shop.inventory_settings.edit_order_stock_adjustment
            placing.cancel(shop, order, status_id, restock=restock)
        else:
            placing.give_status(shop, order, status_id)
        return Answer(order_as_json(shop, order))


def _edit_lines(shop: Shop, order: Order, rows: list[JsonObject]) -> None:
    adjust = shop.inventory_settings.edit_order_stock_adjustment and order.stock_taken
    known = {line.id: line for line in order.lines}
    for row in rows:
        line = known.get(whole(row.get("id")))
        if line is None:
            line = _line(shop, row)
            order.lines.append(line)
            difference = line.quantity
        else:
            difference = whole(row.get("quantity", line.quantity)) - line.quantity
            line.quantity += difference
        if adjust and difference > 0:
            stock.take(shop, order, line, difference)
        elif adjust:
            stock.put_back(shop, order, line, -difference)
    order.lines = [line for line in order.lines if line.quantity > 0]
    order.coupon = ""


def _fee(shop: Shop, row: JsonObject) -> Fee:
    cost = row.get("cost_inc_tax" if shop.settings.prices_include_tax else "cost_ex_tax", row.get("base_cost", 0))
    return Fee(whole(row.get("id")) or shop.next_id(), str(row.get("display_name_customer", "Fee")), _decimal(cost))


def archive(shop: Shop, call: Call) -> Answer:
    """Archive an order: it leaves the list and can still be read."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        order.deleted, order.modified = True, shop.now()
        shop.emit("store/order/archived", placing.event(order))
        return NOTHING


def list_lines(shop: Shop, call: Call) -> Answer:
    """Answer a page of an order's lines."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        return page_v2(call, order.lines, lambda line: line_as_json(order, line))


def read_line(shop: Shop, call: Call) -> Answer:
    """Answer one line."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        for line in order.lines:
            if line.id == call.path["line_id"]:
                return Answer(line_as_json(order, line))
    raise not_found("order product")


def list_addresses(shop: Shop, call: Call) -> Answer:
    """Answer where an order goes to."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        return page_v2(call, [order], lambda shown: shipping_address(shop, shown))


def list_coupons(shop: Shop, call: Call) -> Answer:
    """Answer the coupon of an order, if it has one."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        amount = float(shop.settings.coupons.get(order.coupon.lower(), 0))
        row: JsonObject = {
            "id": order.id,
            "coupon_id": 1,
            "order_id": order.id,
            "code": order.coupon,
            "amount": f"{amount:.4f}",
            "type": 1,
            "discount": float(order.totals.discount),
        }
        return page_v2(call, [row] if order.coupon else [], lambda shown: shown)


def list_taxes(shop: Shop, call: Call) -> Answer:
    """Answer the tax of each line."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        rate = shop.settings.tax_percent
        rows = order.lines if rate is not None else []
        return page_v2(call, rows, lambda line: _tax(order, line, rate or Decimal(0)))


def _tax(order: Order, line: Line, rate: Decimal) -> JsonObject:
    return {
        "id": line.id,
        "order_id": order.id,
        "order_address_id": order.address_id,
        "tax_rate_id": 1,
        "sales_tax_id": "",
        "tax_class_id": 0,
        "name": "Tax",
        "class": "Default Tax Class",
        "rate": totals.money(rate),
        "priority": 1,
        "priority_amount": totals.money(line.price_inc_tax - line.price_ex_tax),
        "line_amount": totals.money((line.price_inc_tax - line.price_ex_tax) * line.quantity),
        "order_pickup_method_id": 0,
        "order_product_id": str(line.id),
        "line_item_type": "item",
    }


def list_fees(shop: Shop, call: Call) -> Answer:
    """Answer the fees of an order."""
    with shop.lock:
        rows = fees(shop, found(shop, call.path["order_id"]))
        return Answer(rows) if rows else NOTHING


def list_consignments(shop: Shop, call: Call) -> Answer:
    """Answer where the lines of an order go to."""
    with shop.lock:
        order = found(shop, call.path["order_id"])
        lines = "consignments.line_items" in (call.words("include") or ())
        return Answer(consignments(shop, order, lines=lines))


def list_statuses(_shop: Shop, _call: Call) -> Answer:
    """Answer the order statuses; merchants rename the labels."""
    return Answer([_status(number) for number in range(len(STATUSES))])


def _status(number: int) -> JsonObject:
    name = STATUSES[number]
    return {"id": number, "name": name, "system_label": name, "custom_label": name, "system_description": name}
