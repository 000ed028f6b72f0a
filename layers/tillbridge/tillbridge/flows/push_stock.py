"""Bring the stock that waits for one shop into step.

Just before absolute figures are written, the shop's orders since the last look are read: units somebody bought a
moment ago must not be put back on sale (design, "Never overwrite blindly").
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import LISTING_GONE, StockOutcome
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.guard_stock import PassedStock, screen_stock
from tillbridge.flows.plan_stock import plan_stock, tracked_shelves
from tillbridge.flows.settle_holds import settle_holds
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper, by_key
from tillbridge.flows.web_orders import OrderBook

ROUND = 2000


def push_stock(keeper: ShopKeeper, book: OrderBook) -> PushReport:
    """Work through the items that wait, round by round, until nothing is due or time is up."""
    report = PushReport(holding_since=settle_holds(keeper, Lane.STOCK))
    while not keeper.out_of_time():
        asked = keeper.rechecks.asked(keeper.till_id)  # before the marks, into which requests turn
        marks = keeper.due(Lane.STOCK, ROUND)
        if not marks:
            return report
        report += _round(keeper, book, by_key(marks), asked)
        if not report.finished:
            return report
    return replace(report, finished=False)


def _round(
    keeper: ShopKeeper, book: OrderBook, marks: Mapping[str, Sequence[Mark]], asked: Collection[str]
) -> PushReport:
    """Work out every figure of this round and write those that differ from what the shop acknowledged."""
    shelves = _shelves(keeper, book, marks)
    _remove(keeper, marks, [key for key in marks if key not in shelves])
    planned = plan_stock(keeper, shelves)
    if planned.writes:
        book.look(keeper)
        shelves = _shelves(keeper, book, marks)
        planned = plan_stock(keeper, shelves)
    passed = screen_stock(keeper, book.fanout, marks, shelves, planned, asked)
    _remove(keeper, marks, planned.in_step)
    for key in planned.unread:
        keeper.try_again(Lane.STOCK, marks[key])
    sent = _send(keeper, passed, shelves, marks)
    return PushReport(
        looked_at=len(marks),
        written=sent.written,
        failed=sent.failed + len(planned.unread),
        finished=sent.finished,
        held=passed.held,
        asked_again=passed.asked_again,
    )


def _shelves(keeper: ShopKeeper, book: OrderBook, marks: Mapping[str, Sequence[Mark]]) -> dict[str, Shelf]:
    """Find the tracked listings of these items, once the orders that came before their links are reserved."""
    shelves = tracked_shelves(keeper, marks)
    settled = book.settle(keeper, shelves.values())
    return {key: replace(shelf, known=None) if key in settled else shelf for key, shelf in shelves.items()}


def _send(
    keeper: ShopKeeper, passed: PassedStock, shelves: Mapping[str, Shelf], marks: Mapping[str, Sequence[Mark]]
) -> PushReport:
    written = failed = seen = 0
    writes = passed.writes
    if not writes:
        return PushReport()
    _forget_known(keeper, [shelves[write.item_id] for write in writes])
    for outcomes in keeper.shop.write_stock(writes):
        seen += len(outcomes)
        good = [outcome for outcome in outcomes if outcome.error is None]
        bad = [outcome for outcome in outcomes if outcome.error is not None]
        with keeper.ours(Lane.STOCK, [outcome.write.item_id for outcome in outcomes]):
            recorded = [_recorded(keeper, shelves, outcome) for outcome in outcomes]
            keeper.shelves.put(keeper.shop_id, recorded, moved=False)
            passed.guard.wrote(outcome.write.item_id for outcome in good)
            _remove(keeper, marks, [outcome.write.item_id for outcome in good])
            for outcome in bad:
                _fail(keeper, outcome, marks)
            _tell_of_gone(keeper, bad)
        written, failed = written + len(good), failed + len(bad)
        if keeper.out_of_time():
            break
    return PushReport(0, written, failed, finished=seen >= len(writes))


def _forget_known(keeper: ShopKeeper, shelves: Sequence[Shelf]) -> None:
    """Note before sending that what the shop shows is in doubt: the answer, or our record of it, may be lost.

    Otherwise a figure that goes back to what was acknowledged before would never be written again (invariant 4).
    """
    now = keeper.clock.now()
    known = [shelf for shelf in shelves if shelf.known is not None]
    keeper.shelves.put(keeper.shop_id, [replace(shelf, known=None, sent_at=now) for shelf in known], moved=False)


def _recorded(keeper: ShopKeeper, shelves: Mapping[str, Shelf], outcome: StockOutcome) -> Shelf:
    """Keep what the shop acknowledged, or why it did not."""
    now = keeper.clock.now()
    shelf = shelves[outcome.write.item_id]
    if outcome.error is not None:
        return replace(
            shelf,
            sent_at=now,
            problem_code=outcome.error.code,
            problem=outcome.error.happened,
            remedy=outcome.error.remedy,
        )
    return replace(
        shelf,
        known=outcome.acknowledged,
        known_places=outcome.write.places,
        sent_at=now,
        acknowledged_at=now,
        problem_code="",
        problem="",
        remedy="",
        pace=shelf.pace.sold((outcome.write.known or 0) - (outcome.acknowledged or 0), now),
    )


def _fail(keeper: ShopKeeper, outcome: StockOutcome, marks: Mapping[str, Sequence[Mark]]) -> None:
    """Look again after a growing pause; the other items go on."""
    keeper.try_again(Lane.STOCK, marks[outcome.write.item_id])


def _tell_of_gone(keeper: ShopKeeper, bad: Sequence[StockOutcome]) -> None:
    """Have the catalogue lane look for listings that are gone: it knows whether another one took their place."""
    gone = [outcome.write.item_id for outcome in bad if outcome.error and outcome.error.code == LISTING_GONE]
    keys = {item.product_key for item in keeper.mirror.items(keeper.till_id, gone).values()}
    now = keeper.clock.now()
    keeper.marks.add(
        keeper.shop_id, Lane.CATALOGUE, [Mark(key, since=now, due_at=now, doubt=True) for key in sorted(keys)]
    )


def _remove(keeper: ShopKeeper, marks: Mapping[str, Sequence[Mark]], keys: Sequence[str]) -> None:
    keeper.marks.remove(keeper.shop_id, Lane.STOCK, [mark for key in keys for mark in marks[key]])
