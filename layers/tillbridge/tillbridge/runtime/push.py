"""The composition root of the ``sync_...`` functions: what each wake of a shop's lanes means."""

from functools import cache

from aws_lambda_powertools.metrics import MetricUnit

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.import_orders.sweep import wake_if_due
from tillbridge.flows.ports import Deadline
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.resync import mark_everything
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper
from tillbridge.flows.survey import due, survey, under_way
from tillbridge.runtime import agreement, observe
from tillbridge.runtime.container import Container, container
from tillbridge.runtime.hook_keeping import look_after_hooks
from tillbridge.runtime.messages import WakeMessage
from tillbridge.runtime.queue import LaneWorker


@cache
def worker() -> LaneWorker:
    """Build the worker once per process."""
    parts = container()
    return parts.worker(lambda connection, message, deadline: work(parts, connection, message, deadline))


def work(parts: Container, connection: Connection, message: WakeMessage, deadline: Deadline) -> bool:
    """Serve one wake; tells whether everything that was due is done."""
    with parts.fenced(connection, message.lane) as fence:
        keeper = parts.keeper(connection, deadline, fence)
        if keeper is None:
            observe.logger.info("The merchant has no till yet", extra=observe.about(connection))
            return True
        if message.lane is Lane.STOCK:
            return _stock(parts, keeper, message)
        return _catalogue(parts, keeper, message)


def _stock(parts: Container, keeper: ShopKeeper, message: WakeMessage) -> bool:
    book = parts.order_book()
    if message.task == "orders":
        seen = book.look(keeper)
        observe.count("OrdersSeen", seen)
        wake_if_due(keeper, parts.fanout, seen)
    report = _counted(keeper, push_stock(keeper, book), "Stock")
    if message.task == "orders":
        agreement.tell_age(keeper, Lane.STOCK)
    return report.finished


def _catalogue(parts: Container, keeper: ShopKeeper, message: WakeMessage) -> bool:
    """Push the catalogue; new listings have to be looked at by the stock lane. Reading the shop back comes last."""
    if message.task == "resync":
        mark_everything(keeper)
        parts.lanes.wake(keeper.connection, Lane.STOCK)
    report = _counted(keeper, push_catalogue(keeper), "Products")
    if report.written:
        parts.lanes.wake(keeper.connection, Lane.STOCK)
    if message.task in {"push", "resync"}:
        look_after_hooks(parts, keeper.connection, at_once=message.task == "resync")
    if message.task == "push":
        agreement.tell_age(keeper, Lane.CATALOGUE)
        agreement.tell_share(parts, keeper)
    if message.task == "survey" or under_way(keeper) or (message.task == "night" and due(keeper)):
        survey(keeper)
        parts.lanes.wake(keeper.connection, Lane.CATALOGUE)  # to go on with it, or to look at what it has marked
    if message.task == "work":
        return report.finished
    if not (report.finished and agreement.go_on(parts, keeper)):  # not the same again: only what is left of it
        parts.lanes.wake(keeper.connection, Lane.CATALOGUE, "reconcile")
    return True


def _counted(keeper: ShopKeeper, report: PushReport, what: str) -> PushReport:
    observe.count(f"{what}Written", report.written)
    observe.count(f"{what}Failed", report.failed)
    if report.held:
        observe.count("HeldPlans", report.held)
    if report.asked_again:
        observe.count("SecondReadings", report.asked_again)
    if report.holding_since:
        waited = keeper.clock.now() - report.holding_since
        observe.count("OldestHold", waited.total_seconds(), MetricUnit.Seconds)
    return report
