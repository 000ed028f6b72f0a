"""Merchants of the old kind on their way, all in memory: what is stored and the vendor outlive each process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.clock import FakeClock, FakeDeadline
from tests.fakes.crash import Crash
from tests.fakes.stores import (
    FakeConnections,
    FakeLanes,
    FakeLinks,
    FakeMarks,
    FakeMerchants,
    FakeMigrations,
    FakeOutbox,
    FakeShelves,
    Memory,
)
from tests.unit.flows.house import FakeAuthoriser, House, Seen
from tests.unit.flows.lobby import FakeAttempts, FakeInvitations, sign
from tests.unit.grants.fakes import FakeRecords, FakeSecretStore
from tillbridge.domain.connecting import Attempt, Found, Invitation
from tillbridge.domain.errors import BrokenConnectionError, InputError, NotFoundError, UnauthorisedError
from tillbridge.domain.grant import Grant, Secret
from tillbridge.domain.merchant import Connection, Lane, Place, System
from tillbridge.domain.migration import Migration, Stage
from tillbridge.domain.product import ListingRef
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.domain.vendor_events import LIGHTSPEED_KEYS, Calendar, Strategy
from tillbridge.flows.connect_book import ConnectionBook
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_till import TillDoor, VendorAnswer
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.lane_work import Register
from tillbridge.flows.migrate_anew import AuthorisesAnew
from tillbridge.flows.migrate_book import MigrationBook
from tillbridge.flows.migrate_file import BroughtLink
from tillbridge.flows.migrate_import import Import, Newcomer
from tillbridge.flows.migrate_ports import Case, MigrationStrategy
from tillbridge.flows.migrate_relief import Relief
from tillbridge.flows.migrate_serve import Serving
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.migrate_tick import MigrationReport, MigrationRound
from tillbridge.flows.ports import Deadline
from tillbridge.flows.refresh import RefreshRound
from tillbridge.grants.due import DueBook
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.vault import Vault
from tillbridge.systems.till import Till

EVENT = LIGHTSPEED_KEYS
assert EVENT.ends_at
END = EVENT.ends_at
SEPTEMBER = datetime(2016, 9, 15, 12, 0, tzinfo=UTC)
SHOP = "https://shop.example"
DEADLINE = timedelta(minutes=10)


@dataclass
class Pending:
    """Secrets by nonce."""

    secrets: dict[str, BroughtSecrets] = field(default_factory=dict)

    def look(self, nonce: str) -> BroughtSecrets:
        if nonce not in self.secrets:
            raise NotFoundError("pending", "No keys wait there.", remedy="Give them again.")
        return self.secrets[nonce]


@dataclass
class Fleet:
    """What outlives a process."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(SEPTEMBER))
    memory: Memory = field(default_factory=Memory)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    records: FakeRecords = field(default_factory=FakeRecords)
    secrets: FakeSecretStore = field(default_factory=FakeSecretStore)
    pending: Pending = field(default_factory=Pending)
    shop_keys: set[str] = field(default_factory=lambda: {"ck_1"})
    woken: list[tuple[str, Lane, str]] = field(default_factory=list)
    calendar: Calendar = field(default_factory=Calendar)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    house: House = field(init=False)

    def __post_init__(self) -> None:
        self.house = House(self.clock)

    def process(self, crash: Crash | None = None) -> "Process":
        return Process(self, crash or Crash())

    def token(self) -> str:
        return f"{next(self.numbers):043d}"

    def newcomer(self, merchant_id: str = "m1", account: str = "1", *, shop: bool = True, **changes: Any) -> Newcomer:
        """Open an account at the vendor, and leave its secrets where the command line leaves them."""
        if account not in self.house.accounts:
            self.house.open(account, f"key-{account}")
        keys = ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1")) if shop else None
        self.pending.secrets[f"nonce-{merchant_id}"] = BroughtSecrets(Secret(f"key-{account}"), keys)
        base = Newcomer(
            merchant_id=merchant_id,
            name=merchant_id.upper(),
            email=f"{merchant_id}@example.com",
            address=SHOP if shop else "",
            pending=f"nonce-{merchant_id}",
        )
        return replace(base, **changes)

    def bring(self, merchant_id: str = "m1", account: str = "1", **changes: Any) -> Connection:
        """Bring a merchant in, in peace."""
        event = self.calendar.event(EVENT.name)
        return self.process().bring_in.finish(self.newcomer(merchant_id, account, **changes), event)

    def till(self, merchant_id: str = "m1") -> Connection:
        return next(one for one in self.live(merchant_id) if one.system.is_till)

    def live(self, merchant_id: str = "m1") -> Sequence[Connection]:
        return FakeConnections(self.memory).of_merchant(merchant_id)

    def migration(self, merchant_id: str = "m1") -> Migration:
        return self.memory.migrations[self.till(merchant_id).connection_id]

    def stage(self, merchant_id: str = "m1") -> Stage:
        return self.migration(merchant_id).stage

    def works(self, merchant_id: str = "m1") -> bool:
        """Tell whether the credential that serves is taken by the vendor for the merchant's own account."""
        connection = self.till(merchant_id)
        try:
            return self.process().serving_account(connection) == connection.account_id
        except (BrokenConnectionError, NotFoundError):
            return False

    def kept_old(self, merchant_id: str = "m1") -> Secret | None:
        return Vault(self.secrets, self.clock, "t/").old(self.till(merchant_id).place)

    def kept_tokens(self, merchant_id: str = "m1") -> Grant | None:
        held = Vault(self.secrets, self.clock, "t/").anything(self.till(merchant_id).place)
        return held if isinstance(held, Grant) else None

    def tick(self, deadline: timedelta = DEADLINE) -> MigrationReport:
        return self.process().round.run(FakeDeadline(deadline))

    def to(self, stage: Stage, merchant_id: str = "m1") -> None:
        """Take a merchant who was brought in as far as a stage, in peace."""
        process = self.process()
        steps: tuple[tuple[Stage, Callable[[], object]], ...] = (
            (Stage.INVITED, lambda: process.invite(merchant_id)),
            (Stage.AUTHORISED, lambda: process.authorise(merchant_id)),
            (Stage.VERIFIED, lambda: process.verify(merchant_id)),
            (Stage.SWITCHED, lambda: process.switch(merchant_id)),
            (Stage.RETIRED, lambda: process.retire(merchant_id)),
        )
        order = list(Stage)
        for reached, step in steps:
            if order.index(self.stage(merchant_id)) < order.index(reached) <= order.index(stage):
                step()
        assert self.stage(merchant_id) is stage, self.migration(merchant_id)

    def go_to(self, moment: datetime) -> None:
        self.clock.time = moment


