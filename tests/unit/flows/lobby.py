"""Connecting with everything in memory: what is stored and the vendors outlive each process, which may die anywhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import parse_qs, urlsplit

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tests.fakes.stores import FakeConnections, FakeLanes, FakeMerchants, FakeOutbox, Memory
from tests.unit.grants.fakes import FakeRecords, FakeSecretStore
from tillbridge.domain.connecting import Attempt, Found, Invitation
from tillbridge.domain.errors import InputError, MissingRightError, RetryLaterError, TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import Approved, Grant, Secret, TokenPair, hashed
from tillbridge.domain.merchant import Connection, Merchant, Place, System
from tillbridge.domain.shop_keys import KeyKind, ShopKeys
from tillbridge.flows.connect_bigcommerce import BigCommerceDoor
from tillbridge.flows.connect_book import ConnectionBook
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_magento import MagentoDoor
from tillbridge.flows.connect_shop import ShopDoor
from tillbridge.flows.connect_shopify import ShopifyDoor
from tillbridge.flows.connect_till import TillDoor
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.lane_work import Register
from tillbridge.flows.refresh import RefreshRound
from tillbridge.flows.shop_addresses import ShopAddresses
from tillbridge.grants.due import DueBook
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.vault import Vault
from tillbridge.systems.till import TillAccount

URL = "https://tillbridge.example"
SHOP = "https://shop.example"
SHOPIFY_SHOP = "anns.myshopify.com"


def sign(text: str) -> str:
    """Sign as far as forgers are not concerned."""
    return hashed(text)[:43]


@dataclass
class FakeInvitations:
    rows: dict[str, Invitation]
    crash: Crash

    def add(self, invitation: Invitation) -> None:
        self.crash.around("invitation", lambda: self.rows.update({invitation.invitation_hash: invitation}))

    def find(self, invitation_hash: str) -> Invitation | None:
        return self.rows.get(invitation_hash)

    def note(self, invitation_hash: str, problem: str, remedy: str) -> None:
        def write() -> None:
            if invitation_hash in self.rows:
                self.rows[invitation_hash] = replace(self.rows[invitation_hash], problem=problem, remedy=remedy)

        self.crash.around("note", write)

    def use_up(self, invitation_hash: str) -> None:
        self.crash.around("use up", lambda: self.rows.pop(invitation_hash, None) and None)


@dataclass
class FakeAttempts:
    rows: dict[str, Attempt]
    crash: Crash

    def begin(self, attempt: Attempt) -> None:
        self.crash.around("attempt", lambda: self.rows.update({attempt.state_hash: attempt}))

    def expect(self, attempt: Attempt, now: datetime) -> bool:
        known = self.rows.get(attempt.state_hash)
        if known and known.invitation_hash != attempt.invitation_hash and known.expires_at > now:
            return False
        self.crash.around("expect", lambda: self.rows.update({attempt.state_hash: attempt}))
        return True

    def find(self, state_hash: str) -> Attempt | None:
        return self.rows.get(state_hash)

    def prove(self, state_hash: str, found: Found) -> bool:
        self.crash.step("before prove")
        row = self.rows.get(state_hash)
        if row is None or row.found is not None:
            return False
        self.rows[state_hash] = replace(row, found=found)
        self.crash.step("after prove")
        return True

    def take(self, state_hash: str, browser_hash: str) -> Attempt | None:
        self.crash.step("before take")
        row = self.rows.get(state_hash)
        if row is None or row.browser_hash != browser_hash:
            return None
        del self.rows[state_hash]
        self.crash.step("after take")
        return row


@dataclass
class Vendor:
    """The till's vendor: codes, grants side by side, and one account."""

    clock: FakeClock
    account: TillAccount = field(default_factory=lambda: TillAccount("1", "Ann's shop"))
    codes: set[str] = field(default_factory=set)
    scopes: frozenset[str] = frozenset({"write_products", "read_orders"})
    shop: str = SHOPIFY_SHOP
    newest: Secret = field(default_factory=lambda: Secret(""))  # BigCommerce voids the tokens before it
    live: set[str] = field(default_factory=set)  # refresh tokens that work
    down: bool = False
    trouble: TillbridgeError | None = None
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def approve(self) -> str:
        code = f"code-{next(self.numbers)}"
        self.codes.add(code)
        return code

    def issue(self, code: str) -> TokenPair:
        if self.down:
            raise RetryLaterError("The vendor is down.")
        if code not in self.codes:
            raise UnauthorisedError("The code is not known.")
        self.codes.discard(code)
        number, now = next(self.numbers), self.clock.now()
        self.live.add(f"refresh-{number}")
        self.newest = Secret(f"access-{number}")
        return TokenPair(Secret(f"access-{number}"), Secret(f"refresh-{number}"), now, now + timedelta(hours=1))

    def revoke(self, connection_id: str, token: Secret) -> None:
        if self.down:
            raise RetryLaterError("The vendor is down.")
        self.live.discard(token.reveal())


