"""Query strings as PHP reads them: ``a[b][0]=1`` is a record within a record."""

import re
from typing import Any
from urllib.parse import unquote_plus

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_KEY = re.compile(r"\[([^\[\]]*)\]")


def parse_query(query: str) -> dict[str, Any]:
    """Decode a query into nested dictionaries; ``a[]`` takes the next free number."""
    result: dict[str, Any] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        match = _NAME.fullmatch(unquote_plus(name))
        if match:
            _put(result, [match[1], *_KEY.findall(match[2])], unquote_plus(value))
    return result


def _put(into: dict[str, Any], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        inner = into.setdefault(key or str(len(into)), {})
        if not isinstance(inner, dict):
            return
        into = inner
    into[keys[-1] or str(len(into))] = value


def listed(value: object) -> list[Any]:
    """Give a nested value as a list, in the order of its numbers."""
    if not isinstance(value, dict):
        return [] if value in (None, "") else [value]
    return [value[key] for key in sorted(value, key=lambda key: (not key.isdigit(), int(key) if key.isdigit() else 0))]
