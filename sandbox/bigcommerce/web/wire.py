"""A request as handlers see it, and their answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.bigcommerce.settings import ApiAccount
from sandbox.bigcommerce.web.errors import ApiError
from sandbox.common.json_types import JsonObject, JsonValue

Upload = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who calls, the ids in its path, its query, its decoded body and the file it uploads, if any."""

    account: ApiAccount
    path: Mapping[str, int]
    query: Mapping[str, str]
    body: JsonValue = None
    upload: Upload | None = None

    def record(self) -> JsonObject:
        """Give the body, which has to be an object."""
        if not isinstance(self.body, dict):
            raise ApiError(422, "The body has to be a JSON object.", {"body": "not an object"})
        return self.body

    def records(self) -> list[JsonObject]:
        """Give the body, which has to be a list of objects, at least one."""
        rows = self.rows()
        if not all(isinstance(row, dict) for row in rows):
            raise ApiError(422, "The body has to be a list of objects.", {"body": "not a list of objects"})
        return [row for row in rows if isinstance(row, dict)]

    def rows(self) -> list[JsonValue]:
        """Give the body, which has to be a list that is not empty."""
        if not isinstance(self.body, list) or not self.body:
            raise ApiError(422, "The body has to be a list that is not empty.", {"body": "not a list"})
        return self.body

    def numbers(self, name: str) -> list[int] | None:
        """Give the numbers of a query parameter, separated by commas; None when it is not there."""
        if name not in self.query:
            return None
        try:
            return [int(part) for part in self.query[name].split(",") if part.strip()]
        except ValueError:
            raise ApiError(422, f"{name}: has to be whole numbers", {name: "not whole numbers"}) from None

    def words(self, name: str) -> list[str] | None:
        """Give the texts of a query parameter, separated by commas; None when it is not there."""
        return [part.strip() for part in self.query[name].split(",")] if name in self.query else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back; a body of None is no body at all, and ``problem`` names its type."""

    body: JsonValue
    status: int = 200
    problem: bool = False
    after: Callable[[], None] | None = None


def data(body: JsonValue, status: int = 200) -> Answer:
    """Answer with one thing in the envelope of v3."""
    return Answer({"data": body, "meta": {}}, status)


NOTHING = Answer(None, 204)


def whole(value: JsonValue) -> int:
    """Read a JSON number as a whole one, zero when it is none."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def rows_of(value: JsonValue) -> list[JsonObject]:
    """Give the objects of a list, none when it is no list."""
    return [dict(row) for row in value if isinstance(row, dict)] if isinstance(value, list) else []
