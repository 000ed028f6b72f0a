"""Sums of orders, and what tax makes of a price."""

from decimal import ROUND_HALF_UP, Decimal

from sandbox.bigcommerce.sales.model import Order, Totals
from sandbox.bigcommerce.shop import Shop

_CENT, _FINE = Decimal("0.01"), Decimal("0.0001")


def both(shop: Shop, price: Decimal) -> tuple[Decimal, Decimal]:
    """Give a price as it was entered without and with tax."""
    rate = 1 + (shop.settings.tax_percent or Decimal(0)) / 100
    if shop.settings.prices_include_tax:
        return fine(price / rate), price
    return price, fine(price * rate)


def recalculate(shop: Shop, order: Order) -> None:
    """Work out the sums of an order; discounts come off prices as they are entered."""
    percent = shop.settings.coupons.get(order.coupon.lower(), Decimal(0))
    for line in order.lines:
        entered = line.price_inc_tax if shop.settings.prices_include_tax else line.price_ex_tax
        line.discount = cents(entered * line.quantity * percent / 100)
    ex = sum((line.price_ex_tax * line.quantity for line in order.lines), Decimal(0))
    inc = sum((line.price_inc_tax * line.quantity for line in order.lines), Decimal(0))
    discount = sum((line.discount for line in order.lines), Decimal(0))
    charges = order.shipping_cost + sum((fee.cost for fee in order.fees), Decimal(0))
    entered_total = (inc if shop.settings.prices_include_tax else ex) - discount + charges
    total_ex, total_inc = both(shop, entered_total)
    shipping_ex, shipping_inc = both(shop, order.shipping_cost)
    order.totals = Totals(
        cents(ex), cents(inc), cents(shipping_ex), cents(shipping_inc), discount, cents(total_ex), cents(total_inc)
    )


def cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def fine(value: Decimal) -> Decimal:
    return value.quantize(_FINE, ROUND_HALF_UP)


def money(value: Decimal) -> str:
    """Write an amount as v2 does: text with four decimals."""
    return f"{fine(value):f}"
