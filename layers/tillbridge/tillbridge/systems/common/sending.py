"""As much of the HTTP client as the adapters use, and what they say when it is open whether a write was done."""

from typing import Protocol

from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, Subject, SystemDownError
from tillbridge.systems.http import Answer, Request


class Sender(Protocol):
    """Carries requests: an ``HttpClient``, or one that asks for leave first."""

    @property
    def subject(self) -> Subject:
        """The system and connection that errors name."""
        ...

    def exchange(self, request: Request) -> Answer:
        """Exchange and return whatever status comes back; raises only when no whole answer came."""
        ...


def doubt(garbled: GarbledAnswerError, subject: Subject) -> DoubtfulWriteError:
    """Say of a write whose answer cannot be understood that it is open whether it was done (invariant 8)."""
    happened = f"{garbled.happened} It may or may not have been done."
    return DoubtfulWriteError(happened, code=garbled.code, subject=subject)


def stopped(answer: Answer, system: str, remedy: str = "") -> SystemDownError:
    """Say that another program refused a request: a web server, a firewall, a password page."""
    return SystemDownError(
        f"{answer.place} was stopped with status {answer.status} before it reached {system}.",
        remedy=remedy,
        code=f"Http{answer.status}",
        subject=answer.subject,
        request_id=answer.request_id,
    )
