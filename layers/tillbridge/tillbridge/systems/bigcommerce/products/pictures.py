"""Send the pictures of products and variants, each once and one a call, the main one first.

The store fetches a picture from its address (facts/bigcommerce.md, "Catalog v3"); its id is kept, and what is there is
only put in order from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError, Subject
from tillbridge.domain.planning import image_text
from tillbridge.domain.product import KnownVariant, ProductImage, Variant
from tillbridge.systems.bigcommerce.api.catalogue import PRODUCTS
from tillbridge.systems.bigcommerce.api.refusals import RefusedError
from tillbridge.systems.bigcommerce.api.rejections import bad_image, rejection
from tillbridge.systems.bigcommerce.api.wire import ImageRow, ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.file_names import recognised, same_picture
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.sending import doubt
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed

if TYPE_CHECKING:
    from tillbridge.systems.bigcommerce.products.payload import JsonBody

LONGEST_ADDRESS = 255


@dataclass(frozen=True, slots=True)
class Pictures:
    """Brings the pictures of a batch of products into step."""

    tools: Tools

    def write(self, batch: Sequence[Progress]) -> None:
        """Send what is missing; listings that are not brand new are read first, for they may have it already."""
        for entry in batch:
            if not entry.product.variable:
                _settle_simple(entry)
        waiting = [
            entry for entry in batch if not _failed_whole(entry) and (needs_pictures(entry) or of_variants(entry))
        ]
        older = [entry.product_id for entry in waiting if not entry.fresh]
        rows = self.tools.catalogue.by_ids(older, "variants,images") if older else {}
        for entry in waiting:
            row = rows.get(entry.product_id)
            if row is None and not entry.fresh:
                entry.fail(listing_gone(self._subject(entry)))
                continue
            try:
                if needs_pictures(entry):
                    self._of_product(entry, row.images if row else ())
                self._of_variants(entry, row)
            except ItemRejectedError as error:  # a picture was deleted while we put them in order
                entry.errors.append(rejection(error, self._subject(entry)))

    def _of_product(self, entry: Progress, images: Sequence[ImageRow]) -> None:
        shown = {str(image.id): image for image in images}
        known = {source: image_id for source, image_id in entry.image_ids.items() if image_id in shown}
        gone = known.keys() - {image.source_id for image in entry.product.images}
        entry.image_ids = known | recognised(entry.product.images, known, images)
        first = True
        for place, image in enumerate(entry.product.images):
            there = shown.get(entry.image_ids.get(image.source_id, ""))
            arrived = (
                self._arrange(entry, there, place, main=first) if there else self._add(entry, image, place, main=first)
            )
            first = first and not arrived
        for source in gone:
            route = f"{PRODUCTS}/{entry.product_id}/images/{entry.image_ids.pop(source)}"
            self.tools.client.write("DELETE", route, safe_to_repeat=True)
        if all(image.source_id in entry.image_ids for image in entry.product.images):
            entry.acknowledge_pictures()
        entry.todo.discard("images")

    def _arrange(self, entry: Progress, image: ImageRow, place: int, *, main: bool) -> bool:
        """Put a picture that is there in its place."""
        body: JsonBody = {} if image.sort_order == place else {"sort_order": place}
        if main and not image.is_thumbnail:
            body["is_thumbnail"] = True
        if body:
            route = f"{PRODUCTS}/{entry.product_id}/images/{image.id}"
            self.tools.client.write("PUT", route, body, safe_to_repeat=True)
        return True

    def _add(self, entry: Progress, image: ProductImage, place: int, *, main: bool) -> bool:
        """Have the store fetch a picture; tells whether it could."""
        body: JsonBody = {"image_url": image.url, "is_thumbnail": main, "sort_order": place}
        if image.alt:
            body["description"] = image.alt
        said = self._fetched(entry, image, f"{PRODUCTS}/{entry.product_id}/images", body)
        if said is None:
            return False
        entry.image_ids[image.source_id] = str(said.id)
        return True

    def _of_variants(self, entry: Progress, row: ProductRow | None) -> None:
        below = {str(own.id): own for own in row.choices} if row else {}
        for item_id in of_variants(entry):
            known, variant = entry.variants[item_id], entry.variant(item_id)
            self._of_variant(entry, variant, known, below.get(known.ref.variant_id))

    def _of_variant(self, entry: Progress, variant: Variant, known: KnownVariant, own: VariantRow | None) -> None:
        route = f"{PRODUCTS}/{entry.product_id}/variants/{known.ref.variant_id}"
        if variant.image is None:
            if known.image_id or (own and own.image_url):
                self.tools.client.write("PUT", route, {"image_url": ""}, safe_to_repeat=True)
            entry.acknowledge_picture(variant.item_id, image_text(variant.image), "")
        elif own is not None and own.image_url and same_picture(variant.image.url, own.image_url):
            entry.acknowledge_picture(variant.item_id, image_text(variant.image), own.image_url)
        elif said := self._fetched(entry, variant.image, f"{route}/image", {"image_url": variant.image.url}):
            entry.acknowledge_picture(variant.item_id, image_text(variant.image), said.image_url)
        else:
            entry.variants_todo[variant.item_id].discard("image")

    def _fetched(self, entry: Progress, image: ProductImage, route: str, body: Mapping[str, object]) -> ImageRow | None:
        """Send an address; ``None`` when the store cannot take what is there, which is noted."""
        if len(image.url) > LONGEST_ADDRESS:
            told = f"its address is longer than {LONGEST_ADDRESS} characters"
            entry.errors.append(bad_image(image.source_id, told, self._subject(entry)))
            return None
        try:
            written = self.tools.client.write("POST", route, body)
        except RefusedError as error:
            entry.errors.append(bad_image(image.source_id, error.refusal.told, self._subject(entry)))
            return None
        said = written.data if isinstance(written.data, dict) else {}
        try:
            return parsed(ImageRow, {"id": 0, **said}, self.tools.client.subject, "The picture")
        except GarbledAnswerError as garbled:
            raise doubt(garbled, self.tools.client.subject) from garbled

    def _subject(self, entry: Progress) -> Subject:
        return thing(self.tools.client.subject, f"listing {entry.product_id}")


def needs_pictures(entry: Progress) -> bool:
    """Tell whether pictures of the product itself are to be brought into step."""
    return "images" in entry.todo and bool(entry.product_id)


def of_variants(entry: Progress) -> list[str]:
    """List the items whose own pictures are to be brought into step."""
    if not entry.product.variable:
        return []
    return [item_id for item_id, names in entry.variants_todo.items() if "image" in names and item_id in entry.variants]


def _failed_whole(entry: Progress) -> bool:
    return entry.failed and entry.done


def _settle_simple(entry: Progress) -> None:
    """A simple product's variant has no picture of its own."""
    for item_id, names in entry.variants_todo.items():
        if "image" in names and item_id in entry.variants:
            entry.acknowledge_picture(item_id, image_text(entry.variant(item_id).image), "")
