"""Read everything a shop lists, page by page, and refuse what cannot be trusted (invariant 1).

The list goes by ids, which grow, and a cursor holds the last one: what is added or deleted meanwhile moves nothing.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.product import ListingRef
from tillbridge.systems.shop import ListingPage
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.reading import LISTED_VARIANTS, LISTINGS
from tillbridge.systems.shopify.api.ids import PRODUCT, gid
from tillbridge.systems.shopify.api.wire import Nodes, ProductRow, VariantRow

PAGE = 100
"""A page of products holds as many with a page of their variants; larger ones would cost more than one call may."""


def listings(client: ShopifyClient, after: str) -> Iterator[ListingPage]:
    """Read on behind ``after``, which is the last id and the cursor behind it."""
    last_id, _, cursor = after.partition(":")
    while True:
        page = client.page(LISTINGS, Nodes[ProductRow], "products", size=PAGE, after=cursor or None)
        rows = _trusted(client, page, int(last_id or 0))
        cursor, last = page.next_cursor, not page.next_cursor
        last_id = rows[-1].id if rows else last_id
        products = tuple(_product(client, row) for row in rows)
        yield ListingPage(products, f"{last_id}:{cursor}", last)
        if last:
            return


def _trusted(client: ShopifyClient, page: Nodes[ProductRow], last_id: int) -> Sequence[ProductRow]:
    """Refuse a page that goes back or round."""
    ids = [last_id, *(int(row.id) for row in page.nodes)]
    if any(one >= other for one, other in pairwise(ids)):
        raise GarbledAnswerError(
            "A list of products is not in the order of ids.", code="WrongOrder", subject=client.subject
        )
    return page.nodes


def _product(client: ShopifyClient, row: ProductRow) -> ListedProduct:
    alone = row.has_only_default_variant
    return ListedProduct(
        product_id=row.id,
        name=row.title,
        options=() if alone else tuple(option.name for option in row.options),
        variants=() if row.is_gift_card else tuple(_variants(client, row)),
        mark=row.key,
    )


def _variants(client: ShopifyClient, row: ProductRow) -> Iterator[ListedVariant]:
    if row.has_only_default_variant:
        yield from (_variant(ListingRef(row.id), variant, ()) for variant in row.rows[:1])
        return
    names = [option.name for option in row.options]
    for variant in _all(client, row):
        yield _variant(ListingRef(row.id, variant.id), variant, names)


def _variant(ref: ListingRef, variant: VariantRow, names: Sequence[str]) -> ListedVariant:
    chosen = {choice.name: choice.value for choice in variant.selected_options}
    options = tuple(chosen.get(name, "") for name in names)
    return ListedVariant(ref=ref, sku=variant.sku, gtin=variant.barcode, options=options)


def _all(client: ShopifyClient, row: ProductRow) -> Iterator[VariantRow]:
    """Read on where a product has more variants than came with it; none are left when it is gone by now."""
    yield from row.rows
    after = row.variants.next_cursor if row.variants else ""
    while after:
        more = client.find(
            LISTED_VARIANTS,
            ProductRow,
            "product",
            id=gid(PRODUCT, row.id),
            after=after,
        )
        if more is None or more.variants is None:
            return
        yield from more.rows
        after = more.variants.next_cursor
