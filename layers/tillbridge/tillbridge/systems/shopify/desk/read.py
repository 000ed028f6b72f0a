"""Translate an order of Shopify into words of our own (facts/shopify.md, section 8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.cents import reconciled, share
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
from tillbridge.systems.shopify.catalogue import ref_of
from tillbridge.systems.shopify.desk.whence import UNASKED, Whence
from tillbridge.systems.shopify.desk.wire import (
    AddressRow,
    LineRow,
    RefundRow,
    ShippingRow,
    TransactionRow,
    WholeOrderRow,
)

PAID = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
ON_DELIVERY = "cash on delivery"
GATEWAYS: Mapping[str, Means] = {"gift_card": Means.GIFT_CARD, "shopify_store_credit": Means.STORE_CREDIT}
TAKEN, RESERVED = frozenset({"SALE", "CAPTURE"}), frozenset({"AUTHORIZATION"})
MOVED = frozenset({"SUCCESS", "PENDING"})
TIP = "tip"
GRAIN = Decimal("0.02")


def placed_order(row: WholeOrderRow, lines: Sequence[LineRow], whence: Whence = UNASKED) -> PlacedOrder:
    """Translate an order with all its lines, and from where they leave.

    Its total is that of its placing; once it was edited, what is left of it by now and what was given back.
    """
    charges = [*_charges(row, lines, whence)]
    total = _total(row)
    return PlacedOrder(
        order_id=row.id,
        number=row.name,
        status=row.display_financial_status.lower(),
        standing=standing(row),
        placed_at=row.created_at,
        changed_at=row.updated_at,
        currency=row.currency_code,
        total=total,
        charges=reconciled(charges, total),
        payments=tuple(_payments(row, total)),
        refunds=tuple(_refund(one, row, whence) for one in row.refunds),
        buyer=Buyer(
            email=row.email,
            phone=row.phone,
            address=_address(row.billing_address) or Address(),
            may_mail=row.customer_accepts_marketing,
        ),
        deliver_to=_address(row.shipping_address),
        shipped=shipped(lines),
        noted_sale=row.sale.value if row.sale else "",
        test=row.test,
        routed=whence.routed or not any(line.unfulfilled_quantity for line in lines),
    )


def standing(row: WholeOrderRow) -> Standing:
    """Tell how far an order has come."""
    if not row.confirmed:
        return Standing.DRAFT
    if row.cancelled_at is not None:
        return Standing.CANCELLED
    if row.display_financial_status in PAID:
        return Standing.PAID
    if row.display_financial_status == "AUTHORIZED":
        return Standing.AUTHORISED
    if any(ON_DELIVERY in gateway.casefold() for gateway in row.payment_gateway_names):
        return Standing.ON_DELIVERY
    return Standing.AWAITING


def shipped(lines: Sequence[LineRow]) -> dict[str, Decimal]:
    """Tell what has left, by line, as far as what is ordered by now tells."""
    sent = {line.id: Decimal(line.current_quantity - line.unfulfilled_quantity) for line in lines}
    return {line: units for line, units in sent.items() if units > 0}


def _total(row: WholeOrderRow) -> Decimal:
    if not row.edited:
        return row.total_price_set.amount
    return row.current_total_price_set.amount + sum((_worth(refund) for refund in row.refunds), ZERO)


def _worth(refund: RefundRow) -> Decimal:
    lines = sum((one.subtotal_set.amount + one.total_tax_set.amount for one in refund.refund_line_items.nodes), ZERO)
    parcels = refund.refund_shipping_lines.nodes
    return lines + sum((one.subtotal_amount_set.amount + one.tax_amount_set.amount for one in parcels), ZERO)


def _charges(row: WholeOrderRow, lines: Sequence[LineRow], whence: Whence) -> Iterator[Charge]:
    refunded = _refunded_units(row)
    taxes = _taxes(row, lines)
    for line in lines:
        goods = _goods(row, line, line.current_quantity + refunded.get(line.id, 0), taxes[line.id])
        yield replace(goods, places=whence.places.get(line.id, {}))
    for shipping in row.shipping_lines.nodes:
        yield _shipping(row, shipping)
    tip = row.total_tip_received_set.amount
    if tip and not any(line.variant is None and line.name.casefold() == TIP for line in lines):
        yield Charge(line_id=TIP, kind=ChargeKind.TIP, name="Tip", net=tip)


def _refunded_units(row: WholeOrderRow) -> dict[str, int]:
    units: dict[str, int] = {}
    for refund in row.refunds:
        for one in refund.refund_line_items.nodes:
            units[one.line_item.id] = units.get(one.line_item.id, 0) + one.quantity
    return units


def _taxes(row: WholeOrderRow, lines: Sequence[LineRow]) -> dict[str, Decimal]:
    """Say what tax falls to each line. Some shops put the tax of all lines on the first one."""
    told = {line.id: line.tax for line in lines}
    with_tax = [line for line in lines if line.tax]
    if len(with_tax) != 1 or with_tax[0].tax <= _expected(row, with_tax[0]) + GRAIN:
        return told
    bases = {line.id: line.amount for line in lines if line.taxable and not line.is_gift_card}
    whole, tax = sum(bases.values(), ZERO), with_tax[0].tax
    if not whole:
        return told
    shares = {line_id: share(tax, base, whole) for line_id, base in bases.items()}
    first = next(iter(shares))
    shares[first] += tax - sum(shares.values(), ZERO)
    return dict.fromkeys(told, ZERO) | shares


def _expected(row: WholeOrderRow, line: LineRow) -> Decimal:
    rate = sum(line.rates, ZERO)
    return line.amount * rate / (1 + rate) if row.taxes_included else line.amount * rate


def _goods(row: WholeOrderRow, line: LineRow, units: int, tax: Decimal) -> Charge:
    amount = line.amount
    net = amount - tax if row.taxes_included else amount
    charge = Charge(
        line_id=line.id,
        kind=_kind(line),
        name=line.name,
        units=Decimal(line.quantity),
        net=net,
        tax=tax,
        discount=line.discount,
        rates=line.rates,
        ref=ref_of(line.variant) if line.variant else None,
        sku=line.sku,
    )
    return charge if units == line.quantity else _part(charge, units)


def _part(charge: Charge, units: int) -> Charge:
    """Take what was edited away off a line, in proportion."""
    left = Decimal(units)
    return replace(
        charge,
        units=left,
        net=share(charge.net, left, charge.units),
        tax=share(charge.tax, left, charge.units),
        discount=share(charge.discount, left, charge.units),
    )


def _kind(line: LineRow) -> ChargeKind:
    if line.is_gift_card:
        return ChargeKind.GIFT_CARD
    return ChargeKind.TIP if line.variant is None and line.name.casefold() == TIP else ChargeKind.PRODUCT


def _shipping(row: WholeOrderRow, line: ShippingRow) -> Charge:
    """Shipping holds its tax as well, where prices do."""
    tax = sum((one.price_set.amount for one in line.tax_lines), ZERO)
    amount = line.discounted_price_set.amount
    net = amount - tax if row.taxes_included else amount
    name = line.title or "Shipping"
    return Charge(line_id=f"shipping-{line.id}", kind=ChargeKind.SHIPPING, name=name, net=net, tax=tax)


def _payments(row: WholeOrderRow, total: Decimal) -> Iterator[Payment]:
    """Give what was taken, or else reserved; what is still owed was promised by the order's way of payment."""
    taken = [one for one in row.transactions if one.kind in TAKEN and one.status in MOVED]
    reserved = [one for one in row.transactions if one.kind in RESERVED and one.status in MOVED]
    told = [_payment(one) for one in taken or reserved if one.amount_set.amount]
    yield from told
    if owed := total - sum((one.amount for one in told), ZERO):
        yield Payment(method=next(iter(row.payment_gateway_names), "other"), amount=owed)


