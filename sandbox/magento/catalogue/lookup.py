"""Finding products, and noting that they were changed."""

from sandbox.magento.catalogue.model import Product
from sandbox.magento.shop import Shop
from sandbox.magento.web.errors import no_product


def find(shop: Shop, sku: str) -> Product:
    """Find a product by its SKU; raises RestError, status 404."""
    product = shop.products.find(sku)
    if product is None:
        raise no_product()
    return product


def touch(shop: Shop, product: Product) -> None:
    """Move the date of a product that was changed."""
    product.updated = shop.now()
    shop.changed()
