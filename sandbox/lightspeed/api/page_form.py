"""How the API writes a page of a list, for faults inside pages (facts/lightspeed.md, "Paging", "JSON quirks")."""

from collections.abc import Mapping, MutableMapping

from sandbox.common.json_types import JsonValue
from sandbox.common.pages import Rows
from sandbox.lightspeed.wire import encode

_ATTRIBUTES, _NEXT = "@attributes", "next"


class LightspeedPages:
    """``{"@attributes": {"next": ...}, "Item": [...]}``, where one row is an object and none has no key at all."""

    def rows(self, body: JsonValue) -> Rows | None:
        """Give the rows of a list; a count, a single record or an error is no page."""
        if not isinstance(body, Mapping) or _NEXT not in _attributes(body):
            return None
        found = next((value for name, value in body.items() if name != _ATTRIBUTES), [])
        return found if isinstance(found, list) else [found]

    def with_rows(self, body: JsonValue, rows: Rows) -> JsonValue:
        """Give the page with other rows."""
        if not isinstance(body, Mapping):
            return body
        names = [name for name in body if name != _ATTRIBUTES] if rows else []
        shown: JsonValue = rows[0] if len(rows) == 1 else rows
        return {_ATTRIBUTES: body[_ATTRIBUTES], **dict.fromkeys(names, shown)}

    def ended(self, body: JsonValue, _headers: MutableMapping[str, str], _query: Mapping[str, str]) -> JsonValue:
        """Give the page without the address of a next one."""
        if not isinstance(body, Mapping):
            return body
        return {**body, _ATTRIBUTES: {**_attributes(body), _NEXT: ""}}

    def encode(self, body: JsonValue) -> bytes:
        """Write the page as the API does."""
        return encode(body)


def _attributes(body: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    found = body.get(_ATTRIBUTES)
    return found if isinstance(found, Mapping) else {}
