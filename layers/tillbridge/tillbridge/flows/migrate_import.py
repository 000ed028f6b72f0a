"""Bring a merchant of the old kind in: with the till's key, the shop's keys, and the links there are already.

Everything is checked before anything is written, and the connections come last: before that nobody works for the
merchant. Ids follow from merchant and account, so that an import that broke off is finished by the same command, and
one that is done is left alone (invariant 8).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tillbridge.domain.connecting import Found
from tillbridge.domain.errors import InputError, NotFoundError, TillbridgeError
from tillbridge.domain.grant import Secret, hashed
from tillbridge.domain.merchant import Connection, Lane, Merchant, System
from tillbridge.domain.migration import Migration
from tillbridge.domain.product import KnownVariant, Link
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.domain.vendor_events import VendorEvent
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.connect_ports import Grants
from tillbridge.flows.migrate_file import BroughtLink
from tillbridge.flows.migrate_ports import Brought, Migrations, OldCredentials
from tillbridge.flows.migrate_serve import key_ended
from tillbridge.flows.ports import Clock, Connections, Lanes, Links, Marks, Merchants, Shelves
from tillbridge.systems.till import TillAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A merchant to bring in; the secrets wait under ``pending``."""

    merchant_id: str
    name: str = ""
    email: str = ""
    account: str = ""
    address: str = ""
    pending: str


