"""What a document costs before and after it runs (facts/shopify.md, section 5).

Scalars are free, an object costs a point, a mutation ten; a connection grows with the logarithm of its size, and nested
ones multiply. Shopify publishes no formula: this one fits the recorded figures.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)

from sandbox.shopify.web.errors import TopLevelError

_MUTATION = 10
_FREE = frozenset({"userErrors", "pageInfo", "mediaUserErrors", "customerUserErrors"})
_FLAT_MUTATIONS = frozenset(
    {"bulkOperationRunQuery", "bulkOperationRunMutation", "publicationUpdate", "webhookSubscriptionCreate"}
)
"""Mutations recorded at the bare base, whatever is selected."""
_PER_INPUT = {"files": 1.9, "media": 1.9, "variants": 0.2, "metafields": 0.4}
_PAGE = 250
_PAGE_OF_ONE_PRODUCT = 2000
_ONE_PRODUCT = frozenset({"product", "productByIdentifier"})


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices one operation."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def requested(self) -> int:
        """Price the operation as asked; raises for pages that are too large or have no size."""
        return math.floor(self._root(None))

    def actual(self, data: Mapping[str, Any] | None) -> int:
        """Price the operation by what came back."""
        return math.floor(self._root(data or {}))

    def _root(self, data: Mapping[str, Any] | None) -> float:
        root = self.schema.get_root_type(self.operation.operation)
        total = 0.0
        for node, _ in self._fields(self.operation.selection_set, root):
            base = self._mutation(node) if self.operation.operation.value == "mutation" else 0
            if node.name.value in _FLAT_MUTATIONS:
                total += base
                continue
            value = _MISSING if data is None else data.get(_name(node))
            # a mutation's payload object is part of its base
            payload = 1 if base else 0
            total += base + max(0, self._field(node, root, value, node.name.value) - payload)
        return total

    def _mutation(self, node: FieldNode) -> float:
        extra = 0.0
        for argument in node.arguments or ():
            value = value_from_ast_untyped(argument.value, dict(self.variables))
            extra += _input_cost(argument.name.value, value)
        return _MUTATION + extra

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, value: object, root: str) -> float:
        declared = getattr(parent, "fields", {}).get(node.name.value)
        if declared is None or node.selection_set is None or node.name.value in _FREE or value is None:
            return 0
        returned = get_named_type(declared.type)
        if not is_composite_type(returned):
            return 0
        if returned.name.endswith("Connection"):
            return self._connection(node, returned, value, root)
        if isinstance(value, list):
            rows = [self._inside(node, returned, row, root) for row in value if row]
            return 1 + sum(rows) / len(rows) if rows else 0
        return 1 + self._inside(node, returned, value, root)

    def _inside(self, node: FieldNode, parent: GraphQLNamedType, value: object, root: str) -> float:
        return sum(
            self._field(child, owner, _of(value, child), root)
            for child, owner in self._fields(node.selection_set, parent)
        )

    def _connection(self, node: FieldNode, returned: GraphQLNamedType, value: object, root: str) -> float:
        size = self._page_size(node, root) if value is _MISSING else _count(value)
        if size == 0:
            return 0
        rows = _rows(value)
        per_row = [self._row(node, returned, row, root) for row in rows] or [self._row(node, returned, _MISSING, root)]
        return page_cost(size) * max(1.0, sum(per_row) / len(per_row))

    def _row(self, node: FieldNode, connection: GraphQLNamedType, row: object, root: str) -> float:
        """Price what is selected of one row, whether by ``nodes`` or by ``edges``."""
        total = 0.0
        for child, owner in self._fields(node.selection_set, connection):
            declared = getattr(owner, "fields", {}).get(child.name.value)
            if declared is None:
                continue
            kind = get_named_type(declared.type)
            if child.name.value == "nodes":
                total += self._inside(child, kind, row, root)
            elif child.name.value == "edges":
                for edge_child, edge in self._fields(child.selection_set, kind):
                    if edge_child.name.value == "node":
                        inner = get_named_type(getattr(edge, "fields", {})["node"].type)
                        total += self._inside(edge_child, inner, row, root)
        return total

    def _page_size(self, node: FieldNode, root: str) -> int:
        given = {
            entry.name.value: value_from_ast_untyped(entry.value, dict(self.variables))
            for entry in node.arguments or ()
        }
        name = node.name.value
        for argument in ("first", "last"):
            size = given.get(argument)
            if isinstance(size, int):
                largest = _PAGE_OF_ONE_PRODUCT if name == "variants" and root in _ONE_PRODUCT else _PAGE
                if size > largest:
                    message = f"{argument} cannot exceed {largest}"
                    raise TopLevelError(message, "INVALID_FIELD_ARGUMENTS", argumentName=argument)
                if size < 1:
                    raise TopLevelError(f"{argument} must be greater than 0", "INVALID_FIELD_ARGUMENTS")
                return size
        raise TopLevelError(f"you must provide one of first or last on {name}", "BAD_REQUEST")

    def _fields(
        self, selection: SelectionSetNode | None, parent: GraphQLNamedType | None
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType | None]]:
        for node in selection.selections if selection else ():
            if isinstance(node, FieldNode):
                yield node, parent
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self.schema.get_type(condition.name.value) if condition else parent
                yield from self._fields(node.selection_set, inner)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                yield from self._fields(
                    fragment.selection_set, self.schema.get_type(fragment.type_condition.name.value)
                )


_MISSING = object()


def page_cost(size: int) -> int:
    """Price a page of flat rows."""
    return math.floor(2 + 2 * math.log(size))


def _name(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _of(value: object, node: FieldNode) -> object:
    if value is _MISSING:
        return _MISSING
    return value.get(_name(node)) if isinstance(value, Mapping) else None


def _rows(value: object) -> list[object]:
    if not isinstance(value, Mapping):
        return []
    if isinstance(value.get("nodes"), list):
        return list(value["nodes"])
    return [edge.get("node") for edge in value.get("edges") or []]


def _count(value: object) -> int:
    return len(_rows(value))


def _input_cost(name: str, value: object) -> float:
    if isinstance(value, Mapping):
        return sum(_input_cost(key, inner) for key, inner in value.items())
    if isinstance(value, list):
        return _PER_INPUT.get(name, 0) * len(value) + sum(_input_cost("", row) for row in value)
    return 0
