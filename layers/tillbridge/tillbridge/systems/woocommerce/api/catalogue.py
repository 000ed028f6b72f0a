"""Read a shop's products and variations: by SKU, by id, below a parent, newest first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from tillbridge.domain.product import ListingRef
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.texts import same_name
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.woocommerce.api.client import PAGE, Listing, WooClient
from tillbridge.systems.woocommerce.api.refusals import RefusedError
from tillbridge.systems.woocommerce.api.wire import ListingRow

MARK = "_tillbridge_key"
"""The meta key that marks what we created, so that it is found again. The underscore hides it from shoppers."""

LONGEST_LIST = 4000
"""Characters of SKUs in one request: with keys and names, the whole stays below what web servers take (8 kB)."""

_FIELDS = (
    "id,parent_id,type,status,name,sku,global_unique_id,description,short_description,regular_price,sale_price,"
    "tax_status,tax_class,manage_stock,stock_quantity,weight,categories,brands,images,image,attributes,meta_data"
)
_WHOLE = {"_fields": _FIELDS, "context": "edit"}
"""Without ``context=edit`` texts come with the theme's paragraphs around them."""


class Catalogue:
    """Reads the listings of one shop."""

    def __init__(self, client: WooClient) -> None:
        self._client = client

    def count(self) -> int:
        """Count the products, drafts included, in one small call."""
        return self._client.page("products", {"per_page": "1", "_fields": "id", "status": "any"}).total

    def by_skus(self, skus: Iterable[str]) -> Mapping[str, tuple[ListingRow, ...]]:
        """Find products and variations by SKU, keyed by the SKU as it was asked."""
        asked = list(dict.fromkeys(sku for sku in skus if sku))
        rows = [row for question in sku_questions(asked) for row in self._rows({"sku": question, **_WHOLE})]
        return {sku: tuple(row for row in _unique(rows) if same_name(row.sku, sku)) for sku in asked}

    def in_trash(self, skus: Iterable[str]) -> Mapping[str, tuple[ListingRow, ...]]:
        """Find what the merchant threw away, by SKU."""
        asked = list(dict.fromkeys(sku for sku in skus if sku))
        rows = [
            row
            for question in sku_questions(asked)
            for row in self._rows({"sku": question, "status": "trash", **_WHOLE})
        ]
        return {sku: tuple(row for row in _unique(rows) if same_name(row.sku, sku)) for sku in asked}

    def by_ids(self, ids: Iterable[str]) -> Mapping[str, ListingRow]:
        """Find products by id; variations are not found so, and what is in the trash neither."""
        found: dict[str, ListingRow] = {}
        for piece in in_pieces(dict.fromkeys(ids), PAGE):
            rows = self._rows({"include": ",".join(piece), **_WHOLE})
            found |= {str(row.id): row for row in rows}
        return found

    def variations_of(self, product_id: str, ids: Collection[str] = ()) -> list[ListingRow]:
        """List the variations below a parent, all or these; none when the parent is gone."""
        params = {**_WHOLE, **({"include": ",".join(ids)} if ids else {})}
        try:
            pages = list(self._client.pages(f"products/{product_id}/variations", params))
        except RefusedError as error:
            if not error.refusal.listing_gone:
                raise
            return []
        return _unique(row for listing in pages for row in self._read(listing))

    def made_since(self, moment: datetime | None, keys: Collection[str]) -> Mapping[str, ListingRow]:
        """Find the listings we made for these product keys, going back from the newest product to a moment.

        There is no filter by meta, and filters by date miss drafts, which carry no publishing date. Ids only grow, and
        a product made while we page moves the others back a page: a row may be met twice, none is missed.
        """
        wanted, found = set(keys), dict[str, ListingRow]()
        params = {
            "orderby": "id",
            "order": "desc",
            "status": "any",
            "_fields": "id,status,date_created_gmt,meta_data",
        }
        for listing in self._client.pages("products", params) if wanted else ():
            rows = self._read(listing)
            found |= {key: row for row in rows if (key := row.meta(MARK)) in wanted}
            if len(found) == len(wanted) or _reaches_back(rows, moment):
                break
        whole = self.by_ids(str(row.id) for row in found.values())
        return {key: whole[str(row.id)] for key, row in found.items() if str(row.id) in whole}

    def _rows(self, params: Mapping[str, str]) -> Iterator[ListingRow]:
        for listing in self._client.pages("products", params):
            yield from self._read(listing)

    def _read(self, listing: Listing) -> Sequence[ListingRow]:
        return parsed(list[ListingRow], listing.rows, self._client.subject, "A list of products")


def sku_questions(skus: Sequence[str]) -> Iterator[str]:
    """Put SKUs into as few questions as fit: comma lists of at most 100.

    A SKU that holds a comma is asked alone: WooCommerce looks for the parts *and* for the whole.
    """
    waiting: list[str] = []
    length = 0
    for sku in skus:
        if "," in sku:
            yield sku
            continue
        size = len(quote(sku, safe="")) + len("%2C")
        if waiting and (len(waiting) == PAGE or length + size > LONGEST_LIST):
            yield ",".join(waiting)
            waiting, length = [], 0
        waiting.append(sku)
        length += size
    if waiting:
        yield ",".join(waiting)


def ref_of(row: ListingRow) -> ListingRef:
    """Say where a row of a list of products is."""
    return ListingRef(str(row.parent_id), str(row.id)) if row.type == "variation" else ListingRef(str(row.id))


def _unique(rows: Iterable[ListingRow]) -> list[ListingRow]:
    return list({row.id: row for row in rows}.values())


def _reaches_back(rows: Sequence[ListingRow], moment: datetime | None) -> bool:
    """Tell whether a page holds a product from before the moment; drafts may have no date."""
    return moment is not None and any(row.date_created_gmt and row.date_created_gmt < moment for row in rows)
