"""Record the HTTP calls of a run, and make the very same calls again with a bare script."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import requests

SECONDS = 120


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call as it was sent, and the status that came back; 0 when no answer came."""

    method: str
    url: str
    body: bytes
    status: int


@contextmanager
def recording() -> Iterator[list[Recorded]]:
    """Keep every call that goes through ``requests`` inside the block."""
    calls: list[Recorded] = []
    send = requests.Session.send

    def sending(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        status = 0
        try:
            answer = send(session, request, **options)
            status = answer.status_code
        finally:
            body = request.body.encode() if isinstance(request.body, str) else request.body or b""
            calls.append(Recorded(request.method or "", request.url or "", bytes(body), status))
        return answer

    with patch.object(requests.Session, "send", sending):
        yield calls


@dataclass(frozen=True, slots=True)
class Remote:
    """A system as the bare script knows it: where it is now and how to sign in."""

    url: str
    headers: Mapping[str, str]
    auth: tuple[str, str] | None = None


class DivergedError(Exception):
    """The bare script got another answer than the recorded run, so that their times cannot be compared."""


def replay(calls: Sequence[Recorded], remotes: Mapping[str, Remote], ca_file: str) -> float:
    """Make the calls again and give the seconds that took.

    ``remotes`` says, by the address that was recorded, where each system is now. Every answer is decoded, since no
    script could work without that.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = ca_file
    began = time.perf_counter()
    for call in calls:
        _again(session, call, remotes)
    return time.perf_counter() - began


def _within_limits(send: Callable[[], requests.Response]) -> requests.Response:
    """Send until it is not too often: a script that calls faster than we did meets the till's limits, as we would."""
    while (answer := send()).status_code == requests.codes.too_many_requests:
        time.sleep(float(answer.headers["Retry-After"]))
    return answer


def _again(session: requests.Session, call: Recorded, remotes: Mapping[str, Remote]) -> None:
    url, body = call.url, call.body
    remote = next(remote for recorded, remote in remotes.items() if url.startswith(recorded))
    for recorded, other in remotes.items():
        url, body = url.replace(recorded, other.url), body.replace(recorded.encode(), other.url.encode())
    headers = {**remote.headers, "Content-Type": "application/json"} if body else remote.headers
    answer = _within_limits(
        lambda: session.request(call.method, url, data=body or None, headers=headers, auth=remote.auth, timeout=SECONDS)
    )
    answer.json()
    if answer.status_code != call.status:
        raise DivergedError(f"{call.method} {url} answered {answer.status_code}, and {call.status} when recorded")
