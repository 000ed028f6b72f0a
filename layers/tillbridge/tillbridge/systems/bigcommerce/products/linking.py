"""What to do with a new product whose SKUs the store knows already. Pure functions.

Products whose SKU exists exactly once are linked; everything else is reported and left alone. Linking changes nothing:
the link carries what the shop shows, so that later only what the till owns is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from tillbridge.domain.errors import Subject
from tillbridge.domain.product import ProductWrite
from tillbridge.systems.bigcommerce.api.catalogue import Hit
from tillbridge.systems.bigcommerce.api.wire import ProductRow
from tillbridge.systems.bigcommerce.products.names import unique_name
from tillbridge.systems.common.linking import New, Ours, Taken, taken

Found: TypeAlias = Mapping[str, tuple[Hit, ...]]
"""SKU as it was asked -> the listings that carry it."""

CLOCKS_DIFFER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Linkable:
    """Each SKU exists once, all in one listing; ``hits`` by item id."""

    product: ProductRow
    hits: Mapping[str, Hit]


Verdict: TypeAlias = New | Ours | Linkable | Taken


def judge(write: ProductWrite, found: Found, subject: Subject) -> Verdict:
    """Compare a product that is to be created with the listings that carry its SKUs.

    A listing that came into being after an earlier try began, under the name that try gave it, is that try's.
    """
    variants = write.product.on_sale
    hits = {variant.item_id: found.get(variant.sku, ()) for variant in variants}
    if not any(hits.values()):
        return New()
    single = {item_id: group[0] for item_id, group in hits.items() if len(group) == 1}
    listing = _one_listing(single, variable=write.product.variable)
    if listing is not None and _of_an_earlier_try(write, listing):
        return Ours(str(listing.id))
    if listing is not None and len(single) == len(variants):
        return Linkable(listing, single)
    return _taken(write, hits, subject)


def _of_an_earlier_try(write: ProductWrite, row: ProductRow) -> bool:
    tried = write.link.attempted_at
    named = row.name in {write.product.name, unique_name(write.product)}
    return tried is not None and named and row.date_created is not None and row.date_created > tried - CLOCKS_DIFFER


def _one_listing(hits: Mapping[str, Hit], *, variable: bool) -> ProductRow | None:
    """Find the one listing that all belong to, ``None`` when they are of the wrong kind or of several listings."""
    fitting = all(bool(hit.ref.variant_id) == variable and not hit.parent for hit in hits.values())
    products = {hit.product.id: hit.product for hit in hits.values()}
    distinct = len({hit.ref for hit in hits.values()}) == len(hits)
    return next(iter(products.values())) if fitting and distinct and len(products) == 1 else None


def _taken(write: ProductWrite, hits: Mapping[str, tuple[Hit, ...]], subject: Subject) -> Taken:
    """Say which SKUs were found where, and what to do."""
    told = [
        f"{hit.variant.sku if hit.variant else hit.product.sku} in {_described(hit)}"
        for g in hits.values()
        for hit in g
    ]
    missing = sum(not group for group in hits.values())
    kind = "one product with all its variants" if write.product.variable else "one product without variants"
    return taken(told, missing, len(hits), kind, subject)


def _described(hit: Hit) -> str:
    kind = "a variant" if hit.ref.variant_id else "the product"
    return (
        f'{kind} of "{hit.product.name}" (listing {hit.ref})'
        if hit.ref.variant_id
        else (f'{kind} "{hit.product.name}" (listing {hit.ref})')
    )
