"""Drafts, lines and payments that the tests of selling write."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.orders.sale import SaleDraft, SaleLine, SalePayment, TillSale

if TYPE_CHECKING:
    from tillbridge.systems.counter import Counter

REFERENCE, SOURCE = "1001", "shopify:c2"
CASH, WEB, GIFT_CARD, ON_ACCOUNT = "1", "4", "5", "6"
NO_TAX, ONE_TAX, TWO_TAXES, INCLUSIVE = "0", "1", "3", "4"
BOOKS = "3"


def line(units: str, price: str, **more: Any) -> SaleLine:
    return SaleLine(units=Decimal(units), unit_price=Decimal(price), **more)


ONE_MUG = line("1", "10", item_id="5")


def draft(*lines: SaleLine, reference: str = REFERENCE, **more: Any) -> SaleDraft:
    head: dict[str, Any] = {
        "source": SOURCE,
        "location_id": "1",
        "register_id": "1",
        "employee_id": "1",
        "payments": (),
        "expected": Decimal(0),
    }
    return SaleDraft(reference=reference, lines=lines or (ONE_MUG,), **{**head, **more})


def paid(amount: str | Decimal, kind: str = WEB, reference: str = "") -> list[SalePayment]:
    return [SalePayment(type_id=kind, amount=Decimal(amount), reference=reference)]


def sold(floor: Shopfloor, *lines: SaleLine, kind: str = WEB, **more: Any) -> TillSale:
    """Write a sale and complete it."""
    till: Counter = floor.counter()
    opened = till.draft(draft(*lines, **more))
    return till.complete(opened.sale_id, paid(opened.total, kind))
