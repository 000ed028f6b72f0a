"""Every repository of the store over one place, either memory or a table, so that tests can be run on both."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.stores import (
    FakeBudgets,
    FakeChoices,
    FakeConnections,
    FakeCursors,
    FakeHolds,
    FakeLaneLeases,
    FakeLinks,
    FakeMarks,
    FakeMerchants,
    FakeMigrations,
    FakeMirror,
    FakeOrderNotes,
    FakeOutbox,
    FakeRechecks,
    FakeRejects,
    FakeReservations,
    FakeRuns,
    FakeShelves,
    FakeSightings,
    FakeUnlinkedOrders,
    Memory,
)
from tillbridge.flows import migrate_ports, ports, ports_guard
from tillbridge.flows.import_orders.ports import OrderRecords
from tillbridge.flows.ports_orders import UnlinkedOrders
from tillbridge.store.choices import StoredChoices
from tillbridge.store.connections import StoredConnections
from tillbridge.store.holds import StoredHolds
from tillbridge.store.leases import StoredLaneLeases
from tillbridge.store.links import StoredLinks
from tillbridge.store.marks import StoredMarks
from tillbridge.store.merchants import StoredMerchants
from tillbridge.store.migrations import StoredMigrations
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

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Repositories:
    merchants: ports.Merchants
    connections: ports.Connections
    mirror: ports.Mirror
    cursors: ports.Cursors
    runs: ports.Runs
    rejects: ports.Rejects
    marks: ports.Marks
    links: ports.Links
    shelves: ports.Shelves
    sightings: ports.Sightings
    choices: ports.Choices
    reservations: ports.Reservations
    order_notes: ports.OrderNotes
    unlinked_orders: UnlinkedOrders
    order_records: OrderRecords
    holds: ports_guard.Holds
    rechecks: ports_guard.Rechecks
    budgets: FakeBudgets | StoredBudgets
    migrations: migrate_ports.Migrations
    leases: ports.LaneLeases
    outbox: FakeOutbox | StoredOutbox


class DeafQueue:
    """A queue that nobody listens to."""

    def send_message(self, **_: object) -> None:
        """Take a message."""


def in_memory(memory: Memory) -> Repositories:
    return Repositories(
        merchants=FakeMerchants(memory),
        connections=FakeConnections(memory),
        mirror=FakeMirror(memory),
        cursors=FakeCursors(memory),
        runs=FakeRuns(memory),
        rejects=FakeRejects(memory),
        marks=FakeMarks(memory),
        links=FakeLinks(memory),
        shelves=FakeShelves(memory),
        sightings=FakeSightings(memory),
        choices=FakeChoices(memory),
        reservations=FakeReservations(memory),
        order_notes=FakeOrderNotes(memory),
        unlinked_orders=FakeUnlinkedOrders(memory),
        order_records=FakeOrderRecords(memory),
        holds=FakeHolds(memory),
        rechecks=FakeRechecks(memory),
        budgets=FakeBudgets(memory),
        leases=FakeLaneLeases(memory),
        outbox=FakeOutbox(memory),
        migrations=FakeMigrations(memory),
    )


def in_table(client: "DynamoDBClient", name: str, clock: ports.Clock) -> Repositories:
    table = Table(client, name, clock)
    return Repositories(
        merchants=StoredMerchants(table),
        connections=StoredConnections(table),
        mirror=StoredMirror(table),
        cursors=StoredCursors(table),
        runs=StoredRuns(table),
        rejects=StoredRejects(table, clock),
        marks=StoredMarks(table),
        links=StoredLinks(table),
        shelves=StoredShelves(table),
        sightings=StoredSightings(table),
        choices=StoredChoices(table),
        reservations=StoredReservations(table),
        order_notes=StoredOrderNotes(table, clock),
        unlinked_orders=StoredUnlinkedOrders(table, clock),
        order_records=StoredOrderRecords(table, clock),
        holds=StoredHolds(table, clock),
        rechecks=StoredRechecks(table, clock),
        budgets=StoredBudgets(table),
        leases=StoredLaneLeases(table),
        outbox=StoredOutbox(table, DeafQueue, "https://queue.example/notify", clock),  # type: ignore[arg-type]
        migrations=StoredMigrations(table),
    )
