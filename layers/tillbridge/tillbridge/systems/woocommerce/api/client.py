"""Speak to one shop: show the keys the way the shop takes them, and sort what comes back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from tillbridge.domain.errors import GarbledAnswerError, Subject
from tillbridge.systems.common.sending import Sender, doubt
from tillbridge.systems.http import Answer, Json, NoJsonError, Request
from tillbridge.systems.woocommerce.api.json_text import read_json
from tillbridge.systems.woocommerce.api.keys import ApiKeys, Way, authorised, usual_way
from tillbridge.systems.woocommerce.api.refusals import CANNOT, UNAUTHORISED, failure_of, refused

API = "/wp-json/wc/v3"

PAGE = 100
"""The most rows that a list gives at once, and the most entries that a batch takes."""


class KeySender(Sender, Protocol):
    """One that also raises what means the same everywhere."""

    def send(self, request: Request) -> Answer:
        """Exchange; raises what means the same everywhere."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. ``total`` counts the whole list; ``served_at`` is the shop's clock, if it told."""

    rows: Json
    total: int
    pages: int
    served_at: datetime | None


class WooClient:
    """One shop's API. Routes are given below ``/wp-json/wc/v3``, e.g. ``products/batch``."""

    def __init__(
        self,
        http: KeySender,
        address: str,
        keys: ApiKeys,
        *,
        query_keys: bool = False,
        on_query_keys: Callable[[], None] | None = None,
    ) -> None:
        self._http, self._address, self._keys = http, address, keys
        self._way = usual_way(address, query_keys=query_keys)
        self._on_query_keys = on_query_keys
        self.served_at: datetime | None = None  # the shop's own clock, at its latest answer that told it

    @property
    def address(self) -> str:
        """The shop's address, without the API's own path."""
        return self._address

    @property
    def subject(self) -> Subject:
        """Whom errors are about."""
        return self._http.subject

    @property
    def query_keys(self) -> bool:
        """Tell whether the keys travel in the query, because the host strips the Authorization header."""
        return self._way is Way.QUERY

    def read(self, route: str, params: Mapping[str, str] | None = None) -> Json:
        """Read one thing."""
        return self._decoded(self._asked(self._request("GET", route, params or {})))

    def page(self, route: str, params: Mapping[str, str], number: int = 1) -> Listing:
        """Read one page of a list, ``PAGE`` rows unless ``params`` say otherwise."""
        paged = {"per_page": str(PAGE), "page": str(number), **params}
        answer = self._asked(self._request("GET", route, paged))
        rows = self._decoded(answer)
        return Listing(
            rows,
            total=_count(answer, "X-WP-Total", len(rows) if isinstance(rows, list) else 0),
            pages=_count(answer, "X-WP-TotalPages", 1),
            served_at=answer.served_at,
        )

    def pages(self, route: str, params: Mapping[str, str]) -> Iterator[Listing]:
        """Read a list to its end, page by page."""
        number, last = 1, 1
        while number <= last:
            listing = self.page(route, params, number)
            yield listing
            number, last = number + 1, listing.pages

    def write(self, method: str, route: str, body: object, *, safe_to_repeat: bool = False) -> Json:
        """Write. Whatever leaves it open whether the shop did it becomes ``DoubtfulWriteError`` (invariant 8)."""
        request = replace(self._request(method, route, {}), json=body, safe_to_repeat=safe_to_repeat)
        answer = self._asked(request)
        try:
            return self._decoded(answer)
        except GarbledAnswerError as garbled:
            raise doubt(garbled, self.subject) from garbled

    def _request(self, method: str, route: str, params: Mapping[str, str]) -> Request:
        return Request(method=method, url=f"{self._address}{API}/{route}", params=params)

    def _asked(self, request: Request) -> Answer:
        """Send with the keys; a host that strips the header is met by showing them in the query, and remembered."""
        answer = self._http.send(authorised(request, self._keys, self._way))
        if self._way is Way.BASIC and _key_not_seen(answer):
            second = self._http.send(authorised(request, self._keys, Way.QUERY))
            if not _key_not_seen(second):
                self._remember_query_keys()
                answer = second
        self.served_at = answer.served_at or self.served_at
        if not answer.ok:
            raise failure_of(answer)
        return answer

    def _remember_query_keys(self) -> None:
        self._way = Way.QUERY
        if self._on_query_keys:
            self._on_query_keys()

    def _decoded(self, answer: Answer) -> Json:
        try:
            return read_json(answer)
        except NoJsonError as error:
            error.remedy = "If it stays so, ask the shop's host: their page stands in front of WooCommerce."
            raise


def _key_not_seen(answer: Answer) -> bool:
    """Tell the 401 of a stripped header (facts/woocommerce.md, "Errors"); nothing was done by then.

    Reading, it says ``cannot_view``; writing, ``cannot_create`` and the like.
    """
    if answer.status != UNAUTHORISED:
        return False
    refusal = refused(answer)
    return refusal is not None and refusal.code.startswith(CANNOT)


def _count(answer: Answer, header: str, otherwise: int) -> int:
    text = answer.headers.get(header, "")
    return int(text) if text.isdecimal() else otherwise
