"""The customer routes of v3, written in batches (facts/bigcommerce.md, "Customers v3")."""

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.sales.model import Customer
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, invalid, too_many
from sandbox.bigcommerce.web.fields import Fields, any_of, check, count, text
from sandbox.bigcommerce.web.paging import by_ids, by_text, known_filters, page
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data, rows_of, whole
from sandbox.common.json_types import JsonObject

_MOST, _MOST_ADDRESSES = 10, 10
_FIELDS: Fields = {
    "email": text(250, 3),
    "first_name": text(100, 1),
    "last_name": text(100, 1),
    "company": text(255),
    "phone": text(50),
    "notes": text(),
    "tax_exempt_category": text(255),
    "customer_group_id": count(),
    "addresses": any_of("array"),
    "origin_channel_id": count(),
    "channel_ids": any_of("array"),
}
_ADDRESS: Fields = {
    "first_name": text(255, 1),
    "last_name": text(255, 1),
    "company": text(255),
    "address1": text(),
    "address2": text(),
    "city": text(100),
    "state_or_province": text(100),
    "postal_code": text(30),
    "country_code": text(2, 2),
    "phone": text(50),
    "address_type": text(20),
}
_DEFAULTS: JsonObject = {
    "company": "",
    "phone": "",
    "notes": "",
    "tax_exempt_category": "",
    "customer_group_id": 0,
    "origin_channel_id": 1,
    "channel_ids": [1],
}
_FILTERS = {"id:in", "email:in", "name:in", "name:like"}


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of customers."""
    known_filters(call, _FILTERS)
    with shop.lock:
        rows = by_ids(call, shop.customers.values(), "id", lambda row: row.id)
        rows = by_text(call, rows, "email", lambda row: row.email)
        rows = by_text(call, rows, "name", lambda row: f"{row.values['first_name']} {row.values['last_name']}")
        include = call.words("include") or ()
        return page(call, rows, lambda row: as_json(row, addresses="addresses" in include))


def create(shop: Shop, call: Call) -> Answer:
    """Create up to ten customers, each with an e-mail address of its own."""
    rows = _batch(call)
    with shop.lock:
        checked = [check(_FIELDS, row, ("email", "first_name", "last_name")) for row in rows]
        for values in checked:
            _check_email(shop, str(values["email"]), 0)
        made = [_make(shop, values) for values in checked]
        return data([as_json(row, addresses=True) for row in made])


def _batch(call: Call) -> list[JsonObject]:
    rows = call.records()
    if len(rows) > _MOST:
        raise too_many(_MOST, "customers")
    return rows


def _make(shop: Shop, values: JsonObject) -> Customer:
    now, rows = shop.now(), rows_of(values.pop("addresses", []))
    if len(rows) > _MOST_ADDRESSES:
        raise invalid("addresses", f"{_MOST_ADDRESSES} at most")
    customer = Customer(shop.next_id(), str(values.pop("email")), now, now, {**_DEFAULTS, **values})
    for row in rows:
        checked = check(_ADDRESS, row, ("first_name", "last_name", "address1", "city", "country_code"))
        customer.addresses.append({"id": shop.next_id(), "customer_id": customer.id, **_whole_address(checked)})
    shop.customers[customer.id] = customer
    shop.emit("store/customer/created", {"type": "customer", "id": customer.id})
    return customer


def _whole_address(values: JsonObject) -> JsonObject:
    empty: JsonObject = dict.fromkeys(_ADDRESS, "")
    return {**empty, "address_type": "residential", "country": "", **values}


def _check_email(shop: Shop, email: str, own_id: int) -> None:
    if any(row.email.casefold() == email.casefold() and row.id != own_id for row in shop.customers.values()):
        raise ApiError(422, f"There is a customer with the e-mail address {email!r} already.", {".email": "in use"})


def update(shop: Shop, call: Call) -> Answer:
    """Change up to ten customers, each named by ``id``; addresses are left alone."""
    rows = _batch(call)
    with shop.lock:
        changed = []
        for row in rows:
            customer = shop.customers.get(whole(row.get("id")))
            if customer is None:
                raise invalid("id", f"there is no customer {row.get('id')}")
            values = check(_FIELDS, row)
            _check_email(shop, str(values.get("email", customer.email)), customer.id)
            values.pop("addresses", None)
            changed.append((customer, values))
        for customer, values in changed:
            customer.email = str(values.pop("email", customer.email))
            customer.values |= values
            customer.modified = shop.now()
            shop.emit("store/customer/updated", {"type": "customer", "id": customer.id})
        return data([as_json(customer, addresses=False) for customer, _ in changed])


def delete(shop: Shop, call: Call) -> Answer:
    """Delete the customers that ``id:in`` names."""
    ids = call.numbers("id:in")
    if not ids:
        raise invalid("id:in", "is missing")
    with shop.lock:
        for number in ids:
            if shop.customers.pop(number, None) is not None:
                shop.emit("store/customer/deleted", {"type": "customer", "id": number})
        return NOTHING


def as_json(customer: Customer, *, addresses: bool) -> JsonObject:
    """Write a customer as the API does."""
    shown: JsonObject = {
        "id": customer.id,
        "email": customer.email,
        **customer.values,
        "registration_ip_address": "",
        "date_created": dates.zulu(customer.created),
        "date_modified": dates.zulu(customer.modified),
        "address_count": len(customer.addresses),
        "attribute_count": 0,
        "authentication": {"force_password_reset": False},
        "accepts_product_review_abandoned_cart_emails": False,
    }
    return {**shown, "addresses": list(customer.addresses)} if addresses else shown
