"""The tree of categories as a nested set, the way the API shows it."""

from collections import defaultdict

from sandbox.lightspeed.data import words
from sandbox.lightspeed.data.rows import Row

_CREATED, _CHANGED = "2019-04-16T08:30:00+00:00", "2024-02-12T17:53:23+00:00"


def categories() -> list[Row]:
    """List the categories by id."""
    children: dict[int, list[int]] = defaultdict(list)
    for number, (_, parent) in enumerate(words.CATEGORIES, start=1):
        children[parent].append(number)
    found: list[Row] = []
    _walk(children, found, parent=0, path="", depth=0, counter=1)
    return sorted(found, key=lambda row: row.id)


def _walk(children: dict[int, list[int]], found: list[Row], *, parent: int, path: str, depth: int, counter: int) -> int:
    """Number a parent's children left and right; gives the next free number."""
    for number in children[parent]:
        name = words.CATEGORIES[number - 1][0]
        full_path = f"{path}/{name}" if path else name
        left = counter
        right = _walk(children, found, parent=number, path=full_path, depth=depth + 1, counter=left + 1)
        found.append(_row(number, name, full_path, depth, left, right, parent))
        counter = right + 1
    return counter


def _row(number: int, name: str, path: str, depth: int, left: int, right: int, parent: int) -> Row:  # noqa: PLR0913, PLR0917
    return Row(
        number,
        {
            "categoryID": str(number),
            "name": name,
            "nodeDepth": str(depth),
            "fullPathName": path,
            "leftNode": str(left),
            "rightNode": str(right),
            "createTime": _CREATED,
            "timeStamp": _CHANGED,
            "parentID": str(parent),
        },
    )
