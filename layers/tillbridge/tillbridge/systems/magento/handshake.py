"""Turn an activation into an access token: the handshake of OAuth 1.0a (facts/magento.md, section 1).

Magento posts four values to our callback address when the merchant activates the integration, and wants an answer
within five seconds: so the post is only read and kept there (``Activation.posted``). The exchange follows, within 300
seconds and once: a second try with the same verifier is refused. Nothing in the post proves who sent it; the exchange
with the shop's own address does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import parse_qs, unquote_plus, urlsplit

from tillbridge.domain.errors import GarbledAnswerError, InputError, Subject, TillbridgeError, UnauthorisedError
from tillbridge.systems.common.sending import Sender
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import refusal_of
from tillbridge.systems.magento.api.signing import IntegrationSecrets, Signature

REQUEST_TOKEN, ACCESS_TOKEN = "/oauth/token/request", "/oauth/token/access"
LONGEST_PROBLEM = 200

_SECRET = re.compile(r"[a-z0-9]{32}")
_PROBLEM = "oauth_problem="
_TOO_LATE = ("Consumer key has expired", "not a verifier token")
_AGAIN = "In Admin, under System > Extensions > Integrations, press Reauthorize and sign in within five minutes."


@dataclass(frozen=True, slots=True)
class Activation:
    """What Magento posts when an integration is activated, or reauthorized: then with the same consumer's pair."""

    address: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def posted(cls, form: Mapping[str, str]) -> Self:
        """Check a post; ``InputError`` names the field that is wrong. Whether it is true the exchange tells."""
        for name in ("oauth_consumer_key", "oauth_consumer_secret", "oauth_verifier"):
            if not _SECRET.fullmatch(form.get(name, "")):
                raise InputError(name, "It has to be 32 small letters and digits.", remedy=_AGAIN)
        parts = urlsplit(form.get("store_base_url", ""))
        if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or "@" in parts.netloc:
            raise InputError("store_base_url", "It has to be the address of a shop.", remedy=_AGAIN)
        return cls(
            address=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}",
            consumer_key=form["oauth_consumer_key"],
            consumer_secret=form["oauth_consumer_secret"],
            verifier=form["oauth_verifier"],
        )

    def way_back(self, success_call_back: str) -> str:
        """Check the address that the pop-up wants to end at; only the shop's own host is one (an open redirect)."""
        parts, own = urlsplit(success_call_back), urlsplit(self.address)
        if (parts.scheme, parts.netloc) != (own.scheme, own.netloc) or "\\" in success_call_back:
            raise InputError("success_call_back", "It leads away from the shop.", remedy=_AGAIN)
        return success_call_back


def exchange(http: Sender, activation: Activation, clock: Clock) -> IntegrationSecrets:
    """Get the access token, in two calls. The integration is active once the second was answered.

    Raises ``UnauthorisedError`` where the shop refuses, and what the transport raises: a lost answer has spent the
    verifier, so that the merchant has to reauthorize.
    """
    pair = IntegrationSecrets(activation.consumer_key, activation.consumer_secret)
    url = f"{activation.address}{REQUEST_TOKEN}"
    token, secret = _token(http, url, Signature(pair), clock)
    url = f"{activation.address}{ACCESS_TOKEN}"
    temporary = replace(pair, access_token=token, access_secret=secret)
    access, access_secret = _token(http, url, Signature(temporary, verifier=activation.verifier), clock)
    return IntegrationSecrets(activation.consumer_key, activation.consumer_secret, access, access_secret)


def _token(http: Sender, url: str, signature: Signature, clock: Clock) -> tuple[str, str]:
    request = Request(method="POST", url=url, auth=signature)
    answer = http.exchange(request)
    if trouble := refusal_of(answer, request, clock.now()):
        trouble.remedy = trouble.remedy or _AGAIN
        raise trouble
    if not answer.ok:
        raise _refused(answer)
    said = parse_qs(answer.body.decode(errors="replace"))
    token, secret = said.get("oauth_token", [""])[0], said.get("oauth_token_secret", [""])[0]
    if not (_SECRET.fullmatch(token) and _SECRET.fullmatch(secret)):
        raise GarbledAnswerError(
            f"{answer.place} did not answer with a token.", remedy=_AGAIN, code="NoToken", subject=answer.subject
        )
    return token, secret


def _refused(answer: Answer) -> TillbridgeError:
    """Read ``oauth_problem=...``, a text that is encoded as in a form."""
    text = answer.body.decode(errors="replace")
    problem = unquote_plus(text.partition(_PROBLEM)[2])[:LONGEST_PROBLEM] if _PROBLEM in text else ""
    late = any(one in problem for one in _TOO_LATE)
    told = problem or f"status {answer.status}"
    return UnauthorisedError(
        f"The shop does not finish the handshake: {told}.",
        remedy=_AGAIN,
        code="HandshakeLate" if late else "HandshakeRefused",
        subject=Subject(system=answer.subject.system, connection=answer.subject.connection),
        request_id=answer.request_id,
    )
