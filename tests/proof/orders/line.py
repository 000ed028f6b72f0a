"""The way to the stand-ins, in process: it takes time, breaks by dice, and the till is down for an hour."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit

import requests
from urllib3 import HTTPResponse

from tests.fakes.crash import Crash, KilledError
from tests.proof.line import InProcess, Line, Trouble
from tillbridge.systems.http import AddressPolicy, HttpClient
from tillbridge.systems.http.failures import TOO_MANY

HOST = "api.lightspeedapp.com"
TOLD_AT_MOST = 9
"""A name that comes oftener than this during one order's visit is not told apart any more."""
THROTTLED = "throttled by the till itself"
HALF_A_CALL = timedelta(seconds=0.2)
READ_TIMEOUT = timedelta(seconds=30)


@dataclass
class Reaper(Crash):
    """Kills by dice: at every kind of step with some likelihood, and sooner at those at which nobody has died yet.

    A kind is a step's name, its lane, and how often the name has come since the worker turned to its present order.
    """

    dice: Random = field(default_factory=lambda: Random(1))
    share: float = 0.0
    first: float = 0.0  # the likelihood at a kind of step at which nobody has died yet
    lane: str = ""  # "" = nobody is at work
    met: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    _times: Counter[str] = field(default_factory=Counter)

    def begin(self, lane: str) -> None:
        """Have a worker begin."""
        self.lane = lane
        self._times.clear()

    def step(self, name: str) -> None:
        if not self.lane:
            return
        if name == "before order":
            self._times.clear()
        self._times[name] += 1
        kind = f"{self.lane}: {name} {min(self._times[name], TOLD_AT_MOST)}"
        self.met[kind] += 1
        if self.share and self.dice.random() < (self.share if self.killed[kind] else self.first):
            self.killed[kind] += 1
            raise KilledError(name)


@dataclass
class RoughLine(Line):
    """Breaks a share of the calls, and all to the till between two moments. ``meanwhile`` happens while one is out."""

    dice: Random = field(default_factory=lambda: Random(1))
    share: float = 0.0
    down: tuple[datetime, datetime] | None = None
    poison: Callable[[requests.PreparedRequest], Trouble | None] = lambda request: None  # strikes whatever it chooses
    meanwhile: Callable[[], None] = lambda: None
    told_of: Callable[[str, Trouble], None] = lambda host, trouble: None  # who wants to know what struck which host
    struck: Counter[str] = field(default_factory=Counter)
    done_unheard: Counter[str] = field(default_factory=Counter)
    """What was done at the till, drafts and completions among it, without its answer having come, by resource."""
    cut_off: list[datetime] = field(default_factory=list)  # when there was no till
    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Cost units by method and resource, as the till counted them."""
    least: dict[str, float] = field(default_factory=dict)
    """The cheapest call that has written each sale: by its reference, source and register, and by its id."""

    def client(self, system: str, connection_id: str) -> HttpClient:
        """Make our own client as the till's workers have it, with its last step replaced."""
        client = HttpClient(system, connection_id, policy=AddressPolicy.public_only(), clock=self.clock)
        client._session.mount("https://", InProcess(self))
        return client

    def carry(self, request: requests.PreparedRequest) -> HTTPResponse:
        name = _name(request)
        self.crash.step(f"before {name}")
        self.clock.sleep(HALF_A_CALL.total_seconds())
        self.meanwhile()
        host = urlsplit(str(request.url)).netloc
        struck = self.poison(request) or self._struck(host)
        if struck is not None:
            self.struck[struck.told] += 1
            if struck.done and request.method in {"POST", "PUT"}:
                self.done_unheard[name] += 1
            self.told_of(host, struck)
            if struck in {Trouble.SILENT, Trouble.LOST}:
                self.clock.sleep(READ_TIMEOUT.total_seconds())
        answer = self._with(struck, request) if struck else self._handled(request)
        self.clock.sleep(HALF_A_CALL.total_seconds())
        self.crash.step(f"after {name}")
        return answer

    def _struck(self, host: str) -> Trouble | None:
        if host == HOST and self.down and self.down[0] <= self.clock.now() < self.down[1]:
            self.cut_off.append(self.clock.now())
            return Trouble.REFUSED
        if self.share and self.dice.random() < self.share:
            return self.dice.choice(list(Trouble))
        return None

    def _handled(self, request: requests.PreparedRequest) -> HTTPResponse:
        answer = super()._handled(request)
        if answer.status == TOO_MANY:
            self.struck[THROTTLED] += 1
            return answer
        cost, path = float(answer.headers.get("X-LS-API-Request-Cost", 0)), urlsplit(str(request.url)).path
        self.spent[_name(request)] += cost
        if "/Sale" in path and request.method in {"POST", "PUT"}:
            self._note(json.loads(request.body or b"{}"), path.rpartition("/")[2].removesuffix(".json"), cost)
        return answer

    def _note(self, body: dict[str, object], of: str, cost: float) -> None:
        told = (body.get("referenceNumber"), body.get("referenceNumberSource"), body.get("shopID"))
        key = "/".join(map(str, told)) if body.get("referenceNumber") else f"sale {of}"
        self.least[key] = min(cost, self.least.get(key, cost))


def _name(request: requests.PreparedRequest) -> str:
    """Give a request's method and resource, without ids; a search for sales of ours has a name of its own."""
    _, _, resource = urlsplit(str(request.url)).path.partition("/Account/")
    by_reference = "referenceNumber" in urlsplit(str(request.url)).query
    method = "FIND" if by_reference else request.method
    return f"{method} {(resource.split('/')[1:] or ['Account'])[0].removesuffix('.json')}"
