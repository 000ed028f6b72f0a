"""A process dies before or after any of its steps; whatever serves then works, and the way can be finished."""

from datetime import timedelta

import pytest

from tests.fakes.crash import Crash, KilledError
from tests.unit.flows.fleet import END, Fleet
from tests.unit.flows.ways import WAYS, finish, holds_what_serves, prepared, steps_of, tick
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.migration import Stage


@pytest.mark.parametrize(("way", "step"), [(way, step) for way in WAYS for step in range(steps_of(way))])
def test_a_kill_at_every_step(way: str, step: int) -> None:  # invariant 3
    _, after, do, _ = WAYS[way]
    fleet = prepared(way)
    with pytest.raises(KilledError):
        do(fleet.process(Crash(at=step)))
    assert holds_what_serves(fleet)
    if after < timedelta():
        assert fleet.works()
    finish(fleet)
    assert (fleet.stage(), fleet.kept_old(), fleet.migration().destroyed) == (Stage.RETIRED, None, True)
    assert fleet.works()
    assert fleet.till().state is ConnectionState.ACTIVE
    assert len(fleet.live()) == 2


@pytest.mark.parametrize("step", range(steps_of("take over on the day") + 20))
def test_a_kill_while_stopping_keeps_everything(step: int) -> None:  # invariant 3
    """Whoever was not stopped by this round is by the next one, is told once, and comes back."""
    fleet = Fleet()
    fleet.bring()
    fleet.go_to(END)
    crash = Crash(at=step)
    try:
        tick(fleet.process(crash))
    except KilledError:
        fleet.tick()
    assert (fleet.till().state, fleet.stage()) == (ConnectionState.BROKEN, Stage.KEY_ONLY)
    assert len([key for _, key in fleet.memory.mails if key.startswith("migration-stopped")]) == 1
    assert fleet.kept_old() is not None
    fleet.process().authorise()
    assert fleet.works()
