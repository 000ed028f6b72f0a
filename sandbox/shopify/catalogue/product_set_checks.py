"""What ``productSet`` refuses (facts/shopify.md, section 7)."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.checks import ALT, FILES, option_list_problems, product_problems, variant_problems
from sandbox.shopify.catalogue.media import file_of
from sandbox.shopify.catalogue.metafields import problems_of
from sandbox.shopify.catalogue.model import Product, ProductVariant
from sandbox.shopify.catalogue.naming import values_of, variants_of
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import stocked
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError
from sandbox.shopify.web.resolving import Input

_QUANTITIES_PER_VARIANT = 250
_QUANTITIES = 50_000


def problems(context: Context, product: Product | None, data: Input) -> Iterator[UserError]:
    """Name everything that is wrong; `product` is the one to be changed, if it exists."""
    shop = context.shop
    yield from product_problems(shop, product, data, "input")
    owner = gid("Product", product.id) if product else None
    for place, entry in enumerate(data.get("metafields") or ()):
        yield from problems_of(context, owner, "PRODUCT", entry, ("input", "metafields", str(place)))
    yield from _files(shop, data)
    options, variants = data.get("productOptions"), data.get("variants")
    if variants is not None and options is None:
        message = "Product options input is required when updating variants"
        yield UserError(message, ("input", "productOptions"), "PRODUCT_OPTIONS_INPUT_MISSING")
    elif options is not None and variants is None:
        message = "Variants input is required when updating product options"
        yield UserError(message, ("input", "variants"), "VARIANTS_INPUT_MISSING")
    elif options is not None and variants is not None:
        found = list(option_list_problems(shop, options, "input", "productOptions"))
        yield from found or _variants(context, product, options, variants)


def _files(shop: Shop, data: Input) -> Iterator[UserError]:
    files = data.get("files") or ()
    if len(files) > FILES:
        yield UserError(f"Files count is over the {FILES} limit", ("input", "files"), "INVALID_INPUT")
    for place, entry in enumerate(files):
        at = ("input", "files", str(place))
        if entry.get("id") and file_of(shop, entry["id"]) is None:
            yield UserError("File does not exist", at, "INVALID_INPUT")
        elif not entry.get("id") and not (entry.get("originalSource") or "").startswith(("http://", "https://")):
            yield UserError("Image URL is invalid", (*at, "originalSource"), "INVALID_INPUT")
        if len(entry.get("alt") or "") > ALT:
            yield UserError(f"Alt text cannot exceed {ALT} characters", (*at, "alt"), "INVALID_INPUT")


def _variants(
    context: Context, product: Product | None, options: Sequence[Input], variants: Sequence[Input]
) -> Iterator[UserError]:
    shop = context.shop
    if len(variants) > shop.settings.max_variants:
        message = f"Variants count is over the {shop.settings.max_variants} limit"
        yield UserError(message, ("input", "variants"), "VARIANTS_OVER_LIMIT")
    if sum(len(entry.get("inventoryQuantities") or ()) for entry in variants) > _QUANTITIES:
        message = f"Inventory quantities are over the {_QUANTITIES} limit"
        yield UserError(message, ("input", "variants"), "INVENTORY_QUANTITIES_LIMIT_EXCEEDED")
    known = {_option_name(product, option): {value["name"] for value in option["values"]} for option in options}
    there = {values_of(product, row): row for row in variants_of(shop, product)} if product else {}
    seen: set[tuple[str, ...]] = set()
    for place, entry in enumerate(variants):
        at = ("input", "variants", str(place))
        yield from variant_problems(shop, entry, *at)
        found = list(_option_values(product, known, entry, *at))
        yield from found
        if found:
            continue
        chosen = {_named(product, value): value["name"] for value in entry["optionValues"]}
        names = tuple(chosen[name] for name in known)
        if names in seen:
            yield UserError(f"The variant '{' / '.join(names)}' already exists.", at, "INVALID_VARIANT")
        seen.add(names)
        yield from _existing(context, product, there.get(names), entry, *at)


def _option_name(product: Product | None, option: Input) -> str:
    by_id = {gid("ProductOption", row.id): row.name for row in product.options} if product else {}
    return option.get("name") or by_id.get(option.get("id") or "", "")


def _named(product: Product | None, value: Input) -> str:
    by_id = {gid("ProductOption", row.id): row.name for row in product.options} if product else {}
    return value.get("optionName") or by_id.get(value.get("optionId") or "", "")


def _option_values(
    product: Product | None, known: Mapping[str, set[str]], entry: Input, *at: str
) -> Iterator[UserError]:
    named: set[str] = set()
    for place, value in enumerate(entry["optionValues"]):
        where = (*at, "optionValues", str(place))
        option = _named(product, value)
        if option not in known:
            yield UserError("Option does not exist", where, "OPTION_DOES_NOT_EXIST")
        elif value.get("name") not in known[option]:
            yield UserError("Option value does not exist", where, "OPTION_VALUE_DOES_NOT_EXIST")
        named.add(option)
    missing = [option for option in known if option not in named]
    if missing:
        yield UserError(f"Option value for {missing[0]} is missing", (*at, "optionValues"), "INVALID_VARIANT")


def _existing(
    context: Context, product: Product | None, matched: ProductVariant | None, entry: Input, *at: str
) -> Iterator[UserError]:
    """Check what only a variant that exists already can get wrong."""
    shop = context.shop
    variant = matched
    if entry.get("id"):
        variant = rows.variant(shop, entry["id"])
        if variant is None or product is None or variant.product_id != product.id:
            yield UserError("Product variant does not exist", (*at, "id"), "PRODUCT_VARIANT_DOES_NOT_EXIST")
            return
    quantities = entry.get("inventoryQuantities") or ()
    where = (*at, "inventoryQuantities")
    if len(quantities) > _QUANTITIES_PER_VARIANT:
        yield UserError("Too many inventory quantities", where, "INVENTORY_QUANTITIES_LIMIT_EXCEEDED")
    for quantity in quantities:
        location = rows.location(shop, quantity["locationId"])
        if quantity["name"] not in {"available", "on_hand"}:
            yield UserError("The quantity name must be either 'available' or 'on_hand'", where, "INVALID_INPUT")
        if variant is not None and location is not None and not stocked(shop, variant.item_id, location.id):
            yield UserError("The inventory item is not stocked at the location", where, "INVALID_INPUT")
    owner = gid("ProductVariant", variant.id) if variant else None
    for place, field in enumerate(entry.get("metafields") or ()):
        yield from problems_of(context, owner, "PRODUCTVARIANT", field, (*at, "metafields", str(place)))
