"""Send pictures: each once, recognised again by its name, in the till's order, the first with the main roles.

A picture keeps the name of the till's file and a piece of a hash of its content: the shop stores the same picture
again and again, so that after a call in doubt its own list has to tell (facts/magento.md, section 3).
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from tillbridge.domain.errors import (
    BrokenConnectionError,
    ItemRejectedError,
    RetryLaterError,
    ThrottledError,
)
from tillbridge.domain.product import ProductImage
from tillbridge.systems.common.sending import Sender
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.http import Request
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.rejections import bad_image, listing_gone, rejection
from tillbridge.systems.magento.api.search import in_path
from tillbridge.systems.magento.api.wire import EntryRow, ProductRow

ROLES = ("image", "small_image", "thumbnail")
KINDS = {
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"\x89PNG\r\n\x1a\n": ("png", "image/png"),
    b"GIF8": ("gif", "image/gif"),
}
"""What Magento takes, by the first bytes."""

LONGEST_STEM = 50
_NOT_NAME = re.compile(r"[^a-z0-9_-]+")
_SERVER_TROUBLE = 500


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as it is sent."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Pictures:
    """Sends the pictures of listings. What was fetched is kept while one product is written."""

    client: MagentoClient
    gallery: Sender
    _fetched: dict[str, Picture | ItemRejectedError] = field(default_factory=dict)

    def put(
        self, row: ProductRow, images: Sequence[ProductImage], before: Mapping[str, str], *, ours: bool
    ) -> tuple[dict[str, str], list[ItemRejectedError]]:
        """Give a listing these pictures; gives the shop's ids by source id, and what could not be taken.

        ``before`` are the ids known so far: those that are wanted no more leave the listing. Pictures that are not
        ours stay, behind ours where the listing is (``ours``).
        """
        entries = {str(entry.id): entry for entry in row.pictures}
        known = {source: one for source, one in before.items() if one in entries} | recognised(images, row)
        ids: dict[str, str] = {}
        errors: list[ItemRejectedError] = []
        for place, image in enumerate(images, start=1):
            first = not ids
            try:
                if image.source_id in known:
                    ids[image.source_id] = known[image.source_id]
                    self._order(row, entries[known[image.source_id]], place, first=first if ours else None)
                else:
                    ids[image.source_id] = self._send(row, image, place, first=first and (ours or not entries))
            except RefusedError as error:
                errors.append(self._refused(error, row, image))
            except ItemRejectedError as error:
                errors.append(error)
        gone = [
            one for source, one in before.items() if one in entries and one not in ids.values() and source not in known
        ]
        left = [one for source, one in known.items() if source not in {image.source_id for image in images}]
        for one in dict.fromkeys((*gone, *left)):
            self.client.write("DELETE", f"{_route(row)}/{one}", None)
        return ids, errors

    def _send(self, row: ProductRow, image: ProductImage, place: int, *, first: bool) -> str:
        picture = self._fetch(image)
        content = {
            "base64_encoded_data": base64.b64encode(picture.content).decode(),
            "type": picture.kind,
            "name": picture.name,
        }
        entry = _entry(image.alt, place, first=first) | {"content": content}
        return str(self.client.write("POST", _route(row), {"entry": entry}, safe_to_repeat=False))

    def _order(self, row: ProductRow, entry: EntryRow, place: int, *, first: bool | None) -> None:
        """Put a picture in its place, and the roles to the first one; ``None`` leaves the roles to the merchant.

        Giving roles to one takes them from the others, and an old list of them would take them back.
        """
        others = [role for role in entry.types if role not in ROLES]
        roles = list(entry.types) if first is None else [*ROLES, *others] if first else others
        if entry.position == place and (not first or set(roles) == set(entry.types)):
            return
        body = {
            "id": entry.id,
            "media_type": entry.media_type,
            "label": entry.label or "",
            "position": place,
            "disabled": entry.disabled,
            "types": roles,
            "file": entry.file,
        }
        self.client.write("PUT", f"{_route(row)}/{entry.id}", {"entry": body})

    def _fetch(self, image: ProductImage) -> Picture:
        if image.source_id not in self._fetched:
            try:
                self._fetched[image.source_id] = self._download(image)
            except ItemRejectedError as error:
                self._fetched[image.source_id] = error
        found = self._fetched[image.source_id]
        if isinstance(found, ItemRejectedError):
            raise found
        return found

    def _download(self, image: ProductImage) -> Picture:
        subject = thing(self.client.subject, f"picture {image.source_id}")
        try:
            answer = self.gallery.exchange(Request(method="GET", url=image.url))
        except ThrottledError:
            raise
        except (RetryLaterError, BrokenConnectionError) as trouble:
            raise bad_image(image.source_id, f"it cannot be fetched: {trouble.happened}", subject) from trouble
        if answer.status >= _SERVER_TROUBLE:
            raise bad_image(image.source_id, f"its place answers with status {answer.status}", subject)
        if not answer.ok:
            raise bad_image(image.source_id, f"it is not there (status {answer.status})", subject)
        for magic, (ending, kind) in KINDS.items():
            if answer.body.startswith(magic):
                return Picture(f"{stem(image)}-{digest(answer.body)}.{ending}", kind, answer.body)
        raise bad_image(image.source_id, "it is no JPEG, PNG or GIF", subject)

    def _refused(self, error: RefusedError, row: ProductRow, image: ProductImage) -> ItemRejectedError:
        refusal, subject = error.refusal, thing(self.client.subject, f"listing {row.id}")
        if refusal.encoded_slash:
            return rejection(refusal, subject)
        return listing_gone(subject) if refusal.gone else bad_image(image.source_id, refusal.told, subject)


def recognised(images: Sequence[ProductImage], row: ProductRow) -> dict[str, str]:
    """Find pictures of ours in a listing by the names of their files; a number may stand behind them."""
    found: dict[str, str] = {}
    for image in images:
        name = re.compile(rf"{re.escape(stem(image))}-[0-9a-f]{{8}}(_\d+)?\.\w+")
        for entry in row.pictures:
            if name.fullmatch(entry.file.rpartition("/")[2]) and str(entry.id) not in found.values():
                found.setdefault(image.source_id, str(entry.id))
    return found


def stem(image: ProductImage) -> str:
    """Give the beginning of a picture's name: that of the till's file, and what tells it from others of that name."""
    given = unquote(urlsplit(image.url).path).rpartition("/")[2].partition(".")[0]
    return _NOT_NAME.sub("_", given.lower()).strip("_")[:LONGEST_STEM] or digest(image.source_id.encode())


def digest(content: bytes) -> str:
    """Give a piece of the hash of a content."""
    return hashlib.sha256(content).hexdigest()[:8]


def _entry(label: str, place: int, *, first: bool) -> dict[str, object]:
    return {
        "media_type": "image",
        "label": label,
        "position": place,
        "disabled": False,
        "types": list(ROLES) if first else [],
    }


def _route(row: ProductRow) -> str:
    return f"products/{in_path(row.sku)}/media"
