"""Which rights of the authorising employee the reading of a till needs (facts/lightspeed.md, A1)."""

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


def missing_rights(rights: AbstractSet[str]) -> tuple[str, ...]:
    """Name each right that is needed and not there, with what would not work without it."""
    return tuple(f"{_names(need)}: without it {need.without}" for need in NEEDS if not rights & set(need.rights))


def _names(need: Need) -> str:
    first, *others = need.rights
    return f"{first} (or {', '.join(others)})" if others else first
