"""One operation of a document: read, validated, its variables taken, and run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    execute,
    get_directive_values,
    parse,
    validate,
)
from graphql.execution.values import VariableValues, get_variable_values

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.cost import Pricing
from sandbox.shopify.web.errors import TopLevelError
from sandbox.shopify.web.resolving import resolve_field, type_of
from sandbox.shopify.web.schema import admin_schema

_LIST_CAP = 250
_OTHER_CAPS: Mapping[str, int] = {"variants": 2048, "fulfillmentOrderLineItems": 512, "positions": 2048}
"""Lists that may be longer (facts/shopify.md, sections 5, 7 and 8)."""
_DIRECTIVE = "idempotent"


class DocumentErrors(Exception):  # noqa: N818 - several errors at once
    """The document or its variables are no good; nothing ran."""

    def __init__(self, errors: Sequence[JsonObject]) -> None:
        super().__init__()
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Operation:
    """A validated operation with its variables."""

    document: DocumentNode
    definition: OperationDefinitionNode
    pricing: Pricing
    variables: Mapping[str, Any]
    """As sent; the executor takes them itself."""
    taken: VariableValues
    """The same with their defaults, read as the schema's types."""

    @property
    def name(self) -> str:
        """The root fields, which tell more than the client's own name of the operation."""
        fields = (node for node in self.definition.selection_set.selections if isinstance(node, FieldNode))
        return f"{self.definition.operation.value} {','.join(node.name.value for node in fields)}"

    @property
    def is_mutation(self) -> bool:
        return self.definition.operation.value == "mutation"


def prepare(text: str, variables: Mapping[str, Any], operation_name: str | None = None) -> Operation:
    """Read and check a document; raises DocumentErrors or TopLevelError, before anything is paid for."""
    document = _validated(text)
    definition = _chosen(document, operation_name)
    taken = _variables(definition, variables)
    _check_caps("", variables)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    pricing = Pricing(admin_schema(), definition, fragments, taken.coerced)
    return Operation(document, definition, pricing, variables, taken)


def read_definition(text: str) -> OperationDefinitionNode:
    """Read and validate a document without variables; raises DocumentErrors or TopLevelError."""
    return _chosen(_validated(text), None)


@lru_cache(maxsize=256)  # clients send the same few texts again and again
def _validated(text: str) -> DocumentNode:
    try:
        document = parse(text)
    except GraphQLError as error:
        raise DocumentErrors([formatted(error)]) from None
    problems = validate(admin_schema(), document)
    if problems:
        raise DocumentErrors([formatted(problem) for problem in problems])
    return document


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fitting = [node for node in operations if name is None or (node.name is not None and node.name.value == name)]
    if len(fitting) != 1:
        message = f'No operation named "{name}"' if name else "An operation name is required"
        raise TopLevelError(message, "BAD_REQUEST")
    return fitting[0]


def _variables(definition: OperationDefinitionNode, variables: Mapping[str, Any]) -> VariableValues:
    taken = get_variable_values(admin_schema(), definition.variable_definitions or (), dict(variables))
    if isinstance(taken, list):
        raise DocumentErrors([_invalid_variable(error, variables) for error in taken])
    return taken


def _invalid_variable(error: GraphQLError, variables: Mapping[str, Any]) -> JsonObject:
    name = next((name for name in variables if f"${name}" in error.message), "")
    problem: JsonObject = {"path": [], "explanation": error.message}
    return {
        "message": error.message,
        "locations": _places(error),
        "extensions": {"code": "INVALID_VARIABLE", "value": variables.get(name), "problems": [problem]},
    }


def _check_caps(name: str, value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _check_caps(key, inner)
    elif isinstance(value, list):
        cap = _OTHER_CAPS.get(name, _LIST_CAP)
        if len(value) > cap:
            message = f"The input array size of {len(value)} is greater than the maximum allowed of {cap}."
            raise TopLevelError(message, "MAX_INPUT_SIZE_EXCEEDED")
        for row in value:
            _check_caps("", row)


def keys_of(operation: Operation) -> dict[str, str]:
    """Read the ``@idempotent`` keys, by the response name of their field."""
    directive = admin_schema().get_directive(_DIRECTIVE)
    keys: dict[str, str] = {}
    for node in operation.definition.selection_set.selections:
        if isinstance(node, FieldNode) and directive is not None:
            given = get_directive_values(directive, node, operation.taken)
            if given is not None:
                keys[node.alias.value if node.alias else node.name.value] = str(given["key"])
    return keys


def run(operation: Operation, context: Context) -> JsonObject:
    """Run the operation; gives ``data`` and ``errors``."""
    result = execute(
        admin_schema(),
        operation.document,
        root_value=context,
        context_value=context,
        variable_values=dict(operation.variables),
        operation_name=operation.definition.name.value if operation.definition.name else None,
        field_resolver=resolve_field,
        type_resolver=type_of,
    )
    if not isinstance(result, ExecutionResult):
        raise TypeError("the resolvers of the stand-in are all synchronous")
    for error in result.errors or ():
        _raise_own_faults(error)
    answer: JsonObject = {"data": result.data}
    if result.errors:
        answer["errors"] = [formatted(error) for error in result.errors]
        if _refused_outright(operation, result):
            del answer["data"]
    return answer


def _refused_outright(operation: Operation, result: ExecutionResult) -> bool:
    """Tell whether an argument error of a mutation leaves no data at all."""
    codes = {str((error.extensions or {}).get("code")) for error in result.errors or ()}
    return operation.is_mutation and bool(codes & {"BAD_REQUEST", "INVALID_FIELD_ARGUMENTS"})


def _raise_own_faults(error: GraphQLError) -> None:
    """Let a fault of the stand-in itself be seen, instead of looking like one of Shopify's errors."""
    original = error.original_error
    if original is not None and not isinstance(original, GraphQLError):
        raise original


def _places(error: GraphQLError) -> list[JsonValue]:
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]


def formatted(error: GraphQLError) -> JsonObject:
    told: JsonObject = {"message": error.message}
    if error.locations:
        told["locations"] = _places(error)
    if error.path:
        told["path"] = list(error.path)
    if error.extensions:
        told["extensions"] = dict(error.extensions)
    return told
