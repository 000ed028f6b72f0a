"""Finds the rows of a page without sorting or reading more than it needs."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from sandbox.lightspeed.api.filters import RANGE_OPERATORS, Condition
from sandbox.lightspeed.api.query import Query, encode_cursor
from sandbox.lightspeed.api.resource import Resource, nest
from sandbox.lightspeed.data.numbers import iso, parse_iso
from sandbox.lightspeed.table import TIME_COLUMNS, Key, Order, key_of
from sandbox.lightspeed.wire import Json, rows_of

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows in the order asked for, and whether there are more on either side."""

    rows: list[R]
    entries: list[tuple[Key, int]]
    more_after: bool
    more_before: bool


def find_page(resource: Resource[R], query: Query) -> Page[R]:
    """Find the rows that a query asks for."""
    forward = query.cursor is None or query.cursor.forward
    wanted = _matching(resource, query, _entries(resource, query, forward=forward))
    found = list(islice(wanted, query.limit + 1))
    more = len(found) > query.limit
    found = found[: query.limit]
    if not forward:
        found.reverse()
    return Page(
        [row for _, row in found],
        [entry for entry, _ in found],
        more_after=more if forward else True,
        more_before=query.cursor is not None if forward else more,
    )


def count_rows(resource: Resource[R], query: Query) -> int:
    """Count the rows that a query asks for."""
    return sum(1 for _ in _matching(resource, query, _entries(resource, query, forward=True)))


def page_links(resource: Resource[R], query: Query, page: Page[R], url: str) -> dict[str, Json]:
    """Build the complete addresses of the neighbouring pages, empty where there is none."""
    sort = ("-" if query.descending else "") + query.sort
    others = {name: text for name, text in query.given.items() if name not in {"sort", "limit", "after", "before"}}
    links = {"next": "", "previous": ""}
    for name, parameter, exists, entry in (
        ("next", "after", page.more_after, page.entries[-1:]),
        ("previous", "before", page.more_before, page.entries[:1]),
    ):
        if exists and entry:
            cursor = _write_cursor(resource, query, entry[0])
            parameters = {"sort": sort, **others, "limit": str(query.limit), parameter: cursor}
            links[name] = f"{url}?{urlencode(parameters, quote_via=quote)}"
    return dict(links)


def _write_cursor(resource: Resource[R], query: Query, entry: tuple[Key, int]) -> str:
    key, row_id = entry
    if query.sort == resource.id_field:
        return encode_cursor([row_id])
    return encode_cursor([iso(int(key)) if query.sort in TIME_COLUMNS else key, row_id])


def _entries(resource: Resource[R], query: Query, *, forward: bool) -> Iterable[tuple[Key, int]]:
    """Go through (key, id) in the direction asked for, beginning at the cursor."""
    order = _narrowed(resource, query)
    ascending = forward != query.descending
    low, high = _bounds(resource, query, order)
    if query.cursor is not None:
        edge = (query.cursor.key, query.cursor.row_id)
        if ascending:
            low = max(low, bisect_right(order, edge))
        else:
            high = min(high, bisect_left(order, edge))
    places = range(low, high) if ascending else range(high - 1, low - 1, -1)
    return (order[place] for place in places)


def _narrowed(resource: Resource[R], query: Query) -> Order:
    """Take the table's order, or a short one of its own when a condition leaves few rows to look at."""
    for condition in query.conditions:
        ids = _ids_by_index(resource, condition)
        if ids is not None:
            return _order_of(resource, query.sort, ids)
    changed = next((entry for entry in query.conditions if entry.field == "timeStamp"), None)
    if changed is not None and query.sort == resource.id_field and "timeStamp" in resource.sortable:
        order = resource.table.order("timeStamp")
        low, high = _range(changed, order)
        return sorted((row_id, row_id) for _, row_id in order[low:high])
    return resource.table.order(query.sort)


def _ids_by_index(resource: Resource[R], condition: Condition) -> set[int] | None:
    if condition.operator not in {"=", "IN"}:
        return None
    if condition.field == resource.id_field:
        return {int(value) for value in condition.values if value.isdecimal()}
    find = resource.lookups.get(condition.field)
    return None if find is None else {row_id for value in condition.values for row_id in find(value)}


def _order_of(resource: Resource[R], column: str, ids: set[int]) -> Order:
    rows = ((row_id, resource.table.get(row_id)) for row_id in ids)
    return sorted(
        (key_of(column, resource.table.columns(row)[column]), row_id) for row_id, row in rows if row is not None
    )


def _bounds(resource: Resource[R], query: Query, order: Order) -> tuple[int, int]:
    """Cut the order down where it is sorted by what a condition is about."""
    if query.sort in {"timeStamp", resource.id_field}:
        for condition in query.conditions:
            if condition.field == query.sort:
                return _range(condition, order)
    return 0, len(order)


def _range(condition: Condition, order: Order) -> tuple[int, int]:
    """Cut an order by id or time down to what a condition on it can leave; it may leave a little too much."""
    low, high = 0, len(order)
    if condition.operator not in RANGE_OPERATORS:
        return low, high
    numbers = [_whole_number(condition.field, value) for value in condition.values]
    if condition.operator in {">", ">=", "><"}:
        low = bisect_left(order, (numbers[0], 0))
    if condition.operator in {"<", "<=", "><"}:
        high = bisect_left(order, (numbers[-1] + 1, 0))
    return low, high


def _whole_number(column: str, text: str) -> int:
    return parse_iso(text) if column in TIME_COLUMNS else int(Decimal(text))


def _matching(
    resource: Resource[R], query: Query, entries: Iterable[tuple[Key, int]]
) -> Iterator[tuple[tuple[Key, int], R]]:
    for entry in entries:
        row = resource.table.get(entry[1])
        if row is not None and _matches(resource, query, row):
            yield entry, row


def _matches(resource: Resource[R], query: Query, row: R) -> bool:
    shown = resource.show(row)
    if resource.archives and query.archived != "true" and shown.get("archived", "false") != _ARCHIVED[query.archived]:
        return False
    if not all(resource.special[name](row, text) for name, text in query.special):
        return False
    if not all(_holds(resource, query, row, shown, condition) for condition in query.conditions):
        return False
    return not query.alternatives or any(
        _holds(resource, query, row, shown, condition) for condition in query.alternatives
    )


_ARCHIVED = {"false": "false", "only": "true"}


def _holds(resource: Resource[R], query: Query, row: R, shown: Mapping[str, Json], condition: Condition) -> bool:
    parent, dot, inner = condition.field.partition(".")
    if not dot:
        return condition.holds(str(shown.get(condition.field, "")))
    if condition.field in resource.searches:
        return any(condition.holds(text) for text in resource.searches[condition.field](row))
    nested = nest(query.relations).get(parent, frozenset())
    related = rows_of(resource.relations[parent].load(row, nested))
    return any(condition.holds(str(record.get(inner, ""))) for record in related)
