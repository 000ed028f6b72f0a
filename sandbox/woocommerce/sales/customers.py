"""The customer routes (facts/woocommerce.md, "Customers")."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce import meta
from sandbox.woocommerce.dates import both
from sandbox.woocommerce.sales.model import Customer
from sandbox.woocommerce.sales.orders import merged_address
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean, slug
from sandbox.woocommerce.web.errors import RestError, no_trash
from sandbox.woocommerce.web.paging import by_include, in_include_order, page
from sandbox.woocommerce.web.wire import Answer, Params

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_ADDRESS = (
    "first_name", "last_name", "company", "address_1", "address_2", "city", "postcode", "country", "state", "phone",
)  # fmt: skip


def list_all(shop: Shop, params: Params) -> Answer:
    """Answer a page of customers; only those of the role customer unless asked otherwise, and no filter by date."""
    with shop.lock:
        rows = by_include(list(shop.customers.values()), params, lambda customer: customer.id)
        if params.text("role") != "all":
            rows = [customer for customer in rows if customer.role == params.text("role")]
        if params.text("email"):
            rows = [customer for customer in rows if customer.email.casefold() == params.text("email").casefold()]
        if params.text("search"):
            rows = [customer for customer in rows if params.text("search").casefold() in _searched(customer)]
        return page(shop, params, _sorted(rows, params), lambda customer: as_json(shop, customer))


def _searched(customer: Customer) -> str:
    return f"{customer.email} {customer.username} {customer.first_name} {customer.last_name}".casefold()


def _sorted(rows: list[Customer], params: Params) -> list[Customer]:
    order_by = params.text("orderby")
    if order_by == "include":
        return in_include_order(rows, params, lambda customer: customer.id)
    keys: dict[str, Callable[[Customer], tuple[datetime | int | str, int]]] = {
        "id": lambda customer: (customer.id, 0),
        "registered_date": lambda customer: (customer.created, customer.id),
    }
    key = keys.get(order_by, lambda customer: (customer.username, customer.id))
    return sorted(rows, key=key, reverse=params.text("order") == "desc")


def read(shop: Shop, params: Params) -> Answer:
    """Answer one customer of any role."""
    with shop.lock:
        return Answer(as_json(shop, _found(shop, params)))


def create(shop: Shop, params: Params) -> Answer:
    """Create a customer; an e-mail address is enough, a user name is made up."""
    with shop.lock:
        email = _free_email(shop, params.text("email"), own_id=0)
        username = _free_username(shop, params.text("username") or slug(email.partition("@")[0]))
        now = shop.now()
        customer = Customer(shop.next_user_id(), now, now, email, username)
        _apply(shop, customer, params)
        shop.customers[customer.id] = customer
        shop.emit("customer.created", customer.id)
        return Answer(as_json(shop, customer), 201)


def update(shop: Shop, params: Params) -> Answer:
    """Change a customer."""
    with shop.lock:
        customer = replace(_found(shop, params, 400), modified=shop.now())
        if params.text("email"):
            customer.email = _free_email(shop, params.text("email"), own_id=customer.id)
        if params.text("username") and params.text("username") != customer.username:
            raise RestError("woocommerce_rest_customer_invalid_argument", "A user name cannot be changed.", 400)
        _apply(shop, customer, params)
        shop.customers[customer.id] = customer
        shop.emit("customer.updated", customer.id)
        return Answer(as_json(shop, customer))


def delete(shop: Shop, params: Params) -> Answer:
    """Delete a customer, which needs ``force``."""
    if not params.flag("force"):
        raise no_trash()
    with shop.lock:
        customer = _found(shop, params, 400)
        del shop.customers[customer.id]
        shop.emit("customer.deleted", customer.id)
        return Answer(as_json(shop, customer))


def _found(shop: Shop, params: Params, status: int = 404) -> Customer:
    customer = shop.customers.get(params.whole("id"))
    if customer is None:
        raise RestError("woocommerce_rest_invalid_id", "There is no customer with this ID.", status)
    return customer


def _free_email(shop: Shop, email: str, own_id: int) -> str:
    wanted = clean(email)
    if "@" not in wanted:
        raise RestError("registration-error-invalid-email", "This is no e-mail address.", 400)
    if any(other.email.casefold() == wanted.casefold() and other.id != own_id for other in shop.customers.values()):
        raise RestError("registration-error-email-exists", "An account with this e-mail address exists already.", 400)
    return wanted


def _free_username(shop: Shop, wanted: str) -> str:
    taken = {customer.username for customer in shop.customers.values()}
    candidate, number = wanted or "customer", 1
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def _apply(shop: Shop, customer: Customer, params: Params) -> None:
    customer.first_name = clean(params.text("first_name")) or customer.first_name
    customer.last_name = clean(params.text("last_name")) or customer.last_name
    customer.billing = merged_address(customer.billing, params.get("billing"))
    customer.shipping = merged_address(customer.shipping, params.get("shipping"))
    customer.meta = meta.merged(customer.meta, params.records("meta_data"), shop.next_row_id)


def as_json(shop: Shop, customer: Customer) -> JsonObject:
    """Write a customer as the API does."""
    zone, collection = shop.settings.time_zone, f"{shop.home_url}/wp-json/wc/v3/customers"
    return {
        "id": customer.id,
        **both("date_created", customer.created, zone),
        **both("date_modified", customer.modified, zone),
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "role": customer.role,
        "username": customer.username,
        "billing": {**dict.fromkeys((*_ADDRESS, "email"), ""), **customer.billing},
        "shipping": {**dict.fromkeys(_ADDRESS, ""), **customer.shipping},
        "is_paying_customer": any(order.customer_id == customer.id and order.paid for order in shop.orders.values()),
        "avatar_url": f"{shop.home_url}/avatar/{customer.id}",
        "meta_data": meta.as_json(customer.meta),
        "_links": {"self": [{"href": f"{collection}/{customer.id}"}], "collection": [{"href": collection}]},
    }
