"""Filters by date, which lists of products and orders share (facts/woocommerce.md, "Lists")."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from sandbox.woocommerce import dates
from sandbox.woocommerce.web.wire import Params


class Dated(Protocol):
    """Anything with the moments of its making and last change."""

    @property
    def created(self) -> datetime: ...

    @property
    def modified(self) -> datetime: ...


def date_filters(params: Params, zone: tzinfo) -> list[Callable[[Dated], bool]]:
    """Build the tests for ``after``, ``before``, ``modified_after`` and ``modified_before``.

    Exclusive to the second. A date without zone means shop time unless ``dates_are_gmt`` says otherwise.
    """
    meant = UTC if params.flag("dates_are_gmt") else zone
    tests: list[Callable[[Dated], bool]] = []
    for name in ("after", "before", "modified_after", "modified_before"):
        limit = dates.parse(params.text(name), meant)
        if limit is not None:
            tests.append(_test(name, limit))
    return tests


def _test(name: str, limit: datetime) -> Callable[[Dated], bool]:
    match name:
        case "after":
            return lambda row: row.created > limit
        case "before":
            return lambda row: row.created < limit
        case "modified_after":
            return lambda row: row.modified > limit
        case _:
            return lambda row: row.modified < limit
