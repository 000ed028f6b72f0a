"""Lists by ``searchCriteria``: filters, order and pages (facts/magento.md, section 2)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.magento.dates import sortable
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.phpquery import listed
from sandbox.magento.web.wire import Request

Row = TypeVar("Row")
Getter = Callable[[Row, str], Any]
"""Gives the value of a row's field, a list where it has several."""
_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")
_MOST_PER_PAGE = 300
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Filter:
    field: str
    value: str
    condition: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a list is asked for: every group has to hold, by one of its filters."""

    groups: tuple[tuple[Filter, ...], ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    page_size: int | None = None
    page: int = 1

    @property
    def fields(self) -> list[str]:
        """All that is filtered or sorted by."""
        return [entry.field for group in self.groups for entry in group] + [field for field, _ in self.orders]


def criteria_of(request: Request) -> Criteria:
    """Read the criteria; snake and camel case both count. Raises RestError when a page is larger than allowed."""
    given = _snake(request.query.get("searchCriteria") or request.query.get("search_criteria") or {})
    if not isinstance(given, Mapping):
        given = {}
    groups = tuple(
        tuple(_filter(row) for row in listed(group.get("filters")) if isinstance(row, Mapping))
        for group in listed(given.get("filter_groups"))
        if isinstance(group, Mapping)
    )
    orders = tuple(
        (str(row.get("field", "")), str(row.get("direction", "ASC")).upper())
        for row in listed(given.get("sort_orders"))
        if isinstance(row, Mapping)
    )
    size = _number(given.get("page_size"))
    if request.shop.switches.input_limits and size is not None and size > _MOST_PER_PAGE:
        raise RestError("Maximum SearchCriteria pageSize is %max", {"max": _MOST_PER_PAGE})
    return Criteria(tuple(group for group in groups if group), orders, size, _number(given.get("current_page")) or 1)


def _filter(row: Mapping[str, Any]) -> Filter:
    condition = str(row.get("condition_type") or "eq").lower()
    return Filter(str(row.get("field", "")), str(row.get("value", "")), condition)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() and int(value) else None


def _snake(value: Any) -> Any:  # noqa: ANN401 - any nested value
    if not isinstance(value, Mapping):
        return value
    return {_CAMEL.sub("_", key).lower(): _snake(inner) for key, inner in value.items()}


def search(
    request: Request,
    rows: Iterable[Row],
    get: Getter[Row],
    write: Callable[[Row], Any],
    *,
    check: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Answer a list: the page of `rows` that was asked for, each as `write` gives it, and the count of all pages.

    `check` raises RestError for a field that cannot be filtered or sorted by.
    """
    criteria = criteria_of(request)
    for field in criteria.fields:
        check(field)
    found = _sorted(request, [row for row in rows if _matches(criteria, row, get)], criteria, get)
    page = _page(request, found, criteria)
    request.shop.owe(request.shop.settings.speed.listed * len(page))
    return {
        "items": [write(row) for row in page],
        "search_criteria": _echo(criteria),
        "total_count": len(found),
    }


def _matches(criteria: Criteria, row: Row, get: Getter[Row]) -> bool:
    return all(any(holds(entry, get(row, entry.field)) for entry in group) for group in criteria.groups)


def holds(entry: Filter, value: object) -> bool:
    """Tell whether a filter holds for a value, or for one of several."""
    condition = _CONDITIONS.get(entry.condition)
    if condition is None:
        return True
    values = value if isinstance(value, list | tuple) else [value]
    if entry.condition in _NEGATED:
        return all(condition(item, entry.value) for item in values)
    return any(condition(item, entry.value) for item in values)


def _compared(value: object, wanted: str) -> tuple[Any, Any]:
    """Make both sides comparable: numbers as numbers, dates as dates, texts whatever their case."""
    if isinstance(value, bool):
        return int(value), float(wanted) if _is_number(wanted) else wanted
    if isinstance(value, int | float):
        return float(value), float(wanted) if _is_number(wanted) else 0.0
    text = str(value)
    if _DATE.match(text):
        return sortable(text), sortable(wanted)
    if _is_number(text) and _is_number(wanted):
        return float(text), float(wanted)
    return text.casefold(), wanted.casefold()


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _equal(value: object, wanted: str) -> bool:
    if value is None:
        return False
    left, right = _compared(value, wanted)
    return bool(left == right)


def _less(value: object, wanted: str) -> bool:
    if value is None:
        return False
    left, right = _compared(value, wanted)
    return bool(left < right)


def _greater(value: object, wanted: str) -> bool:
    return value is not None and not _less(value, wanted) and not _equal(value, wanted)


def _like(value: object, wanted: str) -> bool:
    """Match as SQL does: ``%`` is anything, ``_`` one character, whatever the case."""
    pattern = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in wanted)
    return value is not None and re.fullmatch(pattern, str(value), re.IGNORECASE | re.DOTALL) is not None


def _among(value: object, wanted: str) -> bool:
    return any(_equal(value, item) for item in wanted.split(","))


_CONDITIONS: dict[str, Callable[[object, str], bool]] = {
    "eq": _equal,
    "neq": lambda value, wanted: value is not None and not _equal(value, wanted),
    "gt": _greater,
    "gteq": lambda value, wanted: value is not None and not _less(value, wanted),
    "from": lambda value, wanted: value is not None and not _less(value, wanted),
    "moreq": lambda value, wanted: value is not None and not _less(value, wanted),
    "lt": _less,
    "lteq": lambda value, wanted: value is not None and not _greater(value, wanted),
    "to": lambda value, wanted: value is not None and not _greater(value, wanted),
    "in": _among,
    "nin": lambda value, wanted: value is not None and not _among(value, wanted),
    "like": _like,
    "nlike": lambda value, wanted: value is not None and not _like(value, wanted),
    "null": lambda value, _wanted: value is None,
    "notnull": lambda value, _wanted: value is not None,
    "finset": lambda value, wanted: wanted in str(value).split(","),
}
_NEGATED = {"neq", "nin", "nlike"}


def _sorted(request: Request, rows: list[Row], criteria: Criteria, get: Getter[Row]) -> list[Row]:
    for field, direction in reversed(criteria.orders):
        rows.sort(key=lambda row: _sort_key(get(row, field)), reverse=direction == "DESC")
    if not criteria.orders and request.shop.switches.unstable_order:
        request.shop.random.shuffle(rows)
    return rows


def _sort_key(value: object) -> tuple[int, float, str]:
    if value is None:
        return (0, 0, "")
    if isinstance(value, int | float):
        return (1, value, "")
    return (1, 0, str(value).casefold())


def _page(request: Request, rows: Sequence[Row], criteria: Criteria) -> Sequence[Row]:
    if criteria.page_size is None:
        return rows
    page = criteria.page
    if request.shop.switches.repeat_last_page:
        page = max(1, min(page, -(-len(rows) // criteria.page_size)))
    start = (page - 1) * criteria.page_size
    return rows[start : start + criteria.page_size]


def _echo(criteria: Criteria) -> dict[str, Any]:
    groups = [
        {"filters": [{"field": f.field, "value": f.value, "condition_type": f.condition} for f in group]}
        for group in criteria.groups
    ]
    echo: dict[str, Any] = {"filter_groups": groups}
    if criteria.orders:
        echo["sort_orders"] = [{"field": field, "direction": direction} for field, direction in criteria.orders]
    if criteria.page_size is not None:
        echo |= {"page_size": criteria.page_size, "current_page": criteria.page}
    return echo
