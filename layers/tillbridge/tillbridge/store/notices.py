"""What vendors asked of us by law or by their rules: ``NOTICE#{system} | {id}``, the open ones in ``gsi2`` by time.

One that is open never ends by itself; one that is done is forgotten after 90 days, and which orders it was about at
once. Nothing of a customer is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import System
from tillbridge.domain.notice import Notice
from tillbridge.store.content import compact, maybe_moment
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import Condition
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

KEPT = timedelta(days=90)
OPEN = "NOTICE"

NOT_OPEN = Condition("attribute_not_exists(pk) OR attribute_exists(done_at)")


@dataclass(frozen=True, slots=True)
class StoredNotices:
    """Implements ``Notices``."""

    table: Table

    def keep(self, notice: Notice) -> Notice:
        """Keep a request and give it as it is kept: one that is open stays, one that was done is asked anew."""
        try:
            self.table.put(_row(notice), NOT_OPEN)
        except ConditionFailedError:
            return self._known(notice)
        return notice

    def settle(self, notice: Notice) -> Notice:
        """Keep that a request is done and give what is kept: whoever settles it first counts; ``NotFoundError``."""
        return self._while_open(notice)

    def note(self, notice: Notice) -> Notice:
        """Keep what stands in the way of a request that is open; one that was settled meanwhile stays so."""
        return self._while_open(notice)

    def _while_open(self, notice: Notice) -> Notice:
        asked_then = Condition(
            "asked_at = :asked AND attribute_not_exists(done_at)", {":asked": moment_text(notice.at)}
        )
        try:
            self.table.put(_row(notice), asked_then)
        except ConditionFailedError:
            return self._known(notice)
        return notice

    def open(self) -> Sequence[Notice]:
        """List what waits, of every system, oldest first. The index lags by a fraction of a second."""
        return [_notice(row) for row in self.table.query(OPEN, index="gsi2")]

    def list(self, system: System) -> Sequence[Notice]:
        """List a system's requests, oldest first: those that are open, and the others of the last 90 days."""
        rows = self.table.query(partition("NOTICE", system.value))
        return sorted(map(_notice, rows), key=lambda notice: notice.at)

    def _known(self, notice: Notice) -> Notice:
        row = self.table.get(_key(notice))
        if row is None:
            raise NotFoundError(
                "request",
                f"There is no request {notice.notice_id}.",
                remedy="`tillbridge compliance list --all` shows those of the last 90 days.",
            )
        return _notice(row)


def _key(notice: Notice) -> Key:
    return Key(partition("NOTICE", notice.system.value), part(notice.notice_id))


def _row(notice: Notice) -> Row:
    row: dict[str, object] = {
        **_key(notice)._asdict(),
        "system": notice.system.value,
        "topic": notice.topic,
        "account": notice.account_id,
        "asked_at": moment_text(notice.at),
    }
    if notice.done_at is None:
        row |= {"gsi2pk": OPEN, "gsi2sk": moment_text(notice.at)}
        return row | compact(
            {"orders": ",".join(notice.orders), "waits": notice.waits, "looked_at": maybe_moment(notice.looked_at)}
        )
    return row | {
        "done_at": moment_text(notice.done_at),
        "done_by": notice.done_by,
        "done": notice.done,
        "expires_at": int((notice.done_at + KEPT).timestamp()),
    }


def _notice(row: Row) -> Notice:
    fields = Fields.of_row(row)
    return Notice(
        notice_id=str(row["sk"]),
        system=fields.choice("system", System),
        topic=fields.needed("topic"),
        account_id=fields.needed("account"),
        at=fields.moment("asked_at"),
        done_at=fields.maybe_moment("done_at"),
        done_by=fields.text("done_by"),
        done=fields.text("done"),
        orders=tuple(filter(None, fields.text("orders").split(","))),
        waits=fields.text("waits"),
        looked_at=fields.maybe_moment("looked_at"),
    )
