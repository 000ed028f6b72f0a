"""Translate an order of Magento into words of our own (facts/magento.md, section 5)."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.orders.cents import cents, share
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
from tillbridge.systems.common.desk_rules import left
from tillbridge.systems.magento.desk.wire import AddressRow, MemoItemRow, MemoRow, WholeItemRow, WholeOrderRow

SOLD = "Tillbridge: sold at the till as "
"""How the comment begins that tells of the sale."""

SHIPPING = "shipping"
ON_DELIVERY = "cashondelivery"
ENDED_UNPAID = frozenset({"canceled"})
SETTLED = frozenset({"complete", "closed"})


def placed_order(row: WholeOrderRow, memos: Sequence[MemoRow], seen_at: datetime) -> PlacedOrder:
    """Translate an order with its credit memos.

    What was cancelled before it was invoiced is taken off; an order that was cancelled whole keeps its lines.
    """
    means = tuple(_other_means(row))
    total = row.grand_total + sum((payment.amount for payment in means), ZERO)
    due = total if row.state in ENDED_UNPAID else total - row.total_canceled
    return PlacedOrder(
        order_id=str(row.entity_id),
        number=row.increment_id or str(row.entity_id),
        status=row.status or row.state,
        standing=standing(row),
        placed_at=row.created_at or seen_at,
        changed_at=row.updated_at or seen_at,
        currency=row.order_currency_code,
        total=due,
        charges=tuple(_charges(row)),
        payments=(*means, *_money(row, due - sum((payment.amount for payment in means), ZERO))),
        refunds=tuple(_refunds(row, memos, seen_at)),
        buyer=Buyer(
            email=row.customer_email,
            phone=row.billing_address.telephone,
            address=_address(row.billing_address),
            account=str(row.customer_id or ""),
        ),
        deliver_to=_deliver_to(row),
        shipped=shipped(row),
        noted_sale=noted_sale(row),
    )


def standing(row: WholeOrderRow) -> Standing:
    """Tell how far an order has come, by its state: the status is the merchant's own word."""
    if row.state in ENDED_UNPAID or (row.state == "closed" and not row.total_refunded):
        return Standing.CANCELLED
    if row.total_due <= 0 or row.state in SETTLED:
        return Standing.PAID
    if row.payment.method == ON_DELIVERY and row.state in {"new", "processing"}:
        return Standing.ON_DELIVERY
    return Standing.AUTHORISED if row.state == "processing" else Standing.AWAITING


def noted_sale(row: WholeOrderRow) -> str:
    """Find the sale's number in the comments, where it is safe: saving the order could lose a product's options."""
    told = (entry.comment for entry in row.status_histories)
    return next((text.removeprefix(SOLD) for text in told if text.startswith(SOLD)), "")


def units_of(row: WholeOrderRow, item: WholeItemRow) -> Decimal:
    """Tell how many units of a row are still ordered."""
    return item.qty_ordered if row.state in ENDED_UNPAID else item.qty_ordered - (item.qty_canceled or ZERO)


def shipped(row: WholeOrderRow) -> dict[str, Decimal]:
    """Tell what has left, by line."""
    pairs = ((str(item.item_id), item, child) for item, child in priced(row))
    told = {line: max(one.qty_shipped or ZERO for one in (item, child) if one) for line, item, child in pairs}
    return {line: units for line, units in told.items() if units}


def priced(row: WholeOrderRow) -> Iterator[tuple[WholeItemRow, WholeItemRow | None]]:
    """Pair each row that has a price with the child that names the product, where it is a configurable's."""
    below = {item.parent_item_id: item for item in row.items if item.parent_item_id}
    for item in row.items:
        if not item.parent_item_id:
            yield item, below.get(item.item_id)


def _charges(row: WholeOrderRow) -> Iterator[Charge]:
    for item, child in priced(row):
        units = units_of(row, item)
        yield _goods(item, child, units, row.extension_attributes.pickup_location_code)
        if wrapping := item.gw_price:
            tax = item.gw_tax_amount * units
            yield _other(f"gw-{item.item_id}", ChargeKind.WRAPPING, "Gift wrapping", wrapping * units, tax)
    net = row.shipping_amount - row.shipping_discount_amount + row.shipping_discount_tax_compensation_amount
    if net or row.shipping_tax_amount:
        name = row.shipping_description or "Shipping"
        yield _other(SHIPPING, ChargeKind.SHIPPING, name, net, row.shipping_tax_amount)
    more = row.extension_attributes
    if more.gw_price:
        yield _other("gw", ChargeKind.WRAPPING, "Gift wrapping", more.gw_price, more.gw_tax_amount)
    if more.gw_card_price:
        yield _other("gw-card", ChargeKind.WRAPPING, "Gift card in print", more.gw_card_price, more.gw_card_tax_amount)


