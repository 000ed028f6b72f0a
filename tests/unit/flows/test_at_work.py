"""A shop that is at work on what it was asked for: a push waits while it has time, and comes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.fakes.systems import FakeShop
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import LATE
from tillbridge.domain.product import ProductOutcome, ProductWrite
from tillbridge.flows.push_catalogue import push_catalogue

pytestmark = pytest.mark.unit


@dataclass
class SlowShop(FakeShop):
    """A shop that is looked at three times before it has done anything; lists, which all its processes share."""

    looks: list[int] = field(default_factory=lambda: [1, 2, 3])
    asked: list[int] = field(default_factory=list)
    started: list[ProductWrite] = field(default_factory=list)
    coming: set[str] = field(default_factory=set)

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        return dict.fromkeys(self.coming, "") | dict(super().find_made(attempts))

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        self.asked.append(len(writes))
        self.started += writes
        while self.looks:
            self.looks.pop()
            yield ()
        yield from super().write_products(writes)


@dataclass
class SlowWorld(World):
    """A world with a slow shop, and an item that it does not have yet."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shop = self.slow = SlowShop(self.clock, self.crash)
        self.till.put(item("1", custom_sku="MUG"))
        self.stock("1", 3, 3)
        self.read_all()
        self.survey_only()


def stopped() -> SlowWorld:
    """Make a world whose push has stopped at a look."""
    world = SlowWorld()
    world.deadline.remaining = timedelta(seconds=125)
    world.deadline.cost = timedelta(seconds=15)
    assert not world.serve(Lane.CATALOGUE, push_catalogue).finished
    world.deadline.remaining, world.deadline.cost = timedelta(minutes=10), timedelta()
    return world


def test_a_push_waits_while_it_has_time() -> None:
    world = SlowWorld()

    report = world.serve(Lane.CATALOGUE, push_catalogue)

    assert report.finished
    assert (report.written, report.failed) == (1, 0)
    assert len(world.shop.products) == 1


def test_a_push_without_time_comes_back_to_the_same() -> None:
    world = SlowWorld()
    world.deadline.remaining = timedelta(seconds=125)
    world.deadline.cost = timedelta(seconds=15)

    report = world.serve(Lane.CATALOGUE, push_catalogue)

    assert not report.finished, "it is woken again"
    assert (report.written, report.failed) == (0, 0)
    assert world.slow.looks == [1, 2], "it stopped at the first look"
    assert world.waiting(Lane.CATALOGUE) == ["I1"]
    assert world.memory.links[SHOP]["I1"].attempted_at, "what may be made by then is looked for"
    assert world.memory.links[SHOP]["I1"].problem is None

    world.deadline.remaining, world.deadline.cost = timedelta(minutes=10), timedelta()
    assert world.serve(Lane.CATALOGUE, push_catalogue).finished
    assert world.slow.asked == [1, 1]
    assert world.waiting(Lane.CATALOGUE) == []


def test_what_the_shop_is_still_at_work_on_is_looked_for_until_it_is_there() -> None:  # invariant 4
    world = stopped()
    (write,) = world.slow.started
    world.till.put(item("1", custom_sku="MUG", archived=True))
    world.slow.coming = {"I1"}
    for _ in range(4):
        world.clock.advance(seconds=LATE.total_seconds())
        world.poll()
        world.push()
        assert world.memory.links[SHOP]["I1"].attempted_at, "however long it takes"
    world.slow.coming.clear()
    world.slow._write(write)

    world.clock.advance(seconds=LATE.total_seconds())
    world.push()

    assert [listing.published for listing in world.shop.products.values()] == [False]
    assert world.memory.links[SHOP]["I1"].product_id
    assert world.waiting(Lane.CATALOGUE) == []


def test_what_the_shop_did_not_make_after_all_is_closed() -> None:
    world = stopped()
    world.till.put(item("1", custom_sku="MUG", archived=True))
    world.slow.coming = {"I1"}
    world.clock.advance(seconds=LATE.total_seconds())
    world.poll()
    world.push()
    world.slow.coming.clear()

    world.clock.advance(seconds=LATE.total_seconds())
    world.push()

    assert world.memory.links[SHOP]["I1"].attempted_at is None
    assert world.waiting(Lane.CATALOGUE) == []
