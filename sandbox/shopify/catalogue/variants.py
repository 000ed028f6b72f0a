"""The bulk mutations on variants."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue import custom_ids
from sandbox.shopify.catalogue.building import apply_variant, drop_unused_values, new_value, new_variant, remove_variant
from sandbox.shopify.catalogue.checks import LONGEST, named_option, variant_problems
from sandbox.shopify.catalogue.media import add_media, attach_media, variant_media_problems
from sandbox.shopify.catalogue.metafields import problems_of, store_all
from sandbox.shopify.catalogue.model import DEFAULT_OPTION, Product, ProductVariant
from sandbox.shopify.catalogue.naming import values_of, variants_of
from sandbox.shopify.changing import product_changed
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import connect, move
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation

Names = tuple[str, ...]


def _product(shop: Shop, product_id: str) -> Product:
    product = rows.product(shop, product_id)
    if product is None:
        raise refuse("Product does not exist", "productId", code="PRODUCT_DOES_NOT_EXIST")
    return product


@mutation
def product_variants_bulk_create(
    _root: object,
    context: Context,
    product_id: str,
    variants: Sequence[Input],
    strategy: str | None = "DEFAULT",
    media: Sequence[Input] | None = None,
) -> Mapping[str, object]:
    """Create variants, all or none; option values that are new are added to their options."""
    shop = context.shop
    product = _product(shop, product_id)
    standalone = _standalone(shop, product, strategy)
    taken = {values_of(product, row) for row in variants_of(shop, product) if row is not standalone}
    errors: list[UserError] = []
    wanted: list[Names] = []
    for place, data in enumerate(variants):
        at = ("variants", str(place))
        names, problems = _option_names(product, data, None, *at)
        problems += [*variant_problems(shop, data, *at), *_metafield_problems(context, None, data, *at)]
        problems += list(variant_media_problems(shop, product, data, *at))
        if not problems and names in {*taken, *wanted}:
            title = " / ".join(names)
            message = f"The variant '{title}' already exists. Please change at least one option value."
            problems.append(UserError(message, at, "VARIANT_ALREADY_EXISTS"))
        wanted.append(names)
        errors += problems
    if len(taken) + len(variants) > shop.settings.max_variants:
        errors.append(
            UserError(f"Exceeded {shop.settings.max_variants} variants per product", ("variants",), "INVALID")
        )
    if errors:
        raise UserErrors(errors)
    if standalone is not None:
        remove_variant(shop, product, standalone)
        drop_unused_values(shop, product)
    add_media(context, product, media or ())
    made = [_create(context, product, names, data) for names, data in zip(wanted, variants, strict=True)]
    product_changed(shop, product)
    return {"product": product, "productVariants": made, "userErrors": []}


def _standalone(shop: Shop, product: Product, strategy: str | None) -> ProductVariant | None:
    """Give the lone variant that has to make room for the new ones, if any."""
    if len(product.variant_ids) != 1 or strategy == "PRESERVE_STANDALONE_VARIANT":
        return None
    is_default = [option.name for option in product.options] == [DEFAULT_OPTION]
    return variants_of(shop, product)[0] if is_default or strategy == "REMOVE_STANDALONE_VARIANT" else None


def _option_names(
    product: Product, data: Input, variant: ProductVariant | None, *at: str
) -> tuple[Names, list[UserError]]:
    """Read a variant's option values; what an update leaves out stays."""
    problems: list[UserError] = []
    current = values_of(product, variant) if variant else ()
    names = dict(zip((option.id for option in product.options), current, strict=False))
    for place, entry in enumerate(data.get("optionValues") or ()):
        option = named_option(product, entry)
        where = (*at, "optionValues", str(place))
        if option is None:
            problems.append(UserError("Option does not exist", where, _unknown_option(variant)))
            continue
        by_id = {gid("ProductOptionValue", value.id): value.name for value in option.option_values}
        name = entry.get("name") or by_id.get(entry.get("id") or "")
        if not name:
            problems.append(UserError("Option value does not exist", where, "INVALID_INPUT"))
        elif len(name) > LONGEST:
            problems.append(UserError("Option value name is too long.", where, "INVALID_INPUT"))
        else:
            names[option.id] = name
    if not problems and len(names) < len(product.options):
        missing = next(option.name for option in product.options if option.id not in names)
        message = f"You need to add option values for {missing}"
        problems.append(UserError(message, (*at, "optionValues"), "NEED_TO_ADD_OPTION_VALUES"))
    return tuple(names.get(option.id, "") for option in product.options), problems


def _unknown_option(variant: ProductVariant | None) -> str:
    return "INVALID_INPUT" if variant is None else "OPTION_DOES_NOT_EXIST"


def _metafield_problems(context: Context, owner: str | None, data: Input, *at: str) -> Iterator[UserError]:
    for place, entry in enumerate(data.get("metafields") or ()):
        yield from problems_of(context, owner, "PRODUCTVARIANT", entry, (*at, "metafields", str(place)))


def value_ids_of(shop: Shop, product: Product, names: Names) -> tuple[int, ...]:
    """Find the option values of these names, making those that are new."""
    found: list[int] = []
    for option, name in zip(product.options, names, strict=True):
        value = option.value_named(name)
        if value is None:
            value = new_value(shop, product, name)
            option.option_values.append(value)
        found.append(value.id)
    return tuple(found)


