"""The rights that the work needs (facts/shopify.md, section 3, "Scopes")."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

SCOPES: Mapping[str, str] = {
    "read_products": "listings cannot be read",
    "write_products": "products cannot be created or changed",
    "read_inventory": "stock cannot be read",
    "write_inventory": "stock cannot be written",
    "read_locations": "the shop's locations are not known",
    "read_publications": "it is not known what shoppers see",
    "write_publications": "products cannot be put on sale or taken off it",
    "read_orders": "web orders are not met, so that what they hold could be sold twice",
    "write_files": "pictures cannot be taken off listings again",
}
"""Each with what does not work without it. Writing includes reading."""

SCOPES_OF_SALES: Mapping[str, str] = {
    "write_orders": "the sale's number is not written to orders, and no money is given back through the shop",
    "write_merchant_managed_fulfillment_orders": "what was shipped at the till is not marked as shipped",
}
"""Those that are needed as well where web orders become sales."""


def missing_scopes(granted: AbstractSet[str], *, selling: bool = False) -> tuple[str, ...]:
    """Name each right that is needed and not there, with what would not work without it."""
    needed = {**SCOPES, **SCOPES_OF_SALES} if selling else SCOPES
    return tuple(
        f"{scope}: without it {without}" for scope, without in needed.items() if not granted & {scope, _writing(scope)}
    )


def _writing(scope: str) -> str:
    verb, _, rest = scope.partition("_")
    return f"write_{rest}" if verb == "read" else scope
