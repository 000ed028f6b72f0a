"""Speak to one shop: sign each request anew, and sort what comes back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tillbridge.domain.errors import GarbledAnswerError, Subject
from tillbridge.systems.common.sending import Sender, doubt
from tillbridge.systems.http import Answer, Json, NoJsonError, Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import refusal_of
from tillbridge.systems.magento.api.refusals import SIGNATURE, UNAUTHORISED, failure_of, refused, report_id
from tillbridge.systems.magento.api.search import Criteria
from tillbridge.systems.magento.api.signing import IntegrationSecrets, PathForm, Signature, depends_on_form

API, BULK_API = "/rest/all/V1", "/rest/all/async/bulk/V1"
"""``all`` writes what holds for every store view; anything else would leave overrides (facts/magento.md, section 2)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``total`` counts the whole list; ``served_at`` is the shop's clock, if it told."""

    rows: list[Json]
    total: int
    served_at: datetime | None


class MagentoClient:
    """One shop's API. Routes are given below ``/rest/all/V1``, names in them encoded (``search.in_path``)."""

    def __init__(
        self,
        http: Sender,
        address: str,
        secrets: IntegrationSecrets,
        *,
        clock: Clock,
        form: PathForm = PathForm.DECODED,
        on_form: Callable[[PathForm], None] | None = None,
    ) -> None:
        self._http, self._address, self._secrets, self._clock = http, address, secrets, clock
        self._form, self._on_form = form, on_form
        self.served_at: datetime | None = None  # the shop's own clock, at its latest answer that told it

    @property
    def address(self) -> str:
        """The shop's address, without the API's own path."""
        return self._address

    @property
    def subject(self) -> Subject:
        """Whom errors are about."""
        return self._http.subject

    def read(self, route: str, query: str = "") -> Json:
        """Read one thing."""
        return self._decoded(self._asked(self._request("GET", route, query)))

    def page(self, route: str, criteria: Criteria) -> Page:
        """Read one page of a list; ``GarbledAnswerError`` when it holds fewer rows than its own count promises."""
        answer = self._asked(self._request("GET", route, criteria.query()))
        said = self._decoded(answer)
        if not isinstance(said, dict) or not isinstance(said.get("total_count"), int):
            raise GarbledAnswerError(f"{route} did not answer with a list.", code="NoList", subject=self.subject)
        rows = said.get("items")
        found = _unique(rows if isinstance(rows, list) else [])
        total = said["total_count"]
        if isinstance(total, int) and len(found) < min(criteria.size, total - (criteria.page - 1) * criteria.size):
            raise GarbledAnswerError(
                f"A page of {route} held {len(found)} rows, and the list has {total}.",
                remedy="If it stays so, ask the shop's host: something in front of Magento cuts its answers.",
                code="CutShort",
                subject=self.subject,
            )
        return Page(found, int(str(total)), answer.served_at)

    def pages(self, route: str, criteria: Criteria) -> Iterator[Page]:
        """Read a list to its end by its own count: past the end old shops give the last page again."""
        number = 1
        while True:
            page = self.page(route, replace(criteria, page=number))
            yield page
            if number * criteria.size >= page.total:
                return
            number += 1

    def write(self, method: str, route: str, body: object, *, safe_to_repeat: bool = True) -> Json:
        """Write. Whatever leaves it open whether the shop did it becomes ``DoubtfulWriteError`` (invariant 8)."""
        return self._written(replace(self._request(method, route, ""), json=body, safe_to_repeat=safe_to_repeat))

    def _written(self, request: Request) -> Json:
        answer = self._asked(request)
        try:
            return self._decoded(answer)
        except GarbledAnswerError as garbled:
            raise doubt(garbled, self.subject) from garbled

    def write_bulk(self, route: str, bodies: Sequence[object]) -> Json:
        """Have the bodies of as many POSTs taken in; sent twice, all would be done twice."""
        url = f"{self._address}{BULK_API}/{route}"
        return self._written(Request(method="POST", url=url, json=list(bodies), safe_to_repeat=False))

    def _request(self, method: str, route: str, query: str) -> Request:
        return Request(method=method, url=f"{self._address}{API}/{route}{'?' if query else ''}{query}")

    def _asked(self, request: Request) -> Answer:
        """Send; where a path is signed in one of two ways and the shop wants the other, that is remembered."""
        answer = self._sent(request, self._form)
        if depends_on_form(request.url) and _signature_refused(answer):
            second = self._sent(request, self._form.other)
            if not _signature_refused(second):
                self._remember(self._form.other)
                answer = second
        self.served_at = answer.served_at or self.served_at
        if trouble := refusal_of(answer, request, self._clock.now()):
            trouble.request_id = report_id(answer) or trouble.request_id
            raise trouble
        if not answer.ok:
            raise failure_of(answer, slashed="%2F" in request.url.partition("?")[0].upper())
        return answer

    def _sent(self, request: Request, form: PathForm) -> Answer:
        """Send once, signed for this once."""
        return self._http.exchange(replace(request, auth=Signature(self._secrets, form)))

    def _remember(self, form: PathForm) -> None:
        self._form = form
        if self._on_form:
            self._on_form(form)

    def _decoded(self, answer: Answer) -> Json:
        try:
            return answer.json()
        except NoJsonError as error:
            error.remedy = "If it stays so, ask the shop's host: their page stands in front of Magento."
            raise


def _signature_refused(answer: Answer) -> bool:
    """Tell the 401 of a signature; nothing was done by then."""
    if answer.status != UNAUTHORISED:
        return False
    refusal = refused(answer)
    return refusal is not None and refusal.says(SIGNATURE)


def _unique(rows: list[Json]) -> list[Json]:
    return list({repr(_key(row)): row for row in rows}.values())


def _key(row: Json) -> object:
    """Name a row by its id where it has one, else by all it says."""
    if isinstance(row, Mapping):
        return row.get("entity_id") or row.get("id") or row.get("item_id") or row
    return row
