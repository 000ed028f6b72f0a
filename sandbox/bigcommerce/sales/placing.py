"""What placing or changing an order does, whoever does it: the shopper, the merchant or the API."""

from decimal import Decimal

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.catalogue.product_json import calculated_price, variant_as_json
from sandbox.bigcommerce.sales import stock, totals
from sandbox.bigcommerce.sales.model import SHIPPED, Line, Order
from sandbox.bigcommerce.shop import Shop
from sandbox.common.json_types import JsonObject

_OPTION_TYPE = "Multiple choice"


def new_order(shop: Shop, source: str) -> Order:
    """Make an order that is not stored yet."""
    now = shop.now()
    return Order(shop.next_order_id(), now, now, shop.next_id(), source=source)


def product_line(shop: Shop, product: Product, variant: Variant, quantity: int) -> Line:
    """Make a line of something in the catalogue, at its present price."""
    price = Decimal(str(calculated_price(product, variant)))
    ex_tax, inc_tax = totals.both(shop, price)
    return Line(
        shop.next_id(), product.id, variant.id, variant.sku, product.name, quantity, ex_tax, inc_tax,
        _options(shop, product, variant),
    )  # fmt: skip


def _options(shop: Shop, product: Product, variant: Variant) -> list[JsonObject]:
    rows = variant_as_json(shop, product, variant)["option_values"]
    return [
        {
            "id": shop.next_id(),
            "option_id": row["option_id"],
            "order_product_id": 0,
            "product_option_id": row["option_id"],
            "display_name": row["option_display_name"],
            "display_name_customer": row["option_display_name"],
            "display_name_merchant": row["option_display_name"],
            "display_value": row["label"],
            "display_value_customer": row["label"],
            "display_value_merchant": row["label"],
            "value": str(row["id"]),
            "type": _OPTION_TYPE,
            "name": str(row["option_display_name"]),
            "display_style": "Pick list",
        }
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    ]


def save_new(shop: Shop, order: Order) -> None:
    """Store a new order: its stock goes if its status says so. The lock must be held."""
    totals.recalculate(shop, order)
    shop.orders[order.id] = order
    shop.emit("store/order/created", event(order))
    stock.follow_status(shop, order)


def give_status(shop: Shop, order: Order, status_id: int) -> None:
    """Give an order another status, and let its stock follow. The lock must be held."""
    before, order.status_id = order.status_id, status_id
    touch(shop, order)
    if before == status_id:
        return
    if status_id == SHIPPED and order.date_shipped is None:
        order.date_shipped = shop.now()
    status: JsonObject = {"previous_status_id": before, "new_status_id": status_id}
    shop.emit("store/order/statusUpdated", {**event(order), "status": status})
    stock.follow_status(shop, order)


def touch(shop: Shop, order: Order) -> None:
    """Note that an order was changed. The lock must be held."""
    order.modified = shop.now()
    totals.recalculate(shop, order)
    shop.emit("store/order/updated", event(order))


def cancel(shop: Shop, order: Order, status_id: int, *, restock: bool) -> None:
    """Call an order off, its units put back or not. The lock must be held."""
    give_status(shop, order, status_id)
    if restock and order.stock_taken:
        for line in order.lines:
            stock.put_back(shop, order, line, line.quantity)
        order.stock_taken = False


def event(order: Order) -> JsonObject:
    """Write what a web hook tells of an order."""
    return {"type": "order", "id": order.id}
