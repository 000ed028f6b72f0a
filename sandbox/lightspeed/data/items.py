"""Makes the item with a given number."""

from dataclasses import dataclass
from functools import lru_cache

from sandbox.lightspeed.data import words
from sandbox.lightspeed.data.layout import Place, Position, is_archived_item, position
from sandbox.lightspeed.data.matrices import description_of, make_matrix, variant_values
from sandbox.lightspeed.data.numbers import epoch, flag, iso, mix, with_check_digit
from sandbox.lightspeed.data.places import MATERIAL_FIELD, SEASON_FIELD
from sandbox.lightspeed.data.rows import Attributes, Item

_CREATED, _LAST_CHANGE = epoch(2019, 5, 1), epoch(2025, 12, 1)
_DAY = 86_400
_IMPORT_DAYS = 1_800
SYSTEM_SKU_BASE = 210_000_000_000
TAX_CLASS_ITEM, TAX_CLASS_LABOR = "1", "2"
_SALT_NAME, _SALT_PRICE, _SALT_TIME, _SALT_EXTRAS = 1, 2, 3, 4


def make_item(seed: int, item_id: int) -> Item:
    """Make item `item_id` (1, 2, ...) of the retailer that `seed` stands for."""
    place = position(item_id)
    return _make_variant(seed, item_id, place) if place.is_variant else _make_plain(seed, item_id, place)


def changed_at(seed: int, item_id: int) -> int:
    """Give the epoch second of the item's last change. In every second unit the plain items share one."""
    place = position(item_id)
    shared = not place.is_variant and place.unit % 2 == 0
    created = _created_at(place)
    return created + mix(seed, -place.unit if shared else item_id, _SALT_TIME) % (_LAST_CHANGE - created)


def cost_of(seed: int, item_id: int) -> str:
    """Give the item's default cost."""
    return f"{mix(seed, item_id, _SALT_PRICE) % 4_000 / 100 + 2:g}"


def system_sku(item_id: int) -> str:
    """Give the till's own number, which is printed on labels; close to the item id, but not to be derived from it."""
    return str(SYSTEM_SKU_BASE + item_id + (6 if item_id > 400 else 0))  # noqa: PLR2004 - a gap, as in the recordings


def _created_at(place: Position) -> int:
    return _CREATED + place.unit * 13 % _IMPORT_DAYS * _DAY + place.place // 7


def _make_variant(seed: int, item_id: int, place: Position) -> Item:
    matrix = _matrix(seed, place.matrix_id)
    values = variant_values(place.matrix_id, place.number)
    head = _Head(
        description=description_of(matrix.columns["description"], values),
        custom_sku=f"AQ-M{place.matrix_id:04d}-{place.number + 1}",
        category_id=int(matrix.columns["categoryID"]),
        manufacturer_id=int(matrix.columns["manufacturerID"]),
        matrix_id=place.matrix_id,
    )
    return Item(
        item_id,
        _columns(seed, item_id, head),
        _variant_prices(matrix.prices, place),
        tag_ids=matrix.tag_ids,
        image_count=1 if place.number == 0 else 0,
        weight=matrix.weight,
        attributes=Attributes(matrix.set_id, values),
    )


_matrix = lru_cache(maxsize=64)(make_matrix)  # variants of one matrix are mostly made one after the other


def _variant_prices(prices: tuple[str, ...], place: Position) -> tuple[str, ...]:
    """The third variant of every matrix costs more than the matrix says."""
    return (f"{float(prices[0]) + 5:g}", *prices[1:]) if place.number == 2 else prices  # noqa: PLR2004


