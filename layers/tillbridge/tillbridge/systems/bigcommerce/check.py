"""Prove that a connection works and can write, and learn what the store is like; every failure comes with its remedy.

There is no way to ask for an account's scopes, so each is tried with the smallest question that needs it; a right to
write is tried with a list of nothing (facts/bigcommerce.md, "Hosts, auth").
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tillbridge.domain.errors import ItemRejectedError, MissingRightError
from tillbridge.systems.bigcommerce import diagnosis
from tillbridge.systems.bigcommerce.api.catalogue import PRODUCTS
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.api.refusals import RefusedError
from tillbridge.systems.bigcommerce.api.wire import InventorySettingsRow, StockRow, StoreRow
from tillbridge.systems.bigcommerce.levels import ITEMS
from tillbridge.systems.bigcommerce.stock import ABSOLUTE, locations
from tillbridge.systems.bigcommerce.traits import ORDER_PLACED, ORDER_SHIPPED
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shop import ShopProfile

MOST_DECIMALS = 8

Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """Checks one store with its token."""

    client: BigClient

    def run(self) -> ShopProfile:
        """Ask everything; raises ``UnauthorisedError``, ``MissingRightError`` or what the store is in trouble with."""
        client = self.client
        missing: list[str] = []
        store = self._tried("store_v2_information_read_only", missing, self._store)
        self._tried("store_v2_products", missing, lambda: client.write("PUT", PRODUCTS, [], safe_to_repeat=True))
        self._tried("store_v2_orders", missing, lambda: client.read("v2/orders", {"limit": "1"}))
        self._tried("store_inventory", missing, self._writes_stock)
        places = self._tried("store_locations", missing, lambda: dict(locations(client))) or {}
        if missing or store is None:
            raise diagnosis.missing_scopes(missing, client.subject)
        settings = self._settings()
        place = min(places, key=int, default="1")
        return ShopProfile(
            name=store.name or store.domain,
            address=store.secure_url or f"https://{store.domain}",
            version=store.plan_level or store.plan_name,
            currency=store.currency,
            price_decimals=min(max(0, store.decimal_places), MOST_DECIMALS),
            prices_include_tax=store.is_price_entered_with_tax,
            time_zone=store.timezone.name or "UTC",
            brands=True,
            places=places,
            warnings=tuple(self._warnings(places, place, settings)),
            details={
                "place": place,
                "places": ",".join(places),
                "counts_at": settings.update_stock_behavior or ORDER_PLACED,
                "panel_restocks": "yes" if settings.refund_order_stock_adjustment else "no",
                "weight_units": store.weight_units,
            },
        )

    def _tried(self, scope: str, missing: list[str], ask: Callable[[], Answered]) -> Answered | None:
        """Ask what needs a scope; a refusal of what was asked shows that the scope is there."""
        try:
            return ask()
        except MissingRightError:
            missing.append(scope)
        except ItemRejectedError:
            pass
        return None

    def _store(self) -> StoreRow:
        return parsed(StoreRow, self.client.read("v2/store"), self.client.subject, "The store's information")

    def _writes_stock(self) -> None:
        body = {"reason": "", "items": []}
        self.client.write("PUT", ABSOLUTE, body, safe_to_repeat=True)

    def _settings(self) -> InventorySettingsRow:
        """Read what the store does to stock by itself; an account that may not read it gets the usual ones."""
        try:
            said = self.client.read("v3/settings/inventory")
        except (MissingRightError, RefusedError):
            return InventorySettingsRow()
        data = said.get("data") if isinstance(said, dict) else None
        return parsed(InventorySettingsRow, data, self.client.subject, "The inventory settings")

    def _warnings(self, places: dict[str, str], place: str, settings: InventorySettingsRow) -> list[str]:
        found: list[str] = []
        if not places:
            found.append(diagnosis.NO_LOCATIONS)
        others = {one: name for one, name in places.items() if one != place}
        if stocked := self._stocked(others):
            found.append(diagnosis.other_places(stocked))
        if settings.update_stock_behavior == ORDER_SHIPPED:
            found.append(diagnosis.COUNTS_WHEN_SHIPPED)
        if settings.refund_order_stock_adjustment:
            found.append(diagnosis.REFUND_RESTOCKS)
        return found

    def _stocked(self, others: dict[str, str]) -> list[str]:
        """Name the other locations that have stock, as far as one page tells."""
        if not others:
            return []
        said = self.client.page(ITEMS, {"location_id:in": ",".join(others)})
        rows = parsed(list[StockRow], said.rows, self.client.subject, "A list of stock")
        levels = [level for row in rows for level in row.locations]
        stocked = dict.fromkeys(str(level.location_id) for level in levels if level.figure > 0)
        return [others[one] for one in stocked if one in others]
