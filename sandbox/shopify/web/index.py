"""The search index of one kind of row, which lags behind writes (facts/shopify.md, section 7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from sandbox.shopify.web.context import Context
from sandbox.shopify.web.search import Document, parse


class Row(Protocol):
    id: int


R = TypeVar("R", bound=Row)


class Index(Generic[R]):
    """Versions of the documents that rows are found by; `describe` gives the newest."""

    def __init__(self, keys: frozenset[str], describe: Callable[[R], Document]) -> None:
        self.keys, self._describe = keys, describe
        self._versions: dict[int, list[tuple[datetime, Document | None]]] = {}

    def enter(self, row: R, now: datetime) -> None:
        """Note how a row is found from now on."""
        self._versions.setdefault(row.id, []).append((now, self._describe(row)))

    def drop(self, row: R, now: datetime) -> None:
        """Note that a row is found no longer."""
        self._versions.setdefault(row.id, []).append((now, None))

    def seen(self, row_id: int, until: datetime) -> Document | None:
        """Give the newest document that is not younger than `until`; older ones are forgotten."""
        versions = self._versions.get(row_id, [])
        while len(versions) > 1 and versions[1][0] <= until:
            versions.pop(0)
        return versions[0][1] if versions and versions[0][0] <= until else None


def search(context: Context, index: Index[R], rows: list[R], text: str | None) -> list[R]:
    """Keep the rows that a ``query:`` argument finds; without one, all of them and at once."""
    if not text or not text.strip():
        return rows
    parsed = parse(text, index.keys, context.now)
    if parsed.unknown:
        context.searches.append(
            {
                "path": list(context.path),
                "query": text,
                "warnings": [
                    {"field": key, "message": "Invalid search field for this query.", "code": "invalid_field"}
                    for key in parsed.unknown
                ],
            }
        )
    until = context.now - timedelta(seconds=context.shop.settings.lags.search)
    return [row for row in rows if (found := index.seen(row.id, until)) is not None and parsed.test(found)]
