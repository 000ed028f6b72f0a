"""The handshake that lets an integration in (facts/magento.md, section 1): activation, request token, access token."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from flask import Blueprint, Request, Response, request

from sandbox.magento.integrations import Integration, Token
from sandbox.magento.shop import Shop
from sandbox.magento.web import auth, oauth, outbound
from sandbox.magento.web.errors import OauthError, RestError

_TO_EXCHANGE = timedelta(seconds=300)
_CLOSE = "<!DOCTYPE html>\n<html lang='en'><body><p>This window may be closed.</p></body></html>\n"
SUCCESS = "/admin/admin/integration/loginSuccessCallback"


def handshake_blueprint(shop: Shop) -> Blueprint:
    """Build the addresses below ``/oauth/token`` and the one that the pop-up ends at."""
    blueprint = Blueprint("handshake", __name__, url_prefix=shop.settings.base_path or None)

    @blueprint.post("/oauth/token/request")
    def request_token() -> Response:
        with shop.lock:
            return _form(_request_token(shop, request))

    @blueprint.post("/oauth/token/access")
    def access_token() -> Response:
        with shop.lock:
            return _form(_access_token(shop, request))

    @blueprint.get(SUCCESS)
    def close() -> str:
        return _CLOSE

    @blueprint.errorhandler(OauthError)
    def refused(error: OauthError) -> Response:
        text = "oauth_problem=" + quote(filled(error))
        return Response(text, error.status, mimetype="application/x-www-form-urlencoded")

    return blueprint


def filled(error: RestError) -> str:
    """Write an error with its placeholders filled, as these two addresses do."""
    text = error.message
    given = error.parameters
    named = given.items() if hasattr(given, "items") else ((str(i), v) for i, v in enumerate(given, 1))
    for name, value in named:
        text = text.replace(f"%{name}", str(value))
    return text


def _form(token: Token) -> Response:
    body = urlencode({"oauth_token": token.token, "oauth_token_secret": token.secret})
    return Response(body, mimetype="text/html")


def _request_token(shop: Shop, incoming: Request) -> Token:
    params = _params(incoming)
    integration = auth.check_protocol(shop, params)
    if integration.activated is None or shop.now() - integration.activated > _TO_EXCHANGE:
        raise OauthError("Consumer key has expired", status=401)
    verifier = integration.token
    if verifier is None or verifier.kind != "verifier":
        text = "Cannot create request token because consumer token is not a verifier token"
        raise OauthError(text, status=401)
    auth.check_signature(shop, incoming, params, (integration.consumer_secret, ""))
    integration.token = Token("request", shop.secret(), shop.secret(), verifier.verifier)
    return integration.token


def _access_token(shop: Shop, incoming: Request) -> Token:
    params = _params(incoming)
    integration = auth.check_protocol(shop, params, "oauth_token", "oauth_verifier")
    token = integration.token
    if token is None or token.token != params["oauth_token"]:
        raise OauthError("Specified token does not exist", status=401)
    if token.kind != "request":
        raise OauthError("Token is already being used", status=401)
    if token.verifier != params["oauth_verifier"]:
        raise OauthError("Token verifier and verifier token do not match", status=401)
    auth.check_signature(shop, incoming, params, (integration.consumer_secret, token.secret))
    integration.token = Token("access", shop.secret(), shop.secret())
    integration.active = True
    shop.changed()
    return integration.token


def _params(incoming: Request) -> dict[str, str]:
    return oauth.protocol_params(incoming.headers.get("Authorization", ""))


def activate(shop: Shop, integration: Integration) -> str:
    """Do what *Activate* and *Reauthorize* do: post a new verifier to the callback URL, then go to the identity link.

    Gives the address that the pop-up opens. Whatever the callback answers, the pop-up opens all the same.
    """
    with shop.lock:
        integration.active, integration.activated = False, shop.now()
        verifier = Token("verifier", shop.secret(), shop.secret(), shop.secret())
        integration.token = verifier
        form = {
            "oauth_consumer_key": integration.consumer_key,
            "oauth_consumer_secret": integration.consumer_secret,
            "store_base_url": f"{shop.base_url}/",
            "oauth_verifier": verifier.verifier,
        }
        shop.changed()
    integration.callback_status = outbound.call(shop.settings, "POST", integration.callback_url, form).status
    back = f"{shop.base_url}{SUCCESS}"
    query = urlencode({"oauth_consumer_key": integration.consumer_key, "success_call_back": back}, quote_via=quote)
    joint = "&" if "?" in integration.identity_url else "?"
    return f"{integration.identity_url}{joint}{query}" if integration.identity_url else ""
