"""Holds the schema that the Shopify stand-in serves against the Admin API's own."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_composite_type,
    is_specified_scalar_type,
    print_ast,
)

from sandbox.shopify.web.schema import admin_schema
from sandbox.shopify.web.scopes import FIELD_SCOPES, TYPE_SCOPES

SERVED = sorted(name for name, kind in admin_schema().type_map.items() if not name.startswith("__"))


def argument(arg: Any) -> tuple[Any, ...]:
    default = arg.default.literal if getattr(arg, "default", None) is not None else None
    return str(arg.type), None if default is None else print_ast(default), arg.deprecation_reason is not None


def members(kind: GraphQLNamedType) -> Mapping[str, Any]:
    """Write what decides about requests and answers, by name of field, input or value."""
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return {
            name: (
                str(field.type),
                field.deprecation_reason is not None,
                {key: argument(arg) for key, arg in field.args.items()},
            )
            for name, field in kind.fields.items()
        }
    if isinstance(kind, GraphQLInputObjectType):
        return {name: argument(field) for name, field in kind.fields.items()}
    if isinstance(kind, GraphQLEnumType):
        return {name: value.deprecation_reason is not None for name, value in kind.values.items()}
    return {}


def above(kind: GraphQLNamedType) -> set[str]:
    """Name the interfaces of a type, or the members of a union."""
    if isinstance(kind, GraphQLUnionType):
        return {member.name for member in kind.types}
    return {entry.name for entry in getattr(kind, "interfaces", ())}


def test_every_type_is_a_part_of_the_real_one(shopify_admin: GraphQLSchema) -> None:
    different: dict[str, Any] = {}
    for name in SERVED:
        ours, theirs = admin_schema().type_map[name], shopify_admin.type_map[name]
        assert type(ours) is type(theirs), name
        assert above(ours) <= above(theirs), name
        real = members(theirs)
        different |= {
            f"{name}.{key}": (told, real.get(key))
            for key, told in members(ours).items()
            if not part(told, real.get(key))
        }
    assert different == {}


def part(ours: Any, theirs: Any) -> bool:
    """Tell whether a member is the real one; a field may have fewer arguments."""
    if isinstance(ours, tuple) and isinstance(ours[-1], dict):
        return theirs is not None and ours[:-1] == theirs[:-1] and ours[-1].items() <= theirs[-1].items()
    return bool(ours == theirs)


def test_nothing_that_has_to_be_sent_is_left_out(shopify_admin: GraphQLSchema) -> None:
    missing: list[str] = []
    for name in SERVED:
        ours, theirs = admin_schema().type_map[name], shopify_admin.type_map[name]
        if isinstance(ours, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
            missing += [
                f"{name}.{key}" for key, one in theirs.fields.items() if required(one) and key not in ours.fields
            ]
            assert ours.is_one_of == theirs.is_one_of, name
        elif isinstance(ours, GraphQLObjectType) and isinstance(theirs, GraphQLObjectType):
            for key, field in ours.fields.items():
                args = theirs.fields[key].args
                missing += [
                    f"{name}.{key}({arg})" for arg, one in args.items() if required(one) and arg not in field.args
                ]
        elif isinstance(ours, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
            missing += [f"{name}.{value}" for value in theirs.values if value not in ours.values]
    assert missing == []


def required(field: Any) -> bool:
    return str(field.type).endswith("!") and getattr(field, "default", None) is None


def test_the_directive_is_the_real_one(shopify_admin: GraphQLSchema) -> None:
    ours, theirs = admin_schema().get_directive("idempotent"), shopify_admin.get_directive("idempotent")
    assert ours is not None
    assert theirs is not None
    assert ours.locations == theirs.locations
    assert {name: argument(arg) for name, arg in ours.args.items()} == {
        name: argument(arg) for name, arg in theirs.args.items()
    }


def test_only_the_api_scalars_are_used() -> None:
    scalars = {kind.name for kind in admin_schema().type_map.values() if not is_composite_type(kind)}
    assert {"Money", "Decimal", "DateTime", "UnsignedInt64"} <= scalars
    assert is_specified_scalar_type(admin_schema().type_map["ID"])


def test_scopes_are_those_that_the_schema_tells_of(shopify_introspection: Any) -> None:
    kinds = {kind["name"]: kind for kind in shopify_introspection["__schema"]["types"]}
    for (parent, field), scopes in FIELD_SCOPES.items():
        [told] = [entry["requiredAccess"] for entry in kinds[parent]["fields"] if entry["name"] == field]
        assert told is not None, field
        assert any(f"`{scope}`" in told or f"`{scope.partition('_')[2]}`" in told for scope in scopes), (field, told)
    for name, scopes in TYPE_SCOPES.items():
        told = kinds[name].get("requiredAccess")
        assert told is None or any(f"`{scope}`" in told for scope in scopes), (name, told)
