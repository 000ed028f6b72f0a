"""What the operator sees of mails to merchants."""

from dataclasses import replace

from tests.fakes.stores import FakeOutbox
from tests.fakes.world import TILL
from tests.unit.flows.operate.office import Office
from tillbridge.domain.mail import MailState, reconnect_mail


def test_mails_are_listed_with_what_became_of_them_and_without_addresses(office: Office) -> None:  # invariant 5
    outbox = FakeOutbox(office.world.memory, clock=office.world.clock)
    mail = replace(
        reconnect_mail(office.world.memory.connections[TILL], "Revoked.", "Connect."), to="owner@example.com"
    )
    outbox.put(mail)
    (waiting,) = office.desks().mails.list(None, None, office.deadline).rows
    assert (waiting.state, waiting.next_at, waiting.sent_at) == (MailState.WAITING, office.world.clock.now(), None)
    (posted,) = office.world.memory.mails.values()
    outbox.close(replace(posted, state=MailState.FAILED, cause="why"))
    (failed,) = office.desks().mails.list("m1", None, office.deadline).rows
    assert (failed.merchant, failed.kind, failed.key) == ("m1", mail.kind, mail.key)
    assert (failed.state, failed.cause, failed.next_at) == (MailState.FAILED, "why", None)
    assert "@" not in repr(failed)
    assert office.desks().mails.list("m2", None, office.deadline).rows == ()
