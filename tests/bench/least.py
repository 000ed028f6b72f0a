"""The least possible: how few calls and cost units do the same work, worked out from the vendors' facts alone.

Till (facts/lightspeed.md, "Paging" and A2)
    A page holds 100 rows. Any request costs 1 unit. A list with relations costs 0.2 more per to-one and 0.4 more per
    to-many relation. Items are read with stock, images, tags, custom fields (to-many) and with attributes, web texts
    and the names inside tags and custom fields (to-one): 1 + 4 x 0.4 + 4 x 0.2 = 3.4. Matrices need neither stock nor
    attributes nor the names of choices: 1 + 3 x 0.4 + 2 x 0.2 = 2.6. Five lists are pointed into: locations,
    categories, manufacturers, price levels, attribute sets.
Shop (facts/woocommerce.md, "Errors", "Products" and "Lists")
    A batch takes 100 entries. Variations go below their own parent only. A parent category must exist before its
    children, a product's names before the product, a parent before its variations. A picture that cannot be fetched
    fails its whole entry, so pictures follow in batches of their own. Before stock is written the orders are looked at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

PAGE = BATCH = 100
REQUEST = 1.0
TO_ONE, TO_MANY = 0.2, 0.4
STOCKED_ITEM_PAGE = REQUEST + 4 * TO_MANY + 4 * TO_ONE
MATRIX_PAGE = REQUEST + 3 * TO_MANY + 2 * TO_ONE
LISTS = 5
KINDS_OF_POLL = 3  # stock, items, matrices


@dataclass(frozen=True, slots=True)
class Least:
    """Calls to the till and the shop, and the till's cost units; the shop has none."""

    till_calls: int
    shop_calls: int
    cost: float

    @property
    def calls(self) -> int:
        """Both together."""
        return self.till_calls + self.shop_calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Assortment:
    """What stands in a shop after its first sync, as its own API shows it."""

    simple: int
    variations: Sequence[int]  # how many each variable product has
    pictured_products: int
    pictured_variations: Sequence[int]  # how many with a picture, of each variable product that has any
    category_levels: Sequence[int]  # how many categories on each level from the top
    brands: int
    terms: Sequence[int]  # how many terms each attribute has


def first_sync(items: int, matrices: int, shop: Assortment) -> Least:
    """Fill an empty shop from a till that was never read."""
    item_pages, matrix_pages = batches(items), batches(matrices)
    names = sum(map(batches, shop.category_levels)) + batches(shop.brands)
    names += batches(len(shop.terms)) + sum(map(batches, shop.terms))
    products = batches(shop.simple + len(shop.variations))
    variations = sum(map(batches, shop.variations))
    pictures = batches(shop.pictured_products) + sum(map(batches, shop.pictured_variations))
    return Least(
        till_calls=item_pages + matrix_pages + LISTS,
        shop_calls=names + products + variations + pictures,
        cost=item_pages * STOCKED_ITEM_PAGE + matrix_pages * MATRIX_PAGE + LISTS * REQUEST,
    )


def stock_changes(rows: int, simple: int, parents: Collection[int]) -> Least:
    """Carry changed stock rows over; ``parents`` holds how many variations changed below each variable product."""
    pages = batches(rows)
    return Least(till_calls=pages, shop_calls=1 + batches(simple) + sum(map(batches, parents)), cost=pages * REQUEST)


def quiet_polls() -> Least:
    """Ask for changes of each kind once, when there are none."""
    return Least(till_calls=KINDS_OF_POLL, shop_calls=0, cost=KINDS_OF_POLL * REQUEST)


def quiet_full_read(items: int, matrices: int) -> Least:
    """Read all of the till again when nothing has changed."""
    pages, matrix_pages = batches(items), batches(matrices)
    cost = pages * STOCKED_ITEM_PAGE + matrix_pages * MATRIX_PAGE + LISTS * REQUEST
    return Least(till_calls=pages + matrix_pages + LISTS, shop_calls=0, cost=cost)


def batches(entries: int) -> int:
    """Tell how many calls so many entries need."""
    return ceil(entries / BATCH)
