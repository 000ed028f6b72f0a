from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOON, level, stock
from tillbridge.domain.stock import ItemStock, Quantity, StockForm, StockRule, StockTerm, stock_figure

pytestmark = pytest.mark.unit
BOTH = StockRule(("1", "2"))


def test_the_figure_is_the_sum_of_its_terms() -> None:
    rule = StockRule(("1", "2"), safety_stock=Decimal(2))
    figure = stock_figure(stock(level(sellable="7"), level(location_id="2", sellable="3")), rule, {"s1:1001": 1})
    assert figure.quantity == 7
    assert figure.terms == (
        StockTerm("location 1", Decimal(7), NOON),
        StockTerm("location 2", Decimal(3), NOON),
        StockTerm("safety stock", Decimal(-2)),
        StockTerm("web order s1:1001", Decimal(-1)),
    )


def test_a_location_that_was_never_read_makes_the_figure_unwritable() -> None:  # invariant 1
    figure = stock_figure(stock(level(sellable="7")), BOTH, {})
    assert figure.missing == ("2",)
    assert not figure.writable


def test_a_location_outside_the_rule_does_not_count() -> None:
    assert (
        stock_figure(stock(level(sellable="7"), level(location_id="2", sellable="3")), StockRule(("2",)), {}).quantity
        == 3
    )


@pytest.mark.parametrize(("sellable", "shown"), [("2.999", 2), ("0.5", 0), ("-3", 0)])
def test_fractions_are_rounded_down_and_nothing_is_below_zero(sellable: str, shown: int) -> None:
    assert stock_figure(stock(level(sellable=sellable)), StockRule(("1",)), {}).quantity == shown


@pytest.mark.parametrize(
    ("step", "amount", "quantity"),
    [
        ("1", "2.999", 2),
        ("1", "-0.5", -1),
        ("12", "25", 24),
        ("0.001", "2.99999", Decimal("2.999")),
        ("0.001", "-0.0001", Decimal("-0.001")),
        ("0.25", "7", Decimal("7.00")),
        ("0.3", "0.8", Decimal("0.6")),
    ],
)
def test_a_figure_is_rounded_down_to_what_the_shop_counts(step: str, amount: str, quantity: Quantity) -> None:
    figure = StockForm(step=Decimal(step)).quantity(Decimal(amount))
    assert (figure, type(figure)) == (quantity, type(quantity))


amounts = st.decimals(min_value=-1000, max_value=100_000, places=3)


@given(st.lists(amounts, min_size=1, max_size=6), amounts, st.dictionaries(st.text(max_size=5), st.integers(0, 999)))
def test_the_figure_never_exceeds_what_is_left_of_the_stock(
    sellable: list[Decimal], safety: Decimal, reserved: dict[str, int]
) -> None:  # invariant 1
    rule = StockRule(tuple(str(place) for place in range(len(sellable))), safety_stock=abs(safety))
    levels = {str(place): level(location_id=str(place), sellable=str(amount)) for place, amount in enumerate(sellable)}
    figure = stock_figure(ItemStock("42", levels), rule, reserved)
    left = sum(sellable, Decimal(0)) - abs(safety) - sum(reserved.values())
    assert figure.quantity >= 0
    assert figure.quantity <= max(Decimal(0), left)
    assert figure.quantity > left - 1
    assert sum(term.amount for term in figure.terms) == left
