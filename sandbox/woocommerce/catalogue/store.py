"""Keeps the products, with indexes so that thousands of them stay fast to find."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.texts import collated


class _Index:
    """Finds the ids of products by one of their values."""

    def __init__(self, value_of: Callable[[Product], str | int]) -> None:
        self._value_of = value_of
        self._ids: defaultdict[str | int, set[int]] = defaultdict(set)

    def move(self, product_id: int, old: Product | None, new: Product | None) -> None:
        """Enter the product under its new value instead of the old one; empty values are not entered."""
        before = self._value_of(old) if old is not None else None
        after = self._value_of(new) if new is not None else None
        if before and before != after:
            self._ids[before].discard(product_id)
        if after and before != after:
            self._ids[after].add(product_id)

    def find(self, value: str | int) -> frozenset[int]:
        return frozenset(self._ids.get(value, ()))


class ProductStore:
    """All products and variations by id; whoever changes it holds the shop's lock."""

    def __init__(self) -> None:
        self._products: dict[int, Product] = {}
        self._skus = _Index(lambda product: collated(product.sku))
        self._gtins = _Index(lambda product: product.gtin)
        self._slugs = _Index(lambda product: product.slug)
        self._children = _Index(lambda product: product.parent_id)
        self._terms: defaultdict[int, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._products.values())

    def get(self, product_id: int) -> Product | None:
        return self._products.get(product_id)

    def save(self, product: Product) -> None:
        """Store a product, new or altered."""
        self._reindex(product.id, self._products.get(product.id), product)
        self._products[product.id] = product

    def remove(self, product: Product) -> None:
        """Delete a product for good."""
        self._reindex(product.id, product, None)
        del self._products[product.id]

    def _reindex(self, product_id: int, old: Product | None, new: Product | None) -> None:
        for index in (self._skus, self._gtins, self._slugs, self._children):
            index.move(product_id, old, new)
        self._reindex_terms(product_id, old, new)

    def _reindex_terms(self, product_id: int, old: Product | None, new: Product | None) -> None:
        before = old.term_ids if old else frozenset()
        after = new.term_ids if new else frozenset()
        for term_id in before - after:
            self._terms[term_id].discard(product_id)
        for term_id in after - before:
            self._terms[term_id].add(product_id)

    def with_sku(self, sku: str) -> list[Product]:
        """Find products and variations by SKU, as the database compares: without case."""
        return self._all(self._skus.find(collated(sku))) if sku else []

    def with_gtin(self, gtin: str) -> list[Product]:
        return self._all(self._gtins.find(gtin))

    def with_slug(self, slug: str) -> list[Product]:
        return self._all(self._slugs.find(slug))

    def with_term(self, term_id: int) -> frozenset[int]:
        """Find the ids of the products filed under a term."""
        return frozenset(self._terms.get(term_id, ()))

    def children(self, parent_id: int) -> list[Product]:
        """List a product's variations in the order in which the shop shows them, trashed ones included."""
        return sorted(self._all(self._children.find(parent_id)), key=lambda child: (child.menu_order, child.id))

    def _all(self, ids: Iterable[int]) -> list[Product]:
        return [self._products[product_id] for product_id in sorted(ids)]
