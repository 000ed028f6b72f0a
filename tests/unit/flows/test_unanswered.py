"""A creation whose answer never came, and what it made is not wanted any more by the time we look."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from tests.fakes.systems import FakeShop, Listing
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.errors import DoubtfulWriteError, RetryLaterError, SystemDownError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import LATE
from tillbridge.domain.product import Problem, ProductOutcome, ProductWrite, Visibility
from tillbridge.flows.push_catalogue import push_catalogue

pytestmark = pytest.mark.unit

MUG, RED, BLUE, GREEN = (
    item("1", custom_sku="MUG"),
    variant("4", "Red", custom_sku="RED"),
    variant("5", "Blue", custom_sku="BLUE"),
    variant("6", "Green", custom_sku="GREEN"),
)


@dataclass
class MuteShop(FakeShop):
    """A shop that carries everything out and, while it is mute, never says so; a slow one does it afterwards.

    One that breaks down half way is known by then to have the product, but not what it has of its variations.
    """

    mute: bool = False
    half: bool = False
    slow: bool = False
    left: list[ProductWrite] = field(default_factory=list)

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        if self.slow:
            self.left += writes
            raise DoubtfulWriteError("Its answer never came.")
        for outcomes in super().write_products(writes):
            if self.mute:
                raise DoubtfulWriteError("Its answer never came.")
            if self.half:
                trouble = SystemDownError("It is down.")
                yield tuple(replace(outcome, link=outcome.write.link, error=trouble) for outcome in outcomes)
                raise trouble
            yield outcomes

    def finish(self) -> None:
        """Carry out what was asked for long ago."""
        self.slow = False
        for write in self.left:
            self._write(write)


@dataclass
class MuteWorld(World):
    """A world whose shop may be mute."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.shop = self.market = MuteShop(self.clock, self.crash)

    def bring(self, *rows: Item) -> None:
        for row in rows:
            self.till.put(row)
            self.stock(row.item_id, 3, 3)

    def ask(self, *, mute: bool = False, half: bool = False, slow: bool = False) -> None:
        """Poll, and have the shop asked for what is new, without an answer."""
        self.clock.advance(minutes=1)
        self.poll()
        self.market.mute, self.market.half, self.market.slow = mute, half, slow
        with suppress(RetryLaterError):
            self.serve(Lane.CATALOGUE, push_catalogue)
        self.market.mute = self.market.half = self.market.slow = False
        self.clock.advance(minutes=1)

    def look(self) -> None:
        """Let a minute pass."""
        self.clock.advance(minutes=1)
        self.poll()
        self.push()

    def change(self, item_id: str, **changes: object) -> None:
        self.till.put(replace(self.till.items[item_id], **changes))  # type: ignore[arg-type]

    @property
    def listing(self) -> Listing:
        (one,) = self.shop.products.values()
        return one


def quiet() -> MuteWorld:
    """Make a world whose till has been read and whose shop is empty."""
    world = MuteWorld()
    world.till.put(matrix())
    world.bring(item("9", archived=True, custom_sku="OLD"))
    world.settle()
    return world


def made_unheard(*rows: Item) -> MuteWorld:
    world = quiet()
    world.bring(*rows)
    world.ask(mute=True)
    assert world.listing.published
    assert all(not link.product_id for link in world.memory.links[SHOP].values())
    return world


def archive(world: MuteWorld) -> None:
    world.change("1", archived=True)


def merge(world: MuteWorld) -> None:
    world.till.delete("1")
    world.read_all()


def join(world: MuteWorld) -> None:
    world.change("1", matrix_id="7", attributes=("Red", "", ""))


@pytest.mark.parametrize("give_up", [archive, merge, join])
def test_what_was_made_unheard_goes_off_sale_when_the_till_gives_it_up(
    give_up: Callable[[MuteWorld], None],
) -> None:  # invariant 4  # invariant 6
    world = made_unheard(MUG)
    give_up(world)

    world.look()

    mug = next(one for one in world.shop.products.values() if one.key == "I1")
    link = world.memory.links[SHOP]["I1"]
    assert not mug.published
    assert (link.product_id, link.unpublished_by_us, link.attempted_at) == (mug.product_id, True, None)


def test_it_is_found_again_whenever_we_die() -> None:  # invariant 4
    world = made_unheard(MUG)
    archive(world)
    world.crash.steps.clear()
    world.look()
    steps = len(world.crash.steps)
    assert steps > 20
    for at in range(steps):
        world = made_unheard(MUG)
        archive(world)
        world.survive(world.look, at)
        world.settle()
        assert not world.listing.published, at
        assert world.memory.links[SHOP]["I1"].attempted_at is None, at
        assert world.waiting(Lane.CATALOGUE) == [], at


def test_what_was_never_made_is_looked_for_twice_and_then_forgotten() -> None:  # invariant 4
    world = quiet()
    world.bring(MUG)
    world.ask(slow=True)
    archive(world)
    for _ in range(20):
        world.look()
    assert world.shop.calls.count("find made") == 2
    assert world.shop.products == {}
    assert world.memory.links[SHOP]["I1"].attempted_at is None
    assert world.waiting(Lane.CATALOGUE) == []


def test_what_a_slow_shop_makes_after_the_first_look_is_met_by_the_second() -> None:  # invariant 4
    world = quiet()
    world.bring(MUG)
    world.ask(slow=True)
    archive(world)
    world.look()
    assert "find made" in world.shop.calls
    world.market.finish()
    assert world.listing.published

    world.clock.advance(seconds=LATE.total_seconds())
    world.look()

    assert not world.listing.published


