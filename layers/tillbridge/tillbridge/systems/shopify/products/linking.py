"""Decide what a product that is to be created has to do with the listings that carry its SKUs.

Linking changes nothing: the link carries what the shop shows, so that later only what the till owns is written.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeAlias

from tillbridge.domain.errors import Subject
from tillbridge.domain.planning import as_text, variant_fields
from tillbridge.domain.product import KnownVariant, Link, ListingRef, ProductWrite, Variant
from tillbridge.systems.common.linking import Carriers, Linkable, New, Ours, Verdict, one_listing
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.catalogue import ref_of
from tillbridge.systems.shopify.products.seen import (
    choices_seen,
    content_seen,
    options_seen,
    variant_seen,
    visibility_seen,
    weight_seen,
)

Found: TypeAlias = Mapping[str, tuple[VariantRow, ...]]
"""SKU as it was asked -> the rows that carry it."""


def judge(write: ProductWrite, found: Found, subject: Subject) -> Verdict[VariantRow]:
    """Compare a product that is to be created with the listings that carry its SKUs.

    Where an unanswered try may have made it, a listing with our key has to be completed.
    """
    carriers = Carriers.of(write, found)
    if carriers.none:
        return New()
    rows = carriers.single
    listing = _one_listing(rows.values(), variable=write.product.variable)
    ours = bool(listing) and any(_marked(row, write) for row in rows.values())
    tried = write.link.attempted_at is not None
    if listing and carriers.complete and not (ours and tried):
        return Linkable(listing, rows)
    if ours and not carriers.ambiguous:
        return Ours(listing)
    kind = "one product with all its variants" if write.product.variable else "one product without options"
    return carriers.taken(_told, kind, subject)


def _marked(row: VariantRow, write: ProductWrite) -> bool:
    return row.product is not None and row.product.mark is not None and row.product.mark.value == write.product.key


def link_to(write: ProductWrite, product: ProductRow, rows: Mapping[str, VariantRow], unit: str) -> Link:
    """Make the link to a listing that is there, with what it shows; ``rows`` are by item id."""
    variants = [
        known_variant(variant, write, product, rows[variant.item_id], unit)
        for variant in write.product.variants
        if variant.item_id in rows
    ]
    fields = {
        **content_seen(write.product, product),
        "options": options_seen(write.product, product),
        "visibility": visibility_seen(product),
        "images": images_seen(product),
    }
    return replace(
        write.link,
        product_id=product.id,
        fields=fields,
        variants=tuple(variants),
        created_by_us=product.key == write.product.key,
    )


def known_variant(
    variant: Variant, write: ProductWrite, product: ProductRow, row: VariantRow, unit: str
) -> KnownVariant:
    """Give a variant as the shop shows it."""
    variable = write.product.variable
    image = f"shop image {row.picture}" if row.picture and variable else ""
    shown = str(variant.visibility) if row.published or not product.published or not variable else "draft"
    fields = {
        **variant_seen(variant, write.product, row),
        "weight": weight_seen(row, unit),
        "options": choices_seen(variant, write.product, row),
        "visibility": shown,
        "image": image if variable else variant_fields(variant, write.product)["image"],
    }
    ref = ListingRef(product.id, row.id if variable else "")
    return KnownVariant(item_id=variant.item_id, ref=ref, fields=fields, image_id=row.picture if variable else "")


def images_seen(product: ProductRow) -> str:
    """Tell how many pictures a listing has; which they are is the shop's own."""
    count = product.media_count.count if product.media_count else 0
    return as_text([f"{count} pictures of the shop"] if count else [])


def _one_listing(rows: Collection[VariantRow], *, variable: bool) -> str:
    """Find the one listing that all rows belong to, "" when they are of the wrong kind or of several listings."""
    fitting = all(row.product is not None and row.product.has_only_default_variant != variable for row in rows)
    return one_listing([ref_of(row) for row in rows]) if fitting else ""


def _told(row: VariantRow) -> str:
    alone = row.product is not None and row.product.has_only_default_variant
    name = f' "{row.product.title}"' if row.product and row.product.title else ""
    return f"{row.sku} in {'the product' if alone else 'a variant of'}{name} (listing {ref_of(row)})"
