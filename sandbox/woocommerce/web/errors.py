"""Errors as WordPress writes them: a code, a text and data with the status (facts/woocommerce.md, "Errors")."""

from sandbox.common.json_types import JsonObject, JsonValue


class RestError(Exception):
    """A refusal of the REST API; real shops translate `message`, so clients go by `code`."""

    def __init__(self, code: str, message: str, status: int, **data: JsonValue) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.data = code, message, status, data

    def body(self) -> JsonObject:
        """Write the error as the answer's body."""
        return {"code": self.code, "message": self.message, "data": {"status": self.status, **self.data}}


class BareStatusError(RestError):
    """One of the few errors whose ``data`` is the bare status number, such as those of refunds."""

    def body(self) -> JsonObject:
        """Write the error as the answer's body."""
        return {"code": self.code, "message": self.message, "data": self.status}


def invalid_params(reasons: dict[str, tuple[str, str]]) -> RestError:
    """Refuse arguments of the wrong type or range; `reasons` maps an argument to the code and text of its trouble."""
    params: JsonObject = {name: text for name, (_, text) in reasons.items()}
    details: JsonObject = {
        name: {"code": code, "message": text, "data": {"param": name}} for name, (code, text) in reasons.items()
    }
    message = f"Invalid parameter(s): {', '.join(reasons)}"
    return RestError("rest_invalid_param", message, 400, params=params, details=details)


def missing_params(names: list[str]) -> RestError:
    """Refuse a request without its required arguments."""
    message = f"Missing parameter(s): {', '.join(names)}"
    return RestError("rest_missing_callback_param", message, 400, params=names)


def no_route() -> RestError:
    """Refuse an address, or a method of it, that the API does not have."""
    return RestError("rest_no_route", "This address and method lead to no route.", 404)


def invalid_id(kind: str, status: int = 404) -> RestError:
    """Refuse an id that names nothing; reading gives 404, writing most objects gives 400."""
    return RestError(f"woocommerce_rest_{kind}_invalid_id", "There is nothing with this ID.", status)


def no_trash() -> RestError:
    """Refuse to trash what can only be deleted with ``force``."""
    return RestError("woocommerce_rest_trash_not_supported", "This resource cannot be trashed, use force.", 501)
