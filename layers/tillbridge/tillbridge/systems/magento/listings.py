"""Read everything a shop lists: configurable products with their children first, then all that is no child of theirs.

Magento lists children beside all others, and no child says whose it is. So the second part begins with the children of
all configurables, told in one small call per hundred.
"""

from collections.abc import Iterator, Sequence

from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.product import ListingRef
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.api.search import Where
from tillbridge.systems.magento.api.wire import CONFIGURABLE, SIMPLE, ProductRow
from tillbridge.systems.magento.tools import Tools
from tillbridge.systems.shop import ListingPage

FIRST, SECOND = "configurable", "other"


def listings(tools: Tools, after: str) -> Iterator[ListingPage]:
    """Read page by page; ``after`` is the part and the last id of it."""
    part, _, last_id = after.partition(":")
    if part in {"", FIRST}:
        yield from _configurables(tools, last_id)
        last_id = ""
    yield from _others(tools, last_id if part == SECOND else "")


def _configurables(tools: Tools, after: str) -> Iterator[ListingPage]:
    for rows, last in tools.catalogue.in_order((Where("type_id", CONFIGURABLE),), after):
        children = tools.catalogue.by_ids(child for row in rows for child in row.children)
        found = tuple(
            _configurable(tools, row, [children[one] for one in row.children if one in children]) for row in rows
        )
        place = f"{SECOND}:" if last else f"{FIRST}:{rows[-1].key}"
        yield ListingPage(found, place, last=False)


def _others(tools: Tools, after: str) -> Iterator[ListingPage]:
    parents = tools.catalogue.parents()
    gtin = tools.terms.attributes.gtin_code()
    for rows, last in tools.catalogue.in_order((Where("type_id", CONFIGURABLE, "neq"),), after):
        after = rows[-1].key if rows else after
        found = tuple(_other(row, gtin) for row in rows if row.key not in parents)
        yield ListingPage(found, f"{SECOND}:{after}", last)


def _configurable(tools: Tools, row: ProductRow, children: Sequence[ProductRow]) -> ListedProduct:
    gtin = tools.terms.attributes.gtin_code()
    return ListedProduct(
        product_id=row.key,
        name=row.name or "",
        options=tuple(tools.reader.option_names(row)),
        variants=tuple(
            ListedVariant(
                ref=ListingRef(row.key, child.key),
                sku=child.sku,
                gtin=child.text(gtin) if gtin else "",
                options=tuple(tools.reader.chosen(child, row)),
            )
            for child in children
        ),
        mark=row.text(MARK),
    )


def _other(row: ProductRow, gtin: str) -> ListedProduct:
    """A simple product is its own variant; kinds that hold others have none."""
    own = ListedVariant(ref=ListingRef(row.key), sku=row.sku, gtin=row.text(gtin) if gtin else "")
    return ListedProduct(
        product_id=row.key,
        name=row.name or "",
        variants=(own,) if row.type_id in SIMPLE else (),
        mark=row.text(MARK),
    )
