"""Reading the fields of a stored row: every surprise is an error that names the row and the field.

Writers leave out what is ``None``, empty or false, so a missing field reads as that. Identities and times that a row
cannot be without are asked for with ``needed`` and ``moment``. A field that nobody asked for is an error too: a version
that does not know it would lose it when it writes the row again.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NoReturn, TypeVar

from tillbridge.domain.stock import Quantity
from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.moments import read_moment

Choice = TypeVar("Choice", bound=StrEnum)
INDEX_FIELDS = frozenset({"pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "expires_at"})


class Fields:
    """The fields of one row, or of an object within it. Call ``end`` when everything has been read."""

    __slots__ = ("_left", "_path", "_pk", "_sk", "_values")

    def __init__(self, values: Mapping[str, object], pk: str, sk: str, path: str = "") -> None:
        """Take the values and where they stand."""
        self._values, self._pk, self._sk, self._path = values, pk, sk, path
        self._left = set(values)

    @classmethod
    def of_row(cls, row: Mapping[str, object]) -> "Fields":
        """Read the attributes of a row, apart from keys and what serves the indexes."""
        values = {name: value for name, value in row.items() if name not in INDEX_FIELDS}
        return cls(values, str(row["pk"]), str(row["sk"]))

    @classmethod
    def of_content(cls, row: Mapping[str, object]) -> "Fields":
        """Read the JSON object in the attribute ``content``; the row's other attributes only repeat it."""
        pk, sk = str(row["pk"]), str(row["sk"])
        try:
            values = json.loads(str(row.get("content", "")))
        except ValueError:
            raise UnreadableRowError(pk, sk, "content", "is no JSON") from None
        if not isinstance(values, dict):
            raise UnreadableRowError(pk, sk, "content", "is no JSON object")
        return cls(values, pk, sk)

    def needed(self, name: str) -> str:
        """Read a text that must be there."""
        return self.text(name) or self.wrong(name, "is missing")

    def text(self, name: str) -> str:
        """Read a text, "" when it is absent."""
        value = self._take(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else self.wrong(name, "is no text")

    def maybe_text(self, name: str) -> str | None:
        """Read a text, ``None`` when it is absent."""
        return self.text(name) or None

    def flag(self, name: str) -> bool:
        """Read a truth value, false when it is absent."""
        value = self._take(name)
        if value is None:
            return False
        return value if isinstance(value, bool) else self.wrong(name, "is neither true nor false")

    def count(self, name: str) -> int:
        """Read a whole number, 0 when it is absent."""
        return self.maybe_count(name) or 0

    def maybe_count(self, name: str) -> int | None:
        """Read a whole number, ``None`` when it is absent."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self.wrong(name, "is no whole number")

    def maybe_quantity(self, name: str) -> Quantity | None:
        """Read a quantity: whole as a number, or with places as text; ``None`` when it is absent."""
        return self.maybe_amount(name) if isinstance(self._values.get(name), str) else self.maybe_count(name)

    def quantities(self, name: str) -> dict[str, Quantity]:
        """Read an object of quantities, {} when it is absent."""
        values = self.mapping(name)
        inner = Fields(values, self._pk, self._sk, f"{self._path}{name}.")
        return {key: inner.maybe_quantity(key) or 0 for key in values}

    def number(self, name: str) -> Decimal:
        """Read a number attribute that must be there."""
        value = self._take(name)
        return value if isinstance(value, Decimal) else self.wrong(name, "is no number")

    def maybe_amount(self, name: str) -> Decimal | None:
        """Read a number kept as text, ``None`` when it is absent."""
        text = self.text(name)
        return self._amount(name, text) if text else None

    def moment(self, name: str) -> datetime:
        """Read a time that must be there."""
        return self.maybe_moment(name) or self.wrong(name, "is missing")

    def maybe_moment(self, name: str) -> datetime | None:
        """Read a time, ``None`` when it is absent."""
        text = self.text(name)
        try:
            return read_moment(text) if text else None
        except ValueError:
            return self.wrong(name, "is no time as it is stored here")

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        """Read one of a fixed set of words."""
        try:
            return choices(self.needed(name))
        except ValueError:
            return self.wrong(name, f"is none of {', '.join(choices)}")

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts, () when it is absent."""
        return tuple(
            text if isinstance(text, str) else self.wrong(name, "holds something that is no text")
            for text in self._list(name)
        )

    def text_map(self, name: str) -> dict[str, str]:
        """Read an object of texts, {} when it is absent."""
        return {
            key: text if isinstance(text, str) else self.wrong(name, "holds something that is no text")
            for key, text in self.mapping(name).items()
        }

    def text_lists(self, name: str) -> dict[str, tuple[str, ...]]:
        """Read an object of lists of texts, {} when it is absent."""
        values = self.mapping(name)
        inner = Fields(values, self._pk, self._sk, f"{self._path}{name}.")
        return {key: inner.texts(key) for key in values}

    def count_map(self, name: str) -> dict[str, int]:
        """Read an object of whole numbers, {} when it is absent."""
        return {
            key: count
            if isinstance(count, int) and not isinstance(count, bool)
            else self.wrong(name, "holds something that is no whole number")
            for key, count in self.mapping(name).items()
        }

    def amounts(self, name: str) -> dict[str, Decimal]:
        """Read an object of numbers kept as text, {} when it is absent."""
        return {key: self._amount(name, text) for key, text in self.text_map(name).items()}

    def mapping(self, name: str) -> dict[str, object]:
        """Read an object as it is, {} when it is absent."""
        value = self._take(name)
        if value is None:
            return {}
        return value if isinstance(value, dict) else self.wrong(name, "is no object")

    def each(self, name: str) -> Iterator["Fields"]:
        """Go through a list of objects; nothing when it is absent."""
        for place, value in enumerate(self._list(name)):
            if not isinstance(value, dict):
                self.wrong(name, "holds something that is no object")
            yield Fields(value, self._pk, self._sk, f"{self._path}{name}[{place}].")

    def inner(self, name: str) -> "Fields | None":
        """Read an object, ``None`` when it is absent."""
        values = self.mapping(name)
        return Fields(values, self._pk, self._sk, f"{self._path}{name}.") if values else None

    def end(self) -> None:
        """Make sure that nothing was left unread."""
        if self._left:
            self.wrong(min(self._left), "is unknown to this version")

    def wrong(self, name: str, problem: str) -> NoReturn:
        """Refuse the row because of one field."""
        raise UnreadableRowError(self._pk, self._sk, f"{self._path}{name}", problem)

    def _take(self, name: str) -> object:
        self._left.discard(name)
        return self._values.get(name)

    def _amount(self, name: str, text: str) -> Decimal:
        try:
            amount = Decimal(text)
        except InvalidOperation:
            return self.wrong(name, "holds something that is no number")
        return amount if amount.is_finite() else self.wrong(name, "holds something that is no finite number")

    def _list(self, name: str) -> list[object]:
        value = self._take(name)
        if value is None:
            return []
        return value if isinstance(value, list) else self.wrong(name, "is no list")
