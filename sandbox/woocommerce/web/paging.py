"""Pages of lists, and the headers that tell how many there are (facts/woocommerce.md, "Lists")."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import has_request_context, request

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.wire import Answer, Params

T = TypeVar("T")


def page(shop: Shop, params: Params, rows: Sequence[T], write: Callable[[T], JsonObject]) -> Answer:
    """Answer with one page of `rows`, each written by `write`; past the end the list is empty."""
    number, size = max(params.whole("page"), 1), params.whole("per_page")
    start = params.whole("offset") if params.given("offset") else (number - 1) * size
    shown = rows[start : start + size]
    body: list[JsonValue] = [write(row) for row in shown]
    pages = math.ceil(len(rows) / size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    links = [_link(min(number - 1, pages), "prev")] if number > 1 else []
    links += [_link(number + 1, "next")] if number < pages else []
    if links:
        headers["Link"] = ", ".join(links)
    return Answer(body, headers=headers, after=lambda: shop.spend(shop.settings.speed.listed * len(shown)))


def _link(number: int, relation: str) -> str:
    query = parse_qsl(request.query_string.decode(), keep_blank_values=True) if has_request_context() else []
    others = [(name, value) for name, value in query if name != "page"]
    address = request.base_url if has_request_context() else ""
    return f'<{address}?{urlencode([*others, ("page", str(number))])}>; rel="{relation}"'


def by_include(rows: Sequence[T], params: Params, id_of: Callable[[T], int]) -> list[T]:
    """Keep the rows that ``include`` names, if it names any, and none that ``exclude`` does."""
    included, excluded = set(params.numbers("include")), set(params.numbers("exclude"))
    return [row for row in rows if (not included or id_of(row) in included) and id_of(row) not in excluded]


def in_include_order(rows: list[T], params: Params, id_of: Callable[[T], int]) -> list[T]:
    """Sort as ``orderby=include`` asks: in the order in which ``include`` names them."""
    places = {number: place for place, number in enumerate(params.numbers("include"))}
    return sorted(rows, key=lambda row: places.get(id_of(row), len(places)))
