"""Conditions of queries: operators, values and how they compare (facts/lightspeed.md, "Filters")."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sandbox.lightspeed.api.errors import bad_request
from sandbox.lightspeed.data.numbers import parse_iso
from sandbox.lightspeed.table import TIME_COLUMNS

MOST_VALUES = 100
RANGE_OPERATORS = frozenset({">", ">=", "<", "<=", "><"})
_OPERATOR = re.compile(r"^(>=|<=|><|!=|!~|>|<|~|IN),(.*)$", re.DOTALL)
_NUMERIC = re.compile(
    r"(ID|qoh|sellable|[Cc]ost|[Rr]ate|[Nn]ode|Point|Level|Quantity|[Tt]otal|[Bb]alance|ordering|size)$"
)

Comparable = int | Decimal | str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one column. `values` holds one text, two for between, or up to 100 for IN."""

    field: str
    operator: str
    values: tuple[str, ...]

    def holds(self, text: str) -> bool:
        """Tell whether a column's text fulfils it."""
        if self.operator in {"~", "!~"}:
            return bool(_like(self.values[0]).fullmatch(text)) == (self.operator == "~")
        actual = _comparable(self.field, text)
        wanted = [_comparable(self.field, value) for value in self.values]
        return _TESTS[self.operator](actual, wanted)


def parse_condition(name: str, text: str) -> Condition:
    """Read ``field=op,value``. Raises ApiError for values that do not fit the column."""
    match = _OPERATOR.match(text)
    operator, value = (match.group(1), match.group(2)) if match else ("=", text)
    values = _values(name, operator, value)
    for entry in values:
        if operator not in {"~", "!~"}:
            _comparable(name, entry, strict=True)
    return Condition(name, operator, values)


def _values(name: str, operator: str, text: str) -> tuple[str, ...]:
    if operator == "><":
        low, comma, high = text.partition(",")
        if not comma:
            raise bad_request(f"Between needs two values for '{name}', parted by a comma.")
        return low, high
    if operator != "IN":
        return (text,)
    values = tuple(_list_of(text))
    if len(values) > MOST_VALUES:
        raise bad_request(f"IN takes at most {MOST_VALUES} values for '{name}', got {len(values)}.")
    return values


def _list_of(text: str) -> list[str]:
    if not text.startswith("["):
        return text.split(",")
    try:
        return [str(value) for value in json.loads(text)]
    except ValueError as error:
        raise bad_request(f"IN takes a JSON list or values parted by commas, got '{text}'.") from error


def _comparable(name: str, text: str, *, strict: bool = False) -> Comparable:
    """Turn text into what is compared; `strict` refuses query values that do not fit."""
    column = name.rpartition(".")[2]
    try:
        if column in TIME_COLUMNS:
            return parse_iso(text) if text else 0
        return Decimal(text) if _NUMERIC.search(column) else text
    except (ValueError, InvalidOperation) as error:
        if strict:
            raise bad_request(
                f"'{text}' is no value for '{name}'. (A raw + in a query means a blank; write it as %2B.)"
            ) from error
        return text


def _like(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("%")), re.IGNORECASE | re.DOTALL)


def _compare(test: Callable[[int], bool]) -> Callable[[Comparable, list[Comparable]], bool]:
    def check(actual: Comparable, wanted: list[Comparable]) -> bool:
        return test(_order(actual, wanted[0]))

    return check


def _order(left: Comparable, right: Comparable) -> int:
    if isinstance(left, str) or isinstance(right, str):
        left, right = str(left), str(right)
        return (left > right) - (left < right)
    return (left > right) - (left < right)


_TESTS: Mapping[str, Callable[[Comparable, list[Comparable]], bool]] = {
    "=": _compare(lambda order: order == 0),
    "!=": _compare(lambda order: order != 0),
    ">": _compare(lambda order: order > 0),
    ">=": _compare(lambda order: order >= 0),
    "<": _compare(lambda order: order < 0),
    "<=": _compare(lambda order: order <= 0),
    "><": lambda actual, wanted: _order(actual, wanted[0]) >= 0 >= _order(actual, wanted[1]),
    "IN": lambda actual, wanted: actual in wanted,
}
