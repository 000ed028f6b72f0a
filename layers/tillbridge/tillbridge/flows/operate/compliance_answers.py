"""What the commands about vendors' requests answer; see ``answers.py``."""

from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.merchant import ConnectionState, System


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedAnswer:
    """A connection that there is or was to the account that a request is about."""

    merchant: str
    connection: str
    state: ConnectionState


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceAnswer:
    """A request of a vendor, and what became of it.

    ``due_at`` is the end of the legal time, and ``overdue`` whether it has passed with the request open. ``done_by`` is
    who settled it, "tillbridge" for the system itself, and ``answer`` what was done; ``remedy`` says what to do about
    one that is open.
    """

    request: str
    system: System
    topic: str
    account: str
    asked_at: datetime
    due_at: datetime
    open: bool
    overdue: bool
    done_at: datetime | None
    done_by: str
    answer: str
    remedy: str
    connections: tuple[ConcernedAnswer, ...]
