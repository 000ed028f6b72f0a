"""What is asked of the table: conditions, changes, and the steps of a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tillbridge.store.keys import Key, part
from tillbridge.store.wire import Row, key_of, key_to_wire, row_to_wire, to_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


@dataclass(frozen=True, slots=True)
class Condition:
    """A DynamoDB expression with the names (``#n``) and values (``:v``) that stand in it."""

    expression: str
    values: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


ABSENT = Condition("attribute_not_exists(pk)")
PRESENT = Condition("attribute_exists(pk)")


@dataclass(frozen=True, slots=True)
class Put:
    """Write a row, if the condition holds."""

    row: Row
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a row, if the condition holds."""

    key: Key
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Go on only if the condition holds."""

    key: Key
    when: Condition


@dataclass(frozen=True, slots=True)
class Change:
    """Change attributes of a row; ``how`` is an update expression."""

    key: Key
    how: Condition


Step = Put | Delete | Check | Change


def starts_with(text: str) -> Condition:
    """Narrow a query to sort keys that begin with a text."""
    return Condition("begins_with(sk, :start)", {":start": text})


def behind(text: str) -> Condition | None:
    """Narrow a query to the sort keys of one part that come after a text's; "" narrows nothing."""
    return Condition("sk > :after", {":after": part(text)}) if text else None


def between(first: Key, last: Key) -> Condition:
    """Narrow a query to the sort keys from one to another, both included."""
    return Condition("sk BETWEEN :first AND :last", {":first": first.sk, ":last": last.sk})


def parameters(kind: str, expression: Condition | None, key: Key) -> dict[str, Any]:
    """Write an expression as the parameters of a request; ``kind`` is the name of its own parameter."""
    if expression is None:
        return {}
    request: dict[str, Any] = {kind: expression.expression}
    if expression.values:
        request["ExpressionAttributeValues"] = to_wire(expression.values, key)
    if expression.names:
        request["ExpressionAttributeNames"] = dict(expression.names)
    return request


def step_to_wire(step: Step, table: str) -> "TransactWriteItemTypeDef":
    """Write one step of a transaction."""
    match step:
        case Put(row, when):
            more = parameters("ConditionExpression", when, key_of(row))
            return {"Put": {"TableName": table, "Item": row_to_wire(row), **more}}  # type: ignore[typeddict-item]
        case Delete(key, when):
            more = parameters("ConditionExpression", when, key)
            return {"Delete": {"TableName": table, "Key": key_to_wire(key), **more}}  # type: ignore[typeddict-item]
        case Check(key, when):
            more = parameters("ConditionExpression", when, key)
            return {"ConditionCheck": {"TableName": table, "Key": key_to_wire(key), **more}}  # type: ignore[typeddict-item]
        case Change(key, how):
            more = parameters("UpdateExpression", how, key)
            return {"Update": {"TableName": table, "Key": key_to_wire(key), **more}}  # type: ignore[typeddict-item]
