"""Decisions from a file: checked as a whole, told by line and column, kept once, and safe to repeat."""

from dataclasses import replace
from functools import partial

import pytest

from tests.fakes.world import SHOP, TILL, connection
from tests.unit.domain.samples import item
from tests.unit.flows.market import add, link, linked, own, problem
from tests.unit.flows.operate.office import Office
from tests.unit.flows.operate.test_links import at
from tillbridge.domain.choice import Action
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.listing import ListedProduct
from tillbridge.domain.merchant import ConnectionState, Lane, System
from tillbridge.flows.operate.link_answers import DecidedAnswer, LoadRow


def opened() -> Office:
    """Make an office whose shop sells already, with everything linked that can be."""
    office = at(Office())
    office.world.settle()
    office.world.survey()
    office.world.lanes.woken.clear()
    office.world.clock.advance(minutes=1)
    return office


@pytest.fixture
def market() -> Office:
    return opened()


def line(number: int, action: str, **cells: str) -> LoadRow:
    return LoadRow(line=number, action=action, **cells)


def load(office: Office, *rows: LoadRow) -> list[DecidedAnswer]:
    return list(office.desks().load.load("m1", rows, office.deadline))


def refused(office: Office, *rows: LoadRow) -> InputError:
    """Load what is wrong, and see that nothing changes."""
    office.world.crash.steps.clear()
    with pytest.raises(InputError) as caught:
        load(office, *rows)
    assert [step for step in office.world.crash.steps if step.startswith("before")] == []
    assert office.world.lanes.woken == []
    return caught.value


def test_a_decision_is_kept_and_the_shop_woken(market: Office) -> None:
    (answer,) = load(market, line(2, "link", product="I3", item="3", listing="13"))
    assert (answer.key, answer.action, answer.listing, answer.changed) == ("I3", Action.LINK, "13", True)
    assert market.world.lanes.woken == [(SHOP, Lane.CATALOGUE, "work")]
    market.world.settle()
    assert linked(market.world)["3"] == "13"


def test_variants_are_named_line_by_line(market: Office) -> None:
    rows = [
        line(2, "LINK ", product="M7", item="4", listing="14/141"),
        line(3, "link", item="5", listing="14/140"),
    ]
    (answer,) = load(market, *rows)
    assert answer.key == "M7"
    market.world.settle()
    assert {one: ref for one, ref in linked(market.world).items() if one in "45"} == {"4": "14/141", "5": "14/140"}


def test_a_listing_can_change_hands_in_one_file(market: Office) -> None:
    add(market.world, item("9", custom_sku="HEIR"))
    market.world.poll()
    load(market, line(2, "unlink", product="I1"), line(3, "link", product="I9", listing="11"))
    market.world.settle()
    market.world.clock.advance(hours=7)
    market.world.settle()
    assert linked(market.world)["9"] == "11"
    assert "1" not in linked(market.world)


def test_everything_that_can_be_decided(market: Office) -> None:
    world = market.world
    del world.shop.products["12"]
    world.clock.advance(hours=24)
    world.survey()
    load(
        market,
        line(2, "ignore", product="I1"),
        line(3, "create", product="I2"),
        line(4, "unlink", item="3"),
        line(5, "ignore", listing="13"),
    )
    world.settle()
    assert set(linked(world)) == {"2", "4", "5"}
    assert link(world, "I2").created_by_us
    load(market, line(2, "auto", product="I1"), line(3, "auto", product="I3"), line(4, "auto", listing="13"))
    world.settle()
    assert linked(world)["1"] == "11"
    assert linked(world)["3"] == "15"
    assert world.memory.choices[SHOP].keys() == {"I2"}


def test_ignoring_a_listing_helps_the_products_that_were_stuck(market: Office) -> None:
    add(market.world, item("9", custom_sku="TWICE"))
    own(market.world, "21", "twice")
    own(market.world, "22", "TWICE")
    market.world.survey()
    market.world.settle()
    assert problem(market.world, "I9").code == "ambiguous"
    load(market, line(2, "ignore", listing="22"))
    market.world.settle()
    assert linked(market.world)["9"] == "21"


