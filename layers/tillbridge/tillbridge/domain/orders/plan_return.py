"""What was given back, edited, moved or cancelled after the sale, as further sales of the till.

Units that the shop has put on sale again return to the till's stock, where it did, with the line that sold them;
everything else is given back as an amount, whose line says what for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.correct import Line, changed
from tillbridge.domain.orders.exchange import in_till_currency
from tillbridge.domain.orders.given_back import Located, amount_back, returned, sold_at, taken_back
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind, Payment, PlacedOrder, Refund, RefundLine
from tillbridge.domain.orders.parked import NothingSoldError
from tillbridge.domain.orders.parts import Part
from tillbridge.domain.orders.paying import settled, shared_out
from tillbridge.domain.orders.places import Books, main_location
from tillbridge.domain.orders.planned import Basis, PlannedSale, SoldLine, planned, reference_of, send_to


def plan_refund(order: PlacedOrder, refund_id: str, sold: Sequence[SoldLine], basis: Basis) -> tuple[PlannedSale, ...]:
    """Plan how the till gives back what the shop has; together the sales come to the refund's total, below zero.

    Raises ``NothingSoldError`` where more units come back than were sold, and other errors of ``parked``.
    """
    order = in_till_currency(order, basis.rules)
    refund = next(one for one in order.refunds if one.refund_id == refund_id)
    located = [*_refunded(order, refund, sold, basis)]
    reference = f"{reference_of(order)}/R{refund_id}"
    payments = _money_back(order, refund)
    return _shared(order, basis, f"refund/{refund_id}", reference, located, -refund.total, payments, sold)


def plan_correction(
    order: PlacedOrder, number: int, books: Books, sold: Sequence[SoldLine], basis: Basis
) -> tuple[PlannedSale, ...]:
    """Plan what brings the books to what an order was edited to; refunds are told apart.

    A cancelled order is edited to what was refunded of it. Nothing to correct gives no sales.
    """
    order = in_till_currency(order, basis.rules)
    wanted = {charge.line_id: charge for charge in wanted_charges(order)}
    main = _main(order, books, sold, basis)
    located: list[Located] = []
    for line_id in dict.fromkeys((*wanted, *books)):
        mine = [one for one in sold if one.line_id == line_id]
        located += changed(Line(line_id, wanted.get(line_id), books.get(line_id, {}), mine), main, basis)
    total = sum((one.part.gross for one in located), ZERO)
    payments = _by_method(order, total)
    reference = f"{reference_of(order)}/C{number}"
    return _shared(order, basis, f"correction/{number}", reference, located, total, payments, sold)


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
            places={},
        )


def _refunded(order: PlacedOrder, refund: Refund, sold: Sequence[SoldLine], basis: Basis) -> Iterator[Located]:
    main = _main(order, {}, sold, basis)
    charges = {charge.line_id: charge for charge in order.charges}
    for line in refund.lines:
        charge = charges.get(line.line_id)
        if line.restocked and line.units and charge and charge.kind is ChargeKind.PRODUCT:
            yield from _put_back(charge, line, sold, basis.rules.by_place.get(line.place, ""))
        elif line.net or line.tax:
            yield Located(sold_at(line.line_id, sold, main), _amount(line, charge, basis))
    if refund.beyond_lines:
        yield Located(main, amount_back("amount", "Refund of an amount", refund.beyond_lines))


def _put_back(charge: Charge, line: RefundLine, sold: Sequence[SoldLine], at: str) -> Iterator[Located]:
    """Give units back by the lines that sold them, at the location that has them now, or else at that of the line."""
    mine = [one for one in sold if one.line_id == line.line_id]
    taken = taken_back(mine, line.units, {at: line.units})
    found = sum((units for _, units in taken), ZERO)
    if found < line.units:
        raise NothingSoldError(
            f"The shop takes back {line.units} x {charge.name!r}, of which {found} are sold in the till.",
            remedy="Give the rest back by hand in the till, then ignore the order (tillbridge order ignore).",
        )
    parts = returned(line.line_id, charge.name, taken, line.net, line.tax)
    for (one, _), part in zip(taken, parts, strict=True):
        yield Located(at or one.location_id, part)


def _amount(line: RefundLine, charge: Charge | None, basis: Basis) -> Part:
    """Give money back and no goods; what is sold as an item of its own, like shipping, is given back as that."""
    told = f"{charge.name}" if charge else f"line {line.line_id}"
    item = basis.rules.items.get(charge.kind, "") if charge and charge.kind is not ChargeKind.PRODUCT else ""
    part = amount_back(line.line_id, f"Refund: {told}", line.net, line.tax)
    return replace(part, item_id=item)


def _shared(  # noqa: PLR0913, PLR0917  a sale is made of just so many things
    order: PlacedOrder,
    basis: Basis,
    key: str,
    reference: str,
    located: Iterable[Located],
    total: Decimal,
    payments: Sequence[Payment],
    sold: Sequence[SoldLine],
) -> tuple[PlannedSale, ...]:
    """Plan a sale per location; what the parts lack of the total goes to the first."""
    by_location: dict[str, list[Located]] = {}
    for one in located:
        by_location.setdefault(one.location, []).append(one)
    totals = {location: sum((one.part.gross for one in here), ZERO) for location, here in by_location.items()}
    for first in list(totals)[:1]:
        totals[first] += total - sum(totals.values(), ZERO)
    shares = _paid(order, total, payments, [*totals.values()], basis)
    categories = {one.location_id: one.category_id for one in sold}
    return tuple(
        planned(
            basis,
            key,
            reference,
            location,
            parts=[one.part for one in here],
            total=totals[location],
            payments=paid,
            charges=[one.charge for one in here if one.charge],
            send_to=send_to(order, basis),
            prefer=categories.get(location, next(iter(categories.values()), "") if totals[location] < 0 else ""),
        )
        for (location, here), paid in zip(by_location.items(), shares, strict=True)
    )


def _paid(
    order: PlacedOrder, total: Decimal, payments: Sequence[Payment], totals: Sequence[Decimal], basis: Basis
) -> Sequence[tuple[Payment, ...]]:
    """Share payments out; where one location gives back what another takes, each has payments of its own."""
    if any(total < 0 for total in totals) and any(total > 0 for total in totals):
        return [_by_method(order, total) for total in totals]
    return [*shared_out(settled(payments, total, basis.rules), totals)]


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


def _main(order: PlacedOrder, books: Books, sold: Sequence[SoldLine], basis: Basis) -> str:
    main = main_location(order, basis.rules, books)
    locations = [one.location_id for one in sold]
    return main if main in locations or not locations else locations[0]
