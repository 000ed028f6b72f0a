"""The outside of a list: its rows, where it goes on, and when it was served."""

from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.systems.http.answer import Answer, Json
from tillbridge.systems.lightspeed.quirks import as_list

ATTRIBUTES = "@attributes"


@dataclass(frozen=True, slots=True)
class Envelope:
    """``next_url`` is "" on the last page."""

    rows: list[dict[str, Json]]
    next_url: str
    served_at: datetime


def open_envelope(answer: Answer, resource: str) -> Envelope:
    """Check the outside of a list; ``GarbledAnswerError`` when anything of it is not as it must be (invariant 1)."""
    body = answer.json()
    if not isinstance(body, dict) or not isinstance(body.get(ATTRIBUTES), dict):
        raise garbled(answer, resource, f"it has no {ATTRIBUTES}")
    if resource not in body and set(body) != {ATTRIBUTES}:
        raise garbled(answer, resource, "it holds something else than its rows")
    served_at = answer.served_at
    if served_at is None:
        raise garbled(answer, resource, "it has no readable Date header")
    rows = _rows(answer, body, resource)
    return Envelope(rows, _next_url(answer, body, resource, len(rows)), served_at)


def only_row(answer: Answer, resource: str) -> dict[str, Json] | None:
    """Find the one row of an answer, an object or an array of one (facts/lightspeed.md, "JSON quirks")."""
    body = answer.json()
    try:
        rows = as_list(body.get(resource)) if isinstance(body, dict) else []
    except ValueError:
        return None
    return rows[0] if len(rows) == 1 else None


def garbled(answer: Answer, resource: str, why: str) -> GarbledAnswerError:
    """Say what is wrong with a list."""
    return GarbledAnswerError(
        f"The list {resource} cannot be used: {why}.", subject=answer.subject, request_id=answer.request_id
    )


def _rows(answer: Answer, body: dict[str, Json], resource: str) -> list[dict[str, Json]]:
    """One row comes as an object, none as a missing key (facts/lightspeed.md, "JSON quirks")."""
    try:
        rows = as_list(body.get(resource))
    except ValueError as error:
        raise garbled(answer, resource, str(error)) from None
    return rows


def _next_url(answer: Answer, body: dict[str, Json], resource: str, rows: int) -> str:
    """Find where the list goes on. A page with rows that does not say so may have been cut short."""
    attributes = body[ATTRIBUTES]
    next_url = attributes.get("next") if isinstance(attributes, dict) else None
    if next_url is None and not rows:
        return ""
    if not isinstance(next_url, str):
        raise garbled(answer, resource, "it does not say whether there are more rows")
    if next_url and not rows:
        raise garbled(answer, resource, "it has no rows and yet goes on")
    return next_url