def _create(context: Context, product: Product, names: Names, data: Input) -> ProductVariant:
    shop = context.shop
    quantities = data.get("inventoryQuantities") or ()
    variant = new_variant(shop, product, value_ids_of(shop, product, names), connected=not quantities)
    apply_variant(shop, variant, data)
    for entry in quantities:
        location = rows.location(shop, entry["locationId"])
        if location is not None:
            level = connect(shop, shop.items[variant.item_id], location)
            move(shop, level, available=entry["availableQuantity"] - level.states["available"])
    attach_media(context, product, variant, data)
    store_all(context, gid("ProductVariant", variant.id), data.get("metafields"))
    return variant


@mutation
def product_variants_bulk_update(
    _root: object,
    context: Context,
    product_id: str,
    variants: Sequence[Input],
    *,
    allow_partial_updates: bool = False,
    media: Sequence[Input] | None = None,
) -> Mapping[str, object]:
    """Change variants: all or none, unless partial updates are allowed."""
    shop = context.shop
    product = _product(shop, product_id)
    errors: list[UserError] = []
    good: list[tuple[ProductVariant, Names, Input]] = []
    listed: list[ProductVariant] = []
    for place, data in enumerate(variants):
        variant, names, problems = _check_update(context, product, data, "variants", str(place))
        errors += problems
        if variant is not None:
            listed.append(variant)
            good += [] if problems else [(variant, names, data)]
    if errors and not allow_partial_updates:
        return {"product": product, "productVariants": None, "userErrors": errors}
    add_media(context, product, media or ())
    for variant, names, data in good:
        variant.value_ids = value_ids_of(shop, product, names)
        apply_variant(shop, variant, data)
        attach_media(context, product, variant, data)
        store_all(context, gid("ProductVariant", variant.id), data.get("metafields"))
    if good:
        drop_unused_values(shop, product)
        product_changed(shop, product)
    return {"product": product, "productVariants": listed, "userErrors": errors}


def _check_update(
    context: Context, product: Product, data: Input, *at: str
) -> tuple[ProductVariant | None, Names, list[UserError]]:
    if data.get("id") is None:
        return (
            None,
            (),
            [UserError("Product variant is missing ID attribute", (*at, "id"), "PRODUCT_VARIANT_ID_MISSING")],
        )
    variant = rows.variant(context.shop, data["id"])
    if variant is None or variant.product_id != product.id:
        problem = UserError("Product variant does not exist", (*at, "id"), "PRODUCT_VARIANT_DOES_NOT_EXIST")
        return None, (), [problem]
    names, problems = _option_names(product, data, variant, *at)
    problems += [*variant_problems(context.shop, data, *at)]
    problems += list(_metafield_problems(context, data["id"], data, *at))
    problems += list(variant_media_problems(context.shop, product, data, *at))
    if data.get("inventoryQuantities") is not None:
        message = "Inventory quantities can only be provided during create. To update inventory for existing variants, "
        message += "use inventoryAdjustQuantities."
        where = (*at, "inventoryQuantities")
        problems.append(UserError(message, where, "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"))
    others = (row for row in variants_of(context.shop, product) if row is not variant)
    if any(values_of(product, row) == names for row in others):
        message = f"The variant '{' / '.join(names)}' already exists. Please change at least one option value."
        problems.append(UserError(message, at, "VARIANT_ALREADY_EXISTS"))
    return variant, names, problems


@mutation
def product_variants_bulk_delete(
    _root: object, context: Context, product_id: str, variants_ids: Sequence[str]
) -> Mapping[str, object]:
    shop = context.shop
    product = _product(shop, product_id)
    doomed: list[ProductVariant] = []
    for place, number in enumerate(variants_ids):
        variant = rows.variant(shop, number)
        if variant is None or variant.product_id != product.id:
            message = "At least one variant does not belong to the product"
            where = ("variantsIds", str(place))
            raise refuse(message, *where, code="AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT")
        doomed.append(variant)
    if len(doomed) == len(product.variant_ids):
        raise refuse("Cannot delete default variant", "variantsIds", code="CANNOT_DELETE_LAST_VARIANT")
    for variant in doomed:
        delete_variant(shop, product, variant)
    return {"product": product, "userErrors": []}


def delete_variant(shop: Shop, product: Product, variant: ProductVariant) -> None:
    """Delete one variant of several."""
    custom_ids.drop_all(shop, gid("ProductVariant", variant.id))
    remove_variant(shop, product, variant)
    drop_unused_values(shop, product)
    product_changed(shop, product)


@mutation
def product_variants_bulk_reorder(
    _root: object, context: Context, product_id: str, positions: Sequence[Input]
) -> Mapping[str, object]:
    shop = context.shop
    product = _product(shop, product_id)
    for entry in sorted(positions, key=lambda entry: int(entry["position"])):
        variant = rows.variant(shop, entry["id"])
        if variant is None or variant.product_id != product.id:
            raise refuse("Product variant does not exist", "positions", code="MISSING_VARIANT")
        product.variant_ids.remove(variant.id)
        product.variant_ids.insert(int(entry["position"]) - 1, variant.id)
    product_changed(shop, product)
    return {"product": product, "userErrors": []}
