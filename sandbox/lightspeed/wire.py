"""How the API writes its answers: strings only, slashes escaped, one row as an object, XML unless JSON is asked for."""

import json
from collections.abc import Mapping, Sequence

# only written with, never read
from xml.etree import ElementTree as ET  # nosec B405

from sandbox.common.json_types import JsonValue

Json = str | Sequence["Json"] | Mapping[str, "Json"]
JSON_TYPE, XML_TYPE, ERROR_TYPE = "application/json", "application/xml", "text/html; charset=UTF-8"


def encode(body: JsonValue) -> bytes:
    """Write JSON as PHP does: no blanks, slashes and all but ASCII escaped (facts/lightspeed.md, "JSON quirks")."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def encode_xml(name: str, body: Json) -> bytes:
    """Write the same answer as XML, which is what a client gets that asks for nothing."""
    content: bytes = ET.tostring(_element(name, body), encoding="utf-8", xml_declaration=True)
    return content


def one_or_many(rows: Sequence[Json]) -> Json:
    """Show one row as an object and several as a list."""
    return rows[0] if len(rows) == 1 else rows


def to_many(name: str, rows: Sequence[Json], owner_id: int) -> Json | None:
    """Show a relation. Without rows it is an empty string for every third owner, and None (no key) for the others.

    Which of the two the real API chooses in which case is not known, so clients must take both.
    """
    if rows:
        return {name: one_or_many(rows)}
    return "" if owner_id % 3 == 0 else None


def rows_of(relation: Json | None) -> list[Mapping[str, Json]]:
    """List a relation's rows again, whichever form it was shown in."""
    if not isinstance(relation, Mapping):
        return []
    inner = next(iter(relation.values())) if len(relation) == 1 else relation
    if isinstance(inner, Mapping):
        return [inner]
    return [relation] if isinstance(inner, str) else [row for row in inner if isinstance(row, Mapping)]


def error_body(status: int, reason: str, message: str, error_class: str = "Exception") -> dict[str, Json]:
    """Build the body of an error; it is JSON although it is sent as HTML."""
    return {"httpCode": str(status), "httpMessage": reason, "message": message, "errorClass": error_class}


def _element(name: str, body: Json) -> ET.Element:
    element = ET.Element(name)
    if isinstance(body, str):
        element.text = body
        return element
    entries = body.items() if isinstance(body, Mapping) else (("row", row) for row in body)
    for key, value in entries:
        if key == "@attributes" and isinstance(value, Mapping):
            element.attrib.update({field: str(text) for field, text in value.items()})
        elif isinstance(value, Sequence) and not isinstance(value, str):
            element.extend(_element(key, row) for row in value)
        else:
            element.append(_element(key, value))
    return element
