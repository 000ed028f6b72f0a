"""What writing a product or variant does, whichever route it came by (facts/bigcommerce.md, "Catalog v3")."""

import re
from dataclasses import replace

from sandbox.bigcommerce.catalogue import brands, forms
from sandbox.bigcommerce.catalogue.model import Option, OptionValue, Product, Variant
from sandbox.bigcommerce.catalogue.store import url_of
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, conflict, invalid
from sandbox.bigcommerce.web.fields import Fields, check
from sandbox.bigcommerce.web.wire import rows_of, whole
from sandbox.common.json_types import JsonObject, JsonValue

MOST_SKUS, MOST_VALUES, _MOST_CUSTOM_FIELDS, _MOST_CATEGORIES = 600, 250, 200, 1_000
_STOCK_FIELDS = ("inventory_level", "inventory_tracking", "inventory_warning_level")
_MADE_TYPE = "dropdown"
"""Type of an option that came to be by naming it in a variant."""


def split(
    fields: Fields, parts: Fields, body: JsonObject, needed: tuple[str, ...] = ()
) -> tuple[JsonObject, JsonObject]:
    """Check a body and split it into plain values and what is kept elsewhere."""
    return check(fields, body, needed), check(parts, body)


def without_stock(shop: Shop, *bodies: JsonObject) -> bool:
    """Take the stock fields away while the switch says that they fail; tells whether there were any."""
    if not shop.switches.inventory_part_fails:
        return False
    taken = [body.pop(name, None) for body in bodies for name in _STOCK_FIELDS]
    return any(value is not None for value in taken)


# --- products --------------------------------------------------------------------------------------------------------


def check_names(shop: Shop, product: Product) -> None:
    """Refuse a name, SKU or address that another product has."""
    for field, value, other in (
        ("name", product.name, shop.products.with_name(product.name)),
        ("custom_url", url_of(product), shop.products.with_url(url_of(product))),
    ):
        if other is not None and other.id != product.id:
            raise conflict(field, f"There is a product with the {field} {value!r} already (product {other.id}).")
    check_sku(shop, product.base.sku, product.base.id)


def check_sku(shop: Shop, sku: str, own_id: int) -> None:
    """Refuse a SKU that another product or variant has."""
    found = shop.products.with_sku(sku)
    if found is not None and found[1].id != own_id:
        raise conflict("sku", f"The SKU {sku!r} is in use already (product {found[0].id}).")


