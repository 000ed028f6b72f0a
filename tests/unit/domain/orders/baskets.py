"""Orders and choices to plan sales from; made by hand and by hypothesis."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from tillbridge.domain.orders.order import Charge, ChargeKind, Payment, PlacedOrder, Standing
from tillbridge.domain.orders.planned import Basis, SoldItem
from tillbridge.domain.orders.rules import OrderRules
from tillbridge.domain.orders.sale import CounterLists, Employee, PaymentType, Register, TaxCategory
from tillbridge.domain.product import ListingRef

ONE, THREE = Decimal(1), Decimal(3)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CENT = Decimal("0.01")
EXACT = Decimal("0.08875")
RATES = (Decimal(0), Decimal("0.05"), EXACT, Decimal("0.19"), Decimal("0.2"))

LISTS = CounterLists(
    registers=(
        Register(register_id="5", name="Front", location_id="1"),
        Register(register_id="6", name="Back", location_id="2"),
        Register(register_id="7", name="Old", location_id="1", archived=True),
    ),
    employees=(Employee(employee_id="2", name="Web"), Employee(employee_id="3", name="Gone", archived=True)),
    payment_types=(
        PaymentType(type_id="9", name="Web"),
        PaymentType(type_id="10", name="Cash on delivery", refund_as="9"),
        PaymentType(type_id="11", name="Gift card"),
        PaymentType(type_id="12", name="Old", archived=True),
    ),
    tax_categories=(
        TaxCategory(category_id="1", name="New York", rates=(EXACT, Decimal(0))),
        TaxCategory(category_id="2", name="Two taxes", rates=(Decimal("0.05"), Decimal("0.09975"))),
        TaxCategory(category_id="3", name="Inclusive", inclusive=True, rates=(Decimal("0.19"), Decimal(0))),
        TaxCategory(category_id="4", name="Twenty", rates=(Decimal("0.2"), Decimal(0))),
        TaxCategory(
            category_id="5",
            name="Books",
            rates=(Decimal("0.19"), Decimal(0)),
            by_class={"3": (Decimal("0.05"), Decimal(0))},
        ),
    ),
    location_taxes={"1": "1", "2": "1"},
    currency="USD",
)

RULES = OrderRules(
    location="1",
    by_place={"north": "2"},
    registers={"1": "5", "2": "6"},
    employee="2",
    payment_types={"*": "9", "cod": "10", "gift_card": "11"},
    currency="USD",
)


def basis(
    rules: OrderRules = RULES, lists: CounterLists = LISTS, items: Mapping[ListingRef, SoldItem] | None = None
) -> Basis:
    """Give what sales are planned with; listings 17 and 18 are linked with items 42 and 43."""
    linked = {ListingRef("17"): SoldItem("42"), ListingRef("18"): SoldItem("43", "3")}
    return Basis(source="woocommerce:c-1", rules=rules, lists=lists, items=linked if items is None else items)


def goods(
    net: str, tax: str = "0", units: str = "1", line_id: str = "1", product: str = "17", place: str = ""
) -> Charge:
    """Give a line of goods."""
    return Charge(
        line_id=line_id,
        kind=ChargeKind.PRODUCT,
        name="Mug",
        sku="MUG",
        units=Decimal(units),
        net=Decimal(net),
        tax=Decimal(tax),
        ref=ListingRef(product),
        places={place: Decimal(units)} if place else {},
    )


def shipping(net: str, tax: str = "0") -> Charge:
    """Give a line of shipping."""
    return Charge(line_id="s", kind=ChargeKind.SHIPPING, name="Parcel", net=Decimal(net), tax=Decimal(tax))


def order(*charges: Charge, payments: tuple[Payment, ...] | None = None) -> PlacedOrder:
    """Give a paid order of these lines."""
    total = sum((charge.gross for charge in charges), Decimal(0))
    return PlacedOrder(
        order_id="77",
        number="1001",
        status="processing",
        standing=Standing.PAID,
        placed_at=NOON,
        changed_at=NOON,
        currency="USD",
        total=total,
        charges=charges,
        payments=(Payment(method="stripe", amount=total, reference="pi_1"),) if payments is None else payments,
    )


def cents(amount: Decimal) -> Decimal:
    """Round as shops do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


prices = st.decimals(min_value=0, max_value=500, places=2, allow_nan=False, allow_infinity=False)
amounts = st.integers(min_value=1, max_value=12).map(Decimal)


@st.composite
def baskets(draw: st.DrawFn, rate: Decimal, *, inclusive: bool) -> PlacedOrder:
    """Make an order as a shop does: discounts by line, tax rounded line by line, prices with the tax or without it."""
    charges: list[Charge] = []
    for number in range(draw(st.integers(1, 6))):
        units = draw(amounts)
        whole = draw(prices) * units
        off = cents(whole * draw(st.sampled_from((Decimal(0), Decimal("0.1"), Decimal("0.333"), Decimal(1)))))
        charges.append(_charge(number, units, whole - off, off, rate, inclusive=inclusive))
    net, tax = _split(draw(prices), rate, inclusive=inclusive)
    return order(*charges, replace(shipping("0"), net=net, tax=tax))


def _charge(number: int, units: Decimal, paid: Decimal, off: Decimal, rate: Decimal, *, inclusive: bool) -> Charge:
    net, tax = _split(paid, rate, inclusive=inclusive)
    one = goods("0", line_id=str(number), units=str(units))
    return replace(one, net=net, tax=tax, discount=off)


def _split(paid: Decimal, rate: Decimal, *, inclusive: bool) -> tuple[Decimal, Decimal]:
    if not inclusive:
        return paid, cents(paid * rate)
    tax = cents(paid - paid / (1 + rate))
    return paid - tax, tax
