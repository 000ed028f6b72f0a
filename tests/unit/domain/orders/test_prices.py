from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.domain.orders.prices import per_unit

pytestmark = pytest.mark.unit
amounts = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("amount", "units", "pairs"),
    [
        ("26.97", "3", [("3", "8.99")]),
        ("10.00", "3", [("2", "3.33"), ("1", "3.34")]),
        ("-10.00", "-3", [("-2", "3.33"), ("-1", "3.34")]),
        ("-0.02", "3", [("1", "0.00"), ("2", "-0.01")]),
        ("0.02", "2", [("2", "0.01")]),
        ("9.99", "0.333", [("0.333", "30.00")]),
        ("0", "4", [("4", "0.00")]),
    ],
)
def test_an_amount_becomes_prices_of_whole_cents(amount: str, units: str, pairs: list[tuple[str, str]]) -> None:
    made = [(str(count), str(price)) for count, price in per_unit(Decimal(amount), Decimal(units))]
    assert [(Decimal(count), Decimal(price)) for count, price in made] == [(Decimal(a), Decimal(b)) for a, b in pairs]


@given(amounts, st.integers(1, 200))
def test_prices_of_whole_units_add_up_to_the_cent(amount: Decimal, count: int) -> None:
    pairs = list(per_unit(amount, Decimal(count)))
    assert sum(units * price for units, price in pairs) == amount
    assert sum(units for units, _ in pairs) == count
    assert all(units > 0 and price == price.quantize(Decimal("0.01")) for units, price in pairs)


@given(amounts.filter(lambda amount: amount > 0), st.integers(1, 200))
def test_what_is_given_back_has_prices_above_zero(amount: Decimal, count: int) -> None:
    pairs = list(per_unit(-amount, Decimal(-count)))
    assert sum(units * price for units, price in pairs) == -amount
    assert all(units < 0 <= price for units, price in pairs)


@given(amounts, st.decimals(min_value="0.001", max_value=50, places=3, allow_nan=False, allow_infinity=False))
def test_other_units_come_as_near_as_a_millionth_each(amount: Decimal, units: Decimal) -> None:
    made = sum(count * price for count, price in per_unit(amount, units))
    assert abs(made - amount) <= Decimal("0.000001") * units
