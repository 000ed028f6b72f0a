"""A day of 10,000 tills whose tokens live for an hour: the rounds of ``token_refresh``, by a clock of their own.

Rounds, refresher, vault and records are the real ones, over a table and a vault that count and a token server that
keeps to its rules. The clock moves by what each request takes and by what the function's share of a processor needs;
nobody waits. Workers are left out: all renewals fall to the rounds.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from multiprocessing import get_context
from random import Random
from statistics import mean
from typing import Any, TypeVar
from unittest.mock import patch

from tests.bench import prices
from tests.bench.bill import DAYS, OTHER_SECONDS, REMOTE_SECONDS, TABLE_SECONDS, TOLD_BYTES
from tests.bench.sizes import ONE_PROCESSOR
from tests.bench.small_table import SmallTable, SmallVault
from tests.fakes.clock import NOON
from tests.fakes.dynamodb import resources
from tests.fakes.people import connection
from tests.fakes.stores import FakeOutbox, Memory
from tests.figures import Figure
from tests.proof.tally import shown
from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, SystemDownError, ThrottledError
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.merchant import Connection, Place, System
from tillbridge.flows import refresh
from tillbridge.flows.lane_work import Register
from tillbridge.flows.ports import Deadline
from tillbridge.flows.refresh import AT_ONCE, RefreshRound
from tillbridge.grants.due import DueBook
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.lease import GrantRecords
from tillbridge.grants.record import due_at
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.token_errors import GrantRefusedError
from tillbridge.grants.vault import Vault

Result = TypeVar("Result")

TILLS = 10_000
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LIFE = HOUR
TROUBLES = 0.01
VENDORS_LIMIT = 5  # attempts a minute for one connection (facts/lightspeed.md, "Refresh tokens")
PROCESSOR_SECONDS = 0.033
"""Of a whole processor, for one renewal: 7 ms to write and read the requests, 26 ms for a new TLS connection."""
AIM_ATTEMPTS, AIM_SPREAD, AIM_ROUND = 1.05, 1.2, 55
JWT_BYTES, REFRESH_BYTES = 900, 700
"""Long tokens are normal: the row of the table does not hold them, the secret does."""


@dataclass
class SharedClock:
    """The day's time. Waits are shared by the ``AT_ONCE`` threads of a round, the processor is not."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Wait for a remote answer, while the other threads go on."""
        self.work(seconds / AT_ONCE)

    def work(self, seconds: float) -> None:
        """Keep the processor busy."""
        self.time += timedelta(seconds=seconds)


class InTurn(Executor):
    """Does in turn what a round does at once: quicker here, and the same in every run. The clock knows."""

    def __init__(self, _: int) -> None:
        super().__init__()

    def map(self, fn: Callable[..., Result], *iterables: Iterable[Any], **_: Any) -> Iterator[Result]:
        return map(fn, *iterables)


@dataclass(frozen=True, slots=True)
class Left:
    """What an invocation has left."""

    clock: SharedClock
    end: datetime

    def left(self) -> timedelta:
        return self.end - self.clock.now()


@dataclass
class Vendor:
    """One grant at the vendor."""

    refresh: str
    previous: str = ""
    attempts: deque[datetime] = field(default_factory=deque)


@dataclass
class FleetServer:
    """The token server: rotation, five attempts a minute, trouble in a ``share`` of answers, before or after effect."""

    clock: SharedClock
    share: float
    grants: dict[str, Vendor] = field(default_factory=dict)
    given: dict[str, TokenPair] = field(default_factory=dict)  # the newest pairs that arrived
    calls: Counter[str] = field(default_factory=Counter)
    client_id: str = "client-1"

    def authorise(self, connection_id: str) -> TokenPair:
        pair = self._pair(connection_id)
        self.grants[connection_id] = Vendor(pair.refresh.reveal())
        self.given[connection_id] = pair
        return pair

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        self.clock.wait(REMOTE_SECONDS)
        grant, now = self.grants[connection_id], self.clock.now()
        self.calls["attempts"] += 1
        while grant.attempts and now - grant.attempts[0] >= MINUTE:
            grant.attempts.popleft()
        if len(grant.attempts) >= VENDORS_LIMIT:
            self.calls["over the limit"] += 1
            raise ThrottledError("Too many attempts.", after=60)
        grant.attempts.append(now)
        return self._answer(connection_id, grant, token.reveal())

    def revoke(self, connection_id: str, token: Secret) -> None:
        raise AssertionError("nothing is given back here")

    def _answer(self, connection_id: str, grant: Vendor, token: str) -> TokenPair:
        if token not in {grant.refresh, grant.previous} - {""}:
            self.calls["refused"] += 1
            raise GrantRefusedError("The token server does not take the grant.")
        trouble = self._trouble(connection_id)
        if trouble in {1, 2}:
            raise SystemDownError("503") if trouble == 1 else ThrottledError("429", after=7)
        pair = self._pair(connection_id)
        grant.refresh, grant.previous = pair.refresh.reveal(), token
        if trouble:
            raise DoubtfulWriteError("timeout") if trouble == 3 else GarbledAnswerError("half an answer")
        grant.previous = ""  # the pair arrives, and a worker uses it
        self.given[connection_id] = pair
        return pair

    def _trouble(self, connection_id: str) -> int:
        """Give the kind of trouble of this attempt, 1 to 4, or 0 for none; the same in every run."""
        number = self.calls[connection_id] = self.calls[connection_id] + 1
        dice = int.from_bytes(blake2b(f"{connection_id}/{number}".encode(), digest_size=4).digest())
        return 1 + dice % 4 if dice < self.share * 2**32 else 0

    def _pair(self, connection_id: str) -> TokenPair:
        number = self.calls["numbers"] = self.calls["numbers"] + 1
        now, name = self.clock.now(), f"{connection_id}/{number}/"
        access, refresh = Secret(name.ljust(JWT_BYTES, "a")), Secret(name.ljust(REFRESH_BYTES, "r"))
        return TokenPair(access, refresh, now, now + LIFE)


