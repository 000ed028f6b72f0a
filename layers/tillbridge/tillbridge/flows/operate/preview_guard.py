"""The guard's part of a preview: what it would see in a round, and its decisions written out. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.ahead import Ahead
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import HoldState, Mark
from tillbridge.flows.guard import Guard, Judged
from tillbridge.flows.operate.preview_answers import ChangeKind, PlannedChange
from tillbridge.flows.settle_holds import expiring, marks_after
from tillbridge.flows.shopkeeper import ShopKeeper

DOUBTED = (
    "The till is read a second time before the shop is set to zero. Once it says the same, the zero is written, or held"
    " if there are too many."
)


def guard_of(
    keeper: ShopKeeper, lane: Lane, keys: Iterable[str], due: Mapping[str, Sequence[Mark]], ahead: Ahead
) -> Guard:
    """Make the guard of a round that looks at these keys now.

    Each key has the mark that a look at everything gives it, those that are ``due``, and what ``settle_holds`` would
    make of a hold that is decided or expired: so what a person has released may pass.
    """
    now = keeper.clock.now()
    marks = {key: [Mark(key, since=now, due_at=now), *due.get(key, ())] for key in keys}
    unsettled = [expiring(hold, now) for hold in keeper.holds.unsettled(keeper.shop_id) if hold.lane is lane]
    holds = {hold.hold_id: hold for hold in unsettled}
    held = keeper.holds.find(keeper.shop_id, lane, marks) if holds else {}
    staying = {}
    for key, one in held.items():
        hold = holds.get(one.hold_id)
        if hold and hold.state is HoldState.OPEN:
            staying[key] = one
        elif hold:
            marks[key] += marks_after(hold, [one], now)
    opened = {hold.hold_id: hold for hold in unsettled if hold.state is HoldState.OPEN}
    return Guard(keeper, lane, marks, opened, staying, ahead)


def judged_change(guard: Guard, judged: Judged, key: str, change: PlannedChange) -> PlannedChange:
    """Say of a change that it would be held, is held already, or may pass because a person has decided so."""
    if kind := judged.verdict.held.get(key):
        return replace(change, kind=ChangeKind.HELD, held_for=kind, why=judged.verdict.causes[kind])
    if key in judged.staying:
        hold = guard.holds[guard.held[key].hold_id]
        return replace(change, kind=ChangeKind.HELD, held_for=hold.kind, hold=hold.hold_id, why=hold.cause)
    released = next((mark.allowed for mark in guard.marks[key] if mark.allowed), "")
    return replace(change, why=f"{change.why} Hold {released} was released.".lstrip()) if released else change


def doubted(change: PlannedChange) -> PlannedChange:
    """Say of a zero that the till is asked about it once more."""
    return replace(change, kind=ChangeKind.SECOND_READING, why=DOUBTED)