WRONG: list[tuple[LoadRow, str, str]] = [
    (line(7, "", product="I1"), "action", "'' is no action. Write one of link, unlink"),
    (line(7, "delete", product="I1"), "action", "'delete' is no action. Write one of"),
    (line(7, "ignore"), "product", "a listing is named. Name one of them"),
    (line(7, "ignore", product="1"), "product", "as `tillbridge links` shows it: I42"),
    (line(7, "ignore", product="I99"), "product", "no product I99. Take the key from"),
    (line(7, "ignore", product="M99"), "product", "no product M99. Take the key from"),
    (line(7, "ignore", item="x"), "item", "no id of an item. Write the number"),
    (line(7, "ignore", item="99"), "item", "no item 99. Take the id from"),
    (line(7, "ignore", product="I1", item="2"), "item", "belongs to I2, not to I1. Write I2"),
    (line(7, "ignore", product="I4"), "product", "no product I4. Take the key from"),
    (line(7, "link", product="I3"), "listing", "It is empty. Name the listing"),
    (line(7, "link", product="I3", listing="99"), "listing", "no listing '99'. Take it from"),
    (
        line(7, "link", product="M7", item="4", listing="14/9"),
        "listing",
        "no variant '9'. Write one of those it has: 140, 141.",
    ),
    (line(7, "link", product="M7", listing="14/140"), "item", "It is empty. Say which item is that variant"),
    (
        line(7, "link", product="I3", listing="14"),
        "listing",
        "and I3 a simple product in the till. Name a listing that is a simple product.",
    ),
    (
        line(7, "link", product="M7", listing="13"),
        "listing",
        "the till. Name a listing that is a product with variants.",
    ),
    (line(7, "link", product="I3", listing="16"), "listing", "of a kind that no item can be. Name a simple product"),
    (
        line(7, "link", product="I3", listing="11"),
        "listing",
        "linked with I1. Give I1 the action unlink in this file as well.",
    ),
    (line(7, "link", listing="13"), "product", "only a listing is named. Name the product or item as well."),
    (line(7, "create", product="I1"), "action", "has listing 11 already. Delete that in the shop first"),
    (line(7, "ignore", listing="11"), "listing", "linked with I1. Give I1 the action unlink instead."),
    (line(7, "unlink", listing="13"), "product", "only a listing is named. Name the product or item as well."),
    (line(7, "link", product="I3", item="3", listing="13/9"), "listing", "It has none: write 13 alone."),
    (line(7, "ignore", product="I1", connection="till"), "connection", "no shop 'till'. Write shop."),
]


@pytest.mark.parametrize(("row", "column", "told"), WRONG)
def test_what_is_wrong_is_told_by_line_and_column(  # invariant 7
    market: Office, row: LoadRow, column: str, told: str
) -> None:
    market.world.memory.sightings[SHOP]["16"] = replace(
        market.world.memory.sightings[SHOP]["13"], listed=ListedProduct(product_id="16")
    )
    good = line(2, "ignore", product="I2")
    error = refused(market, good, row)
    assert error.field == f"line 7, column {column}"
    assert f"Line 7, column {column}: " in error.happened
    assert told in error.happened
    assert "Nothing was changed" in error.remedy


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([line(2, "ignore", product="I1"), line(3, "unlink", item="1")], "Line 3, column action: I1 is to be ignore"),
        (
            [line(2, "link", product="M7", item="4", listing="14/140"), line(3, "link", item="5", listing="13")],
            "Line 3, column listing",
        ),
        (
            [line(2, "link", product="I3", listing="13"), line(3, "link", product="I2", listing="13")],
            "Listing 13 is given to I3 too",
        ),
        (
            [line(2, "link", item="4", listing="14/140"), line(3, "link", item="5", listing="14/140")],
            "Two items of M7 are given one variant",
        ),
        ([line(2, "link", item="4", listing="14/140"), line(3, "link", item="5", listing="24/1")], "no listing '24/1'"),
    ],
)
def test_lines_that_contradict_each_other(market: Office, rows: list[LoadRow], told: str) -> None:  # invariant 7
    assert told in refused(market, *rows).happened


