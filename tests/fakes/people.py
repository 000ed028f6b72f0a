"""Makers of merchants, connections, holds and orders."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.fakes.clock import NOON
from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.merchant import Connection, Lane, Merchant, Place, System
from tillbridge.domain.orders.record import OrderRecord
from tillbridge.domain.product import ListingRef, OrderLine, UnlinkedOrder, WebOrder
from tillbridge.domain.work import Hold


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


def hold(hold_id: str = "h1", **changes: Any) -> Hold:
    values: dict[str, Any] = {
        "hold_id": hold_id,
        "lane": Lane.STOCK,
        "kind": Kind.ZEROED,
        "cause": "620 of 1,000 listings would be zeroed within an hour; at most 20 % may.",
        "sample": (Change("42", Kind.ZEROED, field="stock", old="7", new="0"),),
        "created_at": NOON,
        "expires_at": NOON + timedelta(hours=24),
    }
    return Hold(**{**values, **changes})


def place(connection_id: str = "c1", merchant_id: str = "m1", system: System = System.LIGHTSPEED) -> Place:
    return Place(merchant_id, system, connection_id)


def unlinked_order(ref: ListingRef, *, sku: str = "", number: str = "1001") -> UnlinkedOrder:
    """Two units of a listing that no item is linked with."""
    order = WebOrder(
        order_id="1001",
        number=number,
        status="processing",
        lines=(OrderLine(ref, Decimal(2), sku),),
        holds_stock=True,
        taken_in_shop=True,
        changed_at=NOON,
    )
    return UnlinkedOrder(order, frozenset({ref}))


def order_record(shop: str = "s1", order_id: str = "7", **changes: Any) -> OrderRecord:
    values: dict[str, Any] = {"number": "1007", "seen_at": NOON, "changed_at": NOON}
    return OrderRecord(shop=shop, order_id=order_id, **{**values, **changes})
