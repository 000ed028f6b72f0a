from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.orders.baskets import LISTS, ONE, RULES, THREE, basis, baskets, goods, order, shipping
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind, Means, Payment, PlacedOrder
from tillbridge.domain.orders.parked import (
    FiguresDisagreeError,
    ForeignCurrencyError,
    NotMappedError,
    OrderParkedError,
    PaymentMissingError,
    TaxDiffersError,
    UnlinkedLineError,
)
from tillbridge.domain.orders.people import Address
from tillbridge.domain.orders.plan_sale import plan_sale
from tillbridge.domain.orders.planned import PlannedSale
from tillbridge.domain.orders.rules import CustomerRule, OrderRules, TaxRule, UnlinkedRule
from tillbridge.domain.orders.sale import TaxCategory
from tillbridge.domain.orders.tax import NO_TAX, reckon

pytestmark = pytest.mark.unit

WIDE = replace(RULES, rounding=Decimal("0.50"))


def till_total(sale: PlannedSale) -> Decimal:
    """Say what the till will make of a sale."""
    return reckon(sale.draft.lines, _category(sale.draft.tax_category_id)).total


def _category(category_id: str) -> TaxCategory:
    return next((one for one in LISTS.tax_categories if one.category_id == category_id), NO_TAX)


def only(sales: Sequence[PlannedSale]) -> PlannedSale:
    """Give the only sale."""
    assert len(sales) == 1
    return sales[0]


def test_a_basket_of_the_facts_comes_out_to_the_cent() -> None:  # facts/woocommerce.md: 3 x 9.99, 10 %, 8.875 %
    sale = only(plan_sale(order(goods("26.97", "2.39", units="3")), basis()))
    line = sale.draft.lines[0]
    assert (line.units, line.unit_price, line.item_id) == (THREE, Decimal("8.99"), "42")
    assert (sale.draft.expected, sale.rounding) == (Decimal("29.36"), ZERO)
    assert sale.draft.payments[0].amount == Decimal("29.36")
    assert (sale.key, sale.draft.reference, sale.draft.source) == ("sale/1", "1001/77", "woocommerce:c-1")


@pytest.mark.parametrize(
    ("rate", "category"), [(Decimal("0.08875"), "1"), (Decimal("0.19"), "3"), (Decimal("0.2"), "4")]
)
@pytest.mark.parametrize("inclusive", [False, True])
def test_generated_baskets_come_to_the_total(rate: Decimal, category: str, inclusive: bool) -> None:  # noqa: FBT001
    rules = replace(WIDE, tax_categories=(category,))

    @settings(max_examples=400, deadline=None)
    @given(baskets(rate, inclusive=inclusive))
    def check(placed: PlacedOrder) -> None:
        sales = plan_sale(placed, basis(rules))
        assert sum((till_total(sale) for sale in sales), Decimal(0)) == placed.total
        assert sum((one.amount for sale in sales for one in sale.draft.payments), Decimal(0)) == placed.total
        goods_sold = sum(line.units for sale in sales for line in sale.draft.lines if line.item_id)
        assert goods_sold == sum(charge.units for charge in placed.charges if charge.kind is ChargeKind.PRODUCT)
        for sale in sales:
            told = sum(line.unit_price * line.units for line in sale.draft.lines if line.line_id == "rounding")
            assert sale.rounding == told

    check()


@given(
    st.sampled_from([Decimal("0.05"), Decimal("0.0725"), Decimal("0.1")]).flatmap(
        lambda rate: baskets(rate, inclusive=False)
    )
)
def test_the_shops_own_tax_always_balances_without_rounding(placed: PlacedOrder) -> None:
    sales = plan_sale(placed, basis(replace(RULES, tax=TaxRule.SHOP)))
    assert sum((till_total(sale) for sale in sales), Decimal(0)) == placed.total
    assert all(sale.draft.tax_category_id == "0" and not sale.rounding for sale in sales)


def test_the_category_that_comes_nearest_is_taken() -> None:
    rules = replace(RULES, tax_categories=("1", "4", "2"))
    assert only(plan_sale(order(goods("10.00", "2.00")), basis(rules))).draft.tax_category_id == "4"
    assert only(plan_sale(order(goods("10.00", "1.50")), basis(rules))).draft.tax_category_id == "2"
    assert only(plan_sale(order(goods("10.00")), basis(rules))).draft.tax_category_id == "0"


def test_a_reduced_rate_goes_by_the_items_tax_class() -> None:
    rules = replace(RULES, tax_categories=("5",))
    placed = order(goods("10.00", "1.90"), goods("20.00", "1.00", line_id="2", product="18"))
    assert till_total(only(plan_sale(placed, basis(rules)))) == placed.total


def test_cents_become_a_line_and_more_parks_the_order() -> None:
    three = [goods("0.33", "0.03", line_id=str(number)) for number in range(3)]  # 0.0293 each, 0.0879 together
    sale = only(plan_sale(order(*three, goods("0.06", "0.01", line_id="4")), basis()))
    assert sale.rounding == Decimal("0.01")
    rounding = sale.draft.lines[-1]
    assert (rounding.note, rounding.unit_price, rounding.taxed) == ("Rounding of the web order", Decimal("0.01"), False)
    with pytest.raises(TaxDiffersError, match="orders_tax_categories"):
        plan_sale(order(goods("100.00", "5.00")), basis())


def test_an_inclusive_category_of_another_rate_is_not_taken_for_balanced() -> None:
    with pytest.raises(TaxDiffersError):
        plan_sale(order(goods("100.00", "5.00")), basis(replace(RULES, tax_categories=("3",))))


