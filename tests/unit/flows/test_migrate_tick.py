"""What happens by itself: comparisons, reminders, the day itself, and finishing what a dead process left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeDeadline
from tests.unit.flows.fleet import END, Fleet
from tillbridge.domain.errors import BrokenConnectionError, SystemDownError
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.migration import REMIND_DAYS, Move, Stage
from tillbridge.domain.vendor_events import Calendar, read_days

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def fleet() -> Fleet:
    fleet = Fleet()
    fleet.bring()
    fleet.tick()
    return fleet


def let_days_pass(fleet: Fleet, until: timedelta) -> None:
    """Let hours pass up to some time before (or after) the end, with a round in each."""
    while fleet.clock.now() < END - until:
        fleet.clock.advance(hours=1)
        fleet.tick()


def mails(fleet: Fleet, kind: MailKind, field: str = "days_left") -> list[str]:
    found = [posted.mail for posted in fleet.memory.mails.values()]
    return [mail.about[field] for mail in found if mail.kind is kind]


def test_reminders_at_their_days_each_once(fleet: Fleet) -> None:
    let_days_pass(fleet, timedelta(hours=1))
    assert mails(fleet, MailKind.MIGRATION_REMINDER) == [str(day) for day in REMIND_DAYS]
    assert mails(fleet, MailKind.MIGRATION_STOPPED) == []


@pytest.mark.parametrize("stage", [Stage.AUTHORISED, Stage.VERIFIED, Stage.SWITCHED])
def test_no_reminder_once_the_merchant_has_authorised(fleet: Fleet, stage: Stage) -> None:
    fleet.to(stage)
    let_days_pass(fleet, timedelta(hours=1))
    assert mails(fleet, MailKind.MIGRATION_REMINDER) == []


def test_what_was_authorised_is_compared_by_itself(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    assert fleet.tick().compared == 1
    assert fleet.stage() is Stage.VERIFIED


def test_a_comparison_that_failed_is_repeated_after_an_hour(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    calm = fleet.house.fault

    def down(_: str) -> None:
        raise SystemDownError("It is down.")

    fleet.house.fault = down
    fleet.tick()
    assert fleet.migration().problem == "It is down."
    fleet.house.fault = calm
    fleet.clock.advance(minutes=59)
    assert fleet.tick().compared == 0
    fleet.clock.advance(minutes=1)
    assert fleet.tick().compared == 1
    assert fleet.stage() is Stage.VERIFIED


def test_a_switch_is_for_the_operator_to_decide_while_the_key_serves(fleet: Fleet) -> None:
    fleet.to(Stage.VERIFIED)
    let_days_pass(fleet, DAY)
    assert fleet.stage() is Stage.VERIFIED


@pytest.mark.parametrize("stage", [Stage.AUTHORISED, Stage.VERIFIED])
def test_whoever_has_authorised_is_taken_over_on_the_day_and_never_pauses(fleet: Fleet, stage: Stage) -> None:
    fleet.to(stage)
    fleet.go_to(END)
    fleet.tick()
    fleet.tick()
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert fleet.works()
    assert mails(fleet, MailKind.MIGRATION_STOPPED) == []
    assert fleet.migration().stopped_at is None


def test_whoever_has_not_is_stopped_before_the_vendor_refuses(fleet: Fleet) -> None:
    let_days_pass(fleet, HOUR)
    fleet.house.asked.clear()
    fleet.go_to(END)
    with pytest.raises(BrokenConnectionError) as stopped:
        fleet.process().serving_account(fleet.till())
    assert (type(stopped.value), stopped.value.code) == (BrokenConnectionError, "KeyEnded")  # one mail, not two
    assert fleet.tick().stopped == 1
    paused = fleet.till()
    assert (paused.state, paused.cause, paused.remedy) == (
        ConnectionState.BROKEN,
        stopped.value.happened,
        stopped.value.remedy,
    )
    assert len(mails(fleet, MailKind.MIGRATION_STOPPED)) == 1
    assert fleet.house.asked == []
    assert fleet.clock.now() < fleet.house.keys_until
    let_days_pass(fleet, -5 * DAY)
    assert len(mails(fleet, MailKind.MIGRATION_STOPPED)) == 1
    assert fleet.house.asked == []


def test_it_goes_on_as_soon_as_the_merchant_has_authorised(fleet: Fleet) -> None:  # invariant 4
    before = fleet.till()
    fleet.go_to(END + 3 * DAY)
    fleet.tick()
    fleet.process().authorise()
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert fleet.till().connection_id == before.connection_id
    assert fleet.works()
    fleet.tick()
    assert fleet.migration().stopped_at is None


def test_a_pause_whose_end_died_on_the_way_is_ended(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch was written, and then the process that was to resume work died."""
    fleet.go_to(END)
    fleet.tick()
    process = fleet.process()
    monkeypatch.setattr(process.door.book.connections, "save", lambda _: None)
    process.authorise()
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.BROKEN)
    fleet.tick()
    assert fleet.till().state is ConnectionState.ACTIVE


