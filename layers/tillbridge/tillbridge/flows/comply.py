"""Settle what a vendor asks by law: at once where the answer is known, else as soon as it can be done.

Of customers nothing is kept that could be handed out or deleted, so that a request about one is answered when it comes;
but where web orders become sales a customer may have been written to the till, and a person has to look. A shop's own
data is deleted when the vendor asks for that, unless the shop works; then the request waits until it was disconnected
for a while, or until a person settles it. Everything here can be repeated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, System
from tillbridge.domain.notice import BY_ITSELF, GRACE, SHOP_REDACT, Notice
from tillbridge.flows.app_gone import AppGone
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.flows.ports_notices import Notices

NOTHING_OF_CUSTOMERS = (
    "Nothing of a customer is kept: of a web order its id, number and state, and the listings, SKUs and units of its "
    "lines; no name, no address, no contact, no payment."
)
NOTHING_LEFT = "Nothing of the shop is kept any more."

STOP_MARGIN = timedelta(seconds=15)
"""No request is looked at with less time left; the next round does it."""


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """What a look at the open requests did. ``oldest`` is when the oldest that is still open was asked."""

    settled: int = 0
    oldest: datetime | None = None
    later: tuple[TillbridgeError, ...] = ()


@dataclass(frozen=True, slots=True)
class Compliance:
    """Keeps requests, and settles those that need no person."""

    notices: Notices
    gone: AppGone
    clock: Clock
    sells: Callable[[str], bool]  # whether a merchant's web orders become sales, which may name their buyers

    def take(self, system: System, notice_id: str, topic: str, account_id: str) -> Notice:
        """Keep a request that was verified, and settle it if that can be done at once."""
        notice = self.notices.keep(Notice(notice_id, system, topic, account_id, self.clock.now()))
        deleted = self.gone.redacted(system, account_id) if topic == SHOP_REDACT else ()
        return self._settled(notice, deleted)

    def look_again(self, deadline: Deadline) -> ComplianceReport:
        """Settle what could not be settled before: by now its shop may have been disconnected for long enough."""
        waiting: list[datetime] = []
        later: list[TillbridgeError] = []
        settled = 0
        for notice in self.notices.open():
            if deadline.left() < STOP_MARGIN:
                waiting.append(notice.at)
                break
            try:
                looked = self._look(notice)
            except TillbridgeError as error:
                later.append(error)
                looked = notice
            settled += not looked.open
            waiting += [looked.at] if looked.open else []
        return ComplianceReport(settled, min(waiting, default=None), tuple(later))

    def _look(self, notice: Notice) -> Notice:
        deleted: Sequence[Connection] = ()
        if notice.topic == SHOP_REDACT:
            deleted = self.gone.expired(notice.system, notice.account_id, self.clock.now() - GRACE)
        return self._settled(notice, deleted)

    def _settled(self, notice: Notice, deleted: Sequence[Connection]) -> Notice:
        """Settle a request that nothing stands in the way of; else give it as it was."""
        answer = NOTHING_OF_CUSTOMERS
        remaining = self.gone.remaining(notice.system, notice.account_id)
        if notice.topic == SHOP_REDACT:
            if remaining:
                return notice
            answer = _told(deleted)
        elif any(self.sells(one.merchant_id) for one in remaining):
            return notice
        return self.notices.settle(replace(notice, done_at=self.clock.now(), done_by=BY_ITSELF, done=answer))


def _told(deleted: Sequence[Connection]) -> str:
    names = ", ".join(one.connection_id for one in deleted)
    return f"{NOTHING_LEFT} The rows and the grant of {names} were deleted." if deleted else NOTHING_LEFT
