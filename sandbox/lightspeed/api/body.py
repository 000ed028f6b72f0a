"""Reads the bodies of writes, which may hold strings, numbers or truth values (facts/lightspeed.md, A3)."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from sandbox.lightspeed.api.errors import bad_request

Body = Mapping[str, object]


def read_body(raw: bytes, resource: str) -> Body:
    """Decode a body, with or without the resource's name around it. Raises ApiError."""
    try:
        body = json.loads(raw or b"{}", parse_float=Decimal)
    except ValueError as error:
        raise bad_request(f"The payload is no valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise bad_request("The payload must be an object.")
    inner = body.get(resource)
    return inner if len(body) == 1 and isinstance(inner, dict) else body


def text_of(value: object) -> str:
    """Write a scalar as a column holds it; null clears."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def rows_in(body: Body, relation: str, name: str) -> list[Body]:
    """List the records of a relation in a body: ``{"Xs": {"X": [..]}}``, one of them alone, or ``[{"X": ..}]``."""
    outer = body.get(relation)
    found: list[Body] = []
    for wrapper in outer if isinstance(outer, list) else [outer]:
        if isinstance(wrapper, Mapping):
            inner = wrapper.get(name)
            found += [row for row in (inner if isinstance(inner, list) else [inner]) if isinstance(row, Mapping)]
    return found


def whole_number(body: Body, field: str, default: int = 0) -> int:
    """Read a whole number. Raises ApiError."""
    text = text_of(body.get(field, default))
    try:
        return int(text or "0")
    except ValueError as error:
        raise bad_request(f"{field} must be a whole number, got '{text}'.") from error


def decimal_number(body: Body, field: str) -> Decimal | None:
    """Read a number; None when it is not there. Raises ApiError."""
    if field not in body:
        return None
    try:
        return Decimal(text_of(body[field]) or "0")
    except InvalidOperation as error:
        raise bad_request(f"{field} must be a number, got '{body[field]}'.") from error


def is_true(body: Body, field: str, *, default: bool = False) -> bool:
    """Read a truth value."""
    return text_of(body.get(field, default)).lower() in {"true", "1"}