def test_two_listings_for_one_product(market: Office) -> None:  # invariant 7
    rows = [line(2, "link", product="I3", listing="13"), line(3, "link", item="3", listing="15")]
    assert "I3 is listing 13 by line 2, and another here" in refused(market, *rows).happened


def test_many_wrong_lines_are_not_all_told(market: Office) -> None:  # invariant 7
    error = refused(market, *(line(number, "x", product="I1") for number in range(2, 40)))
    assert error.happened.count("Line ") == 10
    assert error.happened.endswith("And 28 more.")


def test_of_several_shops_one_is_named(market: Office) -> None:  # invariant 7
    second = replace(connection("second", System.WOOCOMMERCE), merchant_id="m1")
    market.world.memory.connections["second"] = second
    assert "Write shop or second." in refused(market, line(2, "ignore", product="I1")).happened
    load(market, line(2, "ignore", product="I1", connection="second"))
    assert "I1" in market.world.memory.choices["second"]
    assert SHOP not in market.world.memory.choices


def test_a_merchant_without_shop_or_till(office: Office) -> None:
    rows = [line(2, "ignore", product="I1")]
    del office.world.memory.connections[SHOP]
    assert "Connect a shop first" in refused(office, *rows).happened
    del office.world.memory.connections[TILL]
    with pytest.raises(NotFoundError):
        load(office, *rows)


def test_a_shop_that_is_broken_keeps_the_decisions(market: Office) -> None:
    market.put_state(SHOP, ConnectionState.BROKEN)
    (answer,) = load(market, line(2, "ignore", product="I1"))
    assert answer.paused
    assert market.world.lanes.woken == []
    assert "I1" in market.world.memory.choices[SHOP]


def decisions(office: Office) -> list[LoadRow]:
    return [
        line(2, "link", product="I3", item="3", listing="13"),
        line(3, "unlink", product="I1"),
        line(4, "link", product="M7", item="4", listing="14/141"),
        line(5, "link", product="M7", item="5", listing="14/140"),
        line(6, "auto", product="I2"),
    ]


def test_loading_a_file_again_changes_nothing(market: Office) -> None:  # invariant 8
    load(market, *decisions(market))
    kept = dict(market.world.memory.choices[SHOP])
    market.world.clock.advance(minutes=5)
    assert not any(answer.changed for answer in load(market, *decisions(market)))
    market.world.settle()
    before = (linked(market.world), dict(market.world.memory.links[SHOP]))
    market.world.clock.advance(minutes=5)
    assert not any(answer.changed for answer in load(market, *decisions(market)))
    assert market.world.memory.choices[SHOP] == kept
    market.world.settle()
    assert (linked(market.world), market.world.memory.links[SHOP]) == before


def test_a_load_that_was_killed_is_finished_by_the_next() -> None:  # invariant 8
    office = opened()
    office.world.crash.steps.clear()
    load(office, *decisions(office))
    steps = len(office.world.crash.steps)
    office.world.settle()
    expected = linked(office.world)
    assert steps > 8
    for at_step in range(steps):
        killed = opened()
        work = killed.world
        assert work.survive(partial(load, killed, *decisions(killed)), at_step)
        work.settle()
        load(killed, *decisions(killed))
        work.settle()
        assert linked(work) == expected, at_step


def test_a_listing_that_is_deleted_again_can_be_created_again(market: Office) -> None:
    world = market.world
    for _ in range(2):
        del world.shop.products[link(world, "I2").product_id]
        world.clock.advance(hours=24)
        world.survey()
        assert problem(world, "I2").code == "listing_gone"
        assert load(market, line(2, "create", product="I2"))[0].changed
        assert not load(market, line(2, "create", product="I2"))[0].changed
        world.settle()
        assert not load(market, line(2, "create", product="I2"))[0].changed
        assert link(world, "I2").created_by_us
