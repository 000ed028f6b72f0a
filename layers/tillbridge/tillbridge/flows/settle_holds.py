"""Carry out what became of a lane's holds: released, dropped, or expired because nobody decided.

A person's decision is one word on the hold; the lane's own worker moves the keys, so that nobody else ever touches
them. Each step can be repeated: marks are added before held keys go, and the hold is settled when none is left.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Held, Hold, HoldState, Mark
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.guard import DROP_LASTS
from tillbridge.flows.shopkeeper import ShopKeeper

CHUNK = 500


def settle_holds(keeper: ShopKeeper, lane: Lane) -> datetime | None:
    """Move the keys of holds that are decided or expired; tells since when the oldest open hold has waited."""
    waiting: list[datetime] = []
    for hold in keeper.holds.unsettled(keeper.shop_id):
        if hold.lane is not lane:
            continue
        decided = _expired(keeper, hold)
        if decided.state is HoldState.OPEN:
            waiting.append(decided.created_at)
        else:
            _move(keeper, decided)
    return min(waiting, default=None)


def _expired(keeper: ShopKeeper, hold: Hold) -> Hold:
    """Let an open hold expire when its time is over; a person who decides at this very moment comes first."""
    expired = expiring(hold, keeper.clock.now())
    return expired if expired is hold or keeper.holds.put(keeper.shop_id, expired, hold) else hold


def expiring(hold: Hold, now: datetime) -> Hold:
    """Give a hold as it is by now: an open one is expired when its time is over."""
    if hold.state is not HoldState.OPEN or now < hold.expires_at:
        return hold
    return replace(hold, state=HoldState.EXPIRED, decided_at=now)


def _move(keeper: ShopKeeper, hold: Hold) -> None:
    """Turn the keys of a hold into what was decided about them, as far as there is time."""
    for chunk in in_chunks(keeper.holds.held(keeper.shop_id, hold.lane, hold.hold_id), CHUNK):
        now = keeper.clock.now()
        keeper.marks.add(keeper.shop_id, hold.lane, marks_after(hold, chunk, now))
        dropped = [replace(one, until=now + DROP_LASTS) for one in chunk if stays_dropped(hold, one)]
        keeper.holds.keep(keeper.shop_id, hold.lane, dropped)
        keys = {one.mark.key for one in dropped}
        keeper.holds.let_go(keeper.shop_id, hold.lane, [one.mark.key for one in chunk if one.mark.key not in keys])
        if keeper.out_of_time():
            return
    keeper.holds.put(keeper.shop_id, replace(hold, settled=True), hold)


def stays_dropped(hold: Hold, one: Held) -> bool:
    """Tell whether a key is remembered as dropped, so that the same change is not asked about again."""
    decided = hold.decided_at is not None and one.held_at <= hold.decided_at
    return hold.state is HoldState.DROPPED and decided and bool(one.wish)


def marks_after(hold: Hold, held: Sequence[Held], now: datetime) -> list[Mark]:
    """Mark the keys: with permission when they were released, not at all when they were dropped.

    A key that joined after the decision was not part of it: it is planned afresh. The marks come before any made since
    the key was held, so that in a look at everything the permission is met first.
    """
    marks: list[Mark] = []
    for one in held:
        decided = hold.decided_at is None or one.held_at <= hold.decided_at
        if hold.state is HoldState.DROPPED and decided:
            continue
        allowed = hold.hold_id if hold.state is HoldState.RELEASED and decided else ""
        marks.append(replace(one.mark, due_at=min(one.held_at, now), tries=0, allowed=allowed, row=""))
    return marks
