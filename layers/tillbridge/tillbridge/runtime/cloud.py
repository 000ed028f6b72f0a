"""The parts of a deployment that stand in its own cloud: the table's repositories and the queues."""

from dataclasses import dataclass
from functools import cached_property

from tillbridge.runtime import aws
from tillbridge.runtime.clock import SystemClock
from tillbridge.runtime.settings import Settings
from tillbridge.store.choices import StoredChoices
from tillbridge.store.connections import StoredConnections
from tillbridge.store.counter_lists import StoredCounterLists
from tillbridge.store.holds import StoredHolds
from tillbridge.store.lanes import SqsLanes
from tillbridge.store.leases import StoredLaneLeases
from tillbridge.store.links import StoredLinks
from tillbridge.store.marks import StoredMarks
from tillbridge.store.merchants import StoredMerchants
from tillbridge.store.mirror import StoredMirror
from tillbridge.store.order_notes import StoredOrderNotes
from tillbridge.store.order_records import StoredOrderRecords
from tillbridge.store.outbox import StoredOutbox
from tillbridge.store.progress import StoredBudgets, StoredCursors, StoredRuns
from tillbridge.store.rechecks import StoredRechecks
from tillbridge.store.rejects import StoredRejects
from tillbridge.store.reservations import StoredReservations
from tillbridge.store.shelves import StoredShelves
from tillbridge.store.sightings import StoredSightings
from tillbridge.store.table import Table
from tillbridge.store.unlinked_orders import StoredUnlinkedOrders


@dataclass
class Cloud:
    """Every repository by name, each made when first asked for. It knows no remote system and no secret."""

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
    def sightings(self) -> StoredSightings:
        """What surveys of shops have met."""
        return StoredSightings(self.table)

    @cached_property
    def choices(self) -> StoredChoices:
        """What people decided about links."""
        return StoredChoices(self.table)

    @cached_property
    def reservations(self) -> StoredReservations:
        """Units in web orders."""
        return StoredReservations(self.table)

    @cached_property
    def order_notes(self) -> StoredOrderNotes:
        """States of web orders that were dealt with."""
        return StoredOrderNotes(self.table, self.clock)

    @cached_property
    def unlinked_orders(self) -> StoredUnlinkedOrders:
        """Web orders whose listings are not linked."""
        return StoredUnlinkedOrders(self.table, self.clock)

    @cached_property
    def counter_lists(self) -> StoredCounterLists:
        """What sales of a till point into."""
        return StoredCounterLists(self.table, self.clock)

    @cached_property
    def order_records(self) -> StoredOrderRecords:
        """Web orders on their way into the till."""
        return StoredOrderRecords(self.table, self.clock)

    @cached_property
    def holds(self) -> StoredHolds:
        """Plans that wait for a person."""
        return StoredHolds(self.table, self.clock)

    @cached_property
    def rechecks(self) -> StoredRechecks:
        """Second readings of tills."""
        return StoredRechecks(self.table, self.clock)

    @cached_property
    def budgets(self) -> StoredBudgets:
        """Rate budgets that workers share."""
        return StoredBudgets(self.table)

    @cached_property
    def leases(self) -> StoredLaneLeases:
        """Which worker serves a lane."""
        return StoredLaneLeases(self.table)

    @cached_property
    def outbox(self) -> StoredOutbox:
        """Mails to merchants."""
        return StoredOutbox(self.table, aws.sqs, self.settings.queue_urls.get("notify", ""), self.clock)

    @cached_property
    def lanes(self) -> SqsLanes:
        """The queues."""
        return SqsLanes(aws.sqs(), self.settings.queue_urls, self.clock)
