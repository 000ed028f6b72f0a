"""All desks of the operator over the fakes: two merchants, the first with a till and a shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from tests.fakes.clock import NOON, FakeDeadline
from tests.fakes.counter import FakeCounter, FakeDesk
from tests.fakes.notices import FakeNotices
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.stores import (
    FakeChoices,
    FakeConnections,
    FakeCursors,
    FakeHolds,
    FakeLinks,
    FakeMarks,
    FakeMerchants,
    FakeMirror,
    FakeOutbox,
    FakeRechecks,
    FakeRejects,
    FakeReservations,
    FakeRuns,
    FakeShelves,
    FakeSightings,
    FakeUnlinkedOrders,
)
from tests.fakes.systems import FakeShop
from tests.fakes.till import FakeTill
from tests.fakes.world import SHOP, TILL, World, connection
from tests.unit.domain.samples import item, matrix, variant
from tests.unit.flows.fleet import Fleet
from tillbridge.domain.errors import NotFoundError, TillbridgeError
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, Merchant, System
from tillbridge.domain.product import ListingRef
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.domain.vendor_events import Calendar, read_days
from tillbridge.flows.connect_invite import Invited
from tillbridge.flows.forget_buyers import BuyerOffice
from tillbridge.flows.migrate_ports import Case
from tillbridge.flows.migrate_rehearse import Rehearsal
from tillbridge.flows.operate.answers import QueueAnswer, RedriveAnswer
from tillbridge.flows.operate.asked import NOTE, note
from tillbridge.flows.operate.compliance import ComplianceDesk
from tillbridge.flows.operate.connecting import ConnectionDesk
from tillbridge.flows.operate.explain import ExplainDesk
from tillbridge.flows.operate.holds import HoldDesk
from tillbridge.flows.operate.links import LinkDesk
from tillbridge.flows.operate.load_links import LoadDesk
from tillbridge.flows.operate.mails import MailDesk
from tillbridge.flows.operate.merchants import MerchantDesk
from tillbridge.flows.operate.migration import MigrationDesk
from tillbridge.flows.operate.order_choices import OrderChoices
from tillbridge.flows.operate.orders import OrdersDesk
from tillbridge.flows.operate.pausing import PauseDesk
from tillbridge.flows.operate.preview import PreviewDesk
from tillbridge.flows.operate.problems import ProblemBook
from tillbridge.flows.operate.queues import QueueDesk
from tillbridge.flows.operate.register import Register
from tillbridge.flows.operate.retry import RetryDesk
from tillbridge.flows.operate.status import StatusDesk
from tillbridge.flows.operate.syncing import SyncDesk
from tillbridge.flows.operate.unlinked import UnlinkedBook
from tillbridge.flows.ports import Deadline
from tillbridge.flows.shop_addresses import ShopAddresses
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.runtime.operator import Desks
from tillbridge.store import settings_codec
from tillbridge.systems.shop import ObservedVariant

FOREIGN = "foreign-shop"
CALENDAR = Calendar().with_days(read_days("lightspeed-api-keys.refused=2026-12-31"))
"""The vendor still takes keys for some months."""


@dataclass
class OpenShop(FakeShop):
    """A fake shop that may refuse to be looked at."""

    unwell: TillbridgeError | None = None

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        seen = super().observe(refs, skus, places)
        if self.unwell is not None:
            raise self.unwell
        return seen


@dataclass
class FakeQueues:
    """Queues of numbers."""

    dead: dict[str, int] = field(default_factory=lambda: {"pull-stock": 0, "woocommerce-stock": 3})

    @property
    def names(self) -> Sequence[str]:
        return tuple(self.dead)

    def look(self) -> Sequence[QueueAnswer]:
        return [
            QueueAnswer(
                queue=name,
                waiting=1,
                in_flight=0,
                oldest_seconds=75.0,
                dead=dead,
                dead_in_flight=0,
                dead_oldest_seconds=None,
            )
            for name, dead in self.dead.items()
        ]

    def redrive(self, name: str, deadline: Deadline) -> RedriveAnswer:
        moved, self.dead[name] = self.dead[name], 0
        return RedriveAnswer(queue=name, moved=moved, left=0)


@dataclass
class FakePending:
    """Keys by nonce, each of which can be taken once."""

    keys: dict[str, ShopKeys] = field(default_factory=dict)

    def take(self, nonce: str) -> ShopKeys:
        if nonce not in self.keys:
            raise NotFoundError("pending", "No keys wait.", remedy="Give them again.")
        return self.keys.pop(nonce)


@dataclass
class Office:
    """The world with its operator."""

    world: World = field(default_factory=World)
    shop: OpenShop = field(init=False)
    fleet: Fleet = field(init=False)
    queues: FakeQueues = field(default_factory=FakeQueues)
    pending: FakePending = field(default_factory=FakePending)
    deadline: FakeDeadline = field(default_factory=lambda: FakeDeadline(timedelta(seconds=55)))
    addresses: list[str] = field(default_factory=list)
    connected_with: list[ShopKeys] = field(default_factory=list)
    refusal: TillbridgeError | None = None

    def __post_init__(self) -> None:
        self.shop = self.world.shop = OpenShop(self.world.clock, self.world.crash)
        memory = self.world.memory
        self.fleet = Fleet(self.world.clock, memory, calendar=CALENDAR)
        self.fleet.house.keys_until = NOON + timedelta(days=365)
        memory.merchants["m1"] = Merchant(
            merchant_id="m1", name="Northfell", settings=self.world.settings, created_at=NOON
        )
        memory.merchants["m2"] = Merchant(merchant_id="m2", name="Other", created_at=NOON)
        memory.connections[FOREIGN] = replace(connection(FOREIGN, System.WOOCOMMERCE), merchant_id="m2")

    @property
    def register(self) -> Register:
        return Register(self._of(FakeMerchants), self._of(FakeConnections))

    @property
    def problems(self) -> ProblemBook:
        return ProblemBook(
            register=self.register,
            mirror=self._of(FakeMirror),
            links=self._of(FakeLinks),
            shelves=self._of(FakeShelves),
            marks=self._of(FakeMarks),
            rejects=self._of(FakeRejects),
            unlinked=self.unlinked,
        )

    @property
    def unlinked(self) -> UnlinkedBook:
        return UnlinkedBook(self._of(FakeUnlinkedOrders), self._of(FakeShelves), self._of(FakeChoices))

    @cached_property
    def counter(self) -> FakeCounter:
        """The till, selling."""
        return FakeCounter(self.world.till, self.world.clock)

    @cached_property
    def desk(self) -> FakeDesk:
        """The orders of its shops."""
        return FakeDesk()

    def desks(self) -> Desks:
        register, lanes, clock = self.register, self.world.lanes, self.world.clock
        marks, cursors = self._of(FakeMarks), self._of(FakeCursors)
        choices = OrderChoices(
            register, self._seller, lambda *_: self.desk, self._of(FakeOrderRecords), self.world.fanout(), clock
        )
        return Desks(
            merchants=MerchantDesk(register, settings_codec, lanes, clock, choices),
            connections=ConnectionDesk(register, self._invite, self._connect, self._end, self.pending, ShopAddresses()),
            pauses=PauseDesk(register, cursors, lanes, clock),
            preview=PreviewDesk(register, settings_codec, self.keeper),
            sync=SyncDesk(register, cursors, lanes, clock),
            status=StatusDesk(
                register,
                cursors,
                self._of(FakeRuns),
                marks,
                self._of(FakeHolds),
                self._of(FakeRechecks),
                self.unlinked,
                self._of(FakeOrderRecords),
                clock,
            ),
            explain=ExplainDesk(register, self._of(FakeMirror), self.keeper),
            problems=self.problems,
            links=LinkDesk(register, self.keeper),
            load=LoadDesk(register, self.keeper, lanes),
            retry=RetryDesk(register, self.problems, self._of(FakeLinks), self._of(FakeShelves), marks, lanes, clock),
            holds=HoldDesk(register, self._of(FakeHolds), self._of(FakeMirror), lanes, clock),
            orders=OrdersDesk(
                register=register,
                records=self._of(FakeOrderRecords),
                reservations=self._of(FakeReservations),
                marks=marks,
                fanout=self.world.fanout(),
                clock=clock,
                buyers=BuyerOffice(self._of(FakeOrderRecords), lambda *_: self.counter, clock),
            ),
            queues=QueueDesk(self.queues),
            mails=MailDesk(register, FakeOutbox(self.world.memory, clock=clock)),
            migration=self._migration(),
            compliance=ComplianceDesk(self._of(FakeNotices), register.connections, clock),
        )

    def _seller(self, *_: object) -> tuple[FakeCounter, FakeTill]:
        return self.counter, self.world.till

    def _migration(self) -> MigrationDesk:
        process = self.fleet.process(self.world.crash)

        def look(case: Case, deadline: Deadline) -> None:
            process.serving_account(case.connection)

        rehearsal = Rehearsal(process.mover, self.register.merchants, look)
        return MigrationDesk(self.register, process.mover, rehearsal, process.bring_in)

    def keeper(self, shop: Connection, deadline: Deadline) -> ShopKeeper | None:
        siblings = self.register.connections.of_merchant(shop.merchant_id)
        till = next((one for one in siblings if one.system.is_till), None)
        if till is None:
            return None
        return ShopKeeper(
            merchant=self.world.memory.merchants[shop.merchant_id],
            connection=shop,
            till_id=till.connection_id,
            shop=self.shop,
            mirror=self._of(FakeMirror),
            links=self._of(FakeLinks),
            shelves=self._of(FakeShelves),
            marks=self._of(FakeMarks),
            reservations=self._of(FakeReservations),
            unlinked=self._of(FakeUnlinkedOrders),
            records=self._of(FakeOrderRecords),
            cursors=self._of(FakeCursors),
            runs=self._of(FakeRuns),
            sightings=self._of(FakeSightings),
            choices=self._of(FakeChoices),
            holds=self._of(FakeHolds),
            rechecks=self._of(FakeRechecks),
            clock=self.world.clock,
            deadline=deadline,
        )

    def stock_up(self) -> None:
        """Fill the till (a mug, a shirt in two colours) and bring the shop in step."""
        self.world.till.put(item("1", custom_sku="MUG"), matrix(), variant("4", "Red", custom_sku="RED"))
        self.world.till.put(variant("5", "Blue", custom_sku="BLUE"))
        for item_id in ("1", "4", "5"):
            self.world.stock(item_id, int(item_id), 10)
        self.world.settle()

    def put_state(self, name: str, state: ConnectionState, cause: str = "", remedy: str = "") -> None:
        """Set a connection's state."""
        kept = self.world.memory.connections
        kept[name] = replace(kept[name], state=state, cause=cause, remedy=remedy)

    def work(self) -> None:
        """Serve what was woken, in order, as the lanes' workers would."""
        woken, self.world.lanes.woken = self.world.lanes.woken, []
        for name, lane, task in woken:
            if task == NOTE:
                note(self._of(FakeRuns), self.world.clock, self.world.memory.connections[name], lane)
            elif task == "full":
                self.world.read_all()
            elif name == TILL:
                self.world.poll()
            elif name == SHOP:
                self.world.push()
                if lane is Lane.CATALOGUE and not self.world.reconcile().finished:
                    self.world.lanes.wake(self.world.memory.connections[name], lane, "reconcile")

    def _invite(self, merchant: Merchant, system: System, address: str) -> Invited:
        if self.refusal:
            raise self.refusal
        self.addresses.append(address)
        link = f"https://bridge.example/connect/{system}?invitation=token-of-{merchant.merchant_id}"
        return Invited(link, NOON + timedelta(days=7))

    def _connect(self, merchant: Merchant, system: System, address: str, keys: ShopKeys) -> Connection:
        if self.refusal:
            raise self.refusal
        self.connected_with.append(keys)
        made = replace(connection("new", system), merchant_id=merchant.merchant_id, address=address)
        self.register.connections.add(made)
        return made

    def _end(self, ended: Connection) -> Connection:
        self.put_state(ended.connection_id, ConnectionState.DISCONNECTED, remedy="Delete the key in the shop.")
        return self.world.memory.connections[ended.connection_id]

    def _of(self, kind: Any) -> Any:
        return kind(self.world.memory, self.world.crash)
