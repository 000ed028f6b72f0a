"""The guard's part of an explanation: what is held, and what waits for a second reading of the till."""

from collections.abc import Iterator

from tillbridge.domain.catalogue import Item
from tillbridge.domain.merchant import Lane
from tillbridge.flows.operate.item_answers import ReasonAnswer
from tillbridge.flows.shopkeeper import ShopKeeper

MINUTE = "%Y-%m-%d %H:%M"


def guard_reasons(keeper: ShopKeeper, item: Item) -> Iterator[ReasonAnswer]:
    """Say why nothing of an item, or not its zero, is written for now."""
    for lane, key in ((Lane.CATALOGUE, item.product_key), (Lane.STOCK, item.item_id)):
        held = keeper.holds.find(keeper.shop_id, lane, [key]).get(key)
        hold = keeper.holds.get(keeper.shop_id, held.hold_id) if held else None
        if held and hold and held.until:
            yield ReasonAnswer(
                code="dropped",
                happened=f"A person dropped what its {lane} would write: {hold.cause} The same is not asked about"
                f" again before {held.until:{MINUTE}} UTC; anything else that the till changes is.",
                remedy=f"To have it written after all: tillbridge release {hold.hold_id}.",
            )
        elif held and hold:
            yield ReasonAnswer(
                code="held",
                happened=f"Its {lane} is held since {held.held_at:{MINUTE}} UTC: {hold.cause}",
                remedy=f"tillbridge release {hold.hold_id}, or tillbridge drop {hold.hold_id}.",
            )
    if item.item_id in keeper.rechecks.asked(keeper.till_id):
        yield ReasonAnswer(
            code="second_reading",
            happened="It waits for a second reading of the till before its stock is set to zero.",
            remedy="",
        )
