"""Files: taken at once, fetched and examined later (facts/shopify.md, section 7, "Media")."""

import io
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from PIL import Image as Picture

from sandbox.common.json_types import JsonObject
from sandbox.shopify.catalogue.model import FileRow, GenericFile, MediaImage
from sandbox.shopify.shop import Shop
from sandbox.shopify.web import outbound
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.resolving import resolver

UPLOADS = "/_uploads/"
FILES = "/cdn/shop/files/"
_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_OK = 200


def take(shop: Shop, source: str, alt: str | None, *, picture: bool = True, filename: str | None = None) -> FileRow:
    """Take a file from an address; what is there will be fetched when its time has come."""
    kind = MediaImage if picture else GenericFile
    number, now = shop.numbers.next(kind.__name__), shop.now()
    ready = shop.instruments.clock.now() + timedelta(seconds=shop.settings.lags.media)
    name = filename or PurePosixPath(urlsplit(source).path).name or "file"
    row = kind(number, alt, source, name, now, now, ready, fails=shop.switches.fail_media)
    shop.files[number] = row
    return row


def state_of(shop: Shop, row: FileRow) -> str:
    """Tell how far a file is, fetching it if it is time to."""
    now = shop.instruments.clock.now()
    if now < row.ready_at:
        halfway = row.ready_at - timedelta(seconds=shop.settings.lags.media / 2)
        return "UPLOADED" if now < halfway else "PROCESSING"
    if not row.fetched:
        _fetch(shop, row)
    return "FAILED" if row.fails else "READY"


def _fetch(shop: Shop, row: FileRow) -> None:
    row.fetched = True
    row.content = None if row.fails else _download(shop, row.source)
    if row.content is None:
        row.fails = True
    elif isinstance(row, MediaImage):
        _examine(row)


def _download(shop: Shop, source: str) -> bytes | None:
    """Get a file, from the shop's own uploads or from elsewhere."""
    path = urlsplit(source).path
    if path.startswith(UPLOADS):
        upload = shop.uploads.get(path.removeprefix(UPLOADS))
        return upload.content if upload else None
    reply = outbound.call(shop.settings, "GET", source)
    return reply.body if reply.status == _OK else None


def _examine(row: FileRow) -> None:
    try:
        with Picture.open(io.BytesIO(row.content or b"")) as picture:
            row.width, row.height = picture.size
            row.mime_type = _KINDS.get(picture.format or "")
    except OSError:
        row.mime_type = None
    row.fails = row.mime_type is None


def address_of(shop: Shop, row: FileRow) -> str:
    """Say where the shop serves a file."""
    return f"{shop.home_url}{FILES}{row.id}/{row.filename}?v={int(row.updated_at.timestamp())}"


# --- fields -----------------------------------------------------------------------------------------------------------


@resolver("MediaImage", "GenericFile")
def file_status(row: FileRow, context: Context) -> str:
    return state_of(context.shop, row)


@resolver("MediaImage")
def status(row: FileRow, context: Context) -> str:
    return state_of(context.shop, row)


@resolver("MediaImage")
def media_content_type(_row: FileRow, _context: Context) -> str:
    return "IMAGE"


@resolver("MediaImage", "GenericFile")
def file_errors(row: FileRow, context: Context) -> list[JsonObject]:
    return _errors(row, context)


@resolver("MediaImage")
def media_errors(row: FileRow, context: Context) -> list[JsonObject]:
    return _errors(row, context)


@resolver("MediaImage")
def media_warnings(_row: FileRow, _context: Context) -> list[JsonObject]:
    return []


def _errors(row: FileRow, context: Context) -> list[JsonObject]:
    if state_of(context.shop, row) != "FAILED":
        return []
    code = "IMAGE_DOWNLOAD_FAILURE" if row.content is None else "UNSUPPORTED_IMAGE_FILE_TYPE"
    return [
        {"code": code, "details": "The file could not be processed.", "message": "The file could not be processed."}
    ]


@resolver("MediaImage")
def image(row: FileRow, context: Context) -> JsonObject | None:
    """Give the picture itself, once it is there."""
    return image_of(context.shop, row) if state_of(context.shop, row) == "READY" else None


def image_of(shop: Shop, row: FileRow) -> JsonObject:
    url = address_of(shop, row)
    return {
        "id": f"gid://shopify/ImageSource/{row.id}",
        "altText": row.alt,
        "url": url,
        "src": url,
        "originalSrc": url,
        "width": row.width,
        "height": row.height,
    }


@resolver("MediaImage", "GenericFile")
def mime_type(row: FileRow, context: Context) -> str | None:
    state_of(context.shop, row)
    return row.mime_type


@resolver("MediaImage", "GenericFile")
def preview(row: FileRow, context: Context) -> object:
    return {"image": image(row, context) if isinstance(row, MediaImage) else None, "status": status(row, context)}


@resolver("MediaImage")
def original_source(row: FileRow, context: Context) -> object:
    ready = state_of(context.shop, row) == "READY"
    return {"fileSize": len(row.content or b""), "url": address_of(context.shop, row)} if ready else None


@resolver("GenericFile")
def original_file_size(row: FileRow, context: Context) -> int | None:
    state_of(context.shop, row)
    return None if row.content is None else len(row.content)


@resolver("GenericFile")
def url(row: FileRow, context: Context) -> str | None:
    return address_of(context.shop, row) if state_of(context.shop, row) == "READY" else None