@dataclass
class FleetConnections:
    """The connections of the fleet: found by id through an index, for half a unit."""

    tills: dict[str, Connection]
    table: SmallTable

    def get(self, connection_id: str) -> Connection:
        self.table.wait(self.table.seconds)
        self.table.units["read"] += 0.5
        return self.tills[connection_id]


@dataclass
class Seen:
    """What is seen of a day."""

    renewals: int = 0
    delay: float = 0  # the worst, in seconds past the due time
    ended: int = 0  # pairs whose access token had ended before the next one came
    least_left: timedelta = LIFE  # of the access token, when the next one came
    over_the_limit: int = 0
    refused: int = 0
    per_minute: list[int] = field(default_factory=list)  # attempts
    busy: list[float] = field(default_factory=list)  # seconds that rounds took
    units: dict[str, float] = field(default_factory=dict)
    secret_calls: int = 0

    @property
    def attempts(self) -> int:
        """Count the calls to the token server."""
        return sum(self.per_minute)

    @property
    def evenness(self) -> float:
        """Give the busiest minute over the mean."""
        return max(self.per_minute) / mean(self.per_minute)


@dataclass
class Day:
    """One day with so much trouble; tills are in the midst of their tokens' lives, or got them all ``together``."""

    trouble: float
    together: bool = False
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        self.function = resources()["TokenRefresh"]["Properties"]
        self.processor = PROCESSOR_SECONDS / (self.function["MemorySize"] / ONE_PROCESSOR)
        self.clock = SharedClock()
        self.table = SmallTable(self.clock.wait, TABLE_SECONDS)
        self.secrets = SmallVault(self.clock.wait, OTHER_SECONDS)
        self.server = FleetServer(self.clock, self.trouble)
        self.records = GrantRecords(self.table, "bench")  # type: ignore[arg-type]
        vault = Vault(SecretsManager(self.secrets), self.clock, "tillbridge/bench/")  # type: ignore[arg-type]
        self.keeper = GrantKeeper(vault, self.records, self.server, self.clock)
        self.refresher = Refresher(vault, self.records, self.server, self.clock)
        names = [f"c-{blake2b(str(number).encode(), digest_size=8).hexdigest()}" for number in range(TILLS)]
        self.tills = {name: _till(name) for name in names}
        connections = FleetConnections(self.tills, self.table)
        register = Register(connections, FakeOutbox(Memory()), self.clock)  # type: ignore[arg-type]
        self.round = RefreshRound(DueBook(self.records), self._renew, register, self.keeper)
        self._connect_everybody()

    def play(self, settle: timedelta, length: timedelta) -> Seen:
        """Let time pass, a round a minute; the time in which the fleet settles counts for nothing."""
        begins, timeout = self.clock.now(), timedelta(seconds=self.function["Timeout"])
        self._forget()
        for minute in shown(f"10,000 tills, {self.trouble:.0%} trouble", range((settle + length) // MINUTE)):
            if minute == settle // MINUTE:
                self._forget()
            self.clock.time = max(self.clock.now(), begins + minute * MINUTE)
            at, before = self.clock.now(), self.server.calls["attempts"]
            with patch.object(refresh, "ThreadPoolExecutor", InTurn):
                self.round.run(Left(self.clock, at + timeout))
            self.seen.per_minute.append(self.server.calls["attempts"] - before)
            self.seen.busy.append((self.clock.now() - at).total_seconds())
        now = self.clock.now()
        self.seen.ended += sum(pair.expires_at <= now for pair in self.server.given.values())
        self.seen.over_the_limit, self.seen.refused = self.server.calls["over the limit"], self.server.calls["refused"]
        self.seen.units, self.seen.secret_calls = self.table.units, self.secrets.calls.total()
        return self.seen

    def _renew(self, place: Place, deadline: Deadline) -> None:
        """Renew as ``token_refresh`` does, and note how late that was."""
        self.clock.work(self.processor)
        before, seen = self.server.given[place.connection_id], self.seen
        self.refresher.token(place, deadline, early=True)
        after, now = self.server.given[place.connection_id], self.clock.now()
        if after is not before:
            seen.renewals += 1
            seen.delay = max(seen.delay, (now - due_at(place.connection_id, before)).total_seconds())
            seen.ended += now >= before.expires_at
            seen.least_left = min(seen.least_left, before.expires_at - now)

    def _forget(self) -> None:
        """Begin to count."""
        self.seen = Seen()
        self.table.units |= {"read": 0, "write": 0}
        self.secrets.calls.clear()

    def _connect_everybody(self) -> None:
        """Connect each till, so that whatever part of its time until the next renewal has passed by now."""
        dice, noon = Random(7), TokenPair(Secret(""), Secret(""), NOON, NOON + LIFE)
        for name, till in self.tills.items():
            period = due_at(name, noon) - NOON
            self.clock.time = NOON - (0 if self.together else dice.random()) * period
            self.keeper.keep_tokens(till.place, self.server.authorise(name))
        self.clock.time = NOON


def day(trouble: float) -> Seen:
    """Play one day, after an hour in which the fleet settles."""
    return Day(trouble).play(HOUR, DAY)


def tokens_of_ten_thousand() -> Iterator[Figure]:
    """Let one day pass without trouble, and one with some, side by side."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        calm, rough = pool.map(day, (0.0, TROUBLES))
    function = resources()["TokenRefresh"]["Properties"]
    name = f"{TILLS:,} tills renewed for a day"
    rubbed = f"with 1 % trouble {rough.attempts / rough.renewals:.3f}"
    due = f"{calm.attempts:,} of {calm.renewals:,}; {rubbed}"
    yield Figure(f"{name}: attempts over what fell due", calm.attempts / calm.renewals, "ratio", AIM_ATTEMPTS, due)
    whole = TILLS * DAY / LIFE
    yield Figure(
        f"{name}: attempts over hours of life", calm.attempts / whole, "ratio", note="a third is left to spare"
    )
    left = f"with 1 % trouble; then {rough.least_left.total_seconds() / 60:.1f} min of life were left at the least"
    yield Figure(f"{name}: worst delay past the due time", rough.delay, "s", note=f"{left}; {calm.delay:.0f} without")
    yield Figure(f"{name}: tokens that ended first", calm.ended + rough.ended, "tokens", 0)
    bad = [seen.over_the_limit + seen.refused for seen in (calm, rough)]
    yield Figure(f"{name}: over the vendor's limit, or dead tokens sent", sum(bad), "attempts", 0)
    busiest = f"{max(calm.per_minute):,} against {mean(calm.per_minute):,.0f}; with 1 % trouble {rough.evenness:.2f}"
    yield Figure(f"{name}: busiest minute over the mean", calm.evenness, "ratio", AIM_SPREAD, busiest)
    longest = (
        f"mean {mean(calm.busy):.1f} s; {function['MemorySize']} MB, ended by Lambda after {function['Timeout']} s"
    )
    yield Figure(f"{name}: longest round", max(calm.busy), "s", AIM_ROUND, longest)
    together = Day(0, together=True).play(timedelta(), LIFE)
    spare = (
        f"{together.renewals:,} renewed; {together.least_left.total_seconds() / 60:.1f} min of life left at the least"
    )
    yield Figure(f"{TILLS:,} tokens got at once: ended first", together.ended, "tokens", 0, spare)
    yield from _bill(calm, function["MemorySize"] / 1024)


def _bill(seen: Seen, memory: float) -> Iterator[Figure]:
    """Tell what a renewal takes of table and vault, and what a thousand tills cost in a month; ``memory`` is in GB."""
    reads, writes = seen.units["read"], seen.units["write"]
    found = "with its part of the queries that find what is due"
    yield Figure("a renewal: read units of the table", reads / seen.renewals, "units", note=found)
    yield Figure("a renewal: write units of the table", writes / seen.renewals, "units", note="the index included")
    yield Figure("a renewal: requests to the vault", seen.secret_calls / seen.renewals, "requests")
    rounds = DAY // MINUTE
    parts = {
        "vault": seen.secret_calls * prices.SECRET_CALL,
        "table": reads * prices.TABLE_READ_UNIT + writes * prices.TABLE_WRITE_UNIT,
        "Lambda": sum(seen.busy) * memory * prices.LAMBDA_GB_SECOND + rounds * prices.LAMBDA_REQUEST,
        "logs": rounds * TOLD_BYTES / 1e9 * prices.LOG_GB,
    }
    months = {part: cost * DAYS / TILLS * 1000 for part, cost in parts.items()}
    note = ", ".join(f"{part} {cost:.2f}" for part, cost in months.items())
    keeping = f"keeping a thousand secrets is {1000 * prices.SECRET_MONTH:.0f} more"
    yield Figure("renewing 1,000 tills for a month at AWS", sum(months.values()), "$", note=f"{note}; {keeping}")


def _till(name: str) -> Connection:
    return connection(name, f"m-{name}", system=System.LIGHTSPEED, account_id=name)
