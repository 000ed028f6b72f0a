"""Link products to listings that somebody chose for them. Everything is read and nothing is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.product import ProductOutcome, ProductWrite
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import other_kind
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.client import PAGE
from tillbridge.systems.woocommerce.api.rejections import listing_gone
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.linking import link_to
from tillbridge.systems.woocommerce.tools import Tools


def link_products(tools: Tools, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
    """Read listings a hundred at a time, and the variations below each variable one."""
    for piece in in_pieces(writes, PAGE):
        rows = tools.catalogue.by_ids(write.link.product_id for write in piece)
        yield tuple(_linked(tools, write, rows.get(write.link.product_id)) for write in piece)


def _linked(tools: Tools, write: ProductWrite, row: ListingRow | None) -> ProductOutcome:
    subject = thing(tools.client.subject, f"listing {write.link.product_id}")
    if row is None:
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    if row.type != ("variable" if write.product.variable else "simple"):
        error = other_kind(f"a {row.type} product", "a simple or a variable product", subject)
        return ProductOutcome(write=write, link=write.link, error=error)
    refs = {known.item_id: known.ref for known in write.link.variants}
    rows = _rows(tools, write, row)
    if rows.keys() != refs.keys():
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    link = link_to(write, row, rows, tools.terms.known_places(write.product))
    variants = tuple(replace(known, ref=refs[known.item_id]) for known in link.variants)
    return ProductOutcome(write=write, link=replace(link, variants=variants))


def _rows(tools: Tools, write: ProductWrite, row: ListingRow) -> Mapping[str, ListingRow]:
    """Find the row of each item; an item whose variation is gone is absent."""
    if not write.product.variable:
        return {known.item_id: row for known in write.link.variants}
    below = {str(variation.id): variation for variation in tools.catalogue.variations_of(write.link.product_id)}
    places = {known.item_id: known.ref.variant_id for known in write.link.variants}
    return {item_id: below[variant_id] for item_id, variant_id in places.items() if variant_id in below}
