"""What an unanswered write may have left below a listing: variants on sale that must not be, and nobody knows."""

from collections.abc import Sequence

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.product import Visibility
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.products.linking import known_variant
from tillbridge.systems.shopify.products.progress import Progress


def ours(rows: Sequence[VariantRow], item_id: str) -> list[VariantRow]:
    """List the variants that we made for an item. Only our mark tells: another item may have its SKU by now."""
    return [row for row in rows if row.key == simple_key(item_id)]


def take_in_archived(progress: Progress, product: ProductRow, unit: str) -> None:
    """Find the variants that an unanswered write made and that must not be on sale by now."""
    for variant in progress.product.variants:
        if variant.visibility is Visibility.PUBLISHED or variant.item_id in progress.variants:
            continue
        progress.give_up(variant.item_id)
        for row in ours(product.rows, variant.item_id)[:1]:
            progress.variants[variant.item_id] = known_variant(variant, progress.write, product, row, unit)
            if not withheld(product, row):
                progress.variants_todo[variant.item_id] = {"visibility"}
    note_strays(progress, product)


def note_strays(progress: Progress, product: ProductRow) -> None:
    """Note what we made for items that the product does not have any more, to be taken off sale.

    What the link knows is left as it is: the stock lane keeps its figure right.
    """
    items = {simple_key(variant.item_id) for variant in progress.product.variants}
    known = {entry.ref.variant_id for entry in progress.variants.values()}
    progress.strays |= {
        row.id
        for row in product.rows
        if row.key and row.key not in items and row.id not in known and not withheld(product, row)
    }


def withheld(product: ProductRow, row: VariantRow) -> bool:
    """Tell whether a variant is off sale by itself; below a product that is not published it does not say."""
    return product.published and not row.published
