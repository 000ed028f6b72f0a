"""How the keys of the one table are spelt. Every kind of row has a partition of its own per connection or merchant.

A partition per kind keeps queries within what they look for, and spreads a large till over the table. No partition key
can be made without the id of its owner, so that no repository reaches rows of somebody else (invariant 5).
"""

import hashlib
import re
from typing import NamedTuple

from tillbridge.domain.errors import InputError

LONGEST_PART = 256  # bytes; DynamoDB takes 1024 for a whole sort key
_OWNER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Key(NamedTuple):
    """The primary key of a row."""

    pk: str
    sk: str


def partition(kind: str, owner: str, *more: str) -> str:
    """Spell a partition key, e.g. ``T#c1#ITEM``. ``owner`` is a connection's or merchant's id."""
    if not _OWNER.fullmatch(owner):
        raise InputError(
            "id", f"{owner!r} is no id of a connection or merchant.", remedy="Use letters, digits, - and _, at most 64."
        )
    return "#".join((kind, owner, *more))


def part(text: str) -> str:
    """Spell one part of a sort key, so that different texts never look the same.

    ``#`` separates parts and is escaped; texts that are too long for a key, or are no Unicode, become a digest.
    """
    if not text:
        raise InputError("key", "An empty text cannot be looked up.", remedy="Give the id or name it belongs to.")
    escaped = text.replace("%", "%25").replace("#", "%23").replace("~", "%7E")
    try:
        if len(escaped.encode()) <= LONGEST_PART:
            return escaped
    except UnicodeEncodeError:
        pass  # half of a surrogate pair; the digest below takes it
    return "~" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sort_key(*parts: str) -> str:
    """Join the parts of a sort key."""
    return "#".join(part(text) for text in parts)
