"""What the till means by an answer that is not the one asked for (facts/lightspeed.md, A3)."""

from tillbridge.domain.errors import (
    MissingRightError,
    RetryLaterError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.http.answer import Answer, NoJsonError

UNAUTHORISED, FORBIDDEN, NOT_FOUND = 401, 403, 404
BAD_REQUEST, CONFLICT, UNPROCESSABLE = 400, 409, 422
_LATER = "try again later"
_LONGEST = 200

RECONNECT = "Connect the till again, with an employee account that is kept for this purpose."


def is_absent(answer: Answer) -> bool:
    """Tell whether the till itself says that there is no such record; a page that is not found is another matter."""
    return answer.status == NOT_FOUND and "not found with primary id" in message_of(answer).lower()


def is_rejection(answer: Answer) -> bool:
    """Tell whether what was sent is refused for what it is, and would be again."""
    later = answer.status == BAD_REQUEST and _LATER in message_of(answer).lower()
    return (answer.status in {BAD_REQUEST, UNPROCESSABLE} and not later) or is_absent(answer)


def refusal(answer: Answer, resource: str, *, writing: bool = False) -> TillbridgeError:
    """Sort a status of 400 to 499, other than 429, into its family."""
    told = message_of(answer)
    deed, give = ("write", "write") if writing else ("read", "give")
    if answer.status == UNAUTHORISED:
        return UnauthorisedError(
            "Lightspeed no longer accepts the access token, not even a new one.",
            remedy=RECONNECT,
            subject=answer.subject,
            request_id=answer.request_id,
        )
    if answer.status == FORBIDDEN:
        return MissingRightError(
            f"Lightspeed does not let us {deed} {resource}{told}.",
            remedy="Give the employee who connected the till the missing right in Lightspeed, or connect with another.",
            subject=answer.subject,
            request_id=answer.request_id,
        )
    if answer.status == CONFLICT or (answer.status == BAD_REQUEST and _LATER in told.lower()):
        return RetryLaterError(
            f"Lightspeed could not {give} {resource} just now{told}.",
            code="TryAgainLater",
            subject=answer.subject,
            request_id=answer.request_id,
        )
    return RetryLaterError(
        f"Lightspeed refused to {give} {resource} with status {answer.status}{told}.",
        remedy="This looks like a change of Lightspeed's interface; the operator has to look at it.",
        code=f"Http{answer.status}",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def message_of(answer: Answer) -> str:
    """Read the vendor's own words, to be appended to a sentence; errors are JSON even when they are sent as HTML."""
    try:
        body = answer.json()
    except NoJsonError as error:
        return f": {error.excerpt}" if error.excerpt else ""
    if not isinstance(body, dict):
        return ""
    # The API says "message"; the token check in front of it answers in the manner of OAuth.
    texts = [body.get(name) for name in ("message", "error_description", "hint")]
    told = " ".join(text for text in texts if isinstance(text, str) and text)
    return f": {told.rstrip('.')[:_LONGEST]}" if told else ""
