"""What to do with a new product whose SKUs the shop knows already. Pure functions.

Products whose SKU exists exactly once are linked; everything else is reported and left alone. Linking changes nothing:
the link carries what the shop shows, so that later only what the till owns is written.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from html import unescape
from typing import TypeAlias

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.errors import Subject
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import KnownVariant, Link, ProductWrite, Variant
from tillbridge.systems.common.linking import Carriers, Linkable, New, Ours, Verdict, one_listing
from tillbridge.systems.woocommerce.api.catalogue import MARK, ref_of
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.places import Places
from tillbridge.systems.woocommerce.products.seen import content_seen, variant_seen

Found: TypeAlias = Mapping[str, tuple[ListingRow, ...]]
"""SKU as it was asked -> the rows that carry it."""


def judge(write: ProductWrite, found: Found, subject: Subject, *, tried: bool) -> Verdict[ListingRow]:
    """Compare a product that is to be created with the listings that carry its SKUs.

    ``tried`` says that we may have created it a moment ago; then a listing with our mark has to be completed.
    """
    carriers = Carriers.of(write, found)
    if carriers.none:
        return New()
    rows = carriers.single
    listing = _one_listing(rows.values(), variable=write.product.variable)
    ours = bool(listing) and any(row.meta(MARK) == _mark(write, item_id) for item_id, row in rows.items())
    if listing and carriers.complete and not (ours and tried):
        return Linkable(listing, rows)
    if ours and not carriers.ambiguous:
        return Ours(listing)
    kind = "one variable product with all its variants" if write.product.variable else "one simple product"
    return carriers.taken(_told, kind, subject)


def _mark(write: ProductWrite, item_id: str) -> str:
    """The mark that we leave: a variation carries its item's, a simple product its own."""
    return simple_key(item_id) if write.product.variable else write.product.key


def link_to(write: ProductWrite, product: ListingRow, rows: Mapping[str, ListingRow], places: Places) -> Link:
    """Make the link to a listing that is there, with what it shows; variants without a row are not in it."""
    there = [variant for variant in write.product.on_sale if variant.item_id in rows]
    variants = [_known(variant, write, rows[variant.item_id], places) for variant in there]
    fields = {**content_seen(write.product, product, places), "images": _images_seen(write, product)}
    return replace(
        write.link,
        product_id=str(product.id),
        fields=fields,
        variants=tuple(variants),
        created_by_us=product.meta(MARK) == write.product.key,
    )


def _known(variant: Variant, write: ProductWrite, row: ListingRow, places: Places) -> KnownVariant:
    picture = row.picture if write.product.variable else None
    image = f"shop image {picture.id}" if picture else ""
    fields = {**variant_seen(variant, write.product, row, places), "image": image}
    if not write.product.variable:
        fields["image"] = variant_fields(variant, write.product)["image"]
    return KnownVariant(
        item_id=variant.item_id, ref=ref_of(row), fields=fields, image_id=str(picture.id) if picture else ""
    )


def _images_seen(write: ProductWrite, product: ListingRow) -> str:
    if not product.images and not write.product.images:
        return product_fields(write.product)["images"]
    return as_text([f"shop image {image.id}" for image in product.images])


def _one_listing(rows: Collection[ListingRow], *, variable: bool) -> str:
    """Find the one listing that all rows belong to, "" when they are of the wrong kind or of several listings."""
    fitting = all(row.type == ("variation" if variable else "simple") for row in rows)
    return one_listing([ref_of(row) for row in rows]) if fitting else ""


def _told(row: ListingRow) -> str:
    kind = {"variation": "a variation", "variable": "the variable product"}.get(row.type, f"the {row.type} product")
    name = f' "{unescape(row.name)}"' if row.name else ""
    return f"{row.sku} in {kind}{name} (listing {ref_of(row)})"