def test_what_is_no_goods_becomes_a_line_or_the_chosen_item() -> None:
    placed = order(goods("10.00"), shipping("5.00"))
    assert plan_sale(placed, basis())[0].draft.lines[1].note == "Parcel"
    chosen = plan_sale(placed, basis(replace(RULES, items={ChargeKind.SHIPPING: "900"})))[0].draft.lines[1]
    assert (chosen.item_id, chosen.note) == ("900", "")


def test_an_unlinked_product_is_named_or_waits() -> None:
    placed = order(goods("10.00", product="99"))
    line = plan_sale(placed, basis())[0].draft.lines[0]
    assert (line.item_id, line.note) == ("", "Mug (MUG)")
    with pytest.raises(UnlinkedLineError, match="MUG"):
        plan_sale(placed, basis(replace(RULES, unlinked=UnlinkedRule.PARK)))


def test_goods_of_two_places_become_two_sales() -> None:
    placed = order(
        goods("30.00", "2.66", units="3"),
        goods("10.00", "0.89", line_id="2", place="north"),
        shipping("5.00", "0.44"),
        payments=(
            Payment(method="card", amount=Decimal("11.11"), means=Means.GIFT_CARD),
            Payment(method="stripe", amount=Decimal("37.88")),
        ),
    )
    main, north = plan_sale(placed, basis())
    assert (main.key, north.key) == ("sale/1", "sale/2")
    assert (main.draft.register_id, north.draft.register_id) == ("5", "6")
    assert main.draft.expected + north.draft.expected == placed.total
    assert [line.line_id for line in north.draft.lines if line.line_id != "rounding"] == ["2"]
    for sale in (main, north):
        assert sum(one.amount for one in sale.draft.payments) == sale.draft.expected
    assert (main.draft.payments[0].type_id, main.draft.payments[0].amount) == ("11", Decimal("11.11"))


def test_a_foreign_order_needs_a_rate() -> None:
    placed = replace(order(goods("10.00", "0.89")), currency="EUR")
    with pytest.raises(ForeignCurrencyError, match="orders_rates"):
        plan_sale(placed, basis())
    sale = only(plan_sale(placed, basis(replace(RULES, rates={"EUR": Decimal("1.1")}))))
    assert sale.draft.expected == Decimal("11.98")
    assert sale.draft.payments[0].amount == Decimal("11.98")


def test_discounts_of_the_whole_order_are_rebates() -> None:
    off = Charge(line_id="d", kind=ChargeKind.DISCOUNT, name="Voucher", net=Decimal("-3.00"))
    line = plan_sale(order(goods("10.00"), off), basis())[0].draft.lines[1]
    assert (line.units, line.unit_price) == (ONE, Decimal("-3.00"))


def test_an_order_for_nothing_needs_no_payment() -> None:
    sale = only(plan_sale(order(goods("0.00", units="2"), payments=()), basis()))
    assert (sale.draft.expected, sale.draft.payments) == (ZERO, ())
    assert sale.draft.lines[0].units == 2


@pytest.mark.parametrize(
    ("placed", "rules", "error"),
    [
        (replace(order(goods("10.00")), total=Decimal("12.00")), RULES, FiguresDisagreeError),
        (order(goods("10.00"), payments=()), RULES, PaymentMissingError),
        (
            order(goods("10.00"), payments=(Payment(method="x", amount=Decimal(9)),)),
            RULES,
            PaymentMissingError,
        ),
        (order(goods("10.00")), replace(RULES, payment_types={"*": "12"}), NotMappedError),
        (order(goods("10.00")), replace(RULES, payment_types={}), NotMappedError),
        (order(goods("10.00")), replace(RULES, registers={"1": "7"}), NotMappedError),
        (order(goods("10.00")), replace(RULES, registers={"1": "6"}), NotMappedError),
        (order(goods("10.00")), replace(RULES, employee="3"), NotMappedError),
        (order(goods("10.00", "1.00")), replace(RULES, tax_categories=("77",)), NotMappedError),
        (order(goods("10.00", "1.00", place="north")), replace(RULES, by_place={"north": "8"}), NotMappedError),
    ],
)
def test_what_cannot_be_sold_says_why(placed: PlacedOrder, rules: OrderRules, error: type[OrderParkedError]) -> None:
    with pytest.raises(error) as caught:
        plan_sale(placed, basis(rules))
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("rule", "named"),
    [(CustomerRule.EACH, "Bell"), (CustomerRule.FOUND, "Bell"), (CustomerRule.NONE, "Web order 1001")],
)
def test_every_sale_of_goods_says_where_they_go_so_that_people_can_say_that_they_left(
    rule: CustomerRule, named: str
) -> None:
    leaves = goods("10.00", line_id="2", place="north")
    placed = replace(order(goods("30.00"), leaves, shipping("5.00")), deliver_to=Address(last_name="Bell", city="Hull"))
    sales = plan_sale(placed, basis(replace(RULES, customer=rule)))
    addresses = [sale.draft.deliver_to for sale in sales]
    assert [one.last_name for one in addresses if one] == [named, named]
    assert {one.city for one in addresses if one} == ({"Hull"} if named == "Bell" else {""})
    assert "Bell" not in repr(sales)  # invariant 5


def test_what_goes_nowhere_needs_no_address() -> None:
    assert plan_sale(order(goods("10.00")), basis())[0].draft.deliver_to is None
    only_a_fee = replace(order(shipping("5.00")), deliver_to=Address(last_name="Bell"))
    assert plan_sale(only_a_fee, basis())[0].draft.deliver_to is None
