"""Translate an order of BigCommerce into words of our own (facts/bigcommerce.md, "Orders")."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.orders.cents import cents, reconciled, share
from tillbridge.domain.orders.order import (
    ZERO,
    Charge,
    ChargeKind,
    Means,
    Payment,
    PlacedOrder,
    Refund,
    RefundLine,
    Standing,
)
from tillbridge.domain.orders.people import Address, Buyer
from tillbridge.domain.product import ListingRef
from tillbridge.systems.bigcommerce import orders as statuses
from tillbridge.systems.bigcommerce.desk.wire import (
    GIFT_CERTIFICATE,
    AddressRow,
    RefundItemRow,
    RefundRow,
    TransactionRow,
    WholeLineRow,
    WholeOrderRow,
)

STANDINGS: Mapping[int, Standing] = {
    statuses.INCOMPLETE: Standing.DRAFT,
    statuses.PENDING: Standing.AWAITING,
    statuses.AWAITING_PAYMENT: Standing.AWAITING,
    statuses.VERIFICATION: Standing.AWAITING,
    statuses.CANCELLED: Standing.CANCELLED,
    statuses.DECLINED: Standing.CANCELLED,
}
"""All others are paid, unless the payment itself says something else."""

ON_DELIVERY = frozenset({"cash on delivery", "cod"})
SHIPPING, HANDLING, WRAPPING = "shipping", "handling", "wrapping"


def placed_order(
    row: WholeOrderRow,
    refunds: Sequence[RefundRow],
    transactions: Sequence[TransactionRow],
    bases: Mapping[int, int],
    seen_at: datetime,
    *,
    panel_restocks: bool,
) -> PlacedOrder:
    """Translate an order. ``panel_restocks`` is the store's setting for refunds that its people make."""
    total = cents(row.total_inc_tax)
    charges = reconciled([*_charges(row, bases)], total)
    return PlacedOrder(
        order_id=str(row.id),
        number=str(row.id),
        status=str(row.status_id),
        standing=standing(row),
        placed_at=row.date_created or seen_at,
        changed_at=row.date_modified or row.date_created or seen_at,
        currency=row.currency_code,
        total=total,
        charges=charges,
        payments=tuple(_payments(row, total, transactions)),
        refunds=tuple(_refund(one, charges, seen_at, panel_restocks=panel_restocks) for one in refunds),
        buyer=_buyer(row),
        deliver_to=next((_address(one) for one in row.consignments.shipping if one.street_1), None),
        shipped={str(line.id): line.quantity_shipped for line in row.consignments.lines if line.quantity_shipped},
        noted_sale=row.external_order_id,
    )


def standing(row: WholeOrderRow) -> Standing:
    """Tell how far an order has come, by the id of its status: labels are the merchant's."""
    if known := STANDINGS.get(row.status_id):
        return known
    if row.payment_method.casefold() in ON_DELIVERY and row.status_id not in {statuses.COMPLETED, statuses.SHIPPED}:
        return Standing.ON_DELIVERY
    return Standing.AUTHORISED if row.payment_status == "authorized" else Standing.PAID


def _charges(row: WholeOrderRow, bases: Mapping[int, int]) -> Iterator[Charge]:
    places = {
        line.id: str(pickup.location.id or "") for pickup in row.consignments.pickups for line in pickup.line_items
    }
    for line in row.consignments.lines:
        yield _goods(row, line, bases, places.get(line.id, ""))
    for line_id, kind, name, net, gross in (
        (SHIPPING, ChargeKind.SHIPPING, "Shipping", row.shipping_cost_ex_tax, row.shipping_cost_inc_tax),
        (HANDLING, ChargeKind.FEE, "Handling", row.handling_cost_ex_tax, row.handling_cost_inc_tax),
        (WRAPPING, ChargeKind.WRAPPING, "Gift wrapping", row.wrapping_cost_ex_tax, row.wrapping_cost_inc_tax),
    ):
        if gross:
            yield _other(line_id, kind, name, net, gross)
    for fee in row.fees:
        yield _other(
            f"fee-{fee.id}", ChargeKind.FEE, fee.display_name_merchant or "Fee", fee.cost_ex_tax, fee.cost_inc_tax
        )


