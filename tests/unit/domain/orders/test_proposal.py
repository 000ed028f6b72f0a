from dataclasses import replace

import pytest

from tests.unit.domain.orders.baskets import LISTS, RULES
from tillbridge.domain.orders.order import Standing
from tillbridge.domain.orders.proposal import problems, proposed
from tillbridge.domain.orders.rules import CustomerRule, OrderRules
from tillbridge.domain.orders.sale import PaymentType
from tillbridge.domain.orders.settings import OrderSettings

pytestmark = pytest.mark.unit


def test_what_fits_the_till_is_proposed() -> None:
    found = proposed(OrderSettings(), ["1", "2"], LISTS)
    assert (found.locations, found.registers) == ({"*": "1"}, {"1": "5", "2": "6"})
    assert (found.employee, found.payment_types, found.currency) == ("2", {"*": "9"}, "USD")
    assert not list(problems(found.rules("c-1", {}), LISTS))


def test_what_was_chosen_stays() -> None:
    chosen = OrderSettings(
        locations={"*": "2"}, registers={"1": "8"}, employee="4", payment_types={"*": "10"}, currency="CAD"
    )
    found = proposed(chosen, ["1", "2"], LISTS)
    assert found == replace(chosen, registers={"1": "8", "2": "6"})


def test_a_fitting_kind_does_where_no_name_speaks_of_the_web() -> None:
    types = (PaymentType(type_id="1", name="Cash", kind="cash"), PaymentType(type_id="3", name="C", kind="credit card"))
    assert proposed(OrderSettings(), [], replace(LISTS, payment_types=types)).payment_types == {"*": "3"}


def test_nothing_is_proposed_where_nothing_fits() -> None:
    bare = replace(LISTS, registers=(), employees=(), payment_types=(), currency="")
    assert proposed(OrderSettings(), ["1"], bare) == OrderSettings(locations={"*": "1"})


@pytest.mark.parametrize(
    ("rules", "setting"),
    [
        (replace(RULES, location=""), "orders_locations"),
        (replace(RULES, registers={"1": "5"}), "orders_registers"),
        (replace(RULES, registers={"1": "7", "2": "6"}), "orders_registers"),
        (replace(RULES, registers={"1": "6", "2": "6"}), "orders_registers"),
        (replace(RULES, employee=""), "orders_employee"),
        (replace(RULES, employee="3"), "orders_employee"),
        (replace(RULES, payment_types={"cod": "10"}), "orders_payment_types"),
        (replace(RULES, payment_types={"*": "12"}), "orders_payment_types"),
        (replace(RULES, tax_categories=("1", "77")), "orders_tax_categories"),
        (replace(RULES, location="3", by_place={}, registers={"3": "5"}), "orders_tax_categories"),
        (replace(RULES, customer=CustomerRule.ONE), "orders_web_customer"),
        (replace(RULES, ready=(Standing.DRAFT,)), "orders_ready"),
    ],
)
def test_what_is_missing_names_the_setting_that_mends_it(rules: OrderRules, setting: str) -> None:
    assert any(setting in problem for problem in problems(rules, LISTS))
