"""The HTTP client that every adapter uses.

It follows no redirect, reads no proxy or password from the environment, keeps no cookies, repeats nothing by itself,
bounds the time and the size of an answer, and lets no query string, header or body into a log or an error.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Protocol

import requests
from urllib3.exceptions import HTTPError

from tillbridge.domain.errors import InputError, Subject, TillbridgeError
from tillbridge.systems.http.answer import Answer
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import failure_of, no_answer, refusal_of, too_large
from tillbridge.systems.http.guarded import GuardedAdapter
from tillbridge.systems.http.policy import AddressPolicy, AddressRefusedError
from tillbridge.systems.http.request import Request

NO_ANSWER = 0
_CHUNK = 64 * 1024

# These write whole addresses, and oauthlib even keys, below this level (invariant 5).
for _name in ("urllib3", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class CallHook(Protocol):
    """Hears of every exchange, for metrics. ``status`` is 0 when no answer came."""

    def __call__(self, *, method: str, route: str, status: int, seconds: float, cost: float) -> None:
        """Count one exchange."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportOptions:
    """Bounds in seconds and bytes; ``ca_bundle`` is a file of authorities to trust instead of the usual ones.

    A connection that lay idle is not used again: what stands between may have forgotten it, and then it cannot be
    known whether a write arrived.
    """

    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    total_seconds: float = 120.0
    idle_seconds: float = 30.0
    max_bytes: int = 32 * 1024 * 1024
    ca_bundle: str = ""
    user_agent: str = "Tillbridge"
    stopwatch: Callable[[], float] = time.monotonic


class HttpClient:
    """Speaks HTTP for one connection."""

    def __init__(
        self,
        system: str,
        connection: str,
        *,
        policy: AddressPolicy,
        clock: Clock,
        options: TransportOptions | None = None,
        calls: CallHook | None = None,
    ) -> None:
        self.subject = Subject(system=system, connection=connection)
        self.clock = clock
        self._policy = policy
        self._options = options or TransportOptions()
        self._calls = calls
        self._session = _session(policy, self._options, self.subject)
        self._last_used = self._options.stopwatch()

    def send(self, request: Request) -> Answer:
        """Exchange, and raise what means the same everywhere: redirects, 429 and 5xx. Other answers are returned."""
        answer = self.exchange(request)
        if refusal := refusal_of(answer, request, self.clock.now()):
            raise refusal
        return answer

    def exchange(self, request: Request) -> Answer:
        """Send and return whatever status comes back; raises only when no whole answer came."""
        self._policy.check_url(request.url, self.subject)
        self._drop_idle_connections()
        started = self._options.stopwatch()
        outcome = self._try(request, started)
        self._last_used = self._options.stopwatch()
        if self._calls:
            self._calls(
                method=request.method,
                route=request.route,
                status=outcome.status if isinstance(outcome, Answer) else NO_ANSWER,
                seconds=self._last_used - started,
                cost=request.cost,
            )
        # Raised here, outside any except block: an exception of the transport, which holds the query string, must not
        # hang on to ours as its context.
        if isinstance(outcome, TillbridgeError):
            raise outcome
        return outcome

    def close(self) -> None:
        """Close the connections; the client opens new ones when it is used again."""
        self._session.close()

    def _try(self, request: Request, started: float) -> Answer | TillbridgeError:
        options = self._options
        try:
            with self._session.request(
                request.method,
                request.url,
                params=dict(request.params),
                headers=dict(request.headers),
                json=request.json,
                data=request.data,
                auth=request.auth,
                timeout=(options.connect_seconds, options.read_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._read(response, request, started)
        except (requests.RequestException, HTTPError, OSError) as error:
            return failure_of(error, request, self.subject)
        except AddressRefusedError as refused:
            return refused

    def _read(self, response: requests.Response, request: Request, started: float) -> Answer | TillbridgeError:
        """Read the body in the pieces in which it arrives, so that a trickle cannot hold us for ever."""
        options = self._options
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > options.max_bytes:
                return too_large(request, self.subject, options.max_bytes)
            if options.stopwatch() - started > options.total_seconds:
                return no_answer(request, self.subject, f"the answer was not whole after {options.total_seconds:g} s")
        seconds = options.stopwatch() - started
        return Answer(response.status_code, response.headers, bytes(body), seconds, self.subject, request.place)

    def _drop_idle_connections(self) -> None:
        if self._options.stopwatch() - self._last_used > self._options.idle_seconds:
            self._session.close()


def _session(policy: AddressPolicy, options: TransportOptions, subject: Subject) -> requests.Session:
    if options.ca_bundle and not Path(options.ca_bundle).is_file():
        raise InputError("ca_bundle", f"There is no file {options.ca_bundle}.", remedy="Give the path of a PEM file.")
    session = requests.Session()
    session.trust_env = False
    session.verify = options.ca_bundle or True
    session.headers["User-Agent"] = options.user_agent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    adapter = GuardedAdapter(policy, subject)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
