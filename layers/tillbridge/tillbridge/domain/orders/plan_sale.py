"""A web order as sales of the till, one per location that its goods leave."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tillbridge.domain.orders.exchange import in_till_currency
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind, PlacedOrder
from tillbridge.domain.orders.parked import FiguresDisagreeError, UnlinkedLineError
from tillbridge.domain.orders.parts import Part
from tillbridge.domain.orders.paying import settled, shared_out
from tillbridge.domain.orders.places import Books, booked, main_location, shared
from tillbridge.domain.orders.planned import Basis, PlannedSale, planned, reference_of, send_to
from tillbridge.domain.orders.rules import UnlinkedRule


def plan_sale(order: PlacedOrder, basis: Basis, books: Books | None = None) -> tuple[PlannedSale, ...]:
    """Plan the sales of an order that has none yet, or not all; together they come to its total.

    ``books`` is what those that are completed have booked: it stays where it is. An order of which nothing is left to
    sell has none. Raises errors of ``parked``.
    """
    order = in_till_currency(order, basis.rules)
    _checked(order, basis)
    by_location = _by_location(order, basis, books or {})
    totals = _totals(order, by_location)
    payments = shared_out(settled(order.payments, order.total, basis.rules), [*totals.values()])
    reference = reference_of(order)
    return tuple(
        planned(
            basis,
            "sale",
            reference,
            location,
            parts=[*_parts(charges, basis)],
            total=totals[location],
            payments=paid,
            charges=[*map(booked, charges)],
            send_to=send_to(order, basis),
        )
        for (location, charges), paid in zip(by_location.items(), payments, strict=True)
    )


def part_of(charge: Charge, basis: Basis) -> Part:
    """Say what a charge is sold as. Raises ``UnlinkedLineError`` where the merchant wants to wait for a link."""
    item = basis.items.get(charge.ref) if charge.ref else None
    if charge.kind is ChargeKind.PRODUCT and item is None and basis.rules.unlinked is UnlinkedRule.PARK:
        raise UnlinkedLineError(
            f"The product {charge.sku or charge.name!r} of the order is linked with no item.",
            remedy="Link it (tillbridge links), then resend the order; or set orders_unlinked to line.",
        )
    return Part(
        line_id=charge.line_id,
        name=f"{charge.name} ({charge.sku})" if charge.sku else charge.name,
        units=charge.units or Decimal(1),
        net=charge.net,
        tax=charge.tax,
        item_id=item.item_id if item else basis.rules.items.get(charge.kind, ""),
        tax_class_id=item.tax_class_id if item else "",
    )


def _checked(order: PlacedOrder, basis: Basis) -> None:
    off = order.total - order.charged
    if abs(off) > basis.rules.rounding:
        raise FiguresDisagreeError(
            f"The lines of the order come to {order.charged}, and its total is {order.total}.",
            remedy="Look at the order in the shop: a plugin may charge something that it does not tell. Ring it up by"
            " hand and ignore it here (tillbridge order ignore), or raise orders_rounding.",
        )


def _by_location(order: PlacedOrder, basis: Basis, books: Books) -> Mapping[str, Sequence[Charge]]:
    main = main_location(order, basis.rules, books)
    at: dict[str, list[Charge]] = {}
    for charge in order.charges:
        if charge.units or charge.gross:
            for location, share in shared(charge, basis.rules, books.get(charge.line_id, {}), main).items():
                at.setdefault(location, []).append(share)
    return dict(sorted(at.items(), key=lambda entry: entry[0] != main))


def _totals(order: PlacedOrder, by_location: Mapping[str, Sequence[Charge]]) -> Mapping[str, Decimal]:
    """Say what each sale has to come to; what the shop's lines lack of its total goes to the main one."""
    totals = {location: sum((one.gross for one in charges), ZERO) for location, charges in by_location.items()}
    for main in list(totals)[:1]:
        totals[main] += order.total - order.charged
    return totals


def _parts(charges: Sequence[Charge], basis: Basis) -> Iterator[Part]:
    return (part_of(charge, basis) for charge in charges)
