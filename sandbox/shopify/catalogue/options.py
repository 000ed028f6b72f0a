"""The options of products and the mutations that change them."""

import itertools
from collections.abc import Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.building import (
    default_option,
    drop_unused_values,
    new_option,
    new_value,
    new_variant,
    remove_variant,
)
from sandbox.shopify.catalogue.checks import LONGEST, option_list_problems
from sandbox.shopify.catalogue.model import DEFAULT_OPTION, Product, ProductOption
from sandbox.shopify.catalogue.naming import variants_of
from sandbox.shopify.changing import product_changed
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation

_GONE = "Product does not exist"


@mutation
def product_options_create(
    _root: object,
    context: Context,
    product_id: str,
    options: Sequence[Input],
    variant_strategy: str | None = "LEAVE_AS_IS",
) -> Mapping[str, object]:
    """Add options; existing variants take the first new value, or every combination is made."""
    shop = context.shop
    product = rows.product(shop, product_id)
    if product is None:
        raise refuse(_GONE, "productId", code="PRODUCT_DOES_NOT_EXIST")
    kept = [option for option in product.options if option.name != DEFAULT_OPTION]
    errors = list(option_list_problems(shop, options, "options"))
    if len(kept) + len(options) > shop.settings.max_options and not errors:
        message = f"Can only specify a maximum of {shop.settings.max_options} options"
        errors.append(UserError(message, ("options",), "OPTIONS_OVER_LIMIT"))
    known = {option.name.casefold() for option in kept}
    for place, option in enumerate(options):
        if (option.get("name") or "").casefold() in known:
            where = ("options", str(place))
            errors.append(UserError(f"Option '{option['name']}' already exists.", where, "OPTION_ALREADY_EXISTS"))
    if errors:
        raise UserErrors(errors)
    _add_options(shop, product, kept, options)
    if variant_strategy == "CREATE":
        _make_all_variants(shop, product)
    product_changed(shop, product)
    return {"product": product, "userErrors": []}


def _add_options(shop: Shop, product: Product, kept: list[ProductOption], options: Sequence[Input]) -> None:
    added = [
        new_option(shop, product, entry["name"], [value["name"] for value in entry["values"]]) for entry in options
    ]
    for variant in variants_of(shop, product):
        before = variant.value_ids[: len(kept)] if kept else ()
        variant.value_ids = (*before, *(option.option_values[0].id for option in added))
    product.options = [*kept, *added]


def _make_all_variants(shop: Shop, product: Product) -> None:
    there = {variant.value_ids for variant in variants_of(shop, product)}
    value_ids = [[value.id for value in option.option_values] for option in product.options]
    for combination in itertools.product(*value_ids):
        if combination not in there:
            new_variant(shop, product, combination)


@mutation
def product_option_update(
    _root: object,
    context: Context,
    product_id: str,
    option: Input,
    option_values_to_add: Sequence[Input] | None = None,
    option_values_to_update: Sequence[Input] | None = None,
    option_values_to_delete: Sequence[str] | None = None,
    variant_strategy: str | None = None,
) -> Mapping[str, object]:
    """Rename or move an option; add, rename and delete its values."""
    shop = context.shop
    product, found = _option(shop, product_id, option["id"])
    doomed = _doomed(found, option_values_to_delete or ())
    _check_update(product, found, option, option_values_to_add or ())
    if doomed and all(doomed & set(variant.value_ids) for variant in variants_of(shop, product)):
        message = "Cannot delete all option values in an option."
        raise refuse(message, "optionValuesToDelete", code="CANNOT_DELETE_ALL_OPTION_VALUES_IN_OPTION")
    if option.get("name"):
        found.name = option["name"]
    for entry in option_values_to_update or ():
        for value in found.option_values:
            if gid("ProductOptionValue", value.id) == entry["id"] and entry.get("name"):
                value.name = entry["name"]
    found.option_values += [new_value(shop, product, entry["name"]) for entry in option_values_to_add or ()]
    _delete_values(shop, product, found, doomed)
    if option.get("position"):
        _move(shop, product, found, option["position"] - 1)
    if variant_strategy == "MANAGE":
        _make_all_variants(shop, product)
    product_changed(shop, product)
    return {"product": product, "userErrors": []}


