"""What the commands of ``tillbridge migrate`` answer; see ``answers``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tillbridge.domain.migration import Stage
from tillbridge.domain.vendor_events import PhaseKind, Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnAnswer:
    """What is wrong in a line of the file, by column. It never repeats a value."""

    column: str
    happened: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAnswer:
    """What till and shop said of a merchant who is to be brought in; nothing was changed."""

    merchant: str
    account: str
    problems: tuple[ColumnAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLinksAnswer:
    """Links that were stored for a shop which is to be brought in."""

    merchant: str
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAnswer:
    """A merchant who was brought in and is being served."""

    merchant: str
    connection: str
    account: str
    name: str
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationAnswer:
    """How far a connection is. ``told`` says what this command did or why it could not; ``done`` which of the two.

    ``link`` is for the merchant's browser, after an invitation.
    """

    merchant: str
    connection: str
    stage: Stage
    since: datetime
    at_risk: bool
    stopped_at: datetime | None
    problem: str
    remedy: str
    problem_at: datetime | None
    done: bool = True
    told: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardAnswer:
    """A fleet on its way: ``stages`` and ``gone`` (disconnected since) add up to ``total``.

    ``rows`` are those that are not done, those at risk first; with ``more`` there are further ones.
    """

    event: str
    system: str
    phase: str
    ends_at: datetime | None
    days_left: int | None
    total: int
    stages: Mapping[Stage, int]
    gone: int
    at_risk: int
    stopped: int
    rows: tuple[MigrationAnswer, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseAnswer:
    """A phase of an event."""

    kind: PhaseKind
    on: date
    meaning: str
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """What a vendor has announced; ``ends_at`` is when the old credential is used no longer."""

    event: str
    system: str
    old: str
    new: str
    strategy: Strategy
    source: str
    phases: tuple[PhaseAnswer, ...]
    ends_at: datetime | None
    days_left: int | None
