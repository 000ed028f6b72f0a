"""What Shopify would refuse or spoil, found before it is sent (facts/shopify.md, section 7). Pure functions.

Every reason says what is wrong and what to do.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import Product, ProductWrite, Variant
from tillbridge.systems.common import validate as common
from tillbridge.systems.shopify.products.payload import DEFAULT_OPTION, DEFAULT_VALUE, every_picture
from tillbridge.systems.shopify.traits import Traits

LONGEST = 255
LONGEST_ALT = 512
MOST_VALUES = 100
MOST_PICTURES = 250
LARGEST_TEXT = 500_000
"""Far below what a request may hold; no description of goods comes near."""


def problems(write: ProductWrite, traits: Traits) -> tuple[str, ...]:
    """List why this product cannot be sent as it is."""
    product, variants = write.product, write.product.on_sale
    return tuple(
        reason
        for group in (
            _content(product),
            _options(product, traits),
            _amount(product, variants, traits),
            (reason for variant in variants for reason in _variant(variant)),
            common.alike(variants),
            common.choices(product, variants),
        )
        for reason in group
    )


def _content(product: Product) -> Iterator[str]:
    yield from common.unnamed(product)
    named = [
        ("name", product.name),
        ("brand", product.brand),
        *(("category", name) for name in product.category_path[-1:]),
    ]
    for kind, text in named:
        if len(text) > LONGEST:
            yield f"Its {kind} {text[:20]}… is longer than {LONGEST} characters. Shorten it in the till."
    if len(product.description) > LARGEST_TEXT:
        yield f"Its description is longer than {LARGEST_TEXT} characters. Shorten it in the till."


def _options(product: Product, traits: Traits) -> Iterator[str]:
    if len(product.options) > traits.most_options:
        yield (
            f"It has {len(product.options)} attributes, and Shopify takes {traits.most_options}. "
            "Split it into several matrices in the till."
        )
    for name, times in Counter(folded(option.name) for option in product.options).items():
        if times > 1:
            yield f"{times} of its attributes are named {name}. Rename them in the till."
    for option in product.options:
        if len(option.values) > MOST_VALUES:
            yield f"{option.name} has {len(option.values)} values; Shopify takes {MOST_VALUES}. Split the matrix."
        yield from (reason for text in (option.name, *option.values) for reason in _option_text(text))
    if [(option.name, option.values) for option in product.options] == [(DEFAULT_OPTION, (DEFAULT_VALUE,))]:
        yield f'Shopify keeps "{DEFAULT_OPTION}: {DEFAULT_VALUE}" for products without options. Rename it in the till.'


def _option_text(text: str) -> Iterator[str]:
    if not text.strip():
        yield "It has an attribute or a value without a name. Name it in the till."
    elif len(text) > LONGEST:
        yield f"The attribute text {text[:20]}… is longer than {LONGEST} characters. Shorten it in the till."


def _amount(product: Product, variants: Sequence[Variant], traits: Traits) -> Iterator[str]:
    if len(variants) > traits.most_variants:
        yield f"It has {len(variants)} variants; Shopify takes {traits.most_variants}. Split the matrix in the till."
    pictures = every_picture(product, variants)
    if len(pictures) > MOST_PICTURES:
        yield f"It has {len(pictures)} pictures; Shopify takes {MOST_PICTURES}. Remove some in the till."
    for image in pictures:
        if len(image.alt) > LONGEST_ALT:
            yield f"The text of picture {image.source_id} is longer than {LONGEST_ALT} characters. Shorten it."


def _variant(variant: Variant) -> Iterator[str]:
    yield from common.sku(variant, LONGEST)
    if len(variant.gtin) > LONGEST:
        yield f"The UPC or EAN {variant.gtin[:20]}… is longer than {LONGEST} characters. Shorten it in the till."
    yield from common.amounts(variant, {"price": variant.regular_price, "sale price": variant.sale_price})
    yield from common.units(variant, "Shopify")
