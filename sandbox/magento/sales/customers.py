"""Customers, and discounts for everybody (facts/magento.md, section 5)."""

from typing import Any

from sandbox.magento.dates import written
from sandbox.magento.sales.model import Customer, Rule
from sandbox.magento.shop import Shop
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, invalid, no_entity
from sandbox.magento.web.wire import Request

_FIXED = {"id", "email", "created_at", "updated_at"}


def as_json(customer: Customer) -> dict[str, Any]:
    """Write a customer."""
    return {
        "id": customer.id,
        "group_id": 1,
        "created_at": written(customer.created),
        "updated_at": written(customer.updated),
        "created_in": "Default Store View",
        "email": customer.email,
        "store_id": 1,
        "website_id": 1,
        "addresses": [],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False},
        **customer.fields,
    }


def list_all(request: Request) -> dict[str, Any]:
    def value(customer: Customer, field: str) -> Any:  # noqa: ANN401 - fields are of any type
        return customer.id if field == "entity_id" else as_json(customer).get(field)

    return search(request, list(request.shop.customers.values()), value, as_json)


def _find(shop: Shop, customer_id: int) -> Customer:
    found = shop.customers.get(customer_id)
    if found is None:
        raise no_entity("customerId", customer_id)
    return found


def read(request: Request) -> dict[str, Any]:
    return as_json(_find(request.shop, request.whole("customerId")))


def create(request: Request) -> dict[str, Any]:
    shop, now = request.shop, request.shop.now()
    customer = Customer(shop.next_customer_id(), "", now, now)
    _write(shop, customer, request.record("customer"))
    shop.customers[customer.id] = customer
    return as_json(customer)


def change(request: Request) -> dict[str, Any]:
    customer = _find(request.shop, request.whole("customerId"))
    _write(request.shop, customer, request.record("customer"))
    customer.updated = request.shop.now()
    return as_json(customer)


def _write(shop: Shop, customer: Customer, body: dict[str, Any]) -> None:
    fields = {**customer.fields, **{name: value for name, value in body.items() if name not in _FIXED}}
    email = str(body.get("email") or customer.email)
    given = {"firstname": fields.get("firstname"), "lastname": fields.get("lastname"), "email": email}
    missing = [name for name, value in given.items() if not value]
    if missing:
        text = '"%fieldName" is required. Enter and try again.'
        raise invalid(*((text, {"fieldName": name}) for name in missing))
    if any(other.email.lower() == email.lower() and other is not customer for other in shop.customers.values()):
        raise RestError("A customer with the same email address already exists in an associated website.")
    customer.email, customer.fields = email, fields
    shop.changed()


def delete(request: Request) -> bool:
    del request.shop.customers[_find(request.shop, request.whole("customerId")).id]
    request.shop.changed()
    return True


# --- discounts -------------------------------------------------------------------------------------------------------


def create_rule(request: Request) -> dict[str, Any]:
    shop = request.shop
    rule = Rule(shop.next_row_id(), request.record("rule"))
    shop.rules[rule.id] = rule
    shop.changed()
    return {**rule.fields, "rule_id": rule.id}


def delete_rule(request: Request) -> bool:
    if request.shop.rules.pop(request.whole("ruleId"), None) is None:
        raise no_entity("rule_id", request.path["ruleId"])
    request.shop.changed()
    return True
