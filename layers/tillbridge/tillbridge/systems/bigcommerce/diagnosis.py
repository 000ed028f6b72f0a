"""What a connection check found, in words for the merchant (facts/bigcommerce.md, "Hosts, auth")."""

from tillbridge.domain.errors import MissingRightError, Subject

NO_LOCATIONS = "The store shows no location in use, so that no stock can be kept there. Enable one in BigCommerce."
REFUND_RESTOCKS = (
    "The store puts stock back itself when an order is refunded in its panel; until the refund is in the till too, the "
    "next full comparison takes it off again. It can be switched off in BigCommerce under Settings > Inventory."
)
COUNTS_WHEN_SHIPPED = (
    "The store counts the units of an order off its stock only when the order is shipped or completed. Tillbridge "
    "takes account of that; shoppers see the units of open orders held back."
)

NEEDED = {
    "store_v2_products": "products",
    "store_v2_orders": "orders",
    "store_inventory": "stock",
    "store_locations": "the locations of stock",
    "store_v2_information_read_only": "the store's own settings",
}

NEEDED_TO_SELL = {
    "store_v2_orders": "the sale's number is not written to orders, and nothing is marked as shipped",
    "store_v2_transactions_read_only": "payments and refunds are not seen, and no web order becomes a sale",
}
"""With what does not work without it. Orders have to be modified; of payments reading is enough."""


def other_places(names: list[str]) -> str:
    """Warn of further locations, whose stock is left alone unless the merchant maps places to them."""
    return (
        f"The store keeps stock at further locations ({', '.join(sorted(names))}), which is left alone and sold "
        "besides. Map the till's locations to them with the settings stock_mode and stock_places, or disable them."
    )


def missing_scopes(scopes: list[str], subject: Subject) -> MissingRightError:
    """Name all scopes that the API account lacks."""
    return _lacking([f"{scope}, without which there are no {NEEDED.get(scope, 'calls')}" for scope in scopes], subject)


def missing_to_sell(scopes: list[str], subject: Subject) -> MissingRightError:
    """Name the scopes that selling needs and the API account lacks."""
    return _lacking([f"{scope}: without it {NEEDED_TO_SELL[scope]}" for scope in scopes], subject)


def _lacking(named: list[str], subject: Subject) -> MissingRightError:
    return MissingRightError(
        "The API account lacks scopes:",
        missing=named,
        remedy="In BigCommerce make a new store-level API account with all scopes that the connecting page lists, "
        "under Settings > API > Store-level API accounts, and connect again.",
        code="MissingScope",
        subject=subject,
    )
