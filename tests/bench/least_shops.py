"""The least possible for each of the four shops: its cost units and seconds for a first sync and for changed stock.

Worked out from the vendors' facts alone (facts/<shop>.md), as ``least`` does for the till. Everywhere a picture that
cannot be fetched fails what it travels with, so that pictures follow their products, except at Shopify, which fetches
them later; and before stock is written the orders are looked at. Cost units are points at Shopify, calls elsewhere.

BigCommerce ("Limits", "Catalog v3", "Inventory v3")
    A product takes a request, with all its variants and their stock; a picture takes one; categories take one for each
    level of the tree. 2,000 figures go at once, and are named by an id that depends on how each product is tracked:
    250 products are read at once. They are carried out later, and so read back: 1,000 rows at once, but an address
    holds 500 ids. 150 calls in 30 seconds.
Magento (sections 2 to 5)
    Each product, child and picture takes a request, and so does each category, attribute, choice, and place in the
    set. A page holds 300 rows when input limits are on, and an address 300 ids or SKUs. A figure is named by a SKU,
    which may have changed and is taken even if nobody has it: so it is read. 200 rows of stock go at once, and are read
    back before the next do. An order's own time stands still when it is shipped in part, so shipments are looked at
    too; and open orders hold units. There is no limit but the time it takes: 0.9 s to save a product, 60 ms a call, 4
    ms for a row that is read, 6 ms for a figure.
Shopify (sections 1, 5, 6, 7 and 9)
    A mutation costs 10 points, and its objects one each, of which a list counts as one; a variant 0.2, a metafield 0.4,
    a picture 1.9; a page of n costs 2 + 2 ln n for each object of its rows; what a request costs is a whole number. Our
    key is a metafield that has to be made known. ``productSet`` writes a product whole and tells its id; variants, and
    what became of the picture, are read with 250 products at once, named by their ids. 50 products are published at
    once (``publicationUpdate``). 250 figures are set at once. 2,000 points are there, and 100 more each second. In bulk
    (section 9) a place for a file and an operation over it take a mutation each, and a look at the operation an object:
    once to write all products, and once to publish them. What they answer costs nothing, and tells of variants and
    pictures. How fast that is done is told nowhere.
WooCommerce ("Lists", "Products")
    As in ``least``. There is no limit but the time it takes: 60 ms a call, 37 ms for an entry that is created, 21 for
    one that is changed.
"""

import math
from dataclasses import dataclass

from tests.bench import least
from tests.bench.least import batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What goes into an empty shop: products with one picture each, and matrices with one option."""

    simple: int
    matrices: int
    variants: int  # of each matrix
    category_levels: tuple[int, ...]  # how many categories on each level from the top
    brands: int

    @property
    def products(self) -> int:
        """Products that the shop lists."""
        return self.simple + self.matrices


@dataclass(frozen=True, slots=True)
class Least:
    """Cost units, and the seconds that they take at the vendor's limits."""

    cost: float
    seconds: float


# --- BigCommerce ---

BIGCOMMERCE_RATE = 150 / 30
PRODUCTS_LOOKED_AT, FIGURES, IDS_IN_AN_ADDRESS = 250, 2000, 500


def bigcommerce_filled(goods: Goods) -> Least:
    """Fill an empty store."""
    calls = len(goods.category_levels) + 2 * goods.products
    return Least(calls, calls / BIGCOMMERCE_RATE)


def bigcommerce_stock(rows: int, products: int) -> Least:
    """Carry changed figures over."""
    looked, sent = _ceil(products, PRODUCTS_LOOKED_AT), _ceil(rows, FIGURES)
    calls = 1 + looked + sent + _ceil(rows, IDS_IN_AN_ADDRESS)
    return Least(calls, calls / BIGCOMMERCE_RATE)


# --- Magento ---

MAGENTO_CALL, MAGENTO_SAVED, MAGENTO_LISTED, MAGENTO_FIGURE = 0.06, 0.9, 0.004, 0.006
MAGENTO_PAGE, MAGENTO_FIGURES = 300, 200