def test_a_pause_of_the_operator_outlives_the_day_and_the_authorisation(fleet: Fleet) -> None:
    paused = replace(fleet.till(), state=ConnectionState.PAUSED)
    fleet.memory.connections[paused.connection_id] = paused
    fleet.go_to(END)
    fleet.tick()
    assert (len(mails(fleet, MailKind.MIGRATION_STOPPED)), fleet.till().state) == (1, ConnectionState.PAUSED)
    fleet.process().authorise()
    fleet.tick()
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.PAUSED)
    assert fleet.migration().stopped_at is None


def test_an_authorisation_that_nobody_could_note_is_found(fleet: Fleet) -> None:  # invariant 3
    process = fleet.process()
    pair = fleet.house.pair("1")
    process.keeper.keep_tokens(fleet.till().place, pair)
    fleet.clock.advance(hours=6)
    fleet.tick()
    assert fleet.migration().history[-2].note == "found in the vault"
    assert fleet.stage() is Stage.VERIFIED


def test_a_key_that_was_retired_by_a_dying_process_is_destroyed(fleet: Fleet) -> None:  # invariant 5
    fleet.to(Stage.SWITCHED)
    process = fleet.process()
    process.mover.book.advance(fleet.migration(), Move.RETIRE)
    assert fleet.kept_old() is not None
    assert fleet.tick().destroyed == 1
    assert (fleet.kept_old(), fleet.migration().destroyed) == (None, True)
    assert fleet.tick().looked_at == 0


def test_the_vendor_postpones(fleet: Fleet) -> None:
    let_days_pass(fleet, 2 * HOUR)
    fleet.calendar = Calendar().with_days(read_days("lightspeed-api-keys.refused=2017-03-01"))
    fleet.house.keys_until = END + 90 * DAY
    let_days_pass(fleet, -30 * DAY)
    assert mails(fleet, MailKind.MIGRATION_STOPPED) == []
    assert fleet.works()


def test_a_vendor_that_postpones_after_the_stop_lets_the_key_serve_again(fleet: Fleet) -> None:  # invariant 4
    let_days_pass(fleet, -DAY)
    assert (len(mails(fleet, MailKind.MIGRATION_STOPPED)), fleet.works()) == (1, False)
    fleet.calendar = Calendar().with_days(read_days("lightspeed-api-keys.refused=2017-03-01"))
    fleet.house.keys_until = END + 90 * DAY
    let_days_pass(fleet, -2 * DAY)
    assert (fleet.works(), fleet.till().state, fleet.migration().problem) == (True, ConnectionState.ACTIVE, "")
    assert len(mails(fleet, MailKind.RECOVERED, "system")) == 1
    let_days_pass(fleet, -61 * DAY)
    assert (len(mails(fleet, MailKind.MIGRATION_STOPPED)), fleet.works()) == (2, False)


def test_one_that_cannot_be_moved_does_not_keep_the_others_waiting(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet.bring("m2", "2")
    for name in ("m1", "m2"):
        fleet.to(Stage.AUTHORISED, name)
    process = fleet.process()
    put, stubborn = process.migrations.put, fleet.till("m1").connection_id
    monkeypatch.setattr(process.migrations, "put", lambda one: one.connection_id != stubborn and put(one))

    report = process.round.run(FakeDeadline())
    assert (report.looked_at, report.failed) == (2, 1)
    assert (fleet.stage("m1"), fleet.stage("m2")) == (Stage.AUTHORISED, Stage.VERIFIED)


def test_a_round_ends_when_time_is_up(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    assert fleet.tick(timedelta(seconds=20)).looked_at == 0
    assert fleet.tick().looked_at == 1


def test_a_takeover_that_fails_is_told_and_repeated(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    fleet.go_to(END)
    calm = fleet.house.fault

    def down(_: str) -> None:
        raise SystemDownError("It is down.")

    fleet.house.fault = down
    fleet.tick()
    assert (fleet.stage(), fleet.migration().problem) == (Stage.AUTHORISED, "It is down.")
    assert fleet.tick().looked_at == 0
    fleet.house.fault = calm
    fleet.clock.advance(hours=1)
    fleet.tick()
    assert fleet.works()
