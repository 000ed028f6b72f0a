"""Read stock figures back, by variant and location (facts/bigcommerce.md, "Inventory v3")."""

from collections.abc import Collection, Mapping

from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.api.wire import StockRow
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed

ITEMS = "v3/inventory/items"
MOST_ROWS = 1000
MOST_ASKED = 500
"""Ids in one question: the whole address stays below what web servers take (8 kB)."""


def read_levels(
    client: BigClient, variant_ids: Collection[str], places: Collection[str]
) -> Mapping[tuple[str, str], int]:
    """Give the figure by variant and place; what was never set is absent. A base variant stands for its product."""
    found: dict[tuple[str, str], int] = {}
    for piece in in_pieces(sorted(set(variant_ids), key=int), MOST_ASKED):
        params = {
            "variant_id:in": ",".join(piece),
            "location_id:in": ",".join(sorted(set(places))),
            "limit": str(MOST_ROWS),
        }
        for listing in client.pages(ITEMS, params):
            for row in parsed(list[StockRow], listing.rows, client.subject, "A list of stock"):
                variant_id = str(row.identity.variant_id)
                found |= {(variant_id, str(level.location_id)): level.figure for level in row.locations}
    return found
