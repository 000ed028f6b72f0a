"""The stock of every item in every shop, and what moves it."""

from collections.abc import Callable
from dataclasses import replace

from sandbox.lightspeed.data.levels import ROWS_PER_ITEM, SUM, changed_at, level_id, make_level
from sandbox.lightspeed.data.numbers import epoch, iso
from sandbox.lightspeed.data.places import SHOP_IDS
from sandbox.lightspeed.data.rows import Level
from sandbox.lightspeed.table import Table

_FULL_ROWS_SINCE = epoch(2025, 1, 30)


class Stock:
    """The stock rows. Changing one moves its own timeStamp and that of the item's sum, never that of the item."""

    def __init__(self, seed: int, items: int, now: Callable[[], int]) -> None:
        """Begin with the generated stock of `items` items."""
        self._now = now
        self.table: Table[Level] = Table(
            _key_columns,
            size=items * ROWS_PER_ITEM,
            make=lambda row_id: make_level(seed, row_id),
            quick_keys={"timeStamp": lambda row_id: changed_at(seed, row_id), "itemShopID": lambda row_id: row_id},
        )

    def of(self, item_id: int, shop_id: int) -> Level:
        """Give an item's row in a shop (0 for the sum)."""
        level = self.table.get(level_id(item_id, shop_id))
        if level is None:
            raise LookupError(f"item {item_id} has no stock row in shop {shop_id}")
        return level

    def rows(self, item_id: int) -> list[Level]:
        """List an item's rows in the order of the API: the shops, then the sum."""
        return [self.of(item_id, shop_id) for shop_id in (*SHOP_IDS, SUM)]

    def open(self, item_id: int) -> None:
        """Give a new item its empty rows."""
        for shop_id in (SUM, *SHOP_IDS):
            row_id = level_id(item_id, shop_id)
            self.table.put(row_id, Level(row_id, item_id, shop_id, 0, self._now()))

    def set(self, item_id: int, shop_id: int, qoh: int) -> None:
        """Set what is on hand in a shop."""
        self.move(item_id, shop_id, qoh - self.of(item_id, shop_id).qoh)

    def move(self, item_id: int, shop_id: int, units: int) -> None:
        """Add `units` (which may be negative) to what is on hand in a shop; nothing happens for zero."""
        if units:
            for row in (self.of(item_id, shop_id), self.of(item_id, SUM)):
                self.table.put(row.id, replace(row, qoh=row.qoh + units, stamp=self._now()))

    def reorder(self, row_id: int, *, point: int | None, level: int | None) -> None:
        """Change when and up to where an item is reordered."""
        row = self.table.get(row_id)
        if row is None:
            raise LookupError(f"there is no stock row {row_id}")
        new_point = row.reorder_point if point is None else point
        new_level = row.reorder_level if level is None else level
        self.table.put(row_id, replace(row, reorder_point=new_point, reorder_level=new_level, stamp=self._now()))

    def close(self, item_id: int) -> None:
        """Take an item's rows away."""
        for shop_id in (SUM, *SHOP_IDS):
            self.table.remove(level_id(item_id, shop_id))

    def clear(self, item_id: int) -> None:
        """Zero an item's stock everywhere, as archiving does."""
        for shop_id in SHOP_IDS:
            self.set(item_id, shop_id, 0)


def _key_columns(level: Level) -> dict[str, str]:
    """The columns that are sorted or looked up by."""
    return {"itemShopID": str(level.id), "itemID": str(level.item_id), "timeStamp": iso(level.stamp)}


def short_columns(level: Level) -> dict[str, str]:
    """Show a row as answers to writes do, and as all answers did before 2025-01-30 (recorded)."""
    return {
        "itemShopID": str(level.id),
        "qoh": str(level.qoh),
        "backorder": "0",
        "componentQoh": str(level.component_qoh),
        "componentBackorder": "0",
        "reorderPoint": str(level.reorder_point),
        "reorderLevel": str(level.reorder_level),
        "timeStamp": iso(level.stamp),
        "itemID": str(level.item_id),
        "shopID": str(level.shop_id),
    }


def full_columns(level: Level, cost: float, *, work_order: str = "onWorkorder") -> dict[str, str]:
    """Show a row with all its columns (facts/lightspeed.md, "ItemShop"), `work_order` in one of its two spellings.

    Rows that nobody touched since the newer columns came are shown without them: "sellable may be missing".
    """
    if level.stamp < _FULL_ROWS_SINCE:
        return short_columns(level)
    held = max(0, level.qoh)
    short = short_columns(level)
    return {
        "itemShopID": short["itemShopID"],
        "qoh": short["qoh"],
        "sellable": str(held),
        "backorder": "0",
        "componentQoh": short["componentQoh"],
        "componentBackorder": "0",
        "onLayaway": "0",
        "onSpecialOrder": "0",
        work_order: "0",
        "onTransferOut": "0",
        "onTransferIn": "0",
        "averageCost": f"{cost:g}" if level.shop_id == SUM else "0",
        "nextFifoLotID": str(level.id),
        "nextFifoLotCost": f"{cost:g}",
        "lastReceivedLotID": str(level.id),
        "lastReceivedCost": f"{cost:g}",
        "totalValueFifo": f"{held * cost:g}",
        "totalValueAvgCost": f"{held * cost:g}",
        "totalValueNegativeInventory": f"{min(0, level.qoh) * cost:g}",
        "reorderPoint": short["reorderPoint"],
        "reorderLevel": short["reorderLevel"],
        "timeStamp": short["timeStamp"],
        "itemID": short["itemID"],
        "shopID": short["shopID"],
    }
