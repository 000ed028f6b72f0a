"""A key that is refused before its day: who has authorised is taken over and not bothered, whoever has not is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.unit.flows.fleet import END, Fleet, Process
from tillbridge.domain.errors import RetryLaterError, SystemDownError
from tillbridge.domain.mail import Letter, MailKind, MailState
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.domain.migration import Stage
from tillbridge.flows.lane_work import in_state
from tillbridge.flows.notify import NO_LONGER_TRUE, Postman, wake_waiting
from tillbridge.systems.till import TillAccount

LACKING = TillAccount("1", "Shop", missing=("inventory: stock cannot be read",))


@pytest.fixture
def fleet() -> Fleet:
    fleet = Fleet()
    fleet.bring()
    fleet.tick()
    return fleet


def wake(fleet: Fleet, crash: Crash | None = None) -> None:
    """Serve a wake, as the queue does: a connection that does not work is left alone."""
    if fleet.till().working:
        serve(fleet.process(crash), fleet.till())


def serve(process: Process, till: Connection) -> None:
    """Call the till once, as work does."""
    in_state(process.register, till, lambda: bool(process.serving_account(till)))


def refuse_keys(fleet: Fleet) -> None:
    """Have the vendor refuse the keys, as if the merchant had deleted them; work notices."""
    fleet.house.keys.clear()
    wake(fleet)


def pass_minutes(fleet: Fleet, minutes: int) -> None:
    """Let the schedules do their rounds, the till's wakes be served, and mails go out."""
    for _ in range(minutes):
        fleet.clock.advance(minutes=1)
        fleet.tick()
        wake(fleet)
        sent(fleet)


def sent(fleet: Fleet) -> Sequence[MailKind]:
    """Have the mails delivered; gives what was sent so far, in order."""
    process = fleet.process()

    class Carrier:
        def send(self, letter: Letter) -> None:
            assert letter.to == "m1@example.com"

    postman = Postman(
        outbox=process.outbox,
        merchants=process.bring_in.merchants,
        connections=process.connections,
        write=lambda mail, merchant: Letter(mail.to, mail.kind, "", ""),
        carrier=Carrier(),
        clock=fleet.clock,
    )
    wake_waiting(process.outbox, fleet.clock.now())
    while fleet.memory.mails_woken:
        postman.deliver(*fleet.memory.mails_woken.pop(0))
    gone = [posted for posted in fleet.memory.mails.values() if posted.state is MailState.SENT]
    invited = MailKind.MIGRATION_INVITE
    return [posted.mail.kind for posted in gone if posted.mail.kind is not invited]


@pytest.mark.parametrize("stage", [Stage.AUTHORISED, Stage.VERIFIED])
def test_whoever_has_authorised_is_taken_over_within_two_minutes_and_gets_no_mail(  # invariant 4
    fleet: Fleet, stage: Stage
) -> None:
    fleet.to(stage)
    refuse_keys(fleet)
    assert fleet.till().state is ConnectionState.BROKEN
    pass_minutes(fleet, 2)
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert fleet.works()
    assert sent(fleet) == []
    assert fleet.memory.mails_woken == []


