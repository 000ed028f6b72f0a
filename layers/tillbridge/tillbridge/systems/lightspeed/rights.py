"""Which rights of the authorising employee the work needs: to read a till, and to sell at it (facts/lightspeed.md, A1).

Sales, refunds among them, are written with ``register``, which reads customers, payment types and registers as well.
Where sales are sent to is shown with ``customers`` only.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Any one of ``rights`` will do; the first is the one to ask for."""

    rights: tuple[str, ...]
    without: str


NEEDS = (
    Need(("product_cost",), "matrices and their variants cannot be read"),
    Need(("inventory_read", "inventory", "product_cost"), "stock cannot be read"),
    Need(("inventory_base",), "the names of attributes such as Size or Color cannot be read"),
    Need(
        ("register", "product_cost", "reports", "workbench", "customers", "admin"),
        "items cannot be read",
    ),
    Need(
        ("register", "inventory_base", "reports", "workbench", "customers", "admin"),
        "locations and pictures cannot be read",
    ),
)


SELLING_NEEDS = (
    Need(("register",), "web orders cannot become sales, and refunds cannot be written"),
    Need(("customers",), "what has been shipped is not seen, and web orders stay unshipped"),
)


def missing_rights(rights: AbstractSet[str], needs: Sequence[Need] = NEEDS) -> tuple[str, ...]:
    """Name each right that is needed and not there, with what would not work without it."""
    return tuple(f"{_names(need)}: without it {need.without}" for need in needs if not rights & set(need.rights))


def _names(need: Need) -> str:
    first, *others = need.rights
    return f"{first} (or {', '.join(others)})" if others else first
