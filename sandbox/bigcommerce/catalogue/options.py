"""The routes of a product's options and their values (facts/bigcommerce.md, "Catalog v3")."""

from collections.abc import Callable
from typing import TypeVar

from sandbox.bigcommerce.catalogue import forms, writing
from sandbox.bigcommerce.catalogue.model import Option, OptionValue, Product
from sandbox.bigcommerce.catalogue.product_json import option_as_json, value_as_json
from sandbox.bigcommerce.catalogue.products import found
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import conflict, invalid, not_found
from sandbox.bigcommerce.web.fields import check
from sandbox.bigcommerce.web.paging import cut, page
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data, rows_of, whole
from sandbox.common.json_types import JsonObject

T = TypeVar("T")


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of a product's options."""
    with shop.lock:
        product = found(shop, call.path["product_id"])
        return page(call, product.options, lambda option: cut(call, option_as_json(product, option)))


def read(shop: Shop, call: Call) -> Answer:
    """Answer one option."""
    with shop.lock:
        product = found(shop, call.path["product_id"])
        return data(cut(call, option_as_json(product, _option(product, call))))


def create(shop: Shop, call: Call) -> Answer:
    """Create an option; that creates no variants."""
    values = check(forms.OPTION, call.record(), ("display_name", "type"))
    return _write(shop, call, lambda product: data(option_as_json(product, _make(shop, product, values))))


def _write(shop: Shop, call: Call, change: Callable[[Product], T]) -> T:
    """Change a copy of the product and store it if nothing was refused."""
    with shop.lock:
        product = writing.copy_of(found(shop, call.path["product_id"]))
        result = change(product)
        product.modified = shop.now()
        shop.products.save(product)
        shop.emit("store/product/updated", {"type": "product", "id": product.id})
        return result


def _make(shop: Shop, product: Product, values: JsonObject) -> Option:
    if product.choices:
        raise invalid("display_name", "a product that has variants takes no further option")
    name = str(values["display_name"])
    if any(option.display_name.casefold() == name.casefold() for option in product.options):
        raise conflict("display_name", f"The product has an option named {name!r} already.")
    config = values.get("config")
    option = Option(
        shop.next_id(),
        name,
        str(values["type"]),
        whole(values.get("sort_order")),
        config=dict(config) if isinstance(config, dict) else {},
    )
    for row in rows_of(values.get("option_values")):
        writing.add_value(option, _value(shop, row))
    product.options.append(option)
    return option


def _value(shop: Shop, row: JsonObject) -> OptionValue:
    values = check(forms.OPTION_VALUE, row, ("label",))
    return OptionValue(
        shop.next_id(),
        str(values["label"]),
        whole(values.get("sort_order")),
        bool(values.get("is_default", False)),
        values.get("value_data"),
    )


def update(shop: Shop, call: Call) -> Answer:
    """Change an option; ``option_values`` replaces all its values, and variants of values that go, go with them."""
    values = check(forms.OPTION, call.record())

    def change(product: Product) -> Answer:
        option = _option(product, call)
        option.display_name = str(values.get("display_name", option.display_name))
        option.type = str(values.get("type", option.type))
        option.sort_order = whole(values.get("sort_order", option.sort_order))
        if "option_values" in values:
            _replace_values(shop, product, option, rows_of(values["option_values"]))
        return data(option_as_json(product, option))

    return _write(shop, call, change)


def _replace_values(shop: Shop, product: Product, option: Option, rows: list[JsonObject]) -> None:
    before = {value.id: value for value in option.values}
    option.values = []
    for row in rows:
        kept = before.get(whole(row.get("id")))
        if kept is not None:
            _change_value(kept, check(forms.OPTION_VALUE, row))
        writing.add_value(option, kept or _value(shop, row))
    _drop_variants(shop, product, option, set(before) - {value.id for value in option.values})


def _drop_variants(shop: Shop, product: Product, option: Option, gone: set[int]) -> None:
    lost = [variant for variant in product.choices if variant.choices.get(option.id) in gone]
    writing.remove_variants(shop, product, lost)


def _change_value(value: OptionValue, values: JsonObject) -> None:
    value.label = str(values.get("label", value.label))
    value.sort_order = whole(values.get("sort_order", value.sort_order))
    value.is_default = bool(values.get("is_default", value.is_default))
    value.value_data = values.get("value_data", value.value_data)


def delete(shop: Shop, call: Call) -> Answer:
    """Delete an option, and the variants that choose by it."""

    def change(product: Product) -> Answer:
        option = _option(product, call)
        writing.remove_variants(shop, product, product.choices)
        product.options.remove(option)
        return NOTHING

    return _write(shop, call, change)


def list_values(shop: Shop, call: Call) -> Answer:
    """Answer a page of an option's values."""
    with shop.lock:
        option = _option(found(shop, call.path["product_id"]), call)
        return page(call, option.values, lambda value: cut(call, value_as_json(value)))


def read_value(shop: Shop, call: Call) -> Answer:
    """Answer one value."""
    with shop.lock:
        option = _option(found(shop, call.path["product_id"]), call)
        return data(cut(call, value_as_json(_value_of(option, call))))


def create_value(shop: Shop, call: Call) -> Answer:
    """Add a value to an option; that creates no variants."""
    body = call.record()

    def change(product: Product) -> Answer:
        option, value = _option(product, call), _value(shop, body)
        writing.add_value(option, value)
        return data(value_as_json(value))

    return _write(shop, call, change)


def update_value(shop: Shop, call: Call) -> Answer:
    """Change a value."""
    values = check(forms.OPTION_VALUE, call.record())

    def change(product: Product) -> Answer:
        option = _option(product, call)
        value = _value_of(option, call)
        others = [other.label.casefold() for other in option.values if other is not value]
        if str(values.get("label", value.label)).casefold() in others:
            raise conflict("label", "The option has this value already.")
        _change_value(value, values)
        return data(value_as_json(value))

    return _write(shop, call, change)


def delete_value(shop: Shop, call: Call) -> Answer:
    """Delete a value, and the variants that choose it."""

    def change(product: Product) -> Answer:
        option = _option(product, call)
        value = _value_of(option, call)
        option.values.remove(value)
        _drop_variants(shop, product, option, {value.id})
        return NOTHING

    return _write(shop, call, change)


def _option(product: Product, call: Call) -> Option:
    for option in product.options:
        if option.id == call.path["option_id"]:
            return option
    raise not_found("option")


def _value_of(option: Option, call: Call) -> OptionValue:
    for value in option.values:
        if value.id == call.path["value_id"]:
            return value
    raise not_found("option value")
