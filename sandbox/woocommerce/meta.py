"""Custom data on products, orders and their lines: rows with an id, a key and a value."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce.web.wire import Params


@dataclass(frozen=True, slots=True)
class Meta:
    """One row."""

    id: int
    key: str
    value: JsonValue

    def as_json(self) -> JsonObject:
        return {"id": self.id, "key": self.key, "value": self.value}


Rows = tuple[Meta, ...]


def merged(rows: Rows, changes: list[Params], next_id: Callable[[], int]) -> Rows:
    """Put `changes` into `rows`: by id where given, else by key; null removes (facts/woocommerce.md, "Products")."""
    for change in changes:
        key, value = change.text("key"), change.get("value")
        old = _row_for(rows, change.whole("id"), key)
        new = Meta(old.id if old else next_id(), key or (old.key if old else ""), value)
        others = tuple(row for row in rows if old is None or (row.id != old.id and row.key != old.key))
        place = rows.index(old) if old else len(others)
        rows = others if value is None else (*others[:place], new, *others[place:])
    return rows


def _row_for(rows: Rows, row_id: int, key: str) -> Meta | None:
    if row_id:
        return next((row for row in rows if row.id == row_id), None)
    return next((row for row in rows if row.key == key), None)


def as_json(rows: Rows) -> list[JsonValue]:
    """Write the rows as the API does."""
    return [row.as_json() for row in rows]
