"""A vendor that exchanges tokens which never expire for pairs that do, and one that does not like our request."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from werkzeug.wrappers import Request, Response

OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


@dataclass
class ExchangeServer:
    """One shop. ``once``: the old token ends with the exchange; nobody has said whether it does."""

    client: tuple[str, str] = ("client-1", "a secret of the provider")
    old: set[str] = field(default_factory=lambda: {"old-token"})
    live: set[str] = field(default_factory=set)
    once: bool = False
    broken: list[Response] = field(default_factory=list)  # answers to give instead, though the exchange is done
    asked: list[dict[str, Any]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == "/shop":
            return self._shop(request.headers.get("X-Shopify-Access-Token", ""))
        body = json.loads(request.get_data())
        self.asked.append(body)
        answer = self._exchange(body)
        return self.broken.pop(0) if self.broken else answer

    def _shop(self, token: str) -> Response:
        known = token in self.live | self.old
        return _json({"id": "shop-1"}) if known else _json({"errors": "Invalid API key or access token"}, 401)

    def _exchange(self, body: dict[str, Any]) -> Response:
        if (body.get("client_id"), body.get("client_secret")) != self.client:
            return _json({"error": "invalid_client"}, 401)
        if body.get("subject_token_type") != OFFLINE or body.get("requested_token_type") != OFFLINE:
            return _json({"error": "invalid_request"}, 400)
        if body["subject_token"] not in self.old:
            return _json({"error": "invalid_grant", "error_description": "The subject token is not active."}, 400)
        number = next(self.numbers)
        self.live.add(f"access-{number}")
        if self.once:
            self.old.discard(body["subject_token"])
        if body.get("expiring") != "1":
            return _json({"access_token": f"access-{number}", "scope": "read_products"})
        return _json(
            {
                "access_token": f"access-{number}",
                "scope": "read_products",
                "expires_in": 3600,
                "refresh_token": f"refresh-{number}",
                "refresh_token_expires_in": 7776000,
            }
        )


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
