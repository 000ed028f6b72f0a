"""Errors as the Admin API tells them."""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import GraphQLError

ADMIN_ERRORS = "https://shopify.dev/api/usage/access-scopes"


class TopLevelError(GraphQLError):
    """An error beside ``data``, with its code in ``extensions`` (facts/shopify.md, section 5)."""

    def __init__(self, message: str, code: str, **more: object) -> None:
        super().__init__(message, extensions={"code": code, **more})


@dataclass(frozen=True, slots=True)
class UserError:
    """An error inside the payload of a mutation. Indexes in `field` are text, as the API writes them."""

    message: str
    field: tuple[str, ...] | None = None
    code: str | None = None


class UserErrors(Exception):  # noqa: N818 - named as in the schema
    """The mutation is refused, with one or more user errors; nothing may have changed."""

    def __init__(self, errors: Iterable[UserError]) -> None:
        super().__init__()
        self.errors = tuple(errors)


def refuse(message: str, *field: str, code: str | None = None) -> UserErrors:
    """Build the refusal of one field."""
    return UserErrors([UserError(message, field or None, code)])


def access_denied(field: str, scopes: Iterable[str]) -> TopLevelError:
    """Build the error for a missing scope."""
    required = " or ".join(f"`{scope}`" for scope in scopes)
    return TopLevelError(
        f"Access denied for {field} field. Required access: {required} access scope.",
        "ACCESS_DENIED",
        documentation=ADMIN_ERRORS,
        requiredAccess=f"{required} access scope.",
    )
