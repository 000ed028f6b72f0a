"""Lets requests-oauthlib speak through our own HTTP client, and shows it only answers that were verified.

So the library builds and reads the messages of OAuth2, while addresses, time, size, redirects and failures are guarded
by the same client as everywhere else.
"""

import io
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from tillbridge.domain.errors import GarbledAnswerError, MisconfiguredSystemError, RetryLaterError
from tillbridge.grants.timing import OPERATOR_PAUSE
from tillbridge.systems.http import Answer, HttpClient, Json, NoJsonError, Request

ASSUMED_LIFE, LONGEST_LIFE, LONGEST_REFRESH = 600, 86_400, 366 * 86_400
"""Seconds. A pair whose life cannot be read is kept all the same: its predecessor may be gone already."""

_LONGEST_HINT = 200
_ERROR = re.compile(r"[a-z_]{1,64}")
_COULD_BE_SECRET = re.compile(r"\S{24,}")


class Encoding(StrEnum):
    """How token requests are written. Form is what works in practice (facts/lightspeed.md, "Token request")."""

    FORM = "form"
    JSON = "json"


def _life(value: object) -> int:
    seconds = int(float(str(value))) if re.fullmatch(r"\d{1,9}(\.\d*)?", str(value)) else 0
    return min(seconds, LONGEST_LIFE) or ASSUMED_LIFE


def _bearer(value: object) -> str:
    if isinstance(value, str) and value.lower() == "bearer":
        return "Bearer"
    raise ValueError("must be Bearer")


Token = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]+$", max_length=16_384)]


class WireTokens(BaseModel):
    """An answer with tokens. Long and growing ones are normal (facts/lightspeed.md, "Token response")."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    access_token: Token
    token_type: Annotated[str, BeforeValidator(_bearer)] = "Bearer"  # noqa: S105  a type, no secret
    expires_in: Annotated[int, BeforeValidator(_life)] = ASSUMED_LIFE
    refresh_token: Token | None = None


class WireShopTokens(WireTokens):
    """An answer of a Shopify shop: it names the scopes that were granted, and the refresh token's life too."""

    scope: Annotated[str, StringConstraints(max_length=4096)] = ""
    refresh_token_expires_in: Annotated[int, Field(gt=0, le=LONGEST_REFRESH)] | None = None

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes by name."""
        return frozenset(filter(None, (name.strip() for name in self.scope.split(","))))


Wire = TypeVar("Wire", bound=WireTokens)


def send(http: HttpClient, request: Request) -> Answer:
    """Send to a token server. A redirect or a bad certificate there is no merchant's trouble, and it may pass."""
    try:
        return http.send(request)
    except MisconfiguredSystemError as error:
        trouble = RetryLaterError(
            error.happened,
            after=OPERATOR_PAUSE.total_seconds(),
            remedy="The vendor's token server is not as it should be; the operator has to look at it.",
            code=error.code,
            subject=error.subject,
        )
    raise trouble


class TokenTransport(BaseAdapter):
    """The transport of one OAuth2Session. ``hint`` is what the server said beyond the error's name."""

    def __init__(self, http: HttpClient, encoding: Encoding) -> None:
        super().__init__()
        self.hint = ""
        self._http, self._encoding = http, encoding

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """Exchange; what no token server says becomes one of our errors and never reaches the library."""
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
        fields = dict(parse_qsl(body, keep_blank_values=True))
        as_json = self._encoding is Encoding.JSON
        answer = send(
            self._http,
            Request(
                method="POST",
                url=str(request.url),
                headers={"Accept": "application/json"},
                json=fields if as_json else None,
                data=None if as_json else fields,
            ),
        )
        if answer.ok:
            return _response(request, answer.status, read_tokens(answer, WireTokens).model_dump(exclude_none=True))
        error, self.hint = read_refusal(answer)
        return _response(request, answer.status, {"error": error})

    def close(self) -> None:
        """Nothing is held."""


def read_tokens(answer: Answer, wire: type[Wire]) -> Wire:
    """Verify an answer with tokens. Nothing of it is shown: half a token is a secret as well."""
    try:
        return wire.model_validate_json(answer.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        why = f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['type']}"
    raise GarbledAnswerError(
        f"The token server's answer cannot be used ({why}).",
        code="GarbledTokens",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def read_refusal(answer: Answer) -> tuple[str, str]:
    """Read an OAuth error and its hint; anything else with a status of 400 to 499 is trouble on the way."""
    try:
        body = answer.json()
    except NoJsonError:
        body = None
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(body, dict) and isinstance(error, str) and _ERROR.fullmatch(error):
        return error, _hint(body.get("error_description"), body.get("hint"))
    raise RetryLaterError(
        f"The token server refused with status {answer.status} and no OAuth error.",
        code=f"Http{answer.status}",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def _hint(*told: Json) -> str:
    """Join what the server says; a long run without a blank could be a token and is masked (invariant 5)."""
    words = " ".join(text for text in told if isinstance(text, str) and text.isprintable())
    return _COULD_BE_SECRET.sub("***", words)[:_LONGEST_HINT].rstrip(".")


def _response(request: PreparedRequest, status: int, body: Mapping[str, Any]) -> Response:
    response = Response()
    response.status_code = status
    response.url = str(request.url)
    response.request = request
    response.encoding = "utf-8"
    response.raw = io.BytesIO(json.dumps(body).encode())
    return response
