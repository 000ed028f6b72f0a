"""Link products to listings that somebody chose for them. Everything is read and nothing is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tillbridge.domain.product import ProductOutcome, ProductWrite
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import listing_gone, other_kind
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.wire import ProductRow
from tillbridge.systems.shopify.catalogue import WHOLE_AT_ONCE, Catalogue, refs_of
from tillbridge.systems.shopify.products.linking import link_to


def link_products(catalogue: Catalogue, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
    """Read listings with their variants, some at a time."""
    for piece in in_pieces(writes, WHOLE_AT_ONCE):
        rows = catalogue.whole(write.link.product_id for write in piece)
        yield tuple(_linked(catalogue, write, rows.get(write.link.product_id)) for write in piece)


def _linked(catalogue: Catalogue, write: ProductWrite, row: ProductRow | None) -> ProductOutcome:
    subject = thing(catalogue.tools.client.subject, f"listing {write.link.product_id}")
    if row is None:
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    if row.has_only_default_variant == write.product.variable:
        shown, wanted = ("without", "with") if row.has_only_default_variant else ("with", "without")
        error = other_kind(f"a product {shown} options", f"a product {wanted} options", subject)
        return ProductOutcome(write=write, link=write.link, error=error)
    there = refs_of(row)
    rows = {known.item_id: there[known.ref] for known in write.link.variants if known.ref in there}
    if len(rows) != len(write.link.variants):
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    catalogue.tools.whereabouts.met(there)
    refs = {known.item_id: known.ref for known in write.link.variants}
    link = link_to(write, row, rows, catalogue.tools.traits.weight_unit)
    variants = tuple(replace(known, ref=refs[known.item_id]) for known in link.variants)
    return ProductOutcome(write=write, link=replace(link, variants=variants))