def test_a_round_in_the_middle_does_not_put_the_takeover_off(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migration is marked before the pause is stored; a round between the two finds nothing to do."""
    fleet.to(Stage.VERIFIED)
    process, connection = fleet.process(), fleet.till()
    save = process.connections.save

    def slowly(paused: Connection) -> None:
        fleet.tick()
        save(paused)

    fleet.house.keys.clear()
    monkeypatch.setattr(process.connections, "save", slowly)
    serve(process, connection)
    pass_minutes(fleet, 2)
    assert fleet.stage() is Stage.SWITCHED


@pytest.mark.parametrize("step", range(6))
def test_a_process_that_dies_while_it_pauses_leaves_the_takeover_to_others(fleet: Fleet, step: int) -> None:
    fleet.to(Stage.VERIFIED)
    fleet.house.keys.clear()
    try:
        wake(fleet, Crash(at=step))
    except KilledError:
        wake(fleet)
    pass_minutes(fleet, 3)
    assert (fleet.stage(), fleet.till().state, sent(fleet)) == (Stage.SWITCHED, ConnectionState.ACTIVE, [])


@pytest.mark.parametrize("stage", [Stage.KEY_ONLY, Stage.INVITED])
def test_whoever_has_not_is_told_once_and_once_more_when_it_works_again(fleet: Fleet, stage: Stage) -> None:
    fleet.to(stage)
    refuse_keys(fleet)
    pass_minutes(fleet, 5)
    assert sent(fleet) == [MailKind.RECONNECT]
    fleet.process().authorise()
    pass_minutes(fleet, 5)
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert sent(fleet) == [MailKind.RECONNECT, MailKind.RECOVERED]


def test_a_merchant_who_was_told_early_is_not_told_again_on_the_day(fleet: Fleet) -> None:
    fleet.go_to(END - timedelta(hours=1))
    fleet.tick()
    sent_before = sent(fleet)
    refuse_keys(fleet)
    fleet.clock.advance(hours=2)
    pass_minutes(fleet, 5)
    assert fleet.migration().stopped_at is not None
    assert sent(fleet) == [*sent_before, MailKind.RECONNECT]


def test_a_takeover_that_cannot_be_is_told_once_and_its_end_too(fleet: Fleet) -> None:
    """The employee who authorised has lost rights: nothing serves, until they are given back."""
    fleet.to(Stage.AUTHORISED)
    fleet.house.accounts["1"] = LACKING
    refuse_keys(fleet)
    pass_minutes(fleet, 30)
    assert (fleet.stage(), sent(fleet)) == (Stage.AUTHORISED, [MailKind.RECONNECT])
    fleet.house.accounts["1"] = replace(LACKING, missing=())
    pass_minutes(fleet, 6)
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    pass_minutes(fleet, 3)
    assert sent(fleet) == [MailKind.RECONNECT, MailKind.RECOVERED]


def test_a_new_credential_that_is_dead_too_is_told_once(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.AUTHORISED)
    fleet.house.end_grants("1")
    refuse_keys(fleet)
    pass_minutes(fleet, 5)
    assert (fleet.stage(), sent(fleet)) == (Stage.KEY_ONLY, [MailKind.RECONNECT])
    fleet.process().authorise()
    assert fleet.works()
    assert sent(fleet) == [MailKind.RECONNECT, MailKind.RECOVERED]


def test_one_that_dies_unseen_while_work_waits_for_it_is_told(fleet: Fleet) -> None:
    fleet.to(Stage.VERIFIED)
    active = fleet.till()
    refuse_keys(fleet)
    fleet.house.end_grants("1")
    fleet.clock.advance(minutes=45)
    fleet.process().connections.save(active)  # the renewal began before the pause
    paused, process = replace(active, state=ConnectionState.BROKEN, cause="The key is refused."), fleet.process()
    renew = process.refreshing.renew

    def meanwhile(*given: object) -> None:
        fleet.process().connections.save(paused)
        renew(*given)  # type: ignore[arg-type]

    replace(process.refreshing, renew=meanwhile).run(FakeDeadline())
    assert (fleet.stage(), sent(fleet)) == (Stage.KEY_ONLY, [MailKind.RECONNECT])


def test_on_the_day_a_dead_new_credential_is_told_by_the_stop_alone(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    fleet.house.end_grants("1")
    fleet.go_to(END)
    wake(fleet)
    pass_minutes(fleet, 5)
    assert (fleet.stage(), sent(fleet)) == (Stage.KEY_ONLY, [MailKind.MIGRATION_STOPPED])


def test_on_the_day_one_that_lacks_rights_is_told(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    fleet.house.accounts["1"] = LACKING
    fleet.go_to(END)
    wake(fleet)
    pass_minutes(fleet, 30)
    assert (fleet.stage(), sent(fleet)) == (Stage.AUTHORISED, [MailKind.RECONNECT])


def test_a_till_that_is_down_meanwhile_is_tried_again_soon_and_nobody_is_told(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    refuse_keys(fleet)
    calm = fleet.house.fault

    def down(_: str) -> None:
        raise SystemDownError("It is down.")

    fleet.house.fault = down
    pass_minutes(fleet, 20)
    assert fleet.stage() is Stage.AUTHORISED
    fleet.house.fault = calm
    pass_minutes(fleet, 6)
    assert (fleet.stage(), fleet.till().state, sent(fleet)) == (Stage.SWITCHED, ConnectionState.ACTIVE, [])


def test_the_stop_that_was_told_ends_with_one_mail_though_nobody_noted_the_authorisation(fleet: Fleet) -> None:
    """The process died between the vault and the record; the round finds the tokens."""
    fleet.go_to(END)
    pass_minutes(fleet, 2)
    fleet.process().keeper.keep_tokens(fleet.till().place, fleet.house.pair("1"))
    fleet.clock.advance(hours=6)
    pass_minutes(fleet, 3)
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert [kind for kind in sent(fleet) if kind is not MailKind.MIGRATION_REMINDER] == [
        MailKind.MIGRATION_STOPPED,
        MailKind.RECOVERED,
    ]


def test_what_took_over_is_told_of_when_it_ends_itself(fleet: Fleet) -> None:
    """Its end is another one than that of the key."""
    fleet.to(Stage.AUTHORISED)
    fleet.house.accounts["1"] = LACKING
    refuse_keys(fleet)
    pass_minutes(fleet, 5)
    fleet.house.accounts["1"] = replace(LACKING, missing=())
    pass_minutes(fleet, 6)
    assert sent(fleet) == [MailKind.RECONNECT, MailKind.RECOVERED]
    fleet.house.end_grants("1")
    pass_minutes(fleet, 1)
    assert sent(fleet) == [MailKind.RECONNECT, MailKind.RECOVERED, MailKind.RECONNECT]


@pytest.mark.parametrize("last", [Stage.SWITCHED, Stage.RETIRED])
def test_work_that_began_before_the_switch_ends_in_another_try(  # invariant 4
    fleet: Fleet, last: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is deleted at the vendor, or destroyed here, while a long read still goes on with it."""
    fleet.to(Stage.VERIFIED)
    process, connection = fleet.process(), fleet.till()
    old = process.serving.old(connection)
    assert old is not None
    fleet.to(last)
    fleet.house.keys.clear()
    monkeypatch.setattr(process, "serving_account", lambda _: fleet.house.by_key(old.read()))
    with pytest.raises(RetryLaterError):
        serve(process, connection)
    assert (fleet.till().state, fleet.works(), sent(fleet)) == (ConnectionState.ACTIVE, True, [])


def test_a_reminder_that_waited_is_not_sent_once_the_merchant_has_authorised(fleet: Fleet) -> None:
    fleet.go_to(END - timedelta(days=30))
    fleet.tick()
    assert [posted.mail.kind for posted in fleet.memory.mails.values()] == [MailKind.MIGRATION_REMINDER]
    fleet.process().authorise()
    assert sent(fleet) == []
    (posted,) = fleet.memory.mails.values()
    assert posted.cause == NO_LONGER_TRUE
