"""A Lightspeed till in this process, over real sockets but on a clock that the test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.common.faults import Fault
from sandbox.common.instrument import Instruments
from sandbox.common.ledger import Call
from sandbox.common.server import serve
from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.settings import Client, Settings
from sandbox.lightspeed.state import Lightspeed
from tillbridge.domain.errors import UnauthorisedError
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedCounter, LightspeedTill

CLIENT_ID = "connector"
START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
EVERYTHING = ("employee:all",)


@dataclass
class HandClock:
    """Time that moves when somebody sleeps, at the till as well as here."""

    at: datetime = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class GrantTokens:
    """The access token of a grant, refreshed at the stand-in itself."""

    state: Lightspeed
    employee: int
    scopes: tuple[str, ...]
    renewals: int = 0

    def __post_init__(self) -> None:
        self.issued = self.state.grants.new(CLIENT_ID, self.employee, self.scopes, legacy=False)

    def current(self) -> str:
        return self.issued.access_token

    def renew(self, rejected: str, told: str) -> str:
        if rejected != self.issued.access_token:
            raise AssertionError("another token than the current one was refused")
        if self.renewals:
            raise UnauthorisedError("The grant has ended.")
        self.renewals += 1
        self.issued = self.state.grants.refresh(CLIENT_ID, self.issued.refresh_token)
        return self.current()

    def forbidden(self, what: str) -> None:
        """Note nothing."""


@dataclass
class Shopfloor:
    """The stand-in, and tills connected to it."""

    state: Lightspeed
    instruments: Instruments
    url: str
    clock: HandClock
    read_seconds: float = 30
    """How long an answer is waited for, by the machine's own clock: a busy machine takes its time."""

    def till(self, *, account: str | None = None, **options: Any) -> LightspeedTill:
        """Connect as an employee."""
        return LightspeedTill(
            self.client(**options), str(self.state.settings.account_id) if account is None else account
        )

    def hurry(self) -> None:
        """Let tills that are connected from now on give up on an answer soon."""
        self.read_seconds = 2

    def counter(self, **options: Any) -> LightspeedCounter:
        """Connect to sell."""
        return LightspeedCounter(self.client(**options), str(self.state.settings.account_id))

    def stock(self, item: int = 5, shop: int = 1) -> int:
        return self.state.retailer.stock.of(item, shop).qoh

    def client(
        self,
        *,
        employee: int = 1,
        scopes: tuple[str, ...] = EVERYTHING,
        budget: BudgetBook | None = None,
        tokens: GrantTokens | None = None,
    ) -> LightspeedClient:
        options = TransportOptions(read_seconds=self.read_seconds)
        http = HttpClient("lightspeed", "c1", policy=AddressPolicy.local(), clock=self.clock, options=options)
        return LightspeedClient(
            http,
            tokens or GrantTokens(self.state, employee, scopes),
            clock=self.clock,
            budget=budget or BudgetBook(self.clock),
            base_url=self.url,
        )

    def fault(self, fault: Fault) -> None:
        self.instruments.faults.add(fault)

    def calls(self) -> list[Call]:
        return self.instruments.ledger.calls()

    def forget_calls(self) -> None:
        self.instruments.ledger.reset()

    def fill_bucket(self, level: float, size: float = 90.0, drip: float = 1.0) -> None:
        """Set the bucket of the connection as if others had called."""
        self.state.limiter.resize(size, drip)
        bucket = self.state.limiter.bucket(f"{self.state.settings.account_id}/{CLIENT_ID}")
        bucket.level, bucket.updated = level, self.clock.at


@contextmanager
def shopfloor(settings: Settings | None = None) -> Iterator[Shopfloor]:
    """Open a till with a bucket so large that only tests about limits notice it."""
    clock = HandClock()
    chosen = settings or Settings(clients=(_CLIENT,), bucket_size=1_000_000.0)
    state = Lightspeed(chosen, clock)
    instruments = Instruments(clock=state.clock)
    with serve(build_app(state, instruments)) as server:
        yield Shopfloor(state, instruments, server.url, clock)


_CLIENT = Client(CLIENT_ID, "a secret", "https://connector.example.com/callback")
