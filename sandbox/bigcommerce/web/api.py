"""The API's routes: from a request to a handler's call, and from its answer to JSON."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule

from sandbox.bigcommerce.settings import ApiAccount
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web import quota
from sandbox.bigcommerce.web.errors import ApiError, as_v2
from sandbox.bigcommerce.web.wire import Answer, Call, Upload
from sandbox.common.instrument import name_route
from sandbox.common.json_types import JsonValue

Handler = Callable[[Shop, Call], Answer]
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
_INVENTORY = "/v3/inventory"


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One route; its rule is below ``/stores/{hash}``, in flask's spelling."""

    method: str
    rule: str
    scope: str
    """What the account needs; empty where any will do."""
    handler: Handler


class Routes:
    """Finds the endpoint of a request; built once and shared by all stores, for building it takes its time."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._map = Map(
            [Rule(entry.rule, methods=[entry.method], endpoint=entry, strict_slashes=False) for entry in endpoints]
        )

    def find(self, path: str, method: str) -> tuple[Endpoint, Mapping[str, int]]:
        """Give the endpoint and the ids in the address; raises ApiError when there is none."""
        try:
            endpoint, in_path = self._map.bind("").match(path, method)
        except MethodNotAllowed:
            raise ApiError(501 if method == "PATCH" else 405, f"{method} is not supported here.") from None
        except HTTPException:
            raise ApiError(404, "There is no such route.") from None
        return endpoint, in_path


def add_routes(app: Flask, shop: Shop, routes: Routes) -> None:
    """Let `app` answer everything below ``/stores/{hash}/v2`` and ``/stores/{hash}/v3``."""

    @app.route("/stores/<store_hash>/<version>/<path:rest>", methods=_METHODS, provide_automatic_options=False)
    def answer(store_hash: str, version: str, rest: str) -> Response:
        path = f"/{version}/{rest}"
        headers: dict[str, str] = {}
        try:
            _turn_away(shop)
            headers = quota.take(shop)
            answered = _answer(shop, store_hash, path, routes)
        except quota.UsedUpError as error:
            answered, headers = _refusal(path, error), error.headers
        except ApiError as error:
            answered = _refusal(path, error)
        response = _response(answered)
        response.headers.update(headers)
        return response


def _turn_away(shop: Shop) -> None:
    """Play the switches that strike before the quota counts."""
    if shop.switches.maintenance:
        raise ApiError(503, "The store is down for maintenance.")
    if shop.switches.overload:
        raise ApiError(429, "The platform is overloaded.")


def _answer(shop: Shop, store_hash: str, path: str, routes: Routes) -> Answer:
    account = _caller(shop, store_hash)
    shop.seen_at(request.host_url.rstrip("/"))
    endpoint, in_path = routes.find(path, request.method)
    name_route(f"/stores/<store_hash>{endpoint.rule}")
    if endpoint.scope and not account.may(endpoint.scope, write=request.method != "GET"):
        raise ApiError(403, f"The API account lacks the scope {endpoint.scope}.")
    if shop.switches.locked and request.method != "GET":
        raise ApiError(423, "The resource is locked by another request.")
    body, upload = _body_of(request)
    call = Call(account, in_path, dict(request.args), body, upload)
    answer = endpoint.handler(shop, call)
    if answer.after is not None:
        answer.after()
    return answer


def _caller(shop: Shop, store_hash: str) -> ApiAccount:
    account = shop.accounts.get(request.headers.get("X-Auth-Token", ""))
    if account is None or store_hash != shop.settings.store_hash:
        raise ApiError(401, "The X-Auth-Token is missing or not valid for this store.")
    return account


def _body_of(incoming: Request) -> tuple[JsonValue, Upload | None]:
    """Read the body: JSON, or a form with a picture."""
    if incoming.mimetype == "multipart/form-data":
        return {name: _typed(value) for name, value in incoming.form.items()}, _upload_of(incoming)
    raw = incoming.get_data()
    if not raw:
        return None, None
    if not incoming.is_json:
        raise ApiError(415, "The Content-Type has to be application/json.")
    try:
        body: JsonValue = json.loads(raw)
    except ValueError:
        raise ApiError(400, "The body is not valid JSON.") from None
    return body, None


def _upload_of(incoming: Request) -> Upload | None:
    sent = incoming.files.get("image_file")
    if sent is None:
        return None
    with closing(sent):
        return sent.filename or "image", sent.read()


def _typed(text: str) -> JsonValue:
    """Read a form's value, which is always text, as the number or boolean that it stands for."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text


def _refusal(path: str, error: ApiError) -> Answer:
    if path.startswith("/v2/"):
        return Answer(as_v2(error), error.status)
    return Answer(error.body(), error.status, problem=path.startswith(_INVENTORY))


def _response(answer: Answer) -> Response:
    if answer.body is None:
        return Response(status=answer.status)
    content = json.dumps(answer.body, separators=(",", ":"))
    return Response(content, answer.status, mimetype=f"application/{'problem+json' if answer.problem else 'json'}")
