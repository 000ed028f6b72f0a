"""A till of scripted answers: no sockets, and time passes only when somebody sleeps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from requests.structures import CaseInsensitiveDict

from tests.unit.systems.lightspeed.samples import NOW, SERVED
from tillbridge.domain.errors import Subject, UnauthorisedError
from tillbridge.systems.http import AddressPolicy, Answer, HttpClient, Request
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill

HOST = "https://api.example.com"
ACCOUNT = "182255"
SUBJECT = Subject(system="lightspeed", connection="c1")


@dataclass
class HandClock:
    """Time that moves when somebody sleeps or the test says so."""

    at: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class Tokens:
    """Access tokens in the order in which they are issued."""

    values: list[str] = field(default_factory=lambda: ["token-1", "token-2"])
    rejected: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)

    def current(self) -> str:
        return self.values[len(self.rejected)]

    def renew(self, rejected: str, told: str) -> str:
        self.rejected.append(rejected)
        self.told.append(told)
        if len(self.rejected) >= len(self.values):
            raise UnauthorisedError("The grant has ended.")
        return self.current()

    def forbidden(self, what: str) -> None:
        self.barred.append(what)


class ScriptedHttp(HttpClient):
    """Plays answers in order and keeps the requests."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        super().__init__("lightspeed", "c1", policy=AddressPolicy.public_only(), clock=HandClock())
        self.answers = list(answers)
        self.sent: list[Request] = []

    def exchange(self, request: Request) -> Answer:
        self.sent.append(request)
        return self.answers.pop(0)


def answer(body: Any = None, /, **headers: str) -> Answer:
    """Make an answer; header names are given with underscores."""
    return refused(200, body, **headers)


def refused(status: int, body: Any = None, /, **headers: str) -> Answer:
    """Make an answer with a status."""
    named = {"Date": SERVED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, CaseInsensitiveDict(named), raw, 0.1, SUBJECT, "GET api.example.com/x")


def page(resource: str, rows: Any = None, next_url: str = "", **headers: str) -> Answer:
    """Make one page of a list; ``rows`` None leaves the key out."""
    shown = {} if rows is None else {resource: rows}
    return answer({"@attributes": {"next": next_url, "previous": ""}, **shown}, **headers)


def list_url(resource: str, query: str = "after=WzFd") -> str:
    return f"{HOST}/API/V3/Account/{ACCOUNT}/{resource}.json?{query}"


@dataclass
class Desk:
    """A till over scripted answers, with everything that a test may look at."""

    http: ScriptedHttp
    clock: HandClock
    tokens: Tokens
    client: LightspeedClient
    till: LightspeedTill


def desk(*answers: Answer, budget: BudgetBook | None = None, clock: HandClock | None = None) -> Desk:
    http, clock, tokens = ScriptedHttp(answers), clock or HandClock(), Tokens()
    client = LightspeedClient(http, tokens, clock=clock, budget=budget or BudgetBook(clock), base_url=HOST)
    return Desk(http, clock, tokens, client.of_account(ACCOUNT), LightspeedTill(client, ACCOUNT))
