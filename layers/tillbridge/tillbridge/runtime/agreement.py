"""Reconcile a shop after its push, and tell how far it is behind the till: metrics by system and lane."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.freshness import VALID, oldest_change, verified_share
from tillbridge.flows.reconcile import RECONCILED, Reconciler, ReconcileReport, reconcile
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.runtime import observe

if TYPE_CHECKING:
    from tillbridge.runtime.container import Container

MARKS_READ = 1000


def go_on(parts: "Container", keeper: ShopKeeper) -> bool:
    """Reconcile if it is time, or go on with it; tells whether nothing is left to do at once."""
    report = reconcile(Reconciler(keeper, parts.runs, parts.order_book()))
    counted(report, keeper.connection)
    return report.finished


def counted(report: ReconcileReport, shop: Connection) -> None:
    """Count what was found."""
    for name, found in (("DriftFound", report.drift), ("DriftRepaired", report.repaired)):
        for lane, count in found.items():
            if count:
                observe.gauge(name, count, MetricUnit.Count, shop, lane)
    if report.gone:
        observe.count("ListingsGone", report.gone)


def tell_age(keeper: ShopKeeper, lane: Lane) -> None:
    """Tell the age of the oldest change that a lane has yet to bring into the shop."""
    marks = keeper.marks.waiting(keeper.shop_id, lane, MARKS_READ)
    age = oldest_change(marks, keeper.clock.now())
    observe.gauge("OldestChangeSeconds", age.total_seconds(), MetricUnit.Seconds, keeper.connection, lane)


def tell_share(parts: "Container", keeper: ShopKeeper) -> None:
    """Tell the share of listings seen equal within a day; a shop that is newer than that is not judged yet."""
    now = keeper.clock.now()
    done = parts.runs.get(keeper.shop_id, RECONCILED)
    if done is not None or now - keeper.connection.created_at > VALID:
        share = verified_share(done, now)
        observe.gauge("VerifiedShare", 100 * share, MetricUnit.Percent, keeper.connection)
