"""In which rounds a sync would look at everything: what waits already comes first, then every product, or every item.

A round is so many marks. A key with several marks is dealt with in the first round that has one of them. It takes its
place among the marks of later rounds, which look at it once more and find that it is in step, or that it still waits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import HoldState, Mark
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.operate.preview_place import Place
from tillbridge.flows.settle_holds import expiring, marks_after
from tillbridge.flows.shopkeeper import ShopKeeper, by_key

MARKS_READ = 100_000


@dataclass(frozen=True, slots=True)
class Round:
    """The keys of a round with their marks, those that it looks at ``again``, and the place behind it.

    That place knows nothing yet of what the guard counts.
    """

    marks: Mapping[str, Sequence[Mark]]
    again: tuple[str, ...]
    behind: Place


def rounds(keeper: ShopKeeper, lane: Lane, begun: Place, keys: Iterable[str], size: int) -> Iterator[Round]:
    """Give each round behind a place.

    ``keys`` are all that is looked at besides what waits, from where ``begun`` says.
    """
    waiting = _waiting(keeper, lane)
    waited = len(waiting) if begun.first else begun.waited
    waiting, now = waiting[:waited], keeper.clock.now()
    known, done = {mark.key for mark in waiting}, {mark.key for mark in waiting[: begun.passed]}
    everything = (Mark(key, since=now, due_at=now) for key in keys)
    for marks in in_chunks(chain(waiting[begun.passed :], everything), size):
        passed = min(begun.passed + len(marks), waited)
        reached = len(marks) > passed - begun.passed  # what waited is done
        begun = replace(
            begun, after=begun.of_key(marks[-1].key) if reached else begun.after, passed=passed, waited=waited, shown=""
        )
        grouped = by_key(marks)
        fresh = {key: mine for key, mine in grouped.items() if key not in done}
        done |= fresh.keys() & known
        yield Round(fresh, tuple(key for key in grouped if key not in fresh), begun)


def _waiting(keeper: ShopKeeper, lane: Lane) -> list[Mark]:
    """List what waits by now, in order, with what ``settle_holds`` would make of holds that are decided or expired."""
    now = keeper.clock.now()
    marks = list(keeper.marks.due(keeper.shop_id, lane, now, MARKS_READ))
    for hold in keeper.holds.unsettled(keeper.shop_id):
        decided = expiring(hold, now)
        if hold.lane is lane and decided.state is not HoldState.OPEN:
            marks += marks_after(decided, list(keeper.holds.held(keeper.shop_id, lane, hold.hold_id)), now)
    return sorted(marks, key=lambda mark: mark.due_at)
