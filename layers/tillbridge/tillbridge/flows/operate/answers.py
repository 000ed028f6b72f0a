"""What the use cases answer: plain data, rendered as JSON by the operator function and read back by the command line.

Field names are part of the command line's JSON (docs/command-line.md): add to them, never rename. Amounts are decimal
text, times are UTC. Nothing here ever holds a secret or personal data (invariant 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.mail import MailKind, MailState
from tillbridge.domain.merchant import ConnectionState, Lane, System


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantAnswer:
    """A merchant. ``contact`` tells whether mails can reach it; the address itself is not shown."""

    merchant: str
    name: str
    created_at: datetime
    contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingAnswer:
    """One setting as text, what it would be if the merchant had not chosen, what it means and what it takes."""

    name: str
    value: str
    default: str
    own: bool
    meaning: str
    takes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsAnswer:
    """All settings of a merchant; ``shops`` are the connections that look at everything again after a change.

    ``missing`` says what has to be chosen or mended before an order can become a sale, and ``orders`` counts those that
    waited and are looked at again.
    """

    merchant: str
    settings: tuple[SettingAnswer, ...]
    changed: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    orders: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionAnswer:
    """A connection, with why it does not work and what to do, if it does not.

    ``warnings`` are what the last check noticed that stops nothing.
    """

    connection: str
    merchant: str
    system: System
    account: str
    name: str
    address: str
    state: ConnectionState
    cause: str
    remedy: str
    retry_at: datetime | None
    warnings: tuple[str, ...]
    traits: Mapping[str, str]
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAnswer:
    """A link for the merchant's browser; whoever has it can connect a system to this merchant until it ends."""

    merchant: str
    system: System
    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAnswer:
    """A mail to a merchant. ``cause`` says why it waits or has failed, ``next_at`` when it is tried again."""

    merchant: str
    kind: MailKind
    key: str
    state: MailState
    cause: str
    attempts: int
    put_at: datetime
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WokenAnswer:
    """A worker that was asked to do something."""

    connection: str
    system: System
    lane: Lane
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAnswer:
    """What was asked for. ``paused`` names the connections that a person has to mend before they work again.

    With ``reconciles`` every shop is read back as soon as the till has been read.
    """

    merchant: str
    asked_at: datetime
    reads_everything: bool
    woken: tuple[WokenAnswer, ...]
    paused: tuple[ConnectionAnswer, ...] = ()
    reconciles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer:
    """A full read of a till. ``share`` runs from 0 to 1; ``handed_over`` counts products marked for the shops."""

    phase: str
    rows: int
    share: float
    handed_over: int
    first: bool
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileAnswer:
    """A reading back of a whole shop. ``phase`` is "listings", "second look" or "done".

    ``drift`` counts what differed from the till per lane (products on the catalogue's, items on the stock's), and
    ``repaired`` how much of it was seen right by the end. ``gone`` counts listings that the merchant deleted.
    """

    phase: str
    listings: int
    verified: int
    drift: Mapping[Lane, int]
    repaired: Mapping[Lane, int]
    gone: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAnswer:
    """What waits on one lane of one shop. With ``more`` there are at least this many.

    ``due`` of them are under way, ``failing`` have failed before and are tried again after a pause, and ``oldest`` is
    when the earliest of the changes was seen: the lane's freshness.
    """

    waiting: int
    more: bool
    due: int
    failing: int
    oldest: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersAnswer:
    """Web orders on their way into a till. Without ``imported`` all wait for ``orders_since`` to be set again.

    ``parked`` wait for a person, and count as ``failing`` since they are looked at again now and then; of each shop up
    to a thousand are counted.
    """

    imported: bool
    lane: WaitingAnswer
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """A connection with its work.

    ``polled_to`` (tills, and the orders of shops) tells up to which moment each kind of change has surely been read;
    it may lag by five minutes while nothing changes. ``answered`` tells per lane when all that had been asked before
    was done, for whoever waits. ``holds`` counts the plans that wait for a person (``tillbridge holds``), and
    ``second_readings`` the items of a till that are read again before a shop is set to zero. ``unlinked_orders`` counts
    open orders with a listing that no item is linked with, up to 500 (``tillbridge errors`` lists them).
    ``reconcile`` is the one of a shop under way, else the last one. ``verified_share``
    runs from 0 to 1: the share of listings that were seen equal to the till within a day, ``None`` before the first
    time. ``evidence`` says what shows the cause of a broken till whose grant has died, "" otherwise.
    ``orders`` are those of a till that sells, ``None`` of others.
    """

    connection: ConnectionAnswer
    polled_to: Mapping[str, datetime]
    answered: Mapping[Lane, datetime]
    read: ReadAnswer | None = None
    lanes: Mapping[Lane, WaitingAnswer] | None = None
    holds: int = 0
    second_readings: int = 0
    unlinked_orders: int = 0
    reconcile: ReconcileAnswer | None = None
    verified_share: float | None = None
    evidence: str = ""
    orders: OrdersAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantStatus:
    """A merchant's till and shops."""

    merchant: str
    name: str
    connections: tuple[ConnectionStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemAnswer:
    """Something that is not in step, and what to do about it.

    ``key`` is what ``retry`` takes: a product ("I42", "M7") or an item ("42"); "" for a connection as a whole, or for a
    row of the till that could not be read.
    """

    merchant: str
    connection: str
    system: System
    lane: Lane | None
    key: str
    thing: str
    name: str
    code: str
    happened: str
    remedy: str
    since: datetime | None
    tries: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriedAnswer:
    """Something that will be looked at at once; ``paused`` when its connection has to be mended first."""

    connection: str
    lane: Lane
    key: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAnswer:
    """A queue. Counts are the queue service's own estimates; an age is in seconds, ``None`` when nobody knows it."""

    queue: str
    waiting: int
    in_flight: int
    oldest_seconds: float | None
    dead: int
    dead_in_flight: int
    dead_oldest_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveAnswer:
    """How many dead letters went back to their queue, and about how many are left."""

    queue: str
    moved: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of how a number came about."""

    name: str
    amount: Decimal
    at: datetime | None = None
