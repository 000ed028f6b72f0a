"""Bring the products that wait for one shop into step: desired against acknowledged, in the shop's largest batches.

Every outcome is recorded as soon as its batch is certain, so a crash leaves at most one batch in doubt. That batch is
known by its links' ``attempted_at``, and the adapter looks for it before it creates anything again (invariant 8).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import Desired, Wishes, desire_simple, desire_variable
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Blocked, Nothing, Plan, Unpublish, Withheld, Write, plan_product
from tillbridge.domain.product import Link, ProductWrite
from tillbridge.domain.work import Mark
from tillbridge.flows.record import Recorder
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper, by_key

ROUND = 1000
"""Marks of one round: ten batches of the shops that take a hundred, and a few megabytes of memory."""

PASSING_PAUSE = timedelta(seconds=15)
"""How long to wait for the rest of a product that is still being read from the till."""


def push_catalogue(keeper: ShopKeeper) -> PushReport:
    """Work through the products that wait, round by round, until nothing is due or time is up."""
    report = PushReport()
    while not keeper.out_of_time():
        marks = keeper.marks.due(keeper.shop_id, Lane.CATALOGUE, keeper.clock.now(), ROUND)
        if not marks:
            return report
        report += _round(keeper, by_key(marks))
        if not report.finished:
            return report
    return replace(report, finished=False)


def _round(keeper: ShopKeeper, marks: dict[str, list[Mark]]) -> PushReport:
    """Plan every product of this round, then carry the plans out."""
    links = keeper.links.get(keeper.shop_id, marks)
    desired = desire_products(keeper, list(marks))
    plans: dict[str, Plan] = {
        key: plan_product(desired[key], links.get(key, Link(product_key=key)), keeper.settings) for key in marks
    }
    recorder = Recorder(keeper, marks, links)
    _settle(recorder, plans)
    finished = _unpublish(recorder, [plan for plan in plans.values() if isinstance(plan, Unpublish)])
    finished = finished and _write(recorder, [plan.write for plan in plans.values() if isinstance(plan, Write)])
    return PushReport(len(marks), recorder.written, recorder.failed, finished)


def desire_products(keeper: ShopKeeper, keys: Sequence[str]) -> dict[str, Desired]:
    """Say what the shop should show of each product key, from the mirror alone."""
    matrix_ids = [key[1:] for key in keys if key.startswith("M")]
    simple = keeper.mirror.items(keeper.till_id, [key[1:] for key in keys if key.startswith("I")])
    matrices = keeper.mirror.matrices(keeper.till_id, matrix_ids)
    variants = keeper.mirror.variants(keeper.till_id, matrix_ids)
    items: list[Item] = [*simple.values(), *(item for group in variants.values() for item in group)]
    reference = keeper.mirror.reference(keeper.till_id)
    if reference is None:
        return {key: Withheld(key, "the till has not been read yet") for key in keys}
    figures = keeper.figures([item.item_id for item in items])
    wishes = Wishes(keeper.settings, reference, figures, keeper.price_decimals)
    desired: dict[str, Desired] = {}
    for key in keys:
        if key.startswith("M"):
            desired[key] = desire_variable(key[1:], matrices.get(key[1:]), variants.get(key[1:], ()), wishes)
        else:
            desired[key] = _desire_item(key, simple.get(key[1:]), wishes)
    return desired


def _desire_item(key: str, item: Item | None, wishes: Wishes) -> Desired:
    if item is None:
        return Withheld(key, "it is not in the till")
    if item.matrix_id:
        return Withheld(key, f"it became a variant of matrix {item.matrix_id}")
    return desire_simple(item, wishes)


def _settle(recorder: Recorder, plans: dict[str, Plan]) -> None:
    """Deal with the plans that ask nothing of the shop."""
    recorder.nothing_to_do([plan.key for plan in plans.values() if isinstance(plan, Nothing)])
    for plan in plans.values():
        if isinstance(plan, Blocked):
            recorder.blocked(plan, PASSING_PAUSE if plan.passing else None)


def _unpublish(recorder: Recorder, plans: Sequence[Unpublish]) -> bool:
    """Take listings off sale; tells whether all of them were asked for."""
    keeper = recorder.keeper
    by_id = {plan.link.product_id: plan.link for plan in plans}
    if not by_id:
        return True
    recorder.unpublishing(by_id.values())
    for done in keeper.shop.unpublish(list(by_id)):
        recorder.unpublished([by_id.pop(product_id) for product_id in done])
        if keeper.out_of_time():
            break
    return not by_id


def _write(recorder: Recorder, writes: Iterable[ProductWrite]) -> bool:
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
        left -= len(outcomes)
        if keeper.out_of_time():
            break
    return left <= 0
