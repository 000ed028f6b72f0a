"""Idempotency keys of writes (facts/shopify.md, section 6, "Idempotency rules")."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError, UserError, UserErrors
from sandbox.shopify.web.resolving import refused

_KEPT = timedelta(hours=24)
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a key was used for. The payload refers to living rows, so it shows how they are now."""

    params: str
    made: datetime
    payload: Payload


def keyed(function: Callable[..., Payload]) -> Callable[..., Payload]:
    """Demand ``@idempotent`` on a mutation and keep to its rules."""

    @functools.wraps(function)
    def resolve(source: object, context: Context, **args: object) -> Payload:
        key = context.key
        if key is None:
            message = "The @idempotent directive is required for this mutation but was not provided."
            raise TopLevelError(message, "BAD_REQUEST")
        if not key.strip():
            raise TopLevelError("The idempotency key cannot be blank.", "BAD_REQUEST")
        params = json.dumps([function.__name__, args], default=str, sort_keys=True)
        attempts, name = context.shop.attempts, (context.app.client_id, key)
        earlier = attempts.get(name)
        if earlier is not None and context.now - earlier.made < _KEPT:
            return _repeat(earlier, params)
        if key in context.in_flight_elsewhere:
            return _refusal("A request with this idempotency key is in flight.", "IDEMPOTENCY_CONCURRENT_REQUEST")
        try:
            payload = function(source, context, **args)
        except UserErrors as refusal:
            payload = refused(refusal)
        attempts[name] = Attempt(params, context.now, payload)
        return payload

    return resolve


def _repeat(earlier: Attempt, params: str) -> Payload:
    if earlier.params != params:
        message = "The idempotency key was used with other parameters."
        return _refusal(message, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
    if earlier.payload.get("userErrors"):
        message = "The previous attempt with this idempotency key failed."
        return _refusal(message, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")
    return earlier.payload


def _refusal(message: str, code: str) -> Payload:
    return {"userErrors": [UserError(message, None, code)]}
