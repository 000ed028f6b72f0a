"""Take a listing as ours that an earlier, unanswered try created, and find out what is still missing of it."""

from collections.abc import Sequence

from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, ListingRef, Variant, Visibility
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.doubt import ON_SALE, note_strays, ours
from tillbridge.systems.woocommerce.products.pictures import recognised
from tillbridge.systems.woocommerce.products.progress import Progress
from tillbridge.systems.woocommerce.products.variations import is_variation_of


def adopt(progress: Progress, product: ListingRow, variations: Sequence[ListingRow]) -> None:
    """Acknowledge what the listing shows; what it lacks stays to be done.

    Where the till has moved on since, it is written again as far as the till owns it for good. All else is left as it
    is: the merchant may have seen and changed the listing (invariant 6). What was archived meanwhile is taken in as
    well, so that whoever compares next takes it off sale.
    """
    progress.created_by_us = True
    found = progress.acknowledge_content(product, CONTENT_FIELDS)
    progress.todo |= {difference.field for difference in found} & progress.write.owned
    _pictures(progress, product)
    if progress.product.variable:
        on_sale = progress.product.on_sale
        for variant in progress.product.variants:
            _variation(progress, variant, variations if variant in on_sale else ours(variations, variant.item_id))
        note_strays(progress, variations)
    else:
        variant = progress.product.variants[0]
        _mend(progress, variant, progress.acknowledge_variant(variant, product, _ref(product), VARIANT_FIELDS))
        progress.acknowledge_picture(variant.item_id, "", "")


def take_in_archived(progress: Progress, variations: Sequence[ListingRow]) -> None:
    """Find the variations that an unanswered write made below a listing and that must not be on sale by now."""
    for variant in progress.product.variants:
        if variant.visibility is Visibility.PUBLISHED or variant.item_id in progress.variants:
            continue
        progress.give_up(variant.item_id)
        for row in ours(variations, variant.item_id)[:1]:
            _variation(progress, variant, [row])
            progress.variants_todo[variant.item_id] |= {"visibility"} if row.status == ON_SALE else set()
    note_strays(progress, variations)


def _pictures(progress: Progress, product: ListingRow) -> None:
    images = progress.product.images
    progress.image_ids |= recognised(images, progress.image_ids, product.images)
    if all(image.source_id in progress.image_ids for image in images):
        progress.acknowledge_pictures()


def _variation(progress: Progress, variant: Variant, variations: Sequence[ListingRow]) -> None:
    row = next((row for row in variations if is_variation_of(row, variant)), None)
    if row is None:
        return
    ref = ListingRef(progress.product_id, str(row.id))
    found = progress.acknowledge_variant(variant, row, ref, VARIANT_FIELDS)
    _mend(progress, variant, found)
    shown = row.picture
    if variant.image is None:
        progress.acknowledge_picture(variant.item_id, "", "")
    elif shown and recognised([variant.image], {}, [shown]):
        progress.image_ids[variant.image.source_id] = str(shown.id)
        progress.acknowledge_picture(variant.item_id, variant.image.source_id, str(shown.id))


def _mend(progress: Progress, variant: Variant, found: Sequence[Difference]) -> None:
    changed = {difference.field for difference in found} & progress.write.owned
    progress.variants_todo[variant.item_id] = progress.variants_todo.get(variant.item_id, set()) | changed


def _ref(product: ListingRow) -> ListingRef:
    return ListingRef(str(product.id))
