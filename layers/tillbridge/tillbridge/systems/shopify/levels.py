"""Read what lies on the shelf at every place of a shop (facts/shopify.md, section 6)."""

from collections.abc import Iterable, Mapping

from tillbridge.domain.merchant import Lane
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.stock import LEVELS
from tillbridge.systems.shopify.api.ids import ITEM, gid
from tillbridge.systems.shopify.api.points import MOST_IDS
from tillbridge.systems.shopify.api.wire import ItemRow


def read_items(client: ShopifyClient, item_ids: Iterable[str], lane: Lane) -> Mapping[str, ItemRow]:
    """Give items with their levels, 250 per call; one that is gone is absent."""
    found: dict[str, ItemRow] = {}
    for piece in in_pieces(dict.fromkeys(item_ids), MOST_IDS):
        data = client.ask_all(LEVELS, lane, ids=[gid(ITEM, one) for one in piece])
        rows = parsed(list[ItemRow | None], data.get("nodes"), client.subject, "A list of items")
        found |= {row.id: row for row in rows if row is not None}
    return found


def at_places(item: ItemRow) -> dict[str, int | None]:
    """Say what can be sold at each place where an item is stocked."""
    levels = item.inventory_levels.nodes if item.inventory_levels else ()
    return {level.location.id: level.available for level in levels if level.location is not None}
