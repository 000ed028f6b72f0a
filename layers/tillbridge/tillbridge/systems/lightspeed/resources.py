"""What we ask of the till, with which relations, and what that costs: one table.

Relations are the fewest that the catalogue needs; ``all`` is never asked for. Prices, tags and custom fields need
naming, price rows come unasked (facts/lightspeed.md, A2, A4 and "Filters").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.domain.merchant import Lane

BASE_COST = 1.0
TO_ONE_COST, TO_MANY_COST = 0.1, 0.2
TO_MANY = frozenset({"ItemShops", "Images", "TagRelations", "CustomFieldValues"})
TO_ONE = frozenset({"ItemAttributes", "ItemECommerce", "TagRelations.Tag", "CustomFieldValues.value"})
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of the till. ``archives`` tells whether its rows can be archived, which hides them unless asked for."""

    resource: str
    id_field: str
    thing: str
    """What a row is called in errors."""
    relations: tuple[str, ...] = ()
    archives: bool = False
    lane: Lane = Lane.CATALOGUE

    @property
    def cost(self) -> float:
        """Tell the price of one page in drips."""
        return list_cost(self.relations)


def list_cost(relations: Sequence[str]) -> float:
    """Work out the price of one page: a list doubles what each relation costs (facts/lightspeed.md, A2).

    Nothing else that we send costs: filters, sorting and paging are free, ``count`` and ``or`` are never used.
    """
    to_many = sum(relation in TO_MANY for relation in relations)
    to_one = sum(relation in TO_ONE for relation in relations)
    return round(BASE_COST + 2 * (TO_MANY_COST * to_many + TO_ONE_COST * to_one), 4)


_CONTENT = ("Images", "TagRelations", "TagRelations.Tag", "ItemECommerce", "CustomFieldValues")
_ITEM = ("ItemAttributes", *_CONTENT, "CustomFieldValues.value")

ITEMS = Listing("Item", "itemID", "item", _ITEM, archives=True)
STOCKED_ITEMS = Listing("Item", "itemID", "item", ("ItemShops", *_ITEM), archives=True)
STOCK_OF_ITEMS = Listing("Item", "itemID", "item", ("ItemShops",), archives=True, lane=Lane.STOCK)
LAST_ITEM = Listing("Item", "itemID", "item", archives=True)
MATRICES = Listing("ItemMatrix", "itemMatrixID", "matrix", _CONTENT, archives=True)
STOCK = Listing("ItemShop", "itemShopID", "stock row", lane=Lane.STOCK)
LOCATIONS = Listing("Shop", "shopID", "location", archives=True)
CATEGORIES = Listing("Category", "categoryID", "category")
MANUFACTURERS = Listing("Manufacturer", "manufacturerID", "manufacturer")
PRICE_LEVELS = Listing("PriceLevel", "priceLevelID", "price level", archives=True)
ATTRIBUTE_SETS = Listing("ItemAttributeSet", "itemAttributeSetID", "attribute set", archives=True)