def own_url(name: str) -> JsonObject:
    """Make a product's address of its name."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return {"url": f"/{slug or 'product'}/", "is_customized": False}


def put_parts(shop: Shop, product: Product, parts: JsonObject) -> None:
    """Write what is kept elsewhere than among the plain values; variants and pictures come from their own modules."""
    if "categories" in parts:
        product.categories = known_categories(shop, parts["categories"])
    if "brand_id" in parts:
        product.brand_id = brands.known(shop, whole(parts["brand_id"]))
    if "brand_name" in parts:
        product.brand_id = brands.named(shop, str(parts["brand_name"]))
    if "custom_fields" in parts:
        product.custom_fields = _custom_fields(shop, parts["custom_fields"])


def known_categories(shop: Shop, ids: JsonValue) -> list[int]:
    """Read category ids, all of which have to be known."""
    numbers = list(dict.fromkeys(whole(entry) for entry in ids)) if isinstance(ids, list) else []
    unknown = [number for number in numbers if number not in shop.categories]
    if unknown:
        raise conflict("categories", f"There is no category {unknown[0]}.")
    if len(numbers) > _MOST_CATEGORIES:
        raise invalid("categories", f"a product has {_MOST_CATEGORIES} at most")
    return numbers


def _custom_fields(shop: Shop, rows: JsonValue) -> list[JsonObject]:
    checked = [check(forms.CUSTOM_FIELD, row, ("name", "value")) for row in rows_of(rows)]
    pairs = {(row["name"], row["value"]) for row in checked}
    if len(checked) > _MOST_CUSTOM_FIELDS or len(pairs) < len(checked):
        raise invalid("custom_fields", f"a product has {_MOST_CUSTOM_FIELDS} at most, each pair once")
    return [{"id": shop.next_id(), **row} for row in checked]


def put_level(shop: Shop, product: Product, variant: Variant, level: JsonValue) -> None:
    """Write stock by way of the catalogue, if it is kept for that variant at all."""
    if level is not None and product.tracked(variant) is variant:
        levels.set_level(shop, product, variant, whole(level))


# --- variants --------------------------------------------------------------------------------------------------------


def new_variant(shop: Shop, product: Product, values: JsonObject, parts: JsonObject) -> Variant:
    """Make a variant of a product; raises ApiError when its choice is incomplete, taken or unknown."""
    if len(product.choices) >= MOST_SKUS:
        raise invalid("variants", f"a product has {MOST_SKUS} SKUs at most")
    variant = Variant(shop.next_id(), product.id, values={**forms.VARIANT_DEFAULTS, **values})
    variant.sku = str(parts.get("sku", ""))
    variant.choices = _choices(product, parts.get("option_values"))
    if any(other.choices == variant.choices for other in product.choices):
        raise invalid("option_values", "another variant has this choice already")
    check_sku(shop, variant.sku, variant.id)
    product.choices.append(variant)
    return variant


def change_variant(shop: Shop, product: Product, variant: Variant, values: JsonObject, parts: JsonObject) -> None:
    """Change a variant in place; a base variant shares its plain values with its product."""
    if "sku" in parts:
        check_sku(shop, str(parts["sku"]), variant.id)
        variant.sku = str(parts["sku"])
    variant.values |= values
    put_level(shop, product, variant, parts.get("inventory_level"))


def _choices(product: Product, rows: JsonValue) -> dict[int, int]:
    """Read a choice of one value of each option, named by ids or by texts."""
    chosen: dict[int, int] = {}
    for row in rows_of(rows):
        named = check(forms.CHOICE, row)
        option = _option_of(product, named)
        chosen[option.id] = _value_of(option, named).id
    if not chosen or set(chosen) != {option.id for option in product.options}:
        names = ", ".join(option.display_name for option in product.options) or "none yet"
        raise invalid("option_values", f"one value of each of the product's options is needed ({names})")
    return dict(sorted(chosen.items()))


def _option_of(product: Product, named: JsonObject) -> Option:
    for option in product.options:
        if option.id == named.get("option_id") or _same(option.display_name, named.get("option_display_name")):
            return option
    raise invalid("option_values", "names an option that the product does not have")


def _value_of(option: Option, named: JsonObject) -> OptionValue:
    for value in option.values:
        if value.id == named.get("id") or _same(value.label, named.get("label")):
            return value
    raise invalid("option_values", f"names a value that the option {option.display_name!r} does not have")


def _same(text: str, other: JsonValue) -> bool:
    return isinstance(other, str) and text.casefold() == other.casefold()


def make_options(shop: Shop, product: Product, rows: list[JsonObject]) -> None:
    """Make the options and values that the variants of a new product name."""
    for row in rows:
        for choice in rows_of(row.get("option_values")):
            named = check(forms.CHOICE, choice, ("option_display_name", "label"))
            _make_value(shop, _make_option(shop, product, str(named["option_display_name"])), str(named["label"]))


def _make_option(shop: Shop, product: Product, name: str) -> Option:
    for option in product.options:
        if _same(option.display_name, name):
            return option
    option = Option(shop.next_id(), name, _MADE_TYPE, len(product.options))
    product.options.append(option)
    return option


def _make_value(shop: Shop, option: Option, label: str) -> None:
    if not any(_same(value.label, label) for value in option.values):
        add_value(option, OptionValue(shop.next_id(), label, len(option.values)))


def add_value(option: Option, value: OptionValue) -> None:
    """Add a value to an option; raises ApiError when it is there already or when there are too many."""
    if any(_same(other.label, value.label) for other in option.values):
        raise conflict("label", f"The option {option.display_name!r} has the value {value.label!r} already.")
    if len(option.values) >= MOST_VALUES:
        raise invalid("option_values", f"an option has {MOST_VALUES} values at most")
    option.values.append(value)


def remove_variants(shop: Shop, product: Product, gone: list[Variant]) -> None:
    """Take variants away, their stock and metafields with them."""
    product.choices = [variant for variant in product.choices if variant not in gone]
    for variant in gone:
        levels.forget(shop, variant.id)
        shop.metafields.forget("variant", variant.id)
        shop.emit("store/sku/deleted", sku_event(variant))


def sku_event(variant: Variant) -> JsonObject:
    """Write what a web hook tells of a variant."""
    sku: JsonObject = {"product_id": variant.product_id, "variant_id": variant.id}
    return {"type": "sku", "id": variant.id + 1_000_000, "sku": sku}


def copy_of(product: Product) -> Product:
    """Copy a product so that a refused write leaves the stored one alone."""
    return replace(
        product,
        base=_copy_variant(product.base),
        values=dict(product.values),
        categories=list(product.categories),
        custom_fields=list(product.custom_fields),
        options=[replace(option, values=[replace(value) for value in option.values]) for option in product.options],
        choices=[_copy_variant(variant) for variant in product.choices],
        images=[replace(image) for image in product.images],
        channels=list(product.channels),
    )


def _copy_variant(variant: Variant) -> Variant:
    return replace(variant, choices=dict(variant.choices), values=dict(variant.values))


def saved_partly(error: str = "Stock could not be saved") -> ApiError:
    """Say which part of a write failed while the rest was saved, for a 207."""
    return ApiError(207, f"The product was saved, its inventory was not: {error}.", {"inventory": error})