@dataclass
class FakeAuthoriser:
    vendor: Vendor
    crash: Crash

    def rights(self, *, selling: bool = False) -> Mapping[str, str]:
        return {"employee:all": "everything", **({"employee:register": "sell"} if selling else {})}

    def link(self, state: str, browser: str, *, selling: bool = False) -> str:
        return f"https://vendor.example/authorize?state={state}" + ("&selling=yes" if selling else "")

    def exchange(self, code: str, state: str, browser: str) -> TokenPair:
        self.crash.step("before exchange")
        pair = self.vendor.issue(code)
        self.crash.step("after exchange")
        return pair

    def revoke(self, pair: TokenPair) -> None:
        self.vendor.revoke("", pair.refresh)


RIGHTS_AT_SHOPIFY = {"write_products": "products", "read_orders": "orders"}


@dataclass
class FakeShopAuthoriser:
    """A vendor of shops: its signature is the word "signed", and it grants what it is told to."""

    vendor: Vendor
    crash: Crash

    def link(self, shop: str, state: str, *, selling: bool) -> str:
        return f"https://{shop}/authorize?state={state}" + ("&selling" if selling else "")

    def verify(self, query: Mapping[str, str]) -> None:
        if query.get("hmac") != "signed":
            raise InputError("hmac", "It is not signed.", remedy="Begin again.", code="Forged")

    def exchange(self, shop: str, code: str) -> Approved:
        self.crash.step("before exchange")
        pair = self.vendor.issue(code)
        self.crash.step("after exchange")
        return Approved(pair, self.vendor.scopes)

    def rights(self, *, selling: bool) -> Mapping[str, str]:
        return {**RIGHTS_AT_SHOPIFY, **({"write_orders": "sales"} if selling else {})}

    def missing(self, granted: Collection[str], *, selling: bool) -> Sequence[str]:
        return [f"{name}: {reason}" for name, reason in self.rights(selling=selling).items() if name not in granted]


@dataclass
class FakeTill:
    vendor: Vendor
    crash: Crash

    def account(self) -> TillAccount:
        self.crash.step("account")
        if self.vendor.trouble:
            raise self.vendor.trouble
        return self.vendor.account


@dataclass
class Shops:
    """The shops of the world: which keys work where."""

    keys: dict[str, set[str]] = field(default_factory=dict)
    sell_nothing: bool = False

    def prove(self, address: str, keys: ShopKeys, selling: bool) -> Found:  # noqa: FBT001
        if selling and self.sell_nothing:
            raise MissingRightError("The keys lack rights:", missing=["orders: without it nothing is sold"])
        if keys.kind is KeyKind.BIGCOMMERCE:
            return Found(account_id=address.partition(".com/")[2], name="A store", address=address)
        if keys.kind is KeyKind.WOOCOMMERCE and keys.reveal("consumer_key") not in self.keys.get(address, set()):
            raise UnauthorisedError("The shop does not know the key.", remedy="Make another.")
        return Found(account_id=address, name="A shop", address=address, traits={"currency": "EUR"})


@dataclass
class Lobby:
    """What outlives a process."""

    clock: FakeClock = field(default_factory=FakeClock)
    memory: Memory = field(default_factory=Memory)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    records: FakeRecords = field(default_factory=FakeRecords)
    secrets: FakeSecretStore = field(default_factory=FakeSecretStore)
    shops: Shops = field(default_factory=Shops)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    renewals: list[str] = field(default_factory=list)
    renewal_fails: TillbridgeError | None = None
    selling: bool = False

    def __post_init__(self) -> None:
        self.vendor = Vendor(self.clock)
        self.merchant = Merchant(merchant_id="m1", name="Ann", created_at=self.clock.now())
        FakeMerchants(self.memory).add(self.merchant)

    def token(self) -> str:
        return f"{next(self.numbers):043d}"

    def process(self, crash: Crash | None = None) -> "Process":
        return Process(self, crash or Crash())

    def live(self) -> list[Connection]:
        return list(FakeConnections(self.memory).of_merchant("m1"))

    def held(self, place: Place) -> Grant | ShopKeys | None:
        return Vault(self.secrets, self.clock, "t/").anything(place)

    def invite(self, system: System) -> str:
        link = self.process().reception.invite(self.merchant, system).link
        return parse_qs(urlsplit(link).query)["invitation"][0]


