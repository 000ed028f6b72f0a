"""Sales, and what they point into, from the wire to the domain. Pure."""

from tillbridge.domain.orders.sale import Employee, PaymentType, Register, TaxCategory, TillSale, TillSaleLine
from tillbridge.systems.counter import ShippedSale
from tillbridge.systems.lightspeed.parse import JsonObject, UnreadableError, read, read_private
from tillbridge.systems.lightspeed.wire_sales import (
    WireEmployee,
    WirePaymentType,
    WireRegister,
    WireSale,
    WireSaleLine,
    WireShipTo,
    WireShopTax,
    WireTaxCategory,
)


def read_sale(row: JsonObject) -> TillSale:
    """Read the record Sale with its lines."""
    wire = read(WireSale, row)
    foreign = [line.line_id for line in wire.lines if line.sale_id not in (None, wire.sale_id)]
    if foreign:
        raise UnreadableError("SaleLines", f"holds line {foreign[0]} of another sale")
    if len({line.line_id for line in wire.lines}) != len(wire.lines):
        raise UnreadableError("SaleLines", "holds a line twice")
    return TillSale(
        sale_id=wire.sale_id,
        ticket=wire.ticket,
        reference=wire.reference,
        source=wire.source,
        location_id=wire.location_id,
        completed=wire.completed,
        total=wire.total,
        lines=tuple(_line(line) for line in sorted(wire.lines, key=lambda line: int(line.line_id))),
        paid=wire.paid,
        archived=wire.archived,
        voided=wire.voided,
        tax=wire.tax1 + wire.tax2,
        customer_id=wire.customer_id or "",
        changed_at=wire.changed_at,
        completed_at=wire.completed_at,
    )


def read_return(row: JsonObject) -> TillSale | None:
    """Read a sale that gives something back; ``None`` for any other, and for one that does not count."""
    sale = read_sale(row)
    gives_back = any(line.units < 0 for line in sale.lines)
    return sale if gives_back and sale.completed and sale.counts else None


def _line(wire: WireSaleLine) -> TillSaleLine:
    return TillSaleLine(
        line_id=wire.line_id,
        item_id=wire.item_id or "",
        units=wire.units,
        unit_price=wire.unit_price,
        taxed=wire.tax,
        note=wire.note.text if wire.note else "",
        returns=wire.parent_id or "",
    )


def read_register(row: JsonObject) -> Register:
    """Read the record Register."""
    wire = read(WireRegister, row)
    return Register(register_id=wire.register_id, name=wire.name, location_id=wire.location_id, archived=wire.archived)


def read_employee(row: JsonObject) -> Employee:
    """Read the record Employee; one who is locked out counts as archived, since nobody should sell in that name."""
    wire = read_private(WireEmployee, row)
    return Employee(
        employee_id=wire.employee_id,
        name=f"{wire.first_name} {wire.last_name}".strip(),
        location_id=wire.location_id or "",
        archived=wire.archived or wire.locked,
    )


def read_payment_type(row: JsonObject) -> PaymentType:
    """Read the record PaymentType."""
    wire = read(WirePaymentType, row)
    return PaymentType(
        type_id=wire.type_id,
        name=wire.name,
        kind=wire.kind,
        refund_as=wire.refund_as or "",
        needs_customer=wire.needs_customer,
        archived=wire.archived,
    )


def read_tax_category(row: JsonObject) -> TaxCategory:
    """Read the record TaxCategory with the rates of tax classes that differ from it."""
    wire = read(WireTaxCategory, row)
    return TaxCategory(
        category_id=wire.category_id,
        name=" + ".join(name for name in (wire.name1, wire.name2) if name),
        inclusive=wire.inclusive,
        rates=(wire.rate1, wire.rate2),
        by_class={entry.class_id: (entry.rate1, entry.rate2) for entry in wire.classes},
    )


def read_shop_tax(row: JsonObject) -> tuple[str, str]:
    """Read of the record Shop its id and its sales tax, "" where it has none."""
    wire = read(WireShopTax, row)
    return wire.location_id, wire.category_id or ""


def read_shipped(row: JsonObject) -> ShippedSale | None:
    """Read the record ShipTo; ``None`` for what has not left, or belongs to no sale."""
    wire = read_private(WireShipTo, row)
    if not wire.shipped or wire.sale_id is None:
        return None
    return ShippedSale(sale_id=wire.sale_id, note=wire.note, changed_at=wire.changed_at)
