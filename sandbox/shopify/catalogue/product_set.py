"""``productSet``: a product as a whole, its lists replaced (facts/shopify.md, section 7)."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue import custom_ids
from sandbox.shopify.catalogue.building import (
    apply_product,
    apply_variant,
    default_option,
    give_handle,
    new_option,
    new_product,
    new_value,
    new_variant,
    remove_variant,
)
from sandbox.shopify.catalogue.checks import named_option
from sandbox.shopify.catalogue.custom_ids import by_custom_id, whole_namespace
from sandbox.shopify.catalogue.files import take
from sandbox.shopify.catalogue.lookup import product_with_handle
from sandbox.shopify.catalogue.media import file_of, unlink
from sandbox.shopify.catalogue.metafields import store_all
from sandbox.shopify.catalogue.model import FileRow, Product, ProductOption, ProductSetOperation, ProductVariant
from sandbox.shopify.catalogue.naming import values_of, variants_of
from sandbox.shopify.catalogue.operations import operation_due
from sandbox.shopify.catalogue.product_set_checks import problems
from sandbox.shopify.catalogue.products import join_collections, leave_collections
from sandbox.shopify.changing import product_changed
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import connect, move
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation


@mutation
def product_set(
    _root: object,
    context: Context,
    input: Input,
    identifier: Input | None = None,
    *,
    synchronous: bool = True,
) -> Mapping[str, object]:
    """Create a product or replace what is sent of it, at once or as an operation to be asked about."""
    if synchronous:
        return {"product": write_product(context, input, identifier), "productSetOperation": None, "userErrors": []}
    shop = context.shop
    product: Product | None = None
    errors: tuple[object, ...] = ()
    try:
        product = write_product(context, input, identifier)
    except UserErrors as refusal:
        errors = refusal.errors
    number = shop.numbers.next("ProductSetOperation")
    now = shop.instruments.clock.now()
    operation = ProductSetOperation(number, now, operation_due(shop), product.id if product else None, errors)
    shop.product_operations[number] = operation
    return {"product": None, "productSetOperation": operation, "userErrors": []}


def write_product(context: Context, data: Input, identifier: Input | None) -> Product:
    """Create or change a product; raises UserErrors and changes nothing when something is wrong."""
    product, custom = _identified(context, data, identifier)
    found = list(problems(context, product, data))
    if found:
        raise UserErrors(found)
    created = product is None
    if product is None:
        product = new_product(context.shop, data["title"], data.get("handle") or (identifier or {}).get("handle"))
    apply_product(product, data)
    if data.get("handle"):
        give_handle(context.shop, product, data["handle"])
    _replace_metafields(context, product, data, custom)
    _replace_files(context.shop, product, data)
    _replace_options_and_variants(context, product, data)
    _replace_collections(context.shop, product, data)
    product_changed(context.shop, product, "PRODUCTS_CREATE" if created else "PRODUCTS_UPDATE")
    return product


def _identified(context: Context, data: Input, identifier: Input | None) -> tuple[Product | None, Input | None]:
    """Find the product that is meant, and the custom id it has to have."""
    shop = context.shop
    if identifier is not None and data.get("id") is not None:
        raise refuse("Cannot specify both identifier and input.id.", "input", "id", code="ID_NOT_ALLOWED")
    number = data.get("id") or (identifier or {}).get("id")
    if number is not None:
        product = rows.product(shop, number)
        if product is None:
            raise refuse("Product does not exist", "input", "id", code="PRODUCT_DOES_NOT_EXIST")
        return product, None
    if identifier is None:
        return None, None
    if identifier.get("handle") is not None:
        return product_with_handle(shop, identifier["handle"]), None
    custom = identifier["customId"]
    row = by_custom_id(context, "PRODUCT", custom)
    if data.get("metafields") is not None and not any(_same(context, entry, custom) for entry in data["metafields"]):
        message = "The input metafields must include the custom ID and its value."
        raise refuse(message, "input", "metafields", code="METAFIELD_MISMATCH")
    return (row if isinstance(row, Product) else None), custom


def _same(context: Context, entry: Input, custom: Input) -> bool:
    spaces = {whole_namespace(context.app, one.get("namespace")) for one in (entry, custom)}
    return len(spaces) == 1 and entry.get("key") == custom["key"] and entry.get("value") == custom["value"]


def _replace_metafields(context: Context, product: Product, data: Input, custom: Input | None) -> None:
    owner = gid("Product", product.id)
    if data.get("metafields") is not None:
        custom_ids.drop_all(context.shop, owner)
        store_all(context, owner, data["metafields"])
    elif custom is not None:
        store_all(context, owner, [custom])


def _replace_files(shop: Shop, product: Product, data: Input) -> None:
    if data.get("files") is None:
        return
    wanted = [_file(shop, entry) for entry in data["files"]]
    for row in [shop.files[number] for number in product.media_ids]:
        if row not in wanted:
            unlink(shop, product, row)
    product.media_ids = [row.id for row in wanted]


def _file(shop: Shop, entry: Input) -> FileRow:
    """Give the file named by id; one named by its source is uploaded again, however often that was done before."""
    row = file_of(shop, entry.get("id"))
    if row is None:
        return take(shop, str(entry.get("originalSource")), entry.get("alt"), filename=entry.get("filename"))
    row.alt = entry.get("alt", row.alt)
    return row


def _replace_collections(shop: Shop, product: Product, data: Input) -> None:
    if data.get("collections") is None:
        return
    wanted = list(data["collections"])
    current = [gid("Collection", row.id) for row in shop.collections.values() if product.id in row.product_ids]
    leave_collections(shop, product, [number for number in current if number not in wanted])
    join_collections(shop, product, wanted)


def _replace_options_and_variants(context: Context, product: Product, data: Input) -> None:
    shop = context.shop
    if data.get("productOptions") is None:
        if not product.options:
            product.options = [default_option(shop, product)]
            new_variant(shop, product, (product.options[0].option_values[0].id,))
        return
    before = {values_of(product, variant): variant for variant in variants_of(shop, product)}
    product.options = [_option(shop, product, entry) for entry in data["productOptions"]]
    kept: list[int] = []
    for entry in data["variants"]:
        names = names_of(product, entry)
        variant = rows.variant(shop, entry.get("id")) or before.get(names)
        variant = _variant(context, product, variant, names, entry)
        kept.append(variant.id)
    for variant in variants_of(shop, product):
        if variant.id not in kept:
            custom_ids.drop_all(shop, gid("ProductVariant", variant.id))
            remove_variant(shop, product, variant)
    product.variant_ids = kept


def _option(shop: Shop, product: Product, entry: Input) -> ProductOption:
    """Keep the option with this id or name, with those of its values that are named again."""
    old = next((row for row in product.options if gid("ProductOption", row.id) == entry.get("id")), None)
    old = old or next((row for row in product.options if row.name == entry.get("name")), None)
    names = [value["name"] for value in entry["values"]]
    if old is None:
        return new_option(shop, product, entry["name"], names)
    values = [old.value_named(name) or new_value(shop, product, name) for name in names]
    return ProductOption(old.id, product.id, entry.get("name") or old.name, values)


def names_of(product: Product, entry: Input) -> tuple[str, ...]:
    """Read the option values of a variant in the options' order."""
    named: dict[int, str] = {}
    for value in entry["optionValues"]:
        option = named_option(product, value)
        if option is not None:
            named[option.id] = value["name"]
    return tuple(named[option.id] for option in product.options)


