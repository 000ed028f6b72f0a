"""Sending mails: what goes out when, once, and what becomes of it when something fails or a process dies."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash, KilledError
from tests.fakes.people import connection, merchant
from tests.fakes.stores import FakeConnections, FakeMerchants, FakeOutbox, Memory
from tillbridge.domain.errors import (
    InputError,
    MisconfiguredSystemError,
    MissingRightError,
    RetryLaterError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.mail import MOST_TRIES, Letter, Mail, MailState, Posted, reconnect_mail, recovered_mail
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.flows.lane_work import Register, in_state
from tillbridge.flows.notify import NO_ADDRESS, NO_LONGER_TRUE, NO_SENDER, Delivery, Postman, wake_waiting

DEAD = UnauthorisedError("It was revoked.", remedy="Connect again.")


@dataclass
class Ses:
    """Mails that have gone out, and the troubles of those that do not."""

    sent: list[Letter] = field(default_factory=list)
    troubles: list[TillbridgeError] = field(default_factory=list)


@dataclass
class Carrier:
    ses: Ses
    crash: Crash

    def send(self, letter: Letter) -> None:
        self.crash.step("before send")
        if self.ses.troubles:
            raise self.ses.troubles.pop(0)
        self.ses.sent.append(letter)
        self.crash.step("after send")


class Town:
    """A merchant with a connection, an outbox, and as many postmen as a test wants."""

    def __init__(self, email: str = "owner@example.com") -> None:
        self.memory, self.clock, self.ses = Memory(), FakeClock(), Ses()
        self.memory.merchants["m1"] = merchant(email=email)
        self.memory.connections["c1"] = connection()

    @property
    def connection(self) -> Connection:
        return self.memory.connections["c1"]

    def outbox(self, crash: Crash | None = None) -> FakeOutbox:
        return FakeOutbox(self.memory, crash or Crash(), self.clock)

    def postman(self, crash: Crash | None = None, *, sender: bool = True) -> Postman:
        crash = crash or Crash()
        return Postman(
            outbox=self.outbox(crash),
            merchants=FakeMerchants(self.memory),
            connections=FakeConnections(self.memory),
            write=lambda mail, to: Letter(mail.to, f"{mail.kind} for {to.name}", "text", "html"),
            carrier=Carrier(self.ses, crash) if sender else None,
            clock=self.clock,
        )

    def work(self, error: TillbridgeError | None = None, crash: Crash | None = None) -> None:
        """Serve a wake of the connection's lane, which may fail."""
        crash = crash or Crash()
        register = Register(FakeConnections(self.memory, crash), self.outbox(crash), self.clock)

        def do() -> bool:
            if error:
                raise error
            return True

        if self.connection.working:
            in_state(register, self.connection, do)

    def deliver(self, mail: Mail, postman: Postman | None = None) -> Delivery:
        return (postman or self.postman()).deliver(mail.merchant_id, mail.key)

    def deliver_woken(self, postman: Postman | None = None) -> None:
        """Serve the queue until it is empty."""
        while self.memory.mails_woken:
            (postman or self.postman()).deliver(*self.memory.mails_woken.pop(0))

    def minutes_pass(self, minutes: int) -> None:
        """Let the schedule do its rounds."""
        for _ in range(minutes):
            self.clock.advance(minutes=1)
            wake_waiting(self.outbox(), self.clock.now())
            self.deliver_woken()

    def authorise(self) -> None:
        self.clock.advance(seconds=1)
        now = self.clock.now()
        self.memory.connections["c1"] = replace(
            self.connection, state=ConnectionState.ACTIVE, granted_at=now, changed_at=now
        )

    @property
    def posted(self) -> Posted:
        (posted,) = self.memory.mails.values()
        return posted

    @property
    def subjects(self) -> list[str]:
        return [letter.subject for letter in self.ses.sent]


@pytest.fixture
def town() -> Town:
    return Town()


def lost(town: Town) -> Mail:
    return reconnect_mail(town.connection, DEAD.happened, DEAD.remedy)


@pytest.mark.parametrize("error", [DEAD, MissingRightError("A right is missing.", remedy="Give it back.")])
def test_a_grant_that_is_lost_is_told_once(town: Town, error: TillbridgeError) -> None:
    for _ in range(3):
        town.work(error)
    assert town.connection.state is ConnectionState.BROKEN
    town.deliver_woken()
    town.minutes_pass(5)
    assert town.subjects == ["reconnect for Northfell Outdoor"]
    assert town.ses.sent[0].to == "owner@example.com"
    assert (town.posted.state, town.posted.sent_at) == (MailState.SENT, FakeClock().now())
    assert town.posted.mail.about["cause"] == error.happened


def test_what_needs_no_link_is_not_mailed(town: Town) -> None:
    town.work(MisconfiguredSystemError("Plain permalinks.", remedy="Change them."))
    assert town.connection.state is ConnectionState.BROKEN
    assert town.memory.mails == {}


def test_two_lanes_that_notice_together_ask_for_one_mail(town: Town) -> None:
    before = town.connection
    town.work(DEAD)
    town.memory.connections["c1"] = before
    town.work(UnauthorisedError("Said in other words.", remedy="Connect again."))
    town.deliver_woken()
    assert len(town.subjects) == 1


def test_a_later_loss_is_told_again(town: Town) -> None:
    town.work(DEAD)
    town.deliver_woken()
    town.authorise()
    town.work(DEAD)
    town.deliver_woken()
    assert len(town.subjects) == 2


def test_a_mail_that_is_no_longer_true_stays_here(town: Town) -> None:
    town.work(DEAD)
    town.authorise()
    town.deliver_woken()
    assert town.subjects == []
    assert (town.posted.state, town.posted.cause) == (MailState.FAILED, NO_LONGER_TRUE)


