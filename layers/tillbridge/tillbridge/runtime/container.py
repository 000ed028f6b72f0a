"""The composition root that the lanes share: every part by name, each made when first asked for.

One container per process. What belongs to one invocation (tills, shops, readers, keepers) is made per call.
"""

import os
from dataclasses import dataclass
from functools import cache, cached_property

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tillbridge.domain.merchant import Connection
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.ports import Deadline
from tillbridge.flows.reader import TillReader
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook
from tillbridge.runtime import aws
from tillbridge.runtime.clock import SystemClock
from tillbridge.runtime.credentials import Credentials
from tillbridge.runtime.queue import LaneWorker, Work
from tillbridge.runtime.settings import Settings
from tillbridge.runtime.systems import Systems
from tillbridge.store.connections import StoredConnections
from tillbridge.store.lanes import SqsLanes
from tillbridge.store.links import StoredLinks
from tillbridge.store.marks import StoredMarks
from tillbridge.store.merchants import StoredMerchants
from tillbridge.store.mirror import StoredMirror
from tillbridge.store.order_notes import StoredOrderNotes
from tillbridge.store.progress import StoredBudgets, StoredCursors, StoredRuns
from tillbridge.store.rejects import StoredRejects
from tillbridge.store.reservations import StoredReservations
from tillbridge.store.shelves import StoredShelves
from tillbridge.store.table import Table


@dataclass
class Container:
    """All parts of a deployment."""

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
    def mirror(self) -> StoredMirror:
        """Copies of the tills."""
        return StoredMirror(self.table)

    @cached_property
    def cursors(self) -> StoredCursors:
        """How far polls have come."""
        return StoredCursors(self.table)

    @cached_property
    def runs(self) -> StoredRuns:
        """Progress of long work."""
        return StoredRuns(self.table)

    @cached_property
    def rejects(self) -> StoredRejects:
        """Rows of tills that nobody understood."""
        return StoredRejects(self.table, self.clock)

    @cached_property
    def marks(self) -> StoredMarks:
        """What waits for each shop."""
        return StoredMarks(self.table)

    @cached_property
    def links(self) -> StoredLinks:
        """Products and their listings."""
        return StoredLinks(self.table)

    @cached_property
    def shelves(self) -> StoredShelves:
        """Stock as shops acknowledged it."""
        return StoredShelves(self.table)

    @cached_property
    def reservations(self) -> StoredReservations:
        """Units in web orders."""
        return StoredReservations(self.table)

    @cached_property
    def order_notes(self) -> StoredOrderNotes:
        """States of web orders that were dealt with."""
        return StoredOrderNotes(self.table, self.clock)

    @cached_property
    def budgets(self) -> StoredBudgets:
        """Rate budgets that workers share."""
        return StoredBudgets(self.table)

    @cached_property
    def lanes(self) -> SqsLanes:
        """The queues."""
        return SqsLanes(aws.sqs(), self.settings.queue_urls, self.clock)

    @cached_property
    def credentials(self) -> Credentials:
        """Vault, apps and refresher."""
        return Credentials(self.settings, self.clock)

    @cached_property
    def systems(self) -> Systems:
        """Tills and shops."""
        return Systems(self.settings, self.credentials, self.budgets, self.table, self.clock)

    @cached_property
    def fanout(self) -> Fanout:
        """Tells shops of changes in the till."""
        return Fanout(self.connections, self.marks, self.lanes)

    def order_book(self) -> OrderBook:
        """Follow a shop's orders."""
        return OrderBook(self.order_notes, self.fanout)

    def reader(self, connection: Connection, deadline: Deadline) -> TillReader:
        """Make the reader of one till for one invocation."""
        return TillReader(
            connection=connection,
            till=self.systems.till(connection, deadline),
            mirror=self.mirror,
            cursors=self.cursors,
            runs=self.runs,
            rejects=self.rejects,
            fanout=self.fanout,
            clock=self.clock,
            deadline=deadline,
        )

    def keeper(self, connection: Connection, deadline: Deadline) -> ShopKeeper | None:
        """Make the keeper of one shop for one invocation; ``None`` while its merchant has no till."""
        siblings = self.connections.of_merchant(connection.merchant_id)
        till = next((sibling for sibling in siblings if sibling.system.is_till), None)
        if till is None:
            return None
        return ShopKeeper(
            merchant=self.merchants.get(connection.merchant_id),
            connection=connection,
            till_id=till.connection_id,
            shop=self.systems.shop(connection),
            mirror=self.mirror,
            links=self.links,
            shelves=self.shelves,
            marks=self.marks,
            reservations=self.reservations,
            cursors=self.cursors,
            clock=self.clock,
            deadline=deadline,
        )

    def worker(self, work: Work) -> LaneWorker:
        """Make the worker of a queue."""
        return LaneWorker(self.connections, self.runs, self.lanes, self.clock, work, self.show_again)

    def show_again(self, record: SQSRecord, seconds: float) -> None:
        """Have a queue show a message again after so many seconds."""
        name = record.event_source_arn.rpartition(":")[2]
        urls = (url for url in self.settings.queue_urls.values() if url.rpartition("/")[2] == name)
        if (queue_url := next(urls, None)) is not None:
            aws.sqs().change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=record.receipt_handle, VisibilityTimeout=int(seconds)
            )


@cache
def container() -> Container:
    """Give the process's container."""
    return Container(Settings.from_env(os.environ))