def _payment(one: TransactionRow) -> Payment:
    return Payment(
        method=one.gateway or "other",
        amount=one.amount_set.amount,
        means=GATEWAYS.get(one.gateway, Means.MONEY),
        reference=one.payment_id or one.id,
    )


def _refund(refund: RefundRow, row: WholeOrderRow, whence: Whence) -> Refund:
    places = [*whence.restocked.get(refund.id, ()), *[""] * len(refund.refund_line_items.nodes)]
    lines = [
        RefundLine(
            line_id=one.line_item.id,
            units=Decimal(one.quantity),
            net=one.subtotal_set.amount - (one.total_tax_set.amount if row.taxes_included else ZERO),
            tax=one.total_tax_set.amount,
            restocked=one.restocked,
            place=place,
        )
        for one, place in zip(refund.refund_line_items.nodes, places, strict=False)
    ]
    lines += [
        RefundLine(
            line_id=f"shipping-{one.shipping_line.id}",
            units=Decimal(1),
            net=one.subtotal_amount_set.amount - (one.tax_amount_set.amount if row.taxes_included else ZERO),
            tax=one.tax_amount_set.amount,
        )
        for one in refund.refund_shipping_lines.nodes
    ]
    return Refund(
        refund_id=refund.id,
        refunded_at=refund.created_at or row.updated_at,
        total=refund.total_refunded_set.amount,
        lines=tuple(lines),
        payments=tuple(
            Payment(
                method=one.gateway or "other",
                amount=one.amount_set.amount,
                means=GATEWAYS.get(one.gateway, Means.MONEY),
            )
            for one in refund.transactions.nodes
            if one.amount_set.amount
        ),
    )


def _address(row: AddressRow | None) -> Address | None:
    if row is None:
        return None
    return Address(
        first_name=row.first_name,
        last_name=row.last_name,
        company=row.company,
        street=row.address1,
        street_more=row.address2,
        city=row.city,
        state=row.province_code,
        postcode=row.zip,
        country=row.country_code_v2,
        phone=row.phone,
    )
