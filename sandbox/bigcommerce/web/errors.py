"""Refusals as the API writes them (facts/bigcommerce.md, "Catalog v3", its line on errors)."""

from collections.abc import Mapping

from sandbox.common.json_types import JsonObject, JsonValue

_TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"


class ApiError(Exception):
    """A refusal; `errors` maps a field to what is wrong with it. Its texts are the stand-in's own."""

    def __init__(self, status: int, title: str, errors: Mapping[str, JsonValue] | None = None) -> None:
        super().__init__(title)
        self.status, self.title, self.errors = status, title, dict(errors or {})

    def body(self) -> JsonObject:
        """Write the refusal as v3 does."""
        told: JsonObject = {"status": self.status, "title": self.title, "type": _TYPE}
        return {**told, "errors": self.errors} if self.errors else told


class BatchError(ApiError):
    """A refusal of a batch, with one part for each item that is wrong."""

    def __init__(self, parts: list[ApiError], name: str = "batch_errors") -> None:
        super().__init__(parts[0].status, parts[0].title, parts[0].errors)
        self.parts, self.name = parts, name

    def body(self) -> JsonObject:
        return {self.name: [part.body() for part in self.parts]}


def as_v2(error: ApiError) -> list[JsonValue]:
    """Write a refusal as v2 does."""
    details = {"details": error.errors} if error.errors else {}
    return [{"status": error.status, "message": error.title, **details}]


def not_found(what: str = "resource") -> ApiError:
    """Refuse an id that names nothing."""
    return ApiError(404, f"The {what} was not found.")


def invalid(field: str, why: str) -> ApiError:
    """Refuse a field."""
    return ApiError(422, f"JSON data is missing or invalid: {field}: {why}", {field: why})


def conflict(field: str, why: str) -> ApiError:
    """Refuse what there can be only one of, or what names something unknown."""
    return ApiError(409, why, {field: why})


def too_many(most: int, what: str) -> ApiError:
    """Refuse a batch that is too long."""
    return ApiError(413, f"A request takes {most} {what} at most.")