def _goods(row: WholeOrderRow, line: WholeLineRow, bases: Mapping[int, int], place: str) -> Charge:
    """Take discounts off the price as it was entered; the tax of what is left goes by the line's own rate."""
    off = sum((discount.amount for discount in line.applied_discounts), ZERO)
    rate = (line.total_inc_tax - line.total_ex_tax) / line.total_ex_tax if line.total_ex_tax else ZERO
    if row.is_tax_inclusive_pricing:
        gross = cents(line.total_inc_tax - off)
        net = cents((line.total_inc_tax - off) / (1 + rate))
    else:
        net = cents(line.total_ex_tax - off)
        gross = cents((line.total_ex_tax - off) * (1 + rate))
    sold_card = line.type == GIFT_CERTIFICATE
    return Charge(
        line_id=str(line.id),
        kind=ChargeKind.GIFT_CARD if sold_card else ChargeKind.PRODUCT,
        name=line.name,
        units=line.quantity,
        net=net,
        tax=gross - net,
        discount=max(ZERO, cents(line.total_ex_tax) - net),
        rates=(rate.quantize(Decimal("0.00001")),) if rate else (),
        ref=_ref(line, bases),
        sku=line.sku,
        places={place: line.quantity} if place else {},
    )


def _ref(line: WholeLineRow, bases: Mapping[int, int]) -> ListingRef | None:
    """Name the listing; of a product that was deleted the line keeps ids that lead nowhere."""
    gone = not line.product_id or (line.variant_id and line.product_id not in bases)
    return None if gone else statuses.ref_of(line, bases)


def _other(line_id: str, kind: ChargeKind, name: str, net: Decimal, gross: Decimal) -> Charge:
    return Charge(line_id=line_id, kind=kind, name=name, net=cents(net), tax=cents(gross) - cents(net))


def _payments(row: WholeOrderRow, total: Decimal, transactions: Sequence[TransactionRow]) -> Iterator[Payment]:
    """Give gift certificates and credit first; the rest was paid in the way the order names."""
    card, credit = cents(row.gift_certificate_amount), cents(row.store_credit_amount)
    if card:
        yield Payment(method="gift_card", amount=card, means=Means.GIFT_CARD)
    if credit:
        yield Payment(method="store_credit", amount=credit, means=Means.STORE_CREDIT)
    if rest := total - card - credit:
        told = (one.gateway_transaction_id for one in transactions if one.event in {"purchase", "authorization"})
        yield Payment(method=row.payment_method or "other", amount=rest, reference=next(filter(None, told), ""))


def _refund(row: RefundRow, charges: Sequence[Charge], seen_at: datetime, *, panel_restocks: bool) -> Refund:
    """Translate a refund. One made by an app puts nothing back; one in the panel does as the store is set up."""
    by_id = {charge.line_id: charge for charge in charges}
    restocked = panel_restocks and bool(row.user_id)
    return Refund(
        refund_id=str(row.id),
        refunded_at=row.created or seen_at,
        total=cents(row.total_amount),
        lines=tuple(line for item in row.items for line in _refund_line(item, by_id, restocked=restocked)),
        payments=tuple(_paid_back(one.provider_id, cents(one.amount)) for one in row.payments),
    )


def _paid_back(provider: str, amount: Decimal) -> Payment:
    if provider == "storecredit":
        return Payment(method="store_credit", amount=amount, means=Means.STORE_CREDIT)
    return Payment(method=provider or "other", amount=amount)


def _refund_line(item: RefundItemRow, charges: Mapping[str, Charge], *, restocked: bool) -> Iterator[RefundLine]:
    """Say what of which line goes back. An amount of the order as a whole is no line."""
    ids = {"PRODUCT": str(item.item_id), "SHIPPING": SHIPPING, "HANDLING": HANDLING, "FEE": f"fee-{item.item_id}"}
    charge = charges.get(ids.get(item.item_type, ""))
    if charge is None:
        return
    if item.item_type == "PRODUCT":
        net, tax = (share(amount, item.quantity, charge.units) for amount in (charge.net, charge.tax))
        yield RefundLine(line_id=charge.line_id, units=item.quantity, net=net, tax=tax, restocked=restocked)
    elif charge.gross:
        tax = share(charge.tax, min(item.requested_amount, charge.gross), charge.gross)
        yield RefundLine(line_id=charge.line_id, units=Decimal(1), net=cents(item.requested_amount) - tax, tax=tax)


def _buyer(row: WholeOrderRow) -> Buyer:
    billing = row.billing_address
    return Buyer(email=billing.email, phone=billing.phone, address=_address(billing), may_mail=row.is_email_opt_in)


def _address(row: AddressRow) -> Address:
    return Address(
        first_name=row.first_name,
        last_name=row.last_name,
        company=row.company,
        street=row.street_1,
        street_more=row.street_2,
        city=row.city,
        state=row.state,
        postcode=row.zip,
        country=row.country_iso2,
        phone=row.phone,
    )
