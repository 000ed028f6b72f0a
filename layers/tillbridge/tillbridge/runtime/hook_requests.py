"""What API Gateway hands over for ``POST /hooks/{system}/{connection}``, checked, and what it is answered.

Answers to strangers say nothing: an address that is not (or no longer) ours looks the same whatever the reason.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import System

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes. API Gateway and Lambda would pass about 6 MB; an order of a thousand lines has less than one."""

TOO_LARGE, UNREADABLE = "TooLarge", "BadBody"
UNPROVED = frozenset({"BadSignature", "BadSecret"})
"""Codes of errors that say that a delivery was not proved by a secret; another one may prove it."""
_PLACE = re.compile(r"([a-z]{1,32})/([A-Za-z0-9_-]{1,64})/?")
_STATUS = {
    TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    **dict.fromkeys(UNPROVED, HTTPStatus.UNAUTHORIZED),
    UNREADABLE: HTTPStatus.OK,  # the shop did sign it; told of failures it would switch its hook off
}


class NoHooksHereError(NotFoundError):
    """Nothing takes hooks at this address. It is told to nobody why."""

    def __init__(self) -> None:
        super().__init__("path", "Nothing takes web hooks at this address.", remedy="Connect the shop again.")


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A call whose sender nobody has verified yet. ``body`` is as the sender sent it, byte by byte."""

    system: System
    connection_id: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def read_request(event: Mapping[str, Any]) -> HookRequest:
    """Check an event of API Gateway; ``NoHooksHereError`` for a foreign address, ``InputError`` for a bad body."""
    system, connection_id = _place(event)
    return HookRequest(system, connection_id, _headers(event), _body(event))


def answer(status: HTTPStatus, error: InputError | None = None) -> dict[str, Any]:
    """Answer API Gateway; an error is told to its sender, who is a shop's owner reading the log of deliveries."""
    head = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status.value, "headers": head, "body": json.dumps(error.as_dict()) if error else "{}"}


def refusal(error: InputError) -> dict[str, Any]:
    """Answer what cannot be taken."""
    if isinstance(error, NotFoundError):
        return answer(HTTPStatus.NOT_FOUND)
    return answer(_STATUS.get(error.code, HTTPStatus.BAD_REQUEST), error)


def _place(event: Mapping[str, Any]) -> tuple[System, str]:
    parameters = event.get("pathParameters")
    proxy = parameters.get("proxy") if isinstance(parameters, Mapping) else None
    found = _PLACE.fullmatch(proxy) if isinstance(proxy, str) else None
    if found is None or found[1] not in set(System):
        raise NoHooksHereError
    return System(found[1]), found[2]


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    """Take the headers that are plain text; no shop sends others, and no check has to think of them."""
    headers = event.get("headers")
    given = headers if isinstance(headers, Mapping) else {}
    return {name: value for name, value in given.items() if isinstance(value, str) and value.isascii()}


def _body(event: Mapping[str, Any]) -> bytes:
    text = event.get("body") or ""
    if not isinstance(text, str):
        raise _unreadable("It is no text.")
    packed = event.get("isBase64Encoded") is True
    if len(text) > (LARGEST_BODY * 4 // 3 + 4 if packed else LARGEST_BODY):
        raise _too_large()
    try:
        body = base64.b64decode(text, validate=True) if packed else text.encode()
    except (binascii.Error, ValueError):
        raise _unreadable("It cannot be decoded.") from None
    if len(body) > LARGEST_BODY:
        raise _too_large()
    return body


def _unreadable(happened: str) -> InputError:
    return InputError("body", happened, remedy="Send the bytes that were signed.")


def _too_large() -> InputError:
    remedy = "Nothing was done with it; the next poll finds what changed."
    return InputError("body", f"It is larger than {LARGEST_BODY} bytes.", remedy=remedy, code=TOO_LARGE)
