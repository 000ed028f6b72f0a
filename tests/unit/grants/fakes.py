"""A vault, records and a token server in memory; at every step of theirs a process may die or sleep."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from tests.fakes.clock import NOON, FakeClock, FakeDeadline
from tests.fakes.people import place
from tillbridge.domain.errors import DoubtfulWriteError, ThrottledError, TillbridgeError
from tillbridge.domain.grant import DueGrant, Grant, Rejected, Secret, TokenPair
from tillbridge.domain.merchant import Place
from tillbridge.grants.record import Death, GrantRecord, due_at, shard_of
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import VersionTakenError
from tillbridge.grants.timing import LEASE
from tillbridge.grants.token_errors import GrantRefusedError
from tillbridge.grants.vault import Vault

CONNECTION = "c1"
TILL = place(CONNECTION)
HOUR = timedelta(hours=1)

Step = Callable[[str], None]


def no_step(name: str) -> None:
    """Pass every point."""


@dataclass
class FakeSecretStore:
    """Versions are written once, as in Secrets Manager. ``fail`` raises at a write, once per entry."""

    versions: dict[str, dict[int, str]] = field(default_factory=dict)
    step: Step = no_step
    fail: list[Exception] = field(default_factory=list)
    reads: int = 0

    def read(self, name: str) -> str | None:
        self.step("read secret")
        self.reads += 1
        kept = self.versions.get(name)
        return kept[max(kept)] if kept else None

    def write(self, name: str, content: str, version: int, tags: Mapping[str, str] | None = None) -> None:
        self.step("before secret")
        if self.fail:
            raise self.fail.pop(0)
        kept = self.versions.setdefault(name, {})
        if kept.get(version, content) != content:
            raise VersionTakenError
        kept[version] = content
        self.step("after secret")

    def delete(self, name: str) -> None:
        self.step("before delete")
        self.versions.pop(name, None)
        self.step("after delete")


@dataclass
class FakeRecords:
    """The records with the conditions of the real ones; one contract suite runs against both."""

    rows: dict[str, GrantRecord] = field(default_factory=dict)
    obtained: dict[str, datetime] = field(default_factory=dict)
    step: Step = no_step

    def read(self, connection_id: str) -> GrantRecord | None:
        self.step("read record")
        return self.rows.get(connection_id)

    def begin(self, place: Place, look_at: datetime) -> None:
        self._write(lambda: self._begin(place, look_at))

    def acquire(self, record: GrantRecord, now: datetime) -> GrantRecord | None:
        self.step("before acquire")
        row = self.rows[record.connection_id]
        free = row.lease_until is None or row.lease_until <= now
        if not (free and (row.fence, row.version) == (record.fence, record.version)):
            return None
        held = record.attempting(now, fence=record.fence + 1)
        self.rows[record.connection_id] = replace(held, doubt_at=row.doubt_at or now)
        self.step("after acquire")
        return held

    def extend(self, held: GrantRecord, now: datetime) -> GrantRecord | None:
        longer = held.attempting(now, fence=held.fence)
        done = self._mine(held, lambda row: replace(row, lease_until=now + LEASE, attempts=longer.attempts))
        return longer if done else None

    def settle(self, connection_id: str, grant: Grant) -> None:
        self.step("before settle")
        row = self.rows.get(connection_id)
        if row is not None and row.version < grant.version:
            self.rows[connection_id] = GrantRecord(
                place=row.place,
                version=grant.version,
                fence=row.fence + 1,
                attempts=row.attempts,
                forbidden_at=row.forbidden_at if grant.predecessor else None,
                forbidden=row.forbidden if grant.predecessor else "",
                due_at=due_at(connection_id, grant.pair),
            )
            self.obtained[connection_id] = grant.pair.obtained_at
        self.step("after settle")

    def forbid(self, connection_id: str, at: datetime, what: str) -> None:
        if connection_id in self.rows:
            self._write(lambda: self._forbid(connection_id, at, what))

    def fail(self, held: GrantRecord, retry_at: datetime, problem: str, *, doubt: bool) -> None:
        self._mine(
            held,
            lambda row: replace(
                row,
                failures=held.failures + 1,
                retry_at=retry_at,
                due_at=retry_at,
                lease_until=None,
                doubt_at=row.doubt_at if doubt or held.doubt_at else None,
            ),
        )

    def release(self, held: GrantRecord) -> None:
        self._mine(held, lambda row: replace(row, lease_until=None, doubt_at=row.doubt_at if held.doubt_at else None))

    def die(self, held: GrantRecord, death: Death) -> bool:
        return self._mine(
            held,
            lambda row: replace(row, death=death, lease_until=None, retry_at=None, due_at=None),
            version=held.version,
        )

    def look_again(self, connection_id: str, due_at: datetime, at: datetime) -> None:
        if connection_id in self.rows and self.rows[connection_id].due_at == due_at:
            self.look(connection_id, at)

    def look(self, connection_id: str, at: datetime) -> None:
        self._write(lambda: self._look(connection_id, at))

    def look_no_more(self, connection_id: str) -> None:
        self._write(lambda: self._look(connection_id, None))

    def forget(self, connection_id: str) -> None:
        self._write(lambda: self.rows.pop(connection_id, None))

    def due(self, shard: int, now: datetime, limit: int) -> list[DueGrant]:
        found = [
            DueGrant(row.place, row.due_at, self.obtained.get(row.connection_id))
            for row in self.rows.values()
            if shard_of(row.connection_id) == shard and row.due_at is not None and row.due_at <= now
        ]
        return sorted(found, key=lambda grant: grant.due_at)[:limit]

    def _begin(self, place: Place, look_at: datetime) -> None:
        self.rows.setdefault(place.connection_id, GrantRecord(place=place, due_at=look_at))

    def _forbid(self, connection_id: str, at: datetime, what: str) -> None:
        self.rows[connection_id] = replace(self.rows[connection_id], forbidden_at=at, forbidden=what)

    def _look(self, connection_id: str, at: datetime | None) -> None:
        if connection_id in self.rows:
            self.rows[connection_id] = replace(self.rows[connection_id], due_at=at)

    def _mine(
        self, held: GrantRecord, change: Callable[[GrantRecord], GrantRecord], version: int | None = None
    ) -> bool:
        self.step("before record")
        row = self.rows[held.connection_id]
        mine = row.fence == held.fence and version in {None, row.version}
        if mine:
            self.rows[held.connection_id] = change(row)
        self.step("after record")
        return mine

    def _write(self, write: Callable[[], object]) -> None:
        self.step("before record")
        write()
        self.step("after record")


@dataclass
class FakeTokenServer:
    """One grant at a vendor, with the rules that decide the design (facts/lightspeed.md, "Refresh tokens").

    ``at_once``: the spent refresh token dies at once (2024), not at the first use of the new access token (2026).
    ``family``: the use of a dead refresh token ends the whole grant, as some servers do.
    """

    clock: FakeClock
    at_once: bool = False
    family: bool = False
    life: timedelta = HOUR
    revoked: bool = False
    access: str = ""
    access_until: datetime = NOON
    refresh_token: str = ""
    previous: str = ""
    lose_answers: int = 0
    fail: list[TillbridgeError] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    attempts: deque[datetime] = field(default_factory=deque)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def client_id(self) -> str:
        return "client-1"

    def authorise(self) -> TokenPair:
        """Give the first pair."""
        return self._issue()

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        self._count()
        self.calls.append(token.reveal())
        if self.fail:
            raise self.fail.pop(0)
        if self.revoked or token.reveal() not in {self.refresh_token, self.previous} - {""}:
            self.revoked = self.revoked or self.family
            raise GrantRefusedError("The token server does not take the grant.")
        pair = self._issue(spent=token.reveal())
        if self.lose_answers:
            self.lose_answers -= 1
            raise DoubtfulWriteError("POST token got no answer.")
        return pair

    def use(self, access: str) -> bool:
        """Call the API; tells whether the token was taken."""
        if self.revoked or access != self.access or self.clock.now() >= self.access_until:
            return False
        self.previous = ""
        return True

    def takes(self, grant: Grant) -> bool:
        """Tell whether what the vault holds can still be refreshed, without doing it."""
        known = {grant.pair.refresh.reveal(), grant.predecessor.reveal() if grant.predecessor else ""}
        return not self.revoked and bool(known & ({self.refresh_token, self.previous} - {""}))

    def _issue(self, spent: str = "") -> TokenPair:
        number, now = next(self.numbers), self.clock.now()
        self.access, self.access_until = f"access-{number}", now + self.life
        self.refresh_token, self.previous = f"refresh-{number}", "" if self.at_once else spent
        return TokenPair(Secret(self.access), Secret(self.refresh_token), now, self.access_until)

    def _count(self) -> None:
        now = self.clock.now()
        while self.attempts and now - self.attempts[0] >= timedelta(minutes=1):
            self.attempts.popleft()
        if len(self.attempts) >= 5:
            raise ThrottledError("Too many attempts.", after=60)
        self.attempts.append(now)


@dataclass(frozen=True)
class Door:
    """One process's way to the token server."""

    server: FakeTokenServer
    step: Step

    @property
    def client_id(self) -> str:
        return "client-1"

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        self.step("before request")
        pair = self.server.refresh(connection_id, token)
        self.step("after request")
        return pair