def magento_filled(goods: Goods) -> Least:
    """Fill an empty shop. ``manufacturer`` is there from the beginning; sizes are the one option that is not."""
    names = sum(goods.category_levels) + goods.brands + (2 + goods.variants if goods.matrices else 0)
    saved = goods.products + goods.matrices * goods.variants
    calls = names + saved + goods.products
    return Least(calls, calls * MAGENTO_CALL + saved * MAGENTO_SAVED)


def magento_stock(rows: int) -> Least:
    """Carry changed figures over."""
    orders, sent_and_read_back = 3, 2 * _ceil(rows, MAGENTO_FIGURES)
    calls = orders + _ceil(rows, MAGENTO_PAGE) + sent_and_read_back
    return Least(calls, calls * MAGENTO_CALL + rows * (2 * MAGENTO_LISTED + MAGENTO_FIGURE))


# --- Shopify ---

SHOPIFY_RATE, SHOPIFY_BUCKET = 100, 2000
MUTATION, VARIANT, METAFIELD, PICTURE, OBJECT = 10, 0.2, 0.4, 1.9, 1
SHOPIFY_PAGE, PUBLISHED_AT_ONCE = 250, 50


def shopify_filled(goods: Goods) -> Least:
    """Fill an empty shop, call by call."""
    written = goods.simple * _product_set(1) + goods.matrices * _product_set(goods.variants)
    published = MUTATION * _ceil(goods.products, PUBLISHED_AT_ONCE)
    read = OBJECT + page_cost(max(1, goods.variants)) + page_cost(1)
    cost = MUTATION + written + published + read * _ceil(goods.products, SHOPIFY_PAGE)
    return _within_the_points(cost)


def shopify_filled_in_bulk(_: Goods) -> Least:
    """Fill an empty shop by two bulk operations, each over a file at a place with parameters of its own."""
    place, run, look = MUTATION + 2 * OBJECT, MUTATION, OBJECT
    cost = MUTATION + 2 * (place + run + look)
    return _within_the_points(cost)


def _within_the_points(cost: float) -> Least:
    """Tell how long so many points take, from a full bucket on."""
    return Least(cost, max(0.0, cost - SHOPIFY_BUCKET) / SHOPIFY_RATE)


def _product_set(variants: int) -> int:
    return math.floor(MUTATION + OBJECT + METAFIELD + PICTURE + VARIANT * variants)


def shopify_stock(rows: int) -> Least:
    """Carry changed figures over. A search that finds no orders costs nothing; beside it is asked which changed last.

    The search is seconds behind (section 7): what was ordered a moment ago is only told by the list of all orders.
    """
    cost = page_cost(1) + MUTATION * _ceil(rows, SHOPIFY_PAGE)
    return _within_the_points(cost)


def page_cost(rows: int) -> int:
    """Tell the points of a page of rows that have nothing below them."""
    return math.floor(2 + 2 * math.log(rows))


# --- WooCommerce ---

WOOCOMMERCE_CALL, WOOCOMMERCE_CREATED, WOOCOMMERCE_CHANGED = 0.06, 0.037, 0.021


def woocommerce_filled(goods: Goods) -> Least:
    """Fill an empty shop."""
    shop = least.Assortment(
        simple=goods.simple,
        variations=[goods.variants] * goods.matrices,
        pictured_products=goods.products,
        pictured_variations=[],
        category_levels=goods.category_levels,
        brands=goods.brands,
        terms=[goods.variants] if goods.matrices else [],
    )
    calls = least.first_sync(0, 0, shop).shop_calls
    created = goods.products + goods.matrices * goods.variants
    seconds = calls * WOOCOMMERCE_CALL + created * WOOCOMMERCE_CREATED + goods.products * WOOCOMMERCE_CHANGED
    return Least(calls, seconds)


def woocommerce_stock(simple: int, parents: list[int]) -> Least:
    """Carry changed figures over; ``parents`` holds how many variations changed below each variable product."""
    calls = 1 + batches(simple) + sum(map(batches, parents))
    return Least(calls, calls * WOOCOMMERCE_CALL + (simple + sum(parents)) * WOOCOMMERCE_CHANGED)


def _ceil(entries: int, at_once: int) -> int:
    return math.ceil(entries / at_once)
