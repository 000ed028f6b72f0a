"""Bring the pictures of products into step, each sent once.

Shopify fetches a picture after it has answered, and makes a new copy every time its address is sent; so what came of
those that were sent is looked at a little later, for many products in one call, and ids are kept (facts/shopify.md,
section 7, "Media"). All pictures of variants are their product's as well. What the merchant added stays behind ours.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from tillbridge.domain.planning import as_text
from tillbridge.domain.product import ProductImage
from tillbridge.systems.common.rejections import bad_image, listing_gone
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.client import Payload
from tillbridge.systems.shopify.api.documents.writing import (
    ADD_MEDIA,
    DELETE_FILES,
    DETACH_MEDIA,
    REORDER_MEDIA,
    UNLINK_FILES,
    UPDATE_VARIANTS,
)
from tillbridge.systems.shopify.api.ids import PRODUCT, VARIANT, gid
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.rejections import rejection
from tillbridge.systems.shopify.api.wire import MediaRow, ProductRow
from tillbridge.systems.shopify.catalogue import Catalogue
from tillbridge.systems.shopify.products.payload import every_picture, media_gid
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.tools import Tools

PAUSE = 1.0
MOST_PAUSES = 10
"""Seconds that pictures get to be fetched, for all products of a group together; later looks find the others."""

_COPY = re.compile(r"_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What Shopify appends to the name of a file that it has by that name already."""


