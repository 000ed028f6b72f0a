"""Attributes of products, their options, and the sets they are in (facts/magento.md, section 3)."""

import re
from typing import Any

from sandbox.magento.catalogue.model import Attribute, AttributeSet, Option
from sandbox.magento.shop import Shop
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import Request

_CODE, _LONGEST_CODE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*"), 60
_PRODUCT_ENTITY = "4"
_CHOICES = {"select", "multiselect", "boolean"}
_DEFAULTS: dict[str, Any] = {
    "is_wysiwyg_enabled": False, "is_html_allowed_on_front": False, "used_for_sort_by": False, "is_filterable": False,
    "is_filterable_in_search": False, "is_used_in_grid": False, "is_visible_in_grid": False,
    "is_filterable_in_grid": False, "position": 0, "apply_to": [], "is_searchable": "0",
    "is_visible_in_advanced_search": "0", "is_comparable": "0", "is_used_for_promo_rules": "0",
    "is_visible_on_front": "0", "used_in_product_listing": "0", "is_visible": True, "is_unique": "0",
    "validation_rules": [], "frontend_class": "", "default_value": "" }  # fmt: skip
_TYPES = {"select": "int", "boolean": "int", "price": "decimal", "weight": "decimal", "date": "datetime",
          "textarea": "text", "multiselect": "text"}  # fmt: skip


def as_json(attribute: Attribute) -> dict[str, Any]:
    """Write an attribute with its options."""
    body = {
        **_DEFAULTS,
        **attribute.more,
        "attribute_id": attribute.id,
        "attribute_code": attribute.code,
        "frontend_input": attribute.input,
        "entity_type_id": _PRODUCT_ENTITY,
        "is_required": attribute.required,
        "options": options_as_json(attribute) if attribute.input in _CHOICES else [],
        "is_user_defined": attribute.user_defined,
        "default_frontend_label": attribute.label,
        "backend_type": _TYPES.get(attribute.input, "varchar"),
        "scope": attribute.scope,
    }
    return body | {"frontend_labels": body.get("frontend_labels") or []}


def options_as_json(attribute: Attribute) -> list[dict[str, Any]]:
    """Write the options, the empty one first."""
    ordered = sorted(attribute.options.values(), key=lambda option: (option.sort_order, option.id))
    return [{"label": " ", "value": ""}, *({"label": option.label, "value": str(option.id)} for option in ordered)]


def find(shop: Shop, code: str) -> Attribute:
    """Find an attribute by its code, or by its id; raises RestError, status 404."""
    found = shop.attributes.get(code) or next((a for a in shop.attributes.values() if str(a.id) == code), None)
    if found is None:
        text = 'The attribute with a "%1" attributeCode doesn\'t exist. Verify the attribute and try again.'
        raise RestError(text, [code], 404)
    return found


def list_all(request: Request) -> dict[str, Any]:
    return search(request, list(request.shop.attributes.values()), lambda row, field: as_json(row).get(field), as_json)


def read(request: Request) -> dict[str, Any]:
    return as_json(find(request.shop, request.path["attributeCode"]))


def create(request: Request) -> dict[str, Any]:
    shop, body = request.shop, request.record("attribute")
    label = body.get("default_frontend_label") or next(
        (row.get("label") for row in body.get("frontend_labels") or ()), ""
    )
    if not label:
        raise RestError('"%fieldName" is required. Enter and try again.', {"fieldName": "frontend_label"})
    code = str(body.get("attribute_code") or label.lower().replace(" ", "_"))
    if len(code) > _LONGEST_CODE or not _CODE.fullmatch(code):
        text = 'Attribute code "%1" is invalid. Please use only letters (a-z or A-Z), numbers (0-9) or underscore (_) '
        raise RestError(f"{text}in this field, and the first character should be a letter.", [code])
    if code in shop.attributes:
        raise RestError("Attribute with the same code (%1) already exists.".replace("%1", code))
    attribute = Attribute(shop.next_attribute_id(), code, label, user_defined=True)
    shop.attributes[code] = attribute
    _write(shop, attribute, body)
    shop.changed()
    return as_json(attribute)


def change(request: Request) -> dict[str, Any]:
    attribute = find(request.shop, request.path["attributeCode"])
    _write(request.shop, attribute, request.record("attribute"))
    request.shop.changed()
    return as_json(attribute)


def _write(shop: Shop, attribute: Attribute, body: dict[str, Any]) -> None:
    attribute.input = str(body.get("frontend_input") or attribute.input)
    attribute.scope = str(body.get("scope") or attribute.scope)
    attribute.label = str(body.get("default_frontend_label") or attribute.label)
    attribute.required = bool(body.get("is_required", attribute.required))
    for row in body.get("options") or ():
        if str(row.get("label") or "").strip() and not row.get("value"):
            _add_option(shop, attribute, row)
    kept = {"options", "attribute_id", "attribute_code", "custom_attributes", "extension_attributes", "entity_type_id"}
    attribute.more |= {name: value for name, value in body.items() if name not in kept and value is not None}


