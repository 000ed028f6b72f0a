"""Keeps the products and their metafields, with indexes so that thousands of them stay fast to find."""

from collections import defaultdict
from collections.abc import Iterator, MutableMapping

from sandbox.bigcommerce.catalogue.model import Metafield, Product, Variant


class ProductStore:
    """All products by id; whoever changes it holds the shop's lock and calls `save` after every change."""

    def __init__(self) -> None:
        self._products: dict[int, Product] = {}
        self._names: dict[str, int] = {}
        self._skus: dict[str, int] = {}
        self._urls: dict[str, int] = {}
        self._variants: dict[int, int] = {}
        self._entered: dict[int, tuple[set[str], set[str], set[str], set[int]]] = {}

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._products.values())

    def get(self, product_id: int) -> Product | None:
        return self._products.get(product_id)

    def save(self, product: Product) -> None:
        """Store a product, new or altered, and its variants."""
        self._forget(product.id)
        self._products[product.id] = product
        every = [product.base, *product.choices]
        entered = (
            {product.name.casefold()},
            {variant.sku.casefold() for variant in every if variant.sku},
            {url_of(product).casefold()},
            {variant.id for variant in every},
        )
        self._entered[product.id] = entered
        for index, keys in zip((self._names, self._skus, self._urls), entered[:3], strict=True):
            index.update(dict.fromkeys(keys, product.id))
        self._variants.update(dict.fromkeys(entered[3], product.id))

    def remove(self, product: Product) -> None:
        """Delete a product for good."""
        self._forget(product.id)
        del self._products[product.id]

    def _forget(self, product_id: int) -> None:
        names, skus, urls, variants = self._entered.pop(product_id, (set(), set(), set(), set()))
        for index, keys in ((self._names, names), (self._skus, skus), (self._urls, urls)):
            for key in keys:
                if index.get(key) == product_id:
                    del index[key]
        for variant_id in variants:
            self._variants.pop(variant_id, None)

    def with_name(self, name: str) -> Product | None:
        return self._products.get(self._names.get(name.casefold(), 0))

    def with_url(self, url: str) -> Product | None:
        return self._products.get(self._urls.get(url.casefold(), 0))

    def with_sku(self, sku: str) -> tuple[Product, Variant] | None:
        """Find a variant by SKU, base variants included; without case, as the store compares."""
        product = self._products.get(self._skus.get(sku.casefold(), 0)) if sku else None
        if product is None:
            return None
        every = [*product.choices, product.base]
        return product, next(variant for variant in every if variant.sku.casefold() == sku.casefold())

    def with_variant(self, variant_id: int) -> tuple[Product, Variant] | None:
        """Find a variant by id, base variants included."""
        product = self._products.get(self._variants.get(variant_id, 0))
        if product is None:
            return None
        every = [product.base, *product.choices]
        return product, next(variant for variant in every if variant.id == variant_id)


class MetafieldStore(MutableMapping[int, Metafield]):
    """All metafields by id, and by the thing that they belong to."""

    def __init__(self) -> None:
        self._rows: dict[int, Metafield] = {}
        self._of: defaultdict[tuple[str, int], dict[int, Metafield]] = defaultdict(dict)

    def __getitem__(self, number: int) -> Metafield:
        return self._rows[number]

    def __setitem__(self, number: int, row: Metafield) -> None:
        self._rows[number] = self._of[row.resource_type, row.resource_id][number] = row

    def __delitem__(self, number: int) -> None:
        row = self._rows.pop(number)
        del self._of[row.resource_type, row.resource_id][number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def of_kind(self, kind: str) -> list[Metafield]:
        """List the metafields of all things of a kind."""
        return [row for row in self._rows.values() if row.resource_type == kind]

    def of(self, kind: str, resource_id: int) -> list[Metafield]:
        """List the metafields of one thing."""
        return list(self._of[kind, resource_id].values())

    def forget(self, kind: str, resource_id: int) -> None:
        """Delete the metafields of something that is gone."""
        for row in self.of(kind, resource_id):
            del self[row.id]


def url_of(product: Product) -> str:
    """Give the path of a product's page."""
    custom = product.values.get("custom_url")
    return str(custom["url"]) if isinstance(custom, dict) else ""
