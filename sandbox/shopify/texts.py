"""Texts as the shop changes them."""

import re
import unicodedata
from collections.abc import Container
from html import unescape

_TAG = re.compile(r"<[^>]+>")
_NOT_HANDLE = re.compile(r"[^a-z0-9]+")


def handle_of(title: str) -> str:
    """Make a handle of a title: "Blue Shirt" becomes ``blue-shirt``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NOT_HANDLE.sub("-", plain).strip("-") or "product"


def free_handle(wanted: str, taken: Container[str]) -> str:
    """Number a handle until it is free."""
    handle, number = wanted, 0
    while handle in taken:
        number += 1
        handle = f"{wanted}-{number}"
    return handle


def plain(html: str) -> str:
    """Take the tags out of a text."""
    return re.sub(r"\s+", " ", unescape(_TAG.sub(" ", html))).strip()
