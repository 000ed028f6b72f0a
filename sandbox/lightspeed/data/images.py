"""Which item or matrix has which picture. Numbers and public names can be computed from each other.

Every item has room for four pictures and every matrix for three, so that ids have gaps, as they have in real accounts:
item n owns the ids 8n-7 to 8n-4, matrix m the ids 8m-3 to 8m-1.
"""

from hashlib import blake2s

from sandbox.lightspeed.data.numbers import epoch, iso, mix
from sandbox.lightspeed.data.rows import Row

ROOM = 8
ITEM_ROOM, MATRIX_ROOM = 4, 3
_HEX_DIGITS = 8
_SALT = 31
_FROM, _SECONDS = epoch(2022, 1, 10), 1_000 * 86_400


def image_ids(item_id: int, matrix_id: int, count: int) -> range:
    """List the ids of an item's pictures, or of a matrix's (one of the two ids is 0)."""
    first = (item_id - 1) * ROOM + 1 if item_id else (matrix_id - 1) * ROOM + ITEM_ROOM + 1
    return range(first, first + min(count, ITEM_ROOM if item_id else MATRIX_ROOM))


def owner_of(image_id: int) -> tuple[int, int, int]:
    """Give item id, matrix id (one of them 0) and place among the owner's pictures."""
    owner, place = divmod(image_id - 1, ROOM)
    return (owner + 1, 0, place) if place < ITEM_ROOM else (0, owner + 1, place - ITEM_ROOM)


def public_id(seed: int, image_id: int) -> str:
    """Name a picture for the public; long, and not to be guessed from its id."""
    return f"{_digest(seed, image_id)}{image_id:0{_HEX_DIGITS}x}"


def image_of(seed: int, name: str) -> int | None:
    """Find the picture with a public name; None when there never was one."""
    try:
        image_id = int(name[-_HEX_DIGITS:], 16)
    except ValueError:
        return None
    return image_id if name == public_id(seed, image_id) else None


def make_image(seed: int, image_id: int) -> Row:
    """Make the record of a picture. `baseImageURL` is left empty: it depends on where the stand-in is reached."""
    item_id, matrix_id, place = owner_of(image_id)
    stamp = iso(_FROM + mix(seed, image_id, _SALT) % _SECONDS)
    return Row(
        image_id,
        {
            "imageID": str(image_id),
            "description": "Front" if place == 0 else "",
            "filename": f"IMG {image_id} (1).jpg",
            "ordering": str(place),
            "publicID": public_id(seed, image_id),
            "baseImageURL": "",
            "size": str(40_000 + image_id * 37 % 300_000),
            "createTime": stamp,
            "timeStamp": stamp,
            "itemID": str(item_id),
            "itemMatrixID": str(matrix_id),
        },
    )


def _digest(seed: int, image_id: int) -> str:
    return blake2s(f"{seed}/{image_id}".encode(), digest_size=6).hexdigest()
