"""Makes the matrix with a given number, and the values of its variants."""

from sandbox.lightspeed.data import words
from sandbox.lightspeed.data.layout import is_archived_matrix, matrix_kind
from sandbox.lightspeed.data.numbers import epoch, flag, iso, mix
from sandbox.lightspeed.data.rows import Matrix

COLOR_SIZE, SIZE, COLOR, THREE, VOLUME = 1, 2, 3, 4, 5
_SET_OF_KIND = (COLOR_SIZE, SIZE, COLOR, THREE, COLOR_SIZE, VOLUME)
_ONE_COLOR_KIND = 4
_BLANK_EVERY = 7

_Values = tuple[str, str, str]
_STAMPS_FROM, _STAMPS_SECONDS = epoch(2024, 2, 1), 600 * 86_400
_SALT = 11


def make_matrix(seed: int, matrix_id: int) -> Matrix:
    """Make matrix `matrix_id` (1, 2, ...) of the retailer that `seed` stands for."""
    dice = mix(seed, matrix_id, _SALT)
    set_id = _SET_OF_KIND[matrix_kind(matrix_id)]
    price = dice % 15_000 / 100 + 5
    return Matrix(
        matrix_id,
        _columns(matrix_id, dice, set_id, changed_at(seed, matrix_id)),
        (f"{price:g}", f"{price + 20:g}" if dice % 2 else "0", "0", f"{price - 1:g}" if dice % 6 == 0 else "0"),
        tag_ids=(words.WEBSTORE_TAG,) if dice % 4 else (),
        image_count=dice // 16 % 3,
        weight="0.75" if dice % 3 == 0 else None,
        set_id=set_id,
    )


def changed_at(seed: int, matrix_id: int) -> int:
    """Give the epoch second of the matrix's last change."""
    return _STAMPS_FROM + mix(seed, matrix_id, _SALT + 1) % _STAMPS_SECONDS


def _columns(matrix_id: int, dice: int, set_id: int, stamp: int) -> dict[str, str]:
    """Lay out the columns in wire order (facts/lightspeed.md, "Matrix")."""
    name = f"{words.QUALITIES[dice % 10]} {words.WEARABLES[dice // 16 % 8]} No. {matrix_id}"
    return {
        "itemMatrixID": str(matrix_id),
        "description": name,
        "tax": "true",
        "defaultCost": f"{dice % 5_000 / 100 + 3:g}",
        "itemType": "default",
        "serialized": "false",
        "modelYear": "0",
        "archived": flag(is_archived_matrix(matrix_id)),
        "timeStamp": iso(stamp),
        "itemAttributeSetID": str(set_id),
        "manufacturerID": str(dice // 32 % len(words.BRANDS) + 1) if dice % 9 else "0",
        "categoryID": str(dice % 5 + 6) if dice % 8 else "0",
        "defaultVendorID": "0",
        "taxClassID": "1",
        "seasonID": "0",
        "departmentID": "0",
    }


def variant_values(matrix_id: int, number: int) -> _Values:
    """Give the attribute values of a matrix's variant `number` (0, 1, ...); no two of a matrix are alike.

    One variant in some matrices has only blank values, as a recorded item has. Every fifth matrix of a unit has one
    color only, so that its ``attribute1Values`` is a string instead of a list.
    """
    kind = matrix_kind(matrix_id)
    color = words.COLORS[(matrix_id + number) % len(words.COLORS)]
    size = words.SIZES[number % len(words.SIZES)]
    if kind == _ONE_COLOR_KIND:
        return words.COLORS[matrix_id % len(words.COLORS)], size, ""
    match _SET_OF_KIND[kind]:
        case 1:
            return color, words.SIZES[number // 2], ""
        case 2:
            blank = number == 0 and matrix_id // len(_SET_OF_KIND) % _BLANK_EVERY == 3  # noqa: PLR2004
            return "", "" if blank else size, ""
        case 3:
            return color, "", ""
        case 4:
            return words.COLORS[number // 3], words.SIZES[1], words.LENGTHS[number % 3]
    return words.VOLUMES[number], "", ""


def description_of(matrix_description: str, values: _Values) -> str:
    """Name a variant as the till does: the matrix's description and the values, parted by blanks."""
    return " ".join((matrix_description, *(value for value in values if value)))
