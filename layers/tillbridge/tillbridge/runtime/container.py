"""The composition root that the lanes share: every part by name, each made when first asked for.

One container per process. What belongs to one invocation (tills, shops, readers, keepers) is made per call.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.lane_fence import LaneFence, NoFence
from tillbridge.flows.lane_work import Register
from tillbridge.flows.migrate_relief import Relief
from tillbridge.flows.ports import Deadline
from tillbridge.flows.reader import TillReader
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook
from tillbridge.runtime import aws
from tillbridge.runtime.cloud import Cloud
from tillbridge.runtime.credentials import Credentials
from tillbridge.runtime.heartbeat import beating
from tillbridge.runtime.queue import LaneWorker, Work
from tillbridge.runtime.settings import Settings
from tillbridge.runtime.systems import Systems


@dataclass
class Container(Cloud):
    """All parts of a deployment."""

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

    @contextmanager
    def fenced(self, connection: Connection, lane: Lane) -> Iterator[LaneFence]:
        """Make the fence of one lane for one wake; it takes the lane when asked to and gives it back at the end."""
        fence = LaneFence(
            leases=self.leases,
            connections=self.connections,
            clock=self.clock,
            connection=connection,
            lane=lane,
            holder=uuid.uuid4().hex,
        )
        try:
            with beating(fence.beat):
                yield fence
        finally:
            fence.release()

    def keeper(self, connection: Connection, deadline: Deadline, fence: LaneFence | None = None) -> ShopKeeper | None:
        """Make the keeper of one shop for one invocation; ``None`` while its merchant has no till.

        One without a fence is for looking only.
        """
        siblings = self.connections.of_merchant(connection.merchant_id)
        till = next((sibling for sibling in siblings if sibling.system.is_till), None)
        if till is None:
            return None
        merchant = self.merchants.get(connection.merchant_id)
        bulk = connection.connection_id in merchant.settings.bulk_shops
        return ShopKeeper(
            merchant=merchant,
            connection=connection,
            till_id=till.connection_id,
            shop=self.systems.shop(connection, fence.may_send if fence else None, deadline, bulk=bulk),
            mirror=self.mirror,
            links=self.links,
            shelves=self.shelves,
            marks=self.marks,
            reservations=self.reservations,
            unlinked=self.unlinked_orders,
            records=self.order_records,
            cursors=self.cursors,
            runs=self.runs,
            sightings=self.sightings,
            choices=self.choices,
            holds=self.holds,
            rechecks=self.rechecks,
            clock=self.clock,
            deadline=deadline,
            fence=fence or NoFence(),
        )

    def worker(self, work: Work) -> LaneWorker:
        """Make the worker of a queue."""
        relief = Relief(self.credentials.migrations, self.clock)
        register = Register(self.connections, self.outbox, self.clock, relief.comes)
        return LaneWorker(register, self.runs, self.lanes, work, self.show_again)

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
