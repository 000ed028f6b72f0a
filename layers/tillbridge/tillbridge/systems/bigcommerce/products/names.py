"""Names of products, of which a store takes each only once (facts/bigcommerce.md, "Catalog v3")."""

from tillbridge.domain.product import Product, Visibility

LONGEST_NAME = 250
LONGEST_SUFFIX = 100


def unique_name(product: Product) -> str:
    """Give the name with the first SKU behind it, for a product whose name another one has."""
    sku = next((one.sku for one in product.variants if one.visibility is Visibility.PUBLISHED), "")
    suffix = f" ({sku if 0 < len(sku) <= LONGEST_SUFFIX else product.key})"
    return product.name[: LONGEST_NAME - len(suffix)] + suffix


LONG_NAME = "long name"
"""The vocabulary's kind of products, by id, that carry such a name."""


def without_suffix(name: str) -> str:
    """Give the name that ``unique_name`` made longer."""
    return name.rpartition(" (")[0] or name
