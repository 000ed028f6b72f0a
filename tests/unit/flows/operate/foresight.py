"""A preview over a world, and what a push wrote into its shop, in the same words so that they can be compared."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy

from tests.fakes.clock import NOON
from tests.fakes.stores import FakeConnections, FakeMerchants
from tests.fakes.systems import FakeShop, Listing
from tests.fakes.world import SHOP, TILL, World
from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import Lane, Merchant
from tillbridge.domain.product import Link
from tillbridge.flows.operate.preview import PreviewDesk, Question
from tillbridge.flows.operate.preview_answers import ChangeKind, PlannedChange, PreviewRound
from tillbridge.flows.operate.register import Register
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.resync import mark_everything
from tillbridge.store import settings_codec

Written = dict[tuple[str, str, str], str]
"""Product key, item ("" for the product as a whole) and field -> text."""

UNWRITTEN = frozenset({ChangeKind.HELD, ChangeKind.DROPPED, ChangeKind.SECOND_READING, ChangeKind.BLOCKED})
"""Of these nothing is written for now; their fields say what would be."""

EMPTY = {"", "[]"}
ASKING = frozenset({"call link products", "answer link products", "call observe"})


def desk_of(world: World) -> PreviewDesk:
    world.memory.merchants["m1"] = Merchant(merchant_id="m1", name="Shop", settings=world.settings, created_at=NOON)
    register = Register(FakeMerchants(world.memory, world.crash), FakeConnections(world.memory, world.crash))
    return PreviewDesk(register, settings_codec, lambda connection, deadline: world.keeper())


def preview(world: World, changes: Mapping[str, str] | None = None, *, may_ask: bool = False) -> list[PreviewRound]:
    """Ask portion by portion; nothing may be written (invariant 6), and a shop asked only where the push asks it."""
    desk, rounds, after = desk_of(world), list[PreviewRound](), None
    world.crash.steps.clear()
    while True:
        portion = desk.show(Question(merchant="m1", changes=changes or {}, after=after), world.deadline)
        rounds += portion.rows
        after = portion.following
        if after is None:
            assert set(world.crash.steps) <= (ASKING if may_ask else frozenset())
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


def shown_by(shop: FakeShop, links: Iterable[Link] = ()) -> Written:
    """Everything the shop shows; a listing that is off sale shows that, whatever it was told before.

    ``links`` tell whose the merchant's own listings are; of those that are nobody's it says nothing.
    """
    found, linked = Written(), {link.product_id: link for link in links if link.product_id}
    for listing in shop.products.values():
        link = linked.get(listing.product_id)
        if key := link.product_key if link else listing.key:
            items = {known.ref.variant_id: known.item_id for known in link.variants} if link else {}
            found |= _listing(listing, key, items)
    return found


def _listing(listing: Listing, key: str, items: Mapping[str, str]) -> Written:
    fields = listing.fields if listing.published else {**listing.fields, "visibility": "draft"}
    found = {(key, "", name): text for name, text in fields.items()}
    for place, texts in listing.variants.items():
        item = items.get(place) or place or key[1:]
        own = {name: text for name, text in texts.items() if place or name not in {"options", "visibility"}}
        found |= {(key, item, name): text for name, text in own.items()}
        found |= {(key, item, "stock"): str(listing.quantities[place])} if place in listing.quantities else {}
    return found


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


def compare(
    world: World, changes: Mapping[str, str] | None = None, *, may_ask: bool = False, counting: bool = True
) -> list[PreviewRound]:
    """Foresee, sync, and hold what happened against what was foretold: writes, calls, holds and second readings.

    Without ``counting`` the calls are left out: the stock lane looks once more at what was linked, at the end of its
    marks, and in rounds of a few items that costs looks at the orders which a preview cannot know of.
    """
    rounds, before = preview(world, changes, may_ask=may_ask), deepcopy(world.shop)
    asked = set(world.memory.asked.get(TILL, {}))
    calls = sync(world, changes)

    links = world.memory.links.get(SHOP, {}).values()
    shown = shown_by(before, links)
    wrote, told = written(shown, shown_by(world.shop, links)), foretold(rounds)
    assert wrote.items() <= told.items()
    # what is told beyond that is written although the shop shows it already: a draft that stays one, for instance
    assert {key: text for key, text in written(shown, told).items() if key not in wrote} == {}
    assert not counting or calls == sum(one.calls for one in rounds)
    assert set(world.memory.asked.get(TILL, {})) == asked | asked_in(rounds)
    _compare_holds(world, rounds)
    _compare_again(world, rounds, may_ask=may_ask)
    return rounds


def _compare_holds(world: World, rounds: Sequence[PreviewRound]) -> None:
    """Just what was foretold is held, for the cause that was foretold last; what is blocked meanwhile stays held."""
    told = held_in(rounds)
    held = {
        (lane, key): world.memory.holds[SHOP][one.hold_id]
        for (_, lane), rows in world.memory.held.items()
        for key, one in rows.items()
        if one.until is None
    }
    blocked = {change.key for change in changes_in(rounds) if change.kind is ChangeKind.BLOCKED}
    assert told.keys() <= held.keys()
    assert {key for _, key in held.keys() - told.keys()} <= blocked
    assert all(held[place].kind is change.held_for for place, change in told.items())
    causes = {change.held_for: change.why for change in told.values() if not change.hold}
    fresh = {held[place].kind: held[place].cause for place, change in told.items() if not change.hold}
    assert causes == fresh


def _compare_again(world: World, rounds: Sequence[PreviewRound], *, may_ask: bool) -> None:
    """Nothing is left to be written; what waits still waits."""
    again = preview(world, may_ask=may_ask)
    assert foretold(again) == {}
    assert asked_in(again) == asked_in(rounds)
    assert held_in(again).keys() == held_in(rounds).keys()
    assert {change.hold for change in held_in(again).values()} <= world.memory.holds.get(SHOP, {}).keys()
