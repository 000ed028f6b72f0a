"""Whatever happens to a bulk operation, or to us meanwhile, is mended (facts/shopify.md, section 9)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.common.faults import FaultKind
from sandbox.common.server import TlsFiles
from sandbox.shopify.settings import Lags, Limits
from tests.conformance.front import codes
from tests.fakes.crash import Crash, KilledError
from tests.functional.shopify.many import (
    MANY,
    assert_whole,
    assortment,
    operations,
    push_until_done,
    settings,
    singly,
    stop_at_first_look,
)
from tests.functional.shopify.storefront import Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug

STEPS = 40
"""Before and after each call there is a step."""


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    """A shop that takes two seconds for a line."""
    with storefront(tls, settings(tls)) as opened:
        opened.bulk_from = MANY
        yield opened


# --- time -------------------------------------------------------------------------------------------------------------


def test_whoever_has_no_time_left_comes_back(front: Storefront) -> None:  # invariant 8
    for _ in range(3):
        stop_at_first_look(front, assortment(front))

    assert not codes(front.push(*assortment(front)))

    assert_whole(front)
    assert operations(front) == ["COMPLETED"]
    assert singly(front) == 0


def test_what_changed_in_the_till_meanwhile_is_written(front: Storefront) -> None:
    products = assortment(front)
    stop_at_first_look(front, products)
    dearer = mug("1", of_variant={"regular_price": Decimal(30)}, category_path=("Kitchen", "Mugs"), brand="Northfell")

    outcomes = front.push(dearer, *products[1:])

    assert not codes(outcomes)
    assert_whole(front)
    assert front.variant(front.known("1").ref).regular_price == 30
    assert operations(front) == ["COMPLETED"]
    assert singly(front) == 0


def test_what_the_merchant_changed_meanwhile_stays(front: Storefront) -> None:  # invariant 6
    products = assortment(front)
    stop_at_first_look(front, products)
    front.clock.advance(minutes=5)
    assert len(front.shop().find_made({"I1": front.clock.now()})) == 1
    made = next(shown for shown in front.shown() if shown.name == "Mug 1")
    front.edit(made.variants[0].ref, name="My best mug")

    push_until_done(front, products)

    assert front.product(made.product_id).name == "My best mug"
    assert operations(front) == ["COMPLETED"]


def test_a_result_that_has_expired_is_asked_about(front: Storefront) -> None:  # invariant 8
    stop_at_first_look(front, assortment(front))
    front.clock.advance(minutes=5)
    assert front.shop().find_made({"I1": front.clock.now()})
    front.clock.advance(hours=8 * 24)

    push_until_done(front, assortment(front))

    assert_whole(front)
    assert operations(front) == ["COMPLETED"]
    assert singly(front) == 0


@pytest.mark.parametrize(("line", "most"), [(2, 8), (60, 16), (300, 30)])
def test_an_operation_is_looked_at_when_it_should_be_over(front: Storefront, line: float, most: int) -> None:
    front.state.settings = replace(front.state.settings, lags=Lags(line=line))

    assert not codes(front.push(*assortment(front)))

    assert operations(front) == operations(front, "PublishProducts") == ["COMPLETED"]
    assert len(front.calls("query bulkOperation")) <= most


def test_an_operation_that_takes_for_ever_is_ended(front: Storefront) -> None:
    front.state.settings = replace(front.state.settings, lags=Lags(line=1500))
    began = front.clock.now()

    assert not codes(front.push(*assortment(front)))

    assert_whole(front)
    assert operations(front) == ["CANCELED"]
    assert singly(front) == 4
    assert (front.clock.now() - began).total_seconds() < 3800


def test_an_operation_that_never_ends_is_left_alone(front: Storefront) -> None:
    front.state.settings = replace(front.state.settings, lags=Lags(operation=1e6))
    began = front.clock.now()

    assert not codes(front.push(*assortment(front)))

    assert_whole(front)
    assert operations(front) == ["CANCELING"]
    assert len(front.calls("bulkOperationCancel")) == 1
    assert (front.clock.now() - began).total_seconds() < 7400


def test_what_is_not_wanted_any_more_is_told_to_be_coming_and_never_put_on_sale(front: Storefront) -> None:
    front.state.settings = replace(front.state.settings, lags=Lags(line=100))
    products = assortment(front)
    stop_at_first_look(front, products)
    front.clock.advance(seconds=150)
    wanted = dict.fromkeys(("I1", "M7", "I99"), front.clock.now())

    found = front.shop().find_made(wanted)

    assert set(found) == {"I1", "M7"}
    assert (bool(found["I1"]), found["M7"]) == (True, "")
    assert {call.route for call in front.calls("mutation")} == {
        "graphql mutation metafieldDefinitionCreate",
        "graphql mutation stagedUploadsCreate",
        "graphql mutation bulkOperationRunMutation",
    }, "to look changes nothing"
    push_until_done(front, products[:-1])
    later = front.shop().find_made(wanted)
    assert set(later) == {"I1", "M7"}
    assert [shown.name for shown in front.shown() if not shown.on_sale] == ["Shirt 7"]
    assert front.product(later["M7"]).name == "Shirt 7"


def test_an_sku_of_what_is_under_way_is_taken(front: Storefront) -> None:
    products = assortment(front)
    stop_at_first_look(front, products)

    outcomes = front.push(*products, mug("8", of_variant={"sku": "MUG-1"}))

    assert codes(outcomes) == {"I8": "sku_taken"}
    del front.links["I8"]
    assert_whole(front)


def test_another_operation_is_not_begun_beside_one_for_others(front: Storefront) -> None:
    stop_at_first_look(front, assortment(front))
    others = [mug(str(number)) for number in range(20, 26)]

    assert not codes(front.push(*others))

    assert operations(front) == ["CREATED"]
    assert singly(front) == 6
    push_until_done(front, assortment(front))
    assert set(front.skus().values()) == {1}
    assert operations(front) == ["COMPLETED"]


# --- faults -----------------------------------------------------------------------------------------------------------


def test_the_range_of_kills_is_long_enough(front: Storefront) -> None:
    whole = Crash()
    front.push(*assortment(front), shop=front.shop(whole))
    assert STEPS - 20 < len(whole.steps) <= STEPS


@pytest.mark.parametrize("at", range(STEPS))
def test_killed_anywhere(front: Storefront, at: int) -> None:  # invariant 8
    try:
        front.push(*assortment(front), shop=front.shop(Crash(at)))
    except KilledError:
        front.settle()

    push_until_done(front, assortment(front))

    assert_whole(front)
    assert operations(front) == ["COMPLETED"]
    assert singly(front) == 0


@pytest.mark.parametrize("call", range(18))
@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "truncate", "garbage"])
def test_one_fault_anywhere(front: Storefront, kind: FaultKind, call: int) -> None:  # invariant 8
    front.fault(kind, after=call)

    push_until_done(front, assortment(front))

    assert_whole(front)
    assert operations(front) in ([], ["COMPLETED"])


@pytest.mark.parametrize("route", ["_uploads", "_bulk"])
def test_storage_that_is_down_stops_nothing(front: Storefront, route: str) -> None:
    front.fault("status", status=503, path=route, times=None)

    assert not codes(front.push(*assortment(front)))

    assert_whole(front)


def test_points_that_are_used_up_are_waited_for(tls: TlsFiles) -> None:
    with storefront(tls, settings(tls, limits=Limits(bucket=120, restore_rate=2))) as front:
        front.bulk_from = MANY
        push_until_done(front, assortment(front), at_most=40)

        assert_whole(front)
        assert operations(front) == ["COMPLETED"]
        assert singly(front) == 0
