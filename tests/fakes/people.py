"""Makers of merchants and connections."""

from typing import Any

from tests.fakes.clock import NOON
from tillbridge.domain.merchant import Connection, Merchant, System


def merchant(merchant_id: str = "m1", **changes: Any) -> Merchant:
    return Merchant(**{"merchant_id": merchant_id, "name": "Northfell Outdoor", "created_at": NOON, **changes})


def connection(connection_id: str = "c1", merchant_id: str = "m1", **changes: Any) -> Connection:
    values: dict[str, Any] = {
        "connection_id": connection_id,
        "merchant_id": merchant_id,
        "system": System.WOOCOMMERCE,
        "account_id": f"https://{connection_id}.example",
        "created_at": NOON,
        "changed_at": NOON,
    }
    return Connection(**{**values, **changes})
