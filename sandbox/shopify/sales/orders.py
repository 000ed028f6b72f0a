"""The fields of orders and the queries for them (facts/shopify.md, section 8)."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from sandbox.shopify import rows
from sandbox.shopify.catalogue.custom_ids import by_custom_id
from sandbox.shopify.changing import index_of
from sandbox.shopify.dates import written
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.model import NOTHING, Customer, Order, OrderTransaction, Refund
from sandbox.shopify.sales.money import bag, tax_lines
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.connections import SortKey, connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.index import search
from sandbox.shopify.web.resolving import Input, query, resolver

_RECENT = timedelta(days=60)
_NONE = Decimal(0)
order_field = resolver("Order")


@query
def orders(
    _root: object, context: Context, query: str | None = None, sort_key: str = "PROCESSED_AT", **page: object
) -> object:
    """List orders of the last 60 days, or of all time with the scope ``read_all_orders``."""
    found = search(context, index_of(context.shop, "Order"), seen(context), query)
    return connect(context, found, lambda row: _key(row, sort_key), page)


def seen(context: Context) -> list[Order]:
    """List the orders that the app may see."""
    since = context.now - _RECENT
    everything = "read_all_orders" in context.scopes
    return [row for row in context.shop.orders.values() if everything or row.created_at >= since]


def _key(row: Order, sort_key: str) -> SortKey:
    moments = {"PROCESSED_AT": row.processed_at, "CREATED_AT": row.created_at, "UPDATED_AT": row.updated_at}
    if sort_key in moments:
        return written(moments[sort_key]), row.id
    return (row.number if sort_key == "ORDER_NUMBER" else 0), row.id


@resolver("QueryRoot", name="order")
def one_order(_root: object, context: Context, id: str) -> Order | None:
    row = rows.order(context.shop, id)
    return row if row is None or row in seen(context) else None


@query
def order_by_identifier(_root: object, context: Context, identifier: Input) -> Order | None:
    row: object | None
    if identifier.get("id") is not None:
        row = rows.find(context.shop, identifier["id"])
    else:
        row = by_custom_id(context, "ORDER", identifier["customId"])
    return row if isinstance(row, Order) else None


def _amounts(row: Order) -> Mapping[str, Decimal]:
    """Reckon every amount of an order, by the name of its field."""
    lines = sum((line.unit_price * line.current_quantity for line in row.lines), NOTHING)
    discounts = sum((line.discount for line in row.lines), NOTHING)
    current = row.total - row.refunded
    outstanding = max(NOTHING, current - (row.received - row.refunded)) if row.cancelled_at is None else NOTHING
    return {
        "subtotalPriceSet": row.subtotal,
        "totalPriceSet": row.total,
        "originalTotalPriceSet": row.total,
        "totalTaxSet": row.tax,
        "currentTotalTaxSet": row.tax,
        "totalShippingPriceSet": row.shipping_total,
        "currentShippingPriceSet": row.shipping_total,
        "totalDiscountsSet": discounts,
        "currentTotalDiscountsSet": discounts,
        "totalReceivedSet": row.received,
        "totalRefundedSet": row.refunded,
        "totalOutstandingSet": outstanding,
        "totalTipReceivedSet": row.tip,
        "currentTotalPriceSet": current,
        "currentSubtotalPriceSet": lines - discounts,
        "netPaymentSet": row.received - row.refunded,
    }


def _amount_field(name: str) -> None:
    def amount(row: Order, _context: Context) -> object:
        return bag(row, _amounts(row)[name])

    resolver("Order", name=name)(amount)


for _name in (
    "subtotalPriceSet", "totalPriceSet", "originalTotalPriceSet", "totalTaxSet", "currentTotalTaxSet",
    "totalShippingPriceSet", "currentShippingPriceSet", "totalDiscountsSet", "currentTotalDiscountsSet",
    "totalReceivedSet", "totalRefundedSet", "totalOutstandingSet", "totalTipReceivedSet", "currentTotalPriceSet",
    "currentSubtotalPriceSet", "netPaymentSet",
):  # fmt: skip
    _amount_field(_name)


@order_field
def total_refunded_shipping_set(row: Order, context: Context) -> object:
    return bag(row, sum((refund.shipping for refund in refunds_of(context.shop, row)), _NONE))


@order_field
def display_financial_status(row: Order, _context: Context) -> str:
    return financial_status(row)


def financial_status(row: Order) -> str:
    """Name the state of an order's payment."""
    if row.refunded:
        return "REFUNDED" if row.refunded >= row.received else "PARTIALLY_REFUNDED"
    if row.cancelled_at is not None and not row.received:
        return "VOIDED"
    if row.received >= row.total:
        return "PAID"
    return "PARTIALLY_PAID" if row.received else "AUTHORIZED" if row.moved("AUTHORIZATION") else "PENDING"


@order_field
def display_fulfillment_status(row: Order, _context: Context) -> str:
    sent, open_ = sum(line.fulfilled for line in row.lines), sum(line.unfulfilled_quantity for line in row.lines)
    if not sent:
        return "UNFULFILLED"
    return "PARTIALLY_FULFILLED" if open_ else "FULFILLED"


