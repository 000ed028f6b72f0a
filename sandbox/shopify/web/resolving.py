"""Finds the value of a field: a registered resolver, or the attribute of that name in snake case."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from graphql import GraphQLEnumType, GraphQLResolveInfo, get_named_type

from sandbox.shopify.rows import gid_of
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, access_denied
from sandbox.shopify.web.scopes import FIELD_SCOPES, TYPE_SCOPES

Input = Mapping[str, Any]
Resolver = Callable[..., object]
Info = GraphQLResolveInfo[Context]
_Fn = TypeVar("_Fn", bound=Resolver)

RESOLVERS: dict[tuple[str, str], Resolver] = {}
_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def snake(name: str) -> str:
    """Turn ``camelCase`` into ``snake_case``."""
    return _UPPER.sub("_", name).lower()


def resolver(*types: str, name: str | None = None) -> Callable[[_Fn], _Fn]:
    """Register a function, called with the row, the context and the field's arguments, for a field of `types`.

    The field is the one of the function's own name in camel case, unless `name` says another.
    """

    def register(function: _Fn) -> _Fn:
        first, *rest = function.__name__.rstrip("_").split("_")
        field = name or first + "".join(part.title() for part in rest)
        for type_name in types:
            RESOLVERS[type_name, field] = function
        return function

    return register


query, mutation = resolver("QueryRoot"), resolver("Mutation")


def resolve_field(source: object, info: Info, **args: object) -> object:
    """Answer one field; raises ACCESS_DENIED where the token's scopes do not reach."""
    context: Context = info.context
    _check_scopes(info, context)
    context.path = info.path.as_list() if info.parent_type.name in {"QueryRoot", "Mutation"} else context.path
    found = RESOLVERS.get((info.parent_type.name, info.field_name))
    if found is not None:
        return _call(found, source, context, {snake(key): value for key, value in args.items()})
    if isinstance(source, UserError) and info.field_name == "code":
        return _known_code(source.code, info)
    if isinstance(source, Mapping):
        return source.get(info.field_name)
    if info.field_name == "id":
        return gid_of(source)
    if info.field_name == "legacyResourceId":
        return getattr(source, "id", None)
    return getattr(source, snake(info.field_name))


def _known_code(code: str | None, info: Info) -> str | None:
    """Give the code if this mutation's errors have it, else the nearest general one: the enums differ."""
    kind = get_named_type(info.return_type)
    known = kind.values if isinstance(kind, GraphQLEnumType) else {}
    return next((one for one in (code, "INVALID_INPUT", "INVALID", "GENERIC_ERROR") if one in known), None)


def _call(found: Resolver, source: object, context: Context, args: Mapping[str, object]) -> object:
    try:
        return found(source, context, **args)
    except UserErrors as refusal:
        return refused(refusal)


def refused(refusal: UserErrors) -> Mapping[str, object]:
    """Build the payload of a refused mutation: nothing but its errors."""
    return dict.fromkeys(("userErrors", "mediaUserErrors", "orderCancelUserErrors"), refusal.errors)


def _check_scopes(info: Info, context: Context) -> None:
    needed = FIELD_SCOPES.get((info.parent_type.name, info.field_name))
    if needed is None:
        needed = TYPE_SCOPES.get(get_named_type(info.return_type).name.removesuffix("Connection"))
    if needed and not context.scopes & set(needed):
        raise access_denied(info.field_name, needed)


def type_of(value: object, _info: Info, _abstract: object) -> str:
    """Name the schema's type of a row."""
    return str(value["__typename"]) if isinstance(value, Mapping) else type(value).__name__
