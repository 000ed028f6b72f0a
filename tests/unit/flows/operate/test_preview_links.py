"""A preview of a shop that sells already: what would be linked is shown by what would be changed of it."""

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.flows.market import selling
from tests.unit.flows.operate.foresight import changes_in, preview
from tillbridge.flows.operate.foresee import MET_FIRST
from tillbridge.flows.operate.preview_answers import ChangeKind
from tillbridge.flows.push_catalogue import push_catalogue

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    made = selling()
    made.read_all()
    return made


def test_what_would_be_linked_is_changed_and_not_created(world: World) -> None:  # invariant 6  # invariant 8
    world.survey_only()
    changes = {change.key: change for change in changes_in(preview(world, may_link=True))}
    assert {key: change.kind for key, change in changes.items()} == {
        "I1": ChangeKind.CHANGE,
        "I2": ChangeKind.CHANGE,
        "I3": ChangeKind.CREATE,
        "M7": ChangeKind.CHANGE,
    }
    assert [changes[key].listing for key in ("I1", "I2", "I3", "M7")] == ["11", "12", "", "14"]
    prices = [field for field in changes["I1"].fields if field.field == "regular_price"]
    assert [(field.item, field.old, field.new) for field in prices] == [("1", "5", "12.5")]
    assert all(MET_FIRST not in change.why for change in changes.values())
    assert SHOP not in world.memory.links


def test_reading_what_would_be_linked_counts_among_the_calls(world: World) -> None:
    world.survey_only()
    rounds = preview(world, may_link=True)
    world.shop.calls.clear()
    push_catalogue(world.keeper())
    told = sum(one.calls for one in rounds)
    assert told == len(world.shop.calls), world.shop.calls
    assert changes_in(preview(world)) != []  # the stock of what is linked by now


def test_before_a_survey_what_is_created_says_so(world: World) -> None:
    changes = {change.key: change for change in changes_in(preview(world))}
    assert {(change.kind, change.why) for change in changes.values()} == {(ChangeKind.CREATE, MET_FIRST)}
