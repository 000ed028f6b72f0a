"""The fields of lines, shipping lines, transactions and refunds."""

from decimal import Decimal

from sandbox.shopify.catalogue.model import Product, ProductVariant
from sandbox.shopify.sales.model import NOTHING, LineItem, Order, OrderTransaction, Refund, RefundLineItem, ShippingLine
from sandbox.shopify.sales.money import bag, tax_lines
from sandbox.shopify.stock.model import Location
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.resolving import resolver

line_field, shipping_field = resolver("LineItem"), resolver("ShippingLine")
Row = LineItem | ShippingLine | OrderTransaction | Refund | RefundLineItem


def _order(row: Row, context: Context) -> Order:
    return context.shop.orders[row.order_id]


@line_field
def product(line: LineItem, context: Context) -> Product | None:
    return context.shop.products.get(line.product_id or 0)


@line_field
def variant(line: LineItem, context: Context) -> ProductVariant | None:
    """Give the variant; null once it is deleted."""
    return context.shop.variants.get(line.variant_id or 0)


@line_field
def original_unit_price_set(line: LineItem, context: Context) -> object:
    return bag(_order(line, context), line.unit_price)


@line_field
def original_total_set(line: LineItem, context: Context) -> object:
    return bag(_order(line, context), line.unit_price * line.quantity)


@line_field
def discounted_unit_price_set(line: LineItem, context: Context) -> object:
    return bag(_order(line, context), line.unit_price)


@line_field
def discounted_unit_price_after_all_discounts_set(line: LineItem, context: Context) -> object:
    return bag(_order(line, context), line.total / line.quantity)


@line_field
def discounted_total_set(line: LineItem, context: Context, *, with_code_discounts: bool = False) -> object:
    return bag(_order(line, context), line.total if with_code_discounts else line.unit_price * line.quantity)


@line_field
def total_discount_set(line: LineItem, context: Context) -> object:
    return bag(_order(line, context), line.discount)


@line_field
def discount_allocations(line: LineItem, context: Context) -> list[object]:
    return [{"allocatedAmountSet": bag(_order(line, context), line.discount)}] if line.discount else []


@resolver("LineItem", name="taxLines")
def line_tax_lines(line: LineItem, context: Context, first: int | None = None) -> object:
    return tax_lines(_order(line, context), line.taxes)[:first]


@line_field
def non_fulfillable_quantity(_line: LineItem, _context: Context) -> int:
    return 0


# --- shipping ---------------------------------------------------------------------------------------------------------


@resolver("ShippingLine", name="originalPriceSet")
def shipping_price(line: ShippingLine, context: Context) -> object:
    return bag(_order(line, context), line.price)


for _name in ("discountedPriceSet", "currentDiscountedPriceSet"):
    resolver("ShippingLine", name=_name)(shipping_price)


@resolver("ShippingLine", name="taxLines")
def shipping_tax_lines(line: ShippingLine, context: Context) -> object:
    return tax_lines(_order(line, context), line.taxes)


@resolver("ShippingLine", name="discountAllocations")
def no_allocations(_line: ShippingLine, _context: Context) -> list[object]:
    return []


@shipping_field
def custom(_line: ShippingLine, _context: Context) -> bool:
    return False


@shipping_field
def is_removed(_line: ShippingLine, _context: Context) -> bool:
    return False


@shipping_field
def carrier_identifier(_line: ShippingLine, _context: Context) -> None:
    return None


# --- transactions -----------------------------------------------------------------------------------------------------


@resolver("OrderTransaction")
def amount_set(row: OrderTransaction, context: Context) -> object:
    return bag(_order(row, context), row.amount)


@resolver("OrderTransaction")
def formatted_gateway(row: OrderTransaction, _context: Context) -> str:
    return row.gateway.replace("_", " ").title()


@resolver("OrderTransaction")
def parent_transaction(row: OrderTransaction, context: Context) -> OrderTransaction | None:
    return next((one for one in _order(row, context).transactions if one.id == row.parent_id), None)


@resolver("OrderTransaction")
def processed_at(row: OrderTransaction, _context: Context) -> object:
    return row.created_at


@resolver("OrderTransaction")
def manual_payment_gateway(row: OrderTransaction, _context: Context) -> bool:
    return row.gateway == "manual"


@resolver("OrderTransaction")
def payment_id(row: OrderTransaction, context: Context) -> str:
    return f"{_order(row, context).name}.1"


@resolver("OrderTransaction", "Refund", name="order")
def order_of(row: Row, context: Context) -> Order:
    return _order(row, context)


# --- refunds ----------------------------------------------------------------------------------------------------------


@resolver("Refund")
def total_refunded_set(row: Refund, context: Context) -> object:
    return bag(_order(row, context), refunded_by(row, context))


def refunded_by(row: Refund, context: Context) -> Decimal:
    moved = (one for one in _order(row, context).transactions if one.id in row.transaction_ids)
    return sum((one.amount for one in moved), NOTHING)


@resolver("Refund")
def refund_line_items(row: Refund, context: Context, **page: object) -> object:
    return connect(context, row.lines, in_order(row.lines), page)


@resolver("Refund")
def refund_shipping_lines(row: Refund, context: Context, **page: object) -> object:
    order = _order(row, context)
    line = next(iter(order.shipping), None)
    found = [] if line is None or not row.shipping else [
        {
            "id": f"gid://shopify/RefundShippingLine/{row.id}",
            "shippingLine": line,
            "subtotalAmountSet": bag(order, row.shipping),
            "taxAmountSet": bag(order, row.shipping_tax),
        }
    ]  # fmt: skip
    return connect(context, found, in_order(found), page)


@resolver("Refund")
def order_adjustments(_row: Refund, context: Context, **page: object) -> object:
    nothing: list[object] = []
    return connect(context, nothing, in_order(nothing), page)


@resolver("Refund")
def transactions(row: Refund, context: Context, **page: object) -> object:
    found = [one for one in _order(row, context).transactions if one.id in row.transaction_ids]
    return connect(context, found, in_order(found), page)


@resolver("Refund")
def duties(_row: Refund, _context: Context) -> list[object]:
    return []


@resolver("RefundLineItem")
def line_item(row: RefundLineItem, context: Context) -> LineItem | None:
    return _order(row, context).line(row.line_id)


@resolver("RefundLineItem")
def location(row: RefundLineItem, context: Context) -> Location | None:
    return context.shop.locations.get(row.location_id or 0)


@resolver("RefundLineItem")
def price_set(row: RefundLineItem, context: Context) -> object:
    return bag(_order(row, context), row.subtotal / row.quantity)


@resolver("RefundLineItem")
def subtotal_set(row: RefundLineItem, context: Context) -> object:
    return bag(_order(row, context), row.subtotal)


@resolver("RefundLineItem")
def total_tax_set(row: RefundLineItem, context: Context) -> object:
    return bag(_order(row, context), row.tax)
