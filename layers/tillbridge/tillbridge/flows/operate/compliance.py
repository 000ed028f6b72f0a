"""List what vendors asked by law, and note what a person did about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tillbridge.domain.connecting import BY_APP, GRANT
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.domain.notice import SHOP_REDACT, Notice
from tillbridge.flows.operate.compliance_answers import ComplianceAnswer, ConcernedAnswer
from tillbridge.flows.operate.register import PAGE_ROWS
from tillbridge.flows.ports import Clock, Connections
from tillbridge.flows.ports_notices import Notices

SHOWN = 12
"""As much of a request's id as people see and type: no two requests ever share it by chance."""


@dataclass(frozen=True, slots=True)
class ComplianceDesk:
    """Requests are about accounts at a vendor, so that none of these commands asks for a merchant."""

    notices: Notices
    connections: Connections
    clock: Clock

    def list(self, *, everything: bool = False) -> Sequence[ComplianceAnswer]:
        """List what is open, oldest first; or the newest thousand of the last 90 days."""
        if not everything:
            return [self._answer(notice) for notice in self.notices.open()]
        known = sorted(self._every(), key=lambda notice: notice.at)
        return [self._answer(notice) for notice in known[-PAGE_ROWS:]]

    def show(self, request: str) -> ComplianceAnswer:
        """Show one request."""
        return self._answer(self._find(request))

    def done(self, request: str, by: str, what: str) -> ComplianceAnswer:
        """Note that a person has settled a request, and how. What is noted already stays: repeating does no harm."""
        notice = self._find(request)
        if notice.open:
            notice = self.notices.settle(replace(notice, done_at=self.clock.now(), done_by=by, done=what))
        return self._answer(notice)

    def _every(self) -> Iterator[Notice]:
        for system in System:
            yield from self.notices.list(system)

    def _find(self, request: str) -> Notice:
        found = [notice for notice in self._every() if notice.notice_id.startswith(request)]
        if len(found) > 1:
            raise InputError("request", f"{request!r} begins more than one id.", remedy="Give more of its letters.")
        if not found:
            raise NotFoundError(
                "request",
                f"There is no request {request!r}.",
                remedy="`tillbridge compliance list --all` shows those of the last 90 days.",
            )
        return found[0]

    def _answer(self, notice: Notice) -> ComplianceAnswer:
        concerned = self.connections.of_account(notice.system, notice.account_id)
        return ComplianceAnswer(
            request=notice.notice_id[:SHOWN],
            system=notice.system,
            topic=notice.topic,
            account=notice.account_id,
            asked_at=notice.at,
            due_at=notice.due_at,
            open=notice.open,
            overdue=notice.open and notice.due_at < self.clock.now(),
            done_at=notice.done_at,
            done_by=notice.done_by,
            answer=notice.done,
            remedy=_remedy(notice, concerned),
            connections=tuple(
                ConcernedAnswer(merchant=one.merchant_id, connection=one.connection_id, state=one.state)
                for one in concerned
            ),
        )


def _remedy(notice: Notice, concerned: Sequence[Connection]) -> str:
    if not notice.open:
        return ""
    ours = [one for one in concerned if one.traits.get(GRANT) == BY_APP]
    live = [one for one in ours if one.state is not ConnectionState.DISCONNECTED]
    if notice.topic != SHOP_REDACT:
        if not notice.waits:
            return "Nothing: it is settled by itself within minutes."
        return f"{notice.waits} When that is done, note it with `tillbridge compliance done`."
    if live:
        return (
            f"Ask the merchant. If the app has left the shop: `tillbridge disconnect {live[0].connection_id} "
            f"--merchant {live[0].merchant_id}`, and 48 hours later the shop's data is deleted. If it is in use "
            "again, note that with `tillbridge compliance done`."
        )
    return "Nothing: its data is deleted by itself 48 hours after it was disconnected."
