"""Send the one picture that a variation has, each file once for all variations that show it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import Subject, SystemDownError, TillbridgeError
from tillbridge.domain.product import KnownVariant, ProductImage
from tillbridge.systems.common.rejections import bad_image
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.batches import BatchSize, Carrier
from tillbridge.systems.woocommerce.api.catalogue import Catalogue
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import no_image_name, rejection, shop_fails_on_it
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.pictures import is_picture, picture, recognised
from tillbridge.systems.woocommerce.products.progress import Progress


@dataclass(eq=False, frozen=True, slots=True)
class PictureStep:
    """A variation that is to show a picture, or none."""

    known: KnownVariant
    image: ProductImage | None


@dataclass(slots=True)
class VariationPictures:
    """Carries the pictures of the variations of one parent."""

    client: WooClient
    catalogue: Catalogue
    progress: Progress
    lost: set[str] = field(default_factory=set)  # source ids whose copy is no longer in the media library
    bad: dict[str, Refusal] = field(default_factory=dict)  # source ids that the shop could not fetch

    def steps(self) -> list[PictureStep]:
        """List the variations whose picture is to change; settles those that need no call."""
        found: list[PictureStep] = []
        for item_id, names in list(self.progress.variants_todo.items()):
            known = self.progress.variants.get(item_id)
            if known is None or "image" not in names:
                continue
            image = self.progress.variant(item_id).image
            if image is not None and not is_picture(image.url):
                self._fail(known, no_image_name(image.source_id, self._subject(known)))
            elif image is not None and image.source_id in self.bad:
                self._fail(known, bad_image(image.source_id, self.bad[image.source_id].told, self._subject(known)))
            elif image is None and not known.image_id:
                self.progress.acknowledge_picture(item_id, "", "")
            else:
                found.append(PictureStep(known, image))
        return found

    def body(self, entry: PictureStep) -> Mapping[str, object]:
        """Name the picture by id, or by address the first time; an empty object takes it away."""
        shown = picture(entry.image, self.progress.image_ids) if entry.image else {}
        return {"id": int(entry.known.ref.variant_id), "image": shown}

    def send(self, entries: Sequence[PictureStep]) -> None:
        """Send some pictures."""
        route = f"products/{self.progress.product_id}/variations"
        answer = write_batch(self.client, route, ListingRow, update=[self.body(entry) for entry in entries])
        for entry, result in zip(entries, answer.updated, strict=True):
            if isinstance(result, Refusal):
                self._refused(entry, result)
            else:
                self._taken(entry, result)

    def settle(self, entries: Sequence[PictureStep]) -> Sequence[PictureStep]:
        """After doubt, find the pictures that did arrive, so that they are not sent again."""
        ids = [entry.known.ref.variant_id for entry in entries]
        rows = {str(row.id): row for row in self.catalogue.variations_of(self.progress.product_id, ids)}
        left: list[PictureStep] = []
        for entry in entries:
            row = rows.get(entry.known.ref.variant_id)
            if row is not None and self._arrived(entry, row):
                self._taken(entry, row)
            else:
                left.append(entry)
        return left

    def blame(self, entry: PictureStep, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry."""
        self._fail(entry.known, shop_fails_on_it(trouble, self._subject(entry.known)))

    def _arrived(self, entry: PictureStep, row: ListingRow) -> bool:
        if entry.image is None or row.picture is None:
            return entry.image is None and row.picture is None
        known = self.progress.image_ids.get(entry.image.source_id)
        return known == str(row.picture.id) or bool(recognised([entry.image], {}, [row.picture]))

    def _taken(self, entry: PictureStep, row: ListingRow) -> None:
        item_id, shown = entry.known.item_id, row.picture
        if entry.image is None:
            self.progress.acknowledge_picture(item_id, "", "")
        elif shown is None:
            told = "the shop shows none"
            self._fail(entry.known, bad_image(entry.image.source_id, told, self._subject(entry.known)))
        else:
            self.progress.image_ids[entry.image.source_id] = str(shown.id)
            self.progress.acknowledge_picture(item_id, entry.image.source_id, str(shown.id))

    def _refused(self, entry: PictureStep, refusal: Refusal) -> None:
        if refusal.image_gone and entry.image and entry.image.source_id not in self.lost:
            self.progress.image_ids.pop(entry.image.source_id, None)
            self.lost.add(entry.image.source_id)
        elif entry.image and refusal.bad_image:
            self.bad[entry.image.source_id] = refusal
            self._fail(entry.known, bad_image(entry.image.source_id, refusal.told, self._subject(entry.known)))
        else:
            self._fail(entry.known, rejection(refusal, self._subject(entry.known)))

    def _fail(self, known: KnownVariant, error: TillbridgeError) -> None:
        self.progress.give_up(known.item_id, error)

    def _subject(self, known: KnownVariant) -> Subject:
        return thing(self.client.subject, f"listing {known.ref}, item {known.item_id}")


def write_variation_pictures(load: VariationPictures, carrier: Carrier, size: BatchSize) -> None:
    """Send each file once: first one variation per file, then the others by the id that came back.

    A listing that is not brand new may show them already, from an earlier try that ended before its answer.
    """
    if not load.progress.fresh and (steps := load.steps()):
        load.settle(steps)
    while steps := load.steps():
        for _ in carrier.carry(load, one_per_file(steps, load.progress.image_ids), size):
            pass


def one_per_file(steps: Sequence[PictureStep], known: Collection[str]) -> list[PictureStep]:
    """Leave out the variations that wait for the id of a file which another one is about to send."""
    seen: set[str] = set()
    first: list[PictureStep] = []
    for step in steps:
        source_id = step.image.source_id if step.image else ""
        if not source_id or source_id in known or source_id not in seen:
            first.append(step)
        seen.add(source_id)
    return first
