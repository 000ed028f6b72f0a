"""What an unanswered write may have left below a listing: variations on sale that must not be, and nobody knows."""

from collections.abc import Sequence
from decimal import Decimal

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.product import Variant, Visibility
from tillbridge.systems.woocommerce.api.catalogue import MARK
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.progress import Progress

ON_SALE = "publish"


def ours(variations: Sequence[ListingRow], item_id: str) -> list[ListingRow]:
    """List the variations that we made for an item. Only our mark tells: another item may have its SKU by now."""
    return [row for row in variations if row.meta(MARK) == simple_key(item_id)]


def note_strays(progress: Progress, variations: Sequence[ListingRow]) -> None:
    """Note what we made for items that the product does not have any more, to be taken off sale.

    What the link knows is left as it is: the stock lane keeps its figure right.
    """
    items = {simple_key(variant.item_id) for variant in progress.product.variants}
    known = {entry.ref.variant_id for entry in progress.variants.values()}
    for row in variations:
        mark = row.meta(MARK)
        if mark and mark not in items and str(row.id) not in known and row.status == ON_SALE:
            progress.strays[str(row.id)] = _gone_from_the_till(mark, row.sku)


def _gone_from_the_till(mark: str, sku: str) -> Variant:
    return Variant(item_id=mark[1:], sku=sku, regular_price=Decimal(0), visibility=Visibility.DRAFT)
