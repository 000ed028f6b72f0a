"""Attributes on products and choices on variations (facts/woocommerce.md, "Products")."""

from collections.abc import Iterable

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce.catalogue.model import Attribute, GlobalAttribute, Product
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean, slug
from sandbox.woocommerce.web.wire import Params


def read_attributes(shop: Shop, rows: list[Params]) -> tuple[Attribute, ...]:
    """Read a product's attributes; options of a global one become its terms, new ones included."""
    found = (_read(shop, row) for row in rows)
    return tuple(attribute for attribute in found if attribute is not None)


def _read(shop: Shop, row: Params) -> Attribute | None:
    """Read one row; without a known id or name, or options where they are needed, it is dropped without a word."""
    options = [text for text in (clean(option) for option in _options(row)) if text]
    attribute_id, name = row.whole("id"), clean(row.text("name"))
    position, visible, variation = abs(row.whole("position")), row.flag("visible"), row.flag("variation")
    if attribute_id:
        shared = shop.terms.attributes.get(attribute_id)
        if shared is None or not options:
            return None
        term_ids = tuple(dict.fromkeys(shop.terms.named_or_added(shared.slug, option).id for option in options))
        return Attribute(shared.id, shared.name, shared.slug, position, visible, variation, term_ids=term_ids)
    if not name or not row.given("options"):
        return None
    return Attribute(0, name, slug(name), position, visible, variation, texts=tuple(options))


def _options(row: Params) -> list[str]:
    """Options come as a list or separated by bars; a bar within one splits it as well."""
    options = row.get("options")
    texts = row.words("options") if isinstance(options, list) else [row.text("options")]
    return [part for text in texts for part in text.split("|")]


def write_attributes(shop: Shop, product: Product) -> list[JsonValue]:
    """Write a product's attributes, the options in the order of their terms and not as they were sent."""
    return [_write(shop, attribute) for attribute in sorted(product.attributes, key=lambda one: one.position)]


def _write(shop: Shop, attribute: Attribute) -> JsonObject:
    shared = shop.terms.attributes.get(attribute.attribute_id)
    options = attribute.texts
    if shared is not None:
        options = tuple(term.name for term in shop.terms.ordered(shared, attribute.term_ids))
    return {
        "id": attribute.attribute_id,
        "name": shared.name if shared else attribute.name,
        "slug": shared.slug if shared else attribute.name,
        "position": attribute.position,
        "visible": attribute.visible,
        "variation": attribute.variation,
        "options": options,
    }


def read_choices(shop: Shop, parent: Product, rows: list[Params]) -> dict[str, str]:
    """Read a variation's choices; only attributes that vary on the parent count, any option is believed."""
    varying = {attribute.key: attribute for attribute in parent.attributes if attribute.variation}
    choices = {}
    for row in rows:
        shared = shop.terms.attributes.get(row.whole("id"))
        attribute = varying.get(shared.slug if shared else slug(row.text("name")))
        if attribute is not None:
            choices[attribute.key] = _choice(shop, shared, clean(row.text("option")))
    return choices


def _choice(shop: Shop, shared: GlobalAttribute | None, option: str) -> str:
    """Keep the slug of a global attribute's term, made from the text when there is no such term."""
    if shared is None or not option:
        return option
    term = shop.terms.named(shared.slug, option)
    return term.slug if term else slug(option)


def write_choices(shop: Shop, parent: Product, choices: Iterable[tuple[str, str]]) -> list[JsonValue]:
    """Write a variation's choices, or a product's default ones; what is not chosen means any and is left out."""
    attributes = {attribute.key: attribute for attribute in parent.attributes}
    return [
        {
            "id": attributes[key].attribute_id,
            "name": attributes[key].name,
            "slug": key,
            "option": _shown(shop, key, value),
        }
        for key, value in choices
        if key in attributes and value
    ]


def _shown(shop: Shop, key: str, value: str) -> str:
    term = shop.terms.with_slug(key, value) if key.startswith("pa_") else None
    return term.name if term else value
