"""Now and then, as a shop's orders are looked at: have the lane that sells wake up if something waits for it.

So nothing is asked for merchants who do not import orders, a wake that was lost is repeated, an order whose pause has
ended is met, and the till is asked for its news every few minutes however many shops and web hooks there are.
"""

from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Cursor
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.ports import Clock, Cursors
from tillbridge.flows.shopkeeper import ShopKeeper

NEWS = "news"
"""The task of the lane: ask the till what became of our sales, beside what is due."""

EVERY = timedelta(minutes=4)
"""Shops are swept every five minutes; of several the first one asks."""


def wake_if_due(keeper: ShopKeeper, fanout: Fanout, seen: int = 0) -> None:
    """Wake the lane for news, or for what is due; a look that has ``seen`` new orders has woken it for these."""
    if not keeper.settings.orders.imported:
        return
    now, merchant = keeper.clock.now(), keeper.merchant.merchant_id
    asked = keeper.cursors.get(keeper.till_id, NEWS)
    if asked is None or now - asked.since >= EVERY:
        fanout.wake_seller(merchant, NEWS)
    elif not seen and keeper.marks.due(keeper.till_id, Lane.ORDERS, now, 1):
        fanout.wake_seller(merchant, "work")


def note_asked(cursors: Cursors, till: str, clock: Clock) -> None:
    """Note that the till was asked for news."""
    cursors.put(till, NEWS, Cursor(clock.now()))
