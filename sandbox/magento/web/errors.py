"""Errors as Magento writes them: a text with placeholders, and what to put there (facts/magento.md, section 2)."""

from collections.abc import Mapping, Sequence
from typing import Any

Parameters = Sequence[Any] | Mapping[str, Any]


class RestError(Exception):
    """A refusal of the REST API; `parameters` fill the placeholders of `message` by number or by name."""

    def __init__(
        self, message: str, parameters: Parameters = (), status: int = 400, errors: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(message)
        self.message, self.parameters, self.status, self.errors = message, parameters, status, errors

    def body(self) -> dict[str, Any]:
        """Write the error as the answer's body."""
        body: dict[str, Any] = {"message": self.message}
        if self.errors:
            body["errors"] = list(self.errors)
        if self.parameters:
            given = self.parameters
            body["parameters"] = dict(given) if isinstance(given, Mapping) else list(given)
        return body


class OauthError(RestError):
    """A refusal of credentials; below ``/oauth/token`` it is written as a form, elsewhere as JSON."""


def invalid(*errors: tuple[str, Parameters]) -> RestError:
    """Refuse data for several reasons at once."""
    rows = [{"message": message, "parameters": parameters} for message, parameters in errors]
    return RestError("Validation Failed", errors=rows)


def no_route() -> RestError:
    return RestError("Request does not match any route.", status=404)


def no_method(method: str) -> RestError:
    return RestError(f"The {method} HTTP method is not supported.", status=405)


def no_entity(field: str, value: object) -> RestError:
    """Refuse an id that names nothing."""
    named = {"fieldName": field, "fieldValue": value}
    return RestError("No such entity with %fieldName = %fieldValue", named, 404)


def no_product() -> RestError:
    text = "The product that was requested doesn't exist. Verify the product and try again."
    return RestError(text, status=404)


def not_authorized(resource: str) -> RestError:
    """Refuse a caller who may not use a resource: nobody in particular, or an integration without that right."""
    return RestError("The consumer isn't authorized to access %resources.", {"resources": resource}, 401)


def internal(report: str) -> RestError:
    """Answer a fault of the shop's own, such as a filter on a field that a table does not have."""
    text = f"Internal Error. Details are available in Magento log file. Report ID: webapi-{report}"
    return RestError(text, status=500)
