"""What was given back, edited or cancelled after the sale, as further sales of the till.

Units that the shop has put on sale again return to the till's stock, with the line that sold them; everything else is
given back as an amount, whose line says what for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.cents import share
from tillbridge.domain.orders.exchange import in_till_currency
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind, Payment, PlacedOrder, Refund, RefundLine
from tillbridge.domain.orders.parked import NothingSoldError
from tillbridge.domain.orders.parts import Part
from tillbridge.domain.orders.paying import settled, shared_out
from tillbridge.domain.orders.plan_sale import main_location, part_of
from tillbridge.domain.orders.planned import Basis, Booked, PlannedSale, SoldLine, planned, reference_of

Located = tuple[str, Part]
"""A location and what is sold or given back there."""


def plan_refund(order: PlacedOrder, refund_id: str, sold: Sequence[SoldLine], basis: Basis) -> tuple[PlannedSale, ...]:
    """Plan how the till gives back what the shop has; together the sales come to the refund's total, below zero.

    Raises ``NothingSoldError`` where more units come back than were sold, and other errors of ``parked``.
    """
    order = in_till_currency(order, basis.rules)
    refund = next(one for one in order.refunds if one.refund_id == refund_id)
    located = [*_refunded(order, refund, sold, basis)]
    reference = f"{reference_of(order)}/R{refund_id}"
    return _shared(basis, f"refund/{refund_id}", reference, located, -refund.total, _money_back(order, refund), sold)


def plan_correction(
    order: PlacedOrder, number: int, booked: Mapping[str, Booked], sold: Sequence[SoldLine], basis: Basis
) -> tuple[PlannedSale, ...]:
    """Plan what brings the books to what an order was edited to; refunds are told apart.

    A cancelled order is edited to what was refunded of it. Nothing to correct gives no sales.
    """
    order = in_till_currency(order, basis.rules)
    wanted = {charge.line_id: charge for charge in wanted_charges(order)}
    located: list[Located] = []
    for line_id in dict.fromkeys((*wanted, *booked)):
        located += _changed(wanted.get(line_id), booked.get(line_id), line_id, sold, order, basis)
    total = sum((part.gross for _, part in located), ZERO)
    if not located:
        return ()
    payments = _by_method(order, total)
    reference = f"{reference_of(order)}/C{number}"
    return _shared(basis, f"correction/{number}", reference, located, total, payments, sold)


def wanted_charges(order: PlacedOrder) -> Iterator[Charge]:
    """Say what the books should hold of each line."""
    if not order.cancelled:
        yield from order.charges
        return
    for charge in order.charges:
        back = [line for refund in order.refunds for line in refund.lines if line.line_id == charge.line_id]
        yield replace(
            charge,
            units=sum((line.units for line in back), ZERO),
            net=sum((line.net for line in back), ZERO),
            tax=sum((line.tax for line in back), ZERO),
        )


def _refunded(order: PlacedOrder, refund: Refund, sold: Sequence[SoldLine], basis: Basis) -> Iterator[Located]:
    main = _main(order, sold, basis)
    charges = {charge.line_id: charge for charge in order.charges}
    for line in refund.lines:
        charge = charges.get(line.line_id)
        if line.restocked and line.units and charge and charge.kind is ChargeKind.PRODUCT:
            yield from _put_back(charge, line, sold)
        elif line.net or line.tax:
            yield _sold_at(line.line_id, sold, main), _amount(line, charge, basis)
    if refund.beyond_lines:
        yield main, _back("amount", "Refund of an amount", refund.beyond_lines)


def _put_back(charge: Charge, line: RefundLine, sold: Sequence[SoldLine]) -> Iterator[Located]:
    """Give units back by the lines that sold them, until all are; the last takes what is left of the amount."""
    left, net, tax = line.units, line.net, line.tax
    for one in sold:
        if one.line_id != line.line_id or not one.units_left or not left:
            continue
        units = min(left, one.units_left)
        last = units == left
        share_net = net if last else share(line.net, units, line.units)
        share_tax = tax if last else share(line.tax, units, line.units)
        left, net, tax = left - units, net - share_net, tax - share_tax
        yield (
            one.location_id,
            Part(
                line_id=line.line_id,
                name=f"Returned: {charge.name}",
                units=-units,
                net=-share_net,
                tax=-share_tax,
                item_id=one.item_id,
                tax_class_id=one.tax_class_id,
                returns=one.till_line_id,
            ),
        )
    if left:
        raise NothingSoldError(
            f"The shop takes back {line.units} x {charge.name!r}, of which {line.units - left} are sold in the till.",
            remedy="Give the rest back by hand in the till, then ignore the order (tillbridge order ignore).",
        )


def _amount(line: RefundLine, charge: Charge | None, basis: Basis) -> Part:
    """Give money back and no goods; what is sold as an item of its own, like shipping, is given back as that."""
    told = f"{charge.name}" if charge else f"line {line.line_id}"
    item = basis.rules.items.get(charge.kind, "") if charge and charge.kind is not ChargeKind.PRODUCT else ""
    part = _back(line.line_id, f"Refund: {told}", line.net, line.tax)
    return replace(part, item_id=item)


def _changed(
    wanted: Charge | None,
    booked: Booked | None,
    line_id: str,
    sold: Sequence[SoldLine],
    order: PlacedOrder,
    basis: Basis,
) -> Iterator[Located]:
    """Say what brings one line from what the books hold to what is wanted."""
    units = (wanted.units if wanted else ZERO) - (booked.units if booked else ZERO)
    net = (wanted.net if wanted else ZERO) - (booked.net if booked else ZERO)
    tax = (wanted.tax if wanted else ZERO) - (booked.tax if booked else ZERO)
    if not units and not net and not tax:
        return
    main = _main(order, sold, basis)
    if units < 0 and net <= 0 and _sold_units(line_id, sold) >= -units:
        name = wanted.name if wanted else booked.name if booked else line_id
        back = RefundLine(line_id=line_id, units=-units, net=-net, tax=-tax, restocked=True)
        gone = Charge(line_id=line_id, kind=ChargeKind.PRODUCT, name=name, net=ZERO)
        yield from _put_back(gone, back, sold)
    elif units > 0 and net >= 0 and wanted:
        where = basis.rules.at(wanted.place) if wanted.kind is ChargeKind.PRODUCT else main
        yield where, part_of(replace(wanted, units=units, net=net, tax=tax), basis)
    else:
        name = wanted.name if wanted else booked.name if booked else line_id
        yield _sold_at(line_id, sold, main), _back(line_id, f"Changed: {name}", -net, -tax)


def _back(line_id: str, name: str, net: Decimal, tax: Decimal = ZERO) -> Part:
    """Give an amount back, or take what is less than nothing. A price given back is never below zero in the till."""
    units = Decimal(-1) if net >= 0 else Decimal(1)
    return Part(line_id=line_id, name=name, units=units, net=-net, tax=-tax)


def _shared(  # noqa: PLR0913, PLR0917  a sale is made of just so many things
    basis: Basis,
    key: str,
    reference: str,
    located: Iterable[Located],
    total: Decimal,
    payments: Sequence[Payment],
    sold: Sequence[SoldLine],
) -> tuple[PlannedSale, ...]:
    """Plan a sale per location; what the parts lack of the total goes to the first."""
    by_location: dict[str, list[Part]] = {}
    for location, part in located:
        by_location.setdefault(location, []).append(part)
    totals = {location: sum((part.gross for part in parts), ZERO) for location, parts in by_location.items()}
    for first in list(totals)[:1]:
        totals[first] += total - sum(totals.values(), ZERO)
    shares = shared_out(settled(payments, total, basis.rules), [*totals.values()])
    categories = {one.location_id: one.category_id for one in sold}
    return tuple(
        planned(
            basis,
            key,
            reference,
            location,
            parts=parts,
            total=totals[location],
            payments=paid,
            prefer=categories.get(location, ""),
        )
        for (location, parts), paid in zip(by_location.items(), shares, strict=True)
    )


def _money_back(order: PlacedOrder, refund: Refund) -> tuple[Payment, ...]:
    """Say how money went back: as the refund tells, or else as it came."""
    told = tuple(replace(payment, amount=-payment.amount) for payment in refund.payments)
    if sum((payment.amount for payment in told), ZERO) == -refund.total:
        return told
    return _by_method(order, -refund.total)


def _by_method(order: PlacedOrder, total: Decimal) -> tuple[Payment, ...]:
    """Pay an amount by the order's own means, those with the most money in them first."""
    if not total:
        return ()
    sign = Decimal(1).copy_sign(total)
    left, given = abs(total), []
    by_size = sorted(order.payments, key=lambda payment: -payment.amount)
    for position, payment in enumerate(by_size):
        last = position == len(by_size) - 1 or total > 0
        amount = left if last else min(left, payment.amount)
        if amount:
            given.append(replace(payment, amount=amount * sign))
        left -= amount
    return tuple(given)


def _main(order: PlacedOrder, sold: Sequence[SoldLine], basis: Basis) -> str:
    main = main_location(order, basis)
    locations = [one.location_id for one in sold]
    return main if main in locations or not locations else locations[0]


def _sold_at(line_id: str, sold: Sequence[SoldLine], default: str) -> str:
    return next((one.location_id for one in sold if one.line_id == line_id), default)


def _sold_units(line_id: str, sold: Sequence[SoldLine]) -> Decimal:
    return sum((one.units_left for one in sold if one.line_id == line_id), ZERO)
