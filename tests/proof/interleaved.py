"""Stories in which till, merchant, shoppers, people and our own workers get into each other's way, told by dice."""

import random
from collections.abc import Iterator, Sequence

from tests.figures import Figure
from tests.proof.lively import BY_DAY, HAPPENINGS, POST, UNRECORDED, WORKS, Event, LivelyWorld
from tests.proof.lively_end import come_to_rest, complaints, lost, orphans
from tests.proof.tally import Tally, shown

NAME = "everything at once"
STORIES, LENGTH = 3000, 30
LONGEST_WAIT = 120
MANY = 20
"""More than there are items, listings or orders in most stories."""


def story(world: LivelyWorld, events: Sequence[Event], *, filled: bool) -> LivelyWorld:
    """Let events happen, in a shop that was filled before or not, and go on until nothing more can happen."""
    if filled:
        come_to_rest(world)
    for event in events:
        world.happen(event)
    come_to_rest(world)
    return world


def everything_at_once() -> Iterator[Figure]:
    """Play stories: every second one without the nights that would mend what polls and pushes have missed."""
    tally, writes, left = Tally(), 0, 0
    for seed in shown(NAME, range(STORIES)):
        world = story(LivelyWorld(nights=seed % 2 == 0), _events(random.Random(seed), seed), filled=seed % 8 > 1)
        missing, doubled = len(lost(world)), len(world.market.doubled())
        tally += Tally(1, len(complaints(world)) - missing - doubled, doubled, missing)
        writes += len(world.market.stock_writes)
        left += len(orphans(world))
    note = f"{LENGTH} events each, {writes:,} figures written"
    yield from tally.figures(NAME, note)
    yield Figure(f"{NAME}: unanswered creations left on sale", left, "listings", 0)


def _events(dice: random.Random, seed: int) -> list[Event]:
    things = HAPPENINGS if seed % 2 == 0 else BY_DAY
    return [_event(dice, things) for _ in range(LENGTH)]


def _event(dice: random.Random, things: Sequence[str], *, inside: bool = False) -> Event:
    """Make up an event; half of all are work of ours, of which half is struck, mostly early."""
    ours = dice.random() < 1 / 2
    what = dice.choice([one for one in things if (one in WORKS) is ours])
    struck = (what in WORKS or what in POST) and not inside and dice.random() < 1 / 2
    unrecorded = struck and what == "push products" and dice.random() < 1 / 2
    meanwhile = [_event(dice, things, inside=True) for _ in range(dice.randint(0, 3))] if struck else []
    if unrecorded:
        meanwhile += _bought_unrecorded(dice)
    return Event(
        what="wait" if inside and what == "expire" else what,
        whom=dice.randrange(MANY),
        number=dice.randrange(LONGEST_WAIT),
        at=0 if unrecorded else min(dice.randrange(120) for _ in range(3)) if struck else None,
        fatal=dice.random() < 1 / 2,
        meanwhile=tuple(meanwhile),
        during=UNRECORDED if unrecorded else "",
    )


def _bought_unrecorded(dice: random.Random) -> list[Event]:
    """Let shoppers buy what was made a moment ago, and perhaps have their orders looked at, before it is recorded."""
    orders = [Event("order", dice.randrange(MANY), 2 * dice.randrange(MANY) + 1) for _ in range(dice.randint(1, 2))]
    return [*orders, *[Event("push orders")] * dice.randint(0, 1)]
