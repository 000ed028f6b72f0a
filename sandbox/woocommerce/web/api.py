"""The REST routes: from a request to a handler's arguments, and from its answer to JSON."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from sandbox.common.instrument import name_route
from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web import auth
from sandbox.woocommerce.web.errors import RestError, no_route
from sandbox.woocommerce.web.schema import Args, prepare
from sandbox.woocommerce.web.wire import Answer, Params

NAMESPACE = "/wp-json/wc/v3"
WRITING = ("POST", "PUT", "PATCH")
_METHODS = ("GET", *WRITING, "DELETE")
Handler = Callable[[Shop, Params], Answer]
_INDEXED = re.compile(r"(?P<name>[^\[]+)\[\d*\]")


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One route with the methods and arguments it takes."""

    rule: str
    """Below the namespace, in flask's spelling: ``/products/<int:id>``."""
    methods: tuple[str, ...]
    args: Args
    handler: Handler
    batch: bool = False
    needs_brands: bool = False
    """Whether it exists only while the shop has brands."""


class Routes:
    """Finds the endpoint of a request; built once and shared by all shops, for building it takes its time."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        rules = [Rule(entry.rule, methods=entry.methods, endpoint=entry, strict_slashes=False) for entry in endpoints]
        self._map = Map(rules)

    def find(self, path: str, method: str) -> tuple[Endpoint, Mapping[str, JsonValue]]:
        """Give the endpoint and the arguments in the address; raises RestError when there is none."""
        try:
            endpoint, in_path = self._map.bind("").match(path, method)
        except HTTPException:
            raise no_route() from None
        return endpoint, in_path


def add_routes(app: Flask, shop: Shop, routes: Routes) -> None:
    """Let `app` answer everything below the API's namespace."""

    @app.route(f"{shop.settings.base_path}{NAMESPACE}/<path:rest>", methods=_METHODS, provide_automatic_options=False)
    def answer(rest: str) -> Response:
        key = auth.authenticate(shop, request)
        endpoint, in_path = routes.find(f"/{rest}", request.method)
        name_route(f"{NAMESPACE}{endpoint.rule}")
        return _answer(shop, endpoint, in_path, key)


def _answer(shop: Shop, endpoint: Endpoint, in_path: Mapping[str, JsonValue], key: ApiKey | None) -> Response:
    if endpoint.needs_brands and not shop.switches.brands:
        raise no_route()
    params = prepare(endpoint.args, _params_of(request, in_path))
    auth.authorise(key, request.method, batch=endpoint.batch)
    shop.spend(shop.settings.speed.call)
    answer = endpoint.handler(shop, Params(params))
    if answer.after is not None:
        answer.after()
    return json_response(answer, params.get("_fields"))


def _params_of(incoming: Request, in_path: Mapping[str, JsonValue]) -> JsonObject:
    """Merge the arguments; WordPress lets the body win over the query and both over the path, unless they are null."""
    merged = {**in_path, **_decoded(incoming.query_string), **_body_of(incoming)}
    return {**merged, **{name: value for name, value in in_path.items() if merged[name] is None}}


def _decoded(query: bytes) -> JsonObject:
    """Read a query as PHP does: ``a[]=1&a[]=2`` is a list."""
    values: dict[str, JsonValue] = {}
    for name, value in parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True):
        match = _INDEXED.fullmatch(name)
        if match is None:
            values[name] = value
            continue
        earlier = values.get(match["name"])
        values[match["name"]] = [*(earlier if isinstance(earlier, list) else []), value]
    return values


def _body_of(incoming: Request) -> JsonObject:
    """Read the body: JSON only where the content type says so, otherwise a form."""
    raw = incoming.get_data()
    if not incoming.is_json:
        return _decoded(raw) if incoming.mimetype == "application/x-www-form-urlencoded" else {}
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise RestError("rest_invalid_json", "The body is not valid JSON.", 400, json_error_code=4) from None
    return body if isinstance(body, dict) else {}


def json_response(answer: Answer, fields: JsonValue = None) -> Response:
    """Write an answer, cut to the ``_fields`` that were asked for."""
    body = answer.body if not fields else _cut(answer.body, list(_wanted(fields)))
    response = Response(json.dumps(body, separators=(",", ":")), answer.status, mimetype="application/json")
    response.headers.update(answer.headers)
    return response


def _wanted(fields: JsonValue) -> Iterator[list[str]]:
    names = fields if isinstance(fields, list) else str(fields).split(",")
    for name in names:
        yield str(name).strip().split(".")


def _cut(body: JsonValue, paths: list[list[str]]) -> JsonValue:
    if isinstance(body, list):
        return [_cut(item, paths) for item in body]
    if not isinstance(body, dict):
        return body
    kept: JsonObject = {}
    for name, value in body.items():
        deeper = [path[1:] for path in paths if path[0] == name]
        if deeper:
            kept[name] = value if [] in deeper else _cut(value, deeper)
    return kept


def error_response(error: RestError) -> Response:
    """Write a refusal."""
    return json_response(Answer(error.body(), error.status))
