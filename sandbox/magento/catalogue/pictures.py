"""The pictures of products: stored anew with every post, never compared (facts/magento.md, section 3)."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from sandbox.magento.catalogue.lookup import find, touch
from sandbox.magento.catalogue.model import ROLES, Picture, Product
from sandbox.magento.catalogue.product_json import picture_as_json
from sandbox.magento.shop import Shop
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.wire import Request

FOLDER = "/media/catalog/product"
_KINDS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_WEBP = (b"RIFF", b"WEBP")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_ODD = re.compile(r"[^a-z0-9_.\-]+", re.IGNORECASE)


def media_blueprint(shop: Shop) -> Blueprint:
    """Serve the pictures' files."""
    blueprint = Blueprint("media", __name__, url_prefix=f"{shop.settings.base_path}{FOLDER}")

    @blueprint.get("/<path:name>")
    def show(name: str) -> Response:
        content = shop.files.get(f"/{name}")
        if content is None:
            raise NotFound
        return Response(content, mimetype=_kind_of(content))

    return blueprint


def _kind_of(content: bytes) -> str:
    """Tell the kind of a picture by its first bytes; empty for what is none."""
    if content.startswith(_WEBP[0]) and content[8:12] == _WEBP[1]:
        return "image/webp"
    return next((kind for kind, start in _KINDS.items() if content.startswith(start)), "")


def _content(given: Mapping[str, Any]) -> bytes:
    no_image = RestError("The image content must be valid base64 encoded data.")
    try:
        content = base64.b64decode(str(given.get("base64_encoded_data") or ""), validate=True)
    except (binascii.Error, ValueError):
        raise no_image from None
    kind = _kind_of(content)
    if not kind:
        raise no_image
    if kind not in _KINDS or kind != given.get("type"):
        raise RestError("The image MIME type is not valid or not supported.")
    name = str(given.get("name") or "")
    if not name or _FORBIDDEN.search(name):
        raise RestError("Provided image name contains forbidden characters.")
    return content


def _store(shop: Shop, name: str, content: bytes) -> str:
    """Keep a file under a free name; the folders are its first two letters."""
    stem, _, ending = _ODD.sub("_", name).lower().rpartition(".")
    stem = stem or ending
    folder = "/".join((stem + "__")[:2])
    path, count = f"/{folder}/{stem}.{ending}", 0
    while path in shop.files:
        count += 1
        path = f"/{folder}/{stem}_{count}.{ending}"
    shop.files[path] = content
    return path


def list_all(request: Request) -> list[dict[str, Any]]:
    """List the pictures with their bytes, which makes this a large answer."""
    product = find(request.shop, request.path["sku"])
    return [_with_content(request.shop, product, picture) for picture in product.pictures]


def read(request: Request) -> dict[str, Any]:
    product = find(request.shop, request.path["sku"])
    return _with_content(request.shop, product, _picture(request, product))


def _with_content(shop: Shop, product: Product, picture: Picture) -> dict[str, Any]:
    content = shop.files[picture.file]
    shown = {"base64_encoded_data": base64.b64encode(content).decode(), "type": _kind_of(content),
             "name": picture.file.rpartition("/")[2]}  # fmt: skip
    return {**picture_as_json(product, picture), "content": shown}


def create(request: Request) -> str:
    """Add a picture; gives its id as text."""
    shop, product = request.shop, find(request.shop, request.path["sku"])
    entry = request.record("entry")
    if not entry.get("content"):
        raise RestError("The image content is invalid. Verify the content and try again.")
    picture = _add(shop, product, entry)
    touch(shop, product)
    return str(picture.id)


def _add(shop: Shop, product: Product, entry: Mapping[str, Any]) -> Picture:
    given = entry["content"]
    content = _content(given)
    name = str(given["name"])
    name = name if "." in name else f"{name}.{_kind_of(content).rpartition('/')[2]}"
    position = entry.get("position")
    picture = Picture(
        shop.next_row_id(), _store(shop, name, content), entry.get("label"),
        len(product.pictures) + 1 if position is None else position, bool(entry.get("disabled")),
        str(entry.get("media_type") or "image"),
    )  # fmt: skip
    product.pictures.append(picture)
    _give_roles(product, picture, entry.get("types"))
    return picture


def _give_roles(product: Product, picture: Picture, roles: Sequence[str] | None) -> None:
    """Let a picture have exactly these roles; whoever had one of them loses it."""
    if roles is None:
        return
    values = product.values[0]
    for role in ROLES:
        if role in roles:
            values[role] = picture.file
        elif values.get(role) == picture.file:
            values[role] = "no_selection"


def change(request: Request) -> bool:
    shop, product = request.shop, find(request.shop, request.path["sku"])
    picture, entry = _picture(request, product), request.record("entry")
    _change(shop, product, picture, entry)
    touch(shop, product)
    return True


def _change(shop: Shop, product: Product, picture: Picture, entry: Mapping[str, Any]) -> None:
    if entry.get("content"):
        held = [role for role in ROLES if product.value(role) == picture.file]
        picture.file = _store(shop, str(entry["content"].get("name")), _content(entry["content"]))
        _give_roles(product, picture, held)
    if "label" in entry:
        picture.label = entry["label"]
    if entry.get("position") is not None:
        picture.position = entry["position"]
    if entry.get("disabled") is not None:
        picture.disabled = entry["disabled"]
    _give_roles(product, picture, entry.get("types"))


def delete(request: Request) -> bool:
    shop, product = request.shop, find(request.shop, request.path["sku"])
    _remove(product, _picture(request, product))
    touch(shop, product)
    return True


def _remove(product: Product, picture: Picture) -> None:
    _give_roles(product, picture, ())
    product.pictures.remove(picture)


def replace(shop: Shop, product: Product, entries: Sequence[Mapping[str, Any]]) -> None:
    """Give a product exactly these pictures: those with an id stay, others are added, and the rest is deleted."""
    named = {entry["id"] for entry in entries if entry.get("id")}
    for picture in [picture for picture in product.pictures if picture.id not in named]:
        _remove(product, picture)
    known = {picture.id: picture for picture in product.pictures}
    for entry in entries:
        if entry.get("id") in known:
            _change(shop, product, known[entry["id"]], entry)
        elif entry.get("content"):
            _add(shop, product, entry)


def _picture(request: Request, product: Product) -> Picture:
    found = next((picture for picture in product.pictures if picture.id == request.whole("entryId")), None)
    if found is None:
        raise RestError("No image with the provided ID was found. Verify the ID and try again.", status=404)
    return found
