"""What Shopify says when it refuses, and which family of error that is (facts/shopify.md, sections 3 and 5)."""

import re
from collections.abc import Mapping, Sequence

from tillbridge.domain.errors import (
    DoubtfulWriteError,
    ItemRejectedError,
    MisconfiguredSystemError,
    MissingRightError,
    Subject,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.http import Answer, NoJsonError
from tillbridge.systems.shopify.api.tokens import RECONNECT

UNAUTHORISED, PAYMENT, FORBIDDEN, NOT_FOUND, LOCKED = 401, 402, 403, 404, 423
THROTTLED = "THROTTLED"
NO_DEFINITION = "NOT_FOUND"
"""The code when a product is named by a custom id that the shop has no definition for."""

_SCOPE = re.compile(r"`(\w+)`")
_LONGEST = 200


class RefusedError(ItemRejectedError):
    """The shop refuses a whole request for what stands in it; nothing was changed."""


def of_status(answer: Answer) -> TillbridgeError | None:
    """Sort a status that has no data, other than those that mean the same everywhere."""
    told = said_by(answer)
    match answer.status:
        case 401:
            return UnauthorisedError(
                f"Shopify no longer accepts the access token{told}.", remedy=RECONNECT, subject=answer.subject
            )
        case 402:
            return _shop_closed(answer, "PAYMENT", "is frozen until its bill is paid")
        case 423:
            return _shop_closed(answer, "LOCKED", "is locked by Shopify")
        case 403:
            return MissingRightError(
                f"Shopify does not let the app in{told}.",
                remedy="Connect the shop anew, and approve all rights that are asked for.",
                code="Forbidden",
                subject=answer.subject,
            )
        case 404:
            return MisconfiguredSystemError(
                "There is no shop at this address, or it is closed.",
                remedy="Connect again with the shop's own address, which ends in .myshopify.com.",
                code="NoSuchShop",
                subject=answer.subject,
            )
    return (
        None
        if answer.ok
        else RefusedError(
            f"Shopify refused a request with status {answer.status}{told}.",
            remedy="This looks like a change of Shopify's interface; the operator has to look at it.",
            code=f"Http{answer.status}",
            subject=answer.subject,
            request_id=answer.request_id,
        )
    )


def said_by(answer: Answer) -> str:
    """Read Shopify's own words, to be appended to a sentence."""
    try:
        body = answer.json()
    except NoJsonError:
        return ""
    text = body.get("errors") if isinstance(body, dict) else None
    return f": {text.rstrip('.')[:_LONGEST]}" if isinstance(text, str) and text else ""


def _shop_closed(answer: Answer, code: str, what: str) -> MisconfiguredSystemError:
    return MisconfiguredSystemError(
        f"The shop {what}.",
        remedy="Look into the shop's Shopify admin; the work goes on once it is open again.",
        code=f"Shop{code.title()}",
        subject=answer.subject,
    )


def codes_of(errors: Sequence[Mapping[str, object]]) -> set[str]:
    """Name the codes of top-level errors."""
    return {_code(error) for error in errors}


def of_errors(errors: Sequence[Mapping[str, object]], subject: Subject, what: str, *, writes: bool) -> TillbridgeError:
    """Sort top-level errors by the first one's code; unknown codes mean that the document is not taken."""
    first = errors[0]
    code, message = _code(first), str(first.get("message", ""))[:_LONGEST].rstrip(".")
    match code:
        case "ACCESS_DENIED":
            return _access_denied(first, message, subject)
        case "SHOP_INACTIVE":
            return MisconfiguredSystemError(
                "The shop is not active.",
                remedy="Open the shop in Shopify again; the work goes on by itself then.",
                code="ShopInactive",
                subject=subject,
            )
        case "INTERNAL_SERVER_ERROR" | "TIMEOUT" if writes:
            return DoubtfulWriteError(
                f"Shopify failed inside on {what}. It may or may not have been done.", code=code, subject=subject
            )
        case "INTERNAL_SERVER_ERROR" | "TIMEOUT":
            return SystemDownError(f"Shopify failed inside on {what}.", code=code, subject=subject)
    return RefusedError(
        f"Shopify refused {what}: {message} ({code or 'no code'}).",
        remedy="If it stays so, this looks like a change of Shopify's interface; the operator has to look at it.",
        code=code or "Refused",
        subject=subject,
    )


def _access_denied(error: Mapping[str, object], message: str, subject: Subject) -> MissingRightError:
    extensions = error.get("extensions")
    required = str(extensions.get("requiredAccess", "")) if isinstance(extensions, Mapping) else ""
    scopes = _SCOPE.findall(required) or _SCOPE.findall(message)
    return MissingRightError(
        "The app lacks a right in this shop:" if scopes else f"The app lacks a right in this shop: {message}.",
        missing=[" or ".join(scopes)] if scopes else (),
        remedy="Connect the shop anew, and approve all rights that are asked for.",
        code="AccessDenied",
        subject=subject,
    )


def _code(error: Mapping[str, object]) -> str:
    extensions = error.get("extensions")
    return str(extensions.get("code", "")) if isinstance(extensions, Mapping) else ""
