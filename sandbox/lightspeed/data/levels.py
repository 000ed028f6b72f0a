"""Makes the stock row with a given number. Every item has one row for each shop and one, shop 0, for their sum.

The rows of item n are 3n-2 (shop 0), 3n-1 (shop 1) and 3n (shop 2), so that numbers and owners can be computed.
"""

from sandbox.lightspeed.data.items import changed_at as item_changed_at
from sandbox.lightspeed.data.layout import Place, is_archived_item, position
from sandbox.lightspeed.data.numbers import epoch, mix
from sandbox.lightspeed.data.places import SHOP_IDS
from sandbox.lightspeed.data.rows import Level

SUM = 0
ROWS_PER_ITEM = len(SHOP_IDS) + 1
_SALT = 21
_FROM, _SECONDS = epoch(2024, 6, 1), 530 * 86_400
_BOX_OF = 6


def level_id(item_id: int, shop_id: int) -> int:
    """Number the row of an item in a shop."""
    return (item_id - 1) * ROWS_PER_ITEM + shop_id + 1


def owner_of(row_id: int) -> tuple[int, int]:
    """Give item and shop of a row."""
    item, shop = divmod(row_id - 1, ROWS_PER_ITEM)
    return item + 1, shop


def make_level(seed: int, row_id: int) -> Level:
    """Make stock row `row_id` as it is on the first day."""
    item_id, shop_id = owner_of(row_id)
    box = position(item_id).place == Place.BOX
    return Level(
        id=row_id,
        item_id=item_id,
        shop_id=shop_id,
        qoh=_on_hand(seed, item_id, shop_id),
        stamp=changed_at(seed, row_id),
        component_qoh=max(0, _on_hand(seed, item_id + 1, shop_id)) // _BOX_OF if box else 0,
        reorder_point=3 if shop_id == SHOP_IDS[0] and item_id % 5 == 0 else 0,
        reorder_level=12 if shop_id == SHOP_IDS[0] and item_id % 5 == 0 else 0,
    )


def changed_at(seed: int, row_id: int) -> int:
    """Give the epoch second of the row's last change; the sum changes with whichever shop changed last."""
    item_id, shop_id = owner_of(row_id)
    if shop_id == SUM:
        return max(_shop_changed_at(seed, item_id, shop) for shop in SHOP_IDS)
    return _shop_changed_at(seed, item_id, shop_id)


def _shop_changed_at(seed: int, item_id: int, shop_id: int) -> int:
    if item_id % 4 == 0:  # never touched since the item itself was
        return item_changed_at(seed, item_id)
    return _FROM + mix(seed, item_id, _SALT + shop_id) % _SECONDS


def _on_hand(seed: int, item_id: int, shop_id: int) -> int:
    if shop_id == SUM:
        return sum(_on_hand(seed, item_id, shop) for shop in SHOP_IDS)
    place = position(item_id).place
    if place == Place.NON_INVENTORY or is_archived_item(item_id):
        return 0
    if place == Place.NEGATIVE_STOCK and shop_id == SHOP_IDS[0]:
        return -3
    dice = mix(seed, item_id, _SALT + 10 + shop_id)
    return 0 if dice % 6 == 0 else dice // 6 % 40
