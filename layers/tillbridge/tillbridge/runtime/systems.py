"""Builds the till or shop behind a connection."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from tillbridge.domain.merchant import Connection
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.runtime.calls import count_call, tell_operator
from tillbridge.runtime.credentials import Credentials
from tillbridge.runtime.settings import Settings
from tillbridge.runtime.shops import Built, Fittings, kit_of
from tillbridge.store.progress import StoredBudgets
from tillbridge.store.table import Table
from tillbridge.store.vocabulary import StoredVocabulary
from tillbridge.systems.counter import Counter
from tillbridge.systems.http import FencedClient, HttpClient, TransportOptions
from tillbridge.systems.shop import Shop
from tillbridge.systems.till import Till

if TYPE_CHECKING:
    from tillbridge.systems.lightspeed import LightspeedClient

TILL_READ_SECONDS = 15.0
"""A call may wait and be tried again inside; together that has to fit into the readers' stop margin."""


@dataclass(frozen=True, slots=True)
class Systems:
    """Makes adapters, one per connection and invocation."""

    settings: Settings
    credentials: Credentials
    budgets: StoredBudgets
    table: Table
    clock: Clock
    hurry: TransportOptions | None = None  # replaces the shops' own bounds where a person waits

    def till(self, connection: Connection, deadline: Deadline) -> Till:
        """Make the till of a connection."""
        # Imported here, as the shops below: each function pays for the system it talks to.
        from tillbridge.systems.lightspeed import LightspeedTill  # noqa: PLC0415

        return LightspeedTill(self._lightspeed(connection, deadline, None), connection.account_id)

    def seller(
        self, connection: Connection, deadline: Deadline, may_send: Callable[[], None] | None = None
    ) -> tuple[Counter, Till]:
        """Make the till of a connection that sells, and that reads what it has; both share what they know of limits."""
        from tillbridge.systems.lightspeed import LightspeedCounter, LightspeedTill  # noqa: PLC0415

        client = self._lightspeed(connection, deadline, may_send)
        return LightspeedCounter(client, connection.account_id), LightspeedTill(client, connection.account_id)

    def shop(
        self,
        connection: Connection,
        may_send: Callable[[], None] | None = None,
        deadline: Deadline | None = None,
        *,
        bulk: bool = False,
    ) -> Shop:
        """Make the shop of a connection. ``may_send`` is asked before each request that changes something there.

        ``bulk`` says that the merchant wants large writes to go as bulks.
        """
        return self.built(connection, may_send, deadline, bulk=bulk).shop

    def built(
        self,
        connection: Connection,
        may_send: Callable[[], None] | None = None,
        deadline: Deadline | None = None,
        *,
        bulk: bool = False,
    ) -> Built:
        """Make the shop of a connection, and what keeps its web hooks."""
        kit, credentials, name = kit_of(connection.system), self.credentials, connection.connection_id
        http = self._http(connection, self.hurry or kit.transport)
        return kit.build(
            Fittings(
                http=FencedClient(http, may_send) if may_send else http,
                gallery=self._http(connection, kit.transport),
                address=self.settings.addresses.called(connection.system, connection.address),
                keys=lambda: credentials.vault.keys(connection.place, connection.authorised_at),
                tokens=lambda: credentials.of_shop(connection, deadline),
                vocabulary=StoredVocabulary(self.table, name),
                clock=self.clock,
                traits={**connection.traits, "bulk": "yes"} if bulk else connection.traits,
                told=partial(tell_operator, connection.system, name),
                load=partial(self.budgets.load, name),
                save=partial(self.budgets.save, name),
            )
        )

    def _lightspeed(
        self, connection: Connection, deadline: Deadline, may_send: Callable[[], None] | None
    ) -> "LightspeedClient":
        from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient  # noqa: PLC0415

        budget = BudgetBook(
            self.clock,
            partial(self.budgets.load, connection.connection_id),
            partial(self.budgets.save, connection.connection_id),
        )
        http = self._http(connection, TransportOptions(read_seconds=TILL_READ_SECONDS))
        return LightspeedClient(
            FencedClient(http, may_send) if may_send else http,
            self.credentials.of_till(connection, deadline),
            clock=self.clock,
            budget=budget,
            base_url=self.settings.lightspeed_api_url,
        )

    def _http(self, connection: Connection, options: TransportOptions) -> HttpClient:
        plain = connection.address.startswith("http://")
        return HttpClient(
            connection.system.value,
            connection.connection_id,
            policy=self.credentials.policy(http=plain),
            clock=self.clock,
            options=_trusting(options, self.settings.ca_bundle),
            calls=partial(count_call, connection.system),
        )


def _trusting(options: TransportOptions, ca_bundle: str) -> TransportOptions:
    return replace(options, ca_bundle=ca_bundle) if ca_bundle else options
