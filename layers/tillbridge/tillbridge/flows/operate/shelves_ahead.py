"""The shelves that the stock lane would find once the catalogue lane has linked what it is about to link.

A preview of the stock must not wait for a link to be stored. It plans those products once more of which the catalogue
lane may change a shelf: few in a shop that is in step, and all of them before the first items are linked. This asks
the shop for listings that are about to be linked a second time, because what it said in the part of the products may
have been told in another call.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import UNTRACKED
from tillbridge.domain.judging_products import all_keys
from tillbridge.domain.planning import Release
from tillbridge.domain.work import Shelf
from tillbridge.flows.plan_catalogue import PlannedProducts, plan_products
from tillbridge.flows.shelving import claimed, moved_away, new_shelves
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.stock_news import turned_shelves
from tillbridge.flows.survey import surveyed


def shelves_ahead(keeper: ShopKeeper, items: Sequence[Item], doubted: Collection[str]) -> dict[str, Shelf]:
    """Find the shelves of some items; ``doubted`` are products whose listing may be gone."""
    shelves = dict(keeper.shelves.get(keeper.shop_id, [item.item_id for item in items]))
    keys = list(dict.fromkeys(_unsettled(keeper, items, shelves, doubted)))
    if keys:
        shelves |= _changed(keeper, plan_products(keeper, keys, [key for key in keys if key in doubted]), shelves)
    return {item.item_id: shelves[item.item_id] for item in items if item.item_id in shelves}


def _unsettled(
    keeper: ShopKeeper, items: Sequence[Item], shelves: Mapping[str, Shelf], doubted: Collection[str]
) -> Iterator[str]:
    """Name the products of which the catalogue lane may change a shelf of these items."""
    known = surveyed(keeper)
    sells = known is not None and not known.empty
    chosen = keeper.choices.get(keeper.shop_id, {item.product_key for item in items})
    gone = {link.product_key for link in keeper.links.troubled(keeper.shop_id) if link.product_id} if sells else set()
    for item in items:
        shelf, key = shelves.get(item.item_id), item.product_key
        if key in chosen or key in gone or key in doubted:
            yield key
        elif shelf is None:
            if sells and not item.archived:
                yield key
        elif item.archived or shelf.tracked == (item.item_type in UNTRACKED):
            yield key
    if sells:
        yield from _heirs(
            keeper, [shelves[item.item_id] for item in items if item.archived and item.item_id in shelves]
        )


def _heirs(keeper: ShopKeeper, shelves: Sequence[Shelf]) -> Iterator[str]:
    """Name the products that may take over listings of items that the till has given up."""
    met = keeper.sightings.get(keeper.shop_id, {shelf.ref.product_id for shelf in shelves})
    keys = all_keys([sighting.listed for sighting in met.values()])
    for carriers in keeper.mirror.carrying(keeper.till_id, sorted(keys, key=str)).values():
        yield from (item.product_key for item in carriers if not item.archived)


def _changed(keeper: ShopKeeper, planned: PlannedProducts, shelves: dict[str, Shelf]) -> Mapping[str, Shelf]:
    """Do to the shelves what the recorder would; takes away those that are no more, and returns what is new."""
    losing = list(planned.released.values())
    for item_id in moved_away(keeper, [*losing, *(plan.link for plan in planned.of(Release))]):
        shelves.pop(item_id, None)
    accepted = [one for one in claimed(keeper, planned.found.values(), losing) if one.error is None]
    changed = [*turned_shelves(keeper, planned), *new_shelves(keeper, accepted)]
    return {shelf.item_id: shelf for shelf in changed}
