"""Whatever has happened: a preview foretells field by field what the sync right after it writes, and its calls.

It foretells as well what the guard holds instead, and which zeros the till is asked about again.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import FakeDeadline
from tests.proof.seeded import SeededWorld, Size
from tests.unit.flows.guarded import decide
from tests.unit.flows.operate.foresight import compare, sync
from tillbridge.domain.catalogue import Item
from tillbridge.domain.work import HoldState
from tillbridge.flows.push_catalogue import push_catalogue

SETTINGS: tuple[dict[str, str], ...] = (
    {},
    {"safety_stock": "3"},
    {"stock_locations": "2"},
    {"sku_sources": "system_sku"},
    {"new_products": "draft"},
    {"owners": "name:till,regular_price:creation,gtin:shop"},
    {"selection": "tag", "selection_tag": "web"},
    {"regular_price_level": "9"},
    {"tax_classes": "1:reduced-rate", "owners": "tax_class:till"},
)

BOUNDS: tuple[dict[str, str], ...] = (
    {},
    {"guard_floor": "1"},
    {"guard_floor": "0", "guard_price": "75", "guard_created": "1"},
    {"guard_floor": "2", "guard_zeroed": "60", "guard_repriced": "10", "guard_unpublished": "60"},
    {"guard_floor": "1", "guard_zeroed": "off", "guard_price": "20"},
    {"guard_floor": "1", "guard_repriced": "off", "guard_unpublished": "off", "guard_created": "off"},
    {"guard_floor": "1", "guard_zeroed": "5", "safety_stock": "4"},
    {"guard_floor": "1", "selection": "tag", "selection_tag": "web"},
)


def stir(world: SeededWorld, dice: random.Random) -> None:
    """Archive some things, bring others back, rename, tag and tax them."""
    for one in dice.sample(_items(world), 8):
        name = dice.choice(("Mug", "Cup", "", one.description))
        changed = replace(one, archived=dice.random() < 0.4, description=name)
        world.till.put(replace(changed, tags=dice.choice(((), ("web",))), tax_class_id=dice.choice(("1", "2"))))
    for matrix in dice.sample(sorted(world.till.matrices.values(), key=lambda one: one.matrix_id), 2):
        world.till.put(replace(matrix, archived=dice.random() < 0.3, description=dice.choice(("Shirt", "Coat"))))


def _items(world: SeededWorld) -> list[Item]:
    return sorted(world.till.items.values(), key=lambda one: int(one.item_id))


def _zero(world: SeededWorld) -> None:
    for one in world.dice.sample(_items(world), world.dice.choice((1, 3, 9))):
        world.stock(one.item_id, 0, 0)


def _reprice(world: SeededWorld) -> None:
    for one in world.dice.sample(_items(world), 9):
        world.till.put(replace(one, prices={"1": (one.prices["1"] * Decimal("1.07")).quantize(Decimal("0.01"))}))


def _leap(world: SeededWorld) -> None:
    one = world.dice.choice(_items(world))
    world.till.put(replace(one, prices={"1": one.prices["1"] * 10}))


def _unpublish(world: SeededWorld) -> None:
    for one in world.dice.sample(_items(world), 7):
        world.till.put(replace(one, archived=True))


def _create(world: SeededWorld) -> None:
    for _ in range(world.dice.choice((1, 4))):
        world.change()


ACCIDENTS: dict[str, Callable[[SeededWorld], None]] = {
    "mass zeroing": _zero,
    "mass repricing": _reprice,
    "a price leaps": _leap,
    "mass unpublishing": _unpublish,
    "many new products": _create,
}


def _hold(world: SeededWorld) -> None:
    """Let the shop see it, the till be read again, and so much be held."""
    sync(world)
    world.recheck()
    sync(world)


def _released(world: SeededWorld) -> None:
    _hold(world)
    decide(world, HoldState.RELEASED)


def _dropped(world: SeededWorld) -> None:
    _hold(world)
    decide(world, HoldState.DROPPED)


def _expired(world: SeededWorld) -> None:
    _hold(world)
    world.clock.advance(hours=25)


def _half_expired(world: SeededWorld) -> None:
    _hold(world)
    world.clock.advance(minutes=30)


def _read_again(world: SeededWorld) -> None:
    sync(world)
    world.recheck()


MEANWHILE: dict[str, Callable[[SeededWorld], object]] = {
    "nothing": lambda world: None,
    "asked": sync,
    "read again": _read_again,
    "held": _hold,
    "held for long": _half_expired,
    "released": _released,
    "dropped": _dropped,
    "expired": _expired,
}


def _at_work(seed: int, before: dict[str, str]) -> SeededWorld:
    """Make a world whose shop was filled days ago, so that creations count too."""
    world = SeededWorld(seed=seed, size=Size(simple=9, matrices=3, changes=8))
    world.read_all()
    sync(world)
    world.settle()
    world.clock.advance(hours=48)
    world.settle()
    sync(world, before)
    world.clock.advance(hours=2)
    return world


def _strike(world: SeededWorld, *accidents: str) -> None:
    for name in accidents:
        ACCIDENTS[name](world)
    world.clock.advance(seconds=40)
    world.poll()


@given(
    seed=st.integers(0, 10_000),
    start=st.sampled_from(("never pushed", "in step", "half pushed")),
    before=st.sampled_from(SETTINGS),
    changes=st.sampled_from(SETTINGS),
)
def test_a_sync_does_just_what_was_foretold(
    seed: int, start: str, before: dict[str, str], changes: dict[str, str]
) -> None:
    world = SeededWorld(seed=seed, size=Size(simple=9, matrices=3, changes=8))
    world.read_all()
    world.survey_only()
    if start != "never pushed":
        sync(world, before)
        world.settle()
        world.change()
        stir(world, world.dice)
        world.poll()
    if start == "half pushed":
        push_catalogue(world.keeper())
        world.change()
        world.poll()

    compare(world, changes)


@given(
    seed=st.integers(0, 10_000),
    accidents=st.lists(st.sampled_from(sorted(ACCIDENTS)), min_size=1, max_size=3, unique=True),
    meanwhile=st.sampled_from(sorted(MEANWHILE)),
    then=st.lists(st.sampled_from(sorted(ACCIDENTS)), max_size=1),
    before=st.sampled_from(BOUNDS),
    changes=st.sampled_from(BOUNDS),
)
def test_what_the_guard_does_is_foretold(
    seed: int, accidents: list[str], meanwhile: str, then: list[str], before: dict[str, str], changes: dict[str, str]
) -> None:
    world = _at_work(seed, before)
    _strike(world, *accidents)
    MEANWHILE[meanwhile](world)
    _strike(world, *then)

    compare(world, changes)


@given(
    seed=st.integers(0, 10_000),
    accidents=st.lists(st.sampled_from(sorted(ACCIDENTS)), min_size=1, max_size=3, unique=True),
    meanwhile=st.sampled_from(("nothing", "asked", "read again", "held")),
    before=st.sampled_from(BOUNDS),
    size=st.integers(1, 5),
    answers=st.sampled_from(("one", "many")),
)
def test_the_guard_sees_many_rounds_as_one_sync(
    seed: int, accidents: list[str], meanwhile: str, before: dict[str, str], size: int, answers: str
) -> None:
    world = _at_work(seed, before)
    _strike(world, *accidents)
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "operate.foresee.ROUND",
            "operate.foresee.STOCK_ROUND",
            "push_catalogue.ROUND",
            "push_stock.ROUND",
        ):
            patch.setattr(f"tillbridge.flows.{name}", size)
        MEANWHILE[meanwhile](world)
        if answers == "many":
            world.memory.marks.clear()  # looking again at what waits costs calls of which the next answer does not know
            patch.setattr("tillbridge.flows.operate.preview.STOP_MARGIN", FakeDeadline().left() + timedelta(days=1))
        compare(world)
