"""What BigCommerce says when it refuses, and which family of error that is (facts/bigcommerce.md, "Limits").

v3 answers ``{"status", "title", "type", "errors": {field: why}}``, batches a list of these, v2
``[{"status", "message"}]``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tillbridge.domain.errors import (
    ItemRejectedError,
    MissingRightError,
    Subject,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.common.sending import stopped
from tillbridge.systems.http import Answer, Json, NoJsonError, Request
from tillbridge.systems.http.failures import SERVER_TROUBLE, TOO_MANY, refusal_of

UNAUTHORISED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE, LOCKED, PLAN_LIMIT = 401, 403, 404, 409, 413, 423, 507
UNAVAILABLE = 503
PAUSE = 60.0
"""Seconds before the next try after trouble on the other side, at the least; the queue makes later pauses longer."""

LONGEST_MESSAGE = 200
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal: its status, what the store said, and the fields it named with what is wrong with each."""

    status: int
    message: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """Tell whether what was asked for is not there."""
        return self.status == NOT_FOUND

    @property
    def conflict(self) -> bool:
        """Tell whether something is taken, or names something unknown."""
        return self.status == CONFLICT

    @property
    def too_large(self) -> bool:
        """Tell whether fewer entries have to go into a request."""
        return self.status == TOO_LARGE

    @property
    def told(self) -> str:
        """Give what the store said, shortened."""
        details = "; ".join(f"{name}: {why}" for name, why in self.fields.items() if why and why not in self.message)
        return " ".join(part for part in (self.message, details) if part)[:LONGEST_MESSAGE] or f"status {self.status}"


class RefusedError(ItemRejectedError):
    """A refusal that concerns what was asked, not who asked."""

    def __init__(self, refusal: Refusal, subject: Subject) -> None:
        """Say what the store said."""
        super().__init__(
            f"The shop refused it: {refusal.told} (status {refusal.status}).",
            remedy="Mend in the till what the shop objects to.",
            code=f"refused_{refusal.status}",
            subject=subject,
        )
        self.refusal = refusal


def failure_of(answer: Answer, request: Request, pause: float | None) -> TillbridgeError | None:
    """Choose the family of an answer that is no success; ``pause`` is what a 429 asks to wait."""
    if answer.ok:
        return None
    if answer.status == TOO_MANY:
        return _throttled(answer, request, pause)
    if answer.status == PLAN_LIMIT:
        return _plan_limit(answer)
    if answer.status >= SERVER_TROUBLE or answer.status < 400:  # noqa: PLR2004  HTTP's own classes
        failure = refusal_of(answer, request, answer.served_at or _LONG_AGO)
        return _unhurried(failure) if failure else None
    return _refused(answer)


def refusal_in(said: Json, status: int) -> Refusal:
    """Read a refusal in any of the forms."""
    found = list(_parts(said))
    messages = dict.fromkeys(str(part.get("title") or part.get("message") or "") for part in found)
    fields: dict[str, str] = {}
    for part in found:
        errors = part.get("errors")
        fields |= {name: _text(why) for name, why in errors.items()} if isinstance(errors, dict) else {}
    return Refusal(status, "; ".join(message for message in messages if message)[:LONGEST_MESSAGE], fields)


def _parts(said: Json) -> Iterator[Mapping[str, Json]]:
    """Go through the refusals of an answer: one, or those of a batch."""
    if isinstance(said, list):
        for part in said:
            yield from _parts(part)
    elif isinstance(said, dict):
        lists = [value for value in said.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if "title" in said or "message" in said:
            yield said
        else:
            for value in lists:
                yield from _parts(value)


def _text(why: Json) -> str:
    return why if isinstance(why, str) else str(why or "")


def _refused(answer: Answer) -> TillbridgeError:
    try:
        refusal = refusal_in(answer.json(), answer.status)
    except NoJsonError:
        return _no_word_of_bigcommerce(answer)
    subject = answer.subject
    match answer.status:
        case 401:
            return UnauthorisedError(
                "The store does not accept the token: its API account was deleted, or the app was uninstalled.",
                remedy="Connect the store again.",
                code="TokenRefused",
                subject=subject,
            )
        case 403:
            return MissingRightError(
                f"The API account lacks a scope: {refusal.told}",
                remedy="In BigCommerce under Settings > Store-level API accounts give the account the scopes that the "
                "connecting page lists, or make a new one, and connect again.",
                code="MissingScope",
                subject=subject,
            )
        case 423:
            return SystemDownError(
                f"{answer.place} is locked by somebody else's work.", after=PAUSE, code="Locked", subject=subject
            )
        case _:
            return RefusedError(refusal, subject)


def _no_word_of_bigcommerce(answer: Answer) -> TillbridgeError:
    """Sort a refusal that some other program wrote."""
    if answer.status in {UNAUTHORISED, FORBIDDEN}:
        return stopped(answer, "BigCommerce")
    return RefusedError(Refusal(answer.status), answer.subject)


def _throttled(answer: Answer, request: Request, pause: float | None) -> ThrottledError:
    return ThrottledError(
        f"{request.place} was refused because the store's apps call too often, or the platform is overloaded.",
        after=pause,
        code="Throttled",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def _plan_limit(answer: Answer) -> ItemRejectedError:
    return ItemRejectedError(
        "The store's plan takes no more of this.",
        remedy="Move the store to a larger plan of BigCommerce, or delete what it does not need any more.",
        code="plan_limit",
        subject=answer.subject,
    )


def _unhurried(failure: TillbridgeError) -> TillbridgeError:
    """Leave a store in trouble alone for a minute (facts/bigcommerce.md, "Limits")."""
    if isinstance(failure, SystemDownError):
        failure.after = max(failure.after or 0.0, PAUSE)
        if failure.code == f"Http{UNAVAILABLE}":
            failure.remedy = "The store is under maintenance or suspended; work goes on by itself when it is back."
    return failure
