"""The mutations that create, change and delete products."""

from collections.abc import Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue import custom_ids
from sandbox.shopify.catalogue.building import (
    apply_product,
    default_option,
    give_handle,
    new_option,
    new_product,
    new_variant,
    remove_variant,
)
from sandbox.shopify.catalogue.checks import option_list_problems, product_problems
from sandbox.shopify.catalogue.lookup import find_product
from sandbox.shopify.catalogue.media import add_media, media_problems
from sandbox.shopify.catalogue.metafields import problems_of, store_all
from sandbox.shopify.catalogue.model import Product, ProductDeleteOperation
from sandbox.shopify.catalogue.naming import variants_of
from sandbox.shopify.catalogue.operations import operation_due
from sandbox.shopify.changing import collection_changed, product_changed, product_gone
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation


@mutation
def product_create(
    _root: object, context: Context, product: Input | None = None, media: Sequence[Input] | None = None
) -> Mapping[str, object]:
    """Create an unpublished product with one variant, which has the first value of each option."""
    shop, data = context.shop, product or {}
    errors = [
        *product_problems(shop, None, data),
        *option_list_problems(shop, data.get("productOptions") or (), "options"),
        *_metafield_problems(context, None, data),
        *media_problems(media or ()),
    ]
    _raise_if_any(errors)
    made = new_product(shop, data["title"], data.get("handle"))
    apply_product(made, data)
    made.options = [
        new_option(shop, made, option["name"], [value["name"] for value in option["values"]])
        for option in data.get("productOptions") or ()
    ] or [default_option(shop, made)]
    new_variant(shop, made, tuple(option.option_values[0].id for option in made.options))
    _finish(context, made, data, media)
    product_changed(shop, made, "PRODUCTS_CREATE")
    return {"product": made, "userErrors": []}


@mutation
def product_update(
    _root: object,
    context: Context,
    product: Input | None = None,
    media: Sequence[Input] | None = None,
    identifier: Input | None = None,
) -> Mapping[str, object]:
    """Change a product; what is left out stays, media are added to those it has."""
    shop, data = context.shop, product or {}
    found = find_product(context, identifier) if identifier else rows.product(shop, data.get("id"))
    if found is None:
        raise refuse("Product does not exist", "id")
    errors = [
        *product_problems(shop, found, data),
        *_metafield_problems(context, found, data),
        *media_problems(media or ()),
    ]
    _raise_if_any(errors)
    apply_product(found, data)
    if data.get("handle"):
        give_handle(shop, found, data["handle"])
    _finish(context, found, data, media)
    product_changed(shop, found)
    return {"product": found, "userErrors": []}


def _finish(context: Context, product: Product, data: Input, media: Sequence[Input] | None) -> None:
    store_all(context, gid("Product", product.id), data.get("metafields"))
    join_collections(context.shop, product, data.get("collectionsToJoin") or ())
    leave_collections(context.shop, product, data.get("collectionsToLeave") or ())
    add_media(context, product, media or ())


def _metafield_problems(context: Context, product: Product | None, data: Input) -> list[UserError]:
    owner = gid("Product", product.id) if product else None
    return [
        error
        for place, entry in enumerate(data.get("metafields") or ())
        for error in problems_of(context, owner, "PRODUCT", entry, ("metafields", str(place)))
    ]


def _raise_if_any(errors: Sequence[UserError]) -> None:
    if errors:
        raise UserErrors(errors)


def join_collections(shop: Shop, product: Product, gids: Sequence[str]) -> None:
    for number in gids:
        collection = rows.collection(shop, number)
        if collection is not None and product.id not in collection.product_ids:
            collection.product_ids.append(product.id)
            collection_changed(shop, collection)


def leave_collections(shop: Shop, product: Product, gids: Sequence[str]) -> None:
    for number in gids:
        collection = rows.collection(shop, number)
        if collection is not None and product.id in collection.product_ids:
            collection.product_ids.remove(product.id)
            collection_changed(shop, collection)


@mutation
def product_delete(
    _root: object,
    context: Context,
    input: Input,
    *,
    synchronous: bool = True,
) -> Mapping[str, object]:
    """Delete a product for good."""
    shop = context.shop
    product = rows.product(shop, input["id"])
    if product is None:
        raise refuse("Product does not exist", "id")
    delete(shop, product)
    deleted = gid("Product", product.id)
    if synchronous:
        return {"deletedProductId": deleted, "userErrors": []}
    number = shop.numbers.next("ProductDeleteOperation")
    operation = ProductDeleteOperation(number, context.now, operation_due(shop), deleted)
    shop.product_operations[number] = operation
    return {"productDeleteOperation": operation, "userErrors": []}


def delete(shop: Shop, product: Product) -> None:
    """Delete a product with all that hangs on it."""
    for variant in variants_of(shop, product):
        custom_ids.drop_all(shop, gid("ProductVariant", variant.id))
        remove_variant(shop, product, variant)
    custom_ids.drop_all(shop, gid("Product", product.id))
    for collection in shop.collections.values():
        if product.id in collection.product_ids:
            collection.product_ids.remove(product.id)
    shop.handles.pop(product.handle, None)
    del shop.products[product.id]
    product_gone(shop, product)
