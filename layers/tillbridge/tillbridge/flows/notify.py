"""Send a mail that is in the outbox: the use case behind ``notify``.

    look      open, and its time has come
    ask       is what it says true: now, not yet, or no longer?
    take      noted as *sending*; of two that look one gets it
    send      a fresh link is made, the letter is written and handed over
    close     sent, failed, or waiting for another try

A process that dies between *send* and *close* leaves a mail that may have gone out. It is sent again when the lease
has run out: a merchant who is told twice is better off than one who is not told (docs/decisions.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tillbridge.domain.errors import InputError, RetryLaterError
from tillbridge.domain.mail import MOST_TRIES, Letter, Mail, MailState, Posted, Timing, timing
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.flows.ports import Clock, Connections, Merchants

AT_ONCE = 200
"""Most mails that one round of the schedule wakes."""

NO_SENDER = "This deployment has no sender of mails: the parameter MailFrom is empty."
NO_ADDRESS = "The merchant has no address for mails: tillbridge merchant contact."
NO_LONGER_TRUE = "What it says was no longer true when it was about to go out."
NOT_YET_TRUE = "What it says is not true yet."


class Outgoing(Protocol):
    """The outbox as its postman sees it."""

    def find(self, merchant_id: str, key: str) -> Posted | None:
        """Find a mail."""
        ...

    def take(self, posted: Posted, now: datetime) -> Posted | None:
        """Note that it is about to go out, for as long as a lease; ``None`` when somebody else has it."""
        ...

    def close(self, posted: Posted) -> bool:
        """Note what became of it."""
        ...


class Waiting(Protocol):
    """The outbox as the schedule sees it."""

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """List open mails whose time has come, as merchant and key."""
        ...

    def wake(self, merchant_id: str, key: str) -> None:
        """Wake the function that sends."""
        ...


class Carrier(Protocol):
    """Takes letters away."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over; ``RetryLaterError``, or ``InputError`` for an address that cannot be right."""
        ...


Write = Callable[[Mail, Merchant], Letter]
"""Writes a letter, with a fresh link where its kind has one."""


class Delivery(StrEnum):
    """What came of looking at a mail."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    UNSENT = "unsent"  # nobody to send it to, or from
    NOTHING = "nothing"  # it is not open, or not yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Sends mails of all merchants. ``carrier`` is ``None`` where nobody has been named as sender."""

    outbox: Outgoing
    merchants: Merchants
    connections: Connections
    write: Write
    carrier: Carrier | None
    clock: Clock

    def deliver(self, merchant_id: str, key: str) -> Delivery:
        """Send a mail if it is to be sent now."""
        posted = self.outbox.find(merchant_id, key)
        if posted is None or not posted.open or posted.next_at > self.clock.now():
            return Delivery.NOTHING
        taken = self.outbox.take(posted, self.clock.now())
        return self._deliver(taken) if taken is not None else Delivery.NOTHING

    def _deliver(self, taken: Posted) -> Delivery:
        merchant = self.merchants.get(taken.mail.merchant_id)
        mail = replace(taken.mail, to=taken.mail.to or merchant.email)
        match timing(mail, self._connection(mail)):
            case Timing.TOO_LATE:
                return self._fail(taken, NO_LONGER_TRUE, Delivery.UNSENT)
            case Timing.NOT_YET:
                return self._later(taken, NOT_YET_TRUE)
        if self.carrier is None:
            return self._fail(taken, NO_SENDER, Delivery.UNSENT)
        if not mail.to:
            return self._fail(taken, NO_ADDRESS, Delivery.UNSENT)
        return self._send(self.carrier, replace(taken, mail=mail), merchant)

    def _send(self, carrier: Carrier, taken: Posted, merchant: Merchant) -> Delivery:
        try:
            carrier.send(self.write(taken.mail, merchant))
        except RetryLaterError as error:
            return self._later(taken, str(error))
        except InputError as error:
            return self._fail(taken, str(error), Delivery.FAILED)
        self.outbox.close(replace(taken, state=MailState.SENT, sent_at=self.clock.now()))
        return Delivery.SENT

    def _later(self, taken: Posted, cause: str) -> Delivery:
        if taken.attempts >= MOST_TRIES:
            return self._fail(taken, cause, Delivery.FAILED)
        again_at = taken.again_at(self.clock.now())
        self.outbox.close(replace(taken, state=MailState.WAITING, next_at=again_at, cause=cause))
        return Delivery.LATER

    def _fail(self, taken: Posted, cause: str, delivery: Delivery) -> Delivery:
        self.outbox.close(replace(taken, state=MailState.FAILED, cause=cause))
        return delivery

    def _connection(self, mail: Mail) -> Connection | None:
        siblings = self.connections.of_merchant(mail.merchant_id)
        return next((one for one in siblings if one.connection_id == mail.about.get("connection")), None)


def wake_waiting(outbox: Waiting, now: datetime) -> int:
    """Wake for every mail whose time has come: a wake was lost, a try failed, or a process died."""
    due = outbox.due(now, AT_ONCE)
    for merchant_id, key in due:
        outbox.wake(merchant_id, key)
    return len(due)
