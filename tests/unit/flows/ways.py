"""The ways of a migration, each from where it begins, and how people and time finish what a dead process left."""

from collections.abc import Callable
from datetime import timedelta

from tests.fakes.clock import FakeDeadline
from tests.fakes.crash import Crash
from tests.unit.flows.fleet import END, Fleet, Process
from tillbridge.domain.migration import Stage

Step = Callable[[Process], object]


def tick(process: Process) -> None:
    process.round.run(FakeDeadline())


WAYS: dict[str, tuple[Stage, timedelta, Step, Stage]] = {
    "invite": (Stage.KEY_ONLY, -timedelta(days=90), Process.invite, Stage.INVITED),
    "authorise": (Stage.INVITED, -timedelta(days=90), Process.authorise, Stage.AUTHORISED),
    "verify": (Stage.AUTHORISED, -timedelta(days=90), Process.verify, Stage.VERIFIED),
    "switch": (Stage.VERIFIED, -timedelta(days=90), Process.switch, Stage.SWITCHED),
    "go back": (Stage.SWITCHED, -timedelta(days=90), Process.back, Stage.AUTHORISED),
    "retire": (Stage.SWITCHED, -timedelta(days=90), Process.retire, Stage.RETIRED),
    "take over on the day": (Stage.AUTHORISED, timedelta(), tick, Stage.SWITCHED),
    "authorise after the day": (Stage.INVITED, timedelta(days=2), Process.authorise, Stage.SWITCHED),
}


def prepared(way: str) -> Fleet:
    stage, after, _, _ = WAYS[way]
    fleet = Fleet()
    fleet.bring()
    fleet.to(stage)
    fleet.go_to(END + after)
    if after > timedelta():
        fleet.tick()
    return fleet


def steps_of(way: str) -> int:
    fleet, crash = prepared(way), Crash()
    WAYS[way][2](fleet.process(crash))
    return len(crash.steps)


def holds_what_serves(fleet: Fleet, merchant_id: str = "m1") -> bool:
    """Tell whether the credential that serves, or will once the merchant has acted, is in the vault."""
    if fleet.migration(merchant_id).served_by_old:
        return fleet.kept_old(merchant_id) is not None
    return fleet.kept_tokens(merchant_id) is not None


def finish(fleet: Fleet) -> None:
    """Let time pass and people do what is left."""
    for _ in range(12):
        fleet.clock.advance(hours=1)
        fleet.tick()
        stage = fleet.stage()
        if stage in {Stage.KEY_ONLY, Stage.INVITED}:
            fleet.process().authorise()
        elif stage is Stage.VERIFIED:
            fleet.process().switch()
        elif stage is Stage.SWITCHED and fleet.migration().stopped_at is None:
            fleet.process().retire()
