"""The order routes (facts/woocommerce.md, "Orders")."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.common.json_types import JsonValue
from sandbox.woocommerce import meta
from sandbox.woocommerce.sales import lines, placing
from sandbox.woocommerce.sales.model import Address, Order
from sandbox.woocommerce.sales.order_json import order_as_json
from sandbox.woocommerce.sales.totals import recalculate
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean
from sandbox.woocommerce.web.errors import RestError, invalid_id
from sandbox.woocommerce.web.filters import date_filters
from sandbox.woocommerce.web.paging import by_include, in_include_order, page
from sandbox.woocommerce.web.wire import Answer, Params

if TYPE_CHECKING:
    from datetime import datetime

_KIND = "shop_order"
_HIDDEN = frozenset({"trash", "auto-draft"})
_TEXTS = ("customer_note", "payment_method", "payment_method_title", "transaction_id", "created_via")
_GONE = 410


def list_orders(shop: Shop, params: Params) -> Answer:
    """Answer a page of orders; the default shows checkout drafts too."""
    with shop.lock:
        tests = _tests(shop, params)
        kept = [order for order in shop.orders.values() if all(test(order) for test in tests)]
        rows = by_include(kept, params, lambda order: order.id)
        places = params.whole("dp")
        return page(shop, params, _sorted(rows, params), lambda order: order_as_json(shop, order, places))


def _tests(shop: Shop, params: Params) -> list[Callable[[Order], bool]]:
    tests: list[Callable[[Order], bool]] = [*date_filters(params, shop.settings.time_zone)]
    statuses = set(params.words("status")) or {"any"}
    if "any" in statuses:
        tests.append(lambda order: order.status not in _HIDDEN)
    else:
        tests.append(lambda order: order.status in statuses)
    if params.given("customer"):
        tests.append(lambda order: order.customer_id == params.whole("customer"))
    if params.given("product"):
        wanted = params.whole("product")
        tests.append(lambda order: any(wanted in (line.product_id, line.variation_id) for line in order.lines))
    if params.words("created_via"):
        tests.append(lambda order: order.created_via in params.words("created_via"))
    if params.numbers("parent"):
        tests.append(lambda order: order.parent_id in params.numbers("parent"))
    words = params.text("search").casefold()
    if words:
        tests.append(lambda order: words in " ".join((order.number, *order.billing.values())).casefold())
    return tests


def _sorted(rows: list[Order], params: Params) -> list[Order]:
    order_by = params.text("orderby")
    if order_by == "include":
        return in_include_order(rows, params, lambda order: order.id)
    keys: dict[str, Callable[[Order], tuple[datetime | int, int]]] = {
        "date": lambda order: (order.created, order.id),
        "modified": lambda order: (order.modified, order.id),
    }
    key = keys.get(order_by, lambda order: (order.id, 0))
    return sorted(rows, key=key, reverse=params.text("order") != "asc")


def read(shop: Shop, params: Params) -> Answer:
    """Answer one order."""
    with shop.lock:
        return Answer(order_as_json(shop, found(shop, params.whole("id"))))


def create(shop: Shop, params: Params) -> Answer:
    """Create an order; neither its stock nor its products' existence is checked."""
    if params.whole("id"):
        raise RestError("woocommerce_rest_shop_order_exists", "An existing order cannot be created.", 400)
    shop.spend(shop.settings.speed.created)
    with shop.lock:
        order = placing.new_order(shop, params.text("created_via") or "rest-api", params.text("currency"))
        _apply(shop, order, params)
        lines.use_coupons(shop, order, [row.text("code") for row in params.records("coupon_lines")])
        recalculate(shop, order)
        placing.give_status(shop, order, params.text("status") or "pending", paid=params.flag("set_paid"))
        placing.save(shop, order, created=True)
        return Answer(order_as_json(shop, order), 201)


def update(shop: Shop, params: Params) -> Answer:
    """Change an order; a new status moves stock."""
    shop.spend(shop.settings.speed.updated)
    with shop.lock:
        current = found(shop, params.whole("id"), 400)
        draft = replace(current)
        _apply(shop, draft, params)
        new_codes = [row.text("code") for row in params.records("coupon_lines") if not row.whole("id")]
        lines.use_coupons(shop, draft, new_codes)
        recalculate(shop, draft)
        status = params.text("status") or draft.status
        if status != current.status or params.flag("set_paid"):
            placing.give_status(shop, draft, status, paid=params.flag("set_paid"))
        placing.save(shop, draft)
        return Answer(order_as_json(shop, draft))


def delete(shop: Shop, params: Params) -> Answer:
    """Trash an order, which fires two hooks and gives no stock back, or with ``force`` delete it silently."""
    with shop.lock:
        order = found(shop, params.whole("id"))
        body = order_as_json(shop, order)
        if params.flag("force"):
            del shop.orders[order.id]
            shop.changes += 1
        elif order.status == "trash":
            raise RestError("woocommerce_rest_already_trashed", "The order is in the trash already.", _GONE)
        else:
            placing.save(shop, replace(order, status="trash"))
            shop.emit("order.deleted", order.id)
        return Answer(body)


def found(shop: Shop, order_id: int, status: int = 404) -> Order:
    """Find an order; raises RestError."""
    order = shop.orders.get(order_id)
    if order is None:
        raise invalid_id(_KIND, status)
    return order


def _apply(shop: Shop, draft: Order, params: Params) -> None:
    for name in _TEXTS:
        if params.given(name):
            setattr(draft, name, clean(params.text(name)))
    if params.given("customer_id"):
        draft.customer_id = _customer_id(shop, params.whole("customer_id"))
    if params.given("parent_id"):
        draft.parent_id = params.whole("parent_id")
    draft.billing = merged_address(draft.billing, params.get("billing"))
    draft.shipping = merged_address(draft.shipping, params.get("shipping"))
    draft.lines = lines.merged_lines(shop, draft, params.records("line_items"))
    draft.shipping_lines = lines.merged_charges(shop, draft.shipping_lines, params.records("shipping_lines"))
    draft.fee_lines = lines.merged_charges(shop, draft.fee_lines, params.records("fee_lines"))
    draft.meta = meta.merged(draft.meta, params.records("meta_data"), shop.next_row_id)


def _customer_id(shop: Shop, customer_id: int) -> int:
    if customer_id and customer_id not in shop.customers:
        raise RestError("woocommerce_rest_invalid_customer_id", "There is no customer with this ID.", 400)
    return customer_id


def merged_address(current: Address, change: JsonValue) -> Address:
    """Put the parts of an address that were sent into the current one."""
    if not isinstance(change, dict):
        return current
    parts = Params(change)
    return {**current, **{name: clean(parts.text(name)) for name in change}}
