"""Sales that are about to be written, and what is remembered of those that were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.balance import balance
from tillbridge.domain.orders.order import ZERO, Payment, PlacedOrder
from tillbridge.domain.orders.parked import NotMappedError
from tillbridge.domain.orders.parts import Part
from tillbridge.domain.orders.paying import sale_payments
from tillbridge.domain.orders.people import Address
from tillbridge.domain.orders.record import BookedCharge
from tillbridge.domain.orders.rules import CustomerRule, OrderRules
from tillbridge.domain.orders.sale import CounterLists, SaleDraft
from tillbridge.domain.product import ListingRef


@dataclass(frozen=True, slots=True)
class SoldItem:
    """The item of the till that a listing is linked with."""

    item_id: str
    tax_class_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """A line of a sale of ours: what of an order's line it sold, and how many units nobody has given back yet."""

    line_id: str
    location_id: str
    till_line_id: str
    item_id: str
    units_left: Decimal
    tax_class_id: str = ""
    category_id: str = ""  # the tax category of its sale


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSale:
    """One sale to write. ``key`` tells the bookings of an order apart: ``sale/1``, ``refund/77/1``, ``correction/2/1``.

    ``charges`` is what it adds to the books of the order's lines. ``rounding`` is the line that closes the difference
    between shop and till, ``tax_difference`` the shop's tax less the till's.
    """

    key: str
    draft: SaleDraft
    charges: tuple[BookedCharge, ...] = ()
    rounding: Decimal = ZERO
    tax_difference: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What it takes to plan sales for the orders of one shop.

    ``source`` names the shop in every sale. ``items`` are the items of linked listings.
    """

    source: str
    rules: OrderRules
    lists: CounterLists
    items: Mapping[ListingRef, SoldItem]
    customer_id: str = "0"


def reference_of(order: PlacedOrder) -> str:
    """Name an order so that people find it and no two share it: the number, and the id where it is another."""
    return order.number if order.number == order.order_id else f"{order.number}/{order.order_id}"


def send_to(order: PlacedOrder, basis: Basis) -> Address | None:
    """Say where an order goes, which a sale has to name so that the till's people can say that it has left.

    Where the merchant wants no buyer named in the till, it names the order and nobody.
    """
    if order.deliver_to is None or basis.rules.customer in {CustomerRule.EACH, CustomerRule.FOUND}:
        return order.deliver_to
    return Address(last_name=f"Web order {order.number}")


def planned(  # noqa: PLR0913  a sale is made of just so many things
    basis: Basis,
    key: str,
    reference: str,
    location: str,
    *,
    parts: Sequence[Part],
    total: Decimal,
    payments: Sequence[Payment],
    charges: Sequence[BookedCharge] = (),
    prefer: str = "",
    send_to: Address | None = None,
) -> PlannedSale:
    """Plan one sale of ``parts`` that comes to ``total``; goods that it sells go to ``send_to``.

    Raises errors of ``parked``.
    """
    balanced = balance(parts, total, location, basis.rules, basis.lists, prefer=prefer)
    return PlannedSale(
        key=f"{key}/{location}",
        draft=SaleDraft(
            reference=reference,
            source=basis.source,
            location_id=location,
            register_id=_register(basis, location),
            employee_id=_employee(basis),
            lines=balanced.lines,
            payments=sale_payments(payments, basis.rules, basis.lists, back=total < 0),
            expected=total,
            tax_category_id=balanced.category_id,
            customer_id=basis.customer_id,
            deliver_to=send_to if any(charge.goods and charge.units > 0 for charge in charges) else None,
        ),
        charges=tuple(charges),
        rounding=balanced.rounding,
        tax_difference=balanced.tax_difference,
    )


def _register(basis: Basis, location: str) -> str:
    chosen = basis.rules.registers.get(location, "")
    for register in basis.lists.registers:
        if register.register_id == chosen and register.location_id == location and not register.archived:
            return chosen
    raise NotMappedError(
        f"No register that is in use is chosen for location {location}.",
        remedy="Choose one with the setting orders_registers: the order is tried again at once.",
    )


def _employee(basis: Basis) -> str:
    for employee in basis.lists.employees:
        if employee.employee_id == basis.rules.employee and not employee.archived:
            return employee.employee_id
    raise NotMappedError(
        "No employee who works there is chosen for web orders.",
        remedy="Choose one with the setting orders_employee: the order is tried again at once.",
    )