@dataclass
class ScriptedClock(FakeClock):
    """A clock on which something may happen while somebody sleeps."""

    meanwhile: deque[Callable[[], object]] = field(default_factory=deque)
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        super().sleep(seconds)
        if self.meanwhile:
            self.meanwhile.popleft()()


@dataclass
class World:
    """One connected till, and as many processes as a test wants: what is stored and the vendor outlive each of them."""

    clock: ScriptedClock = field(default_factory=ScriptedClock)
    at_once: bool = False
    family: bool = False

    def __post_init__(self) -> None:
        self.store, self.records = FakeSecretStore(), FakeRecords()
        self.server = FakeTokenServer(self.clock, at_once=self.at_once, family=self.family)
        self.records.begin(TILL, self.clock.now())
        grant = self.vault().replace_tokens(TILL, self.server.authorise())
        self.records.settle(CONNECTION, grant)

    def vault(self, step: Step = no_step) -> Vault:
        """Make a vault of a new process."""
        return Vault(replace(self.store, step=step), self.clock, "tillbridge/test/")

    def process(self, step: Step = no_step, clock: FakeClock | None = None) -> Refresher:
        """Start a process."""
        clock = clock or self.clock
        records = replace(self.records, step=step)
        return Refresher(self.vault(step), records, Door(self.server, step), clock)

    def token(
        self, *, rejected: str = "", told: str = "", early: bool = False, left: timedelta = timedelta(minutes=2)
    ) -> str:
        """Ask for a token in a new process that lives to the end."""
        given = Rejected(Secret(rejected), told) if rejected else None
        return self.process().token(TILL, FakeDeadline(left), rejected=given, early=early).reveal()

    @property
    def grant(self) -> Grant:
        """What the vault holds."""
        return self.vault().tokens(TILL)

    @property
    def record(self) -> GrantRecord:
        """What the table holds."""
        return self.records.rows[CONNECTION]

    def use(self) -> bool:
        """Call the API with the vault's token."""
        return self.server.use(self.grant.pair.access.reveal())
