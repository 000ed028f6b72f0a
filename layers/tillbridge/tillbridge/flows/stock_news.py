"""Tell the stock lane what only the catalogue lane sees: whether an item is tracked, and what its safety stock is."""

from collections.abc import Container
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import Product
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.plan_catalogue import PlannedProducts
from tillbridge.flows.shopkeeper import ShopKeeper

BY_THEN = timedelta(seconds=10)


def tell_stock_lane(keeper: ShopKeeper, planned: PlannedProducts) -> None:
    """Note which listed items the till began or ceased to track, and mark those whose figure may have changed by it.

    The category or SKU of an item decides how many are kept back, if the merchant has such rules. New listings are left
    out: the recorder tells of them. The marks come first, in case we die in between, and are due when the shelves say
    so.
    """
    tracked = _tracked(planned)
    listed = _listed(planned, tracked)
    turned = turned_shelves(keeper, planned)
    changed = listed if keeper.settings.safety_rules.needs_items else [shelf.item_id for shelf in turned]
    now = keeper.clock.now()
    keeper.marks.add(
        keeper.shop_id,
        Lane.STOCK,
        [Mark(item_id, since=now, due_at=now + BY_THEN) for item_id in changed if tracked[item_id]],
    )
    keeper.shelves.put(keeper.shop_id, turned, moved=False)


def turned_shelves(keeper: ShopKeeper, planned: PlannedProducts) -> list[Shelf]:
    """Give the shelves of which the till began or ceased to keep stock, as they should be.

    Of a shelf that is changed nothing counts as known, because the stock lane may be writing at this very moment.
    """
    tracked = _tracked(planned)
    return [
        replace(shelf, tracked=tracked[item_id], known=None)
        for item_id, shelf in keeper.shelves.get(keeper.shop_id, _listed(planned, tracked)).items()
        if shelf.tracked != tracked[item_id]
    ]


def _tracked(planned: PlannedProducts) -> dict[str, bool]:
    return {
        variant.item_id: variant.quantity is not None
        for desired in planned.desired.values()
        if isinstance(desired, Product)
        for variant in desired.variants
    }


def _listed(planned: PlannedProducts, tracked: Container[str]) -> list[str]:
    return [known.item_id for link in planned.links.values() for known in link.variants if known.item_id in tracked]