@order_field
def return_status(_row: Order, _context: Context) -> str:
    return "NO_RETURN"


@order_field
def customer(row: Order, context: Context) -> Customer | None:
    return context.shop.customers.get(row.customer_id or 0)


def _personal(name: str) -> None:
    """Register a field that is null without approval for protected customer data."""

    def field(row: Order, context: Context) -> object:
        return None if context.shop.switches.customers_protected else getattr(row, name)

    field.__name__ = name
    resolver("Order")(field)


for _name in ("email", "phone"):
    _personal(_name)


@order_field
def billing_address(row: Order, context: Context) -> object:
    return address(context, row.id, row.billing_address)


@order_field
def shipping_address(row: Order, context: Context) -> object:
    return address(context, row.id + 1, row.shipping_address)


def address(context: Context, number: int, values: Mapping[str, str | None] | None) -> object:
    """Write an address, null without approval for protected customer data."""
    if values is None or context.shop.switches.customers_protected:
        return None
    names = [values.get("firstName"), values.get("lastName")]
    code = values.get("countryCode")
    return {
        **values,
        "id": f"gid://shopify/MailingAddress/{number}?model_name=Address",
        "name": " ".join(name for name in names if name) or None,
        "countryCodeV2": code,
        "country": values.get("country") or code,
    }


@resolver("MailingAddress")
def formatted(
    values: Mapping[str, str | None], _context: Context, *, with_company: bool = True, with_name: bool = False
) -> list[str]:
    names = [*(["name"] if with_name else []), *(["company"] if with_company else []), "address1", "address2", "city"]
    return [text for name in names if (text := values.get(name))]


@order_field
def line_items(row: Order, context: Context, **page: object) -> object:
    return connect(context, row.lines, in_order(row.lines), page)


@order_field
def shipping_lines(row: Order, context: Context, *, include_removals: bool = False, **page: object) -> object:
    del include_removals
    return connect(context, row.shipping, in_order(row.shipping), page)


@order_field
def shipping_line(row: Order, _context: Context) -> object:
    return next(iter(row.shipping), None)


@resolver("Order", name="taxLines")
def order_tax_lines(row: Order, _context: Context) -> object:
    on_lines = [tax for line in row.lines for tax in line.taxes]
    on_shipping = [tax for line in row.shipping for tax in line.taxes]
    return tax_lines(row, (*on_lines, *on_shipping))


@order_field
def transactions(row: Order, _context: Context, first: int | None = None) -> list[OrderTransaction]:
    return row.transactions[:first]


@order_field
def refunds(row: Order, context: Context, first: int | None = None) -> list[Refund]:
    return refunds_of(context.shop, row)[:first]


def refunds_of(shop: Shop, row: Order) -> list[Refund]:
    return [shop.refunds[number] for number in row.refund_ids]


@order_field
def fulfillments(row: Order, context: Context, first: int | None = None) -> list[object]:
    found: list[object] = [context.shop.fulfillments[number] for number in row.fulfillment_ids]
    return found[:first]


@order_field
def fulfillment_orders(row: Order, context: Context, *, displayable: bool = False, **page: object) -> object:
    del displayable
    found = [context.shop.fulfillment_orders[number] for number in row.fulfillment_order_ids]
    return connect(context, found, in_order(found), page)


@order_field
def closed(row: Order, _context: Context) -> bool:
    return row.closed_at is not None


@order_field
def confirmed(_row: Order, _context: Context) -> bool:
    return True


@order_field
def fully_paid(row: Order, _context: Context) -> bool:
    return row.received >= row.total


@order_field
def unpaid(row: Order, _context: Context) -> bool:
    return row.received < row.total


@order_field
def refundable(row: Order, _context: Context) -> bool:
    return row.received > row.refunded or any(line.refundable_quantity for line in row.lines)


@order_field
def fulfillable(row: Order, _context: Context) -> bool:
    return row.cancelled_at is None and any(line.unfulfilled_quantity for line in row.lines)


@order_field
def payment_gateway_names(row: Order, _context: Context) -> list[str]:
    return [row.gateway] if row.transactions else []


@order_field
def discount_codes(row: Order, _context: Context) -> list[str]:
    return [row.discount_code] if row.discount_code else []


@order_field
def app(row: Order, _context: Context) -> object:
    named = "Point of Sale" if row.source_name == "pos" else "Online Store"
    return {"id": gid("OrderApp", 1), "name": named}


@order_field
def retail_location(row: Order, context: Context) -> object:
    return next(iter(context.shop.locations.values())) if row.source_name == "pos" else None


@order_field
def subtotal_line_items_quantity(row: Order, _context: Context) -> int:
    return sum(line.quantity for line in row.lines)


@resolver("Order", "LineItem")
def custom_attributes(_row: object, _context: Context) -> list[object]:
    return []


@order_field
def source_identifier(_row: Order, _context: Context) -> None:
    return None


@order_field
def tax_exempt(_row: Order, _context: Context) -> bool:
    return False


@order_field
def estimated_taxes(_row: Order, _context: Context) -> bool:
    return False
