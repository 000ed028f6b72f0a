"""Pairs of product and category, and of product and channel, written without touching a product's other pairs."""

from collections.abc import Callable

from sandbox.bigcommerce.catalogue.model import Product
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, invalid
from sandbox.bigcommerce.web.paging import by_ids, known_filters, page
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, whole

_MOST_CATEGORIES = 1_000
Pair = tuple[Product, int]


def list_categories(shop: Shop, call: Call) -> Answer:
    """Answer a page of pairs of product and category."""
    with shop.lock:
        return _page(call, _pairs(shop, lambda product: product.categories), "category_id")


def put_categories(shop: Shop, call: Call) -> Answer:
    """Add pairs of product and category."""
    with shop.lock:
        pairs = _read(shop, call, "category_id", shop.categories.__contains__)
        for product, category_id in pairs:
            if category_id not in product.categories:
                if len(product.categories) >= _MOST_CATEGORIES:
                    raise invalid("category_id", f"a product has {_MOST_CATEGORIES} categories at most")
                product.categories.append(category_id)
            _changed(shop, product)
        return NOTHING


def delete_categories(shop: Shop, call: Call) -> Answer:
    """Take away the pairs that the filter names."""
    with shop.lock:
        pairs = _pairs(shop, lambda product: product.categories)
        for product, category_id in _chosen(call, pairs, "category_id"):
            product.categories.remove(category_id)
            _changed(shop, product)
        return NOTHING


def list_channels(shop: Shop, call: Call) -> Answer:
    """Answer a page of pairs of product and channel."""
    with shop.lock:
        return _page(call, _pairs(shop, lambda product: product.channels), "channel_id")


def put_channels(shop: Shop, call: Call) -> Answer:
    """Add pairs of product and channel; the store has channel 1 only."""
    with shop.lock:
        for product, channel_id in _read(shop, call, "channel_id", lambda channel_id: channel_id == 1):
            if channel_id not in product.channels:
                product.channels.append(channel_id)
        return NOTHING


def delete_channels(shop: Shop, call: Call) -> Answer:
    """Take away the pairs that the filter names."""
    with shop.lock:
        for product, channel_id in _chosen(call, _pairs(shop, lambda product: product.channels), "channel_id"):
            product.channels.remove(channel_id)
        return NOTHING


def _pairs(shop: Shop, ids_of: Callable[[Product], list[int]]) -> list[Pair]:
    return [(product, number) for product in shop.products for number in ids_of(product)]


def _filtered(call: Call, pairs: list[Pair], name: str) -> list[Pair]:
    known_filters(call, {"product_id:in", f"{name}:in"})
    return by_ids(call, by_ids(call, pairs, "product_id", lambda pair: pair[0].id), name, lambda pair: pair[1])


def _page(call: Call, pairs: list[Pair], name: str) -> Answer:
    return page(call, _filtered(call, pairs, name), lambda pair: {"product_id": pair[0].id, name: pair[1]})


def _chosen(call: Call, pairs: list[Pair], name: str) -> list[Pair]:
    if not call.query:
        raise ApiError(422, "Deleting assignments needs a filter.")
    return _filtered(call, pairs, name)


def _read(shop: Shop, call: Call, name: str, known: Callable[[int], bool]) -> list[Pair]:
    """Read the pairs of a request, all of which have to be known."""
    pairs = []
    for row in call.records():
        product, number = shop.products.get(whole(row.get("product_id"))), whole(row.get(name))
        if product is None or not known(number):
            raise invalid("product_id" if product is None else name, "names something unknown")
        pairs.append((product, number))
    return pairs


def _changed(shop: Shop, product: Product) -> None:
    product.modified = shop.now()
    shop.emit("store/product/updated", {"type": "product", "id": product.id})
