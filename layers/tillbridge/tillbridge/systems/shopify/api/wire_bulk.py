"""What Shopify says of bulk operations, checked before anything is believed (facts/shopify.md, section 9)."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tillbridge.domain.errors import Subject
from tillbridge.systems.http import Json
from tillbridge.systems.shopify.api.client import Payload
from tillbridge.systems.shopify.api.wire import Id, Row, Text

ENDED = frozenset({"COMPLETED", "FAILED", "CANCELED", "EXPIRED"})
CANCELING = "CANCELING"


class ParameterRow(Row):
    """A field that an upload's form has to repeat."""

    name: str
    value: str


class TargetRow(Row):
    """Where a file may be put, and with what."""

    url: str
    parameters: tuple[ParameterRow, ...]

    @property
    def path(self) -> str:
        """The name by which an operation is told of the file."""
        return next((one.value for one in self.parameters if one.name == "key"), "")


class OperationRow(Row):
    """A bulk operation, which has done so many lines.

    What it answered is at ``url`` or, of one that failed, in parts at ``partial_data_url``.
    """

    id: Id
    status: str
    query: Text = ""
    root_object_count: int = 0
    url: Text = ""
    partial_data_url: Text = ""

    @property
    def ended(self) -> bool:
        """Tell whether it does nothing more."""
        return self.status in ENDED


Lines = Mapping[int, Mapping[str, Json]]
"""Number of a line, from 0 -> what was answered to it."""


def lines_of(body: bytes) -> Lines:
    """Read a result; what is no line of one is left out, and counts as never told."""
    return {number: line for number, line in map(_line, body.splitlines()) if number is not None}


def _line(text: bytes) -> tuple[int | None, Mapping[str, Json]]:
    try:
        said = json.loads(text, parse_float=Decimal)
    except ValueError:
        return None, {}
    number = said.get("__lineNumber") if isinstance(said, dict) else None
    return (number, said) if isinstance(number, int) else (None, {})


def payload_of(line: Mapping[str, Json] | None, field: str, subject: Subject) -> Payload | None:
    """Read what a mutation answered to one line; ``None`` when it says nothing that tells what was done."""
    data = line.get("data") if line else None
    said = data.get(field) if isinstance(data, dict) else None
    return Payload.of({name: _plain(part) for name, part in _parts(said)}, subject, field) if said else None


def _parts(said: Json) -> Iterator[tuple[str, Json]]:
    return iter(said.items() if isinstance(said, dict) else ())


def _plain(part: Json) -> Json:
    """Give a part with the nodes of its lists, which come inside edges here."""
    if not isinstance(part, dict):
        return part
    return {name: {"nodes": _nodes(value)} if _is_list(value) else value for name, value in part.items()}


def _is_list(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("edges"), list)


def _nodes(value: Json) -> list[Json]:
    edges = value.get("edges") if isinstance(value, dict) else None
    return [edge.get("node") if isinstance(edge, dict) else None for edge in (edges if isinstance(edges, list) else ())]
