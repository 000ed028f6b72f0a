"""Faults inside true pages of a list: valid JSON that lacks rows, shows some twice, or says that the list ends here.

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
        body = pages.with_rows(
            body, _without(rows, fault.rows) if fault.kind == "lose_rows" else _twice(rows, fault.rows)
        )
    headers.pop("Content-Length", None)
    return Response(pages.encode(body), status=answer.status, headers=headers)


def _without(rows: Rows, count: int) -> Rows:
    return rows[count:] if count > 0 else rows[:count]


def _twice(rows: Rows, count: int) -> Rows:
    return [*rows[:count], *rows] if count > 0 else [*rows, *rows[count:]]
