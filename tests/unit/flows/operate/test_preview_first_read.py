"""A preview while a till is read for the first time: it says how far that is, and that a shop that sells waits."""

from datetime import timedelta

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tests.unit.flows.market import own
from tests.unit.flows.operate.foresight import changes_in, preview
from tillbridge.flows.full_read import full_read
from tillbridge.flows.operate.preview_answers import FirstRead

pytestmark = pytest.mark.unit

ITEMS = 40


@pytest.fixture
def world() -> World:
    """Read the half of a till."""
    made = World()
    for number in range(1, ITEMS + 1):
        made.till.put(item(str(number), custom_sku=f"S{number}"))
        made.stock(str(number), 5, 5)
    made.till.page_size = 10
    return made


def read(world: World, pages: int) -> None:
    world.deadline.remaining, world.deadline.cost = timedelta(seconds=20 + pages), timedelta(seconds=1)
    assert not full_read(world.reader()).finished
    world.deadline.remaining, world.deadline.cost = timedelta(hours=1), timedelta()


def test_it_covers_what_has_been_read_and_says_how_much_that_is(world: World) -> None:  # invariant 1
    read(world, 5)
    rounds = preview(world)
    (told,) = {one.first_read for one in rounds}
    assert told is not None
    assert (told.about, told.waits) == (ITEMS, False)
    assert told.items == len({change.key for change in changes_in(rounds)}) == len(world.memory.items["till"])
    assert 0 < told.items < ITEMS


def test_a_shop_that_sells_waits_and_nothing_is_linked_meanwhile(world: World) -> None:  # invariant 1  # invariant 8
    own(world, "101", "S1")
    read(world, 5)
    world.survey_only()
    told = {one.first_read for one in preview(world, may_ask=True)}
    assert {one.waits for one in told if one} == {True}
    world.push()
    assert world.memory.links.get(SHOP, {}) == {}
    world.read_all()
    assert {one.first_read for one in preview(world, may_ask=True)} == {None}


def test_before_the_first_item_it_says_so_instead_of_nothing(world: World) -> None:
    read(world, 2)
    (one,) = preview(world)
    assert (one.first_read, one.changes) == (FirstRead(items=0, about=None, waits=False), ())
