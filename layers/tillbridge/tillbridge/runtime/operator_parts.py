"""The composition root of ``operator``: every desk out of a deployment's parts."""

from dataclasses import replace
from functools import cache, cached_property, partial

from tillbridge.domain.merchant import Connection
from tillbridge.flows.operate.compliance import ComplianceDesk
from tillbridge.flows.operate.connecting import ConnectionDesk
from tillbridge.flows.operate.explain import ExplainDesk
from tillbridge.flows.operate.holds import HoldDesk
from tillbridge.flows.operate.links import LinkDesk
from tillbridge.flows.operate.load_links import LoadDesk
from tillbridge.flows.operate.mails import MailDesk
from tillbridge.flows.operate.merchants import MerchantDesk
from tillbridge.flows.operate.order_choices import OrderChoices
from tillbridge.flows.operate.orders import OrdersDesk
from tillbridge.flows.operate.pausing import PauseDesk
from tillbridge.flows.operate.preview import PreviewDesk
from tillbridge.flows.operate.problems import ProblemBook
from tillbridge.flows.operate.queues import QueueDesk
from tillbridge.flows.operate.register import Register
from tillbridge.flows.operate.retry import RetryDesk
from tillbridge.flows.operate.status import StatusDesk
from tillbridge.flows.operate.syncing import SyncDesk
from tillbridge.flows.operate.unlinked import UnlinkedBook
from tillbridge.flows.ports import Deadline
from tillbridge.runtime import aws, migrating, oauth
from tillbridge.runtime.container import Container
from tillbridge.runtime.first_contact import HURRY
from tillbridge.runtime.hook_keeping import take_hooks_away
from tillbridge.runtime.operator import Desks
from tillbridge.runtime.operator_queues import SqsQueues
from tillbridge.runtime.settings import Settings
from tillbridge.runtime.shops import kit_of
from tillbridge.runtime.systems import Systems
from tillbridge.store import settings_codec
from tillbridge.store.vocabulary import StoredVocabulary
from tillbridge.systems.order_desk import OrderDesk


class OperatorContainer(Container):
    """The parts of a deployment where a person waits for the answer."""

    @cached_property
    def systems(self) -> Systems:
        """Tills and shops, with little patience."""
        return replace(super().systems, hurry=HURRY)


@cache
def desks() -> Desks:
    """Build the desks once per process."""
    return build(OperatorContainer(Settings.from_env()))


def build(parts: Container) -> Desks:
    """Put the desks together."""
    register = Register(parts.merchants, parts.connections)
    marks, lanes, clock = parts.marks, parts.lanes, parts.clock
    doors = oauth.build(parts)
    choices = OrderChoices(
        register, parts.systems.seller, partial(desk_of, parts), parts.order_records, parts.fanout, clock
    )
    unlinked = UnlinkedBook(parts.unlinked_orders, parts.shelves, parts.choices)
    problems = ProblemBook(register, parts.mirror, parts.links, parts.shelves, marks, parts.rejects, unlinked)
    return Desks(
        merchants=MerchantDesk(register, settings_codec, lanes, clock, choices),
        connections=_connections(parts, register, doors),
        pauses=PauseDesk(register, parts.cursors, lanes, clock),
        preview=PreviewDesk(register, settings_codec, parts.keeper),
        sync=SyncDesk(register, parts.cursors, lanes, clock),
        status=StatusDesk(
            register,
            parts.cursors,
            parts.runs,
            marks,
            parts.holds,
            parts.rechecks,
            unlinked,
            parts.order_records,
            clock,
            partial(evidence_of, parts),
        ),
        explain=ExplainDesk(register, parts.mirror, parts.keeper),
        problems=problems,
        links=LinkDesk(register, parts.keeper),
        load=LoadDesk(register, parts.keeper, lanes),
        retry=RetryDesk(register, problems, parts.links, parts.shelves, marks, lanes, clock),
        holds=HoldDesk(register, parts.holds, parts.mirror, lanes, clock),
        orders=OrdersDesk(
            register=register,
            records=parts.order_records,
            reservations=parts.reservations,
            marks=marks,
            fanout=parts.fanout,
            clock=clock,
            buyers=doors.compliance.buyers,
        ),
        mails=MailDesk(register, parts.outbox),
        queues=QueueDesk(SqsQueues(aws.sqs(), aws.cloudwatch, parts.settings.queue_urls, clock)),
        migration=migrating.desk(parts, register, doors.mover, doors.pending),
        compliance=ComplianceDesk(doors.compliance.notices, parts.connections, clock),
    )


def desk_of(parts: Container, shop: Connection, deadline: Deadline) -> OrderDesk:
    """Give the desk of a shop's orders."""
    return parts.systems.built(shop, None, deadline).desk


def evidence_of(parts: Container, connection: str) -> str:
    """Say what shows why a grant has died, "" for one that lives."""
    record = parts.credentials.records.read(connection)
    return record.death.evidence if record and record.death else ""


def _connections(parts: Container, register: Register, doors: oauth.Doors) -> ConnectionDesk:
    return ConnectionDesk(
        register=register,
        invite=doors.reception.invite,
        connect_keys=doors.shop.connect_with_keys,
        end=partial(_end, parts, doors),
        pending=doors.pending,
        addresses=parts.settings.addresses,
        note=partial(note_of, parts),
    )


def note_of(parts: Container, connection: Connection) -> str:
    """Say what the operator has to know of a shop that works, "" of most."""
    if connection.system.is_till:
        return ""
    vocabulary = StoredVocabulary(parts.table, connection.connection_id)
    return kit_of(connection.system).note(vocabulary, parts.clock.now())


def _end(parts: Container, doors: oauth.Doors, connection: Connection) -> Connection:
    """Take our web hooks away while the shop's keys are still there, then end the connection."""
    take_hooks_away(parts, connection)
    return doors.ending.end(connection)
