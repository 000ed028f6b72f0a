"""Pictures: the shop fetches them by address into its media library (facts/woocommerce.md, "Products")."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, abort

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce import dates
from sandbox.woocommerce.catalogue.model import Image
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean, slug
from sandbox.woocommerce.web import outbound
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.wire import Params

_OK = 200
_TYPES = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}
_FIRST_BYTES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")
_AVIF_BRAND = slice(4, 8)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched for one entry of a request, or why it could not be."""

    name: str = ""
    content: bytes = b""
    trouble: str = ""


Fetches = dict[str, list[Fetched]]
"""Per address, one fetch for each time the request names it: the same address twice makes two pictures."""


def fetch_all(shop: Shop, entries: Sequence[Params]) -> Fetches:
    """Fetch what `entries` name by ``src``; the lock must not be held, for this may take long."""
    fetches: Fetches = {}
    for entry in entries:
        if not entry.whole("id") and entry.text("src"):
            fetches.setdefault(entry.text("src"), []).append(_fetch(shop, entry.text("src")))
    return fetches


def _fetch(shop: Shop, src: str) -> Fetched:
    name = PurePosixPath(unquote(urlsplit(src).path)).name
    if PurePosixPath(name).suffix.lower() not in _TYPES:
        return Fetched(trouble=f"{src} does not end in the extension of an image.")
    reply = outbound.call(shop.settings, "GET", src)
    if reply.status != _OK:
        return Fetched(trouble=f"{src} could not be fetched: {reply.trouble or f'it answered {reply.status}'}.")
    if not _looks_like_image(reply.body):
        return Fetched(trouble=f"{src} is not an image.")
    return Fetched(name, reply.body)


def _looks_like_image(content: bytes) -> bool:
    return content.startswith(_FIRST_BYTES) or content[_AVIF_BRAND] == b"ftyp"


def choose(shop: Shop, entry: Params, fetches: Fetches, kind: str) -> Image:
    """Find or file the picture that `entry` names; raises RestError, naming `kind`, for one that cannot be had."""
    if entry.whole("id"):
        image = shop.images.get(entry.whole("id"))
        if image is None:
            message = f"#{entry.whole('id')} is not the ID of an image."
            raise RestError(f"woocommerce_{kind}_invalid_image_id", message, 400)
    else:
        waiting = fetches.get(entry.text("src"), [])
        fetched = waiting.pop(0) if waiting else Fetched(trouble="There is neither id nor src.")
        if fetched.trouble:
            raise RestError(f"woocommerce_{kind}_image_upload_error", fetched.trouble, 400)
        image = _file(shop, fetched)
    image = replace(image, name=entry.text("name") or image.name, alt=clean(entry.text("alt")) or image.alt)
    shop.images[image.id] = image
    return image


def _file(shop: Shop, fetched: Fetched) -> Image:
    now = shop.now()
    whole = PurePosixPath(fetched.name)
    folder = f"/wp-content/uploads/{now:%Y}/{now:%m}"
    stem, number = slug(whole.stem) or "image", 0
    path = f"{folder}/{stem}{whole.suffix}"
    while path in shop.image_paths:
        number += 1
        path = f"{folder}/{stem}-{number}{whole.suffix}"
    image_id = shop.next_post_id()
    shop.image_paths[path] = image_id
    return Image(image_id, path, _TYPES[whole.suffix.lower()], fetched.content, now, PurePosixPath(path).name)


def as_json(shop: Shop, image: Image) -> JsonObject:
    """Write a picture as the API does, its date in shop time off by the offset twice as on real shops."""
    zone = shop.settings.time_zone
    shop_time_taken_for_gmt = image.created.astimezone(zone).replace(tzinfo=UTC)
    shown = dates.local(shop_time_taken_for_gmt, zone)
    return {
        "id": image.id,
        "date_created": shown,
        "date_created_gmt": dates.gmt(image.created),
        "date_modified": shown,
        "date_modified_gmt": dates.gmt(image.created),
        "src": f"{shop.home_url}{image.path}",
        "name": image.name,
        "alt": image.alt,
    }


def media_blueprint(shop: Shop) -> Blueprint:
    """Serve the media library."""
    blueprint = Blueprint("media", __name__, url_prefix=shop.settings.base_path or None)

    @blueprint.get("/wp-content/uploads/<path:name>")
    def show(name: str) -> Response:
        path = f"/wp-content/uploads/{name}"
        with shop.lock:
            image = shop.images.get(shop.image_paths.get(path, 0))
        if image is None:
            abort(404)
        return Response(image.content, mimetype=image.content_type)

    return blueprint
