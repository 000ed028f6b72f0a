"""What an unanswered write may have left below a listing: variants on sale that must not be, and nobody knows."""

from collections.abc import Sequence
from datetime import timedelta

from tillbridge.domain.agreement import folded
from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.product import Variant, Visibility
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.products.linking import known_variant
from tillbridge.systems.shopify.products.progress import Progress

WITH_IT = timedelta(minutes=1)
"""How much younger than its product a variant may be that was made with it: Shopify makes one after the other."""


def ours(rows: Sequence[VariantRow], item_id: str) -> list[VariantRow]:
    """List the variants that we made for an item. Only our mark tells: another item may have its SKU by now."""
    return [row for row in rows if row.key == simple_key(item_id)]


def rows_of(progress: Progress, product: ProductRow) -> dict[str, VariantRow]:
    """Find the rows of a product's variants in a listing of ours whose answer was lost, by item id.

    By our mark; else by the values of the options, if the row was made with the listing; else by the SKU. What is
    archived comes last, since it may have left its SKU to another, and has no row but one that is certainly ours.
    """
    variants = sorted(progress.product.variants, key=lambda one: one.visibility is Visibility.DRAFT)
    if not progress.product.variable:
        return {variant.item_id: row for variant in variants for row in product.rows[:1]}
    names = [folded(option.name) for option in progress.product.options]
    made = {row.id for row in product.rows if not row.key and as_old(row, product)}
    free, found = list(product.rows), dict[str, VariantRow]()

    def marked(variant: Variant, row: VariantRow) -> bool:
        return row.key == simple_key(variant.item_id)

    def chosen(variant: Variant, row: VariantRow) -> bool:
        values = {folded(choice.name): folded(choice.value) for choice in row.selected_options}
        return row.id in made and [values.get(name) for name in names] == [folded(value) for value in variant.options]

    def of_its_sku(variant: Variant, row: VariantRow) -> bool:
        may_be = row.id in made or variant.visibility is Visibility.PUBLISHED
        return may_be and folded(row.sku) == folded(variant.sku)

    for alike in (marked, chosen, of_its_sku):
        for variant in variants:
            row = next((row for row in free if alike(variant, row)), None)
            if row is not None and variant.item_id not in found:
                found[variant.item_id] = row
                free.remove(row)
    return found


def as_old(row: VariantRow, product: ProductRow) -> bool:
    """Tell whether a variant was made with its product, and the product by us: so nobody else made the variant."""
    if not product.key or row.created_at is None or product.created_at is None:
        return False
    return row.created_at - product.created_at <= WITH_IT


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
        if (row.key not in items if row.key else as_old(row, product))
        and row.id not in known
        and not withheld(product, row)
    }


def withheld(product: ProductRow, row: VariantRow) -> bool:
    """Tell whether a variant is off sale by itself; below a product that is not published it does not say."""
    return product.published and not row.published