@dataclass(eq=False, slots=True)
class Gallery:
    """One product's pictures: what should be there, and what is."""

    entry: Progress
    row: ProductRow
    ids: dict[str, str] = field(default_factory=dict)  # till image id -> the shop's
    failed: dict[str, str] = field(default_factory=dict)  # till image id -> why
    gone: set[str] = field(default_factory=set)  # ids of the shop that were taken off the listing
    refused: bool = False

    @property
    def whole(self) -> list[ProductImage]:
        """All pictures of a product: its own and its variants'."""
        return every_picture(self.entry.product, self.entry.product.on_sale)

    @property
    def wanted(self) -> list[ProductImage]:
        """The pictures that are to be there: the product's where they are to be written, and its variants' own."""
        if "images" in self.entry.todo:
            return self.whole
        own = {image.source_id for image in self._of_variants()}
        return [image for image in self.whole if image.source_id in own]

    def _of_variants(self) -> Iterable[ProductImage]:
        for item_id, names in self.entry.variants_todo.items():
            image = self.entry.variant(item_id).image
            if "image" in names and image is not None:
                yield image

    @property
    def missing(self) -> list[ProductImage]:
        """The pictures that nobody has sent."""
        return [image for image in self.wanted if image.source_id not in self.ids | self.failed]

    def ready(self, source_id: str) -> bool:
        """Tell whether a picture is there and shown."""
        number = self.ids.get(source_id)
        return any(media.number == number and media.status == "READY" for media in self.row.pictures)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Brings the pictures of a group of products into step."""

    tools: Tools
    catalogue: Catalogue

    def bring(self, entries: Sequence[Progress]) -> None:
        """Look, send what is missing, look again, then give all of it its place."""
        entries = [entry for entry in entries if self.waits(entry)]
        if not entries:
            return
        galleries = self._look([Gallery(entry, ProductRow(id=gid(PRODUCT, entry.product_id))) for entry in entries])
        sent = [gallery for gallery in galleries if _carried(gallery, self._add)]
        if sent:
            self._look(sent)
        for gallery in galleries:
            _carried(gallery, self._place)

    def waits(self, entry: Progress) -> bool:
        """Tell whether pictures of a product are still to be written."""
        there = bool(entry.product_id) and (not entry.failed or entry.fresh)
        return there and ("images" in entry.todo or any("image" in names for names in entry.variants_todo.values()))

    # --- look ---------------------------------------------------------------------------------------------------------

    def _look(self, galleries: Sequence[Gallery]) -> list[Gallery]:
        """Read the media of products until the shop has done with all of them, or patience ends."""
        rows = self._read(galleries)
        for _ in range(MOST_PAUSES):
            waiting = [gallery for gallery in galleries if _unsettled(rows.get(gallery.entry.product_id))]
            if not waiting:
                break
            self.tools.clock.sleep(PAUSE)
            asked = {gallery.entry.product_id for gallery in waiting}
            rows = {key: row for key, row in rows.items() if key not in asked} | self._read(waiting)
        there: list[Gallery] = []
        for gallery in galleries:
            row = rows.get(gallery.entry.product_id)
            if row is None:
                subject = thing(self.tools.client.subject, f"listing {gallery.entry.product_id}")
                gallery.entry.fail(listing_gone(subject))
                continue
            gallery.row = row
            self._recognise(gallery)
            there.append(gallery)
        return there

    def _read(self, galleries: Sequence[Gallery]) -> dict[str, ProductRow]:
        """Read the media of products. Of a new one that has what was sent with it, their order tells all."""
        sent = {gallery.entry.product_id: len(gallery.whole) for gallery in galleries if gallery.entry.fresh}
        told = {row.id: row for gallery in galleries if (row := gallery.entry.pictured) and not _unsettled(row)}
        rows = told | self.catalogue.new_media({key: count for key, count in sent.items() if key not in told})
        known = {key: row for key, row in rows.items() if len(row.pictures) == sent[key]}
        others = [entry for gallery in galleries if (entry := gallery.entry.product_id) not in known]
        return known | self.catalogue.media(others)

    def _recognise(self, gallery: Gallery) -> None:
        """Find which medium is which picture: by the id that is known, by the order they were sent in, by file name."""
        entry, media = gallery.entry, {row.number: row for row in gallery.row.pictures}
        known = {**entry.image_ids, **gallery.ids}
        gallery.ids = {source: number for source, number in known.items() if number in media}
        whole = gallery.whole
        if entry.fresh and not gallery.ids and len(media) == len(whole):
            gallery.ids = {image.source_id: number for image, number in zip(whole, media, strict=True)}
        else:
            missing = [image for image in gallery.wanted if image.source_id not in gallery.ids]
            gallery.ids |= by_file_name(missing, gallery.row.pictures, gallery.ids)
        self._drop_failed(gallery, media)

    def _drop_failed(self, gallery: Gallery, media: Mapping[str, MediaRow]) -> None:
        """Delete what was sent and could not be fetched, so that it may be sent again; it never was a picture."""
        doomed = {source: number for source, number in gallery.ids.items() if media[number].status == "FAILED"}
        if not doomed:
            return
        ids = [media_gid(number) for number in doomed.values()]
        self.tools.client.change(DELETE_FILES, "fileDelete", safe_to_repeat=True, ids=ids)
        for source, number in doomed.items():
            del gallery.ids[source]
            told = next((error.message for error in media[number].media_errors), "")
            gallery.failed[source] = told.rstrip(".")
            gallery.entry.image_ids.pop(source, None)
            subject = thing(self.tools.client.subject, f"listing {gallery.entry.product_id}")
            gallery.entry.errors.append(bad_image(source, gallery.failed[source], subject))

    # --- send ---------------------------------------------------------------------------------------------------------

    def _add(self, gallery: Gallery) -> bool:
        """Send the pictures that are missing; a product whose media are still on their way waits for the next time."""
        missing, entry = gallery.missing, gallery.entry
        if not missing or any(not media.settled for media in gallery.row.pictures):
            return False
        before = {media.number for media in gallery.row.pictures}
        said = self.tools.client.change(
            ADD_MEDIA,
            "productUpdate",
            product={"id": gid(PRODUCT, entry.product_id)},
            media=[
                {"originalSource": image.url, "mediaContentType": "IMAGE", **({"alt": image.alt} if image.alt else {})}
                for image in missing
            ],
        )
        if said.errors:
            entry.fail(rejection(said.errors[0], thing(self.tools.client.subject, f"listing {entry.product_id}")))
            return False
        row = said.part(ProductRow, "product")
        new = [media.number for media in row.pictures if media.number not in before]
        gallery.ids |= {image.source_id: number for image, number in zip(missing, new, strict=False)}
        gallery.row = row
        return True

    # --- place --------------------------------------------------------------------------------------------------------

    def _place(self, gallery: Gallery) -> None:
        """Take off what the till no longer has, put the others in order, and give variants theirs."""
        entry = gallery.entry
        if "images" in entry.todo:
            self._remove(gallery)
            self._reorder(gallery)
        entry.image_ids |= {source: number for source, number in gallery.ids.items() if gallery.ready(source)}
        self._variants(gallery)
        images = entry.product.images
        if "images" in entry.todo and not gallery.refused and all(gallery.ready(one.source_id) for one in images):
            entry.acknowledge(images=as_text([image.source_id for image in images]))

    def _remove(self, gallery: Gallery) -> None:
        """Take pictures of ours off the listing that the till does not have any more; the files stay.

        Archived variants keep theirs: they may come back.
        """
        entry = gallery.entry
        kept = {image.source_id for image in every_picture(entry.product, entry.product.variants)}
        doomed = {source: number for source, number in entry.image_ids.items() if source not in kept}
        there = {media.number for media in gallery.row.pictures}
        gallery.gone = there & set(doomed.values())
        if gallery.gone:
            product = gid(PRODUCT, entry.product_id)
            files = [{"id": media_gid(number), "referencesToRemove": [product]} for number in sorted(gallery.gone)]
            self._taken(gallery, self.tools.client.change(UNLINK_FILES, "fileUpdate", safe_to_repeat=True, files=files))
        for source in doomed:
            del entry.image_ids[source]
            gallery.ids.pop(source, None)

    def _reorder(self, gallery: Gallery) -> None:
        order = [media.number for media in gallery.row.pictures if media.number not in gallery.gone]
        wanted = [gallery.ids[image.source_id] for image in gallery.wanted if image.source_id in gallery.ids]
        if moves := moves_to_front(order, wanted):
            said = self.tools.client.change(
                REORDER_MEDIA,
                "productReorderMedia",
                safe_to_repeat=True,
                id=gid(PRODUCT, gallery.entry.product_id),
                moves=[{"id": media_gid(number), "newPosition": str(place)} for number, place in moves],
            )
            self._taken(gallery, said)

    def _taken(self, gallery: Gallery, said: Payload) -> None:
        """Note what the shop objects to; the pictures are not acknowledged then."""
        subject = thing(self.tools.client.subject, f"listing {gallery.entry.product_id}")
        gallery.entry.errors += [rejection(error, subject) for error in said.errors]
        gallery.refused = gallery.refused or bool(said.errors)

    def _variants(self, gallery: Gallery) -> None:
        """Give each variant its picture; those of a new product came with it."""
        entry, bodies = gallery.entry, {}
        for item_id, names in list(entry.variants_todo.items()):
            known, image = entry.variants.get(item_id), entry.variant(item_id).image
            if known is None or "image" not in names:
                continue
            source = image.source_id if image and entry.product.variable else ""
            if not source:
                self._detach(entry, item_id)
            elif not gallery.ready(source):
                entry.variants_todo[item_id].discard("image")
            elif entry.fresh or known.image_id == gallery.ids[source]:
                entry.acknowledge_picture(item_id, source, gallery.ids[source])
            else:
                bodies[item_id] = {
                    "id": gid(VARIANT, known.ref.variant_id),
                    "mediaId": media_gid(gallery.ids[source]),
                }
        if bodies:
            self._attach(gallery, bodies)

    def _attach(self, gallery: Gallery, bodies: Mapping[str, Mapping[str, str]]) -> None:
        entry, items = gallery.entry, list(bodies)
        said = self.tools.client.change(
            UPDATE_VARIANTS,
            "productVariantsBulkUpdate",
            safe_to_repeat=True,
            productId=gid(PRODUCT, entry.product_id),
            variants=list(bodies.values()),
        )
        subject = thing(self.tools.client.subject, f"listing {entry.product_id}")
        entry.errors += [rejection(error, subject) for error in said.errors]
        places = {error.place_in("variants") for error in said.errors}
        for place, item_id in enumerate(items):
            image = entry.variant(item_id).image
            if place not in places and None not in places and image is not None:
                entry.acknowledge_picture(item_id, image.source_id, gallery.ids[image.source_id])

    def _detach(self, entry: Progress, item_id: str) -> None:
        """Take the picture off a variant that shows one of ours."""
        known = entry.variants[item_id]
        if known.image_id and known.ref.variant_id:
            pair = {"variantId": gid(VARIANT, known.ref.variant_id), "mediaIds": [media_gid(known.image_id)]}
            self.tools.client.change(
                DETACH_MEDIA,
                "productVariantDetachMedia",
                safe_to_repeat=True,
                productId=gid(PRODUCT, entry.product_id),
                media=[pair],
            )
        entry.acknowledge_picture(item_id, "", "")


def _carried(gallery: Gallery, carry: Callable[[Gallery], bool | None]) -> bool:
    """Do something with one product's pictures; a request that the shop refuses whole is about this product alone."""
    try:
        return bool(carry(gallery))
    except RefusedError as refused:
        gallery.entry.fail(refused)
        return False


def _unsettled(row: ProductRow | None) -> bool:
    return row is not None and not all(media.settled for media in row.pictures)


def moves_to_front(order: Sequence[str], wanted: Sequence[str]) -> list[tuple[str, int]]:
    """Say which media have to move where, one after the other, so that the list begins as wanted."""
    now, moves = list(order), []
    for place, number in enumerate(wanted):
        if number in now and now[place] != number:
            now.remove(number)
            now.insert(place, number)
            moves.append((number, place))
    return moves


def by_file_name(
    missing: Sequence[ProductImage], media: Sequence[MediaRow], known: Mapping[str, str]
) -> dict[str, str]:
    """Find pictures by their file name, which the shop keeps, among the media that are nobody's yet."""
    free = [row for row in media if row.number not in known.values() and row.image is not None]
    found: dict[str, str] = {}
    for image in missing:
        match = next((row for row in free if row.image and _stem(row.image.url) == _stem(image.url)), None)
        if match is not None and _stem(image.url):
            found[image.source_id] = match.number
            free.remove(match)
    return found


def _stem(url: str) -> str:
    """Take the file's name without its ending, and without what tells copies apart."""
    return _COPY.sub("", PurePosixPath(unquote(urlsplit(url).path)).stem.lower())
