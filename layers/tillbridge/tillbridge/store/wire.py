"""Between plain values and DynamoDB's own: texts, whole and decimal numbers, truth values, sets of texts, maps.

A long ``content`` travels packed: a row may have 400 KB, and every KB that is written is paid for.
"""

import zlib
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import DYNAMODB_CONTEXT, TypeDeserializer, TypeSerializer

from tillbridge.store.errors import ROW_LIMIT, RowTooLargeError, TooManyDigitsError, UnreadableRowError
from tillbridge.store.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Row = Mapping[str, object]
Wire = dict[str, "AttributeValueTypeDef"]

LOWEST_EXPONENT, HIGHEST_EXPONENT = -130, 125
"""Powers of ten between which the table keeps numbers."""

CONTENT = "content"
PACK_FROM = 4096
"""Characters. Shorter texts, which most are, stay readable in the console."""

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()
_SURELY_FITS = ROW_LIMIT // 4  # characters: UTF-8 takes at most four bytes for one


def to_wire(values: Row, key: Key) -> Wire:
    """Write values; an error names the row and the field that cannot be stored."""
    wire: Wire = {}
    for name, value in values.items():
        if isinstance(value, Decimal) and not _fits(value):
            raise TooManyDigitsError(*key, name)
        wire[name] = _serializer.serialize(value)
    return wire


def row_to_wire(row: Row) -> Wire:
    """Write a whole row, and refuse it when it is larger than the table takes."""
    key, row = key_of(row), _packed(row)
    if sum(len(value) for value in row.values() if isinstance(value, str | bytes)) > _SURELY_FITS:
        size = sum(len(name.encode()) + _size(value) for name, value in row.items())
        if size > ROW_LIMIT:
            raise RowTooLargeError(*key, size)
    return to_wire(row, key)


def key_to_wire(key: Key) -> Wire:
    """Write a key."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def from_wire(wire: Mapping[str, Any]) -> dict[str, object]:
    """Read a row as it came; a packed content is unpacked."""
    row = {name: _deserializer.deserialize(value) for name, value in wire.items()}
    packed = wire.get(CONTENT, {}).get("B")
    return row if packed is None else {**row, CONTENT: _unpacked(packed, row)}


def key_of(row: Row) -> Key:
    """Give the key of a row."""
    return Key(str(row["pk"]), str(row["sk"]))


def _fits(number: Decimal) -> bool:
    """Tell whether the table keeps a number exactly: 38 digits, and no exponents beyond -130 and 125."""
    try:
        DYNAMODB_CONTEXT.create_decimal(number)
    except DecimalException:
        return False
    return number.is_finite() and LOWEST_EXPONENT <= number.adjusted() <= HIGHEST_EXPONENT


def _packed(row: Row) -> Row:
    content = row.get(CONTENT)
    if not isinstance(content, str) or len(content) < PACK_FROM:
        return row
    return {**row, CONTENT: zlib.compress(content.encode("utf-8", "surrogatepass"))}


def _unpacked(packed: bytes, row: Row) -> str:
    try:
        return zlib.decompress(packed).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError):
        raise UnreadableRowError(*key_of(row), CONTENT, "cannot be unpacked") from None


def _size(value: object) -> int:
    if isinstance(value, bytes):
        return len(value)
    return len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 32