def _option(shop: Shop, product_id: str, option_id: str) -> tuple[Product, ProductOption]:
    product = rows.product(shop, product_id)
    if product is None:
        raise refuse(_GONE, "productId", code="PRODUCT_DOES_NOT_EXIST")
    found = next((row for row in product.options if gid("ProductOption", row.id) == option_id), None)
    if found is None:
        raise refuse("Option does not exist", "option", code="OPTION_DOES_NOT_EXIST")
    return product, found


def _check_update(product: Product, found: ProductOption, option: Input, added: Sequence[Input]) -> None:
    name = option.get("name") or found.name
    if any(row.name.casefold() == name.casefold() and row is not found for row in product.options):
        raise refuse(f"Option '{name}' already exists.", "option", "name", code="OPTION_ALREADY_EXISTS")
    if len(name) > LONGEST:
        raise refuse("Option name is too long.", "option", "name", code="OPTION_NAME_TOO_LONG")
    for place, entry in enumerate(added):
        if found.value_named(entry["name"]) is not None:
            message = f"Option value '{entry['name']}' already exists."
            raise refuse(message, "optionValuesToAdd", str(place), "name", code="OPTION_VALUE_ALREADY_EXISTS")


def _doomed(option: ProductOption, gids: Sequence[str]) -> set[int]:
    return {value.id for value in option.option_values if gid("ProductOptionValue", value.id) in gids}


def _delete_values(shop: Shop, product: Product, option: ProductOption, doomed: set[int]) -> None:
    for variant in variants_of(shop, product):
        if doomed & set(variant.value_ids):
            remove_variant(shop, product, variant)
    option.option_values = [value for value in option.option_values if value.id not in doomed]


def _move(shop: Shop, product: Product, option: ProductOption, place: int) -> None:
    order = [row for row in product.options if row is not option]
    order.insert(place, option)
    places = [product.options.index(row) for row in order]
    for variant in variants_of(shop, product):
        variant.value_ids = tuple(variant.value_ids[number] for number in places)
    product.options = order


@mutation
def product_options_delete(
    _root: object, context: Context, product_id: str, options: Sequence[str], strategy: str | None = "DEFAULT"
) -> Mapping[str, object]:
    """Delete options; by default only where no two variants become alike."""
    shop = context.shop
    product = rows.product(shop, product_id)
    if product is None:
        raise refuse(_GONE, "productId", code="PRODUCT_DOES_NOT_EXIST")
    doomed = [option for option in product.options if gid("ProductOption", option.id) in options]
    if len(doomed) != len(options):
        raise refuse("Option does not exist", "options", code="OPTION_DOES_NOT_EXIST")
    kept = [place for place, option in enumerate(product.options) if option not in doomed]
    shortened = [tuple(variant.value_ids[place] for place in kept) for variant in variants_of(shop, product)]
    if len(set(shortened)) != len(shortened) and strategy != "POSITION":
        message = "Cannot delete option with multiple values"
        raise refuse(message, "options", "0", code="CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES")
    _shorten(shop, product, shortened)
    product.options = [product.options[place] for place in kept] or _default(shop, product)
    drop_unused_values(shop, product)
    product_changed(shop, product)
    return {
        "deletedOptionsIds": [gid("ProductOption", option.id) for option in doomed],
        "product": product,
        "userErrors": [],
    }


def _shorten(shop: Shop, product: Product, shortened: Sequence[tuple[int, ...]]) -> None:
    seen: set[tuple[int, ...]] = set()
    for variant, value_ids in zip(variants_of(shop, product), shortened, strict=True):
        if value_ids in seen:
            remove_variant(shop, product, variant)
        else:
            variant.value_ids = value_ids
            seen.add(value_ids)


def _default(shop: Shop, product: Product) -> list[ProductOption]:
    option = default_option(shop, product)
    for variant in variants_of(shop, product):
        variant.value_ids = (option.option_values[0].id,)
    return [option]
