"""Speak to one store: show the token, keep to the quota, and sort what comes back."""

import json
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tillbridge.domain.errors import GarbledAnswerError, Subject
from tillbridge.domain.merchant import Lane
from tillbridge.systems.bigcommerce.api.budget import BudgetBook
from tillbridge.systems.bigcommerce.api.refusals import failure_of
from tillbridge.systems.bigcommerce.api.wire import PaginationRow
from tillbridge.systems.common.patience import wait_for
from tillbridge.systems.common.sending import Sender, doubt
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http import Answer, Json, Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import TOO_MANY

if TYPE_CHECKING:
    from datetime import datetime

API_URL = "https://api.bigcommerce.com"

PAGE = 250
"""The most rows that a list gives at once (facts/bigcommerce.md, "Paging, filters")."""

PATIENCE = 31.0
"""Seconds that are waited inside a call: a window of the quota. What takes longer is handed back to the queue."""

TRIES = 3
"""How often a request is sent that is refused for calling too often."""

NO_CONTENT, MULTI_STATUS = 204, 207


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of v3. ``total`` counts what the filters let through."""

    rows: list[Json]
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a write. ``partly`` says that a part of it was not done: 207 is no success."""

    said: Json
    partly: bool = False

    @property
    def data(self) -> Json:
        """Give what v3 wraps."""
        return self.said.get("data") if isinstance(self.said, dict) else None


class BigClient:
    """One store's API. Routes are given below ``/stores/{hash}``, e.g. ``v3/catalog/products``."""

    def __init__(self, http: Sender, address: str, token: str, *, clock: Clock, budget: BudgetBook) -> None:
        self._http, self._address, self._token = http, address.rstrip("/"), token
        self._clock, self._budget = clock, budget
        self.lane = Lane.CATALOGUE
        self.served_at: datetime | None = None  # the store's own clock, at its latest answer that told it

    def of_lane(self, lane: Lane) -> "BigClient":
        """Give the same client, sharing connections and quota, that asks for a lane's share of it."""
        client = copy(self)
        client.lane = lane
        return client

    @property
    def subject(self) -> Subject:
        """Whom errors are about."""
        return self._http.subject

    def read(self, route: str, params: Mapping[str, str] | None = None) -> Json:
        """Read one thing; ``None`` where the store answers that there is nothing."""
        answer = self._asked(self._request("GET", route, params=params or {}))
        return None if answer.status == NO_CONTENT else answer.json()

    def page(self, route: str, params: Mapping[str, str], number: int = 1) -> Listing:
        """Read one page of a list of v3, ``PAGE`` rows unless ``params`` say otherwise."""
        return self.listed(route, {"limit": str(PAGE), **({"page": str(number)} if number > 1 else {}), **params})

    def listed(self, route: str, params: Mapping[str, str]) -> Listing:
        """Read what a route lists, with these parameters and no others.

        A page that does not hold as many rows as it says it does is not believed (invariant 1).
        """
        said = self.read(route, params)
        rows = said.get("data") if isinstance(said, dict) else None
        meta = said.get("meta") if isinstance(said, dict) else None
        told = meta.get("pagination") if isinstance(meta, dict) else None
        if not isinstance(rows, list) or told is None:
            raise GarbledAnswerError(
                f"{route} did not answer with a page of a list.", code="NoList", subject=self.subject
            )
        pagination = parsed(PaginationRow, told, self.subject, route)
        if pagination.count != len(rows):
            raise GarbledAnswerError(
                f"A page of {route} says that it has {pagination.count} rows, and has {len(rows)}.",
                code="WrongCount",
                subject=self.subject,
            )
        return Listing(rows, pagination.total, pagination.total_pages)

    def pages(self, route: str, params: Mapping[str, str]) -> Iterator[Listing]:
        """Read a list to its end, page by page."""
        number, last = 1, 1
        while number <= last:
            listing = self.page(route, params, number)
            yield listing
            number, last = number + 1, listing.pages

    def write(
        self,
        method: str,
        route: str,
        body: object = None,
        params: Mapping[str, str] | None = None,
        *,
        safe_to_repeat: bool = False,
    ) -> Written:
        """Write. Whatever leaves it open whether the store did it becomes ``DoubtfulWriteError`` (invariant 8)."""
        request = self._request(method, route, params=params or {}, body=body, safe_to_repeat=safe_to_repeat)
        answer = self._asked(request)
        if answer.status == NO_CONTENT:
            return Written(None)
        try:
            return Written(answer.json(), partly=answer.status == MULTI_STATUS)
        except GarbledAnswerError as garbled:
            raise doubt(garbled, self.subject) from garbled

    def _request(
        self,
        method: str,
        route: str,
        *,
        params: Mapping[str, str],
        body: object = None,
        safe_to_repeat: bool = False,
    ) -> Request:
        headers = {"X-Auth-Token": self._token, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return Request(
            method=method,
            url=f"{self._address}/{route}",
            headers=headers,
            params=params,
            data=None if body is None else json.dumps(body, default=_number).encode(),
            safe_to_repeat=safe_to_repeat,
        )

    def _asked(self, request: Request) -> Answer:
        """Send within the quota; a refusal for calling too often had no effect, and is waited out if that is short."""
        answer, pause = self._exchange(request)
        for _ in range(TRIES - 1):
            if answer.status != TOO_MANY or (pause or 0.0) > PATIENCE:
                break
            answer, pause = self._exchange(request)
        if failure := failure_of(answer, request, pause):
            raise failure
        return answer

    def _exchange(self, request: Request) -> tuple[Answer, float | None]:
        self._wait()
        answer = self._http.exchange(request)
        self.served_at = answer.served_at or self.served_at
        return answer, self._budget.learn(answer)

    def _wait(self) -> None:
        seconds, limit = self._budget.before(self.lane), "The store's quota of calls is"
        wait_for(self._clock, seconds, limit, "QuotaUsedUp", self.subject, patience=PATIENCE)


def _number(value: object) -> float | int:
    """Write an amount as a JSON number. Floats print as the shortest text that means them: no amount drifts."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is nothing that JSON can hold.")
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError(f"{value} has more digits than a JSON number holds.")
    return number