def delete(request: Request) -> bool:
    shop = request.shop
    attribute = find(shop, request.path["attributeCode"])
    if not attribute.user_defined:
        raise RestError("The system attribute can't be deleted.")
    del shop.attributes[attribute.code]
    for entry in shop.sets.values():
        entry.codes = [code for code in entry.codes if code != attribute.code]
    shop.changed()
    return True


def list_options(request: Request) -> list[dict[str, Any]]:
    return options_as_json(find(request.shop, request.path["attributeCode"]))


def add_option(request: Request) -> str:
    """Add an option; gives its id as text."""
    shop, attribute = request.shop, find(request.shop, request.path["attributeCode"])
    option = _add_option(shop, attribute, request.record("option"))
    shop.changed()
    return str(option.id)


def _add_option(shop: Shop, attribute: Attribute, row: dict[str, Any]) -> Option:
    if attribute.input not in _CHOICES:
        raise RestError('The "%1" attribute doesn\'t work with options.', [attribute.code])
    label = str(row.get("label") or "").strip()
    if not label:
        raise RestError("The attribute option label is empty. Enter the value and try again.")
    _check_label(attribute, label)
    option = Option(shop.next_option_id(), label, int(row.get("sort_order") or 0))
    attribute.options[option.id] = option
    return option


def _check_label(attribute: Attribute, label: str) -> None:
    if any(option.label == label for option in attribute.options.values()):
        raise RestError('Admin store attribute option label "%1" is already exists.', [label])


def change_option(request: Request) -> bool:
    attribute = find(request.shop, request.path["attributeCode"])
    option, row = _option(request, attribute), request.record("option")
    label = str(row.get("label") or option.label)
    if label != option.label:
        _check_label(attribute, label)
    option.label = label
    option.sort_order = int(row.get("sort_order") or option.sort_order)
    request.shop.changed()
    return True


def delete_option(request: Request) -> bool:
    attribute = find(request.shop, request.path["attributeCode"])
    del attribute.options[_option(request, attribute).id]
    request.shop.changed()
    return True


def _option(request: Request, attribute: Attribute) -> Option:
    found = attribute.options.get(request.whole("optionId"))
    if found is None:
        text = 'The "%1" attribute doesn\'t include an option with "%2" ID.'
        raise RestError(text, [attribute.code, request.path["optionId"]], 404)
    return found


# --- sets ------------------------------------------------------------------------------------------------------------


def _set_as_json(entry: AttributeSet) -> dict[str, Any]:
    return {"attribute_set_id": entry.id, "attribute_set_name": entry.name, "sort_order": 1, "entity_type_id": 4}


def list_sets(request: Request) -> dict[str, Any]:
    rows = list(request.shop.sets.values())
    return search(request, rows, lambda row, field: _set_as_json(row).get(field), _set_as_json)


def _set(shop: Shop, set_id: int) -> AttributeSet:
    found = shop.sets.get(set_id)
    if found is None:
        raise no_entity("attributeSetId", set_id)
    return found


def read_set(request: Request) -> dict[str, Any]:
    return _set_as_json(_set(request.shop, request.whole("attributeSetId")))


def create_set(request: Request) -> dict[str, Any]:
    shop = request.shop
    skeleton, name = (
        _set(shop, int(request.body["skeleton_id"])),
        str(request.record("attribute_set").get("attribute_set_name") or ""),
    )
    if any(entry.name == name for entry in shop.sets.values()):
        raise RestError('A "%1" attribute set name already exists. Create a new name and try again.', [name])
    number = shop.next_set_id()
    groups = {shop.next_set_id(): name for name in skeleton.groups.values()}
    shop.sets[number] = AttributeSet(number, name, groups, list(skeleton.codes))
    shop.changed()
    return _set_as_json(shop.sets[number])


def list_set_attributes(request: Request) -> list[dict[str, Any]]:
    shop = request.shop
    return [as_json(shop.attributes[code]) for code in _set(shop, request.whole("attributeSetId")).codes]


def add_to_set(request: Request) -> int:
    """Put an attribute into a set; gives the number of its row."""
    shop = request.shop
    attribute = find(shop, str(request.body["attribute_code"]))
    entry = _set(shop, int(request.body["attribute_set_id"]))
    if request.body["attribute_group_id"] not in entry.groups:
        raise RestError("The attribute group doesn't belong to the attribute set.")
    if attribute.code not in entry.codes:
        entry.codes.append(attribute.code)
    shop.changed()
    return attribute.id


def remove_from_set(request: Request) -> bool:
    entry, code = _set(request.shop, request.whole("attributeSetId")), request.path["attributeCode"]
    if code not in entry.codes:
        raise RestError('The "%1" attribute wasn\'t found in the "%2" attribute set.', [code, entry.id], 404)
    entry.codes.remove(code)
    request.shop.changed()
    return True


def list_groups(request: Request) -> dict[str, Any]:
    rows = [
        {"attribute_group_id": str(number), "attribute_group_name": name, "attribute_set_id": entry.id}
        for entry in request.shop.sets.values()
        for number, name in entry.groups.items()
    ]
    return search(request, rows, lambda row, field: row.get(field), lambda row: row)
