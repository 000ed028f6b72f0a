"""A till to test: the stand-in under a clock that stands still, and a client that knows its addresses."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import TestResponse

from sandbox.common.clock import ManualClock
from sandbox.common.instrument import Instruments
from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.settings import Client, Settings
from sandbox.lightspeed.state import Lightspeed

if TYPE_CHECKING:
    from flask.testing import FlaskClient

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
CLIENT = Client("client-1", "secret-1", "https://connector.example/callback")
ADMIN, LIMITED, LOCKED = "1", "2", "3"


@dataclass
class Till:
    """The stand-in in this process."""

    settings: Settings = field(default_factory=lambda: Settings(clients=(CLIENT,)))

    def __post_init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.state = Lightspeed(self.settings, self.clock)
        self.instruments = Instruments(clock=self.clock)
        self.http: FlaskClient = build_app(self.state, self.instruments).test_client()
        self.token = ""

    # the token servers

    def ask(self, path: str = "/auth/oauth/authorize", **changes: str | None) -> TestResponse:
        """Open the consent page."""
        return self.ask_with(changes, path)

    def ask_with(self, changes: Mapping[str, str | None], path: str = "/auth/oauth/authorize") -> TestResponse:
        """Open the consent page with some parameters changed, or left out (None)."""
        query = {"response_type": "code", "client_id": CLIENT.id, "scope": "employee:all", "state": "s/1", **changes}
        return self.http.get(path, query_string={name: text for name, text in query.items() if text is not None})

    def decide(
        self,
        page: TestResponse,
        *,
        employee: str = ADMIN,
        decision: str = "approve",
        path: str = "/auth/oauth/authorize",
    ) -> TestResponse:
        """Press a button of the consent page."""
        found = re.search(r'name="request" value="(\w+)"', page.text)
        assert found, page.text
        return self.http.post(path, data={"request": found.group(1), "employee": employee, "decision": decision})

    def code(self, path: str = "/auth/oauth/authorize", *, employee: str = ADMIN, **changes: str | None) -> str:
        """Get an authorization code."""
        answer = self.decide(self.ask(path, **changes), employee=employee, path=path)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def post_token(self, path: str = "/auth/oauth/token", **fields: str) -> TestResponse:
        """Send a token request with the client's credentials."""
        return self.http.post(path, data={"client_id": CLIENT.id, "client_secret": CLIENT.secret, **fields})

    def connect(self, *, employee: str = ADMIN, scope: str = "employee:all") -> dict[str, Any]:
        """Authorize and exchange; later calls use the new access token."""
        code = self.code(employee=employee, scope=scope)
        pair = body(self.post_token(grant_type="authorization_code", code=code))
        self.token = pair["access_token"]
        return pair

    def refresh(self, token: str, path: str = "/auth/oauth/token") -> TestResponse:
        """Send a refresh request."""
        return self.post_token(path, grant_type="refresh_token", refresh_token=token)

    # the API

    def call(
        self, method: str, path: str, query: Mapping[str, str] | str | None = None, payload: object = None
    ) -> TestResponse:
        """Call a path below the account."""
        account = self.settings.account_id
        data = None if payload is None else json.dumps(payload)
        return self.http.open(
            f"/API/V3/Account/{account}/{path}",
            method=method,
            query_string=query,
            data=data,
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Read something that is there."""
        answer = self.call("GET", path, query)
        assert answer.status_code == 200, answer.text
        return body(answer)

    def rows(self, resource: str, **query: str) -> list[dict[str, Any]]:
        """Read one page."""
        return as_list(self.get(f"{resource}.json", **query).get(resource.rpartition("/")[2]))

    def ids(self, resource: str, **query: str) -> list[int]:
        """Read the ids of one page."""
        return [int(next(iter(row.values()))) for row in self.rows(resource, **query)]

    def follow(self, resource: str, **query: str) -> list[list[int]]:
        """Read all pages by following ``next``, and give the ids of each."""
        pages = []
        answer = self.get(f"{resource}.json", **query)
        while True:
            pages.append([int(next(iter(row.values()))) for row in as_list(answer.get(resource))])
            following = answer["@attributes"]["next"]
            if not following:
                return pages
            self.clock.sleep(3)
            answer = body(self.http.get(following, headers={"Authorization": f"Bearer {self.token}"}))

    def item(self, item_id: int, **query: str) -> dict[str, Any]:
        """Read one item."""
        found: dict[str, Any] = self.get(f"Item/{item_id}.json", **query)["Item"]
        return found

    def stock(self, item_id: int) -> dict[str, str]:
        """Read what is on hand, by shop id."""
        return {row["shopID"]: row["qoh"] for row in self.rows("ItemShop", itemID=str(item_id))}

    def control(self, action: str, **fields: object) -> Any:
        """Do something at the till, in the back office or to the connection."""
        answer = self.http.post(f"/_sandbox/{action}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json


def body(answer: TestResponse) -> dict[str, Any]:
    """Decode an answer, whatever its content type says."""
    decoded: dict[str, Any] = json.loads(answer.data)
    return decoded


def as_list(value: Any) -> list[dict[str, Any]]:
    """Undo the API's habit of showing one row as an object and none not at all."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]