def test_another_attempt_has_to_be_looked_for_from_the_beginning() -> None:
    world = quiet()
    world.bring(MUG)
    world.ask(slow=True)
    archive(world)
    world.look()
    world.clock.advance(seconds=LATE.total_seconds())
    world.change("1", archived=False)
    world.ask(slow=True)
    archive(world)
    world.look()
    world.market.finish()
    assert world.listing.published

    world.clock.advance(seconds=LATE.total_seconds())
    world.look()

    assert not world.listing.published


def test_it_comes_back_as_the_merchant_has_left_it() -> None:  # invariant 4  # invariant 6
    world = made_unheard(MUG)
    archive(world)
    world.look()
    world.listing.fields["name"] = "Our mug"

    world.change("1", archived=False, prices={"1": MUG.prices["1"] + 1})
    world.settle()

    assert world.listing.published
    assert world.listing.fields["name"] == "Our mug"
    assert world.listing.variants[""]["regular_price"] == "13.5"
    assert world.shop.shown() == {"MUG": 6}
    world.till.sell("1", "1")
    world.settle()
    assert world.shop.shown() == {"MUG": 5}


@pytest.mark.parametrize("at_once", [True, False])
def test_an_item_made_anew_with_its_sku_gets_the_listing(at_once: bool) -> None:  # noqa: FBT001  # invariant 4
    world = made_unheard(MUG)
    archive(world)
    if not at_once:
        world.look()
    world.bring(item("2", custom_sku="MUG"))
    world.look()

    world.survey()
    world.settle()

    assert world.listing.published
    assert world.shop.shown() == {"MUG": 6}
    assert world.memory.links[SHOP]["I2"].product_id == world.listing.product_id
    assert not world.memory.links[SHOP]["I1"].product_id


def test_a_listing_that_another_item_has_by_now_stays_on_sale() -> None:  # invariant 6
    world = made_unheard(MUG)
    choices = world.keeper().choices
    choices.put(SHOP, [Choice(key="I1", action=Action.IGNORE, decided_at=world.clock.now())])
    world.look()
    world.bring(item("2", custom_sku="MUG"))
    world.settle()
    assert world.memory.links[SHOP]["I2"].product_id == world.listing.product_id

    choices.remove(SHOP, ["I1"])
    archive(world)
    world.settle()

    assert world.shop.shown() == {"MUG": 6}
    assert world.memory.links[SHOP]["I1"].attempted_at is None


def test_what_the_merchant_deleted_meanwhile_is_not_made_anew() -> None:  # invariant 6
    world = made_unheard(MUG)
    archive(world)
    world.look()
    world.shop.products.clear()

    world.change("1", archived=False)
    for _ in range(3):
        world.look()

    assert world.shop.products == {}
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert problem.code == "listing_gone"


def test_a_person_who_lets_go_of_it_does_not_make_us_forget_it() -> None:  # invariant 6
    world = made_unheard(MUG)
    refused = Problem(code="refused", happened="It was refused.", remedy="", since=world.clock.now())
    world.memory.links[SHOP]["I1"] = replace(world.memory.links[SHOP]["I1"], problem=refused)
    choices = world.keeper().choices
    choices.put(SHOP, [Choice(key="I1", action=Action.IGNORE, decided_at=world.clock.now())])
    world.mark("I1")
    world.look()
    assert world.listing.published, "what a person wants left alone is left as it is"

    choices.remove(SHOP, ["I1"])
    archive(world)
    world.look()

    assert not world.listing.published


def with_shirt(**how: bool) -> MuteWorld:
    world = quiet()
    world.bring(RED, BLUE)
    world.settle()
    world.bring(GREEN)
    world.ask(**how)
    assert world.listing.variants["6"]["visibility"] == Visibility.PUBLISHED
    assert world.memory.links[SHOP]["M7"].variant("6") is None
    return world


@pytest.mark.parametrize("how", ["mute", "half"])
@pytest.mark.parametrize("changes", [{"archived": True}, {"matrix_id": None, "attributes": ("", "", "")}])
def test_a_variation_made_unheard_goes_off_sale_when_its_item_is_archived_or_leaves(
    changes: dict[str, object], how: str
) -> None:  # invariant 4
    world = with_shirt(**{how: True})
    world.change("6", **changes)

    world.look()
    world.look()

    shown = {place: fields["visibility"] for place, fields in world.listing.variants.items()}
    assert shown == {"4": "published", "5": "published", "6": "draft"}


def test_a_variation_that_a_slow_shop_makes_after_the_first_look_is_met_by_the_second() -> None:  # invariant 4
    world = quiet()
    world.bring(RED, BLUE)
    world.settle()
    world.bring(GREEN)
    world.ask(slow=True)
    world.change("6", archived=True)
    world.look()
    world.market.finish()
    assert world.listing.variants["6"]["visibility"] == Visibility.PUBLISHED

    world.clock.advance(seconds=LATE.total_seconds())
    world.look()

    assert world.listing.variants["6"]["visibility"] == Visibility.DRAFT
    world.settle()
    assert world.memory.links[SHOP]["M7"].attempted_at is None


def test_in_the_ordinary_case_nothing_is_looked_for() -> None:
    world = quiet()
    world.bring(MUG, RED, BLUE)
    world.settle()
    archive(world)
    world.change("5", archived=True)
    world.settle()
    assert "find made" not in world.shop.calls
    assert all(link.sought_at is None for link in world.memory.links[SHOP].values())
