"""How an order comes to be: what a cart holds becomes rows, money and promises (facts/magento.md, sections 4 and 5)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbox.magento.catalogue.model import Product
from sandbox.magento.dates import parse
from sandbox.magento.sales.model import NOTHING, Cart, CartItem, Line, Order, cents
from sandbox.magento.shop import Shop
from sandbox.magento.stock import salable
from sandbox.magento.stock.model import DEFAULT_STOCK
from sandbox.magento.web.errors import RestError, no_product

_HUNDRED = Decimal(100)


def put(shop: Shop, cart: Cart, sku: str, quantity: float, options: Sequence[Mapping[str, Any]] = ()) -> CartItem:
    """Put a product into a cart; raises RestError when it cannot be bought."""
    product = shop.products.find(sku)
    if product is None:
        raise no_product()
    bought = _chosen(shop, product, options) if product.configurable else product
    stock_id = _stock_id(shop)
    if not salable.salable(shop, product, stock_id) or bought is None or not salable.salable(shop, bought, stock_id):
        raise RestError("Product that you are trying to add is not available.")
    inside = sum(item.quantity for item in cart.items if item.product_id == bought.id)
    if bought.stock_item.manage_stock and salable.quantity(shop, bought, stock_id) < inside + quantity:
        raise RestError("The requested qty is not available")
    parent_id = product.id if product.configurable else None
    item = CartItem(shop.next_row_id(), bought.id, quantity, parent_id, [dict(option) for option in options])
    cart.items.append(item)
    return item


def _stock_id(shop: Shop) -> int:
    stock = salable.stock_of(shop)
    return DEFAULT_STOCK if stock is None else stock.id


def _chosen(shop: Shop, product: Product, options: Sequence[Mapping[str, Any]]) -> Product | None:
    """Find the child that the options lead to."""
    codes = {str(attribute.id): attribute.code for attribute in shop.attributes.values()}
    wanted = {codes.get(str(row.get("option_id")), ""): str(row.get("option_value")) for row in options}
    if len(wanted) < len(product.axes):
        raise RestError("You need to choose options for your item.")
    children = shop.products.children(product)
    return next((c for c in children if all(str(c.value(code)) == value for code, value in wanted.items())), None)


def price_of(shop: Shop, product: Product) -> Decimal:
    """Give the price in force: the special one while its dates hold."""
    price, special = Decimal(str(product.value("price") or 0)), product.value("special_price")
    if special in (None, ""):
        return price
    now = shop.now()
    start, end = (parse(str(product.value(f"special_{side}_date") or "")) for side in ("from", "to"))
    if (start is not None and start > now) or (end is not None and end < now):
        return price
    return min(price, Decimal(str(special)))


def place(shop: Shop, cart: Cart, *, payment_method: str = "checkmo", pickup: str | None = None) -> Order:
    """Turn a cart into an order and reserve its units; raises RestError for an empty cart."""
    if not cart.items:
        raise RestError("The shipping method is missing. Select the shipping method and try again.")
    now, order_id = shop.now(), shop.next_order_id()
    percent = cart.discount_percent or sum((rule.percent for rule in shop.rules.values()), NOTHING)
    lines = [line for item in cart.items for line in _lines(shop, order_id, item, percent)]
    units = sum(line.ordered for line in lines if line.parent_id is None)
    shipping = shop.settings.shipping_per_unit * units
    address = cart.shipping or cart.billing or {}
    order = Order(
        order_id, now, now, cart.store_id, _stock_id(shop), lines, cart.billing or address, address, cart.email,
        cents(shipping), NOTHING, customer_id=cart.customer_id, payment_method=payment_method, pickup_location=pickup,
        discount_description="Discount" if percent else "",
    )  # fmt: skip
    shop.orders[order.id] = order
    for line in held(order):
        salable.promise(shop, line.sku, line.ordered, order.stock_id)
    shop.changed()
    return order


def held(order: Order) -> list[Line]:
    """Give the rows whose products are in a source: simple ones, and the children of configurables."""
    return [line for line in order.lines if line.product_type == "simple"]


def _lines(shop: Shop, order_id: int, item: CartItem, percent: Decimal) -> list[Line]:
    """Make the row of a simple product, or the two of a configurable: the priced one, and the child for nothing."""
    product = shop.products.get(item.product_id)
    parent = shop.products.get(item.parent_id) if item.parent_id else None
    if product is None:
        raise no_product()
    priced = _line(shop, order_id, parent or product, product, item, percent)
    if parent is None:
        return [priced]
    child = _line(shop, order_id, product, product, item, NOTHING)
    child.parent_id = priced.id
    child.price = child.price_incl_tax = child.tax = child.tax_percent = NOTHING
    child.original_price = NOTHING
    return [priced, child]


def _line(shop: Shop, order_id: int, shown: Product, bought: Product, item: CartItem, percent: Decimal) -> Line:
    settings, now, units = shop.settings, shop.now(), int(item.quantity)
    rate = settings.tax_percent or NOTHING
    listed = price_of(shop, bought)
    net = cents(listed / (1 + rate / _HUNDRED)) if settings.prices_include_tax else cents(listed)
    gross = cents(listed) if settings.prices_include_tax else cents(net * (1 + rate / _HUNDRED))
    discount = cents(net * units * percent / _HUNDRED)
    return Line(
        shop.next_line_id(), order_id, shown.id, shown.type_id, bought.sku, shown.name, units, net, gross,
        cents(listed), discount, cents((net * units - discount) * rate / _HUNDRED), rate, now, now,
        options=item.options, weight=float(bought.value("weight") or 0),
    )  # fmt: skip
