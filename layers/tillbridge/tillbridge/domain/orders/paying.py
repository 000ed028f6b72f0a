"""Payments of the shop as payments of the till, shared out over the sales of one order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO, Means, Payment
from tillbridge.domain.orders.parked import NotMappedError, PaymentMissingError
from tillbridge.domain.orders.rules import OTHER, OrderRules
from tillbridge.domain.orders.sale import CounterLists, PaymentType, SalePayment


def settled(payments: Sequence[Payment], total: Decimal, rules: OrderRules) -> tuple[Payment, ...]:
    """Make payments come to a total, as far as the merchant's bound for differences allows.

    Nothing to pay needs no payment. Raises ``PaymentMissingError``.
    """
    off = total - sum((payment.amount for payment in payments), ZERO)
    if not off:
        return tuple(payments)
    if payments and abs(off) <= rules.rounding:
        *others, last = payments
        return (*others, replace(last, amount=last.amount + off))
    raise PaymentMissingError(
        f"The payments come to {total - off}, and {total} has to be paid.",
        remedy="Put the payments right in the shop, then resend the order; or ring it up by hand and ignore it.",
    )


def shared_out(payments: Sequence[Payment], totals: Sequence[Decimal]) -> Iterator[tuple[Payment, ...]]:
    """Give each sale the payments that come to its total, in their order, splitting one where it must be."""
    left = list(payments)
    for total in totals:
        given: list[Payment] = []
        while total and left:
            first = left.pop(0)
            taken = first.amount if abs(first.amount) <= abs(total) else total
            given.append(replace(first, amount=taken))
            if rest := first.amount - taken:
                left.insert(0, replace(first, amount=rest))
            total -= taken  # noqa: PLW2901  what of it is still to be paid
        yield tuple(given)


def sale_payments(
    payments: Sequence[Payment], rules: OrderRules, lists: CounterLists, *, back: bool = False
) -> tuple[SalePayment, ...]:
    """Put payments into the till's terms; ``back`` asks for the types that give money back.

    Raises ``NotMappedError``.
    """
    types = {one.type_id: one for one in lists.payment_types if not one.archived}
    return tuple(
        SalePayment(
            type_id=_serving(_type_of(payment, rules, types), back=back),
            amount=payment.amount,
            reference=payment.reference,
        )
        for payment in payments
        if payment.amount
    )


def _type_of(payment: Payment, rules: OrderRules, types: dict[str, PaymentType]) -> PaymentType:
    choices = rules.payment_types
    chosen = choices.get(payment.method, "")
    if not chosen:
        chosen = choices.get(OTHER, "") if payment.means is Means.MONEY else choices.get(payment.means, "")
    if chosen not in types:
        told = "is not in the till any more" if chosen else "is not chosen"
        raise NotMappedError(
            f"The payment type for {payment.method} ({payment.means}) {told}.",
            remedy="Choose one with the setting orders_payment_types: the order is tried again at once.",
        )
    return types[chosen]


def _serving(one: PaymentType, *, back: bool) -> str:
    return (one.refund_as if back else "") or one.type_id
