"""The lines of a bulk operation: the variables of one product each. Pure functions."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tillbridge.domain.product import ProductWrite
from tillbridge.systems.shopify.products.payload import creation, variants_shown

BULK_FROM = 200
"""So many new products go by a bulk operation: one by one they take the points of half a minute.

(A creation takes 13 of the 100 points that a Standard shop gets back in a second, facts/shopify.md, section 5.)
"""
MOST_LINES = 2000
MOST_BYTES = 8 * 1024 * 1024
"""Bounds of one operation: far below Shopify's 100 MB and 24 hours, for the sake of our memory and of whoever waits."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is sent, and a digest of it."""

    text: bytes
    digest: str


def line(variables: Mapping[str, object]) -> Line:
    """Write variables as a line."""
    text = json.dumps(variables, separators=(",", ":")).encode()
    return Line(text, hashlib.sha256(text).hexdigest()[:16])


def creating(write: ProductWrite, place: str, unit: str) -> Line:
    """Write the line that creates a product."""
    return line({**creation(write, place, unit, marked=True), "variants": variants_shown(write)})


def fitting(lines: Iterable[Line]) -> list[Line]:
    """Take as many of the first lines as make one operation, at least one."""
    taken: list[Line] = []
    size = 0
    for one in lines:
        size += len(one.text) + 1
        if taken and (len(taken) >= MOST_LINES or size > MOST_BYTES):
            break
        taken.append(one)
    return taken
