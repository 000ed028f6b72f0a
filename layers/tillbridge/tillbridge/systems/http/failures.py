"""Which family of error a failed exchange belongs to. The facts of a failure are sorted here and nowhere else."""

import math
import ssl
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    MisconfiguredSystemError,
    Subject,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
)
from tillbridge.systems.http.answer import Answer, read_http_date
from tillbridge.systems.http.request import Request

MOVED = frozenset({301, 302, 303, 307, 308})
TOO_MANY, SERVER_TROUBLE = 429, 500
LONGEST_PAUSE = 3600.0
"""Seconds. Who needs a longer rest says so again when asked; a mistaken header must not silence a connection."""

_NEVER_SENT = (NewConnectionError, NameResolutionError, ConnectTimeoutError, requests.ConnectTimeout)
_BAD_REQUEST = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


def failure_of(error: Exception, request: Request, subject: Subject) -> TillbridgeError:
    """Sort an exception of the transport. Its own text is dropped: it holds the query string (invariant 5)."""
    causes = list(_causes(error))
    if isinstance(error, _BAD_REQUEST):
        return MisconfiguredSystemError(
            f"{request.place} cannot be asked: the address or a header is malformed.",
            remedy="Connect again with the correct address and keys.",
            code="BadAddress",
            subject=subject,
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return MisconfiguredSystemError(
            f"The certificate of {urlsplit(request.url).hostname} cannot be trusted: {_certificate_trouble(causes)}.",
            remedy="Install a valid certificate with all its intermediate certificates on the server.",
            code="BadCertificate",
            subject=subject,
        )
    sent = not any(isinstance(cause, _NEVER_SENT) for cause in causes)
    return no_answer(request, subject, _describe(error, causes), sent=sent)


def no_answer(request: Request, subject: Subject, trouble: str, *, sent: bool = True) -> SystemDownError:
    """Say that no usable answer came; a write that may have been done is told apart (invariant 8)."""
    if sent and not request.harmless:
        return DoubtfulWriteError(
            f"{request.place} got no answer: {trouble}. It may or may not have been done.", subject=subject
        )
    return SystemDownError(f"{request.place} got no answer: {trouble}.", subject=subject)


def too_large(request: Request, subject: Subject, limit: int) -> TillbridgeError:
    """Say that an answer was longer than anything we asked for can be."""
    trouble = f"the answer is longer than {limit} bytes"
    if not request.harmless:
        return no_answer(request, subject, trouble)
    return GarbledAnswerError(f"{request.place}: {trouble}.", code="AnswerTooLarge", subject=subject)


def refusal_of(answer: Answer, request: Request, now: datetime) -> TillbridgeError | None:
    """Sort the statuses that mean the same everywhere; ``None`` leaves the answer to the adapter."""
    if answer.status in MOVED:
        return _moved(answer, request)
    if answer.status == TOO_MANY:
        return ThrottledError(
            f"{request.place} was refused because we call too often.",
            after=retry_after(answer, now),
            code="Throttled",
            subject=answer.subject,
            request_id=answer.request_id,
        )
    if answer.status >= SERVER_TROUBLE:
        return _server_trouble(answer, request, now)
    return None


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Read the header Retry-After as seconds from now, given as a number or as an HTTP date; an hour at most."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        date = read_http_date(text)
        seconds = (date - now).total_seconds() if date else math.nan
    return min(max(0.0, seconds), LONGEST_PAUSE) if math.isfinite(seconds) else None


def _moved(answer: Answer, request: Request) -> MisconfiguredSystemError:
    """Refuse to follow: the credentials were meant for the address that was given, not for another one."""
    target = urlsplit(answer.headers.get("Location", ""))
    host = f"{target.scheme}://{target.hostname}" if target.hostname else "another page of the same host"
    return MisconfiguredSystemError(
        f"{request.place} redirects to {host} (status {answer.status}).",
        remedy="Enter the final address, the one that a browser shows after the page has loaded.",
        code="Redirected",
        subject=answer.subject,
    )


def _server_trouble(answer: Answer, request: Request, now: datetime) -> SystemDownError:
    family = SystemDownError if request.harmless else DoubtfulWriteError
    return family(
        f"{request.place} failed on the other side with status {answer.status}.",
        after=retry_after(answer, now),
        code=f"Http{answer.status}",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Go through an exception and what it wraps, in whichever of Python's ways."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, cause.__cause__, cause.__context__, getattr(cause, "reason", None)]


def _describe(error: Exception, causes: list[BaseException]) -> str:
    if any(isinstance(cause, NameResolutionError) for cause in causes):
        return "the name of the host cannot be resolved"
    if any(isinstance(cause, (requests.Timeout, TimeoutError)) for cause in causes):
        return "it took too long"
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return "the connection was refused"
    return f"the connection broke ({type(error).__name__})"


def _certificate_trouble(causes: list[BaseException]) -> str:
    found = next(cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError))
    return str(getattr(found, "verify_message", "") or "verification failed")
