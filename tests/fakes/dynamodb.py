"""The table of the template, made in whatever plays DynamoDB, and a count of what is asked of it."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads the template without understanding CloudFormation's functions."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: f"{suffix} {node.value}")


@cache
def resources() -> dict[str, Any]:
    """Read the template's resources as they are written, loops unrolled nowhere."""
    found: dict[str, Any] = yaml.load(TEMPLATE.read_text(), _Loader)["Resources"]  # noqa: S506  a safe loader
    return found


@cache
def unrolled() -> dict[str, Any]:
    """Read the template's resources with the names that its loops make; what a loop's resources hold is as written."""
    found: dict[str, Any] = {}
    for name, resource in resources().items():
        if name.startswith("Fn::ForEach::"):
            variable, values, made = resource
            found |= {key.replace(f"${{{variable}}}", one): what for one in values for key, what in made.items()}
        else:
            found[name] = resource
    return found


@cache
def table_definition() -> dict[str, Any]:
    """Give the keys and indexes of the one table, as the template has them: no second description exists."""
    properties = resources()["Table"]["Properties"]
    return {
        name: properties[name]
        for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    }


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Make the table."""
    client.create_table(TableName=name, **table_definition())


class Calls:
    """Counts the requests of a client, by name of the operation."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.counts: Counter[str] = Counter()
        self._events = client.meta.events
        self._events.register("provide-client-params.dynamodb.*", self._count)

    def stop(self) -> None:
        """Count no more."""
        self._events.unregister("provide-client-params.dynamodb.*", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.counts[model.name] += 1

    def take(self) -> dict[str, int]:
        """Give the counts and begin anew."""
        counts = dict(self.counts)
        self.counts.clear()
        return counts
