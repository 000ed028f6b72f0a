"""What to do with a new product whose SKUs the shop knows already. Pure, but for names that are read for a link.

Products whose SKUs exist, all in one fitting listing, are linked; everything else is reported and left alone. Linking
changes nothing: the link carries what the shop shows, so that later only what the till owns is written.
"""

from collections.abc import Mapping
from dataclasses import replace

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.errors import Subject
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import (
    CONTENT_FIELDS,
    VARIANT_FIELDS,
    KnownVariant,
    Link,
    ListingRef,
    ProductWrite,
    Variant,
)
from tillbridge.systems.common.linking import Carriers, Linkable, New, Verdict
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.api.wire import SIMPLE, ProductRow
from tillbridge.systems.magento.products.seen import Reader, settled


def judge(
    write: ProductWrite, found: Mapping[str, ProductRow], parents: Mapping[str, str], subject: Subject
) -> Verdict[ProductRow]:
    """Compare a product that is to be created with the listings that carry its SKUs.

    Children that we made for it and did not attach yet are none of them.
    """
    carriers = Carriers.of(write, {sku: (row,) for sku, row in found.items()})
    if carriers.none:
        return New()
    rows = carriers.single
    distinct = len({row.id for row in rows.values()}) == len(rows)
    above = {parents.get(row.key, "") for row in rows.values()}
    simple = all(row.type_id in SIMPLE for row in rows.values())
    own = all(row.text(MARK) == simple_key(item_id) for item_id, row in rows.items())
    if write.product.variable and own and above == {""}:
        return New()
    complete = distinct and simple and carriers.complete and len(above) == 1
    if complete and write.product.variable == any(above):
        product_id = next(iter(above)) or next(iter(rows.values())).key
        return Linkable(product_id, rows)
    kind = "one configurable product with all its variants" if write.product.variable else "one simple product"
    return carriers.taken(lambda row: _told(row, parents), kind, subject)


def link_to(
    write: ProductWrite,
    row: ProductRow,
    children: Mapping[str, ProductRow],
    reader: Reader,
    gtin_code: str,
) -> Link:
    """Make the link to a listing as it is. ``children`` holds the row of each item of a configurable product."""
    wanted = product_fields(write.product)
    seen = reader.content(row, list(children.values()))
    seen["images"] = wanted["images"]
    if row.pictures or write.product.images:
        seen["images"] = as_text([f"shop image {picture.id}" for picture in row.pictures])
    fields, _ = settled(wanted, seen, set(CONTENT_FIELDS) - {"images"})
    found = children if write.product.variable else {write.product.variants[0].item_id: row}
    parent = row if write.product.variable else None
    variants = tuple(
        _known(variant, write, found[variant.item_id], parent, reader, gtin_code)
        for variant in write.product.variants
        if variant.item_id in found
    )
    return replace(
        write.link,
        product_id=row.key,
        fields={**fields, "images": seen["images"]},
        variants=variants,
        image_ids={},
        created_by_us=row.text(MARK) == write.product.key,
    )


def _known(
    variant: Variant, write: ProductWrite, row: ProductRow, parent: ProductRow | None, reader: Reader, gtin_code: str
) -> KnownVariant:
    wanted = variant_fields(variant, write.product)
    seen = reader.variant(row, parent, gtin_code)
    if parent is None:
        seen |= {"options": wanted["options"], "visibility": wanted["visibility"]}
    fields, _ = settled(wanted, seen, set(VARIANT_FIELDS) - {"image"})
    ref = ListingRef(parent.key, row.key) if parent else ListingRef(row.key)
    image = {} if variant.image else {"image": ""}
    return KnownVariant(item_id=variant.item_id, ref=ref, fields={**fields, **image})


def _told(row: ProductRow, parents: Mapping[str, str]) -> str:
    parent = parents.get(row.key)
    below = f", a child of product {parent}" if parent else ""
    return f'{row.sku} in the {row.type_id} product "{row.name}" (listing {row.id}{below})'
