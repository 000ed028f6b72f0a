"""Pages, filters and orders of lists (facts/bigcommerce.md, "Paging, filters")."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from sandbox.bigcommerce.web.errors import ApiError
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call
from sandbox.common.json_types import JsonObject, JsonValue

T = TypeVar("T")
_USUAL, _MOST = 50, 250
_SHAPING = {"page", "limit", "include", "include_fields", "exclude_fields", "sort", "direction"}


def page(call: Call, rows: Sequence[T], write: Callable[[T], JsonObject], most: int = _MOST) -> Answer:
    """Answer with one page of `rows` in the envelope of v3; past the end the list is empty."""
    number, size = _number(call, "page", 1), min(_number(call, "limit", _USUAL), most)
    shown = rows[(number - 1) * size : number * size]
    pages = math.ceil(len(rows) / size)
    links = {"current": _link(call, number, size)}
    if number > 1:
        links["previous"] = _link(call, number - 1, size)
    if number < pages:
        links["next"] = _link(call, number + 1, size)
    pagination: JsonObject = {
        "total": len(rows),
        "count": len(shown),
        "per_page": size,
        "current_page": number,
        "total_pages": pages,
        "links": links,
    }
    return Answer({"data": [write(row) for row in shown], "meta": {"pagination": pagination}})


def page_v2(call: Call, rows: Sequence[T], write: Callable[[T], JsonValue]) -> Answer:
    """Answer with one page of `rows` as v2 does: a bare list, and nothing at all when it is empty."""
    number, size = _number(call, "page", 1), min(_number(call, "limit", _USUAL), _MOST)
    shown = rows[(number - 1) * size : number * size]
    return Answer([write(row) for row in shown]) if shown else NOTHING


def _number(call: Call, name: str, usual: int) -> int:
    text = call.query.get(name, str(usual))
    if not text.isdigit() or int(text) < 1:
        raise ApiError(422, f"{name}: has to be a whole number of 1 or more", {name: f"{text!r} is no such number"})
    return int(text)


def _link(call: Call, number: int, size: int) -> str:
    return f"?{urlencode({**call.query, 'page': number, 'limit': size})}"


def known_filters(call: Call, names: Collection[str]) -> None:
    """Refuse filters that a list does not have, or that are not played here; they would otherwise let everything in."""
    unknown = [name for name in call.query if name not in _SHAPING and name not in names]
    if unknown:
        raise ApiError(422, f"The filter(s): {', '.join(unknown)} are not valid filter parameter(s).")


def by_ids(call: Call, rows: Iterable[T], name: str, id_of: Callable[[T], int | str]) -> list[T]:
    """Keep the rows that ``name``, ``name:in`` and their opposites let through."""
    kept = list(rows)
    for parameter in (name, f"{name}:in"):
        if parameter in call.query:
            wanted = set(call.words(parameter) or ())
            kept = [row for row in kept if str(id_of(row)) in wanted]
    unwanted = set(call.words(f"{name}:not_in") or ())
    return [row for row in kept if str(id_of(row)) not in unwanted] if unwanted else kept


def by_text(call: Call, rows: Iterable[T], name: str, text_of: Callable[[T], str]) -> list[T]:
    """Keep the rows whose text is ``name``, is among ``name:in`` or contains ``name:like``; without case."""
    kept = list(rows)
    if name in call.query:
        kept = [row for row in kept if text_of(row).casefold() == call.query[name].casefold()]
    if f"{name}:like" in call.query:
        kept = [row for row in kept if call.query[f"{name}:like"].casefold() in text_of(row).casefold()]
    wanted = call.words(f"{name}:in")
    if wanted is not None:
        texts = {text.casefold() for text in wanted}
        kept = [row for row in kept if text_of(row).casefold() in texts]
    return kept


def by_number(call: Call, rows: Iterable[T], name: str, value_of: Callable[[T], float]) -> list[T]:
    """Keep the rows within ``name:min``, ``:max``, ``:greater`` and ``:less``."""
    kept = list(rows)
    for suffix, fits in _BOUNDS.items():
        if f"{name}:{suffix}" in call.query:
            bound = _bound(call, f"{name}:{suffix}")
            kept = [row for row in kept if fits(value_of(row), bound)]
    return kept


def _bound(call: Call, name: str) -> float:
    try:
        return float(call.query[name])
    except ValueError:
        raise ApiError(422, f"{name}: has to be a number", {name: "not a number"}) from None


_BOUNDS: Mapping[str, Callable[[float, float], bool]] = {
    "min": lambda value, bound: value >= bound,
    "max": lambda value, bound: value <= bound,
    "greater": lambda value, bound: value > bound,
    "less": lambda value, bound: value < bound,
}


def cut(call: Call, row: JsonObject, kept: Collection[str] = ("id",)) -> JsonObject:
    """Cut a row to ``include_fields``, or leave out ``exclude_fields``; what was asked for by ``include`` stays."""
    included = {*kept, *(call.words("include") or ())}
    wanted, unwanted = call.words("include_fields"), call.words("exclude_fields")
    if wanted is not None:
        return {name: value for name, value in row.items() if name in included or name in wanted}
    if unwanted is not None:
        return {name: value for name, value in row.items() if name in included or name not in unwanted}
    return row
