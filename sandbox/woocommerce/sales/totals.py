"""The sums of an order: coupons first, then tax line by line (facts/woocommerce.md, "Orders")."""

from dataclasses import replace
from decimal import Decimal

from sandbox.woocommerce.sales.model import NOTHING, Charge, CouponLine, Line, Order, cents
from sandbox.woocommerce.shop import Shop

TAX_RATE_ID = 1
_HUNDRED = Decimal(100)


def rate_code(shop: Shop) -> str:
    """Give the code of the shop's one tax rate."""
    return f"{shop.settings.country.replace(':', '-')}-TAX-1"


def without_tax(shop: Shop, price: Decimal, *, taxable: bool) -> Decimal:
    """Take the tax out of a catalogue price where the shop keeps prices with tax."""
    percent = shop.settings.tax_percent
    if percent is None or not shop.settings.prices_include_tax or not taxable:
        return price
    return price / (1 + percent / _HUNDRED)


def discounted(lines: tuple[Line, ...], percent: Decimal) -> tuple[Line, ...]:
    """Take a coupon's percentage off every line."""
    return tuple(replace(line, total=line.total - cents(line.subtotal * percent / _HUNDRED)) for line in lines)


def recalculate(shop: Shop, order: Order) -> None:
    """Work out every tax of a draft anew, and what its coupons came to."""
    order.lines = tuple(
        replace(
            line,
            subtotal_tax=_tax(shop, line.subtotal, taxable=line.taxable),
            total_tax=_tax(shop, line.total, taxable=line.taxable),
        )
        for line in order.lines
    )
    order.shipping_lines = tuple(_taxed(shop, charge) for charge in order.shipping_lines)
    order.fee_lines = tuple(_taxed(shop, charge) for charge in order.fee_lines)
    order.coupon_lines = tuple(_worked_out(shop, order, coupon) for coupon in order.coupon_lines)


def _tax(shop: Shop, amount: Decimal, *, taxable: bool) -> Decimal:
    percent = shop.settings.tax_percent
    return cents(amount * percent / _HUNDRED) if percent is not None and taxable else NOTHING


def _taxed(shop: Shop, charge: Charge) -> Charge:
    return replace(charge, total_tax=_tax(shop, charge.total, taxable=charge.taxable))


def _worked_out(shop: Shop, order: Order, coupon: CouponLine) -> CouponLine:
    discount = sum((cents(line.subtotal * coupon.percent / _HUNDRED) for line in order.lines), NOTHING)
    return replace(coupon, discount=discount, discount_tax=_tax(shop, discount, taxable=True))
