"""When orders take stock and give it back (facts/woocommerce.md, "Orders")."""

from dataclasses import replace

from sandbox.woocommerce.catalogue import stock
from sandbox.woocommerce.sales.model import Line, Note, Order
from sandbox.woocommerce.shop import Shop

_TAKING = frozenset({"processing", "completed", "on-hold"})
_GIVING_BACK = frozenset({"cancelled", "pending"})


def follow_status(shop: Shop, order: Order) -> None:
    """Move stock as a draft's new status demands; trashing an order gives nothing back."""
    if order.status in _TAKING:
        _count_sales(shop, order)
        _take(shop, order)
    elif order.status in _GIVING_BACK:
        _give_back(shop, order)


def _take(shop: Shop, order: Order) -> None:
    moved = []
    for line in order.lines:
        if line.id not in order.stock_taken and move_units(shop, line, -line.quantity):
            order.stock_taken = {**order.stock_taken, line.id: line.quantity}
            moved.append(line)
    if moved:
        add_note(shop, order, "Stock taken: " + ", ".join(f"{line.quantity} x {line.name}" for line in moved))


def _give_back(shop: Shop, order: Order) -> None:
    for line in order.lines:
        move_units(shop, line, order.stock_taken.get(line.id, 0))
    if order.stock_taken:
        add_note(shop, order, "Stock given back.")
    order.stock_taken = {}


def move_units(shop: Shop, line: Line, units: int) -> bool:
    """Add `units` to the stock of what a line sold; tells whether stock is kept of it."""
    product = shop.products.get(line.goods_id)
    return product is not None and units != 0 and stock.move(shop, product, units) is not None


def _count_sales(shop: Shop, order: Order) -> None:
    if order.sales_counted:
        return
    order.sales_counted = True
    for line in order.lines:
        product = shop.products.get(line.product_id)
        if product is not None:
            shop.products.save(replace(product, total_sales=product.total_sales + line.quantity))


def add_note(shop: Shop, order: Order, text: str) -> None:
    """Note something on an order as the shop itself does."""
    order.notes = (*order.notes, Note(shop.next_row_id(), "WooCommerce", shop.now(), text, for_customer=False))
