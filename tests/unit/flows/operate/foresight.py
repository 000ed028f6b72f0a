"""A preview over a world, and what a push wrote into its shop, in the same words so that they can be compared."""

from collections.abc import Mapping, Sequence

from tests.fakes.clock import NOON
from tests.fakes.stores import FakeConnections, FakeMerchants
from tests.fakes.systems import FakeShop, Listing
from tests.fakes.world import SHOP, TILL, World
from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import Lane, Merchant
from tillbridge.flows.operate.preview import PreviewDesk, Question
from tillbridge.flows.operate.preview_answers import UNWRITTEN, ChangeKind, PlannedChange, PreviewRound
from tillbridge.flows.operate.register import Register
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.resync import mark_everything
from tillbridge.store import settings_codec

Written = dict[tuple[str, str, str], str]
"""Product key, item ("" for the product as a whole) and field -> text."""

EMPTY = {"", "[]"}
LINKING = frozenset({"call link products", "answer link products"})


def desk_of(world: World) -> PreviewDesk:
    world.memory.merchants["m1"] = Merchant(merchant_id="m1", name="Shop", settings=world.settings, created_at=NOON)
    register = Register(FakeMerchants(world.memory, world.crash), FakeConnections(world.memory, world.crash))
    return PreviewDesk(register, settings_codec, lambda connection, deadline: world.keeper())


def preview(world: World, changes: Mapping[str, str] | None = None, *, may_link: bool = False) -> list[PreviewRound]:
    """Ask portion by portion; nothing may be written (invariant 6), and no shop asked but about what it would link."""
    desk, rounds, after = desk_of(world), list[PreviewRound](), None
    world.crash.steps.clear()
    while True:
        portion = desk.show(Question(merchant="m1", changes=changes or {}, after=after), world.deadline)
        rounds += portion.rows
        after = portion.following
        if after is None:
            assert set(world.crash.steps) <= (LINKING if may_link else frozenset())
            return rounds


def sync(world: World, changes: Mapping[str, str] | None = None) -> int:
    """Change the settings, have the shop look at everything and push, as the workers do; returns the shop's calls."""
    world.settings = settings_codec.change_settings(world.settings, changes or {})
    mark_everything(world.keeper())
    world.shop.calls.clear()
    push_catalogue(world.keeper())
    push_stock(world.keeper(), world.book())
    return len(world.shop.calls)


def changes_in(rounds: Sequence[PreviewRound]) -> list[PlannedChange]:
    return [change for one in rounds for change in one.changes]


def foretold(rounds: Sequence[PreviewRound]) -> Written:
    """What the preview says will be written."""
    found: Written = {}
    for change in (one for one in changes_in(rounds) if one.kind not in UNWRITTEN):
        for field in change.fields:
            assert (change.key, field.item, field.field) not in found, "one thing is foretold twice"
            found[change.key, field.item, field.field] = field.new
    return found


def shown_by(shop: FakeShop) -> Written:
    """Everything the shop shows; a listing that is off sale shows that, whatever it was told before."""
    found: Written = {}
    for listing in shop.products.values():
        fields = listing.fields if listing.published else {**listing.fields, "visibility": "draft"}
        found |= {(listing.key, "", name): text for name, text in fields.items()}
        for place, texts in listing.variants.items():
            item = place or listing.key[1:]
            own = {name: text for name, text in texts.items() if place or name not in {"options", "visibility"}}
            found |= {(listing.key, item, name): text for name, text in own.items()}
            found |= _stock(listing, place, item)
    return found


def _stock(listing: Listing, place: str, item: str) -> Written:
    return {(listing.key, item, "stock"): str(listing.quantities[place])} if place in listing.quantities else {}


def written(before: Written, after: Written) -> Written:
    """What differs; what is new and empty shows nothing."""
    return {key: text for key, text in after.items() if before.get(key, text if text in EMPTY else None) != text}


def kinds_of(rounds: Sequence[PreviewRound]) -> dict[str, ChangeKind]:
    return {change.key: change.kind for change in changes_in(rounds)}


def held_in(rounds: Sequence[PreviewRound]) -> dict[tuple[Lane, str], PlannedChange]:
    """What the preview says will be held, by lane and what is marked there."""
    rows = [change for change in changes_in(rounds) if change.kind is ChangeKind.HELD]
    return {
        (Lane.STOCK, one.fields[0].item) if one.held_for is Kind.ZEROED else (Lane.CATALOGUE, one.key): one
        for one in rows
    }


def asked_in(rounds: Sequence[PreviewRound]) -> set[str]:
    """The items that the preview says the till will be asked about again."""
    rows = [change for change in changes_in(rounds) if change.kind is ChangeKind.SECOND_READING]
    return {change.fields[0].item for change in rows}


def compare(world: World, changes: Mapping[str, str] | None = None, *, may_link: bool = False) -> list[PreviewRound]:
    """Foresee, sync, and hold what happened against what was foretold: writes, calls, holds and second readings."""
    rounds, shown = preview(world, changes, may_link=may_link), shown_by(world.shop)
    asked = set(world.memory.asked.get(TILL, {}))
    calls = sync(world, changes)

    wrote, told = written(shown, shown_by(world.shop)), foretold(rounds)
    assert wrote.items() <= told.items()
    # what is told beyond that is written although the shop shows it already: a draft that stays one, for instance
    assert {key: text for key, text in told.items() if key not in wrote and shown.get(key) != text} == {}
    assert calls == sum(one.calls for one in rounds)
    assert set(world.memory.asked.get(TILL, {})) == asked | asked_in(rounds)
    _compare_holds(world, rounds)
    _compare_again(world, rounds)
    return rounds


def _compare_holds(world: World, rounds: Sequence[PreviewRound]) -> None:
    """Just what was foretold is held, for the cause that was foretold last; what is blocked meanwhile stays held."""
    told = held_in(rounds)
    held = {
        (lane, key): world.memory.holds[SHOP][one.hold_id]
        for (_, lane), rows in world.memory.held.items()
        for key, one in rows.items()
    }
    blocked = {change.key for change in changes_in(rounds) if change.kind is ChangeKind.BLOCKED}
    assert told.keys() <= held.keys()
    assert {key for _, key in held.keys() - told.keys()} <= blocked
    assert all(held[place].kind is change.held_for for place, change in told.items())
    causes = {change.held_for: change.why for change in told.values() if not change.hold}
    fresh = {held[place].kind: held[place].cause for place, change in told.items() if not change.hold}
    assert causes == fresh


def _compare_again(world: World, rounds: Sequence[PreviewRound]) -> None:
    """Nothing is left to be written; what waits still waits.

    Only without a bound on zeros nobody counts those that were written: then others may no longer be surprising.
    """
    again = preview(world)
    asked, left = asked_in(again), {item for _, item, name in foretold(again) if name == "stock"}
    assert len(foretold(again)) == len(left)
    assert asked | left == asked_in(rounds)
    assert not left or not world.settings.guard_zeroed
    assert held_in(again).keys() == held_in(rounds).keys()
    assert {change.hold for change in held_in(again).values()} <= world.memory.holds.get(SHOP, {}).keys()
