from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.orders.baskets import (
    LISTS,
    NOON,
    ONE,
    RULES,
    THREE,
    basis,
    baskets,
    cents,
    goods,
    order,
    shipping,
)
from tillbridge.domain.orders.order import Payment, PlacedOrder, Refund, RefundLine, Standing
from tillbridge.domain.orders.parked import NothingSoldError
from tillbridge.domain.orders.places import Books
from tillbridge.domain.orders.plan_return import plan_correction, plan_refund
from tillbridge.domain.orders.plan_sale import plan_sale
from tillbridge.domain.orders.planned import PlannedSale, SoldLine
from tillbridge.domain.orders.tax import NO_TAX, reckon

pytestmark = pytest.mark.unit


def sold_by(sales: Sequence[PlannedSale]) -> list[SoldLine]:
    """Say what these sales have sold once the till has them; the till numbers its lines."""
    return [
        SoldLine(
            line_id=line.line_id,
            location_id=sale.draft.location_id,
            till_line_id=f"{sale.draft.location_id}-{number}",
            item_id=line.item_id,
            units_left=line.units,
            tax_class_id=line.tax_class_id,
            category_id=sale.draft.tax_category_id,
        )
        for sale in sales
        for number, line in enumerate(sale.draft.lines)
    ]


def booked(placed: PlacedOrder) -> Books:
    """Say what the books hold of an order that was sold as it is."""
    sales = plan_sale(placed, basis())
    return {
        one.line_id: {
            sale.draft.location_id: charge for sale in sales for charge in sale.charges if charge.line_id == one.line_id
        }
        for one in placed.charges
    }


def till_total(sale: PlannedSale) -> Decimal:
    """Say what the till will make of a sale."""
    category = next((one for one in LISTS.tax_categories if one.category_id == sale.draft.tax_category_id), NO_TAX)
    return reckon(sale.draft.lines, category).total


def refund(*lines: RefundLine, total: str, payments: tuple[Payment, ...] = ()) -> Refund:
    """Give a refund."""
    return Refund(refund_id="7", refunded_at=NOON, total=Decimal(total), lines=lines, payments=payments)


def back(net: str, tax: str = "0", units: str = "1", line_id: str = "1", *, restocked: bool = True) -> RefundLine:
    """Give a line of a refund."""
    return RefundLine(line_id=line_id, units=Decimal(units), net=Decimal(net), tax=Decimal(tax), restocked=restocked)


def test_units_that_were_put_back_return_with_the_line_that_sold_them() -> None:
    placed = order(goods("10.00", "0.89", units="3"))  # sold as 2 x 3.33 and 1 x 3.34
    sold = sold_by(plan_sale(placed, basis()))
    given_back = replace(placed, refunds=(refund(back("10.00", "0.89", units="3"), total="10.89"),))
    (sale,) = plan_refund(given_back, "7", sold, basis())
    assert (sale.key, sale.draft.reference, sale.draft.expected) == ("refund/7/1", "1001/77/R7", Decimal("-10.89"))
    returned = [(line.returns, line.units) for line in sale.draft.lines if line.returns]
    assert sum(units for _, units in returned) == -3
    assert {till_line for till_line, _ in returned} == {"1-0", "1-1"}
    assert sale.draft.payments[0].amount == Decimal("-10.89")
    assert till_total(sale) == Decimal("-10.89")


def test_goods_that_were_not_put_back_are_an_amount() -> None:
    placed = order(goods("10.00", units="2"))
    given_back = replace(placed, refunds=(refund(back("5.00", restocked=False), total="5.00"),))
    (sale,) = plan_refund(given_back, "7", sold_by(plan_sale(placed, basis())), basis())
    (line,) = sale.draft.lines
    assert (line.item_id, line.note, line.units, line.unit_price) == ("", "Refund: Mug", -ONE, Decimal("5.00"))


def test_an_amount_beyond_all_lines_is_a_line_of_its_own() -> None:
    placed = order(goods("10.00"), shipping("5.00"))
    given_back = replace(placed, refunds=(refund(total="4.00"),))
    (sale,) = plan_refund(given_back, "7", sold_by(plan_sale(placed, basis())), basis())
    assert [(line.note, line.unit_price) for line in sale.draft.lines] == [("Refund of an amount", Decimal("4.00"))]


def test_what_was_kept_of_the_goods_price_is_taken_off_what_goes_back() -> None:
    placed = order(goods("10.00"))
    given_back = replace(placed, refunds=(refund(back("10.00"), total="8.00"),))
    (sale,) = plan_refund(given_back, "7", sold_by(plan_sale(placed, basis())), basis())
    assert sale.draft.expected == Decimal("-8.00")
    assert till_total(sale) == Decimal("-8.00")
    assert all(line.unit_price >= 0 for line in sale.draft.lines)


