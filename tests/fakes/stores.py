"""Every port of the flows in memory, with kill points around every write.

State and behaviour are apart: ``Memory`` survives a kill, the repositories over it are made anew by each "process".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tests.fakes.memory import Fake, Memory
from tests.fakes.shop_stores import (
    FakeChoices,
    FakeHolds,
    FakeLaneLeases,
    FakeLinks,
    FakeMarks,
    FakeOrderNotes,
    FakeShelves,
    FakeSightings,
    FakeUnlinkedOrders,
    FakeVocabulary,
)
from tests.fakes.till_stores import (
    FakeBudgets,
    FakeCursors,
    FakeMirror,
    FakeRechecks,
    FakeRejects,
    FakeReservations,
    FakeRuns,
)
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.mail import Mail, MailState, Posted
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, Merchant, System
from tillbridge.domain.migration import Migration
from tillbridge.flows.ports import Clock
from tillbridge.flows.schedule import Wake

__all__ = [
    "Fake",
    "FakeBudgets",
    "FakeChoices",
    "FakeConnections",
    "FakeCursors",
    "FakeHolds",
    "FakeLaneLeases",
    "FakeLanes",
    "FakeLinks",
    "FakeMarks",
    "FakeMerchants",
    "FakeMigrations",
    "FakeMirror",
    "FakeOrderNotes",
    "FakeOutbox",
    "FakeRechecks",
    "FakeRejects",
    "FakeReservations",
    "FakeRuns",
    "FakeShelves",
    "FakeSightings",
    "FakeUnlinkedOrders",
    "FakeVocabulary",
    "Memory",
]


class FakeMerchants(Fake):
    def add(self, merchant: Merchant) -> None:
        if merchant.merchant_id in self.memory.merchants:
            raise InputError("merchant", f"{merchant.merchant_id!r} is taken.", remedy="Choose another id.")
        self._put(merchant)

    def get(self, merchant_id: str) -> Merchant:
        if merchant_id not in self.memory.merchants:
            raise NotFoundError("merchant", f"There is no merchant {merchant_id!r}.", remedy="List the merchants.")
        return self.memory.merchants[merchant_id]

    def list(self) -> Sequence[Merchant]:
        return sorted(self.memory.merchants.values(), key=lambda merchant: merchant.merchant_id)

    def save(self, merchant: Merchant) -> None:
        self.get(merchant.merchant_id)
        self._put(merchant)

    def _put(self, merchant: Merchant) -> None:
        self.crash.around("merchant", lambda: self.memory.merchants.update({merchant.merchant_id: merchant}))


class FakeConnections(Fake):
    def add(self, connection: Connection) -> None:
        if any(
            (other.merchant_id, other.system, other.account_id)
            == (connection.merchant_id, connection.system, connection.account_id)
            for other in self._live()
        ):
            raise InputError("account", "It is connected already.", remedy="Disconnect it first.")
        self._put(connection)

    def get(self, connection_id: str) -> Connection:
        if connection_id not in self.memory.connections:
            raise NotFoundError("connection", f"There is no connection {connection_id!r}.", remedy="List them.")
        return self.memory.connections[connection_id]

    def of_merchant(self, merchant_id: str) -> Sequence[Connection]:
        found = [connection for connection in self._live() if connection.merchant_id == merchant_id]
        return sorted(found, key=lambda connection: connection.created_at)

    def of_account(self, system: System, account_id: str) -> Sequence[Connection]:
        known = self.memory.connections.values()
        return [one for one in known if (one.system, one.account_id) == (system, account_id)]

    def list(self) -> Iterable[Connection]:
        return list(self._live())

    def save(self, connection: Connection) -> None:
        """Replace it; one that was disconnected stays so."""
        known = self.get(connection.connection_id)
        if ConnectionState.DISCONNECTED not in {known.state} - {connection.state}:
            self._put(connection)

    def _put(self, connection: Connection) -> None:
        self.crash.around("connection", lambda: self.memory.connections.update({connection.connection_id: connection}))

    def _live(self) -> Iterator[Connection]:
        for connection in self.memory.connections.values():
            if connection.state is not ConnectionState.DISCONNECTED:
                yield connection


@dataclass
class FakeOutbox(Fake):
    """The outbox with the conditions of the real one; one contract suite runs against both."""

    clock: Clock = field(default_factory=FakeClock)

    def put(self, mail: Mail) -> None:
        now, known = self.clock.now(), self.find(mail.merchant_id, mail.key)
        if known is None:
            self._keep(Posted(mail=mail, put_at=now, next_at=now))
        elif known.state is MailState.WAITING:
            self._keep(replace(known, next_at=now))
        else:
            return
        self.wake(mail.merchant_id, mail.key)

    def wake(self, merchant_id: str, key: str) -> None:
        self.crash.around("wake mail", lambda: self.memory.mails_woken.append((merchant_id, key)))

    def find(self, merchant_id: str, key: str) -> Posted | None:
        return self.memory.mails.get((merchant_id, key))

    def take(self, posted: Posted, now: datetime) -> Posted | None:
        until = now + timedelta(minutes=2)
        taken = replace(posted, state=MailState.SENDING, attempts=posted.attempts + 1, next_at=until, cause="")
        return taken if self._replace(taken, posted.attempts) else None

    def close(self, posted: Posted) -> bool:
        return self._replace(posted, posted.attempts)

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        found = [posted for posted in self.memory.mails.values() if posted.open and posted.next_at <= now]
        ordered = sorted(found, key=lambda posted: posted.next_at)
        return [(posted.mail.merchant_id, posted.mail.key) for posted in ordered][:limit]

    def of_merchant(self, merchant_id: str) -> Sequence[Posted]:
        found = [posted for posted in self.memory.mails.values() if posted.mail.merchant_id == merchant_id]
        return sorted(found, key=lambda posted: posted.put_at)

    def _replace(self, posted: Posted, expected: int) -> bool:
        known = self.find(posted.mail.merchant_id, posted.mail.key)
        if known is None or known.attempts != expected:
            return False
        self._keep(posted)
        return True

    def _keep(self, posted: Posted) -> None:
        place = (posted.mail.merchant_id, posted.mail.key)
        self.crash.around("mail", lambda: self.memory.mails.update({place: posted}))


class FakeMigrations(Fake):
    def get(self, connection: str) -> Migration | None:
        return self.memory.migrations.get(connection)

    def add(self, migration: Migration) -> None:
        self.crash.around("migration", lambda: self.memory.migrations.setdefault(migration.connection_id, migration))

    def put(self, migration: Migration) -> bool:
        self.crash.step("before migration")
        known = self.memory.migrations.get(migration.connection_id)
        if known is None or known.version != migration.version - 1:
            return known == migration
        self.memory.migrations[migration.connection_id] = migration
        self.crash.step("after migration")
        return True

    def of_event(self, event: str) -> Iterator[Migration]:
        found = [migration for migration in self.memory.migrations.values() if migration.event == event]
        yield from sorted(found, key=lambda migration: migration.connection_id)

    def due(self, now: datetime, limit: int) -> Sequence[Migration]:
        found = [one for one in self.memory.migrations.values() if one.due_at is not None and one.due_at <= now]
        return sorted(found, key=lambda one: one.due_at or now)[:limit]


@dataclass
class FakeLanes:
    """Remembers who was woken."""

    woken: list[tuple[str, Lane, str]] = field(default_factory=list)
    crash: Crash = field(default_factory=Crash)

    def wake(self, connection: Connection, lane: Lane, task: str = "work") -> None:
        self.crash.around("wake", lambda: self.woken.append((connection.connection_id, lane, task)))

    def wake_many(self, wakes: Iterable[Wake]) -> None:
        for wake in wakes:
            self.wake(wake.connection, wake.lane, wake.task)
