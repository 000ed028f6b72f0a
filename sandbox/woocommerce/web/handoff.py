"""The key hand-off page /wc-auth/v1/authorize (facts/woocommerce.md, "Key hand-off")."""

import json
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web import outbound

_NEEDED = ("app_name", "user_id", "return_url", "callback_url", "scope")
_SCOPES = ("read", "write", "read_write")
_LOGGED_IN = "sandbox_logged_in"
_OK = 200


class HandoffError(Exception):
    """The hand-off cannot go on; shown to the merchant as an error page."""


def handoff_blueprint(shop: Shop) -> Blueprint:
    """Build the pages on which a merchant lets an application have a key."""
    blueprint = Blueprint("handoff", __name__, url_prefix=f"{shop.settings.base_path}/wc-auth/v1")

    @blueprint.get("/authorize")
    def ask() -> AnyResponse | str:
        _check_request()
        if shop.switches.login_first and not request.cookies.get(_LOGGED_IN):
            return redirect(f"{shop.settings.base_path}/wc-auth/v1/login?{_query()}")
        return render_template(
            "woocommerce/authorize.html",
            shop=shop.settings.name,
            app=request.args["app_name"],
            scope=request.args["scope"],
            approve=f"{shop.settings.base_path}/wc-auth/v1/access_granted?{_query()}",
            deny=_return_address(success=False),
        )

    @blueprint.get("/login")
    def show_login() -> str:
        return render_template("woocommerce/login.html", shop=shop.settings.name)

    @blueprint.post("/login")
    def log_in() -> AnyResponse:
        _check_request()
        answer = redirect(f"{shop.settings.base_path}/wc-auth/v1/authorize?{_query()}")
        answer.set_cookie(_LOGGED_IN, "1", httponly=True)
        return answer

    @blueprint.get("/access_granted")
    def grant() -> AnyResponse:
        _check_request()
        if shop.switches.login_first and not request.cookies.get(_LOGGED_IN):
            raise HandoffError("You need to be logged in.")
        _hand_over(shop)
        return redirect(_return_address(success=True))

    @blueprint.errorhandler(HandoffError)
    def explain(error: HandoffError) -> Response:
        page = render_template("woocommerce/handoff_error.html", shop=shop.settings.name, error=str(error))
        return make_response(page, 401)

    return blueprint


def _query() -> str:
    return request.query_string.decode()


def _check_request() -> None:
    """Refuse what WooCommerce refuses; the error names the parameter."""
    for name in _NEEDED:
        if not request.args.get(name):
            raise HandoffError(f"The parameter {name} is missing.")
    if request.args["scope"] not in _SCOPES:
        raise HandoffError(f"The scope {request.args['scope']} is invalid.")
    for name in ("return_url", "callback_url"):
        if not urlsplit(request.args[name]).netloc:
            raise HandoffError(f"The {name} is not a valid URL.")
    if not request.args["callback_url"].startswith("https://"):
        raise HandoffError("The callback_url needs to be over SSL.")


def _hand_over(shop: Shop) -> None:
    """Make a key and send it to the application's server; a key that did not arrive is deleted again."""
    key = shop.new_key(permissions=request.args["scope"])
    body = json.dumps(_key_as_json(key)).encode()
    headers = {"Content-Type": "application/json;charset=UTF-8"}
    reply = outbound.call(shop.settings, "POST", request.args["callback_url"], body, headers)
    if reply.status != _OK:
        shop.delete_key(key)
        raise HandoffError("The key could not be handed over: the callback_url did not answer 200.")


def _key_as_json(key: ApiKey) -> dict[str, int | str]:
    return {
        "key_id": key.key_id,
        "user_id": request.args["user_id"],
        "consumer_key": key.key,
        "consumer_secret": key.secret,
        "key_permissions": key.permissions,
    }


def _return_address(*, success: bool) -> str:
    address = request.args["return_url"]
    query = urlencode({"success": int(success), "user_id": request.args["user_id"]})
    return f"{address}{'&' if urlsplit(address).query else '?'}{query}"
