"""Recognise pictures by their file names, which the store keeps with something of its own behind them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from tillbridge.domain.product import ProductImage
from tillbridge.systems.bigcommerce.api.wire import ImageRow

_SPECIAL = re.compile(r"[\W_]+")


def recognised(images: Iterable[ProductImage], known: Mapping[str, str], shown: Sequence[ImageRow]) -> dict[str, str]:
    """Find the shop's ids of pictures that an earlier try sent."""
    free = [image for image in shown if str(image.id) not in known.values()]
    found: dict[str, str] = {}
    for image in images:
        if image.source_id in known:
            continue
        match = next((row for row in free if same_picture(image.url, row.file)), None)
        if match is not None:
            found[image.source_id] = str(match.id)
            free.remove(match)
    return found


def same_picture(sent: str, shown: str) -> bool:
    """Tell whether the store's copy was made of this address: ``front__01234.jpg`` of ``front.jpg``."""
    stem = _stem(sent)
    return bool(stem) and _stem(PurePosixPath(urlsplit(shown).path).name.partition("__")[0]) == stem


def _stem(url: str) -> str:
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    return _SPECIAL.sub("-", name.partition(".")[0].lower()).strip("-")
