"""The price of a request in drips, from its contents alone (facts/lightspeed.md, A2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from sandbox.lightspeed.api.filters import RANGE_OPERATORS, Condition
from sandbox.lightspeed.api.query import Query
from sandbox.lightspeed.api.resource import Resource

R = TypeVar("R")
OLD_READ, OLD_WRITE = 1.0, 10.0
_BASE, _COUNT = 1.0, 10.0
_TO_ONE, _TO_MANY = 0.1, 0.2
_NESTED_ENTITY = 0.5
_SALE, _SALE_COMPLETED, _CATEGORY = 2.0, 3.0, 10.0
_OTHER_ENTITY = 10.0
_ACTS = {"refund": 10.0}


def read_cost(resource: Resource[R], relations: Sequence[str], query: Query | None) -> float:
    """Price a GET: of a list when there is a query, of one record otherwise."""
    if query is not None and query.count:
        return _COUNT
    loaded = relations_cost(resource, relations, many=query is not None)
    return round(_BASE + loaded + (_or_cost(resource, query.alternatives) if query else 0), 4)


def relations_cost(resource: Resource[R], relations: Sequence[str], *, many: bool = False) -> float:
    """Price the relations that are loaded."""
    return sum(_relation_cost(resource, name, many=many) for name in relations)


def act_cost(act: str, body: Mapping[str, object]) -> float:
    """Price what is done to a record beside the usual writes, such as a refund."""
    return _ACTS.get(act, _BASE) + _NESTED_ENTITY * _entities(body)


def write_cost(resource_name: str, method: str, body: Mapping[str, object]) -> float:
    """Price a POST, PUT or DELETE."""
    base = _BASE
    if resource_name == "Category" and method != "DELETE":
        base = _CATEGORY
    if resource_name in {"Sale", "SaleLine"}:
        base = _SALE
    if resource_name == "Sale" and str(body.get("completed", "")).lower() == "true":
        base += _SALE_COMPLETED
    return base + _NESTED_ENTITY * _entities(body)


def old_cost(method: str) -> float:
    """Price a request before 2026-03-17."""
    return OLD_READ if method == "GET" else OLD_WRITE


def _relation_cost(resource: Resource[R], name: str, *, many: bool) -> float:
    """To-one 0.1, to-many 0.2; doubled when several may be loaded: for lists and inside to-many relations."""
    parent, _, inner = name.partition(".")
    relation = resource.relations[parent]
    to_many = relation.nested[inner] if inner else relation.many
    doubled = many or (bool(inner) and relation.many)
    return (_TO_MANY if to_many else _TO_ONE) * (2 if doubled else 1)


def _or_cost(resource: Resource[R], alternatives: Sequence[Condition]) -> float:
    if len({condition.field for condition in alternatives}) <= 1:
        return 0
    entities = Counter(_entity(resource, condition.field) for condition in alternatives)
    ranges = sum(1 for condition in alternatives if condition.operator in RANGE_OPERATORS)
    if len(entities) == 1 and ranges <= 1:
        return float(len(alternatives))
    return sum(_OTHER_ENTITY + operands - 1 for operands in entities.values())


def _entity(resource: Resource[R], field: str) -> str:
    parent, dot, _ = field.partition(".")
    return parent if dot else resource.name


def _entities(body: Mapping[str, object]) -> int:
    """Count the records nested in a body: ``{"SaleLines": {"SaleLine": [..2..]}}`` has two."""
    return sum(_records(value) for value in body.values())


def _records(value: object) -> int:
    """Count a record and those inside it; what holds nothing but others, like ``SaleLines``, is only a wrapper."""
    if isinstance(value, list):
        return sum(_records(entry) for entry in value)
    if not isinstance(value, Mapping):
        return 0
    own = any(not isinstance(inner, Mapping | list) for inner in value.values())
    return own + _entities(value)
