"""Kill or disturb our side at every step of its work, begin anew, and compare the shop with the till.

In memory, where every write to a store and every call to a system is a step with a kill point on either side.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.fakes.crash import Crash
from tests.figures import Figure
from tests.proof.seeded import SeededWorld, Size
from tests.proof.tally import Tally, shown
from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, SystemDownError, ThrottledError
from tillbridge.domain.errors import RetryLaterError as Trouble
from tillbridge.domain.work import HoldState
from tillbridge.flows.resync import mark_everything

SEEDS = (11, 12, 13)
STORIES, DEATHS = 300, 6
LARGE = Size(simple=80, matrices=20, changes=40)
TROUBLES: tuple[Callable[[], Trouble], ...] = (
    lambda: SystemDownError("It is down."),
    lambda: ThrottledError("It was asked too often.", after=7),
    lambda: GarbledAnswerError("It answered rubbish."),
    lambda: DoubtfulWriteError("Its answer never came."),
)


@dataclass(frozen=True, slots=True)
class Work:
    """Work to disturb: how its world comes to be, what is done then, and what people and nights do afterwards."""

    name: str
    prepare: Callable[[SeededWorld], object]
    do: Callable[[SeededWorld], object]
    after: Callable[[SeededWorld], object] = lambda world: None


def _settled_and_changed(world: SeededWorld) -> None:
    world.settle()
    world.change()


def _read_and_push(world: SeededWorld) -> None:
    world.read_all()
    world.push()


def _poll_and_push(world: SeededWorld) -> None:
    world.poll()
    world.push()


def _drifted(world: SeededWorld) -> None:
    world.settle()
    world.change()
    world.edit_in_shop()


def _reconcile(world: SeededWorld) -> None:
    world.clock.advance(hours=24)
    world.reconcile_and_push()


def _sold_out(world: SeededWorld) -> None:
    world.change_settings(guard_floor=3)
    world.settle()
    world.clock.advance(hours=2)
    world.sell_out()


def _read_twice_and_hold(world: SeededWorld) -> None:
    world.poll()
    world.push()
    world.recheck()
    world.push()


def _held(world: SeededWorld) -> None:
    _sold_out(world)
    _read_twice_and_hold(world)


def _release(world: SeededWorld) -> None:
    world.decide(HoldState.RELEASED)
    world.push()


def _let_pass(world: SeededWorld) -> None:
    world.come_to_rest()
    world.decide(HoldState.RELEASED)


def _drop(world: SeededWorld) -> None:
    world.decide(HoldState.DROPPED)
    world.push()


def _think_better_of_it(world: SeededWorld) -> None:
    """Release what was dropped, with everything looked at again, and let pass what is held instead."""
    world.come_to_rest()
    world.take_back()
    mark_everything(world.keeper())
    _let_pass(world)


def _expire(world: SeededWorld) -> None:
    world.clock.advance(hours=24)
    _read_twice_and_hold(world)


def _unanswered_and_archived(world: SeededWorld) -> None:
    """Have new products and variants made, hear of none of them, and archive them in the till."""
    _settled_and_changed(world)
    world.poll()
    steps = SeededWorld(seed=world.seed)
    _settled_and_changed(steps)
    steps.poll()
    steps.crash.steps.clear()
    steps.push()
    world.survive(world.push, steps.crash.steps.index("answer write products"))
    world.archive_news()
    world.clock.advance(minutes=2)


WORKS = (
    Work("first sync", lambda world: None, _read_and_push),
    Work("polls", _settled_and_changed, _poll_and_push),
    Work("creation, archived afterwards", _settled_and_changed, _poll_and_push, after=SeededWorld.archive_news),
    Work("look for what was never answered", _unanswered_and_archived, _poll_and_push),
    Work("nightly read", _settled_and_changed, _read_and_push),
    Work("reconcile", _drifted, _reconcile, after=_reconcile),
    Work("second reading and hold", _sold_out, _read_twice_and_hold, after=_let_pass),
    Work("release", _held, _release, after=_let_pass),
    Work("drop", _held, _drop, after=_think_better_of_it),
    Work("expiry", _held, _expire, after=_let_pass),
)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One run: whose work, at which step, by which trouble (``None`` kills)."""

    work: Work
    seed: int
    step: int
    trouble: Callable[[], Trouble] | None = None

    def play(self) -> Tally:
        """Disturb the work, let minutes pass and the till go on, and hold the shop against the till both times."""
        world = SeededWorld(seed=self.seed)
        self.work.prepare(world)
        if self.trouble is None:
            world.survive(lambda: self.work.do(world), self.step)
        else:
            _disturb(world, self.work.do, self.step, self.trouble)
        self.work.after(world)
        world.come_to_rest()
        missing = len(world.lost())
        world.change_all_stock()
        tally = _judged(world)
        tally.lost += missing
        return tally


def _disturb(
    world: SeededWorld, do: Callable[[SeededWorld], object], step: int, trouble: Callable[[], Trouble]
) -> None:
    """Let one call fail instead of killing the process."""
    calm = world.crash
    world.crash = world.till.crash = world.shop.crash = FailingStep(at=step, trouble=trouble)
    try:
        do(world)
    except Trouble:
        pass  # the queue repeats the wake
    finally:
        world.crash = world.till.crash = world.shop.crash = calm


@dataclass
class FailingStep(Crash):
    """Raises a trouble of a system at its step."""

    trouble: Callable[[], Trouble] | None = None

    def step(self, name: str) -> None:
        self.steps.append(name)
        if self.trouble and self.at == len(self.steps) - 1:
            raise self.trouble()


def _judged(world: SeededWorld) -> Tally:
    world.come_to_rest()
    lost = len(world.lost())
    wrong = len(world.witness.wrong) + world.needless()
    return Tally(1, wrong, len(world.witness.doubled()), lost)


def killed_at_every_step() -> Iterator[Figure]:
    """Take every step of every work, in worlds of different seeds, and play every fault that fits it."""
    runs = [run for seed in SEEDS for work in WORKS for run in _disturbances(work, seed)]
    tally = Tally()
    for run in shown("kill and restart", runs):
        tally += run.play()
    kills = sum(run.trouble is None for run in runs)
    steps = f"{len(WORKS)} works of {kills // len(SEEDS):,} steps"
    note = f"{steps}: {kills:,} kills, {len(runs) - kills:,} troubles, {len(SEEDS)} seeds"
    yield from tally.figures("kill and restart", note)


def _disturbances(work: Work, seed: int) -> Iterator[Disturbance]:
    world = SeededWorld(seed=seed)
    work.prepare(world)
    world.crash.steps.clear()
    work.do(world)
    for step, name in enumerate(world.crash.steps):
        yield Disturbance(work, seed, step)
        if name.startswith(("call", "answer")):
            yield from (Disturbance(work, seed, step, trouble) for trouble in TROUBLES)


def killed_again_and_again() -> Iterator[Figure]:
    """Die several times in a row in large worlds, while the till goes on selling."""
    tally = Tally()
    for seed in shown("killed again and again", range(STORIES)):
        tally += _story(seed)
    items = LARGE.simple + LARGE.matrices
    yield from tally.figures("killed again and again", f"{DEATHS} deaths each, tills of {items} products")


def _story(seed: int) -> Tally:
    dice = random.Random(seed)
    world = SeededWorld(seed=seed, size=LARGE)
    for _ in range(DEATHS):
        work = dice.choice((_poll_and_push, _read_and_push))
        world.survive(partial(work, world), dice.randrange(2000))
        world.change()
    return _judged(world)
