"""List the mails to merchants: what went out, what waits, and why something did not. No address is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tillbridge.domain.mail import Posted
from tillbridge.domain.merchant import Merchant
from tillbridge.flows.operate.answers import MailAnswer
from tillbridge.flows.operate.register import Portion, Register
from tillbridge.flows.ports import Deadline


class Sent(Protocol):
    """The outbox as somebody who looks through it sees it."""

    def of_merchant(self, merchant_id: str) -> Sequence[Posted]:
        """List a merchant's mails, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class MailDesk:
    """Mails of all merchants."""

    register: Register
    outbox: Sent

    def list(self, merchant_id: str | None, after: str | None, deadline: Deadline) -> Portion[MailAnswer]:
        """List the mails of one merchant, or of everybody, of the last 90 days."""
        return self.register.each(merchant_id, after, deadline, self._of)

    def _of(self, merchant: Merchant) -> Sequence[MailAnswer]:
        return [_answer(posted) for posted in self.outbox.of_merchant(merchant.merchant_id)]


def _answer(posted: Posted) -> MailAnswer:
    return MailAnswer(
        merchant=posted.mail.merchant_id,
        kind=posted.mail.kind,
        key=posted.mail.key,
        state=posted.state,
        cause=posted.cause,
        attempts=posted.attempts,
        put_at=posted.put_at,
        next_at=posted.next_at if posted.open else None,
        sent_at=posted.sent_at,
    )
