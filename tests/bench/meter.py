"""Counts what AWS would charge for: the units of each request to the table, and the requests to queues and vault.

The sizes are those of the requests and answers themselves (DynamoDB developer guide, "Item sizes and formats"): a
write unit per begun KB, a read unit per begun 4 KB of a consistent read, twice as many within a transaction. A row
that stands in an index is written there too.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from tillbridge.runtime import aws

WRITE_KB, READ_KB = 1024, 4096
INDEXES = ("gsi1pk", "gsi2pk")


@dataclass
class Meter:
    """Units and requests so far."""

    read_units: float = 0
    write_units: float = 0
    requests: Counter[str] = field(default_factory=Counter)  # by service

    @property
    def of_table(self) -> int:
        """Requests to the table."""
        return self.requests["dynamodb"]

    def ask(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        """Hear of a request before it is sent."""
        context["asked"] = params
        self.requests[model.service_model.service_name] += 1

    def answered(self, parsed: Mapping[str, Any], model: Any, context: Mapping[str, Any], **_: object) -> None:
        """Hear of the answer."""
        if model.service_model.service_name == "dynamodb":
            _CHARGES.get(model.name, _nothing)(self, context["asked"], parsed)

    def write(self, item: Mapping[str, Any], times: int = 1) -> None:
        """Charge for a row that is written, in the table and in its indexes."""
        places = 1 + sum(name in item for name in INDEXES)
        self.write_units += times * places * max(1, ceil(size_of(item) / WRITE_KB))

    def read(self, size: float, share: float = 1) -> None:
        """Charge for bytes that are read; ``share`` is a half when they need not be the newest."""
        self.read_units += share * max(1, ceil(size / READ_KB))


def size_of(item: Mapping[str, Any]) -> int:
    """Tell the bytes of a row, names included."""
    return sum(len(name) + len(_plain(value)) for name, value in item.items())


def _plain(value: Mapping[str, Any]) -> bytes:
    (content,) = value.values()
    if isinstance(content, bytes):
        return content
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else json.dumps(content).encode()


def _nothing(_meter: Meter, _asked: Mapping[str, Any], _parsed: Mapping[str, Any]) -> None:
    return


def _get(meter: Meter, _asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
    meter.read(size_of(parsed.get("Item", {})))


def _batch_get(meter: Meter, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
    for table, wanted in asked["RequestItems"].items():
        found = parsed.get("Responses", {}).get(table, [])
        for item in found:
            meter.read(size_of(item))
        meter.read_units += len(wanted["Keys"]) - len(found)


def _query(meter: Meter, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
    meter.read(sum(map(size_of, parsed.get("Items", []))), 0.5 if "IndexName" in asked else 1)


def _put(meter: Meter, asked: Mapping[str, Any], _parsed: Mapping[str, Any]) -> None:
    meter.write(asked["Item"])


def _key_only(meter: Meter, asked: Mapping[str, Any], _parsed: Mapping[str, Any]) -> None:
    meter.write(asked["Key"])


def _batch_write(meter: Meter, asked: Mapping[str, Any], _parsed: Mapping[str, Any]) -> None:
    for request in (one for requests in asked["RequestItems"].values() for one in requests):
        meter.write(request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"])


def _transact(meter: Meter, asked: Mapping[str, Any], _parsed: Mapping[str, Any]) -> None:
    for step in asked["TransactItems"]:
        (what,) = step.values()
        meter.write(what.get("Item") or what["Key"], times=2)


_CHARGES = {
    "GetItem": _get,
    "BatchGetItem": _batch_get,
    "Query": _query,
    "PutItem": _put,
    "UpdateItem": _key_only,
    "DeleteItem": _key_only,
    "BatchWriteItem": _batch_write,
    "TransactWriteItems": _transact,
}


@contextmanager
def metering() -> Iterator[Meter]:
    """Meter the functions' own clients inside the block."""
    meter = Meter()
    clients: Sequence[Any] = (aws.dynamodb(), aws.sqs(), aws.secrets())
    for client in clients:
        client.meta.events.register("provide-client-params.*.*", meter.ask)
        client.meta.events.register("after-call.*.*", meter.answered)
    try:
        yield meter
    finally:
        for client in clients:
            client.meta.events.unregister("provide-client-params.*.*", meter.ask)
            client.meta.events.unregister("after-call.*.*", meter.answered)
