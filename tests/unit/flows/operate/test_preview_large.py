"""A till of several rounds: what is held, doubted and written is foretold to the very item, whatever waits already."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.fakes.world import World
from tests.unit.flows.guarded import archive, full_shop, reprice, zero
from tests.unit.flows.operate.foresight import asked_in, compare, held_in
from tillbridge.domain.guard import Kind

ITEMS = 2500


@pytest.fixture(scope="module")
def filled() -> World:
    """Fill a shop once; whoever changes it takes a copy."""
    return full_shop(ITEMS, units=3)


def _later(world: World) -> World:
    world.clock.advance(seconds=30)
    world.poll()
    return world


def test_many_zeros_that_wait_already_are_judged_before_the_others(filled: World) -> None:  # invariant 1
    """300 wait from the far end of the till, so that the first round is another than that of a look at everything."""
    world = deepcopy(filled)
    zero(world, *range(2200, 2500))
    _later(world)
    rounds = compare(world, {"safety_stock": "1"})
    assert asked_in(rounds) == {str(number) for number in range(2200, 2500)}


def test_just_the_items_of_the_round_that_passes_the_bound_are_held(
    filled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is repriced waits. The first round is below the bound and passes, the others are held."""
    for module in ("operate.foresee", "push_catalogue"):
        monkeypatch.setattr(f"tillbridge.flows.{module}.ROUND", 1000)
    world = deepcopy(filled)
    world.change_settings(guard_repriced=50)
    reprice(world, "13", *range(1400, 2500))
    _later(world)
    reprice(world, "14", *range(1, 900))
    _later(world)
    archive(world, 7, 70, 700)
    _later(world)
    told = held_in(compare(world))
    assert {one.held_for for one in told.values()} == {Kind.REPRICED}
    assert len(told) == len({*range(1400, 2500), *range(1, 900)} - {7, 70, 700}) - 1000


@pytest.mark.parametrize("accident", [archive, zero])
def test_what_is_read_again_or_held_in_part_is_foretold(
    filled: World, accident: Callable[..., None]
) -> None:  # invariant 1
    world = deepcopy(filled)
    accident(world, *range(1000, 1700))
    _later(world)
    world.push()
    world.recheck()
    accident(world, *range(100, 400))
    _later(world)
    rounds = compare(world)
    struck = {str(number) for number in (*range(1000, 1700), *range(100, 400))}
    assert struck == (asked_in(rounds) if accident is zero else {key[1:] for _, key in held_in(rounds)})
