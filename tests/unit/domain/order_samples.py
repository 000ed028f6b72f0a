"""Small makers of web orders and sales of the till."""

from decimal import Decimal
from typing import Any

from tests.unit.domain.samples import NOON
from tillbridge.domain.orders.order import Charge, ChargeKind, Payment, PlacedOrder, Refund, RefundLine, Standing
from tillbridge.domain.orders.sale import SaleDraft, SaleLine, SalePayment, TillSale, TillSaleLine
from tillbridge.domain.product import ListingRef


def product_charge(line_id: str = "1", ref: str = "17", units: int = 2, price: str = "5.00", **changes: Any) -> Charge:
    values: dict[str, Any] = {
        "line_id": line_id,
        "kind": ChargeKind.PRODUCT,
        "name": "Mug Blue",
        "units": Decimal(units),
        "net": Decimal(price) * units,
        "ref": ListingRef(ref),
    }
    return Charge(**{**values, **changes})


def placed(order_id: str = "1001", **changes: Any) -> PlacedOrder:
    charges = changes.pop("charges", (product_charge(),))
    total = sum((charge.gross for charge in charges), Decimal(0))
    values: dict[str, Any] = {
        "order_id": order_id,
        "number": order_id,
        "status": "processing",
        "standing": Standing.PAID,
        "placed_at": NOON,
        "changed_at": NOON,
        "currency": "EUR",
        "total": total,
        "charges": charges,
        "payments": (Payment(method="stripe", amount=total, reference="pay_1"),),
    }
    return PlacedOrder(**{**values, **changes})


def refund(refund_id: str = "r1", units: int = 1, price: str = "5.00", *, restocked: bool = True) -> Refund:
    amount = Decimal(price) * units
    line = RefundLine(line_id="1", units=Decimal(units), net=amount, restocked=restocked)
    return Refund(refund_id=refund_id, refunded_at=NOON, total=amount, lines=(line,))


def draft(**changes: Any) -> SaleDraft:
    values: dict[str, Any] = {
        "reference": "1001",
        "source": "woocommerce:shop",
        "location_id": "1",
        "register_id": "3",
        "employee_id": "4",
        "lines": (SaleLine(units=Decimal(2), unit_price=Decimal(5), item_id="1", line_id="1"),),
        "payments": (SalePayment(type_id="9", amount=Decimal(10)),),
        "expected": Decimal(10),
    }
    return SaleDraft(**{**values, **changes})


def till_sale(sale_id: str = "90", **changes: Any) -> TillSale:
    values: dict[str, Any] = {
        "sale_id": sale_id,
        "ticket": f"2200{sale_id}",
        "reference": "1001",
        "source": "woocommerce:shop",
        "location_id": "1",
        "completed": False,
        "total": Decimal(10),
        "lines": (
            TillSaleLine(
                line_id=f"{sale_id}1", item_id="1", units=Decimal("2.0"), unit_price=Decimal("5.00"), taxed=False
            ),
        ),
        "changed_at": NOON,
    }
    return TillSale(**{**values, **changes})
