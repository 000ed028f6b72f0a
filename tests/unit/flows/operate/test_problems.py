from dataclasses import replace

import pytest

from tests.fakes.world import SHOP, TILL
from tests.unit.domain.samples import item
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import SHOP_LANES, ConnectionState, Lane
from tillbridge.domain.work import Mark, Reject


def keys(office: Office) -> list[tuple[str, str, str]]:
    rows = office.problems.everything("m1", None, office.deadline).rows
    return [(row.thing, str(row.lane), row.code) for row in rows]


@pytest.fixture
def troubled(stocked: Office) -> Office:
    """A product that the shop refuses, and stock that it does not take."""
    stocked.world.till.put(item("9", custom_sku="NEW", description="Kettle"))
    stocked.world.stock("9", 1, 1)
    stocked.shop.refuse = {"I9", "1"}
    stocked.world.till.sell("1", "1")
    stocked.world.settle()
    stocked.world.lanes.woken.clear()
    return stocked


def test_in_step_there_are_no_problems(stocked: Office) -> None:
    assert keys(stocked) == []


def test_problems_name_the_product_or_item_with_cause_and_remedy(troubled: Office) -> None:  # invariant 4
    assert keys(troubled) == [("I9", "catalogue", "refused"), ("item 1", "stock", "listing_gone")]
    product, stock = troubled.problems.everything("m1", None, troubled.deadline).rows
    assert (product.key, product.name, product.happened, product.remedy) == (
        "I9",
        "Kettle",
        "The shop does not like it.",
        "Change it.",
    )
    assert (stock.key, stock.name, stock.connection) == ("1", "Mug Blue", SHOP)
    assert stock.tries >= 1
    assert stock.retry_at is not None
    assert stock.retry_at > troubled.world.clock.now()


def test_a_connection_that_does_not_work_is_a_problem(office: Office) -> None:
    office.put_state(TILL, ConnectionState.BROKEN, "The grant has ended.", "Connect again.")
    (row,) = office.problems.everything("m1", None, office.deadline).rows
    assert (row.lane, row.code, row.happened, row.remedy) == (
        None,
        "broken",
        "The grant has ended.",
        "Connect again.",
    )


def test_a_row_of_the_till_that_nobody_understands_is_a_problem(office: Office) -> None:
    reject = Reject("item 13", "Its price is no number.", "Mend it in the till.", office.world.clock.now())
    office.problems.rejects.put(TILL, [reject])
    assert keys(office) == [("item 13", "None", "unreadable")]


@pytest.mark.parametrize(("lane", "key", "thing"), [(Lane.STOCK, "1", "item 1"), (Lane.CATALOGUE, "I1", "I1")])
def test_what_waits_for_the_till_in_vain_is_shown_after_some_tries(  # invariant 4
    stocked: Office, lane: Lane, key: str, thing: str
) -> None:
    now = stocked.world.clock.now()
    stocked.problems.marks.add(SHOP, lane, [Mark(key, now, now, tries=2)])
    assert keys(stocked) == []
    stocked.problems.marks.add(SHOP, lane, [Mark(key, now, now, tries=3)])
    assert keys(stocked) == [(thing, str(lane), "not_read_yet")]


def test_a_shop_of_a_merchant_without_till_has_problems_too(office: Office) -> None:
    now = office.world.clock.now()
    office.problems.marks.add(FOREIGN, Lane.STOCK, [Mark("1", now, now, tries=9)])
    (row,) = office.problems.everything("m2", None, office.deadline).rows
    assert (row.merchant, row.key, row.name) == ("m2", "1", "")


def test_problems_stay_with_their_merchant(troubled: Office) -> None:  # invariant 5
    assert troubled.problems.everything("m2", None, troubled.deadline).rows == ()


# --- retry ---


def test_everything_that_fails_is_brought_forward_once(troubled: Office) -> None:
    before = {row.key: row for row in troubled.problems.everything("m1", None, troubled.deadline).rows}
    answers = troubled.desks().retry.retry_failing("m1")
    assert [(one.key, one.lane, one.paused) for one in answers] == [
        ("1", Lane.STOCK, False),
        ("I9", Lane.CATALOGUE, False),
    ]
    now = troubled.world.clock.now()
    for lane, key in ((Lane.STOCK, "1"), (Lane.CATALOGUE, "I9")):
        (mark,) = [one for one in troubled.problems.marks.waiting(SHOP, lane) if one.key == key]
        assert (mark.due_at, mark.tries) == (now, before[key].tries)
    assert {(name, lane) for name, lane, _ in troubled.world.lanes.woken} == {(SHOP, lane) for lane in SHOP_LANES}


def test_a_retry_succeeds_when_the_cause_is_gone(troubled: Office) -> None:
    troubled.shop.refuse.clear()
    troubled.desks().retry.retry_failing("m1")
    troubled.world.push()
    assert keys(troubled) == []
    assert troubled.shop.shown()["MUG"] == 10
    assert troubled.shop.shown()["NEW"] == 2


def test_a_named_key_is_retried_alone(troubled: Office) -> None:
    answers = troubled.desks().retry.retry_named("m1", ["I9"])
    assert [one.key for one in answers] == ["I9"]
    assert {lane for _, lane, _ in troubled.world.lanes.woken} == {Lane.CATALOGUE}


def test_stock_that_somebody_changed_in_the_shop_is_written_anew(stocked: Office) -> None:
    stocked.shop.products["1"].quantities[""] = 99
    stocked.desks().retry.retry_named("m1", ["1"])
    stocked.world.push()
    assert stocked.shop.shown()["MUG"] == 11


@pytest.mark.parametrize("unknown", ["I77", "M77", "77"])
def test_one_unknown_key_retries_nothing(troubled: Office, unknown: str) -> None:  # invariant 7
    before = [mark.due_at for mark in troubled.problems.marks.waiting(SHOP, Lane.STOCK)]
    with pytest.raises(NotFoundError) as caught:
        troubled.desks().retry.retry_named("m1", ["1", unknown])
    assert unknown in caught.value.happened
    assert [mark.due_at for mark in troubled.problems.marks.waiting(SHOP, Lane.STOCK)] == before
    assert troubled.world.lanes.woken == []


def test_another_merchants_keys_are_unknown(troubled: Office) -> None:  # invariant 5
    with pytest.raises(NotFoundError):
        troubled.desks().retry.retry_named("m2", ["I9"])


def test_stock_that_is_not_tracked_cannot_be_retried(stocked: Office) -> None:
    shelves = stocked.world.memory.shelves[SHOP]
    shelves["1"] = replace(shelves["1"], tracked=False)
    with pytest.raises(NotFoundError):
        stocked.desks().retry.retry_named("m1", ["1"])


def test_a_broken_shop_keeps_what_was_asked_for_later(troubled: Office) -> None:
    troubled.put_state(SHOP, ConnectionState.BROKEN)
    answers = troubled.desks().retry.retry_named("m1", ["1"])
    assert [one.paused for one in answers] == [True]
    assert troubled.world.lanes.woken == []
    assert "1" in troubled.world.waiting(Lane.STOCK)


def test_killed_during_a_retry_nothing_that_waits_is_lost(troubled: Office) -> None:  # invariant 4
    for at in range(40):
        before = {key for lane in SHOP_LANES for key in troubled.world.waiting(lane)}
        killed = troubled.world.survive(lambda: troubled.desks().retry.retry_failing("m1"), at)
        assert {key for lane in SHOP_LANES for key in troubled.world.waiting(lane)} == before
        if not killed:
            return
    pytest.fail("a retry takes more steps than expected")
