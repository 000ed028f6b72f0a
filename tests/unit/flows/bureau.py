"""The office that settles what vendors ask by law, with everything around it in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.fakes.clock import NOON, FakeClock, FakeDeadline
from tests.fakes.counter import FakeCounter
from tests.fakes.crash import Crash
from tests.fakes.notices import FakeNotices
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import connection
from tests.fakes.stores import FakeConnections, FakeOutbox, Memory
from tests.fakes.till import FakeTill
from tests.unit.flows.lobby import Lobby
from tillbridge.domain.connecting import BY_APP, GRANT
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.domain.notice import SHOP_REDACT, Notice
from tillbridge.flows.app_gone import AppGone
from tillbridge.flows.comply import Compliance, ComplianceReport
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.forget_buyers import BuyerOffice
from tillbridge.flows.lane_work import Register

SHOPIFY, NAME = System.SHOPIFY, "anns.myshopify.com"
SHOP = connection("c1", system=SHOPIFY, account_id=NAME, traits={GRANT: BY_APP})
WORKS, GONE = ConnectionState.ACTIVE, ConnectionState.DISCONNECTED


@dataclass
class Bureau:
    """One process, what it deleted, and the till whose customers it may have to forget."""

    clock: FakeClock = field(default_factory=FakeClock)
    memory: Memory = field(default_factory=Memory)
    crash: Crash = field(default_factory=Crash)
    deleted: list[str] = field(default_factory=list)
    lasts: Callable[[Connection], bool | None] = lambda _: None
    trouble: bool = False
    selling: bool = False
    counter: FakeCounter = field(init=False)

    def __post_init__(self) -> None:
        self.counter = FakeCounter(FakeTill(self.clock), self.clock, self.crash)

    @property
    def compliance(self) -> Compliance:
        connections = FakeConnections(self.memory, self.crash)
        grants = Lobby(self.clock).process().grants
        register = Register(connections, FakeOutbox(self.memory, self.crash, self.clock), self.clock)
        gone = AppGone(register, grants, Ending(connections, grants, self.clock), self._forget, self.lasts)
        buyers = BuyerOffice(self.records, lambda *_: self.counter, self.clock)
        return Compliance(FakeNotices(self.memory, self.crash), gone, buyers, self.clock, lambda _: self.selling)

    @property
    def records(self) -> FakeOrderRecords:
        return FakeOrderRecords(self.memory, self.crash)

    @property
    def notices(self) -> list[Notice]:
        return list(self.memory.notices.values())

    def put(self, state: ConnectionState, changed_at: datetime = NOON) -> None:
        self.memory.connections["c1"] = replace(SHOP, state=state, changed_at=changed_at)

    def ask(self, topic: str = SHOP_REDACT, *orders: str) -> Notice:
        return self.compliance.take(SHOPIFY, "3f9a", topic, NAME, orders)

    def look(self, deadline: FakeDeadline | None = None) -> ComplianceReport:
        return self.compliance.look_again(deadline or FakeDeadline())

    def _forget(self, gone: Connection) -> None:
        if self.trouble:
            raise SystemDownError("The table is busy.")
        self.crash.step("before forget")
        self.deleted.append(gone.connection_id)
        self.memory.connections["c1"] = replace(gone, state=GONE, traits={})
