"""Faults inside pages of a list: valid JSON that lacks rows, has some twice or wrong, or says that the list ends.

Nothing about such an answer looks broken, which is what makes it dangerous to a reader that takes what is missing for
gone. How a page is written differs between the remote systems, so each stand-in brings its own `Pages`.
"""

import json
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Protocol

from werkzeug.wrappers import Response

from sandbox.common.faults import Fault
from sandbox.common.json_types import JsonValue

Rows = Sequence[JsonValue]


class Pages(Protocol):
    """How a remote system writes the pages of its lists."""

    def rows(self, body: JsonValue) -> Rows | None:
        """Give the rows of a page; None for an answer that is no page."""

    def with_rows(self, body: JsonValue, rows: Rows) -> JsonValue:
        """Give the page with other rows and all else as it was."""

    def ended(self, body: JsonValue, headers: MutableMapping[str, str], query: Mapping[str, str]) -> JsonValue:
        """Give the page as the last of its list; what `headers` say of further ones is changed in place."""

    def encode(self, body: JsonValue) -> bytes:
        """Write the page as the system does."""


class NoPages:
    """Of an application without lists."""

    def rows(self, _body: JsonValue) -> Rows | None:
        """Know no page."""
        return None

    def with_rows(self, body: JsonValue, _rows: Rows) -> JsonValue:
        """Leave the answer alone."""
        return body

    def ended(self, body: JsonValue, _headers: MutableMapping[str, str], _query: Mapping[str, str]) -> JsonValue:
        """Leave the answer alone."""
        return body

    def encode(self, body: JsonValue) -> bytes:
        """Write plain JSON."""
        return json.dumps(body).encode()


def spoil_page(fault: Fault, answer: Response, pages: Pages, query: Mapping[str, str]) -> Response:
    """Play a page fault on a true answer; one that is no page passes unharmed."""
    try:
        body = json.loads(answer.get_data())
    except ValueError:
        return answer
    rows = pages.rows(body)
    if rows is None:
        return answer
    headers = dict(answer.headers)
    if fault.kind == "end_list":
        body = pages.ended(body, headers, query)
    else:
        body = pages.with_rows(body, _SPOILERS[fault.kind](rows, fault))
    headers.pop("Content-Length", None)
    return Response(pages.encode(body), status=answer.status, headers=headers)


def _without(rows: Rows, fault: Fault) -> Rows:
    return rows[fault.rows :] if fault.rows > 0 else rows[: fault.rows]


def _twice(rows: Rows, fault: Fault) -> Rows:
    return [*rows[: fault.rows], *rows] if fault.rows > 0 else [*rows, *rows[fault.rows :]]


def _altered(rows: Rows, fault: Fault) -> Rows:
    first, end = (0, fault.rows) if fault.rows > 0 else (len(rows) + fault.rows, len(rows))
    return [
        {**row, **fault.changes} if first <= place < end and isinstance(row, Mapping) else row
        for place, row in enumerate(rows)
    ]


_SPOILERS = {"lose_rows": _without, "double_rows": _twice, "alter_rows": _altered}
