"""Pictures: the store fetches them by address, or takes them as uploads (facts/bigcommerce.md, "Catalog v3")."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, abort

from sandbox.bigcommerce.catalogue import forms
from sandbox.bigcommerce.catalogue.model import Image, Product
from sandbox.bigcommerce.catalogue.product_json import image_as_json
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web import outbound
from sandbox.bigcommerce.web.errors import ApiError, invalid, not_found
from sandbox.bigcommerce.web.fields import check
from sandbox.bigcommerce.web.paging import cut, page
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data, whole
from sandbox.common.json_types import JsonObject

_OK, _MOST_IMAGES = 200, 1_000
MOST_BYTES, MOST_BYTES_OF_VARIANT = 8 * 1024 * 1024, 1024 * 1024
_TYPES = {
    b"\x89PNG": ("image/png", ".png"),
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"GIF8": ("image/gif", ".gif"),
    b"RIFF": ("image/webp", ".webp"),
    b"BM": ("image/bmp", ".bmp"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that was fetched or uploaded, and what the request says of it."""

    name: str
    content: bytes
    content_type: str
    values: JsonObject


def fetch_all(shop: Shop, rows: Sequence[JsonObject]) -> list[Picture]:
    """Fetch the pictures that a product's ``images`` name; the lock must not be held, for this may take long."""
    return [_fetch(shop, check(forms.IMAGE, row, ("image_url",)), MOST_BYTES) for row in rows]


def fetch_one(shop: Shop, call: Call, most: int = MOST_BYTES) -> Picture:
    """Fetch or take the picture of a request; raises ApiError 400 when it cannot be had."""
    values = check(forms.IMAGE, call.record())
    if call.upload is not None:
        return _picture(*call.upload, values, most)
    if not values.get("image_url"):
        raise invalid("image_url", "either image_url or image_file is needed")
    return _fetch(shop, values, MOST_BYTES)


def _fetch(shop: Shop, values: JsonObject, most: int) -> Picture:
    url = str(values["image_url"])
    if urlsplit(url).scheme not in {"http", "https"}:
        raise invalid("image_url", "has to be the address of a picture")
    reply = outbound.call(shop.settings, "GET", url)
    if reply.status != _OK:
        raise ApiError(400, f"The picture could not be fetched: {reply.trouble or f'answer {reply.status}'}.")
    return _picture(PurePosixPath(unquote(urlsplit(url).path)).name, reply.body, values, most)


def _picture(name: str, content: bytes, values: JsonObject, most: int) -> Picture:
    known = next((entry for start, entry in _TYPES.items() if content.startswith(start)), None)
    if known is None:
        raise ApiError(400, f"{name!r} is no picture.")
    if len(content) > most:
        raise ApiError(422, f"{name!r} is larger than {most} bytes.")
    return Picture(f"{PurePosixPath(name).stem or 'image'}{known[1]}", content, known[0], values)


def image_of(shop: Shop, picture: Picture, values: JsonObject) -> Image:
    """File a picture."""
    return Image(
        shop.next_id(),
        picture.name,
        picture.content_type,
        picture.content,
        shop.now(),
        bool(values.get("is_thumbnail", False)),
        whole(values.get("sort_order")),
        str(values.get("description", "")),
    )


def add_all(shop: Shop, product: Product, pictures: Sequence[Picture]) -> None:
    """Add pictures to a product; the lock must be held."""
    for picture in pictures:
        _add(product, image_of(shop, picture, picture.values))


def _add(product: Product, image: Image) -> None:
    if len(product.images) >= _MOST_IMAGES:
        raise invalid("images", f"a product has {_MOST_IMAGES} at most")
    product.images.append(image)
    _choose_thumbnail(product, image if image.is_thumbnail else None)


def _choose_thumbnail(product: Product, wanted: Image | None) -> None:
    """Let exactly one picture be the thumbnail: the wanted one, else the present one, else the first."""
    chosen = wanted or next((image for image in product.images if image.is_thumbnail), None)
    chosen = chosen or next(iter(product.images), None)
    for image in product.images:
        image.is_thumbnail = image is chosen
    product.images.sort(key=lambda image: (image.sort_order, image.id))


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of a product's pictures."""
    with shop.lock:
        product = _product(shop, call)
        return page(call, product.images, lambda image: cut(call, image_as_json(shop, product, image)))


def read(shop: Shop, call: Call) -> Answer:
    """Answer one picture."""
    with shop.lock:
        return data(cut(call, image_as_json(shop, *_found(shop, call))))


def create(shop: Shop, call: Call) -> Answer:
    """Add one picture, fetched or uploaded."""
    with shop.lock:
        _product(shop, call)
    picture = fetch_one(shop, call)
    with shop.lock:
        product = _product(shop, call)
        image = image_of(shop, picture, picture.values)
        _add(product, image)
        _changed(shop, product)
        return data(image_as_json(shop, product, image))


def update(shop: Shop, call: Call) -> Answer:
    """Change what is said of a picture, or the picture itself where another is given."""
    values = check(forms.IMAGE, call.record())
    picture = fetch_one(shop, call) if call.upload is not None or values.get("image_url") else None
    with shop.lock:
        product, image = _found(shop, call)
        if picture is not None:
            image.name, image.content, image.content_type = picture.name, picture.content, picture.content_type
        image.description = str(values.get("description", image.description))
        image.sort_order = whole(values.get("sort_order", image.sort_order))
        image.modified = shop.now()
        _choose_thumbnail(product, image if values.get("is_thumbnail") else None)
        _changed(shop, product)
        return data(image_as_json(shop, product, image))


def delete(shop: Shop, call: Call) -> Answer:
    """Delete a picture; another becomes the thumbnail if it was."""
    with shop.lock:
        product, image = _found(shop, call)
        product.images.remove(image)
        _choose_thumbnail(product, None)
        _changed(shop, product)
        return NOTHING


def _changed(shop: Shop, product: Product) -> None:
    product.modified = shop.now()
    shop.emit("store/product/updated", {"type": "product", "id": product.id})


def _product(shop: Shop, call: Call) -> Product:
    product = shop.products.get(call.path["product_id"])
    if product is None:
        raise not_found("product")
    return product


def _found(shop: Shop, call: Call) -> tuple[Product, Image]:
    product = _product(shop, call)
    for image in product.images:
        if image.id == call.path["image_id"]:
            return product, image
    raise not_found("image")


def media_blueprint(shop: Shop) -> Blueprint:
    """Serve the pictures, the same in all sizes."""
    blueprint = Blueprint("media", __name__, url_prefix=f"/s-{shop.settings.store_hash}")

    @blueprint.get("/products/<int:product_id>/images/<int:image_id>/<name>")
    def show(product_id: int, image_id: int, name: str) -> Response:  # noqa: ARG001 - the name is for people
        with shop.lock:
            product = shop.products.get(product_id)
            own = [variant.image for variant in product.variants if variant.image is not None] if product else []
            images = [*product.images, *own] if product else []
        image = next((image for image in images if image.id == image_id), None)
        if image is None:
            abort(404)
        return Response(image.content, mimetype=image.content_type)

    return blueprint
