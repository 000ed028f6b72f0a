"""What to do with a new product whose SKUs the store knows already. Pure functions.

Products whose SKU exists exactly once are linked; everything else is reported and left alone. Linking changes nothing:
the link carries what the shop shows, so that later only what the till owns is written.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TypeAlias

from tillbridge.domain.errors import Subject
from tillbridge.domain.product import ProductWrite
from tillbridge.systems.bigcommerce.api.catalogue import Hit
from tillbridge.systems.bigcommerce.api.wire import ProductRow
from tillbridge.systems.bigcommerce.products.names import unique_name
from tillbridge.systems.common.linking import Carriers, Linkable, New, Ours, Verdict, one_listing

Found: TypeAlias = Mapping[str, tuple[Hit, ...]]
"""SKU as it was asked -> the listings that carry it."""

CLOCKS_DIFFER = timedelta(minutes=15)


def judge(write: ProductWrite, found: Found, subject: Subject) -> Verdict[Hit]:
    """Compare a product that is to be created with the listings that carry its SKUs.

    A listing that came into being after an earlier try began, under the name that try gave it, is that try's.
    """
    carriers = Carriers.of(write, found)
    if carriers.none:
        return New()
    hits = carriers.single
    listing = _one_listing(hits.values(), variable=write.product.variable)
    if listing and any(_of_an_earlier_try(write, hit.product) for hit in hits.values()):
        return Ours(listing)
    if listing and carriers.complete:
        return Linkable(listing, hits)
    kind = "one product with all its variants" if write.product.variable else "one product without variants"
    return carriers.taken(_told, kind, subject)


def _of_an_earlier_try(write: ProductWrite, row: ProductRow) -> bool:
    tried = write.link.attempted_at
    named = row.name in {write.product.name, unique_name(write.product)}
    return tried is not None and named and row.date_created is not None and row.date_created > tried - CLOCKS_DIFFER


def _one_listing(hits: Collection[Hit], *, variable: bool) -> str:
    """Find the one listing that all belong to, "" when they are of the wrong kind or of several listings."""
    fitting = all(bool(hit.ref.variant_id) == variable and not hit.parent for hit in hits)
    return one_listing([hit.ref for hit in hits]) if fitting else ""


def _told(hit: Hit) -> str:
    kind = "a variant of" if hit.ref.variant_id else "the product"
    sku = hit.variant.sku if hit.variant else hit.product.sku
    return f'{sku} in {kind} "{hit.product.name}" (listing {hit.ref})'
