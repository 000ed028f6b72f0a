"""What a sale looks like when it is written (facts/lightspeed.md, A5). Pure.

Ids and quantities go as numbers, amounts as text with two decimals or as many as they have: as it was recorded.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from tillbridge.domain.errors import ItemRejectedError, Subject
from tillbridge.domain.orders.people import Address
from tillbridge.domain.orders.sale import SaleDraft, SaleLine, SalePayment

Body = dict[str, object]
CENT = Decimal("0.01")


def draft_body(draft: SaleDraft) -> Body:
    """Build a sale that is open and has no payments. Price rules are not run: the buyer's price is the price."""
    return {
        "employeeID": int(draft.employee_id),
        "registerID": int(draft.register_id),
        "shopID": int(draft.location_id),
        "customerID": int(draft.customer_id or 0),
        "taxCategoryID": int(draft.tax_category_id or 0),
        "referenceNumber": draft.reference,
        "referenceNumberSource": draft.source,
        "completed": False,
        "enablePromotions": False,
        "SaleLines": {"SaleLine": [line_body(line) for line in draft.lines]},
        **({"ShipTo": _ship_to(draft.deliver_to)} if draft.deliver_to else {}),
    }


def completion_body(payments: Sequence[SalePayment], more: Sequence[SaleLine], at: datetime | None) -> Body:
    """Build what completes a sale. Lines and payments are added to those it has, never put in their place."""
    body: Body = {"completed": True}
    if at:
        body["completeTime"] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    if more:
        body["SaleLines"] = {"SaleLine": [line_body(line) for line in more]}
    if payments:
        body["SalePayments"] = {"SalePayment": [_payment(payment) for payment in payments]}
    return body


def line_body(line: SaleLine) -> Body:
    """Build a line; one without an item is told by its note."""
    return {
        **({"itemID": int(line.item_id)} if line.item_id else {}),
        "unitQuantity": int(line.units),
        "unitPrice": money(line.unit_price),
        "tax": line.taxed,
        **({"taxClassID": int(line.tax_class_id)} if line.tax_class_id else {}),
        **({"parentSaleLineID": int(line.returns)} if line.returns else {}),
        **({"Note": {"note": line.note, "isPublic": True}} if line.note else {}),
    }


def money(amount: Decimal) -> str:
    """Write an amount with two decimals, or with all that it has: ``9.90``, ``8.264463``."""
    exact = amount.quantize(CENT) == amount
    return format(amount.quantize(CENT) if exact else amount.normalize(), "f")


def check_units(lines: Sequence[SaleLine], subject: Subject) -> None:
    """Refuse what the till has no form for: its quantities are whole numbers, and prices of returns not negative."""
    for line in lines:
        if line.units != line.units.to_integral_value():
            happened = f"{line.units} units are ordered of {_named(line)}, and Lightspeed sells whole units only."
            raise ItemRejectedError(
                happened,
                remedy="Write this sale by hand, or sell the item in a smaller unit.",
                code="PartOfUnit",
                subject=subject,
            )
        if line.units < 0 and line.unit_price < 0:
            raise ItemRejectedError(
                f"{_named(line)} would be given back at a negative price.",
                remedy="Write this refund by hand.",
                code="NegativePrice",
                subject=subject,
            )


def _named(line: SaleLine) -> str:
    return f"item {line.item_id}" if line.item_id else f"the line {line.note!r}"


def _payment(payment: SalePayment) -> Body:
    reference = {"remoteReference": payment.reference} if payment.reference else {}
    return {"amount": money(payment.amount), "paymentTypeID": int(payment.type_id), **reference}


def _ship_to(address: Address) -> Body:
    """Build where the sale is sent to. Only the name of this object is documented, not what it holds."""
    phones = {"Phones": {"ContactPhone": [{"number": address.phone, "useType": "Mobile"}]}} if address.phone else {}
    return {
        "firstName": address.first_name,
        "lastName": address.last_name,
        "company": address.company,
        "Contact": {"Addresses": {"ContactAddress": address_body(address)}, **phones},
    }


def address_body(address: Address) -> Body:
    """Build a postal address."""
    return {
        "address1": address.street,
        "address2": address.street_more,
        "city": address.city,
        "state": address.state,
        "zip": address.postcode,
        "country": address.country,
        "countryCode": address.country,
    }
