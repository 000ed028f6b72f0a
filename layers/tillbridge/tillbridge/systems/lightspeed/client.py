"""Speaks with the till's API: signs requests, keeps to the budget, renews a token once, sorts refusals."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from urllib.parse import urlsplit

from tillbridge.domain.errors import GarbledAnswerError, Subject, UnauthorisedError
from tillbridge.domain.merchant import Lane
from tillbridge.systems.common.patience import wait_for
from tillbridge.systems.http import Answer, FencedClient, HttpClient, Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import TOO_MANY, refusal_of
from tillbridge.systems.lightspeed.budget import BudgetBook
from tillbridge.systems.lightspeed.refusals import (
    FORBIDDEN,
    RECONNECT,
    UNAUTHORISED,
    is_absent,
    is_rejection,
    message_of,
    refusal,
)
from tillbridge.systems.lightspeed.resources import BASE_COST
from tillbridge.systems.lightspeed.tokens import Bearer, OldKey, TokenSource

API_URL = "https://api.lightspeedapp.com"
TRIES = 3
"""How often a request is sent that is refused for calling too often."""


class LightspeedClient:
    """The API for one connection, at first without saying which account its grant belongs to."""

    def __init__(
        self,
        http: HttpClient | FencedClient,
        credential: TokenSource | OldKey,
        *,
        clock: Clock,
        budget: BudgetBook,
        base_url: str = API_URL,
    ) -> None:
        self.account_id = ""
        self._signs = credential if isinstance(credential, OldKey) else Bearer(credential)
        self._http, self._clock, self._budget = http, clock, budget
        self._base_url = base_url.rstrip("/")

    def of_account(self, account_id: str) -> "LightspeedClient":
        """Give the same client, sharing connections and budget, that works for this account and for no other."""
        client = copy(self)
        client.account_id = account_id
        return client

    @property
    def subject(self) -> Subject:
        """Whom errors are about."""
        return self._http.subject

    def record_url(self, resource: str, record_id: str, act: str = "") -> str:
        """Give the address of a record of the account, or of what is done to one."""
        path = f"{resource}/{record_id}/{act}" if act else f"{resource}/{record_id}"
        return self.list_url(path)

    def list_url(self, resource: str) -> str:
        """Give the address of a list of the account."""
        return f"{self._base_url}/API/V3/Account/{self.account_id}/{resource}.json"

    def account_url(self) -> str:
        """Give the address that names the account of the grant."""
        return f"{self._base_url}/API/V3/Account.json"

    def details_url(self) -> str:
        """Give the address of the account itself, with its currency."""
        return f"{self._base_url}/API/V3/Account/{self.account_id}.json"

    def session_url(self) -> str:
        """Give the address that names the rights of the grant; the vendor documents it without a version."""
        return f"{self._base_url}/API/Session.json"

    def check_next(self, url: str, resource: str) -> None:
        """Refuse to carry the token anywhere but to the same list (facts/lightspeed.md, "Paging")."""
        given, expected = urlsplit(url), urlsplit(self.list_url(resource))
        if (given.scheme, given.netloc, given.path) != (expected.scheme, expected.netloc, expected.path):
            raise GarbledAnswerError(
                f"The list {resource} goes on at {given.scheme}://{given.hostname}{given.path}, which is not where it"
                " began; the token was not sent there.",
                code="StrayNextPage",
                subject=self.subject,
            )

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        resource: str,
        cost: float = BASE_COST,
        lane: Lane = Lane.CATALOGUE,
    ) -> Answer:
        """Read; waits inside when the budget asks for little, else ``ThrottledError`` tells how long it is."""
        request = Request(method="GET", url=url, params=params or {}, cost=cost)
        answer = self._answer(request, resource, lane)
        if not answer.ok:
            raise refusal(answer, resource)
        return answer

    def find(self, request: Request, *, resource: str, lane: Lane) -> Answer | None:
        """Read one record; ``None`` when the till says that there is none."""
        answer = self._answer(request, resource, lane)
        if is_absent(answer):
            return None
        if not answer.ok:
            raise refusal(answer, resource)
        return answer

    def write(self, request: Request, *, resource: str, lane: Lane) -> Answer:
        """Change something, and give the answer even when it refuses what was sent (status 400, 404 or 422).

        It is sent again only after answers that say that nothing was done: an ended token, and calling too often. One
        whose answer is lost raises ``DoubtfulWriteError``.
        """
        answer = self._answer(request, resource, lane)
        if not answer.ok and not is_rejection(answer):
            raise refusal(answer, resource, writing=True)
        return answer

    def _answer(self, request: Request, resource: str, lane: Lane) -> Answer:
        """Exchange, with a new token where the old one has ended."""
        signature = self._signs.current()
        answer = self._admitted(_signed(request, signature), lane)
        if answer.status == UNAUTHORISED:
            signature = self._signs.renew(signature, message_of(answer).removeprefix(": "))
            answer = self._admitted(_signed(request, signature), lane)
        self._check_account(answer)
        if answer.status == FORBIDDEN:
            self._signs.forbidden(resource)
        return answer

    def _admitted(self, request: Request, lane: Lane) -> Answer:
        """Send within the budget; a refusal for calling too often was without effect and is waited out."""
        answer = self._exchange(request, lane)
        for _ in range(TRIES - 1):
            if answer.status != TOO_MANY:
                break
            answer = self._exchange(request, lane)
        if trouble := refusal_of(answer, request, self._clock.now()):
            raise trouble
        return answer

    def _exchange(self, request: Request, lane: Lane) -> Answer:
        self._wait(request.cost, lane)
        answer = self._http.exchange(request)
        self._budget.learn(answer)
        return answer

    def _wait(self, cost: float, lane: Lane) -> None:
        seconds = self._budget.before(cost, lane)
        wait_for(self._clock, seconds, "The budget of Lightspeed calls is", "BudgetUsedUp", self.subject)

    def _check_account(self, answer: Answer) -> None:
        """Take nothing from another account, whatever the token is good for (invariant 5)."""
        account = answer.headers.get("X-LS-Acct-Id", "")
        if self.account_id and account and account != self.account_id:
            raise UnauthorisedError(
                f"The credential belongs to account {account}, not to {self.account_id}.",
                remedy=RECONNECT,
                code="WrongAccount",
                subject=self.subject,
            )


def _signed(request: Request, signature: str) -> Request:
    return replace(request, headers={"Authorization": signature, "Accept": "application/json"})
