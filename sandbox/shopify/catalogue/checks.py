"""Checks of what is sent for products and variants, before anything changes (facts/shopify.md, section 7)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sandbox.shopify import rows
from sandbox.shopify.catalogue.model import Product, ProductOption
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.errors import UserError
from sandbox.shopify.web.resolving import Input

LONGEST = 255
TAGS = 250
ALT = 512
FILES = 250
_LARGEST_PRICE = Decimal(10) ** 18


def product_problems(shop: Shop, product: Product | None, data: Input, *at: str) -> Iterator[UserError]:
    """Check a product's plain fields; `product` is the one that is changed, if any."""
    if ("title" in data or product is None) and not (data.get("title") or "").strip():
        yield UserError("Title can't be blank", (*at, "title"), "BLANK")
    for name in ("title", "handle", "vendor", "productType"):
        if len(data.get(name) or "") > LONGEST:
            label = {"productType": "Product type"}.get(name, name.title())
            yield UserError(f"{label} is too long (maximum is {LONGEST} characters)", (*at, name), "INVALID_INPUT")
    yield from _handle_and_tag_problems(shop, product, data, *at)
    for name in ("collectionsToJoin", "collectionsToLeave", "collections"):
        for number in data.get(name) or ():
            yield from _collection_problems(shop, name, number, *at)


def _handle_and_tag_problems(shop: Shop, product: Product | None, data: Input, *at: str) -> Iterator[UserError]:
    tags = data.get("tags") or ()
    if len(tags) > TAGS or any(len(tag) > LONGEST for tag in tags):
        yield UserError("Product tags is invalid", (*at, "tags"), "INVALID_INPUT")
    taken = shop.handles.get(data.get("handle") or "")
    if taken is not None and (product is None or taken != product.id):
        message = f"Handle '{data['handle']}' already in use. Please provide a new handle."
        yield UserError(message, (*at, "handle"), "HANDLE_NOT_UNIQUE")


def _collection_problems(shop: Shop, name: str, number: str, *at: str) -> Iterator[UserError]:
    collection = rows.collection(shop, number)
    if collection is None:
        yield UserError("Collection does not exist", (*at, name), "NOT_FOUND")
    elif collection.rule_set is not None and name != "collectionsToLeave":
        yield UserError("Cannot manually add a product to an automatic collection", (*at, name), "INVALID_INPUT")


def variant_problems(shop: Shop, data: Input, *at: str) -> Iterator[UserError]:
    """Check a variant's plain fields."""
    for name in ("price", "compareAtPrice"):
        amount = data.get(name)
        if amount is not None and amount < 0:
            yield UserError(f"{_label(name)} must be greater than or equal to 0", (*at, name), _price_code(name))
        elif amount is not None and amount >= _LARGEST_PRICE:
            yield UserError(f"{_label(name)} must be less than {_LARGEST_PRICE}", (*at, name), "INVALID_INPUT")
    if len(data.get("barcode") or "") > LONGEST:
        yield UserError(f"Barcode is too long (maximum is {LONGEST} characters)", (*at, "barcode"), "TOO_LONG")
    item = data.get("inventoryItem") or {}
    for place, sku in (((*at, "sku"), data.get("sku")), ((*at, "inventoryItem", "sku"), item.get("sku"))):
        if len(sku or "") > LONGEST:
            yield UserError(f"SKU is too long (maximum is {LONGEST} characters)", place, "TOO_LONG")
    cost = item.get("cost")
    if cost is not None and cost < 0:
        message = "Cost must be greater than or equal to 0"
        yield UserError(message, (*at, "inventoryItem", "cost"), "GREATER_THAN_OR_EQUAL_TO")
    yield from _quantity_problems(shop, data, *at)


def _quantity_problems(shop: Shop, data: Input, *at: str) -> Iterator[UserError]:
    quantities = data.get("inventoryQuantities") or ()
    if len(quantities) > shop.settings.location_limit:
        yield UserError("Too many inventory locations", (*at, "inventoryQuantities"), "TOO_MANY_INVENTORY_LOCATIONS")
    for entry in quantities:
        if rows.location(shop, entry["locationId"]) is None:
            message = "Quantity couldn't be set because the location was deleted."
            yield UserError(message, (*at, "inventoryQuantities"), "TRACKED_VARIANT_LOCATION_NOT_FOUND")


def _label(name: str) -> str:
    return "Price" if name == "price" else "Compare at price"


def _price_code(name: str) -> str:
    return "NEGATIVE_PRICE_VALUE" if name == "price" else "GREATER_THAN_OR_EQUAL_TO"


def option_list_problems(shop: Shop, options: Sequence[Input], *at: str) -> Iterator[UserError]:
    """Check a list of options that is sent as a whole."""
    if len(options) > shop.settings.max_options:
        message = f"Can only specify a maximum of {shop.settings.max_options} options"
        yield UserError(message, at, "OPTIONS_OVER_LIMIT")
    names = [(option.get("name") or "").casefold() for option in options]
    for place, option in enumerate(options):
        here = (*at, str(place))
        if not option.get("name") and not option.get("id"):
            yield UserError("Option name is missing", (*here, "name"), "INVALID_INPUT")
        if option.get("name") and names.index(names[place]) != place:
            yield UserError("Duplicated option name", (*here, "name"), "DUPLICATED_OPTION_NAME")
        yield from _option_value_problems(option, *here)


def _option_value_problems(option: Input, *at: str) -> Iterator[UserError]:
    most = 100
    values = [value.get("name") or "" for value in option.get("values") or ()]
    if not values:
        yield UserError("Option values are missing", (*at, "values"), "OPTION_VALUES_MISSING")
    if len(values) > most:
        yield UserError(f"Option values count is over the {most} limit", (*at, "values"), "OPTION_VALUES_OVER_LIMIT")
    if len(set(values)) != len(values):
        yield UserError("Duplicated option value", (*at, "values"), "DUPLICATED_OPTION_VALUE")
    if len(option.get("name") or "") > LONGEST or any(len(value) > LONGEST for value in values):
        yield UserError(f"Option value is too long (maximum is {LONGEST} characters)", (*at, "values"), "TOO_LONG")


def named_option(product: Product, entry: Input) -> ProductOption | None:
    """Find the option that a variant's ``optionValues`` entry means, by id or name."""
    for option in product.options:
        if entry.get("optionId") is not None:
            if entry["optionId"] == gid("ProductOption", option.id):
                return option
        elif entry.get("optionName") == option.name:
            return option
    return None
