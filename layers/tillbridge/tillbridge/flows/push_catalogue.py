"""Bring the products that wait for one shop into step: desired against acknowledged, in the shop's largest batches.

Every outcome is recorded as soon as its batch is certain, so a crash leaves at most one batch in doubt. That batch is
known by its links' ``attempted_at``, and the adapter looks for it before it creates anything again (invariant 8).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Blocked, Nothing, Plan, Release, Seek, Unpublish, Write
from tillbridge.domain.product import ProductWrite
from tillbridge.domain.work import Mark
from tillbridge.flows.guard import Guard
from tillbridge.flows.guard_products import note_filled, screen_products
from tillbridge.flows.plan_catalogue import PlannedProducts, doubtful, plan_products
from tillbridge.flows.pull import STOCK
from tillbridge.flows.record import Recorder
from tillbridge.flows.settle_holds import settle_holds
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper, by_key
from tillbridge.flows.stock_news import tell_stock_lane
from tillbridge.flows.survey import survey, surveyed

ROUND = 2000
"""Marks of one round: what Shopify makes by one bulk operation, and some megabytes of memory."""

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
        if _unknown_shop(keeper, marks) and not survey(keeper):
            break
        if _till_unknown(keeper):
            return report
        report += _round(keeper, by_key(marks))
        if not report.finished:
            return report
    return replace(report, finished=False)


def _unknown_shop(keeper: ShopKeeper, marks: Sequence[Mark]) -> bool:
    """Tell whether something may have to be created in a shop of which nobody knows yet what it has already."""
    if surveyed(keeper) is not None:
        return False
    links = keeper.links.get(keeper.shop_id, {mark.key for mark in marks})
    return any(mark.key not in links or not links[mark.key].product_id for mark in marks)


def _till_unknown(keeper: ShopKeeper) -> bool:
    """Tell whether the till is being read for the first time, while the shop sells already.

    Whether an item is the only one with its SKU is not known before all have been read. The end of that read, and the
    sweep, wake this lane again. A shop that was empty is filled meanwhile.
    """
    known = surveyed(keeper)
    return known is not None and not known.empty and keeper.cursors.get(keeper.till_id, STOCK) is None


def _round(keeper: ShopKeeper, marks: dict[str, list[Mark]]) -> PushReport:
    """Plan every product of this round, then carry the plans out."""
    planned = plan_products(keeper, list(marks), doubtful(marks))
    recorder = Recorder(keeper, marks, planned.links)
    recorder.seen_again(planned.back.values())
    recorder.linked(planned.found.values(), planned.released.values())
    tell_stock_lane(keeper, planned)
    guard = Guard.of_round(keeper, Lane.CATALOGUE, marks)
    screened = screen_products(guard, planned)
    planned = planned.without(screened.held)
    _tell_former(keeper, planned)
    _settle(recorder, planned.plans)
    finished = _unpublish(recorder, guard, planned.of(Unpublish))
    finished = finished and _write(recorder, guard, [plan.write for plan in planned.of(Write)])
    return PushReport(len(marks), recorder.written, recorder.failed, finished, held=screened.fresh)


def _tell_former(keeper: ShopKeeper, planned: PlannedProducts) -> None:
    """Have the products looked at that items were before they became variants: nobody else tells that they are over."""
    joining = [
        simple_key(item_id)
        for plan in planned.of(Write)
        if plan.write.product.variable
        for item_id in plan.write.variant_changes
        if plan.write.link.variant(item_id) is None
    ]
    links = keeper.links.get(keeper.shop_id, joining)
    now = keeper.clock.now()
    over = [Mark(key, since=now, due_at=now) for key, link in links.items() if link.product_id]
    keeper.marks.add(keeper.shop_id, Lane.CATALOGUE, over)


def _settle(recorder: Recorder, plans: Mapping[str, Plan]) -> None:
    """Deal with the plans that ask nothing of the shop."""
    recorder.released(plan.link for plan in plans.values() if isinstance(plan, Release))
    recorder.not_found([plan.link for plan in plans.values() if isinstance(plan, Seek)])
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
        if outcomes:
            recorder.outcomes(outcomes)
        guard.wrote(outcome.link.product_key for outcome in outcomes if outcome.error is None)
        left -= len(outcomes)
        if keeper.out_of_time():
            break
    return left <= 0
