"""What Shopify would refuse or spoil, found before it is sent (facts/shopify.md, section 7). Pure functions.

Every reason says what is wrong and what to do.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import Product, ProductWrite, Variant
from tillbridge.systems.shopify.products.payload import DEFAULT_OPTION, DEFAULT_VALUE, every_picture
from tillbridge.systems.shopify.products.progress import sellable
from tillbridge.systems.shopify.traits import Traits

LONGEST = 255
LONGEST_ALT = 512
MOST_VALUES = 100
MOST_PICTURES = 250
LARGEST_TEXT = 500_000
"""Far below what a request may hold; no description of goods comes near."""


def problems(write: ProductWrite, traits: Traits) -> tuple[str, ...]:
    """List why this product cannot be sent as it is."""
    product, variants = write.product, sellable(write)
    return tuple(
        reason
        for group in (
            _content(product),
            _options(product, traits),
            _amount(product, variants, traits),
            (reason for variant in variants for reason in _variant(variant)),
            _alike(variants),
            _choices(product, variants),
        )
        for reason in group
    )


def _content(product: Product) -> Iterator[str]:
    if not product.name.strip():
        yield "It has no name. Give it a description in the till."
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


def _amount(product: Product, variants: Collection[Variant], traits: Traits) -> Iterator[str]:
    if len(variants) > traits.most_variants:
        yield f"It has {len(variants)} variants; Shopify takes {traits.most_variants}. Split the matrix in the till."
    pictures = every_picture(product, list(variants))
    if len(pictures) > MOST_PICTURES:
        yield f"It has {len(pictures)} pictures; Shopify takes {MOST_PICTURES}. Remove some in the till."
    for image in pictures:
        if len(image.alt) > LONGEST_ALT:
            yield f"The text of picture {image.source_id} is longer than {LONGEST_ALT} characters. Shorten it."


def _variant(variant: Variant) -> Iterator[str]:
    if not variant.sku.strip():
        yield f"Item {variant.item_id} has no SKU. Give it one in the till."
    for kind, text in (("SKU", variant.sku), ("UPC or EAN", variant.gtin)):
        if len(text) > LONGEST:
            yield f"The {kind} {text[:20]}… is longer than {LONGEST} characters. Shorten it in the till."
    for kind, amount in (("price", variant.regular_price), ("sale price", variant.sale_price)):
        if amount is not None and not (amount.is_finite() and amount >= 0):
            yield f"The {kind} of {variant.sku} is {amount}. Mend it in the till."
    sale, regular = variant.sale_price, variant.regular_price
    if _finite(sale) and _finite(regular) and sale is not None and sale >= regular:
        yield f"The sale price {sale} of {variant.sku} is not below its price {regular}. Lower it in the till."
    if isinstance(variant.quantity, bool) or not isinstance(variant.quantity, int | None):
        yield f"The stock of {variant.sku} is {variant.quantity}; Shopify counts whole units. Mend it in the till."


def _finite(amount: Decimal | None) -> bool:
    return amount is not None and amount.is_finite()


def _alike(variants: Collection[Variant]) -> Iterator[str]:
    for sku, times in Counter(folded(variant.sku) for variant in variants).items():
        if sku and times > 1:
            yield f"{times} of its variants have the SKU {sku}. Give each its own in the till."
    for options, times in Counter(tuple(map(folded, variant.options)) for variant in variants).items():
        if times > 1:
            alike = " / ".join(options) or "without options"
            yield f"{times} of its variants are {alike}. Tell them apart in the till."


def _choices(product: Product, variants: Collection[Variant]) -> Iterator[str]:
    for variant in variants:
        if len(variant.options) != len(product.options):
            yield f"Variant {variant.sku} does not have one value per attribute. Fill in its attributes in the till."
            continue
        for option, value in zip(product.options, variant.options, strict=True):
            if folded(value) not in map(folded, option.values):
                yield f'"{value}" of variant {variant.sku} is no value of {option.name}. Mend it in the till.'
