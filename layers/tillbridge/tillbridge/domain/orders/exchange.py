"""Orders in another currency than the till's, by a rate that the merchant has set."""

from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.cents import cents
from tillbridge.domain.orders.order import Charge, Payment, PlacedOrder, Refund, RefundLine
from tillbridge.domain.orders.parked import ForeignCurrencyError
from tillbridge.domain.orders.rules import OrderRules


def in_till_currency(order: PlacedOrder, rules: OrderRules) -> PlacedOrder:
    """Turn an order's amounts into the till's currency, each rounded by itself; the total is what they come to.

    Raises ``ForeignCurrencyError`` where no rate is set.
    """
    if not rules.currency or order.currency == rules.currency:
        return order
    rate = rules.rates.get(order.currency)
    if rate is None:
        raise ForeignCurrencyError(
            f"The order is in {order.currency}, and the till keeps its books in {rules.currency}.",
            remedy=f"Set a rate with the setting orders_rates, e.g. {order.currency}:1.08: the order is tried again at"
            " once; or ring it up by hand and ignore it.",
        )
    charges = tuple(_charge(charge, rate) for charge in order.charges)
    turned = replace(order, charges=charges, currency=rules.currency)
    total = turned.charged + cents((order.total - order.charged) * rate)
    return replace(
        turned,
        total=total,
        payments=_payments(order, rate, total),
        refunds=tuple(_refund(refund, rate, order.total, total) for refund in order.refunds),
    )


def _charge(charge: Charge, rate: Decimal) -> Charge:
    return replace(
        charge,
        net=cents(charge.net * rate),
        tax=cents(charge.tax * rate),
        discount=cents(charge.discount * rate),
    )


def _payments(order: PlacedOrder, rate: Decimal, total: Decimal) -> tuple[Payment, ...]:
    """Turn payments; where they came to the order's total before, they do so after it, by the last of them."""
    turned = [replace(payment, amount=cents(payment.amount * rate)) for payment in order.payments]
    if turned and sum(payment.amount for payment in order.payments) == order.total:
        off = total - sum(payment.amount for payment in turned)
        turned[-1] = replace(turned[-1], amount=turned[-1].amount + off)
    return tuple(turned)


def _refund(refund: Refund, rate: Decimal, whole: Decimal, turned: Decimal) -> Refund:
    """Turn a refund; one of the whole order gives back just what the sale has come to."""
    lines = tuple(_refund_line(line, rate) for line in refund.lines)
    return replace(
        refund,
        total=turned if refund.total == whole else cents(refund.total * rate),
        lines=lines,
        payments=tuple(replace(payment, amount=cents(payment.amount * rate)) for payment in refund.payments),
    )


def _refund_line(line: RefundLine, rate: Decimal) -> RefundLine:
    return replace(line, net=cents(line.net * rate), tax=cents(line.tax * rate))
