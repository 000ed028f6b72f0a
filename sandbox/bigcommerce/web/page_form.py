"""How the store writes a page of a list, for faults inside pages (facts/bigcommerce.md, "Paging, filters")."""

import json
from collections.abc import Mapping, MutableMapping

from sandbox.common.json_types import JsonValue
from sandbox.common.pages import Rows


class BigCommercePages:
    """v3: rows under ``data`` with ``meta.pagination``; v2: a bare list, which says nothing of its end."""

    def rows(self, body: JsonValue) -> Rows | None:
        """Give the rows of a list; a single thing is no page."""
        rows = body.get("data") if isinstance(body, dict) else body
        return rows if isinstance(rows, list) else None

    def with_rows(self, body: JsonValue, rows: Rows) -> JsonValue:
        """Give other rows; the totals stay true."""
        return {**body, "data": list(rows)} if isinstance(body, dict) else list(rows)

    def ended(self, body: JsonValue, _headers: MutableMapping[str, str], _query: Mapping[str, str]) -> JsonValue:
        """Bring the totals down to what was shown so far, and take the link to the next page away."""
        meta = body.get("meta") if isinstance(body, dict) else None
        pagination = meta.get("pagination") if isinstance(meta, dict) else None
        if not isinstance(body, dict) or not isinstance(meta, dict) or not isinstance(pagination, dict):
            return body
        number, size, shown = (int(pagination[name]) for name in ("current_page", "per_page", "count"))
        links = {name: link for name, link in dict(pagination["links"]).items() if name != "next"}
        ended = {**pagination, "total": (number - 1) * size + shown, "total_pages": number, "links": links}
        return {**body, "meta": {**meta, "pagination": ended}}

    def encode(self, body: JsonValue) -> bytes:
        """Write the page as the store does."""
        return json.dumps(body, separators=(",", ":")).encode()
