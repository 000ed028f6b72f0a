"""A broken connection comes back; whatever dies on the way, the merchant hears of it once, and when it is true."""

from dataclasses import replace

import pytest

from tests.fakes.crash import Crash, KilledError
from tests.fakes.stores import FakeConnections, FakeMerchants, FakeOutbox
from tests.unit.flows.lobby import Lobby
from tests.unit.flows.test_connect_killed import WAYS
from tillbridge.domain.grant import hashed
from tillbridge.domain.mail import Letter, MailKind, MailState
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.flows.notify import Postman, wake_waiting


class Mailbox:
    """Collects what goes out, and how the connection was at that moment."""

    def __init__(self, lobby: Lobby) -> None:
        self.lobby = lobby
        self.got: list[tuple[str, bool]] = []

    def send(self, letter: Letter) -> None:
        (connection,) = self.lobby.live()
        self.got.append((letter.subject, connection.working))

    def serve(self) -> None:
        """Deliver what was woken."""
        memory = self.lobby.memory
        postman = Postman(
            outbox=FakeOutbox(memory, clock=self.lobby.clock),
            merchants=FakeMerchants(memory),
            connections=FakeConnections(memory),
            write=lambda mail, _: Letter(mail.to, mail.kind.value, "", ""),
            carrier=self,
            clock=self.lobby.clock,
        )
        while memory.mails_woken:
            postman.deliver(*memory.mails_woken.pop(0))

    def minutes_pass(self, minutes: int) -> None:
        for _ in range(minutes):
            self.lobby.clock.advance(minutes=1)
            wake_waiting(FakeOutbox(self.lobby.memory, clock=self.lobby.clock), self.lobby.clock.now())
            self.serve()


def broken(system: System) -> Lobby:
    """A connection that is broken, of a merchant with an address."""
    lobby = Lobby()
    lobby.merchant = replace(lobby.merchant, email="owner@example.com")
    lobby.memory.merchants["m1"] = lobby.merchant
    WAYS[system](lobby, lobby.process(), lobby.invite(system))
    (connection,) = lobby.live()
    lobby.clock.advance(hours=30)
    FakeConnections(lobby.memory).save(replace(connection, state=ConnectionState.BROKEN, cause="x", remedy="y"))
    return lobby


def steps_of(system: System) -> int:
    lobby, crash = broken(system), Crash()
    WAYS[system](lobby, lobby.process(crash), lobby.invite(system))
    return len(crash.steps)


CASES = [(system, step) for system in WAYS for step in range(steps_of(system))]


@pytest.mark.parametrize(("system", "step"), CASES)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_kill_while_coming_back_costs_no_mail_and_makes_no_second(
    system: System,
    step: int,
    at_once: bool,  # noqa: FBT001
) -> None:
    lobby = broken(system)
    mailbox, token = Mailbox(lobby), lobby.invite(system)
    with pytest.raises(KilledError):
        WAYS[system](lobby, lobby.process(Crash(at=step)), token)
    if at_once:
        mailbox.serve()
    mailbox.minutes_pass(3)
    if hashed(token) in lobby.invitations:
        WAYS[system](lobby, lobby.process(), token)
    mailbox.serve()
    mailbox.minutes_pass(30)
    assert mailbox.got == [(MailKind.RECOVERED.value, True)]
    assert [posted.state for posted in lobby.memory.mails.values()] == [MailState.SENT]


@pytest.mark.parametrize("system", list(WAYS))
def test_what_was_not_broken_is_no_news(system: System) -> None:
    lobby = Lobby()
    for _ in range(2):
        WAYS[system](lobby, lobby.process(), lobby.invite(system))
    assert lobby.memory.mails == {}
