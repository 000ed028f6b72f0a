"""A few of the stories about orders that ``make proof`` plays, with every change."""

from decimal import Decimal

import pytest

from tests.proof.orders.any_order import KINDS, rung_up_any
from tests.proof.orders.market import SHOPS
from tests.proof.orders.money import ON_TOP, rung_up
from tests.proof.orders.once import Run
from tests.proof.orders.poison import delays
from tests.proof.orders.week import Week
from tillbridge.domain.merchant import System

pytestmark = pytest.mark.simulation


@pytest.mark.parametrize("seed", [1, 2])
def test_orders_of_four_shops_become_one_sale_each(seed: int) -> None:  # invariants 2 and 8
    run = Run(16, disturbed=True, thorough=False, seed=seed).play()
    found = run.judged()
    assert found.problems == []
    assert (found.sold > 8, sum(run.market.deaths.values()) > 3, run.market.stumbled) == (True, True, [])
    assert run.market.line.struck


@pytest.mark.parametrize("system", [System.WOOCOMMERCE, System.MAGENTO])
def test_a_sale_comes_to_what_its_order_does(system: System) -> None:  # invariant 2
    sums, first = rung_up(system, inside=False, baskets=10)
    assert (sums.wrong, sums.parked) == ([], {})
    assert sums.exact + sum(sums.rounded.values()) == 30
    assert first == Decimal("29.36"), "three times 9.99, ten per cent off, 8.875 % (facts/woocommerce.md)"
    assert set(sums.rounded) == {ON_TOP}
    assert sums.largest <= Decimal("0.05")


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("system", SHOPS.values())
def test_the_basket_of_the_facts_comes_to_the_cent_in_every_shop(system: System, inside: bool) -> None:  # noqa: FBT001
    """Three times 9.99, ten per cent off, 8.875 % (facts/woocommerce.md): 29.36, or 26.97 as each shop rounds."""
    # invariant 2
    sums, goods = rung_up(system, inside=inside, baskets=1)
    assert (sums.baskets, sums.sales, sums.wrong, sums.parked) == (1, 3, [], {})
    assert goods == Decimal("29.36") if not inside else Decimal("26.97") <= goods <= Decimal("26.99")


@pytest.mark.parametrize("inside", [False, True])
def test_orders_of_every_kind_come_to_what_their_shop_says(inside: bool) -> None:  # noqa: FBT001  # invariant 2
    tally = rung_up_any(40, inside=inside)
    assert (tally.orders, tally.wrong, tally.parked) == (40, [], {})
    assert tally.exact + tally.rounded.total() == 120
    assert [kind for kind in KINDS if not tally.kinds[kind]] == []


def test_the_sales_of_an_order_over_two_locations_come_to_what_it_does() -> None:  # invariant 2
    sums, first = rung_up(System.SHOPIFY, inside=True, baskets=10)
    assert (sums.wrong, sums.parked) == ([], {})
    assert sums.exact + sum(sums.rounded.values()) == 30
    assert (sums.shared > 15, sums.sales) == (True, 30 + sums.shared)
    assert first > 0


def test_a_poison_order_delays_the_next_by_no_more_than_its_own_handling() -> None:  # invariant 8
    found = delays()
    assert len(found) == 10
    assert {name: delay for name, (delay, handling) in found.items() if delay > handling + 0.5} == {}


def test_a_day_of_races_for_the_last_units_oversells_nothing_that_was_known() -> None:  # invariants 1 and 4
    week = Week(days=1).play()
    assert (week.known, week.drift(), week.wrongly_held(), week.street.stumbled) == ([], [], [], [])
    assert (week.web > 30, week.till_sales > 10, len(week.oversold) > 0) == (True, True, True)
    assert (len(week.parked()) > 0, len(week.street.line.struck) > 5, week.street.deaths.total() > 5) == (
        True,
        True,
        True,
    )
