"""Starts bulk operations, looks after them and fetches what they answered (facts/shopify.md, section 9).

A file of variables is put where Shopify says, then an operation is run over it. Its document has a name of its own, so
that an operation whose start was never answered is found again and is never started twice (invariant 8).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, SystemDownError
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.form import form_with_file
from tillbridge.systems.http.policy import AddressRefusedError
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents import Document
from tillbridge.systems.shopify.api.documents.bulk import CANCEL, OPERATIONS, RUN, STAGE, STATE, named
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.wire import Nodes
from tillbridge.systems.shopify.api.wire_bulk import CANCELING, Lines, OperationRow, TargetRow, lines_of

OPERATION = "BulkOperation"
FILE, KIND = "lines.jsonl", "text/jsonl"
MOMENT = 5.0
"""Seconds until an operation of which nobody answered should be in the list, and between two tries of a download."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An operation of ours: over which file, since when (UTC), and its number once Shopify told it."""

    path: str
    since: datetime
    number: str = ""

    @property
    def token(self) -> str:
        """The part of its document's name that no other operation has: Shopify never gives a path twice."""
        return hashlib.sha256(self.path.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class BulkApi:
    """Bulk operations of one shop."""

    client: ShopifyClient
    clock: Clock

    def upload(self, lines: Sequence[bytes]) -> str:
        """Put a file with these lines where Shopify takes it; gives its path, "" when it could not be put there."""
        wanted = {"resource": "BULK_MUTATION_VARIABLES", "filename": FILE, "mimeType": KIND, "httpMethod": "POST"}
        try:
            said = self.client.change(STAGE, "stagedUploadsCreate", safe_to_repeat=True, input=[wanted])
        except RefusedError:
            return ""
        targets = [] if said.errors else said.part(list[TargetRow], "stagedTargets")
        for target in targets[:1]:
            fields = [(one.name, one.value) for one in target.parameters]
            body, kind = form_with_file(fields, FILE, b"\n".join(lines), KIND)
            headers = {"Content-Type": kind}
            answer = self._carry(
                Request(method="POST", url=target.url, headers=headers, data=body, safe_to_repeat=True, cost=0)
            )
            return target.path if answer is not None else ""
        return ""

    def run(self, document: Document, started: Started) -> str:
        """Run a mutation for every line of a file; gives the operation's number, "" when there is none."""
        try:
            said = self.client.change(
                RUN, "bulkOperationRunMutation", mutation=named(document, started.token), path=started.path
            )
            return "" if said.errors else said.part(OperationRow, "bulkOperation").id
        except RefusedError:
            return ""
        except (DoubtfulWriteError, GarbledAnswerError):
            found = self.find(started)
            return found.id if found else ""

    def find(self, started: Started) -> OperationRow | None:
        """Find an operation by its document's name, once more after a moment when it is not there."""
        for last in (False, True):
            rows = self.client.ask(OPERATIONS, Nodes[OperationRow], "bulkOperations").nodes
            found = next((row for row in rows if started.token in row.query), None)
            if found is not None or last:
                return found
            self.clock.sleep(MOMENT)
        return None

    def state(self, started: Started) -> OperationRow | None:
        """Look how far an operation is; ``None`` when nobody knows it."""
        if not started.number:
            return self.find(started)
        return self.client.find(STATE, OperationRow, "bulkOperation", id=gid(OPERATION, started.number))

    def cancel(self, row: OperationRow) -> None:
        """Have an operation end with the line it is at; one that has just ended by itself is no matter."""
        if not row.ended and row.status != CANCELING:
            self.client.change(CANCEL, "bulkOperationCancel", safe_to_repeat=True, id=gid(OPERATION, row.id))

    def results(self, row: OperationRow | None) -> Lines:
        """Fetch what was answered to each line; what cannot be fetched counts as never told."""
        url = (row.url or row.partial_data_url) if row else ""
        for last in (False, True):
            answer = self._carry(Request(method="GET", url=url, cost=0)) if url else None
            if answer is not None:
                return lines_of(answer.body)
            if url and not last:
                self.clock.sleep(MOMENT)
        return {}

    def _carry(self, request: Request) -> Answer | None:
        """Exchange with an address that Shopify named; ``None`` when that fails, which is no trouble of the shop's."""
        try:
            answer = self.client.exchange_elsewhere(request)
        except (SystemDownError, GarbledAnswerError, AddressRefusedError):
            return None
        return answer if answer.ok else None