def _make_plain(seed: int, item_id: int, place: Position) -> Item:
    dice = mix(seed, item_id, _SALT_EXTRAS)
    unsorted = place.place == Place.UNSORTED
    head = _Head(
        description=_name(seed, item_id, place),
        custom_sku=_custom_sku(item_id, place),
        category_id=0 if unsorted else _category(place, dice),
        manufacturer_id=0 if unsorted else dice // 32 % len(words.BRANDS) + 1,
        place=place.place,
    )
    return Item(
        item_id,
        _columns(seed, item_id, head),
        _prices(seed, item_id, place),
        tag_ids=_tags(dice),
        image_count=dice // 64 % 4 if place.place != Place.NON_INVENTORY else 0,
        custom_values=_custom_values(dice),
        weight=f"{dice // 128 % 900 / 100:g}" if dice % 5 == 0 else None,
        note="Keep dry. Ships in its own box." if dice % 11 == 0 else None,
        vendor_number=f"{dice % 9_000 + 1_000}-{item_id} CG" if dice % 3 == 0 else None,
        components=_components(item_id, place),
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """What tells items apart."""

    description: str
    custom_sku: str
    category_id: int
    manufacturer_id: int
    matrix_id: int = 0
    place: int = 0


def _columns(seed: int, item_id: int, head: _Head) -> dict[str, str]:
    """Lay out the columns in wire order (facts/lightspeed.md, "Item")."""
    cost = cost_of(seed, item_id)
    upc, ean = _barcodes(item_id, head.place)
    service = head.place == Place.NON_INVENTORY
    return {
        "itemID": str(item_id),
        "systemSku": system_sku(item_id),
        "defaultCost": cost,
        "avgCost": cost,
        "discountable": "true",
        "tax": flag(item_id % 40 != 0),
        "archived": flag(is_archived_item(item_id)),
        "itemType": _item_type(item_id, head.place),
        "serialized": flag(head.place == Place.SERIALIZED),
        "description": head.description,
        "modelYear": "0",
        "upc": upc,
        "ean": ean,
        "customSku": head.custom_sku,
        "manufacturerSku": f"MF{item_id % 9_973:05d}" if item_id % 3 == 0 else "",
        "createTime": iso(_created_at(position(item_id))),
        "timeStamp": iso(changed_at(seed, item_id)),
        "publishToEcom": flag(item_id % 2 == 0),
        "categoryID": str(head.category_id),
        "taxClassID": TAX_CLASS_LABOR if service else TAX_CLASS_ITEM,
        "departmentID": "0",
        "itemMatrixID": str(head.matrix_id),
        "manufacturerID": str(head.manufacturer_id),
        "seasonID": "0",
        "defaultVendorID": str(item_id % 3 + 71) if item_id % 4 == 0 else "0",
    }


def _item_type(item_id: int, place: int) -> str:
    if place == Place.NON_INVENTORY:
        return "non_inventory"
    if place == Place.BOX:
        return "box"
    return "serialized" if place == Place.SERIALIZED and item_id % 100 < Place.LONG_NAME else "default"


def _barcodes(item_id: int, place: int) -> tuple[str, str]:
    """UPC and EAN; most items have one of them, some none."""
    if place == Place.NO_CODE_AT_ALL or (item_id % 4 == 3 and place != Place.NO_CUSTOM_SKU):  # noqa: PLR2004
        return "", ""
    if item_id % 4 == 2:  # noqa: PLR2004 - a quarter of the items has an EAN
        return "", with_check_digit(f"20{item_id:010d}")
    return with_check_digit(f"6141{item_id:07d}"), ""


def _custom_sku(item_id: int, place: Position) -> str:
    owner = item_id + 1 if place.place == Place.DUPLICATE_SKU and place.unit % 4 == 0 else item_id
    return _SKU_FORMS.get(place.place, "AQ-{0:05d}").format(owner)


_SKU_FORMS = {
    int(Place.NO_CUSTOM_SKU): "",
    int(Place.NO_CODE_AT_ALL): "",
    int(Place.SLASH_SKU): "AQ/{0:05d}/S",
    int(Place.PLUS_SKU): "AQ+{0:05d}",
    int(Place.AMPERSAND_SKU): "AQ&{0:05d}",
    int(Place.PERCENT_SKU): "AQ 50%{0:05d}",
    int(Place.COMMA_SKU): "AQ {0:05d}, left",
}


def _components(item_id: int, place: Position) -> tuple[tuple[int, int], ...]:
    """A box holds six singles; in every third unit one serialized item as well."""
    if place.place != Place.BOX:
        return ()
    return ((item_id + 1, 6), (item_id + 2, 1)) if place.unit % 3 == 1 else ((item_id + 1, 6),)


def _name(seed: int, item_id: int, place: Position) -> str:
    dice = mix(seed, item_id, _SALT_NAME)
    common = f"{words.QUALITIES[dice % 10]} {words.THINGS[dice // 16 % 16]} {item_id}"
    names = {
        Place.NON_INVENTORY: words.SERVICES[place.unit % len(words.SERVICES)],
        Place.BOX: f"{common} (case of 6)",
        Place.ODD_UNICODE: f"{words.ODD_NAMES[place.unit % len(words.ODD_NAMES)]} {item_id}",
        Place.EMOJI: f"{words.EMOJI_NAMES[place.unit % len(words.EMOJI_NAMES)]} {item_id}",
        Place.MARKUP: f" {common} <b>3/4\"</b> & 'co' ",
        Place.LONG_NAME: f"{common} - {'with every accessory, ' * 9}boxed",
    }
    return names.get(Place(place.place), common) if place.place >= Place.NO_CUSTOM_SKU else common


def _category(place: Position, dice: int) -> int:
    if place.place == Place.NON_INVENTORY:
        return words.CATEGORIES.index(("Services", 0)) + 1
    return dice % len(words.CATEGORIES) + 1


def _prices(seed: int, item_id: int, place: Position) -> tuple[str, ...]:
    """Amounts of Default, MSRP, Sale and Online."""
    dice = mix(seed, item_id, _SALT_PRICE)
    amount = dice % 20_000 / 100 + 1
    if place.place == Place.FREE:
        return ("0", "0", "0", "0")
    if place.place == Place.MANY_DECIMALS:
        return (f"{amount:.2f}60025", "0", "0", "0")
    return (
        f"{amount:g}",
        f"{amount + 10:g}" if dice % 3 == 0 else "0",
        f"{amount * 0.75:.4g}" if dice % 7 == 0 else "0",
        f"{amount + 1:g}" if dice % 5 == 0 else "0",
    )


def _tags(dice: int) -> tuple[int, ...]:
    """Two of three items are for the web shop; some carry further tags."""
    tags = [words.WEBSTORE_TAG] if dice % 3 else []
    if dice % 7 == 0:
        tags.append(2)
    if dice % 13 == 0:
        tags += [3, 4]
    return tuple(tags)


def _custom_values(dice: int) -> tuple[tuple[int, str], ...]:
    values = []
    if dice % 4 == 0:
        values.append((MATERIAL_FIELD, ("Wool", "Linen", "Steel/Oak", "")[dice // 4 % 4]))
    if dice % 9 == 0:
        values.append((SEASON_FIELD, str(dice // 9 % 3 + 1)))
    return tuple(values)
