"""Bring the products that wait for one shop into step: desired against acknowledged, in the shop's largest batches.

Every outcome is recorded as soon as its batch is certain, so a crash leaves at most one batch in doubt. That batch is
known by its links' ``attempted_at``, and the adapter looks for it before it creates anything again (invariant 8).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Blocked, Nothing, Plan, Unpublish, Write
from tillbridge.domain.product import ProductWrite
from tillbridge.domain.work import Mark
from tillbridge.flows.guard import Guard
from tillbridge.flows.guard_products import note_filled, screen_products
from tillbridge.flows.plan_catalogue import plan_products
from tillbridge.flows.record import Recorder
from tillbridge.flows.settle_holds import settle_holds
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper, by_key
from tillbridge.flows.stock_news import tell_stock_lane

ROUND = 1000
"""Marks of one round: ten batches of the shops that take a hundred, and a few megabytes of memory."""

PASSING_PAUSE = timedelta(seconds=15)
"""How long to wait for the rest of a product that is still being read from the till."""


def push_catalogue(keeper: ShopKeeper) -> PushReport:
    """Work through the products that wait, round by round, until nothing is due or time is up."""
    report = PushReport(holding_since=settle_holds(keeper, Lane.CATALOGUE))
    while not keeper.out_of_time():
        marks = keeper.due(Lane.CATALOGUE, ROUND)
        if not marks:
            note_filled(keeper)
            return report
        report += _round(keeper, by_key(marks))
        if not report.finished:
            return report
    return replace(report, finished=False)


def _round(keeper: ShopKeeper, marks: dict[str, list[Mark]]) -> PushReport:
    """Plan every product of this round, then carry the plans out."""
    planned = plan_products(keeper, list(marks))
    tell_stock_lane(keeper, planned)
    guard = Guard.of_round(keeper, Lane.CATALOGUE, marks)
    screened = screen_products(guard, planned)
    planned = planned.without(screened.held)
    recorder = Recorder(keeper, marks, planned.links)
    _settle(recorder, planned.plans)
    finished = _unpublish(recorder, guard, planned.of(Unpublish))
    finished = finished and _write(recorder, guard, [plan.write for plan in planned.of(Write)])
    return PushReport(len(marks), recorder.written, recorder.failed, finished, held=screened.fresh)


def _settle(recorder: Recorder, plans: Mapping[str, Plan]) -> None:
    """Deal with the plans that ask nothing of the shop."""
    recorder.nothing_to_do([plan.key for plan in plans.values() if isinstance(plan, Nothing)])
    for plan in plans.values():
        if isinstance(plan, Blocked):
            recorder.blocked(plan, PASSING_PAUSE if plan.passing else None)


def _unpublish(recorder: Recorder, guard: Guard, plans: Sequence[Unpublish]) -> bool:
    """Take listings off sale; tells whether all of them were asked for."""
    keeper = recorder.keeper
    by_id = {plan.link.product_id: plan.link for plan in plans}
    if not by_id:
        return True
    recorder.unpublishing(by_id.values())
    for done in keeper.shop.unpublish(list(by_id)):
        links = [by_id.pop(product_id) for product_id in done]
        recorder.unpublished(links)
        guard.wrote(link.product_key for link in links)
        if keeper.out_of_time():
            break
    return not by_id


def _write(recorder: Recorder, guard: Guard, writes: Iterable[ProductWrite]) -> bool:
    """Send what the shop can take; tells whether all of it was sent."""
    keeper = recorder.keeper
    fitting: list[ProductWrite] = []
    for write in writes:
        if problems := keeper.shop.problems(write):
            recorder.refused(write, problems)
        else:
            fitting.append(write)
    left = len(fitting)
    if not fitting or keeper.out_of_time():
        return not fitting
    for outcomes in keeper.shop.write_products(recorder.attempting(fitting)):
        recorder.outcomes(outcomes)
        guard.wrote(outcome.link.product_key for outcome in outcomes if outcome.error is None)
        left -= len(outcomes)
        if keeper.out_of_time():
            break
    return left <= 0
