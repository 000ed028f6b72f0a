"""``POST /admin/api/{version}/graphql.json``: token, document, variables, cost, bucket, then the resolvers."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, request

from sandbox.common.instrument import charge, name_route
from sandbox.common.json_types import JsonObject
from sandbox.shopify.settings import API_VERSION
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError
from sandbox.shopify.web.operation import DocumentErrors, Operation, formatted, keys_of, prepare, run
from sandbox.shopify.web.throttle import Bucket
from sandbox.shopify.web.tokens import Token

_PATH = "/admin/api/<version>/graphql.json"
_UNAUTHORISED = "[API] Invalid API key or access token (unrecognized login or wrong password)"


def graphql_blueprint(shop: Shop) -> Blueprint:
    """Build the API's one address."""
    blueprint = Blueprint("shopify_graphql", __name__)

    @blueprint.post(_PATH)
    def graphql(version: str) -> Response:
        """Answer one operation; whatever `version` is asked for, the header names the one that is served."""
        del version
        with shop.lock:
            token = shop.tokens.find(request.headers.get("X-Shopify-Access-Token", ""), shop.now())
        if token is None:
            return _json({"errors": _UNAUTHORISED}, 401)
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, Mapping) or not isinstance(body.get("query"), str):
            return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        answer, status = _answer(shop, token, body)
        response = _json(answer, status)
        response.headers["X-Shopify-API-Version"] = API_VERSION
        return response

    return blueprint


def _answer(shop: Shop, token: Token, body: Mapping[str, Any]) -> tuple[JsonObject, int]:
    try:
        operation = prepare(body["query"], body.get("variables") or {}, body.get("operationName"))
        requested = operation.pricing.requested()
    except TopLevelError as error:
        return {"errors": [formatted(error)]}, 200
    except DocumentErrors as error:
        return {"errors": error.errors}, 200
    name_route(f"graphql {operation.name}")
    with shop.lock:
        bucket = shop.bucket_of(token.app)
        turned_away = _turned_away(bucket, requested, shop)
        if turned_away is not None:
            return turned_away
        bucket.take(requested)
    with _in_flight(shop, token, operation) as elsewhere, shop.lock:
        context = Context(
            shop,
            token.app,
            frozenset(token.scopes),
            keys=keys_of(operation),
            in_flight_elsewhere=elsewhere,
        )
        answer = run(operation, context)
        actual = operation.pricing.actual(data if isinstance(data := answer.get("data"), Mapping) else None)
        bucket.settle(requested, actual)
        charge(actual)
        extensions: JsonObject = {"cost": bucket.describe(requested, actual)}
    if context.searches:
        extensions["search"] = list(context.searches)
    return {**answer, "extensions": extensions}, 200


def _turned_away(bucket: Bucket, requested: int, shop: Shop) -> tuple[JsonObject, int] | None:
    limits = shop.settings.limits
    if requested > limits.single_query:
        message = f"Query cost is {requested}, which exceeds the single query max cost limit ({limits.single_query})."
        extensions: JsonObject = {"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": limits.single_query}
        return {"errors": [{"message": message, "extensions": extensions}]}, 200
    if not bucket.affords(requested):
        error: JsonObject = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        cost = bucket.describe(requested, None)
        return {"errors": [error], "extensions": {"cost": cost}}, limits.throttled_status
    return None


@contextmanager
def _in_flight(shop: Shop, token: Token, operation: Operation) -> Iterator[frozenset[str]]:
    """Hold the operation's idempotency keys while it is under way; gives those that others hold."""
    keys = {(token.app.client_id, key) for key in keys_of(operation).values()}
    with shop.lock:
        elsewhere = keys & shop.keys_in_flight
        if keys and shop.switches.idempotency_concurrent:
            shop.switches.idempotency_concurrent -= 1
            elsewhere = keys
        mine = keys - shop.keys_in_flight
        shop.keys_in_flight |= mine
    try:
        if keys:
            shop.spend(shop.settings.lags.write)
        yield frozenset(key for _, key in elsewhere)
    finally:
        with shop.lock:
            shop.keys_in_flight -= mine


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
