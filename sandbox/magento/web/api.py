"""The REST routes: from a request to a handler's arguments, and from its answer to JSON."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, request

from sandbox.common.instrument import name_route
from sandbox.magento.shop import Shop
from sandbox.magento.web import auth
from sandbox.magento.web.bulk import catch_up
from sandbox.magento.web.errors import RestError, no_method, no_route
from sandbox.magento.web.fields import cut
from sandbox.magento.web.phpquery import parse_query
from sandbox.magento.web.schema import Args, prepare
from sandbox.magento.web.wire import GLOBAL, Request

METHODS = ("GET", "POST", "PUT", "DELETE")
_ALL_METHODS = (*METHODS, "PATCH", "HEAD", "OPTIONS")
Handler = Callable[[Request], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One route of one method, as the shop's own description spells it: ``/V1/products/{sku}``."""

    method: str
    rule: str
    resource: str
    """The right that it needs; `auth.ANYBODY` for none."""
    handler: Handler
    args: Args = field(default_factory=dict)
    multi_source: bool = False
    """Whether it exists only while the inventory modules are on."""

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.rule.strip("/").split("/"))


class Routes:
    """Finds the endpoint of a request."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._by_length: dict[int, list[Endpoint]] = {}
        for endpoint in endpoints:
            self._by_length.setdefault(len(endpoint.parts), []).append(endpoint)
        for entries in self._by_length.values():
            entries.sort(key=lambda entry: [part.startswith("{") for part in entry.parts])  # words before names

    def find(
        self, shop: Shop, method: str, parts: list[str], *, in_bulk: bool = False
    ) -> tuple[Endpoint, dict[str, str]]:
        """Give the endpoint and the arguments in the address; raises RestError when there is none.

        In a bulk, ``bySku`` stands where the address has the SKU: each row brings its own.
        """
        for endpoint in self._by_length.get(len(parts), ()):
            rule = tuple(_by_name(part) for part in endpoint.parts) if in_bulk else endpoint.parts
            values = _match(rule, parts)
            there = shop.switches.multi_source or not endpoint.multi_source
            if values is not None and endpoint.method == method and there:
                return endpoint, values
        raise no_route()


def _by_name(part: str) -> str:
    return f"by{part[1].upper()}{part[2:-1]}" if part.startswith("{") else part


def _match(rule: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for name, part in zip(rule, parts, strict=True):
        if name.startswith("{"):
            values[name[1:-1]] = part
        elif name != part:
            return None
    return values


Async = Callable[[Shop, str, list[str], Any, auth.Caller, int], Any]
"""Takes a bulk: method, address without its prefix, decoded body, caller and store id."""


def add_routes(app: Flask, shop: Shop, routes: Routes, in_bulk: Async) -> None:
    """Let `app` answer everything below ``/rest``."""

    @app.route(f"{shop.settings.base_path}/rest/<path:_rest>", methods=_ALL_METHODS, provide_automatic_options=False)
    def answer(_rest: str) -> Response:
        prefix = f"{shop.settings.base_path}/rest/"
        parts = [unquote(part) for part in auth.raw_path(request).removeprefix(prefix).strip("/").split("/")]
        shop.begin_call()
        try:
            with shop.lock:
                return _answer(shop, routes, in_bulk, parts)
        finally:
            shop.pay()


def _answer(shop: Shop, routes: Routes, in_bulk: Async, parts: list[str]) -> Response:
    name_route(f"/rest/{'/'.join(parts[:2])}")
    if request.method not in METHODS:
        raise no_method(request.method)
    store_id, parts = store_of(shop, parts)
    shop.owe(shop.settings.speed.call)
    if parts[:1] == ["async"]:
        return _answer_bulk(shop, in_bulk, parts, store_id)
    catch_up(shop)
    endpoint, values = routes.find(shop, request.method, parts)
    name_route(f"/rest{endpoint.rule}")
    auth.authenticate(shop, request).check(endpoint.resource)
    query = parse_query(request.query_string.decode("latin-1"))
    body = prepare(endpoint.args, _object()) if endpoint.args else {}
    result = endpoint.handler(Request(shop, store_id, values, query, body))
    fields = query.get("fields")
    return json_response(cut(result, fields) if isinstance(fields, str) and fields else result)


def _answer_bulk(shop: Shop, in_bulk: Async, parts: list[str], store_id: int) -> Response:
    name_route(f"/rest/{'/'.join(parts)}")
    caller = auth.authenticate(shop, request)
    path = parts[2:] if parts[1:2] == ["bulk"] else parts[1:]
    return json_response(in_bulk(shop, request.method, path, _decoded(), caller, store_id), 202)


def store_of(shop: Shop, parts: list[str]) -> tuple[int, list[str]]:
    """Take the store code off the address. Raises RestError for one that there is not."""
    first = parts[0] if parts else ""
    if first in {"V1", "async"}:
        return shop.settings.views[0].id, parts
    if first == "all":
        return GLOBAL, parts[1:]
    view = next((view for view in shop.settings.views if view.code == first), None)
    if view is None:
        raise RestError("Specified request cannot be processed.")
    return view.id, parts[1:]


def _object() -> Mapping[str, Any]:
    body = _decoded()
    return body if isinstance(body, Mapping) else {}


def _decoded() -> Any:  # noqa: ANN401 - any JSON value
    raw = request.get_data()
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError:
        raise RestError("Decoding error.") from None


def json_response(body: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON value
    """Write an answer; what a call without a result answers is an empty list."""
    text = json.dumps([] if body is None else body, separators=(",", ":"), ensure_ascii=False)
    return Response(text, status, mimetype="application/json")


def error_response(error: RestError) -> Response:
    """Write a refusal."""
    return json_response(error.body(), error.status)
