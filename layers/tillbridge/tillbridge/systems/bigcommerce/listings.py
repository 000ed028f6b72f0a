"""Read everything a store lists, in the order of ids.

Each page begins behind the last id, so that nothing that is added or deleted meanwhile moves another product. Ids only
grow: a page in another order, or with other rows than it counts, is not to be trusted (invariant 1).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.product import ListingRef
from tillbridge.systems.bigcommerce.api.catalogue import Catalogue
from tillbridge.systems.bigcommerce.api.client import PAGE, BigClient
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.shop import ListingPage


def listings(client: BigClient, catalogue: Catalogue, after: str) -> Iterator[ListingPage]:
    """Read products page by page with their variants; our marks are read at the beginning."""
    last_id = int(after or 0)
    marks = {product_id: key for key, product_id in catalogue.marked().items()}
    while True:
        rows, total = catalogue.behind(last_id)
        _check_order(client, rows, last_id)
        last = total <= len(rows)
        if not last and len(rows) < PAGE:
            raise GarbledAnswerError(
                f"A list of products ended after {len(rows)} rows, and there are {total}.",
                code="CutShort",
                subject=client.subject,
            )
        last_id = rows[-1].id if rows else last_id
        yield ListingPage(tuple(_product(row, marks) for row in rows), str(last_id), last)
        if last:
            return


def _check_order(client: BigClient, rows: Sequence[ProductRow], before: int) -> None:
    ids = [before, *(row.id for row in rows)]
    if any(one >= other for one, other in pairwise(ids)):
        raise GarbledAnswerError(
            "A list of products is not in the order of ids that was asked for.",
            code="WrongOrder",
            subject=client.subject,
        )


def _product(row: ProductRow, marks: Mapping[str, str]) -> ListedProduct:
    options = list(dict.fromkeys(one.option_display_name for own in row.choices for one in own.option_values))
    return ListedProduct(
        product_id=str(row.id),
        name=row.name,
        options=tuple(options),
        variants=tuple(_variant(row, own, options) for own in row.choices)
        or (ListedVariant(ref=ListingRef(str(row.id)), sku=row.sku, gtin=row.upc or row.gtin),),
        mark=marks.get(str(row.id), ""),
    )


def _variant(row: ProductRow, own: VariantRow, options: Sequence[str]) -> ListedVariant:
    chosen = {choice.option_display_name: choice.label for choice in own.option_values}
    return ListedVariant(
        ref=ListingRef(str(row.id), str(own.id)),
        sku=own.sku,
        gtin=own.upc or own.gtin,
        options=tuple(chosen.get(option, "") for option in options),
    )
