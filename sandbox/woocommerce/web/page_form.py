"""How the shop writes a page of a list, for faults inside pages (facts/woocommerce.md, "Lists")."""

import json
from collections.abc import Mapping, MutableMapping

from sandbox.common.json_types import JsonValue
from sandbox.common.pages import Rows

_USUAL_SIZE = 10
_TOTAL, _PAGES, _LINK = "X-WP-Total", "X-WP-TotalPages", "Link"


class WooCommercePages:
    """A bare list, with its totals and links in headers."""

    def rows(self, body: JsonValue) -> Rows | None:
        """Give the rows of a list; an object is no page."""
        return body if isinstance(body, list) else None

    def with_rows(self, _body: JsonValue, rows: Rows) -> JsonValue:
        """Give other rows; the headers keep the true totals."""
        return list(rows)

    def ended(self, body: JsonValue, headers: MutableMapping[str, str], query: Mapping[str, str]) -> JsonValue:
        """Bring totals and links down to what was shown so far."""
        number, size = int(query.get("page", "1")), int(query.get("per_page", _USUAL_SIZE))
        shown = len(body) if isinstance(body, list) else 0
        if _PAGES in headers:
            headers.update({_PAGES: str(number), _TOTAL: str((number - 1) * size + shown)})
        back = [link for link in headers.pop(_LINK, "").split(", ") if link.endswith('rel="prev"')]
        if back:
            headers[_LINK] = ", ".join(back)
        return body

    def encode(self, body: JsonValue) -> bytes:
        """Write the page as the shop does."""
        return json.dumps(body, separators=(",", ":")).encode()