@pytest.mark.parametrize("gone", [ConnectionState.DISCONNECTED, None])
def test_nothing_is_told_of_a_connection_that_has_ended(town: Town, gone: ConnectionState | None) -> None:
    town.work(DEAD)
    if gone is None:
        town.memory.connections.clear()
    else:
        town.memory.connections["c1"] = replace(town.connection, state=gone)
    town.deliver_woken()
    assert town.posted.cause == NO_LONGER_TRUE


def test_good_news_waits_until_it_is_true(town: Town) -> None:
    mail = recovered_mail(replace(town.connection, state=ConnectionState.BROKEN))
    town.outbox().put(mail)
    assert town.deliver(mail) is Delivery.LATER
    town.authorise()
    town.outbox().put(mail)
    town.deliver_woken()
    assert town.subjects == ["recovered for Northfell Outdoor"]


def test_good_news_that_turned_bad_is_not_told(town: Town) -> None:
    mail = recovered_mail(replace(town.connection, state=ConnectionState.BROKEN))
    town.outbox().put(mail)
    town.authorise()
    town.memory.connections["c1"] = replace(town.connection, state=ConnectionState.BROKEN)
    assert town.deliver(mail) is Delivery.UNSENT


def test_trouble_is_tried_again_after_growing_pauses_and_given_up_in_the_end(town: Town) -> None:
    town.ses.troubles = [RetryLaterError("SES is down.", remedy="Wait.") for _ in range(99)]
    town.work(DEAD)
    town.deliver_woken()
    assert (town.posted.state, town.posted.attempts) == (MailState.WAITING, 1)
    assert "SES is down." in town.posted.cause
    town.minutes_pass(30 * 60)
    assert (town.posted.state, town.posted.attempts) == (MailState.FAILED, MOST_TRIES)
    assert town.posted.sent_at is None


def test_trouble_that_passes_costs_some_time_only(town: Town) -> None:
    town.ses.troubles = [RetryLaterError("SES is down.")]
    town.work(DEAD)
    town.deliver_woken()
    town.minutes_pass(2)
    assert (len(town.subjects), town.posted.state, town.posted.cause) == (1, MailState.SENT, "")


def test_an_address_that_cannot_be_right_is_not_tried_again(town: Town) -> None:
    town.ses.troubles = [InputError("email", "SES cannot send to this address.", remedy="Give another.")]
    town.work(DEAD)
    town.deliver_woken()
    assert (town.posted.state, "cannot send to this address" in town.posted.cause) == (MailState.FAILED, True)


def test_without_sender_or_address_a_mail_is_kept_unsent_with_the_reason(town: Town) -> None:
    mail = lost(town)
    town.outbox().put(mail)
    assert town.deliver(mail, town.postman(sender=False)) is Delivery.UNSENT
    assert town.posted.cause == NO_SENDER
    silent = Town(email="")
    silent.outbox().put(mail)
    assert silent.deliver(mail) is Delivery.UNSENT
    assert silent.posted.cause == NO_ADDRESS


def test_an_address_that_was_given_along_counts(town: Town) -> None:
    mail = replace(lost(town), to="other@example.com")
    town.outbox().put(mail)
    assert town.deliver(mail) is Delivery.SENT
    assert town.ses.sent[0].to == "other@example.com"


def test_what_is_not_open_or_not_due_is_left_alone(town: Town) -> None:
    mail = lost(town)
    assert town.deliver(mail) is Delivery.NOTHING
    town.outbox().put(mail)
    taken = town.outbox().take(town.posted, town.clock.now())
    assert taken is not None
    assert town.deliver(mail) is Delivery.NOTHING  # another one is sending it
    town.outbox().close(replace(taken, state=MailState.SENT))
    assert town.deliver(mail) is Delivery.NOTHING


def test_of_two_postmen_that_look_at_once_one_sends(town: Town) -> None:
    mail = lost(town)
    town.outbox().put(mail)
    seen = town.posted
    postman = town.postman()
    assert postman.outbox.take(seen, town.clock.now())
    assert postman.outbox.take(seen, town.clock.now()) is None


def steps(run: Callable[[Town, Crash], None]) -> list[str]:
    town, crash = Town(), Crash()
    run(town, crash)
    return crash.steps


def noticing(town: Town, crash: Crash) -> None:
    town.work(DEAD, crash)


def sending(town: Town, crash: Crash) -> None:
    town.work(DEAD)
    town.deliver_woken(town.postman(crash))


@pytest.mark.parametrize("step", range(len(steps(noticing))))
def test_a_kill_while_noticing_loses_no_mail_and_doubles_none(step: int) -> None:
    town = Town()
    with pytest.raises(KilledError):
        noticing(town, Crash(at=step))
    town.work(DEAD)  # the queue shows the wake again
    town.deliver_woken()
    town.minutes_pass(5)
    assert town.connection.state is ConnectionState.BROKEN
    assert len(town.subjects) == 1


@pytest.mark.parametrize("step", range(len(steps(sending))))
def test_a_kill_while_sending_loses_no_mail_and_doubles_it_only_after_the_hand_over(step: int) -> None:
    town, crash = Town(), Crash(at=step)
    with pytest.raises(KilledError):
        sending(town, crash)
    town.minutes_pass(5)
    in_doubt = crash.steps[-1] in {"after send", "before mail"} and "before send" in crash.steps
    assert len(town.subjects) == (2 if in_doubt else 1)
    assert town.posted.state is MailState.SENT
    town.clock.time += timedelta(days=1)
    town.minutes_pass(3)
    assert len(town.subjects) == (2 if in_doubt else 1)


def test_no_address_is_shown() -> None:  # invariant 5
    assert "owner@" not in repr(merchant(email="owner@example.com"))
