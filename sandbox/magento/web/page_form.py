"""How the shop writes the pages of its lists."""

import json
from collections.abc import Mapping, MutableMapping

from sandbox.common.json_types import JsonValue
from sandbox.common.pages import Rows


class MagentoPages:
    """The pages of lists by ``searchCriteria``: rows in ``items`` beside their count."""

    def rows(self, body: JsonValue) -> Rows | None:
        """Give the rows of a page; None for an answer that is no page."""
        items = body.get("items") if isinstance(body, Mapping) and "total_count" in body else None
        return items if isinstance(items, list) else None

    def with_rows(self, body: JsonValue, rows: Rows) -> JsonValue:
        """Give the page with other rows and the count as it was."""
        return {**body, "items": rows} if isinstance(body, Mapping) else body

    def ended(self, body: JsonValue, _headers: MutableMapping[str, str], query: Mapping[str, str]) -> JsonValue:
        """Give the page as the last of its list, by a count that ends with it."""
        rows = self.rows(body)
        if not isinstance(body, Mapping) or rows is None:
            return body
        page = int(query.get("searchCriteria[currentPage]", "1"))
        before = (page - 1) * int(query.get("searchCriteria[pageSize]", "0"))
        return {**body, "total_count": before + len(rows)}

    def encode(self, body: JsonValue) -> bytes:
        """Write the page as the shop does."""
        return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
