"""What a token may do: the granted scopes, cut down to the rights of the employee who granted them."""

from collections.abc import Iterable

from sandbox.lightspeed.data.people import ALL_RIGHTS

PREFIX = "employee:"
_SCOPE_NAMES = (
    "all",
    "admin",
    "admin_employees",
    "admin_inventory",
    "admin_purchases",
    "admin_shops",
    "admin_void_sale",
    "categories",
    "customers",
    "customers_read",
    "customers_view_gift_card_numbers",
    "inventory",
    "inventory_counts",
    "inventory_counts_reconcile",
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
    "vendors",
    "vendor_returns",
    "workbench",
)
SCOPES = frozenset(PREFIX + name for name in _SCOPE_NAMES)
"""Every scope that may be asked for (facts/lightspeed.md, "Scopes")."""

_IMPLIED = {
    "inventory": ("inventory_base", "inventory_read"),
    "register": ("register_read",),
    "customers": ("customers_read",),
}


def rights_of(scopes: Iterable[str], employee_rights: Iterable[str]) -> frozenset[str]:
    """Give the rights that a token really has."""
    granted: set[str] = set()
    for scope in scopes:
        name = scope.removeprefix(PREFIX)
        granted |= set(ALL_RIGHTS) if name == "all" else {name, *_IMPLIED.get(name, ())}
    return frozenset(granted & set(employee_rights))


ANY_AREA = frozenset({"register", "inventory_base", "reports", "workbench", "customers", "admin"})
"""What the vendor lists for shops, registers, images and payment types: any of these will do."""
ITEM_READ = ANY_AREA | {"product_cost", "inventory", "inventory_read", "product_edit"}
ITEM_WRITE = frozenset({"product_edit", "inventory"})
STOCK_READ = frozenset({"inventory", "inventory_read", "product_cost"})
MATRIX_READ = frozenset({"product_cost"})
SETUP_READ = frozenset({"inventory_base"})
SALE_READ = frozenset({"register", "register_read"})
SALE_WRITE = frozenset({"register"})
