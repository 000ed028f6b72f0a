"""Asks for leave before each request that changes something in the remote system."""

from collections.abc import Callable
from dataclasses import dataclass

from tillbridge.domain.errors import Subject
from tillbridge.systems.http.answer import Answer
from tillbridge.systems.http.client import HttpClient
from tillbridge.systems.http.request import Request


@dataclass(frozen=True, slots=True)
class FencedClient:
    """An ``HttpClient`` whose writes go out only when ``may_send`` raises nothing; reads always do."""

    http: HttpClient
    may_send: Callable[[], None]

    @property
    def subject(self) -> Subject:
        """The system and connection that errors name."""
        return self.http.subject

    def send(self, request: Request) -> Answer:
        """Exchange, and raise what means the same everywhere."""
        if not request.reads:
            self.may_send()
        return self.http.send(request)

    def exchange(self, request: Request) -> Answer:
        """Exchange and return whatever status comes back."""
        if not request.reads:
            self.may_send()
        return self.http.exchange(request)
