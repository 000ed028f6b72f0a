"""A sender that gives prepared answers and remembers what it was asked."""

import json
from dataclasses import dataclass, field
from typing import Any

from requests.structures import CaseInsensitiveDict

from tillbridge.domain.errors import Subject
from tillbridge.systems.http import Answer, Request

SUBJECT = Subject(system="woocommerce", connection="c1")


def answer(body: object = None, status: int = 200, **headers: str) -> Answer:
    """Make an answer; a body that is bytes is taken as it is."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    return Answer(status, named, raw, 0.1, SUBJECT, "GET shop.test/wp-json/wc/v3/x")


def refusal(code: str, status: int = 400, **data: Any) -> Answer:
    return answer({"code": code, "message": "nein", "data": {"status": status, **data}}, status)


@dataclass
class ScriptedSender:
    """Answers in turn; the last answer is given for ever."""

    answers: list[Answer]
    asked: list[Request] = field(default_factory=list)
    subject: Subject = SUBJECT

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def exchange(self, request: Request) -> Answer:
        return self.send(request)
