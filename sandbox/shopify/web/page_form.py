"""How the API writes a page of a list, for faults inside pages: the first connection among the root fields."""

import copy
import json
from collections.abc import Mapping, MutableMapping
from typing import Any

from sandbox.common.json_types import JsonValue
from sandbox.common.pages import Rows


class GraphqlPages:
    """Connections, by ``nodes`` or by ``edges``."""

    def rows(self, body: JsonValue) -> Rows | None:
        """Give the rows of the first connection; an answer without one is no page."""
        found = _connection(body)
        if found is None:
            return None
        return list(found["nodes"]) if "nodes" in found else [edge.get("node") for edge in found["edges"]]

    def with_rows(self, body: JsonValue, rows: Rows) -> JsonValue:
        """Give other rows; ``pageInfo`` stays as it was."""
        changed = copy.deepcopy(body)
        found = _connection(changed)
        if found is not None and "nodes" in found:
            found["nodes"] = list(rows)
        elif found is not None:
            found["edges"] = [{"node": row} for row in rows]
        return changed

    def ended(self, body: JsonValue, _headers: MutableMapping[str, str], _query: Mapping[str, str]) -> JsonValue:
        """Say that no page follows."""
        changed = copy.deepcopy(body)
        found = _connection(changed)
        if found is not None and isinstance(found.get("pageInfo"), dict):
            found["pageInfo"]["hasNextPage"] = False
        return changed

    def encode(self, body: JsonValue) -> bytes:
        """Write the page as the API does."""
        return json.dumps(body).encode()


def _connection(body: JsonValue) -> dict[str, Any] | None:
    data = body.get("data") if isinstance(body, Mapping) else None
    for value in (data or {}).values() if isinstance(data, Mapping) else ():
        if isinstance(value, dict) and ("nodes" in value or "edges" in value):
            return value
    return None
