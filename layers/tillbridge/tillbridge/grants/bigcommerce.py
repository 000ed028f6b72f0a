"""What BigCommerce gives and signs: tokens for codes, and signed payloads (facts/bigcommerce.md, "Hosts, auth").

A signed payload is a JSON Web Token. Only HS256 is taken, whatever its header asks for, and the signature is checked
before anything of it is read; for that much a library would be a dependency more in every function.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from tillbridge.domain.errors import GarbledAnswerError, InputError, TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import KeyKind, ShopKeys
from tillbridge.grants.apps import AppBook
from tillbridge.grants.clock import Clock
from tillbridge.grants.token_errors import refusal
from tillbridge.grants.token_server import HttpOf
from tillbridge.grants.transport import Token, read_refusal, send
from tillbridge.systems.http import Answer, Request

LEEWAY = timedelta(seconds=30)
"""By how much clocks may differ: the vendor's own sample is signed five seconds ahead of itself."""
LONGEST = 8192
_BAD_CODE = frozenset({"invalid_grant", "invalid_request", "invalid_scope"})


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Installed(_Wire):
    access_token: Token
    scope: Annotated[str, StringConstraints(max_length=4096)]
    context: Annotated[str, StringConstraints(max_length=100)]


class _Header(_Wire):
    alg: Literal["HS256"]


class _Claims(_Wire):
    aud: str
    iss: Literal["bc"]
    iat: float
    nbf: float
    exp: float
    sub: Annotated[str, StringConstraints(pattern=r"^stores/[a-z0-9]{4,32}$")]


@dataclass(frozen=True, slots=True)
class SignedCall:
    """What a signed payload is about: the store, such as ``stores/abc123``, and when it was signed."""

    store: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BigCommerceApp:
    """The provider's app at BigCommerce. ``callback`` has to be the registered one, letter by letter."""

    apps: AppBook
    http_of: HttpOf
    clock: Clock
    token_url: str
    callback: str

    def exchange(self, code: str, scope: str, context: str) -> tuple[ShopKeys, frozenset[str]]:
        """Turn a code into a token, which voids the one before; ``UnauthorisedError`` when it is not taken."""
        app, http = self.apps.get(System.BIGCOMMERCE), self.http_of("")
        fields = {
            "client_id": app.client_id,
            "client_secret": app.client_secret.reveal(),
            "code": code,
            "context": context,
            "scope": scope,
            "grant_type": "authorization_code",
            "redirect_uri": self.callback,
        }
        answer = send(
            http, Request(method="POST", url=self.token_url, headers={"Accept": "application/json"}, json=fields)
        )
        if not answer.ok:
            raise _refused(answer)
        installed = _installed(answer)
        if installed.context != context:
            raise GarbledAnswerError("The token is for another store.", subject=http.subject)
        keys = ShopKeys(KeyKind.BIGCOMMERCE, {"access_token": Secret(installed.access_token)})
        return keys, frozenset(installed.scope.split())

    def verify(self, payload: str) -> SignedCall:
        """Verify a signed payload with our secret, or the one before it; ``InputError``."""
        app = self.apps.get(System.BIGCOMMERCE)
        try:
            return read_payload(payload, app.signing, app.client_id, self.clock.now())
        except InputError:
            newer = self.apps.get(System.BIGCOMMERCE, fresh=True)
            if newer == app:
                raise
        return read_payload(payload, newer.signing, newer.client_id, self.clock.now())


def read_payload(payload: str, secrets: tuple[Secret, ...], client_id: str, now: datetime) -> SignedCall:
    """Read a signed payload: signature first, then who it is from and for, then its times."""
    signed, _, signature = payload.rpartition(".")
    head, _, body = signed.partition(".")
    if len(payload) > LONGEST or not payload.isascii() or not any(_signs(one, signed, signature) for one in secrets):
        raise _forged("It was not signed by BigCommerce.")
    try:
        _Header.model_validate(_decoded(head))
        claims = _Claims.model_validate(_decoded(body))
        signed_at = datetime.fromtimestamp(claims.iat, UTC)
    except (ValidationError, ValueError, OverflowError, OSError):
        raise _forged("It is not as BigCommerce signs it.") from None
    if claims.aud != client_id:
        raise _forged("It was signed for another app.")
    if not claims.nbf - LEEWAY.total_seconds() <= now.timestamp() < claims.exp + LEEWAY.total_seconds():
        raise _forged("It is not of now.")
    return SignedCall(claims.sub, signed_at)


def _signs(secret: Secret, signed: str, signature: str) -> bool:
    digest = hmac.new(secret.reveal().encode(), signed.encode(), hashlib.sha256).digest()
    own = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(own, signature.encode())


def _decoded(part: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise ValueError("no JSON") from None


def _forged(why: str) -> InputError:
    return InputError(
        "signed_payload_jwt", why, remedy="Open the app in the control panel of your store again.", code="Forged"
    )


def _installed(answer: Answer) -> _Installed:
    try:
        return _Installed.model_validate_json(answer.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        why = f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['type']}"
    raise GarbledAnswerError(f"The token server's answer cannot be used ({why}).", subject=answer.subject)


def _refused(answer: Answer) -> TillbridgeError:
    error, hint = _read_refusal(answer)
    if error in _BAD_CODE:
        return UnauthorisedError("BigCommerce does not take the code.", code="CodeRefused", subject=answer.subject)
    return refusal(error, hint, answer.subject)


def _read_refusal(answer: Answer) -> tuple[str, str]:
    """Read an error whose name may be followed by a colon and words."""
    body = answer.json()
    text = str(body.get("error", "")) if isinstance(body, Mapping) else ""
    name, colon, hint = text.partition(":")
    return (name, hint.strip()) if colon else read_refusal(answer)
