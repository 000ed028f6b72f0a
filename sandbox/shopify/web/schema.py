"""The part of the Admin API's schema that is served, built once from the files in `schema`."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    ValueNode,
    build_schema,
    coerce_input_value,
    validate_input_value,
    value_from_ast_untyped,
)

from sandbox.shopify.dates import written

_FOLDER = Path(__file__).parent.parent / "schema"


@lru_cache(maxsize=1)
def admin_schema() -> GraphQLSchema:
    """Build the schema.

    It counts as valid unseen: in the Admin API some fields are deprecated that an interface still wants.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.graphql")))
    schema = build_schema(text, assume_valid=True)
    for name, (serialize, parse) in _SCALARS.items():
        scalar = schema.type_map[name]
        if isinstance(scalar, GraphQLScalarType):
            _equip(scalar, serialize, parse)
    return schema


def coerced(kind: str, value: object) -> Mapping[str, Any]:
    """Read plain JSON as one of the schema's inputs; raises ValueError naming what is wrong."""
    input_type = admin_schema().type_map[kind]
    if not isinstance(input_type, GraphQLInputObjectType):
        raise TypeError(f"{kind} is no input of the schema")

    def refuse(error: GraphQLError, path: list[str | int]) -> None:
        raise ValueError(f"{'.'.join(map(str, path)) or kind}: {error.message}")

    validate_input_value(value, input_type, refuse)
    taken: Mapping[str, Any] = coerce_input_value(value, input_type)
    return taken


def _equip(scalar: GraphQLScalarType, serialize: Callable[[object], object], parse: Callable[[object], object]) -> None:
    def from_literal(node: ValueNode, variables: dict[str, object] | None = None) -> object:
        return parse(value_from_ast_untyped(node, variables))

    for name, function in (
        ("coerce_output_value", serialize),
        ("coerce_input_value", parse),
        ("coerce_input_literal", from_literal),
    ):
        setattr(scalar, name, function)


def _money(value: object) -> str:
    """Write money with two places: "10.00"."""
    return f"{Decimal(str(value)):.2f}"


def _decimal(value: object) -> str:
    """Write a decimal without needless noughts, but with one place at least: "10.0"."""
    number = Decimal(str(value)).normalize()
    return f"{number:.1f}" if number == number.to_integral_value() else f"{number:f}"


def _as_decimal(value: object) -> Decimal:
    try:
        number = Decimal("NaN" if isinstance(value, bool) else str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise GraphQLError(f"invalid decimal '{value}'")
    return number


def _as_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError(f"invalid DateTime '{value}'") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"invalid text '{value}'")
    return value


def _as_whole(value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if number < 0:
        raise GraphQLError(f"invalid UnsignedInt64 '{value}'")
    return number


def _moment(value: object) -> str:
    return written(value) if isinstance(value, datetime) else str(value)


def _same(value: object) -> object:
    return value


def _json(value: object) -> object:
    """Write a JSON scalar as what it is."""
    return json.loads(json.dumps(value, default=str))


_SCALARS: dict[str, tuple[Callable[[object], object], Callable[[object], object]]] = {
    "Money": (_money, _as_decimal),
    "Decimal": (_decimal, _as_decimal),
    "DateTime": (_moment, _as_moment),
    "URL": (str, _as_text),
    "HTML": (str, _as_text),
    "FormattedString": (str, _as_text),
    "UnsignedInt64": (str, _as_whole),
    "JSON": (_json, _same),
}
