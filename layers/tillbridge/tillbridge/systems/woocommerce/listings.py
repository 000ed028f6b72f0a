"""Read everything a shop lists, in the order of ids.

Pages overlap by one row. If a product is deleted meanwhile, everything behind it moves forward by one place, and the
row that the next page should begin with is not there: then we go back until we find our place again. Ids only grow
(facts/woocommerce.md, "Lists"), so a page in another order, or the same page once more, is not to be trusted.
"""

from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.product import ListingRef
from tillbridge.systems.common.texts import same_name
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shop import ListingPage
from tillbridge.systems.woocommerce.api.catalogue import MARK
from tillbridge.systems.woocommerce.api.client import PAGE, Listing, WooClient
from tillbridge.systems.woocommerce.api.refusals import RefusedError
from tillbridge.systems.woocommerce.api.wire import AttributeRow, ListingRow

_PRODUCTS = {
    "status": "any",
    "orderby": "id",
    "order": "asc",
    "_fields": "id,type,name,sku,global_unique_id,attributes,meta_data",
}
_VARIATIONS = {"orderby": "id", "order": "asc", "_fields": "id,sku,global_unique_id,attributes"}


def listings(client: WooClient, after: str) -> Iterator[ListingPage]:
    """Read products page by page, each variable one with its variations: a call per page and per variable product."""
    offset, last_id = _place(after)
    begins_with = 0
    while True:
        listing = client.page("products", {**_PRODUCTS, "offset": str(max(0, offset - 1))})
        rows = _in_order(client, listing, begins_with)
        _whole(client, listing, offset, len(rows))
        if offset > 0 and (not rows or rows[0].id > last_id):
            offset, begins_with = max(0, offset - PAGE), 0
            continue
        fresh = [row for row in rows if row.id > last_id]
        begins_with, last_id = (rows[0].id, rows[-1].id) if rows else (0, last_id)
        offset = max(0, offset - 1) + len(rows)
        last = len(rows) < PAGE
        yield ListingPage(tuple(_product(client, row) for row in fresh), f"{offset}:{last_id}", last)
        if last:
            return


def _place(after: str) -> tuple[int, int]:
    """Tell how many rows were passed and the id of the last of them."""
    passed, _, last_id = after.partition(":")
    return int(passed or 0), int(last_id or 0)


def _in_order(client: WooClient, listing: Listing, before: int) -> list[ListingRow]:
    """Refuse a page that is not sorted by ids, or that begins as the page ``before`` did."""
    rows = parsed(list[ListingRow], listing.rows, client.subject, "A list of products")
    again = bool(rows) and rows[0].id == before
    if again or any(one.id >= other.id for one, other in pairwise(rows)):
        raise GarbledAnswerError(
            f"A list of products {'begins again' if again else 'is not in the order of ids that was asked for'}.",
            remedy="If it stays so, look for a plugin of the shop that sorts products or keeps answers for later, and "
            "have it leave the REST API alone.",
            code="WrongOrder",
            subject=client.subject,
        )
    return rows


def _whole(client: WooClient, listing: Listing, offset: int, count: int) -> None:
    """Refuse a page that is cut short: fewer rows than a page holds, and yet not the end by the shop's own count."""
    if count < PAGE and max(0, offset - 1) + count < listing.total:
        raise GarbledAnswerError(
            f"A list of products ended after {count} rows, and there are {listing.total} in all.",
            remedy="If it stays so, ask the shop's host: something in front of WooCommerce cuts its answers.",
            code="CutShort",
            subject=client.subject,
        )


def _product(client: WooClient, row: ListingRow) -> ListedProduct:
    uses = [use for use in row.attributes if use.variation] if row.type == "variable" else []
    return ListedProduct(
        product_id=str(row.id),
        name=unescape(row.name),
        options=tuple(unescape(use.name) for use in uses),
        variants=tuple(_variants(client, row, uses)),
        mark=row.meta(MARK),
    )


def _variants(client: WooClient, row: ListingRow, uses: Sequence[AttributeRow]) -> Iterator[ListedVariant]:
    """A simple product is its own variant; kinds that hold others, or lead elsewhere, have none."""
    if row.type == "simple":
        yield ListedVariant(ref=ListingRef(str(row.id)), sku=unescape(row.sku), gtin=row.global_unique_id or "")
    if row.type == "variable":
        for variation in _variations(client, row.id):
            yield ListedVariant(
                ref=ListingRef(str(row.id), str(variation.id)),
                sku=unescape(variation.sku),
                gtin=variation.global_unique_id or "",
                options=tuple(_chosen(variation, use) for use in uses),
            )


def _variations(client: WooClient, product_id: int) -> list[ListingRow]:
    """Read the variations below a product; none when it is gone by now."""
    try:
        pages = list(client.pages(f"products/{product_id}/variations", _VARIATIONS))
    except RefusedError as error:
        if not error.refusal.listing_gone:
            raise
        return []
    rows = [
        row
        for listing in pages
        for row in parsed(list[ListingRow], listing.rows, client.subject, "A list of variations")
    ]
    return list({row.id: row for row in rows}.values())


def _chosen(variation: ListingRow, use: AttributeRow) -> str:
    """Give the value of an attribute; "" stands for any. An attribute of one product only has no id."""
    for choice in variation.attributes:
        if (use.id and choice.id == use.id) or (not use.id and same_name(choice.name, use.name)):
            return unescape(choice.option)
    return ""
