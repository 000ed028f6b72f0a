"""What vendors asked of us by law or by their rules: ``NOTICE#{system} | {id}``, forgotten after 90 days.

Nothing of a customer is in it: the operator sees that something was asked for, which shop asked, and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.merchant import System
from tillbridge.store.clock import Clock
from tillbridge.store.keys import part, partition
from tillbridge.store.moments import moment_text, read_moment
from tillbridge.store.table import Table

KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Notice:
    """One request: ``topic`` as the vendor names it, and the account that it is about."""

    notice_id: str
    topic: str
    account_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredNotices:
    """Keeps requests for the operator."""

    table: Table
    clock: Clock

    def put(self, system: System, notice_id: str, topic: str, account_id: str) -> None:
        """Keep a request; one that is delivered again is the same."""
        now = self.clock.now()
        self.table.put(
            {
                "pk": partition("NOTICE", system.value),
                "sk": part(notice_id),
                "topic": topic,
                "account": account_id,
                "at": moment_text(now),
                "expires_at": int((now + KEPT).timestamp()),
            }
        )

    def list(self, system: System) -> Sequence[Notice]:
        """List the requests of the last 90 days, oldest first."""
        rows = self.table.query(partition("NOTICE", system.value))
        notices = [
            Notice(str(row["sk"]), str(row["topic"]), str(row["account"]), read_moment(str(row["at"]))) for row in rows
        ]
        return sorted(notices, key=lambda notice: notice.at)
