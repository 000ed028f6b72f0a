"""Serve the operator's commands: verify an event, hand it to the desk that knows, and render what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tillbridge.domain.errors import TillbridgeError
from tillbridge.flows.operate.answers import RetriedAnswer
from tillbridge.flows.operate.compliance import ComplianceDesk
from tillbridge.flows.operate.connecting import ConnectionDesk
from tillbridge.flows.operate.explain import ExplainDesk
from tillbridge.flows.operate.holds import HoldDesk
from tillbridge.flows.operate.link_answers import DecidedAnswer, LoadRow
from tillbridge.flows.operate.links import LinkDesk
from tillbridge.flows.operate.load_links import LoadDesk
from tillbridge.flows.operate.mails import MailDesk
from tillbridge.flows.operate.merchants import MerchantDesk
from tillbridge.flows.operate.migration import MigrationDesk
from tillbridge.flows.operate.orders import OrdersDesk
from tillbridge.flows.operate.pausing import PauseDesk
from tillbridge.flows.operate.preview import PreviewDesk, Question
from tillbridge.flows.operate.problems import ProblemBook
from tillbridge.flows.operate.queues import QueueDesk
from tillbridge.flows.operate.register import Portion
from tillbridge.flows.operate.retry import RetryDesk
from tillbridge.flows.operate.status import StatusDesk
from tillbridge.flows.operate.syncing import SyncDesk
from tillbridge.flows.ports import Deadline
from tillbridge.runtime import migration_commands as migrate
from tillbridge.runtime import observe
from tillbridge.runtime import operator_commands as commands
from tillbridge.runtime import order_commands as orders
from tillbridge.runtime.operator_commands import family_of, read_arguments, read_event, render
from tillbridge.runtime.operator_types import Arguments, Command

A = TypeVar("A", bound=Arguments)
R = TypeVar("R")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Every use case, ready to be called."""

    merchants: MerchantDesk
    connections: ConnectionDesk
    pauses: PauseDesk
    preview: PreviewDesk
    sync: SyncDesk
    status: StatusDesk
    explain: ExplainDesk
    problems: ProblemBook
    links: LinkDesk
    load: LoadDesk
    retry: RetryDesk
    holds: HoldDesk
    orders: OrdersDesk
    queues: QueueDesk
    mails: MailDesk
    migration: MigrationDesk
    compliance: ComplianceDesk


Served = tuple[Any, str | None]
"""An answer as JSON values, and where the list goes on."""

Serve = Callable[[Desks, Mapping[str, Any], Deadline], Served]


def serve(desks: Desks, event: object, deadline: Deadline) -> Mapping[str, Any]:
    """Answer one event. Errors of ours are answers too; anything else is a defect and goes up."""
    try:
        name, arguments = read_event(event)
        result, following = SERVED[name](desks, arguments, deadline)
    except TillbridgeError as error:
        observe.trouble(error)
        return {"ok": False, "error": {**error.as_dict(), "family": family_of(error)}}
    return {"ok": True, "result": result, "following": following}


def _one(command: Command[A, R], run: Callable[[Desks, A, Deadline], R]) -> tuple[str, Serve]:
    """Serve a command that answers as a whole."""

    def served(desks: Desks, arguments: Mapping[str, Any], deadline: Deadline) -> Served:
        return render(command, run(desks, read_arguments(command, arguments), deadline)), None

    return command.name, served


def _many(command: Command[A, tuple[Row, ...]], run: Callable[[Desks, A, Deadline], Portion[Row]]) -> tuple[str, Serve]:
    """Serve a command whose answer may come in portions."""

    def served(desks: Desks, arguments: Mapping[str, Any], deadline: Deadline) -> Served:
        portion = run(desks, read_arguments(command, arguments), deadline)
        return render(command, portion.rows), portion.following

    return command.name, served


def _retry(desks: Desks, asked: commands.Retry, _deadline: Deadline) -> tuple[RetriedAnswer, ...]:
    if asked.keys:
        return tuple(desks.retry.retry_named(asked.merchant, asked.keys))
    return tuple(desks.retry.retry_failing(asked.merchant))


def _load(desks: Desks, asked: commands.LoadLinks, deadline: Deadline) -> tuple[DecidedAnswer, ...]:
    rows = [LoadRow(**line.model_dump()) for line in asked.rows]
    return tuple(desks.load.load(asked.merchant, rows, deadline))


