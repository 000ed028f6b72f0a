"""Read and write the few kinds of attribute that our rows are made of."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Value: TypeAlias = AttributeValueTypeDef
    Row: TypeAlias = Mapping[str, AttributeValueTypeDef]
    Values: TypeAlias = dict[str, AttributeValueTypeDef]


def of_text(value: str) -> "AttributeValueTypeDef":
    """Write a text."""
    return {"S": value}


def of_number(value: int) -> "AttributeValueTypeDef":
    """Write a whole number."""
    return {"N": str(value)}


def of_moment(value: datetime) -> "AttributeValueTypeDef":
    """Write a time in UTC; texts sort as the times do."""
    return {"S": value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")}


def of_moments(values: Iterable[datetime]) -> "AttributeValueTypeDef":
    """Write a list of times."""
    return {"L": [of_moment(value) for value in values]}


def of_texts(values: Mapping[str, str]) -> "AttributeValueTypeDef":
    """Write a map of texts."""
    return {"M": {name: of_text(value) for name, value in values.items()}}


def text(row: "Row", name: str) -> str:
    """Read a text, "" when it is not there."""
    return row[name].get("S", "") if name in row else ""


def number(row: "Row", name: str) -> int:
    """Read a whole number, 0 when it is not there."""
    return int(row[name].get("N", "0")) if name in row else 0


def moment(row: "Row", name: str) -> datetime | None:
    """Read a time, ``None`` when it is not there."""
    written = text(row, name)
    return _moment(written) if written else None


def known_moment(row: "Row", name: str) -> datetime:
    """Read a time that every such row has."""
    return _moment(text(row, name))


def moments(row: "Row", name: str) -> tuple[datetime, ...]:
    """Read a list of times."""
    return tuple(_moment(entry["S"]) for entry in row[name]["L"]) if name in row else ()


def texts(row: "Row", name: str) -> dict[str, str]:
    """Read a map of texts."""
    return {key: entry["S"] for key, entry in row[name]["M"].items()} if name in row else {}


def condition_failed(error: ClientError) -> bool:
    """Tell whether a write was refused because the row is not as it was thought to be."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)