class Process:
    """One process: everything made anew over what outlives it."""

    def __init__(self, lobby: Lobby, crash: Crash) -> None:
        self.lanes = FakeLanes()
        self.connections = FakeConnections(lobby.memory, crash)
        records = replace(lobby.records, step=crash.step)
        vault = Vault(replace(lobby.secrets, step=crash.step), lobby.clock, "t/")
        self.grants = GrantKeeper(vault, records, lobby.vendor, lobby.clock)
        self.outbox = FakeOutbox(lobby.memory, crash, lobby.clock)
        book = ConnectionBook(self.connections, self.lanes, self.outbox, lobby.clock)
        self.reception = Reception(
            invitations=FakeInvitations(lobby.invitations, crash),
            attempts=FakeAttempts(lobby.attempts, crash),
            merchants=FakeMerchants(lobby.memory),
            clock=lobby.clock,
            new_token=lobby.token,
            sign=sign,
            public_url=URL,
        )
        self.till = TillDoor(
            reception=self.reception,
            authoriser=FakeAuthoriser(lobby.vendor, crash),
            till_of=lambda pair: FakeTill(lobby.vendor, crash),  # type: ignore[arg-type,return-value]
            grants=self.grants,
            book=book,
            sells=lambda _: lobby.selling,
        )
        self.shop = ShopDoor(
            reception=self.reception,
            check_address=lambda address: None,
            hand_off_link=lambda address, nonce: f"{address}/wc-auth?user_id={nonce}",
            prove=lobby.shops.prove,
            grants=self.grants,
            book=book,
            addresses=ShopAddresses(),
            sells=lambda _: lobby.selling,
        )
        self.shopify = ShopifyDoor(
            reception=self.reception,
            authoriser=FakeShopAuthoriser(lobby.vendor, crash),
            identify=lambda shop, token: self._identify(lobby, crash),
            grants=self.grants,
            book=book,
            sells=lambda _: lobby.selling,
        )
        self.bigcommerce = BigCommerceDoor(
            reception=self.reception,
            exchange=lambda code, scope, store: self._installed(lobby, crash, code),
            missing=lambda granted, selling: [
                f"{name}: what" for name in ("all", *(["more"] if selling else [])) if name not in granted
            ],
            prove=lobby.shops.prove,
            grants=self.grants,
            book=book,
            addresses=ShopAddresses(),
            sells=lambda _: lobby.selling,
        )
        self.magento = MagentoDoor(
            reception=self.reception,
            check_address=lambda address: None,
            handshake=lambda told: self._shaken(crash, told),
            way_back=lambda told, url: url,
            prove=lobby.shops.prove,
            grants=self.grants,
            book=book,
            addresses=ShopAddresses(),
            sells=lambda _: lobby.selling,
        )
        self.ending = Ending(self.connections, self.grants, lobby.clock)

        def renew(place: Place, deadline: object) -> None:
            if lobby.renewal_fails:
                raise lobby.renewal_fails
            lobby.renewals.append(place.connection_id)
            records.look(place.connection_id, lobby.clock.now() + timedelta(hours=1))

        register = Register(self.connections, self.outbox, lobby.clock)
        self.round = RefreshRound(DueBook(records), renew, register, self.grants)

    @staticmethod
    def _installed(lobby: Lobby, crash: Crash, code: str) -> tuple[ShopKeys, frozenset[str]]:
        crash.step("before exchange")
        token = lobby.vendor.issue(code).access
        crash.step("after exchange")
        return ShopKeys(KeyKind.BIGCOMMERCE, {"access_token": token}), frozenset({"all"})

    @staticmethod
    def _shaken(crash: Crash, told: Secret) -> ShopKeys:
        crash.step("before handshake")
        names = ("consumer_key", "consumer_secret", "access_token", "access_secret")
        keys = ShopKeys(KeyKind.MAGENTO, dict.fromkeys(names, told))
        crash.step("after handshake")
        return keys

    @staticmethod
    def _identify(lobby: Lobby, crash: Crash) -> Found:
        crash.step("identify")
        if lobby.vendor.trouble:
            raise lobby.vendor.trouble
        return Found(account_id=lobby.vendor.shop, name="Ann's shop", address=f"https://{lobby.vendor.shop}")


def state_of(url: str, name: str = "state") -> str:
    return parse_qs(urlsplit(url).query)[name][0]