SERVED: Mapping[str, Serve] = dict(
    (
        _one(
            commands.ADD_MERCHANT, lambda desks, asked, _: desks.merchants.add(asked.merchant, asked.name, asked.email)
        ),
        _one(commands.CONTACT, lambda desks, asked, _: desks.merchants.contact(asked.merchant, asked.email)),
        _one(commands.LIST_MERCHANTS, lambda desks, _asked, _: tuple(desks.merchants.list())),
        _one(
            commands.SETTINGS,
            lambda desks, asked, deadline: desks.merchants.settings(asked.merchant, asked.changes, deadline),
        ),
        _one(
            commands.INVITE,
            lambda desks, asked, _: desks.connections.invite_to(asked.merchant, asked.system, asked.address),
        ),
        _one(
            commands.CONNECT_WITH_KEYS,
            lambda desks, asked, _: desks.connections.connect_with_keys(
                asked.merchant, asked.system, asked.address, asked.pending
            ),
        ),
        _one(
            commands.DISCONNECT, lambda desks, asked, _: desks.connections.disconnect(asked.merchant, asked.connection)
        ),
        _one(commands.PAUSE, lambda desks, asked, _: desks.pauses.pause(asked.merchant, asked.connection)),
        _one(commands.RESUME, lambda desks, asked, _: desks.pauses.resume(asked.merchant, asked.connection)),
        _one(commands.SYNC, lambda desks, asked, _: desks.sync.start(asked.merchant, asked.lane, full=asked.full)),
        _one(
            commands.ITEM,
            lambda desks, asked, deadline: tuple(desks.explain.explain(asked.merchant, asked.sku, deadline)),
        ),
        _one(commands.LOAD_LINKS, _load),
        _one(commands.RETRY, _retry),
        _one(commands.RELEASE, lambda desks, asked, _: desks.holds.release(asked.merchant, asked.hold)),
        _one(commands.DROP, lambda desks, asked, _: desks.holds.drop(asked.merchant, asked.hold)),
        _many(
            commands.HOLDS,
            lambda desks, asked, deadline: desks.holds.list(
                asked.merchant, asked.after, deadline, dropped=asked.dropped
            ),
        ),
        _many(
            orders.LIST,
            lambda desks, asked, deadline: desks.orders.list(asked.merchant, asked.state, asked.after, deadline),
        ),
        _one(orders.SHOW, lambda desks, asked, _: desks.orders.show(asked.merchant, asked.order)),
        _one(orders.RESEND, lambda desks, asked, _: desks.orders.resend(asked.merchant, asked.order)),
        _one(orders.RELEASE, lambda desks, asked, _: desks.orders.release(asked.merchant, asked.order)),
        _one(orders.IGNORE, lambda desks, asked, _: desks.orders.ignore(asked.merchant, asked.order)),
        _one(
            orders.FORGET,
            lambda desks, asked, deadline: desks.orders.forget(asked.merchant, asked.order, deadline),
        ),
        _one(commands.QUEUES, lambda desks, _asked, _: tuple(desks.queues.look())),
        _one(commands.REDRIVE, lambda desks, asked, deadline: desks.queues.redrive(asked.queue, deadline)),
        _many(
            commands.CONNECTIONS,
            lambda desks, asked, deadline: desks.connections.list(asked.merchant, asked.after, deadline),
        ),
        _many(
            commands.PREVIEW,
            lambda desks, asked, deadline: desks.preview.show(
                Question(merchant=asked.merchant, shop=asked.shop, changes=asked.changes, after=asked.after), deadline
            ),
        ),
        _many(commands.MAILS, lambda desks, asked, deadline: desks.mails.list(asked.merchant, asked.after, deadline)),
        _many(commands.STATUS, lambda desks, asked, deadline: desks.status.show(asked.merchant, asked.after, deadline)),
        _many(
            commands.LINKS,
            lambda desks, asked, deadline: desks.links.list(asked.merchant, asked.state, asked.after, deadline),
        ),
        _many(
            commands.ERRORS,
            lambda desks, asked, deadline: desks.problems.everything(asked.merchant, asked.after, deadline),
        ),
        _one(commands.REQUESTS, lambda desks, asked, _: tuple(desks.compliance.list(everything=asked.everything))),
        _one(commands.REQUEST, lambda desks, asked, _: desks.compliance.show(asked.request)),
        _one(commands.SETTLE, lambda desks, asked, _: desks.compliance.done(asked.request, asked.by, asked.what)),
        _one(migrate.CHECK, lambda desks, asked, _: desks.migration.check(asked.newcomer, asked.event)),
        _one(migrate.LINKS, lambda desks, asked, _: desks.migration.keep_links(asked.newcomer, asked.brought)),
        _one(migrate.IMPORT, lambda desks, asked, _: desks.migration.finish(asked.newcomer, asked.event)),
        _one(migrate.BOARD, lambda desks, asked, _: desks.migration.board(asked.event)),
        _one(migrate.CALENDAR, lambda desks, _asked, _: tuple(desks.migration.calendar())),
        _many(migrate.INVITE, lambda desks, asked, deadline: desks.migration.invite(asked.whom, deadline)),
        _many(migrate.VERIFY, lambda desks, asked, deadline: desks.migration.verify(asked.whom, deadline)),
        _many(migrate.REHEARSE, lambda desks, asked, deadline: desks.migration.rehearse(asked.whom, deadline)),
        _many(migrate.SWITCH, lambda desks, asked, deadline: desks.migration.switch(asked.whom, deadline)),
        _many(migrate.BACK, lambda desks, asked, deadline: desks.migration.back(asked.whom, deadline)),
        _many(migrate.RETIRE, lambda desks, asked, deadline: desks.migration.retire(asked.whom, deadline)),
    )
)
