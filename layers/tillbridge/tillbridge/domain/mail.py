"""Mails to merchants: what is told, to whom, and how it goes with each.

A mail is asked for by its ``key``. Whoever asks twice, because a process died or two saw the same thing, gets one mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.domain.pauses import pause_after

KEPT = timedelta(days=90)
"""How long a mail is remembered. Nobody asks for the same one again after that."""

MOST_TRIES = 14
"""Tries of one mail: with growing pauses, about a day."""


class MailKind(StrEnum):
    """What a mail is about. Each has a pair of templates, in text and in HTML."""

    RECONNECT = "reconnect"  # a system no longer takes our grant: here is a link
    RECOVERED = "recovered"  # it works again
    PARKED = "parked"  # an order cannot become a sale: why, and what to do
    MIGRATION_INVITE = "migration_invite"  # the vendor changes how it is authorised: here is a link
    MIGRATION_REMINDER = "migration_reminder"  # so many days are left for that
    MIGRATION_STOPPED = "migration_stopped"  # none are left: work pauses until it is authorised anew


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is asked for.

    ``to`` "" means the merchant's own address, as it is when the mail goes out. ``about`` fills the templates; what
    must not be stored, such as links that let somebody in, is made when the mail goes out.
    """

    kind: MailKind
    merchant_id: str
    to: str = field(repr=False)  # personal data: in the row and in the mail, and nowhere else (invariant 5)
    about: Mapping[str, str]
    key: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes out. Nothing of it is logged: it may hold a link that lets somebody in (invariant 5)."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


class Timing(StrEnum):
    """Whether what a mail says is true when it is about to go out."""

    NOW = "now"
    NOT_YET = "not yet"
    TOO_LATE = "too late"


class MailState(StrEnum):
    """``SENDING`` is noted before a mail goes out, so that a process that died on the way leaves a trace."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A mail in the outbox. ``attempts`` counts tries; ``cause`` says why it waits or has failed."""

    mail: Mail
    state: MailState = MailState.WAITING
    put_at: datetime
    next_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    cause: str = ""

    @property
    def open(self) -> bool:
        """Tell whether it is still to go out."""
        return self.state in {MailState.WAITING, MailState.SENDING}

    def again_at(self, now: datetime) -> datetime:
        """Tell when to try again after a failure."""
        return now + pause_after(self.attempts)


def reconnect_mail(connection: Connection, cause: str, remedy: str) -> Mail:
    """Ask a merchant to authorise a connection again: one mail per authorisation, however often its end is noticed."""
    return Mail(
        kind=MailKind.RECONNECT,
        merchant_id=connection.merchant_id,
        to="",
        about={**_about(connection), "cause": cause, "remedy": remedy},
        key=reconnect_key(connection),
    )


def reconnect_key(connection: Connection) -> str:
    """Give the key of the mail that asks for another authorisation than the one in force."""
    return f"reconnect:{connection.connection_id}:{_episode(connection)}"


def recovered_mail(connection: Connection) -> Mail:
    """Tell a merchant that a connection works again; ``connection`` is how it was before."""
    return Mail(
        kind=MailKind.RECOVERED,
        merchant_id=connection.merchant_id,
        to="",
        about=_about(connection),
        key=f"recovered:{connection.connection_id}:{_episode(connection)}",
    )


def parked_mail(shop: Connection, number: str, error: TillbridgeError, now: datetime) -> Mail:
    """Tell a merchant that an order waits for a person: one mail per shop, reason and day, which names the first."""
    return Mail(
        kind=MailKind.PARKED,
        merchant_id=shop.merchant_id,
        to="",
        about={
            "system": shop.system.value,
            "connection": shop.connection_id,
            "account": shop.account_name or shop.address or shop.account_id,
            "address": shop.address,
            "order": number,
            "cause": error.happened,
            "remedy": error.remedy,
        },
        key=f"parked:{shop.connection_id}:{error.code}:{now.date().isoformat()}",
    )


def told_of_pause(connection: Connection, posted: Posted | None) -> bool:
    """Tell whether a mail lets the merchant know that this connection pauses: it went out or will, and is about now."""
    if posted is None or posted.state is MailState.FAILED:
        return False
    return posted.mail.about.get("authorised") == _episode(connection)


def timing(mail: Mail, connection: Connection | None) -> Timing:
    """Tell whether a mail may go out; ``connection`` is the one it is about as it is now, ``None`` when it has ended.

    A mail is asked for just before what it tells is stored, so that no crash between the two can lose it. One that
    names an authorisation (``authorised``) asks for another, or tells that another has come; others are always true.
    """
    authorised = mail.about.get("authorised")
    if authorised is None:
        return Timing.NOW
    if connection is None or connection.state is ConnectionState.DISCONNECTED:
        return Timing.TOO_LATE
    as_before = _episode(connection) == authorised
    if mail.kind is not MailKind.RECOVERED:
        return Timing.NOW if as_before else Timing.TOO_LATE
    if as_before:
        return Timing.NOT_YET
    return Timing.NOW if connection.working else Timing.TOO_LATE


def _about(connection: Connection) -> dict[str, str]:
    return {
        "system": connection.system.value,
        "connection": connection.connection_id,
        "account": connection.account_name or connection.address or connection.account_id,
        "address": connection.address,
        "authorised": _episode(connection),
    }


def _episode(connection: Connection) -> str:
    """Name an authorisation by its time."""
    return connection.authorised_at.isoformat()
