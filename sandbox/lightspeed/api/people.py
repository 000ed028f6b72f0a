"""Customers, and where sales are sent to."""

from collections.abc import Mapping

from sandbox.lightspeed.api import rights
from sandbox.lightspeed.api.body import Body, is_true, text_of
from sandbox.lightspeed.api.contacts import read_contact, show_contact
from sandbox.lightspeed.api.endpoint import Endpoint, ResourceEndpoint, Writers
from sandbox.lightspeed.api.errors import bad_request
from sandbox.lightspeed.api.resource import Relation, Resource
from sandbox.lightspeed.customers import NAME_COLUMNS, PHONE_SEARCHES, Contact, Customer
from sandbox.lightspeed.data.numbers import flag, iso
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.shipments import NAMES, ShipTo
from sandbox.lightspeed.wire import Json

_NUMBERED = frozenset({"customerTypeID", "discountID", "taxCategoryID"})


def customers(retailer: Retailer) -> Endpoint:
    """Build Customer, which can be read, written, archived and made anonymous."""
    resource = _customer_resource(retailer)
    book = retailer.customers

    def create(body: Body) -> Json:
        contact = read_contact(body, Contact())
        return _written(resource, book.add(_names(body), contact))

    def update(customer: Customer, body: Body) -> Json:
        contact = read_contact(body, customer.contact)
        archived = is_true(body, "archived", default=customer.archived)
        return _written(resource, book.change(customer, _names(body), contact, archived=archived))

    return ResourceEndpoint(
        resource,
        Writers(
            create=create,
            update=update,
            archive=lambda customer: resource.render(book.archive(customer), {}),
            acts={("DELETE", "Anonymize"): lambda customer, _: resource.render(book.anonymise(customer), {})},
        ),
    )


def ship_to_resource(retailer: Retailer) -> Resource[ShipTo]:
    """Build ShipTo, which can only be read."""
    return Resource(
        name="ShipTo",
        id_field="shipToID",
        table=retailer.shipments.table,
        show=_ship_to_columns,
        sortable=("shipToID", "timeStamp", "saleID"),
        relations={"Contact": Relation(lambda row, _: show_contact(row.contact, row.updated), many=False)},
        read_rights=frozenset({"customers"}),
        archives=False,
        further_columns=("shipped", "customerID", *NAMES),
    )


def _customer_resource(retailer: Retailer) -> Resource[Customer]:
    return Resource(
        name="Customer",
        id_field="customerID",
        table=retailer.customers.table,
        show=_customer_columns,
        sortable=("customerID", "timeStamp", "firstName", "lastName"),
        relations={
            "Contact": Relation(lambda row, _: show_contact(row.contact, row.updated), many=False),
            "CreditAccount": Relation(_no_credit, many=False),
            "Note": Relation(_no_note, many=False),
            "Tags": Relation(lambda _row, _nested: ""),
        },
        read_rights=rights.ANY_AREA | {"customers_read"},
        write_rights=rights.ANY_AREA,
        searches={
            f"Contact.{name}": lambda row, name=name: row.found_by(name)  # type: ignore[misc]
            for name in ("email", *PHONE_SEARCHES)
        },
        behind_relations=("customerID", "createTime", "timeStamp", "archived"),
        further_columns=("archived", *NAME_COLUMNS),
    )


def _written(resource: Resource[Customer], customer: Customer) -> Json:
    """Show a customer as the answer to a write does: with the contact unasked (documented samples)."""
    return resource.render(customer, {"Contact": frozenset()})


def _names(body: Body) -> Mapping[str, str]:
    columns = {name: text_of(body[name]) for name in NAME_COLUMNS if name in body}
    for name in _NUMBERED & set(columns):
        if not columns[name].isdecimal():
            raise bad_request(f"{name} must be a whole number, got '{columns[name]}'.")
    return columns


def _customer_columns(customer: Customer) -> dict[str, Json]:
    own = customer.columns
    born = {"dob": own["dob"]} if own.get("dob") else {}
    return {
        "firstName": own.get("firstName", ""),
        "lastName": own.get("lastName", ""),
        **born,
        **{name: own.get(name, "") for name in ("title", "company", "companyRegistrationNumber", "vatNumber")},
        "creditAccountID": "0",
        **{name: own.get(name, "0") for name in ("customerTypeID", "discountID", "taxCategoryID")},
        "customerID": str(customer.id),
        "createTime": iso(customer.created),
        "timeStamp": iso(customer.updated),
        "archived": flag(customer.archived),
    }


def _no_credit(customer: Customer, _: frozenset[str]) -> Json:
    return {"creditAccountID": "0", "balance": "0", "creditLimit": "0", "timeStamp": iso(customer.created)}


def _no_note(customer: Customer, _: frozenset[str]) -> Json:
    return {"note": "", "isPublic": "false", "timeStamp": iso(customer.created)}


def _ship_to_columns(row: ShipTo) -> dict[str, Json]:
    return {
        "shipToID": str(row.id),
        "shipped": flag(row.shipped),
        "timeStamp": iso(row.updated),
        "shipNote": row.columns.get("shipNote", ""),
        "firstName": row.columns.get("firstName", ""),
        "lastName": row.columns.get("lastName", ""),
        "company": row.columns.get("company", ""),
        "customerID": str(row.customer_id),
        "saleID": str(row.sale_id),
    }
