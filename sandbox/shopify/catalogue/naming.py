"""What variants are called: by the values of their product's options."""

from sandbox.shopify.catalogue.model import Product, ProductVariant
from sandbox.shopify.shop import Shop


def values_of(product: Product, variant: ProductVariant) -> tuple[str, ...]:
    """Name a variant's option values in the options' order."""
    return tuple(
        next((value.name for value in option.option_values if value.id == value_id), "")
        for option, value_id in zip(product.options, variant.value_ids, strict=False)
    )


def title_of(product: Product, variant: ProductVariant) -> str:
    return " / ".join(values_of(product, variant))


def variants_of(shop: Shop, product: Product) -> list[ProductVariant]:
    return [shop.variants[number] for number in product.variant_ids]
