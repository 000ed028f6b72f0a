"""Link products to listings that are there. Everything is read and nothing is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.planning import as_text, image_text, product_fields
from tillbridge.domain.product import KnownVariant, Link, ListingRef, ProductOutcome, ProductWrite, Variant
from tillbridge.systems.bigcommerce.api.client import PAGE
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.seen import content_seen, variant_seen
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import listing_gone, other_kind
from tillbridge.systems.common.subjects import thing

BRAND = "brand"
SEEN_WITH = "variants,images"


def link_products(tools: Tools, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
    """Read listings 250 at a time, with their variants."""
    for piece in in_pieces(writes, PAGE):
        rows = tools.catalogue.by_ids((write.link.product_id for write in piece), SEEN_WITH)
        marks = tools.catalogue.marked([write.product.key for write in piece])
        yield tuple(_linked(tools, write, rows.get(write.link.product_id), marks) for write in piece)


def link_to(
    tools: Tools, write: ProductWrite, row: ProductRow, variants: Mapping[str, VariantRow | None], *, ours: bool
) -> Link:
    """Make the link to a listing that is there, with what it shows; ``variants`` has each item's row.

    ``None`` stands for a simple product, which has no variant of its own.
    """
    product = write.product
    category_id = tools.categories.known(product.category_path)
    content = content_seen(product, row, category_id, tools.vocabulary.get(BRAND, product.brand) or "")
    there = [variant for variant in product.variants if variant.item_id in variants]
    return replace(
        write.link,
        product_id=str(row.id),
        fields={**content, "images": _images_seen(write, row)},
        variants=tuple(_known(variant, write, row, variants[variant.item_id]) for variant in there),
        created_by_us=ours,
    )


def _linked(tools: Tools, write: ProductWrite, row: ProductRow | None, marks: Mapping[str, str]) -> ProductOutcome:
    subject = thing(tools.client.subject, f"listing {write.link.product_id}")
    if row is None:
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    if row.variable != write.product.variable:
        shown, wanted = ("with", "without") if row.variable else ("without", "with")
        error = other_kind(f"a product {shown} variants", f"a product {wanted} variants", subject)
        return ProductOutcome(write=write, link=write.link, error=error)
    own = {str(variant.id): variant for variant in row.choices}
    rows: dict[str, VariantRow | None] = {}
    for known in write.link.variants:
        if known.ref.variant_id and known.ref.variant_id not in own:
            return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
        rows[known.item_id] = own.get(known.ref.variant_id)
    link = link_to(tools, write, row, rows, ours=marks.get(write.product.key) == str(row.id))
    return ProductOutcome(write=write, link=link)


def _known(variant: Variant, write: ProductWrite, row: ProductRow, own: VariantRow | None) -> KnownVariant:
    fields = variant_seen(variant, write.product, row, own)
    image = image_text(variant.image) if own is None else (f"shop image of {own.id}" if own.image_url else "")
    return KnownVariant(
        item_id=variant.item_id,
        ref=ListingRef(str(row.id), str(own.id) if own else ""),
        fields={**fields, "image": image},
        image_id=own.image_url if own else "",
    )


def _images_seen(write: ProductWrite, row: ProductRow) -> str:
    if not row.images and not write.product.images:
        return product_fields(write.product)["images"]
    return as_text([f"shop image {image.id}" for image in row.images])