def _variant(
    context: Context, product: Product, variant: ProductVariant | None, names: Sequence[str], entry: Input
) -> ProductVariant:
    shop = context.shop
    value_ids = tuple(_value_ids(product, names))
    quantities = entry.get("inventoryQuantities") or ()
    if variant is None:
        variant = new_variant(shop, product, value_ids, connected=not quantities)
    variant.value_ids = value_ids
    apply_variant(shop, variant, entry)
    for quantity in quantities:
        location = rows.location(shop, quantity["locationId"])
        if location is not None:
            level = connect(shop, shop.items[variant.item_id], location)
            move(shop, level, available=quantity["quantity"] - level.quantity(quantity["name"]))
    if entry.get("file"):
        _attach(shop, product, variant, entry["file"])
    store_all(context, gid("ProductVariant", variant.id), entry.get("metafields"))
    return variant


def _attach(shop: Shop, product: Product, variant: ProductVariant, entry: Input) -> None:
    same_source = (
        row for row in map(shop.files.get, product.media_ids) if row and row.source == entry.get("originalSource")
    )
    row = file_of(shop, entry.get("id")) or next(same_source, None) or _file(shop, entry)
    if row.id not in product.media_ids:
        product.media_ids.append(row.id)
    variant.media_ids = (row.id,)


def _value_ids(product: Product, names: Sequence[str]) -> Iterator[int]:
    for option, name in zip(product.options, names, strict=True):
        value = option.value_named(name)
        if value is not None:
            yield value.id
