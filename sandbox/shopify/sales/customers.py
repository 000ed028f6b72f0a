"""Customers (facts/shopify.md, section 8)."""

from collections.abc import Mapping

from sandbox.shopify import rows
from sandbox.shopify.catalogue.custom_ids import by_custom_id
from sandbox.shopify.changing import customer_changed, index_of
from sandbox.shopify.dates import written
from sandbox.shopify.sales.model import NOTHING, Customer, CustomerAddress, Order
from sandbox.shopify.sales.orders import address
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import refuse
from sandbox.shopify.web.index import search
from sandbox.shopify.web.resolving import Input, mutation, query, resolver

_PLAIN = {
    "email": "email",
    "phone": "phone",
    "firstName": "first_name",
    "lastName": "last_name",
    "note": "note",
    "locale": "locale",
    "taxExempt": "tax_exempt",
}
customer_field = resolver("Customer")


@query
def customers(
    _root: object, context: Context, query: str | None = None, sort_key: str = "ID", **page: object
) -> object:
    found = search(context, index_of(context.shop, "Customer"), list(context.shop.customers.values()), query)
    by_date = sort_key == "UPDATED_AT"
    return connect(context, found, lambda row: (written(row.updated_at) if by_date else 0, row.id), page)


@query
def customer_by_identifier(_root: object, context: Context, identifier: Input) -> Customer | None:
    names = {"emailAddress": "email", "phoneNumber": "phone"}
    return _found(context, {names.get(name, name): value for name, value in identifier.items()})


def _found(context: Context, identifier: Input) -> Customer | None:
    row: object | None = None
    if identifier.get("id") is not None:
        row = rows.find(context.shop, identifier["id"])
    elif identifier.get("customId") is not None:
        row = by_custom_id(context, "CUSTOMER", identifier["customId"])
    else:
        [(name, value)] = [(name, value) for name, value in identifier.items() if value is not None]
        row = _with(context.shop, name, str(value))
    return row if isinstance(row, Customer) else None


def _with(shop: Shop, name: str, value: str) -> Customer | None:
    wanted = value.strip().casefold()
    return next((row for row in shop.customers.values() if (getattr(row, name) or "").casefold() == wanted), None)


@mutation
def customer_set(
    _root: object,
    context: Context,
    input: Input,
    identifier: Input | None = None,
) -> Mapping[str, object]:
    """Create or change a customer; an unknown id never creates, the list of addresses is replaced."""
    shop = context.shop
    if identifier is not None and input.get("id") is not None:
        raise refuse("Cannot specify both identifier and input.id.", "input", "id", code="ID_NOT_ALLOWED")
    asked = identifier or ({"id": input["id"]} if input.get("id") else None)
    row = _found(context, asked) if asked else None
    if row is None and asked is not None and asked.get("id") is not None:
        raise refuse("Resource matching the identifier was not found.", "input", code="NOT_FOUND")
    for name in ("email", "phone"):
        if asked is not None and asked.get(name) is not None and input.get(name) != asked[name]:
            message = f"The input field {name} must match the identifier."
            raise refuse(message, "input", name, code="INPUT_MISMATCH")
        other = _with(shop, name, input[name]) if input.get(name) else None
        if other is not None and other is not row:
            label = "Email" if name == "email" else "Phone"
            raise refuse(f"{label} has already been taken", "input", name, code="TAKEN")
    if row is None and not any(input.get(name) for name in ("email", "phone", "firstName", "lastName")):
        raise refuse("A name, phone number, or email address must be present", "input", code="BLANK")
    topic = "CUSTOMERS_UPDATE" if row else "CUSTOMERS_CREATE"
    row = row or Customer(shop.numbers.next("Customer"), context.now, context.now)
    _apply(shop, row, input)
    shop.customers[row.id] = row
    customer_changed(shop, row, topic)
    return {"customer": row, "userErrors": []}


def _apply(shop: Shop, row: Customer, data: Input) -> None:
    for key, name in _PLAIN.items():
        if key in data:
            setattr(row, name, data[key])
    row.email = row.email.strip().lower() if row.email else None
    if "tags" in data:
        row.tags = tuple(sorted(data["tags"] or ()))
    if data.get("addresses") is not None:
        row.addresses = [
            CustomerAddress(shop.numbers.next("MailingAddress"), dict(entry)) for entry in data["addresses"]
        ]


def _shown(row: Customer, context: Context, name: str) -> str | None:
    """Give a personal value; null without approval for protected customer data."""
    value: str | None = getattr(row, name)
    return None if context.shop.switches.customers_protected else value


@customer_field
def first_name(row: Customer, context: Context) -> str | None:
    return _shown(row, context, "first_name")


@customer_field
def last_name(row: Customer, context: Context) -> str | None:
    return _shown(row, context, "last_name")


@customer_field
def email(row: Customer, context: Context) -> str | None:
    return _shown(row, context, "email")


@customer_field
def phone(row: Customer, context: Context) -> str | None:
    return _shown(row, context, "phone")


@customer_field
def display_name(row: Customer, context: Context) -> str:
    names = [name for name in (first_name(row, context), last_name(row, context)) if name]
    return " ".join(names) or email(row, context) or phone(row, context) or ""


@customer_field
def default_email_address(row: Customer, context: Context) -> object:
    shown = email(row, context)
    return {"emailAddress": shown, "validFormat": True, "marketingState": "NOT_SUBSCRIBED"} if shown else None


@customer_field
def default_phone_number(row: Customer, context: Context) -> object:
    shown = phone(row, context)
    return {"phoneNumber": shown} if shown else None


def _addresses(row: Customer, context: Context) -> list[object]:
    shown = (address(context, entry.id, entry.values) for entry in row.addresses)
    return [entry for entry in shown if entry is not None]


@customer_field
def addresses(row: Customer, context: Context, first: int | None = None) -> list[object]:
    return _addresses(row, context)[:first]


@resolver("Customer", name="addressesV2")
def address_pages(row: Customer, context: Context, **page: object) -> object:
    found = _addresses(row, context)
    return connect(context, found, in_order(found), page)


@customer_field
def default_address(row: Customer, context: Context) -> object:
    return next(iter(_addresses(row, context)), None)


def _orders(row: Customer, context: Context) -> list[Order]:
    return [order for order in context.shop.orders.values() if order.customer_id == row.id]


@customer_field
def orders(row: Customer, context: Context, sort_key: str = "ID", query: str | None = None, **page: object) -> object:
    del sort_key
    found = search(context, index_of(context.shop, "Order"), _orders(row, context), query)
    return connect(context, found, lambda order: (0, order.id), page)


@customer_field
def number_of_orders(row: Customer, context: Context) -> int:
    return len(_orders(row, context))


@customer_field
def amount_spent(row: Customer, context: Context) -> object:
    spent = sum((order.received - order.refunded for order in _orders(row, context)), NOTHING)
    return {"amount": spent, "currencyCode": context.shop.settings.currency}
