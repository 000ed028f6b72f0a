"""Take a listing as ours that an earlier, unanswered try created, and find out what is still missing of it."""

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import image_text
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Variant
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.file_names import recognised, same_picture
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.tools import Tools

BRAND = "brand"


def adopt(tools: Tools, progress: Progress, row: ProductRow) -> None:
    """Acknowledge what the listing shows; what it lacks stays to be done.

    Where the till has moved on since, it is written again as far as the till owns it for good. All else is left as it
    is: the merchant may have seen and changed the listing (invariant 6).
    """
    product = progress.product
    progress.created_by_us = True
    progress.category_id = tools.categories.known(product.category_path)
    if product.brand and row.brand_id and not tools.vocabulary.get(BRAND, product.brand):
        tools.vocabulary.put(BRAND, {product.brand: str(row.brand_id)})
    progress.brand_id = tools.vocabulary.get(BRAND, product.brand) or ""
    found = progress.acknowledge_content(row, CONTENT_FIELDS)
    progress.todo |= {difference.field for difference in found} & progress.write.owned
    progress.image_ids |= recognised(product.images, progress.image_ids, row.images)
    if all(image.source_id in progress.image_ids for image in product.images):
        progress.acknowledge_pictures()
    for variant in product.variants:
        own = find_variant(variant, progress, row) if product.variable else None
        if own is not None or not product.variable:
            _variant(progress, variant, row, own)


def find_variant(variant: Variant, progress: Progress, row: ProductRow) -> VariantRow | None:
    """Recognise a variant below its product: by the id we know, by its SKU, or by what it stands for."""
    known = progress.variants.get(variant.item_id)
    wanted = [folded(value) for value in variant.options]
    others = {one.ref.variant_id for item_id, one in progress.variants.items() if item_id != variant.item_id}
    free = [own for own in row.choices if str(own.id) not in others]
    by_id = (own for own in free if known and str(own.id) == known.ref.variant_id)
    by_sku = (own for own in free if own.sku and folded(own.sku) == folded(variant.sku))
    by_choice = (own for own in free if not own.sku and [folded(one.label) for one in own.option_values] == wanted)
    return next((own for group in (by_id, by_sku, by_choice) for own in group), None)


def _variant(progress: Progress, variant: Variant, row: ProductRow, own: VariantRow | None) -> None:
    found = progress.acknowledge_variant(variant, row, own, VARIANT_FIELDS)
    changed = {difference.field for difference in found} & (progress.write.owned | {"visibility"})
    progress.variants_todo.setdefault(variant.item_id, set()).update(changed)
    if own is None or variant.image is None:
        progress.acknowledge_picture(variant.item_id, image_text(variant.image), "")
    elif same_picture(variant.image.url, own.image_url):
        progress.acknowledge_picture(variant.item_id, image_text(variant.image), own.image_url)
