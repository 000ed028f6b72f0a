"""Pages of lists: cursors hold the sort value and id of a row, so that they stay good while rows come and go."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError

_Row = TypeVar("_Row")
SortKey = tuple[str | int, int]


def cursor_of(key: SortKey) -> str:
    """Write the cursor of a row."""
    return base64.b64encode(json.dumps({"last_id": key[1], "last_value": key[0]}).encode()).decode()


def _read(cursor: str) -> SortKey:
    try:
        told = json.loads(base64.b64decode(cursor, validate=True))
        return told["last_value"], told["last_id"]
    except (ValueError, KeyError, TypeError):
        raise TopLevelError(f"Invalid cursor for current pagination sort: {cursor}", "BAD_REQUEST") from None


def connect(
    context: Context, rows: Sequence[_Row], key: Callable[[_Row], SortKey], page: Mapping[str, Any]
) -> Mapping[str, object]:
    """Build a page of `rows` by ``first``/``after`` or ``last``/``before`` of `page`, sorted by `key`.

    The size was checked when the document was priced. In a bulk query every row is given.
    """
    ordered = sorted(rows, key=key, reverse=bool(page.get("reverse")))
    keys = [key(row) for row in ordered]
    start, end = _bounds(keys, page)
    first, last = page.get("first"), page.get("last")
    if not context.bulk:
        if first is not None:
            end = min(end, start + first)
        elif last is not None:
            start = max(start, end - last)
    shown = ordered[start:end]
    cursors = [cursor_of(one) for one in keys[start:end]]
    return {
        "nodes": shown,
        "edges": [{"cursor": mark, "node": row} for mark, row in zip(cursors, shown, strict=True)],
        "pageInfo": {
            "hasNextPage": end < len(ordered),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _bounds(keys: Sequence[SortKey], page: Mapping[str, Any]) -> tuple[int, int]:
    """Find where ``after`` and ``before`` cut the list; a cursor of another sort order is refused."""
    backwards = bool(page.get("reverse"))
    start, end = 0, len(keys)
    try:
        if page.get("after"):
            mark = _read(page["after"])
            start = sum(1 for key in keys if (key >= mark if backwards else key <= mark))
        if page.get("before"):
            mark = _read(page["before"])
            end = sum(1 for key in keys if (key > mark if backwards else key < mark))
    except TypeError:
        raise TopLevelError("Invalid cursor for current pagination sort.", "BAD_REQUEST") from None
    return start, max(start, end)


def in_order(rows: Sequence[_Row]) -> Callable[[_Row], SortKey]:
    """Give a key that keeps the order in which the rows stand."""
    places = {id(row): place for place, row in enumerate(rows)}
    return lambda row: (places[id(row)], getattr(row, "id", 0))
