"""The employees, known by their roles only, and what each role may do."""

from dataclasses import dataclass

from sandbox.lightspeed.data.rows import Row
from sandbox.lightspeed.wire import Json

_SINCE = "2019-04-15T08:00:00+00:00"
SYSTEM_USER_BASE = 170_000

ALL_RIGHTS = (
    "admin",
    "admin_employees",
    "admin_inventory",
    "admin_purchases",
    "admin_shops",
    "admin_void_sale",
    "all_read",
    "allow_login",
    "categories",
    "customers",
    "customers_read",
    "inventory",
    "inventory_base",
    "inventory_counts",
    "inventory_import",
    "inventory_read",
    "manufacturers",
    "product_cost",
    "product_edit",
    "purchase_orders",
    "register",
    "register_layaway",
    "register_read",
    "register_refund",
    "reports",
    "special_orders",
    "tags",
    "transfers",
    "vendor_returns",
    "vendors",
    "workbench",
)
"""Names of employee rights as Session and EmployeeRole show them (facts/lightspeed.md, "Scopes")."""

_LIMITED = ("allow_login", "customers_read", "inventory_read", "register", "register_read")


@dataclass(frozen=True, slots=True)
class Role:
    """A set of rights with a name."""

    id: int
    name: str
    rights: tuple[str, ...]


ROLES = (Role(1, "Owner", ALL_RIGHTS), Role(2, "Cashier", _LIMITED))
ADMIN, LIMITED, LOCKED = 1, 2, 3


def employees() -> list[Row]:
    """List the employees: an admin, one with few rights and one who is locked out."""
    entries = (("Admin", 1, False), ("Limited", 2, False), ("Locked", 1, True))
    return [_row(number, *entry) for number, entry in enumerate(entries, start=1)]


def _row(number: int, name: str, role_id: int, locked: bool) -> Row:  # noqa: FBT001 - a column, not a switch
    return Row(
        number,
        {
            "employeeID": str(number),
            "firstName": "Shop",
            "lastName": name,
            "accessPin": "",
            "lockOut": "true" if locked else "false",
            "archived": "false",
            "timeStamp": _SINCE,
            "contactID": str(number + 10),
            "clockInEmployeeHoursID": "0",
            "employeeRoleID": str(role_id),
            "limitToShopID": "0",
            "lastShopID": "1",
            "lastSaleID": "0",
            "lastRegisterID": "1",
        },
    )


def contact(contact_id: str, *, address: bool) -> Json:
    """Show a contact; its empty parts are empty strings, as recorded."""
    return {
        "contactID": contact_id,
        "custom": "",
        "noEmail": "false",
        "noPhone": "false",
        "noMail": "false",
        "timeStamp": _SINCE,
        "Addresses": {"ContactAddress": _ADDRESS} if address else "",
        "Phones": {"ContactPhone": {"number": "555 555 0100", "useType": "Work"}},
        "Emails": {"ContactEmail": {"address": "shop@example.com", "useType": "Primary"}},
        "Websites": "",
    }


_ADDRESS = {
    "address1": "1 Quay Street",
    "address2": "",
    "city": "Alderport",
    "state": "ME",
    "zip": "04101",
    "country": "United States",
    "countryCode": "US",
    "stateCode": "ME",
}
