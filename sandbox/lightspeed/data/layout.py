"""How item numbers are dealt out, so that row n of a huge till can be made without making the rows before it.

Items come in units of 50. In each, places 0-26 are the variants of six matrices (3, 4, 5, 6, 4 and 5 of them) and
places 27-49 are plain items, each place with a peculiarity of its own (see `Place`). So 500 items hold 60 matrices with
270 variants, and 230 plain items.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

UNIT = 50
MATRIX_SIZES = (3, 4, 5, 6, 4, 5)
MATRICES_PER_UNIT = len(MATRIX_SIZES)
VARIANTS_PER_UNIT = sum(MATRIX_SIZES)
_FIRST_PLACES = tuple(sum(MATRIX_SIZES[:number]) for number in range(MATRICES_PER_UNIT))
_MATRIX_OF_PLACE = tuple(number for number, size in enumerate(MATRIX_SIZES) for _ in range(size))


class Place(IntEnum):
    """Peculiar places among the plain items of a unit."""

    NO_CUSTOM_SKU = 28
    NO_CODE_AT_ALL = 29
    SLASH_SKU = 30
    PLUS_SKU = 31
    AMPERSAND_SKU = 32
    PERCENT_SKU = 33
    COMMA_SKU = 34
    MANY_DECIMALS = 35
    NON_INVENTORY = 36
    BOX = 37
    SINGLE = 38
    SERIALIZED = 39
    ARCHIVED = 40
    NEGATIVE_STOCK = 41
    DUPLICATE_SKU = 42
    DUPLICATED_SKU = 43
    ODD_UNICODE = 44
    EMOJI = 45
    FREE = 46
    UNSORTED = 47
    MARKUP = 48
    LONG_NAME = 49


@dataclass(frozen=True, slots=True)
class Position:
    """Where an item stands: its unit, its place in it and, for a variant, its matrix and its number in that."""

    unit: int
    place: int
    matrix_id: int
    number: int

    @property
    def is_variant(self) -> bool:
        """Tell variants from plain items."""
        return self.matrix_id > 0


@lru_cache(maxsize=2_048)  # asked for many times while a row is made
def position(item_id: int) -> Position:
    """Find the place of an item."""
    unit, place = divmod(item_id - 1, UNIT)
    if place >= VARIANTS_PER_UNIT:
        return Position(unit, place, 0, 0)
    matrix = _MATRIX_OF_PLACE[place]
    return Position(unit, place, unit * MATRICES_PER_UNIT + matrix + 1, place - _FIRST_PLACES[matrix])


def matrix_kind(matrix_id: int) -> int:
    """Tell which of a unit's six matrices this is, 0 to 5."""
    return (matrix_id - 1) % MATRICES_PER_UNIT


def variants_of(matrix_id: int, items: int) -> range:
    """List a matrix's variants among the first `items` items; the last unit may be cut short."""
    unit, kind = divmod(matrix_id - 1, MATRICES_PER_UNIT)
    first = unit * UNIT + _FIRST_PLACES[kind] + 1
    return range(first, min(first + MATRIX_SIZES[kind], items + 1))


def matrix_count(items: int) -> int:
    """Count the matrices that have at least one variant among the first `items` items."""
    units, rest = divmod(items, UNIT)
    return units * MATRICES_PER_UNIT + sum(1 for first in _FIRST_PLACES if first < rest)


def is_archived_matrix(matrix_id: int) -> bool:
    """The last matrix of every fifth unit is archived, with all its variants."""
    unit, kind = divmod(matrix_id - 1, MATRICES_PER_UNIT)
    return kind == MATRICES_PER_UNIT - 1 and unit % 5 == 4  # noqa: PLR2004 - every fifth, counted from 0


def is_archived_item(item_id: int) -> bool:
    """Besides the archived matrices: one plain item per unit and the last variant of a matrix of every third unit."""
    place = position(item_id)
    if not place.is_variant:
        return place.place == Place.ARCHIVED
    if is_archived_matrix(place.matrix_id):
        return True
    kind = matrix_kind(place.matrix_id)
    return place.unit % 3 == 0 and kind == 1 and place.number == MATRIX_SIZES[kind] - 1
