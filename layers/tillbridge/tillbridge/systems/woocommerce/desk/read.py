"""Translate an order of WooCommerce into words of our own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.orders.order import (
    ZERO,
    Charge,
    ChargeKind,
    Payment,
    PlacedOrder,
    Refund,
    RefundLine,
    Standing,
)
from tillbridge.domain.orders.people import Address, Buyer
from tillbridge.domain.product import ListingRef
from tillbridge.systems.woocommerce.desk.parcels import ALL_BACK, COMPLETED, shipped
from tillbridge.systems.woocommerce.desk.wire import REFUNDED, AddressRow, ChargeRow, ItemRow, RefundRow, WholeOrderRow
from tillbridge.systems.woocommerce.orders import UNFINISHED

SALE = "_tillbridge_sale"
"""Where the sale's number is kept with the order."""

RESTOCKED = "_restock_refunded_items"
"""How many units of a line refunds have put back on sale, all of them together: it is kept with the order's line."""

ON_DELIVERY = "cod"
STANDINGS = {
    "pending": Standing.AWAITING,
    "failed": Standing.AWAITING,
    "on-hold": Standing.AWAITING,  # a bank transfer or a cheque that has not come
    "cancelled": Standing.CANCELLED,
    "trash": Standing.CANCELLED,
}


def placed_order(row: WholeOrderRow, refunds: Sequence[RefundRow], seen_at: datetime) -> PlacedOrder:
    """Translate an order with its refunds. Whatever is charged is a line, whatever the shop calls it."""
    return PlacedOrder(
        order_id=str(row.id),
        number=row.number or str(row.id),
        status=row.status,
        standing=standing(row),
        placed_at=row.date_created_gmt or seen_at,
        changed_at=row.date_modified_gmt or seen_at,
        currency=row.currency,
        total=row.total,
        charges=tuple(_charges(row)),
        payments=_payments(row),
        refunds=tuple(_refunds(row, refunds, seen_at)),
        buyer=Buyer(email=row.billing.email, phone=row.billing.phone, address=_address(row.billing)),
        deliver_to=_address(row.shipping) if row.shipping.address_1 else None,
        shipped=shipped(row),
        noted_sale=row.meta(SALE),
    )


def standing(row: WholeOrderRow) -> Standing:
    """Tell how far an order has come. One paid on delivery is ``processing`` without a date of payment.

    A status of some plugin's counts as paid once there is such a date.
    """
    if row.status in UNFINISHED:
        return Standing.DRAFT
    if known := STANDINGS.get(row.status):
        return known
    if row.date_paid_gmt or not row.total or row.status in {COMPLETED, ALL_BACK}:
        return Standing.PAID
    if row.payment_method == ON_DELIVERY:
        return Standing.ON_DELIVERY
    return Standing.AUTHORISED if row.status == "processing" else Standing.AWAITING


def _charges(row: WholeOrderRow) -> Iterator[Charge]:
    rates = tuple(tax.rate_percent / 100 for tax in row.tax_lines)
    for line in row.line_items:
        yield Charge(
            line_id=str(line.id),
            kind=ChargeKind.PRODUCT,
            name=line.name,
            units=line.quantity,
            net=line.total,
            tax=line.total_tax,
            discount=max(ZERO, line.subtotal - line.total),
            rates=rates,
            ref=_ref(line),
            sku=line.sku or "",
        )
    for shipping in row.shipping_lines:
        yield _charge(shipping, ChargeKind.SHIPPING, shipping.method_title or "Shipping", rates)
    for fee in row.fee_lines:
        yield _charge(fee, ChargeKind.FEE, fee.name or "Fee", rates)


def _charge(line: ChargeRow, kind: ChargeKind, name: str, rates: tuple[Decimal, ...]) -> Charge:
    return Charge(line_id=str(line.id), kind=kind, name=name, net=line.total, tax=line.total_tax, rates=rates)


def _ref(line: ItemRow) -> ListingRef | None:
    """Name the listing; a product that was deleted has the id 0."""
    if not line.product_id:
        return None
    return ListingRef(str(line.product_id), str(line.variation_id) if line.variation_id else "")


def _payments(row: WholeOrderRow) -> tuple[Payment, ...]:
    """Give the one payment an order has. The shop lists none, and what it lacks of the total nobody knows."""
    if not row.total:
        return ()
    return (Payment(method=row.payment_method or "other", amount=row.total, reference=row.transaction_id),)


def _refunds(row: WholeOrderRow, refunds: Sequence[RefundRow], seen_at: datetime) -> Iterator[Refund]:
    """Translate refunds, the oldest first: which of them put units back is told for all together."""
    left = {str(line.id): _units(line.meta(RESTOCKED)) for line in row.line_items}
    for refund in sorted(refunds, key=lambda one: one.id):
        lines = [*_refund_lines(refund, left)]
        for line in lines:
            if line.restocked:
                left[line.line_id] -= line.units
        yield Refund(
            refund_id=str(refund.id),
            refunded_at=refund.date_created_gmt or seen_at,
            total=refund.amount,
            lines=tuple(lines),
            payments=tuple(
                Payment(method=payment.method, amount=refund.amount) for payment in _payments(row) if refund.amount
            ),
        )


def _refund_lines(refund: RefundRow, left: Mapping[str, Decimal]) -> Iterator[RefundLine]:
    for line in refund.line_items:
        line_id, units = line.meta(REFUNDED), -line.quantity
        yield RefundLine(
            line_id=line_id,
            units=units,
            net=-line.total,
            tax=-line.total_tax,
            restocked=ZERO < units <= left.get(line_id, ZERO),
        )
    for charge in (*refund.shipping_lines, *refund.fee_lines):
        yield RefundLine(line_id=charge.meta(REFUNDED), units=Decimal(1), net=-charge.total, tax=-charge.total_tax)


def _units(text: str) -> Decimal:
    return Decimal(text) if text.isdecimal() else ZERO


def _address(row: AddressRow) -> Address:
    return Address(
        first_name=row.first_name,
        last_name=row.last_name,
        company=row.company,
        street=row.address_1,
        street_more=row.address_2,
        city=row.city,
        state=row.state,
        postcode=row.postcode,
        country=row.country,
        phone=row.phone,
    )
