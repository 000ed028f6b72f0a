"""The guard's part of a preview: what it would see in a round, and its decisions written out. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.ahead import Ahead
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import HoldState, Mark
from tillbridge.flows.guard import Guard, Judged
from tillbridge.flows.operate.preview_answers import ChangeKind, PlannedChange
from tillbridge.flows.settle_holds import expiring, stays_dropped
from tillbridge.flows.shopkeeper import ShopKeeper

DOUBTED = (
    "The till is read a second time before the shop is set to zero. Once it says the same, the zero is written, or held"
    " if there are too many."
)


def guard_of(keeper: ShopKeeper, lane: Lane, marks: Mapping[str, Sequence[Mark]], ahead: Ahead) -> Guard:
    """Make the guard of a round that looks at these keys. Holds that are decided or expired are settled by then."""
    now = keeper.clock.now()
    guard = Guard.of_round(keeper, lane, marks)
    dropped = {key: one for key, one in guard.held.items() if stays_dropped(guard.holds[one.hold_id], one)}
    drops = {**guard.drops, **{one.hold_id: guard.holds[one.hold_id] for one in dropped.values()}}
    holds = {key: hold for key, hold in guard.holds.items() if expiring(hold, now).state is HoldState.OPEN}
    held = {key: one for key, one in guard.held.items() if one.hold_id in holds}
    return replace(guard, holds=holds, held=held, ahead=ahead, drops=drops, dropped={**guard.dropped, **dropped})


def judged_change(guard: Guard, judged: Judged, key: str, change: PlannedChange) -> PlannedChange:
    """Say of a change that it would be held, is held already, or may pass because a person has decided so."""
    if kind := judged.verdict.held.get(key):
        return replace(change, kind=ChangeKind.HELD, held_for=kind, why=judged.verdict.causes[kind])
    if key in judged.resting:
        hold = guard.drops[guard.dropped[key].hold_id]
        return replace(change, kind=ChangeKind.DROPPED, hold=hold.hold_id, why=f"A person dropped it. {hold.cause}")
    if key in judged.staying:
        hold = guard.holds[guard.held[key].hold_id]
        return replace(change, kind=ChangeKind.HELD, held_for=hold.kind, hold=hold.hold_id, why=hold.cause)
    released = next((mark.allowed for mark in guard.marks[key] if mark.allowed), "")
    return replace(change, why=f"{change.why} Hold {released} was released.".lstrip()) if released else change


def doubted_zero(change: PlannedChange) -> PlannedChange:
    """Say of a zero that the till is asked about it once more."""
    return replace(change, kind=ChangeKind.SECOND_READING, why=DOUBTED)