class Process:
    """One process: everything made anew over what outlives it."""

    def __init__(self, fleet: Fleet, crash: Crash) -> None:
        self.fleet, self.crash = fleet, crash
        memory, clock, house = fleet.memory, fleet.clock, fleet.house
        self.lanes = FakeLanes(fleet.woken, crash)
        self.connections = FakeConnections(memory, crash)
        self.migrations = FakeMigrations(memory, crash)
        self.outbox = FakeOutbox(memory, crash, clock)
        self.vault = Vault(replace(fleet.secrets, step=crash.step), clock, "t/")
        records = replace(fleet.records, step=crash.step)
        self.keeper = GrantKeeper(self.vault, records, house, clock)
        merchants = FakeMerchants(memory, crash)
        self.serving = Serving(self.migrations, self.keeper, fleet.calendar, clock)
        self.reception = Reception(
            invitations=FakeInvitations(fleet.invitations, crash),
            attempts=FakeAttempts(fleet.attempts, crash),
            merchants=merchants,
            clock=clock,
            new_token=fleet.token,
            sign=sign,
            public_url="https://tillbridge.example",
        )
        anew = AuthorisesAnew(self.reception.invite, merchants, self.tills)
        strategies: dict[Strategy, MigrationStrategy] = {Strategy.ANEW: anew}
        book = MigrationBook(self.migrations, self.connections, fleet.calendar, clock)
        self.mover = Mover(book, strategies, self.keeper, self.outbox, self.lanes)
        self.round = MigrationRound(self.mover)
        self.door = TillDoor(
            reception=self.reception,
            authoriser=FakeAuthoriser(house, crash),
            till_of=lambda pair: self._seen(lambda: house.by_token(pair.access.reveal())),
            grants=self.keeper,
            book=ConnectionBook(self.connections, self.lanes, self.outbox, clock),
            authorised=self.mover.authorised,
        )
        self.bring_in = Import(
            merchants=merchants,
            connections=self.connections,
            migrations=self.migrations,
            links=FakeLinks(memory, crash),
            shelves=FakeShelves(memory, crash),
            marks=FakeMarks(memory, crash),
            lanes=self.lanes,
            grants=self.keeper,
            credentials=self.keeper,
            brought=fleet.pending,
            account_of=lambda key: house.accounts[house.by_key(key.reveal())],
            form=_form,
            prove_shop=self._prove_shop,
            clock=clock,
        )
        self.ending = Ending(self.connections, self.keeper, clock)
        register = self.register = Register(self.connections, self.outbox, clock, Relief(self.migrations, clock).comes)
        self.refreshing = RefreshRound(DueBook(records), self._renew, register, self.keeper, self.mover.lost)

    def case(self, merchant_id: str = "m1") -> Case:
        return self.mover.book.case(self.fleet.till(merchant_id))

    def invite(self, merchant_id: str = "m1") -> Migration:
        return self.mover.invite(self.case(merchant_id), FakeDeadline())[0]

    def verify(self, merchant_id: str = "m1") -> Migration:
        return self.mover.verify(self.case(merchant_id), FakeDeadline())

    def switch(self, merchant_id: str = "m1") -> Migration:
        return self.mover.switch(self.case(merchant_id))

    def back(self, merchant_id: str = "m1") -> Migration:
        return self.mover.go_back(self.case(merchant_id))

    def retire(self, merchant_id: str = "m1") -> Migration:
        return self.mover.retire(self.case(merchant_id), FakeDeadline())

    def authorise(self, merchant_id: str = "m1", account: str = "", link: str = "") -> None:
        """Do what a merchant does in a browser."""
        merchant = self.fleet.memory.merchants[merchant_id]
        link = link or self.reception.invite(merchant, System.LIGHTSPEED).link
        token = parse_qs(urlsplit(link).query)["invitation"][0]
        browser = self.reception.welcome(token, "").browser
        state = parse_qs(urlsplit(self.door.leave(token, browser)).query)["state"][0]
        code = self.fleet.house.approve(account or self.fleet.till(merchant_id).account_id)
        self.door.come_back(VendorAnswer(state=state, code=code), browser)

    def tills(self, connection: Connection, deadline: Deadline) -> tuple[Till, Till]:
        house = self.fleet.house
        old = self.serving.of(connection)
        return (
            self._seen(lambda: house.by_key(old.read())),
            self._seen(lambda: house.by_token(self._access(connection))),
        )

    def serving_account(self, connection: Connection) -> str:
        """Call the till as a worker would; gives whose it is."""
        old = self.serving.old(connection)
        house = self.fleet.house
        return house.by_token(self._access(connection)) if old is None else house.by_key(old.read())

    def _access(self, connection: Connection) -> str:
        held = self.vault.anything(connection.place)
        if not isinstance(held, Grant):
            raise UnauthorisedError("The vault holds nothing for this connection.", code="NoGrant")
        return held.pair.access.reveal()

    def _renew(self, place: Place, deadline: Deadline) -> None:
        connection = self.connections.get(place.connection_id)
        self.fleet.house.by_token(self._access(connection))
        self.keeper.records.look_no_more(place.connection_id)

    def _seen(self, account_of: Callable[[], str]) -> Any:
        return Seen(self.fleet.house, account_of)

    def _prove_shop(self, address: str, keys: ShopKeys) -> Found:
        self.fleet.house.fault("shop")
        if keys.reveal("consumer_key") not in self.fleet.shop_keys:
            raise UnauthorisedError("The shop does not know the key.", remedy="Make another.")
        return Found(account_id=address, name="A shop", address=address)


def _form(address: str) -> str:
    if not address.startswith("https://"):
        raise InputError("address", "The address is not https.", remedy="Use https.")
    return address.rstrip("/")


def link(item_id: str, listing: str, matrix: str = "") -> BroughtLink:
    product, _, variant = listing.partition("/")
    return BroughtLink(2, item_id, matrix, ListingRef(product, variant))
