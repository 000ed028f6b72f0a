"""Link products to listings that somebody chose for them. Everything is read and nothing is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.product import ProductOutcome, ProductWrite
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import other_kind
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.magento.api.rejections import listing_gone
from tillbridge.systems.magento.api.search import PAGE
from tillbridge.systems.magento.api.wire import SIMPLE, ProductRow
from tillbridge.systems.magento.products.linking import link_to
from tillbridge.systems.magento.tools import Tools


def link_products(tools: Tools, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
    """Read listings, and their children beside them, a hundred per call."""
    for piece in in_pieces(writes, PAGE):
        ids = [one for write in piece for one in _ids(write)]
        rows = tools.catalogue.by_ids(ids)
        yield tuple(_linked(tools, write, rows) for write in piece)


def _ids(write: ProductWrite) -> list[str]:
    return [write.link.product_id, *(known.ref.variant_id for known in write.link.variants)]


def _linked(tools: Tools, write: ProductWrite, rows: Mapping[str, ProductRow]) -> ProductOutcome:
    subject = thing(tools.client.subject, f"listing {write.link.product_id}")
    row = rows.get(write.link.product_id)
    if row is None:
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    if row.variable != write.product.variable or not (row.variable or row.type_id in SIMPLE):
        error = other_kind(f"a {row.type_id} product", "a simple or a configurable product", subject)
        return ProductOutcome(write=write, link=write.link, error=error)
    refs = {known.item_id: known.ref for known in write.link.variants}
    below = {item_id: ref.variant_id for item_id, ref in refs.items() if write.product.variable}
    if not all(one in rows and one in row.children for one in below.values()):
        return ProductOutcome(write=write, link=write.link, error=listing_gone(subject))
    children = {item_id: rows[one] for item_id, one in below.items()}
    link = link_to(write, row, children, tools.reader, tools.terms.attributes.gtin_code())
    variants = tuple(replace(known, ref=refs.get(known.item_id, known.ref)) for known in link.variants)
    return ProductOutcome(write=write, link=replace(link, variants=variants))
