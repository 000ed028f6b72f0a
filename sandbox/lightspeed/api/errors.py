"""The errors of the API. Where the vendor's wording is not recorded the text is ours and says what to mend."""

from collections.abc import Mapping
from http import HTTPStatus

from sandbox.lightspeed.wire import Json, error_body


class ApiError(Exception):
    """A request is refused with `status`; `extra` goes into the body beside the usual four fields."""

    def __init__(
        self, status: int, message: str, error_class: str = "Exception", extra: Mapping[str, str] | None = None
    ) -> None:
        """Keep what the answer has to say."""
        super().__init__(message)
        self.status, self.message, self.error_class = status, message, error_class
        self.extra = extra or {}

    def body(self) -> Json:
        """Build the answer."""
        return {**error_body(self.status, HTTPStatus(self.status).phrase, self.message, self.error_class), **self.extra}


def bad_request(message: str) -> ApiError:
    """The request makes no sense."""
    return ApiError(HTTPStatus.BAD_REQUEST, message)


def no_such_row(resource: str, row_id: str) -> ApiError:
    """There is no such record."""
    return ApiError(HTTPStatus.NOT_FOUND, f"Object of type '{resource}' not found with primary ID '{row_id}'.")


def no_such_resource(path: str) -> ApiError:
    """There is no such resource."""
    return ApiError(HTTPStatus.NOT_FOUND, f"There is no resource at '{path}'.")


def not_allowed(method: str, resource: str) -> ApiError:
    """The resource cannot be written that way."""
    return ApiError(HTTPStatus.METHOD_NOT_ALLOWED, f"{method} is not possible for '{resource}'.")


def forbidden(message: str) -> ApiError:
    """The token is good, but not for this."""
    return ApiError(HTTPStatus.FORBIDDEN, message, "ForbiddenException")
