"""The few parts of a deployment that connecting and renewing need; the lanes' container has them too."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from tillbridge.flows.ports import Clock, Connections, Lanes, Merchants, Outbox
from tillbridge.runtime import aws
from tillbridge.runtime.clock import SystemClock
from tillbridge.runtime.credentials import Credentials
from tillbridge.runtime.settings import Settings
from tillbridge.store.connections import StoredConnections
from tillbridge.store.lanes import SqsLanes
from tillbridge.store.merchants import StoredMerchants
from tillbridge.store.outbox import StoredOutbox
from tillbridge.store.table import Table


class Parts(Protocol):
    """What is asked of a deployment."""

    @property
    def settings(self) -> Settings:
        """What the deployment tells its functions."""
        ...

    @property
    def clock(self) -> Clock:
        """The machine's clock."""
        ...

    @property
    def table(self) -> Table:
        """The one table."""
        ...

    @property
    def merchants(self) -> Merchants:
        """Merchants."""
        ...

    @property
    def connections(self) -> Connections:
        """Connections."""
        ...

    @property
    def lanes(self) -> Lanes:
        """The queues."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Mails to merchants."""
        ...

    @property
    def credentials(self) -> Credentials:
        """Vault, apps and refresher."""
        ...


@dataclass
class GrantParts:
    """Each part is made when first asked for."""

    settings: Settings

    @cached_property
    def clock(self) -> SystemClock:
        """The machine's clock."""
        return SystemClock()

    @cached_property
    def table(self) -> Table:
        """The one table."""
        return Table(aws.dynamodb(), self.settings.table, self.clock)

    @cached_property
    def merchants(self) -> StoredMerchants:
        """Merchants and their settings."""
        return StoredMerchants(self.table)

    @cached_property
    def connections(self) -> StoredConnections:
        """Connections."""
        return StoredConnections(self.table)

    @cached_property
    def outbox(self) -> StoredOutbox:
        """Mails to merchants."""
        return StoredOutbox(self.table, aws.sqs, self.settings.queue_urls.get("notify", ""), self.clock)

    @cached_property
    def lanes(self) -> SqsLanes:
        """The queues."""
        return SqsLanes(aws.sqs(), self.settings.queue_urls, self.clock)

    @cached_property
    def credentials(self) -> Credentials:
        """Vault, apps and refresher."""
        return Credentials(self.settings, self.clock)
