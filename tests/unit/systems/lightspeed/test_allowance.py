"""How full a bucket is, and how long a request has to wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from tests.unit.systems.lightspeed.samples import NOW
from tillbridge.domain.merchant import Lane
from tillbridge.systems.http.allowance import Allowance, from_text, refuse, to_text
from tillbridge.systems.lightspeed.allowance import read_headers

HEADERS = {
    "x-ls-api-bucket-level": "75.898/90",
    "X-Ls-Api-Drip-Rate": "1.5",
    "X-LS-API-Burst-Level": "3/20",
    "X-LS-API-Request-Cost": "1",
}


def headers(**changes: str) -> Mapping[str, str]:
    return CaseInsensitiveDict(
        {**HEADERS, **{f"X-LS-API-{name.replace('_', '-')}": value for name, value in changes.items()}}
    )


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_headers_are_read_in_any_case_and_with_fractions() -> None:
    assert read_headers(None, headers(), NOW) == Allowance(
        at=NOW, level=75.898, size=90.0, drip=1.5, burst=3.0, burst_limit=20.0
    )


def test_the_bucket_leaks() -> None:
    allowance = Allowance(NOW, level=60.0, size=90.0, drip=1.5)
    assert allowance.level_at(after(20)) == 30.0
    assert allowance.level_at(after(999)) == 0.0
    assert allowance.level_at(after(-5)) == 60.0  # a clock that steps back fills no bucket and empties none
    assert allowance.filled(after(10)) == 0.5


@pytest.mark.parametrize(
    ("level", "cost", "stock", "catalogue"),
    [
        (0.0, 3.4, 0.0, 0.0),
        (60.0, 3.0, 0.0, 0.0),  # exactly up to the share that stock has for itself
        (61.0, 3.4, 0.0, (61 + 3.4 - 63) / 1.5),
        (90.0, 1.0, 1 / 1.5, 28 / 1.5),
        (92.57, 1.0, 3.57 / 1.5, (92.57 + 1 - 63) / 1.5),
        (90.0, 500.0, 60.0, 60.0),  # dearer than the whole bucket: it has to be empty
    ],
)
def test_stock_may_use_all_and_the_catalogue_seven_tenths(
    level: float, cost: float, stock: float, catalogue: float
) -> None:
    allowance = Allowance(NOW, level=level, size=90.0, drip=1.5)
    assert allowance.wait(cost, Lane.STOCK, NOW) == pytest.approx(stock, abs=0.001)
    assert allowance.wait(cost, Lane.CATALOGUE, NOW) == pytest.approx(catalogue, abs=0.001)


def test_a_bucket_of_unknown_size_makes_nobody_wait() -> None:
    assert Allowance(NOW, level=1e9).wait(10.0, Lane.CATALOGUE, NOW) == 0.0
    assert Allowance(NOW, level=1e9).filled(NOW) == 0.0


def test_a_second_that_is_used_up_is_waited_out() -> None:
    allowance = read_headers(None, headers(Burst_Level="20/20", Bucket_Level="20/90"), NOW)
    assert allowance.wait(1.0, Lane.STOCK, NOW) == 1.0
    assert allowance.wait(1.0, Lane.STOCK, after(0.25)) == 0.75
    assert allowance.wait(1.0, Lane.STOCK, after(1.5)) == 0.0
    assert read_headers(None, headers(Burst_Level="19/20", Bucket_Level="20/90"), NOW).wait(1.0, Lane.STOCK, NOW) == 0.0


def test_a_refusal_blocks_both_lanes() -> None:
    refused = refuse(Allowance(NOW, level=1.0, size=90.0), 3.0, NOW)
    assert refused.wait(1.0, Lane.STOCK, NOW) == 3.0
    assert refused.wait(1.0, Lane.CATALOGUE, after(2)) == 1.0
    assert refused.wait(1.0, Lane.CATALOGUE, after(4)) == 0.0


def test_what_headers_leave_out_stays_as_known() -> None:
    known = read_headers(None, headers(Bucket_Level="60/90"), NOW)
    later = read_headers(known, {}, after(10))
    assert later == Allowance(at=after(10), level=45.0, size=90.0, drip=1.5, burst=0.0, burst_limit=20.0)


def test_the_vendor_may_change_size_and_drip_at_any_time() -> None:
    known = read_headers(None, headers(), NOW)
    changed = read_headers(known, headers(Bucket_Level="1/180", Drip_Rate="4"), NOW)
    assert (changed.level, changed.size, changed.drip) == (1.0, 180.0, 4.0)


@pytest.mark.parametrize(
    "text", ["", "75", "/90", "75/", "x/90", "75/x", "75/0", "-1/90", "nan/90", "1/nan", "1/inf", "1/2/3"]
)
def test_a_level_that_cannot_be_read_is_left_out(text: str) -> None:
    known = Allowance(NOW, level=10.0, size=90.0)
    assert read_headers(known, {"X-LS-API-Bucket-Level": text}, NOW) == known


@pytest.mark.parametrize("text", ["", "0", "-1", "fast", "nan"])
def test_a_drip_rate_that_cannot_be_is_left_out(text: str) -> None:
    assert read_headers(None, {"X-LS-API-Drip-Rate": text}, NOW).drip == 1.0


@given(st.floats(0, 500), st.floats(1, 500), st.floats(0.1, 50), st.floats(0, 20), st.sampled_from(Lane))
def test_after_the_wait_the_request_fits(level: float, size: float, drip: float, cost: float, lane: Lane) -> None:
    allowance = Allowance(NOW, level=level, size=size, drip=drip)
    wait = allowance.wait(cost, lane, NOW)
    then = after(wait + 0.002)
    assert allowance.wait(cost, lane, then) == 0.0
    assert allowance.level_at(then) + cost <= max(size, cost) + 0.1
    assert allowance.wait(cost, Lane.STOCK, NOW) <= allowance.wait(cost, Lane.CATALOGUE, NOW)


def test_texts_carry_an_allowance_from_worker_to_worker() -> None:
    allowance = refuse(Allowance(NOW, level=75.898271799086, size=90.0, drip=1.5), 3.0, NOW)
    assert from_text(to_text(allowance)) == allowance
    assert from_text(to_text(Allowance(NOW))) == Allowance(NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"at": "yesterday"},
        {"at": "2026-05-01T12:00:00"},
        {"blocked_until": "2026-05-01T12:00:00"},
        {"blocked_until": "soon"},
        {"level": "full"},
        {"level": "-1"},
        {"level": "nan"},
        {"drip": "0"},
        {"size": ""},
    ],
)
def test_texts_of_another_kind_are_forgotten(changes: dict[str, Any]) -> None:
    assert from_text({**to_text(Allowance(NOW)), **changes}) is None
    assert from_text({}) is None
