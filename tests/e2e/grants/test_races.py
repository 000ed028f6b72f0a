"""Many processes at once on the local cloud's table and vault: one of them refreshes, everybody gets its token."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Barrier, Lock
from typing import Any

import pytest

from local.cloud import LocalCloud
from tests.fakes.clock import FakeClock, FakeDeadline
from tests.fakes.dynamodb import create_table
from tests.fakes.people import place
from tests.unit.grants.fakes import FakeTokenServer
from tillbridge.domain.connecting import Attempt, Found
from tillbridge.domain.grant import Rejected, Secret, TokenPair, hashed
from tillbridge.domain.merchant import Place, System
from tillbridge.grants.lease import GrantRecords
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.store_connecting import StoredAttempts
from tillbridge.grants.vault import Vault
from tillbridge.runtime.clock import SystemClock

RIVALS = 50
_numbers = count(1)


@dataclass
class BusyServer(FakeTokenServer):
    """A token server that many may call at once."""

    lock: Any = field(default_factory=Lock)

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        with self.lock:
            return super().refresh(connection_id, token)


@dataclass
class Cloud:
    """A connected till in the local cloud."""

    local: LocalCloud
    table: str
    place: Place
    server: BusyServer

    def process(self) -> Refresher:
        """Start a process with memories of its own."""
        clock = SystemClock()
        vault = Vault(SecretsManager(self.local.client("secretsmanager")), clock, "tillbridge/races/")
        return Refresher(vault, GrantRecords(self.local.client("dynamodb"), self.table), self.server, clock)


@pytest.fixture
def cloud(started_cloud: LocalCloud) -> Cloud:
    number = next(_numbers)
    table = f"grant-races-{number}"
    create_table(started_cloud.client("dynamodb"), table)
    cloud = Cloud(started_cloud, table, place(f"c{number}"), BusyServer(FakeClock(SystemClock().now())))
    first = cloud.process()
    first.records.begin(cloud.place, SystemClock().now())
    first.records.settle(cloud.place.connection_id, first.vault.replace_tokens(cloud.place, cloud.server.authorise()))
    return cloud


def all_at_once(works: Sequence[Callable[[], str | bool]]) -> list[str | bool]:
    barrier = Barrier(len(works))

    def begin(work: Callable[[], str | bool]) -> str | bool:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def test_many_that_were_refused_refresh_once(cloud: Cloud) -> None:  # invariant 3
    processes = [cloud.process() for _ in range(RIVALS)]

    def ask(process: Refresher) -> str:
        return process.token(cloud.place, FakeDeadline(), rejected=Rejected(Secret("access-1"))).reveal()

    tokens = all_at_once([lambda process=process: ask(process) for process in processes])  # type: ignore[misc]
    assert set(tokens) == {"access-2"}
    assert cloud.server.calls == ["refresh-1"]


def test_of_many_that_take_an_attempt_one_gets_it(cloud: Cloud) -> None:  # invariant 7
    attempts = StoredAttempts(cloud.local.client("dynamodb"), cloud.table)
    now = SystemClock().now()
    attempts.begin(
        Attempt(
            state_hash=hashed("state"),
            browser_hash=hashed("browser"),
            invitation_hash=hashed("invitation"),
            system=System.WOOCOMMERCE,
            expires_at=now,
        )
    )
    found = Found(account_id="https://shop.example", name="A shop", traits={"currency": "EUR"})
    assert attempts.take(hashed("state"), hashed("another browser")) is None
    proofs = all_at_once([lambda: attempts.prove(hashed("state"), found)] * RIVALS)
    assert sum(map(bool, proofs)) == 1
    takers = all_at_once([lambda: attempts.take(hashed("state"), hashed("browser")) is not None] * RIVALS)
    assert sum(map(bool, takers)) == 1
