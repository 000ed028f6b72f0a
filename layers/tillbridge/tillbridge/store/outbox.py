"""Mails to merchants: ``M#{merchant} | MAIL#{key}``, the open ones by time in ``gsi2`` under ``MAIL``, and their queue.

The row is written once per key, whoever asks and however often; every later change is conditional on the number of
attempts, so that of two processes one sends. The queue only wakes: what it loses, the schedule finds in the index.
"""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.mail import KEPT, Mail, MailKind, MailState, Posted
from tillbridge.store.clock import Clock
from tillbridge.store.content import json_text
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, Condition, starts_with
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, partition, sort_key
from tillbridge.store.moments import moment_text
from tillbridge.store.patience import Patience
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE, OPEN = "notify", "MAIL"
SENDING_LEASE = timedelta(minutes=2)
"""How long a process that took a mail is left alone with it; longer than its function may run."""


def unique_number() -> str:
    """Draw a message's own number."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class StoredOutbox:
    """Implements ``Outbox`` and ``flows.notify.Outgoing``. ``client`` is made when first needed: few workers write."""

    table: Table
    client: "Callable[[], SQSClient]"
    queue_url: str
    clock: Clock
    new_number: Callable[[], str] = unique_number

    def put(self, mail: Mail) -> None:
        """Keep a mail and wake the function that sends it; for one that is still open it is woken again."""
        now = self.clock.now()
        posted = Posted(mail=mail, put_at=now, next_at=now)
        try:
            self.table.put(_row(posted), ABSENT)
        except ConditionFailedError:
            known = self.find(mail.merchant_id, mail.key)
            if known is None or known.state is not MailState.WAITING:
                return
            self.close(replace(known, next_at=now))
        self.wake(mail.merchant_id, mail.key)

    def wake(self, merchant_id: str, key: str) -> None:
        """Wake the function that sends; mails of one merchant go out one after the other."""
        if not self.queue_url:
            raise TillbridgeError(
                f"This function does not know the queue {QUEUE}.",
                remedy="Give it the queue's address in the template's environment variables.",
                code="UnknownQueue",
            )
        Patience(QUEUE, self.clock).call(
            lambda: self.client().send_message(
                QueueUrl=self.queue_url,
                MessageBody=json.dumps({"merchant": merchant_id, "mail": key}),
                MessageGroupId=merchant_id,
                MessageDeduplicationId=self.new_number(),
            )
        )

    def find(self, merchant_id: str, key: str) -> Posted | None:
        """Find a mail, consistently."""
        row = self.table.get(_key(merchant_id, key))
        return _posted(row) if row is not None else None

    def take(self, posted: Posted, now: datetime) -> Posted | None:
        """Note that a mail is about to go out; ``None`` when somebody else has taken it."""
        taken = replace(
            posted, state=MailState.SENDING, attempts=posted.attempts + 1, next_at=now + SENDING_LEASE, cause=""
        )
        return taken if self._replace(taken, expected=posted.attempts) else None

    def close(self, posted: Posted) -> bool:
        """Note what became of a mail; tells whether it was still as it was taken."""
        return self._replace(posted, expected=posted.attempts)

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """List open mails whose time has come, as merchant and key. The index lags by a fraction of a second."""
        until = Condition("gsi2sk <= :until", {":until": moment_text(now)})
        rows = self.table.query(OPEN, until, index="gsi2", limit=limit)
        return [(found.mail.merchant_id, found.mail.key) for found in map(_posted, rows)]

    def of_merchant(self, merchant_id: str) -> Sequence[Posted]:
        """List a merchant's mails, oldest first."""
        rows = self.table.query(partition("M", merchant_id), starts_with("MAIL#"))
        return sorted(map(_posted, rows), key=lambda posted: posted.put_at)

    def _replace(self, posted: Posted, expected: int) -> bool:
        try:
            self.table.put(_row(posted), Condition("attempts = :attempts", {":attempts": expected}))
        except ConditionFailedError:
            return False
        return True


def _key(merchant_id: str, key: str) -> Key:
    return Key(partition("M", merchant_id), sort_key("MAIL", key))


def _row(posted: Posted) -> Row:
    mail = posted.mail
    content = {
        "merchant_id": mail.merchant_id,
        "kind": mail.kind.value,
        "to": mail.to,
        "about": dict(mail.about),
        "key": mail.key,
        "state": posted.state.value,
        "put_at": moment_text(posted.put_at),
        "next_at": moment_text(posted.next_at),
        "sent_at": moment_text(posted.sent_at) if posted.sent_at else "",
        "cause": posted.cause,
    }
    row: dict[str, object] = {
        **_key(mail.merchant_id, mail.key)._asdict(),
        "attempts": posted.attempts,
        "content": json_text(content),
        "expires_at": int((posted.put_at + KEPT).timestamp()),
    }
    return row | ({"gsi2pk": OPEN, "gsi2sk": moment_text(posted.next_at)} if posted.open else {})


def _posted(row: Row) -> Posted:
    fields = Fields.of_content(row)
    mail = Mail(
        kind=fields.choice("kind", MailKind),
        merchant_id=fields.needed("merchant_id"),
        to=fields.text("to"),
        about=fields.text_map("about"),
        key=fields.needed("key"),
    )
    posted = Posted(
        mail=mail,
        state=fields.choice("state", MailState),
        put_at=fields.moment("put_at"),
        next_at=fields.moment("next_at"),
        attempts=Fields.of_row({**row, "content": ""}).count("attempts"),
        sent_at=fields.maybe_moment("sent_at"),
        cause=fields.text("cause"),
    )
    fields.end()
    return posted
