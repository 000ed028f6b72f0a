"""A merchant with a till, and processes that authorise, renew, exchange, switch and disconnect.

All of it is our own code, from the flows to the HTTP client, between stores in memory and the stand-ins: what is stored
and the vendors outlive each process, which may die at any step.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.settings import ApiKey, Client, Rules
from sandbox.lightspeed.settings import Settings as TillSettings
from sandbox.lightspeed.state import Lightspeed
from tests.fakes.clock import FakeClock, FakeDeadline
from tests.fakes.crash import Crash
from tests.fakes.people import connection, merchant
from tests.fakes.stores import FakeConnections, FakeLanes, FakeMerchants, FakeMigrations, FakeOutbox, Memory
from tests.functional.grants.exchange_server import ExchangeServer
from tests.proof.line import Line, Trouble
from tests.unit.flows.lobby import FakeAttempts, FakeInvitations, sign
from tests.unit.grants.fakes import FakeRecords, FakeSecretStore
from tillbridge.domain.connecting import Attempt, Invitation
from tillbridge.domain.errors import RetryLaterError, UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Grant, Secret, TokenPair
from tillbridge.domain.merchant import Connection, Place, System
from tillbridge.domain.migration import Migration
from tillbridge.domain.vendor_events import LIGHTSPEED_KEYS, SHOPIFY_TOKENS, Calendar, PhaseKind, Strategy
from tillbridge.flows.connect_book import ConnectionBook
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_till import TillDoor, VendorAnswer
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.lane_work import Register, in_state
from tillbridge.flows.migrate_anew import AuthorisesAnew
from tillbridge.flows.migrate_book import MigrationBook
from tillbridge.flows.migrate_exchange import ExchangesOld
from tillbridge.flows.migrate_serve import Serving
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.migrate_tick import MigrationRound
from tillbridge.flows.ports import Deadline
from tillbridge.flows.refresh import RefreshRound
from tillbridge.grants.apps import AppBook
from tillbridge.grants.authorise import Authorisation
from tillbridge.grants.due import DueBook
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.lightspeed import Endpoints
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import path_of
from tillbridge.grants.token_exchange import TokenExchange
from tillbridge.grants.token_server import TokenServer
from tillbridge.grants.tokens import GrantTokens, OneToken
from tillbridge.grants.vault import Vault
from tillbridge.systems.http import HttpClient, Request
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill, OldKey, TokenSource

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from tillbridge.flows.migrate_ports import MigrationStrategy

APP = AppCredentials("client-1", Secret("a secret of the provider"))
TILL_HOST, SHOP_HOST = "cloud.till.example", "demo.myshopify.com"
TILL_URL, URL = f"https://{TILL_HOST}", "https://tillbridge.example"
ACCOUNT, OTHER_ACCOUNT, KEY = "182255", 999, "key-1"
ADMIN, LIMITED = 1, 2
PREFIX = "t/"
LAST_DAY = date(2027, 1, 1)  # of the old keys, so that they serve in these stories
DEADLINE = timedelta(minutes=2)


@dataclass
class House:
    """What outlives a process: the vendors, and what we have stored."""

    rules: Rules
    once: bool = False  # the shop's old token ends with its exchange
    clock: FakeClock = field(default_factory=FakeClock)
    memory: Memory = field(default_factory=Memory)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    records: FakeRecords = field(default_factory=FakeRecords)
    secrets: FakeSecretStore = field(default_factory=FakeSecretStore)
    calendar: Calendar = field(init=False)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        client = Client(APP.client_id, APP.client_secret.reveal(), f"{URL}/connect/lightspeed/callback")
        settings = TillSettings(
            items=3, rules=self.rules, clients=(client,), api_keys=(ApiKey(KEY),), api_keys_until=None
        )
        self.till = Lightspeed(settings, self.clock)
        self.shop = ExchangeServer(once=self.once)
        self.apps: dict[str, WSGIApplication] = {TILL_HOST: build_app(self.till), SHOP_HOST: self.shop}
        days = {(event.name, PhaseKind.REFUSED): LAST_DAY for event in (LIGHTSPEED_KEYS, SHOPIFY_TOKENS)}
        self.calendar = Calendar().with_days(days)
        self.memory.merchants["m1"] = merchant()
        AppBook(self.secrets, self.clock, PREFIX).put(System.LIGHTSPEED, APP)

    def process(self, crash: Crash | None = None, trouble: Trouble | None = None, at: int = 0) -> "Process":
        """Begin a process, which may die at a step or meet trouble at a call."""
        crash = crash or Crash()
        return Process(self, crash, Line(self.apps, self.clock, crash, trouble, at))

    def token(self) -> str:
        return f"{next(self.numbers):043d}"

    def live(self) -> list[Connection]:
        return list(FakeConnections(self.memory).of_merchant("m1"))

    def only(self) -> Connection:
        (one,) = self.live()
        return one

    def kept(self, place: Place) -> Grant | None:
        held = Vault(self.secrets, self.clock, PREFIX).anything(place)
        return held if isinstance(held, Grant) else None

    def renewable(self, place: Place) -> bool:
        """Tell whether the vendor would still renew with what the vault holds."""
        held = self.kept(place)
        if held is None:
            return False
        tokens = [token.reveal() for token in (held.pair.refresh, held.predecessor) if token is not None]
        return any(grant.live(token) for grant in self.till.grants.all.values() for token in tokens)

    def works(self, one: Connection) -> bool:
        """Tell whether the credential that serves a connection is taken, whatever its state says."""
        for _ in range(3):
            with suppress(RetryLaterError):
                try:
                    return self.process().account_of(one) == one.account_id
                except UnauthorisedError:
                    return False
            self.clock.advance(minutes=6)
        return False

    def left_behind(self) -> set[str]:
        """Name the secrets and records that belong to no connection."""
        paths = {path_of(one.place) for one in self.live()}
        expected = {f"{PREFIX}connection/{path}{end}" for path in paths for end in ("", "/old")}
        secrets = {name for name, versions in self.secrets.versions.items() if versions} - {f"{PREFIX}app/lightspeed"}
        return (secrets - expected) | (set(self.records.rows) - {one.connection_id for one in self.live()})

    def orphans(self) -> int:
        """Count the authorisations that work at the vendor and that nobody holds."""
        held = {grant.pair.refresh.reveal() for one in self.live() if (grant := self.kept(one.place)) is not None}
        return sum(not (grant.revoked or grant.refresh.value in held) for grant in self.till.grants.all.values())

    # --- people and time ---

    def connect(self) -> None:
        """Have the till connected, in peace."""
        self.process().authorise()

    def bring_in(self, system: System = System.LIGHTSPEED) -> None:
        """Bring in a merchant whose connection still works with a credential of the old kind."""
        event = LIGHTSPEED_KEYS if system.is_till else SHOPIFY_TOKENS
        account, address, old = (ACCOUNT, "", KEY) if system.is_till else ("shop-1", SHOP_HOST, "old-token")
        one = connection(
            "c1", system=system, account_id=account, address=address, migration=event.name, created_at=self.clock.now()
        )
        self.memory.connections["c1"] = one
        now = self.clock.now()
        self.memory.migrations["c1"] = Migration(
            connection_id="c1", merchant_id="m1", event=event.name, since=now, due_at=now
        )
        self.process().keeper.keep_old(one, Secret(old))

    def minute(self) -> None:
        """Let a minute pass: the round of ``token_refresh``, and a worker of each connection that works."""
        self.clock.advance(minutes=1)
        process = self.process()
        process.round.run(FakeDeadline())
        process.migrations_round.run(FakeDeadline())
        for one in self.live():
            if one.working:
                with suppress(RetryLaterError):
                    process.work(one)


class Process:
    """One process: everything made anew over what outlives it."""

    def __init__(self, house: House, crash: Crash, line: Line) -> None:
        self.house, self.crash, self.line, self.clock = house, crash, line, house.clock
        memory, clock = house.memory, house.clock
        secrets = replace(house.secrets, step=crash.step)
        self.records = replace(house.records, step=crash.step)
        self.vault = Vault(secrets, clock, PREFIX)
        self.apps = AppBook(secrets, clock, PREFIX)
        self.server = TokenServer(System.LIGHTSPEED, Endpoints(TILL_URL), self.apps, self._till_http, clock)
        self.keeper = GrantKeeper(self.vault, self.records, self.server, clock)
        self.refresher = Refresher(self.vault, self.records, self.server, clock)
        self.connections = FakeConnections(memory, crash)
        self.migrations = FakeMigrations(memory, crash)
        self.outbox = FakeOutbox(memory, crash, clock)
        self.lanes = FakeLanes(crash=crash)
        self.register = Register(self.connections, self.outbox, clock)
        self.serving = Serving(self.migrations, self.keeper, house.calendar, clock)
        self.ending = Ending(self.connections, self.keeper, clock)

    @cached_property
    def reception(self) -> Reception:
        return Reception(
            invitations=FakeInvitations(self.house.invitations, self.crash),
            attempts=FakeAttempts(self.house.attempts, self.crash),
            merchants=FakeMerchants(self.house.memory, self.crash),
            clock=self.clock,
            new_token=self.house.token,
            sign=sign,
            public_url=URL,
        )

    @cached_property
    def mover(self) -> Mover:
        anew = AuthorisesAnew(self.reception.invite, self.reception.merchants, self._both_tills)
        exchange = ExchangesOld(
            exchange=self._exchange,
            access=lambda one, _: self.vault.tokens(one.place).pair.access,
            identify=self._shop_of,
            credentials=self.keeper,
            grants=self.keeper,
        )
        book = MigrationBook(self.migrations, self.connections, self.house.calendar, self.clock)
        strategies: dict[Strategy, MigrationStrategy] = {Strategy.ANEW: anew, Strategy.EXCHANGE: exchange}
        return Mover(book, strategies, self.keeper, self.outbox, self.lanes)

    @property
    def door(self) -> TillDoor:
        return TillDoor(
            reception=self.reception,
            authoriser=Authorisation(self.server, self.apps),
            till_of=lambda pair: self._till(OneToken(pair.access)),
            grants=self.keeper,
            book=ConnectionBook(self.connections, self.lanes, self.outbox, self.clock),
            authorised=self.mover.authorised,
        )

    @property
    def round(self) -> RefreshRound:
        return RefreshRound(DueBook(self.records), self._renew, self.register, self.keeper, self.mover.lost)

    @property
    def migrations_round(self) -> MigrationRound:
        return MigrationRound(self.mover)

    def authorise(self, employee: int = ADMIN) -> None:
        """Do what a merchant does in a browser, from the link to the last page."""
        link = self.house.process().reception.invite(self.house.memory.merchants["m1"], System.LIGHTSPEED).link
        self.follow(link, employee)

    def follow(self, link: str, employee: int = ADMIN) -> None:
        """Follow a link; the vendor's page is between the merchant and the vendor."""
        token = dict(parse_qsl(urlsplit(link).query))["invitation"]
        browser = self.reception.welcome(token, "").browser
        asked = dict(parse_qsl(urlsplit(self.door.leave(token, browser)).query))
        authorizations = self.house.till.authorizations
        back = authorizations.approve(authorizations.ask(asked, legacy=False).id, employee)
        answer = dict(parse_qsl(urlsplit(back).query))
        self.door.come_back(VendorAnswer(state=answer["state"], code=answer["code"]), browser)

    def work(self, one: Connection) -> None:
        """Call the remote system as a worker does, and note how it went."""
        in_state(self.register, one, lambda: bool(self.account_of(one)))

    def account_of(self, one: Connection) -> str:
        """Ask whose a connection is, through the credential that serves it."""
        old = self.serving.old(one)
        if not one.system.is_till:
            token = Secret(old.read()) if old else self.vault.tokens(one.place).pair.access
            return self._shop_of(one, token)
        credential = OldKey(old.read) if old else self._tokens(one)
        return self._till(credential, one.account_id).account().account_id

    def switch(self) -> None:
        """Compare both credentials and have the new one serve, as the operator's desk does."""
        self.mover.verify(self.mover.book.case(self.house.only()), FakeDeadline())
        self.mover.switch(self.mover.book.case(self.house.only()))

    def _renew(self, place: Place, deadline: Deadline) -> None:
        self.refresher.token(place, deadline, early=True)

    def _tokens(self, one: Connection) -> GrantTokens:
        return GrantTokens(self.refresher, one.place, FakeDeadline(DEADLINE), self.clock)

    def _both_tills(self, one: Connection, _: Deadline) -> tuple[LightspeedTill, LightspeedTill]:
        old = OldKey(self.serving.of(one).read)
        return self._till(old, one.account_id), self._till(self._tokens(one), one.account_id)

    def _till(self, credential: TokenSource | OldKey, account_id: str = "") -> LightspeedTill:
        budget = BudgetBook(self.clock)
        client = LightspeedClient(self._till_http(""), credential, clock=self.clock, budget=budget, base_url=TILL_URL)
        return LightspeedTill(client, account_id)

    def _till_http(self, connection_id: str) -> HttpClient:
        return self.line.client("lightspeed", connection_id)

    def _exchange(self, one: Connection, old: Secret) -> TokenPair:
        exchange = TokenExchange(lambda: APP, self._shop_http, self.clock)
        return exchange.exchange(one.connection_id, one.address, old)

    def _shop_http(self, connection_id: str) -> HttpClient:
        return self.line.client("shopify", connection_id)

    def _shop_of(self, one: Connection, token: Secret) -> str:
        headers = {"X-Shopify-Access-Token": token.reveal()}
        answer = self._shop_http(one.connection_id).send(
            Request(method="GET", url=f"https://{SHOP_HOST}/shop", headers=headers)
        )
        if not answer.ok:
            raise UnauthorisedError("The shop does not take the token.", remedy="Connect again.", code="GrantDead")
        body = answer.json()
        return str(body["id"]) if isinstance(body, dict) else ""