def test_money_goes_back_by_the_type_that_gives_it_back() -> None:
    paid = (Payment(method="cod", amount=Decimal("10.00")),)
    placed = order(goods("10.00"), payments=paid)
    given_back = replace(placed, refunds=(refund(back("10.00"), total="10.00", payments=paid),))
    (sale,) = plan_refund(given_back, "7", sold_by(plan_sale(placed, basis())), basis())
    assert [(one.type_id, one.amount) for one in sale.draft.payments] == [("9", Decimal("-10.00"))]


def test_more_than_was_sold_does_not_come_back() -> None:
    placed = order(goods("10.00"))
    given_back = replace(placed, refunds=(refund(back("20.00", units="2"), total="20.00"),))
    with pytest.raises(NothingSoldError, match="by hand"):
        plan_refund(given_back, "7", sold_by(plan_sale(placed, basis())), basis())


def test_each_location_takes_back_its_own() -> None:
    placed = order(goods("30.00"), goods("10.00", line_id="2", place="north"))
    given_back = replace(placed, refunds=(refund(back("30.00"), back("10.00", line_id="2"), total="40.00"),))
    main, north = plan_refund(given_back, "7", sold_by(plan_sale(placed, basis())), basis())
    assert (main.draft.expected, north.draft.expected) == (Decimal(-30), Decimal(-10))
    assert (main.draft.location_id, north.draft.location_id) == ("1", "2")


@settings(max_examples=400, deadline=None)
@given(st.data(), baskets(Decimal("0.08875"), inclusive=False))
def test_generated_refunds_come_to_their_total(data: st.DataObject, placed: PlacedOrder) -> None:
    rules = replace(RULES, rounding=Decimal("0.50"))
    sold = sold_by(plan_sale(placed, basis(rules)))
    lines = []
    for charge in placed.charges:
        units = Decimal(data.draw(st.integers(0, int(charge.units))))
        share = units / charge.units
        if units:
            lines.append(
                RefundLine(
                    line_id=charge.line_id,
                    units=units,
                    net=cents(charge.net * share),
                    tax=cents(charge.tax * share),
                    restocked=data.draw(st.booleans()),
                )
            )
    total = sum((line.net + line.tax for line in lines), Decimal(0))
    given_back = replace(placed, refunds=(Refund(refund_id="7", refunded_at=NOON, total=total, lines=tuple(lines)),))
    sales = plan_refund(given_back, "7", sold, basis(rules))
    assert sum((till_total(sale) for sale in sales), Decimal(0)) == -total
    assert sum((one.amount for sale in sales for one in sale.draft.payments), Decimal(0)) == -total
    put_back = sum(line.units for line in lines if line.restocked and line.line_id != "s")
    assert sum(line.units for sale in sales for line in sale.draft.lines if line.returns) == -put_back
    assert all(line.unit_price >= 0 for sale in sales for line in sale.draft.lines if line.units < 0)


def test_an_order_as_it_was_sold_needs_no_correction() -> None:
    placed = order(goods("10.00", "0.89"), shipping("5.00", "0.44"))
    assert plan_correction(placed, 1, booked(placed), sold_by(plan_sale(placed, basis())), basis()) == ()


def test_an_edited_order_is_brought_to_what_it_is_now() -> None:
    placed = order(goods("20.00", units="2"), goods("8.00", line_id="2", product="18"))
    sold = sold_by(plan_sale(placed, basis()))
    edited = order(goods("10.00", units="1"), goods("12.00", line_id="3", product="18", units="3"))
    (sale,) = plan_correction(edited, 1, booked(placed), sold, basis())
    assert (sale.key, sale.draft.reference) == ("correction/1/1", "1001/77/C1")
    assert sale.draft.expected == Decimal("-6.00")
    assert [(line.line_id, line.units, line.item_id) for line in sale.draft.lines] == [
        ("1", -ONE, "42"),
        ("3", THREE, "43"),
        ("2", -ONE, "43"),
    ]
    assert sum(one.amount for one in sale.draft.payments) == Decimal("-6.00")


def test_a_price_that_changed_is_corrected_by_an_amount() -> None:
    placed = order(goods("10.00"))
    (sale,) = plan_correction(order(goods("7.00")), 1, booked(placed), sold_by(plan_sale(placed, basis())), basis())
    assert [(line.item_id, line.note, line.units, line.unit_price) for line in sale.draft.lines] == [
        ("", "Changed: Mug", -ONE, Decimal("3.00"))
    ]


def test_a_cancelled_order_gives_back_what_no_refund_has() -> None:
    placed = order(goods("20.00", units="2"), shipping("5.00"))
    sold = sold_by(plan_sale(placed, basis()))
    refunded = refund(back("10.00"), total="10.00")
    cancelled = replace(placed, standing=Standing.CANCELLED, refunds=(refunded,))
    left = [replace(one, units_left=one.units_left - 1) if one.line_id == "1" else one for one in sold]
    (sale,) = plan_correction(cancelled, 1, booked(placed), left, basis())
    assert sale.draft.expected == Decimal("-15.00")
    assert [(line.line_id, line.units) for line in sale.draft.lines] == [("1", -ONE), ("s", -ONE)]
