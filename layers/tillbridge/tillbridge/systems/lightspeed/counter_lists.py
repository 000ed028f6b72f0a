"""Reads what a sale has to point into."""

from tillbridge.domain.orders.sale import CounterLists
from tillbridge.systems.lightspeed.client import LightspeedClient
from tillbridge.systems.lightspeed.envelope import garbled
from tillbridge.systems.lightspeed.order import AnyOrder
from tillbridge.systems.lightspeed.pages import Reader, Row, read_whole
from tillbridge.systems.lightspeed.parse import UnreadableError, read
from tillbridge.systems.lightspeed.parse_sales import (
    read_employee,
    read_payment_type,
    read_register,
    read_shop_tax,
    read_tax_category,
)
from tillbridge.systems.lightspeed.resources import (
    EMPLOYEES,
    LOCATIONS,
    PAYMENT_TYPES,
    REGISTERS,
    TAX_CATEGORIES,
    Listing,
)
from tillbridge.systems.lightspeed.wire_sales import WireAccountDetails


def read_lists(client: LightspeedClient) -> CounterLists:
    """Read registers, employees, payment types, sales taxes, each location's own one, and the currency."""

    def all_of(listing: Listing, reader: Reader[Row]) -> tuple[Row, ...]:
        return tuple(read_whole(client, listing, AnyOrder(listing.id_field), reader))

    return CounterLists(
        registers=all_of(REGISTERS, read_register),
        employees=all_of(EMPLOYEES, read_employee),
        payment_types=all_of(PAYMENT_TYPES, read_payment_type),
        tax_categories=all_of(TAX_CATEGORIES, read_tax_category),
        location_taxes={place: category for place, category in all_of(LOCATIONS, read_shop_tax) if category},
        currency=_currency(client),
    )


def _currency(client: LightspeedClient) -> str:
    answer = client.get(client.details_url(), resource="Account")
    body = answer.json()
    try:
        details = read(WireAccountDetails, body if isinstance(body, dict) else {})
    except UnreadableError as error:
        raise garbled(answer, "Account", str(error)) from None
    return details.currency.code if details.currency else ""
