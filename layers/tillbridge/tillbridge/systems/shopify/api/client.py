"""Speaks with one shop's Admin API: signs requests, keeps to the points, renews a token once, sorts refusals."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from tillbridge.domain.errors import (
    GarbledAnswerError,
    Subject,
    ThrottledError,
)
from tillbridge.domain.merchant import Lane
from tillbridge.systems.common.patience import wait_for
from tillbridge.systems.common.sending import Sender, doubt
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http import Answer, Json, Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import TOO_MANY, refusal_of
from tillbridge.systems.shopify.api.budget import PointsBook
from tillbridge.systems.shopify.api.documents import Document
from tillbridge.systems.shopify.api.refusals import THROTTLED, UNAUTHORISED, codes_of, of_errors, of_status, said_by
from tillbridge.systems.shopify.api.tokens import TokenSource
from tillbridge.systems.shopify.api.wire import CostRow, ExtensionsRow, Nodes, UserErrorRow

if TYPE_CHECKING:
    from datetime import datetime

VERSION = "2026-07"
"""Checked against its schema; later versions are supported for a year at least (facts/shopify.md, section 2)."""

TRIES = 3
"""How often a request is sent that is refused for want of points."""

Variables = Mapping[str, object]
Anything = TypeVar("Anything")


class ShopifyClient:
    """The API of one shop. ``address`` is ``https://<name>.myshopify.com``."""

    def __init__(self, http: Sender, address: str, tokens: TokenSource, *, clock: Clock, budget: PointsBook) -> None:
        self._http, self._tokens, self._clock, self._budget = http, tokens, clock, budget
        self._url = f"{address.rstrip('/')}/admin/api/{VERSION}/graphql.json"
        self.address = address.rstrip("/")
        self.served_at: datetime | None = None  # the shop's own clock, at its latest answer that told it

    @property
    def subject(self) -> Subject:
        """Whom errors are about."""
        return self._http.subject

    def ask(
        self, document: Document, shape: type[Anything], field: str, lane: Lane = Lane.CATALOGUE, **variables: object
    ) -> Anything:
        """Read one root field."""
        data = self._data(document, variables, lane, reads=True)
        return parsed(shape, data.get(field), self.subject, field)

    def find(
        self, document: Document, shape: type[Anything], field: str, lane: Lane = Lane.CATALOGUE, **variables: object
    ) -> Anything | None:
        """Read one root field that may hold nothing."""
        said = self._data(document, variables, lane, reads=True).get(field)
        return None if said is None else parsed(shape, said, self.subject, field)

    def pages(
        self,
        document: Document,
        shape: type[Nodes[Anything]],
        field: str,
        *,
        size: int,
        lane: Lane = Lane.CATALOGUE,
        **variables: object,
    ) -> Iterator[Nodes[Anything]]:
        """Read a list to its end, in pages of ``size`` rows."""
        after: str | None = None
        while True:
            page = self.page(document, shape, field, size=size, lane=lane, after=after, **variables)
            yield page
            if not page.next_cursor:
                return
            after = page.next_cursor

    def page(
        self,
        document: Document,
        shape: type[Nodes[Anything]],
        field: str,
        *,
        size: int,
        lane: Lane = Lane.CATALOGUE,
        **variables: object,
    ) -> Nodes[Anything]:
        """Read one page. One that is not full although the list goes on is read twice: a true one says the same again.

        ``GarbledAnswerError`` otherwise; nothing is taken from it (invariant 1).
        """
        page = self.ask(document, shape, field, lane, **variables)
        if not page.next_cursor or len(page.nodes) >= size:
            return page
        again = self.ask(document, shape, field, lane, **variables)
        if again != page and again.next_cursor and len(again.nodes) < size:
            raise GarbledAnswerError(
                f"A page of {field} ended after {len(page.nodes)} rows of {size}, and read again after other ones.",
                code="CutShort",
                subject=self.subject,
            )
        return again

    def ask_all(self, document: Document, lane: Lane = Lane.CATALOGUE, **variables: object) -> dict[str, Json]:
        """Read several root fields at once."""
        return self._data(document, variables, lane, reads=True)

    def change(
        self,
        document: Document,
        field: str,
        lane: Lane = Lane.CATALOGUE,
        *,
        safe_to_repeat: bool = False,
        **variables: object,
    ) -> "Payload":
        """Write. Whatever leaves it open whether the shop did it becomes ``DoubtfulWriteError`` (invariant 8)."""
        try:
            data = self._data(document, variables, lane, reads=False, safe_to_repeat=safe_to_repeat)
            return Payload.of(data.get(field), self.subject, field)
        except GarbledAnswerError as garbled:
            raise doubt(garbled, self.subject) from garbled

    def exchange_elsewhere(self, request: Request) -> Answer:
        """Exchange with an address that the API named: it gets no token, and takes no points."""
        return self._http.exchange(request)

    def _data(
        self, document: Document, variables: Variables, lane: Lane, *, reads: bool, safe_to_repeat: bool = False
    ) -> dict[str, Json]:
        """Send within the points; being refused for want of them was without effect and is waited out."""
        for attempt in range(TRIES):
            self._wait(self._budget.expected(document.name, document.first_cost), lane)
            answer = self._signed(document, variables, reads=reads, safe_to_repeat=safe_to_repeat)
            body = answer.json()
            if not isinstance(body, dict):
                break
            extensions = parsed(ExtensionsRow, body.get("extensions") or {}, self.subject, "The cost")
            errors = [error for error in _listed(body.get("errors")) if isinstance(error, Mapping)]
            throttled = THROTTLED in codes_of(errors)
            if extensions.cost:
                self._budget.learn(document.name, extensions.cost, refused=throttled)
            if throttled:
                self._refused(answer, extensions.cost, lane, last=attempt == TRIES - 1)
                continue
            if errors:
                raise of_errors(errors, self.subject, document.name, writes=not reads)
            data = body.get("data")
            if isinstance(data, dict):
                self._no_warnings(extensions)
                return data
            break
        raise GarbledAnswerError(
            f"The answer to {document.name} has neither data nor errors.", code="NoData", subject=self.subject
        )

    def _signed(self, document: Document, variables: Variables, *, reads: bool, safe_to_repeat: bool) -> Answer:
        """Send with the token in force, and once more with another when it is refused."""
        token = self._tokens.current()
        answer = self._exchange(document, variables, token, reads=reads, safe_to_repeat=safe_to_repeat)
        if answer.status == UNAUTHORISED:
            token = self._tokens.renew(token, said_by(answer).removeprefix(": "))
            answer = self._exchange(document, variables, token, reads=reads, safe_to_repeat=safe_to_repeat)
        self.served_at = answer.served_at or self.served_at
        if failure := of_status(answer) if answer.status != TOO_MANY else None:
            raise failure
        return answer

    def _exchange(
        self, document: Document, variables: Variables, token: str, *, reads: bool, safe_to_repeat: bool
    ) -> Answer:
        request = Request(
            method="POST",
            url=self._url,
            headers={"X-Shopify-Access-Token": token, "Accept": "application/json"},
            json={"query": document.text, "variables": dict(variables)},
            asks_only=reads,
            safe_to_repeat=safe_to_repeat,
            cost=self._budget.expected(document.name, document.first_cost),
        )
        answer = self._http.exchange(request)
        refusal = refusal_of(answer, request, self._clock.now())
        if refusal and not (answer.status == TOO_MANY and _tells_throttled(answer)):
            raise refusal
        return answer

    def _wait(self, cost: float, lane: Lane) -> None:
        seconds = self._budget.before(cost, lane)
        wait_for(self._clock, seconds, "The points of Shopify's API are", "PointsUsedUp", self.subject)

    def _refused(self, answer: Answer, cost: CostRow | None, lane: Lane, *, last: bool) -> None:
        """Give up at the last try; without a word about points, wait a moment before the next one."""
        if not last and cost is not None and cost.throttle_status is not None:
            self._wait(cost.requested, lane)
        elif not last:
            self._clock.sleep(1.0)
        else:
            raise ThrottledError(
                "Shopify refuses requests for want of points, although they were waited for.",
                code="Throttled",
                subject=self.subject,
                request_id=answer.request_id,
            )

    def _no_warnings(self, extensions: ExtensionsRow) -> None:
        """Refuse a list whose search text was not understood: it holds everything (facts/shopify.md, section 7)."""
        if extensions.search:
            raise GarbledAnswerError(
                "Shopify did not understand a search and answered with everything.",
                remedy="This looks like a change of Shopify's interface; the operator has to look at it.",
                code="SearchIgnored",
                subject=self.subject,
            )


class Payload:
    """What a mutation answered: its parts, and what of the input it refused."""

    def __init__(self, parts: Mapping[str, Json], errors: tuple[UserErrorRow, ...], subject: Subject) -> None:
        self._parts, self.errors, self._subject = parts, errors, subject

    @classmethod
    def of(cls, said: Json, subject: Subject, field: str) -> "Payload":
        """Read a payload; ``GarbledAnswerError`` when it is none."""
        parts = parsed(dict[str, object], said, subject, field)
        refusals = [*_listed(parts.get("userErrors")), *_listed(parts.get("mediaUserErrors"))]
        errors = parsed(tuple[UserErrorRow, ...], refusals, subject, f"{field}.userErrors")
        return cls(said if isinstance(said, dict) else {}, errors, subject)

    def part(self, shape: type[Anything], name: str) -> Anything:
        """Read one part of what was made or changed."""
        return parsed(shape, self._parts.get(name), self._subject, name)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _tells_throttled(answer: Answer) -> bool:
    """Tell whether a 429 carries GraphQL's own account of it, by which one knows how long to wait."""
    return b'"THROTTLED"' in answer.body and not answer.headers.get("Retry-After")
