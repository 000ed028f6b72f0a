"""Send the pictures of products, each once.

The shop downloads a picture from its address and makes a new copy every time the address is sent, so the id it returns
is kept and sent from then on. One bad picture fails the whole entry: pictures travel apart from the product
(facts/woocommerce.md, "Products").
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import ProductImage
from tillbridge.systems.common.rejections import bad_image
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.catalogue import Catalogue
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import no_image_name, rejection, shop_fails_on_it
from tillbridge.systems.woocommerce.api.wire import ImageRow, ListingRow
from tillbridge.systems.woocommerce.products.payload import JsonBody
from tillbridge.systems.woocommerce.products.progress import Progress

ENDINGS = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".avif", ".heic", ".bmp"})
"""What WordPress takes for a picture by its name."""

_SPECIAL = re.compile(r"[\W_]+")
_COPY = re.compile(r"(-\d+)?(-scaled)?(-\d+)?")


@dataclass(slots=True)
class Pictures:
    """Carries the pictures of products. ``current`` holds what the shop shows of listings that are not brand new."""

    client: WooClient
    catalogue: Catalogue
    current: dict[str, ListingRow]

    def body(self, entry: Progress) -> Mapping[str, object]:
        """Give the till's pictures in their order, then those the merchant added."""
        return self._body(entry, sendable(entry.product.images))

    def send(self, entries: Sequence[Progress]) -> None:
        """Send the pictures of some products."""
        sent = [sendable(entry.product.images) for entry in entries]
        answer = self._write([self._body(entry, images) for entry, images in zip(entries, sent, strict=True)])
        for entry, images, result in zip(entries, sent, answer, strict=True):
            if isinstance(result, ListingRow):
                self._taken(entry, images, result)
                self._finish(entry)
            elif result.bad_image or result.image_gone:
                self._one_by_one(entry)
            else:
                entry.fail(rejection(result, thing(self.client.subject, f"listing {entry.product_id}")))

    def settle(self, entries: Sequence[Progress]) -> Sequence[Progress]:
        """After doubt, find the pictures that did arrive, so that they are not sent again."""
        self.look(entries)
        left = [entry for entry in entries if not self._complete(entry)]
        for entry in entries:
            if entry not in left:
                self._finish(entry)
        return left

    def blame(self, entry: Progress, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry."""
        entry.fail(shop_fails_on_it(trouble, thing(self.client.subject, f"listing {entry.product_id}")))

    def look(self, entries: Iterable[Progress]) -> None:
        """Read what listings show, and recognise pictures that an earlier try sent."""
        listings = list(entries)
        self.current |= self.catalogue.by_ids(entry.product_id for entry in listings)
        for entry in listings:
            row = self.current.get(entry.product_id)
            entry.image_ids |= recognised(entry.product.images, entry.image_ids, row.images if row else ())

    def in_place(self, entry: Progress) -> bool:
        """Tell whether nothing has to be sent, and settle it then."""
        if self._complete(entry):
            self._finish(entry)
            return True
        return False

    def _complete(self, entry: Progress) -> bool:
        """Tell whether the listing shows exactly the till's pictures first, in their order."""
        row = self.current.get(entry.product_id)
        shown = [image.id for image in row.images] if row else []
        return _ids(self._entries(entry, sendable(entry.product.images))) == shown

    def _body(self, entry: Progress, images: Sequence[ProductImage]) -> JsonBody:
        return {"id": int(entry.product_id), "images": self._entries(entry, images)}

    def _entries(self, entry: Progress, images: Sequence[ProductImage]) -> list[JsonBody]:
        row = self.current.get(entry.product_id)
        ours = set(entry.image_ids.values())
        others = [image.id for image in row.images if str(image.id) not in ours] if row else []
        return [picture(image, entry.image_ids) for image in images] + [{"id": image_id} for image_id in others]

    def _write(self, bodies: Sequence[JsonBody]) -> Sequence[ListingRow | Refusal]:
        return write_batch(self.client, "products", ListingRow, update=bodies).updated

    def _taken(self, entry: Progress, images: Sequence[ProductImage], row: ListingRow) -> None:
        """Keep the ids: pictures come back in the order in which they were sent."""
        entry.image_ids |= {image.source_id: str(shown.id) for image, shown in zip(images, row.images, strict=False)}
        self.current[entry.product_id] = row

    def _one_by_one(self, entry: Progress) -> None:
        """Find the bad picture by adding one after the other; each good one stays, with its id."""
        self.look([entry])
        row = self.current.get(entry.product_id)
        shown = {str(image.id) for image in row.images} if row else set()
        entry.image_ids = {source: known for source, known in entry.image_ids.items() if known in shown}
        good: list[ProductImage] = []
        for image in sendable(entry.product.images):
            (result,) = self._write([self._body(entry, [*good, image])])
            if isinstance(result, ListingRow):
                good.append(image)
                self._taken(entry, good, result)
            else:
                subject = thing(self.client.subject, f"listing {entry.product_id}")
                entry.errors.append(bad_image(image.source_id, result.told, subject))
        self._finish(entry)

    def _finish(self, entry: Progress) -> None:
        """Acknowledge the pictures when all are there; otherwise say which can never be."""
        images = entry.product.images
        subject = thing(self.client.subject, f"listing {entry.product_id}")
        entry.errors += [no_image_name(image.source_id, subject) for image in images if not is_picture(image.url)]
        if all(image.source_id in entry.image_ids for image in images):
            entry.acknowledge_pictures()
        entry.todo.discard("images")


def sendable(images: Sequence[ProductImage]) -> list[ProductImage]:
    """Leave out the pictures that the shop would refuse by their name."""
    return [image for image in images if is_picture(image.url)]


def is_picture(url: str) -> bool:
    """Tell whether an address ends like a picture, as WordPress demands."""
    return PurePosixPath(urlsplit(url).path).suffix.lower() in ENDINGS


def picture(image: ProductImage, known: Mapping[str, str]) -> JsonBody:
    """Name a picture by the shop's id, or by its address the first time."""
    if image_id := known.get(image.source_id):
        return {"id": int(image_id)}
    return {"src": image.url, **({"alt": image.alt} if image.alt else {})}


def recognised(images: Iterable[ProductImage], known: Mapping[str, str], shown: Sequence[ImageRow]) -> dict[str, str]:
    """Find pictures by their file name, which the shop keeps; a copy has a number behind it."""
    free = [image for image in shown if str(image.id) not in known.values()]
    missing = [image for image in images if image.source_id not in known]
    found: dict[str, str] = {}
    for alike in (_same_file, _copy_of_file):
        for image in missing:
            match = next((row for row in free if alike(image.url, row.src)), None)
            if image.source_id not in found and match is not None:
                found[image.source_id] = str(match.id)
                free.remove(match)
    return found


def _same_file(sent: str, shown: str) -> bool:
    return bool(_stem(sent)) and _stem(sent) == _stem(shown)


def _copy_of_file(sent: str, shown: str) -> bool:
    stem = _stem(sent)
    return bool(stem) and _stem(shown).startswith(f"{stem}-") and bool(_COPY.fullmatch(_stem(shown)[len(stem) :]))


def _stem(url: str) -> str:
    """Take the file's name without its ending, with everything special as a dash, as WordPress has it."""
    return _SPECIAL.sub("-", PurePosixPath(unquote(urlsplit(url).path)).stem.lower()).strip("-")


def _ids(entries: Sequence[JsonBody]) -> list[object]:
    return [entry.get("id") for entry in entries]