@dataclass(frozen=True, slots=True)
class ColumnProblem:
    """What is wrong with a newcomer, by the column of the file."""

    column: str
    happened: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the till and the shop said of a newcomer."""

    till: Found | None
    shop: Found | None
    problems: tuple[ColumnProblem, ...]


AccountOf = Callable[[Secret], TillAccount]
"""Asks the till whose account a key is for, and what it may do."""

ProveShop = Callable[[str, ShopKeys], Found]
"""Has the shop at an address checked with keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Brings merchants in because of one event of a vendor. ``grants`` and ``credentials`` are the vault."""

    merchants: Merchants
    connections: Connections
    migrations: Migrations
    links: Links
    shelves: Shelves
    marks: Marks
    lanes: Lanes
    grants: Grants
    credentials: OldCredentials
    brought: Brought
    account_of: AccountOf
    form: Callable[[str], str]
    """Brings a shop's address into its form; ``InputError`` on ``address``."""
    prove_shop: ProveShop
    clock: Clock

    def check(self, newcomer: Newcomer, event: VendorEvent) -> Checked:
        """Look whether a newcomer can be brought in; nothing is changed."""
        secrets = self.brought.look(newcomer.pending)
        problems: list[ColumnProblem] = []
        till = self._till(newcomer, secrets, event, problems)
        shop = self._shop(newcomer, secrets, problems)
        problems += self._taken(newcomer, till, shop)
        return Checked(till, shop, tuple(problems))

    def keep_links(self, newcomer: Newcomer, links: Sequence[BroughtLink]) -> None:
        """Store links under the id that the shop's connection will have; all variants of a matrix come together.

        The stock of each is looked at as soon as the till was read. The link comes last: it is the proof of the rest.
        """
        shop_id = connection_id(newcomer.merchant_id, System.WOOCOMMERCE, self.form(newcomer.address))
        known, now = self.links.get(shop_id, {link.product_key for link in links}), self.clock.now()
        fresh = sorted((one for one in links if one.product_key not in known), key=lambda link: link.product_key)
        self.shelves.put(shop_id, [Shelf(item_id=link.item_id, ref=link.ref) for link in fresh])
        self.marks.add(shop_id, Lane.STOCK, [Mark(link.item_id, since=now, due_at=now) for link in fresh])
        by_product = groupby(fresh, lambda link: link.product_key)
        self.links.put(shop_id, [_link(key, list(group)) for key, group in by_product])

    def finish(self, newcomer: Newcomer, event: VendorEvent) -> Connection:
        """Bring the merchant in, and have work begin; ``InputError`` names the column that is wrong."""
        checked = self.check(newcomer, event)
        if checked.problems or checked.till is None:
            first = checked.problems[0]
            raise InputError(first.column, first.happened, remedy=first.remedy, code="NotImported")
        secrets = self.brought.look(newcomer.pending)
        self._merchant(newcomer)
        shop = self._bring_shop(newcomer, checked.shop, secrets.shop_keys)
        till = self._bring_till(newcomer, checked.till, secrets.till_key, event)
        for connection, task in ((till, "full"), *([(shop, "resync")] if shop else [])):
            self.grants.connected(connection.place)
            self.lanes.wake(connection, Lane.STOCK, "poll" if connection.system.is_till else "orders")
            self.lanes.wake(connection, Lane.CATALOGUE, task)
        return till

    def _till(
        self, newcomer: Newcomer, secrets: BroughtSecrets, event: VendorEvent, problems: list[ColumnProblem]
    ) -> Found | None:
        try:
            if not event.usable(self.clock.now()):
                raise key_ended(event)
            account = self.account_of(secrets.till_key)
        except TillbridgeError as error:
            problems.append(_problem("till_key", error))
            return None
        if newcomer.account and account.account_id != newcomer.account:
            told = f"The key belongs to account {account.account_id}."
            problems.append(ColumnProblem("account", told, "Give the key of this account, or leave the account out."))
        if account.missing:
            told = f"The key lacks rights. {'; '.join(account.missing)}."
            problems.append(ColumnProblem("till_key", told, "Give the key these rights in the till."))
        return Found(account_id=account.account_id, name=account.name)

    def _shop(self, newcomer: Newcomer, secrets: BroughtSecrets, problems: list[ColumnProblem]) -> Found | None:
        if not newcomer.address or secrets.shop_keys is None:
            return None
        try:
            return self.prove_shop(self.form(newcomer.address), secrets.shop_keys)
        except TillbridgeError as error:
            is_address = isinstance(error, InputError) and error.field == "address"
            problems.append(_problem("shop_address" if is_address else "shop_key", error))
            return None

    def _taken(self, newcomer: Newcomer, till: Found | None, shop: Found | None) -> list[ColumnProblem]:
        """Refuse what the merchant has connected already, other than by an import."""
        problems: list[ColumnProblem] = []
        for known in self.connections.of_merchant(newcomer.merchant_id):
            mine = connection_id(known.merchant_id, known.system, known.account_id)
            told = f"It is connected already (connection {known.connection_id})."
            if known.system.is_till and till and (known.account_id != till.account_id or known.connection_id != mine):
                problems.append(ColumnProblem("merchant", told, "Leave this merchant out, or disconnect its till."))
            if shop and known.account_id == shop.account_id and known.connection_id != mine:
                problems.append(ColumnProblem("shop_address", told, "Leave the shop out, or disconnect it."))
        return problems

    def _merchant(self, newcomer: Newcomer) -> None:
        name = newcomer.name or newcomer.merchant_id
        try:
            known = self.merchants.get(newcomer.merchant_id)
        except NotFoundError:
            self.merchants.add(
                Merchant(merchant_id=newcomer.merchant_id, name=name, email=newcomer.email, created_at=self.clock.now())
            )
            return
        if newcomer.email and not known.email:
            self.merchants.save(replace(known, email=newcomer.email))

    def _bring_shop(self, newcomer: Newcomer, found: Found | None, keys: ShopKeys | None) -> Connection | None:
        if found is None or keys is None:
            return None
        shop = self._connection(newcomer, System.WOOCOMMERCE, found)
        self.grants.keep_keys(shop.place, keys)
        return self._add(shop)

    def _bring_till(self, newcomer: Newcomer, found: Found, key: Secret, event: VendorEvent) -> Connection:
        """Bring the till in last: with it work begins. A till that is there keeps its stage and its credentials."""
        till = replace(self._connection(newcomer, System.LIGHTSPEED, found), migration=event.name)
        if self.migrations.get(till.connection_id) is None:
            self.credentials.keep_old(till, key)
        now = self.clock.now()
        self.migrations.add(
            Migration(
                connection_id=till.connection_id,
                merchant_id=till.merchant_id,
                event=event.name,
                since=now,
                due_at=now,
            )
        )
        return self._add(till)

    def _connection(self, newcomer: Newcomer, system: System, found: Found) -> Connection:
        now = self.clock.now()
        return Connection(
            connection_id=connection_id(newcomer.merchant_id, system, found.account_id),
            merchant_id=newcomer.merchant_id,
            system=system,
            account_id=found.account_id,
            account_name=found.name,
            address=found.address,
            traits=found.traits,
            created_at=now,
            changed_at=now,
        )

    def _add(self, connection: Connection) -> Connection:
        for known in self.connections.of_merchant(connection.merchant_id):
            if known.connection_id == connection.connection_id:
                return known
        self.connections.add(connection)
        return connection


def connection_id(merchant_id: str, system: System, account_id: str) -> str:
    """Give the id of a connection that is brought in: always the same one."""
    return f"c-{hashed(f'{merchant_id} {system.value} {account_id}')[:16]}"


def _link(product_key: str, links: Sequence[BroughtLink]) -> Link:
    """Make the link of a product to what is in the shop; what it shows is not known, so the till's is written."""
    variants = tuple(KnownVariant(item_id=link.item_id, ref=link.ref) for link in links)
    return Link(product_key=product_key, product_id=links[0].ref.product_id, variants=variants)


def _problem(column: str, error: TillbridgeError) -> ColumnProblem:
    return ColumnProblem(column, error.happened, error.remedy or "Try again in a while.")
