"""Keeping to the leaky bucket and the burst limiter."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from sandbox.common.faults import Fault
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.errors import ThrottledError
from tillbridge.systems.lightspeed import BudgetBook


def statuses(floor: Shopfloor) -> list[int | None]:
    return [call.status for call in floor.calls()]


def test_a_full_read_slows_down_and_is_never_refused(floor: Shopfloor) -> None:
    floor.fill_bucket(level=60.0)
    rows = sum(len(page.rows) for page in floor.till().items_after("0"))
    assert rows == 500
    assert statuses(floor) == [200] * 5
    assert floor.clock.slept == pytest.approx([3.8, 3.4, 3.4, 3.4], abs=0.01)


def test_a_bucket_that_somebody_else_has_filled_is_found_out(floor: Shopfloor) -> None:
    floor.fill_bucket(level=92.0)
    (page,) = floor.till().stock_since(floor.clock.at)
    assert page.last
    assert statuses(floor) == [429, 200]
    assert sum(floor.clock.slept) == pytest.approx(3.0, abs=0.1)


def test_a_long_wait_is_handed_back_and_the_read_goes_on_after_it(floor: Shopfloor) -> None:
    floor.fill_bucket(level=150.0)
    till = floor.till()
    with pytest.raises(ThrottledError) as caught:
        next(till.items_after("0"))
    assert caught.value.after == pytest.approx(150 + 3.4 - 63)  # until it fits beside what is kept for stock
    floor.clock.at += timedelta(seconds=caught.value.after or 0)
    assert len(next(till.items_after("0")).rows) == 100
    assert statuses(floor) == [429, 200]


def test_after_a_refusal_stock_is_the_first_to_go_on(floor: Shopfloor) -> None:
    floor.fill_bucket(level=150.0)
    till = floor.till()
    with pytest.raises(ThrottledError) as caught:
        next(till.stock_since(floor.clock.at))
    assert caught.value.after == pytest.approx(61.0)
    floor.clock.at += timedelta(seconds=61)
    assert next(till.stock_since(floor.clock.at)).last
    with pytest.raises(ThrottledError):
        next(till.items_after("0"))
    assert statuses(floor) == [429, 200]


def test_stock_goes_on_while_the_catalogue_waits(floor: Shopfloor) -> None:
    """Two workers of one connection; the second one learns of the budget from the first."""
    kept: dict[str, str] = {}

    def save(snapshot: Mapping[str, str]) -> None:
        kept.update(snapshot)

    floor.fill_bucket(level=85.0)
    stock = floor.till(budget=BudgetBook(floor.clock, lambda: kept or None, save))
    catalogue = floor.till(budget=BudgetBook(floor.clock, lambda: kept or None, save))
    assert next(stock.stock_since(floor.clock.at)).last
    with pytest.raises(ThrottledError) as caught:
        next(catalogue.items_after("0"))
    assert caught.value.after == pytest.approx(86 + 3.4 - 63, abs=0.1)
    assert next(stock.stock_since(floor.clock.at)).last
    assert statuses(floor) == [200, 200]  # the catalogue did not even ask


def test_no_more_requests_in_a_second_than_the_burst_limiter_takes(floor: Shopfloor) -> None:
    floor.fill_bucket(level=0.0, size=90.0, drip=50.0)
    till = floor.till()
    for _ in range(50):
        next(till.stock_since(floor.clock.at))
    assert set(statuses(floor)) == {200}
    assert floor.clock.slept == [1.0, 1.0]  # 20 requests fit into a second


def test_a_burst_that_others_share_costs_a_second(floor: Shopfloor) -> None:
    floor.fill_bucket(level=0.0, size=90.0, drip=50.0)
    bucket = floor.state.limiter.bucket(f"{floor.state.settings.account_id}/connector")
    bucket.second, bucket.in_second = int(floor.clock.at.timestamp()), 20
    (page,) = floor.till().stock_since(floor.clock.at)
    assert page.last
    assert statuses(floor) == [429, 200]
    assert floor.clock.slept == [1.0]


def test_a_refusal_without_any_header_is_believed_too(floor: Shopfloor) -> None:
    floor.fault(Fault("status", status=429, body="slow down"))
    assert next(floor.till().stock_since(floor.clock.at)).last
    assert statuses(floor) == [429, 200]
    assert floor.clock.slept == [1.0]


def test_limits_of_before_2026_are_kept_as_well(floor: Shopfloor) -> None:
    floor.fill_bucket(level=62.0, size=60.0, drip=1.0)
    floor.state.limiter.burst = floor.state.limiter.show_cost = False
    assert next(floor.till().stock_since(floor.clock.at)).last
    assert statuses(floor) == [429, 200]
