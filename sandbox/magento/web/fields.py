"""Answers cut to what ``fields=items[sku,updated_at],total_count`` names."""

from typing import Any

Wanted = dict[str, "Wanted"]


def cut(body: Any, fields: str) -> Any:  # noqa: ANN401 - any JSON value
    """Keep the named fields; a list without rows becomes null, as seen on the real shop."""
    return _kept(body, _parse(fields))


def _parse(text: str) -> Wanted:
    root: Wanted = {}
    stack, name = [root], ""
    for char in f"{text},":
        if char not in ",[]":
            name += char
            continue
        inner = stack[-1].setdefault(name.strip(), {}) if name.strip() else {}
        name = ""
        if char == "[":
            stack.append(inner)
        elif char == "]" and len(stack) > 1:
            stack.pop()
    return root


def _kept(value: Any, wanted: Wanted) -> Any:  # noqa: ANN401 - any JSON value
    if not wanted:
        return value
    if isinstance(value, list):
        return [_kept(row, wanted) for row in value] or None
    if not isinstance(value, dict):
        return value
    return {name: _kept(value[name], inner) for name, inner in wanted.items() if name in value}
