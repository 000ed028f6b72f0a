"""Where the products are kept: by id, and by SKU whatever its case."""

from collections.abc import Iterator

from sandbox.magento.catalogue.model import Product


class ProductStore:
    """All products."""

    def __init__(self) -> None:
        self._products: dict[int, Product] = {}
        self._by_sku: dict[str, int] = {}
        self._by_url_key: dict[str, int] = {}
        self._url_keys: dict[int, set[str]] = {}

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[Product]:
        return iter(list(self._products.values()))

    def get(self, product_id: int) -> Product | None:
        return self._products.get(product_id)

    def find(self, sku: str) -> Product | None:
        """Find by SKU, whatever its case and the spaces around it."""
        product_id = self._by_sku.get(sku.strip().casefold())
        return None if product_id is None else self._products[product_id]

    def add(self, product: Product) -> None:
        self._products[product.id] = product
        self._by_sku[product.sku.casefold()] = product.id

    def rename(self, product: Product, sku: str) -> None:
        """Give a product another SKU, or the same in another case."""
        del self._by_sku[product.sku.casefold()]
        product.sku = sku
        self._by_sku[sku.casefold()] = product.id

    def remove(self, product: Product) -> None:
        """Forget a product; its configurable loses the child."""
        del self._products[product.id]
        del self._by_sku[product.sku.casefold()]
        for key in self._url_keys.pop(product.id, set()):
            del self._by_url_key[key]
        for other in self._products.values():
            if product.id in other.child_ids:
                other.child_ids.remove(product.id)

    def url_key_owner(self, key: str) -> int | None:
        return self._by_url_key.get(key)

    def claim_url_keys(self, product: Product) -> None:
        """Take the keys that a product has now, and free those it had before."""
        now = {str(values["url_key"]) for values in product.values.values() if values.get("url_key")}
        for key in self._url_keys.pop(product.id, set()) - now:
            del self._by_url_key[key]
        self._url_keys[product.id] = now
        self._by_url_key |= dict.fromkeys(now, product.id)

    def parent_of(self, product: Product) -> Product | None:
        return next((other for other in self._products.values() if product.id in other.child_ids), None)

    def children(self, product: Product) -> list[Product]:
        return [self._products[child_id] for child_id in product.child_ids if child_id in self._products]