def _goods(item: WholeItemRow, child: WholeItemRow | None, units: Decimal, place: str) -> Charge:
    """Build a line from price and quantity; what was cancelled takes its share with it."""
    gross_of_discount = cents(item.price * item.qty_ordered) + item.weee_tax_applied_row_amount
    net = gross_of_discount - item.discount_amount + item.discount_tax_compensation_amount
    return Charge(
        line_id=str(item.item_id),
        kind=ChargeKind.PRODUCT,
        name=item.name,
        units=units,
        net=share(net, units, item.qty_ordered),
        tax=share(item.tax_amount, units, item.qty_ordered),
        discount=share(item.discount_amount, units, item.qty_ordered),
        rates=(item.tax_percent / 100,) if item.tax_percent else (),
        ref=_ref(item, child),
        sku=(child.sku if child else item.sku) or "",
        # Only of what is picked up: from where the rest will leave nobody knows before it is shipped.
        places={place: units} if place else {},
    )


def _ref(item: WholeItemRow, child: WholeItemRow | None) -> ListingRef | None:
    if not item.product_id:
        return None
    return ListingRef(str(item.product_id), str(child.product_id) if child and child.product_id else "")


def _other(line_id: str, kind: ChargeKind, name: str, net: Decimal, tax: Decimal) -> Charge:
    return Charge(line_id=line_id, kind=kind, name=name, net=net, tax=tax)


def _other_means(row: WholeOrderRow) -> Iterator[Payment]:
    """Give what was not paid in money; the grand total is what was left to pay after it (Adobe Commerce)."""
    more = row.extension_attributes
    if more.gift_cards_amount:
        yield Payment(method="gift_card", amount=more.gift_cards_amount, means=Means.GIFT_CARD)
    if credit := more.customer_balance_amount + more.reward_currency_amount:
        yield Payment(method="store_credit", amount=credit, means=Means.STORE_CREDIT)


def _money(row: WholeOrderRow, amount: Decimal) -> Iterator[Payment]:
    if amount:
        yield Payment(method=row.payment.method or "other", amount=amount, reference=row.payment.last_trans_id)


def _refunds(row: WholeOrderRow, memos: Sequence[MemoRow], seen_at: datetime) -> Iterator[Refund]:
    """Translate credit memos, the oldest first.

    None of them tells whether goods came back. Units that never left are free again by themselves; those that had
    left count as not put back, and whoever puts them on the shelf tells the till.
    """
    ordered = {str(item.item_id): units_of(row, item) for item, _ in priced(row)}
    never_left = left(ordered, shipped(row))
    for memo in sorted(memos, key=lambda one: one.entity_id):
        lines = [*_refund_lines(memo, ordered, never_left)]
        yield Refund(
            refund_id=str(memo.entity_id),
            refunded_at=memo.created_at or seen_at,
            total=memo.grand_total,
            lines=tuple(lines),
        )


def _refund_lines(memo: MemoRow, ordered: Container[str], never_left: dict[str, Decimal]) -> Iterator[RefundLine]:
    for item in memo.items:
        line_id = str(item.order_item_id)
        if line_id not in ordered or not item.qty:
            continue
        free = min(item.qty, never_left.get(line_id, ZERO))
        never_left[line_id] = never_left.get(line_id, ZERO) - free
        yield from _split(item, free)
    net = memo.shipping_amount + memo.shipping_discount_tax_compensation_amount
    if net or memo.shipping_tax_amount:
        yield RefundLine(line_id=SHIPPING, units=Decimal(1), net=net, tax=memo.shipping_tax_amount)


def _split(item: MemoItemRow, free: Decimal) -> Iterator[RefundLine]:
    """Tell units that never left from those that had."""
    net = item.row_total - item.discount_amount + item.discount_tax_compensation_amount
    net_free, tax_free = share(net, free, item.qty), share(item.tax_amount, free, item.qty)
    line_id = str(item.order_item_id)
    if free:
        yield RefundLine(line_id=line_id, units=free, net=net_free, tax=tax_free, restocked=True)
    if rest := item.qty - free:
        yield RefundLine(line_id=line_id, units=rest, net=net - net_free, tax=item.tax_amount - tax_free)


def _deliver_to(row: WholeOrderRow) -> Address | None:
    for assignment in row.extension_attributes.shipping_assignments:
        if assignment.shipping.address.street:
            return _address(assignment.shipping.address)
    return None


def _address(row: AddressRow) -> Address:
    street: Mapping[int, str] = dict(enumerate(row.street))
    return Address(
        first_name=row.firstname,
        last_name=row.lastname,
        company=row.company,
        street=street.get(0, ""),
        street_more=", ".join(part for line, part in street.items() if line and part),
        city=row.city,
        state=row.region_code or row.region,
        postcode=row.postcode,
        country=row.country_id,
        phone=row.telephone,
    )
