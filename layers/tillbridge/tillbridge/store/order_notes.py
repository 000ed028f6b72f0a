"""Which state of each web order was dealt with: ``S#{shop}#ORDER | {order}``, forgotten after a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.store.clock import Clock
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.table import Table

KEPT = timedelta(days=120)
"""How long a state is remembered. Orders are looked at again only for as long as they change, a month at first."""


@dataclass(frozen=True, slots=True)
class StoredOrderNotes:
    """Implements ``OrderNotes``."""

    table: Table
    clock: Clock

    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, str]:
        """Find the state last dealt with; unknown orders are absent."""
        keys = {order_id: _key(shop, order_id) for order_id in order_ids}
        rows = self.table.get_many(keys.values())
        return {order: Fields.of_row(rows[key]).text("state") for order, key in keys.items() if key in rows}

    def put(self, shop: str, states: Mapping[str, str]) -> None:
        """Remember the states dealt with."""
        expires_at = int((self.clock.now() + KEPT).timestamp())
        self.table.write(
            {**_key(shop, order_id)._asdict(), "state": state, "expires_at": expires_at}
            for order_id, state in states.items()
        )


def _key(shop: str, order_id: str) -> Key:
    return Key(partition("S", shop, "ORDER"), part(order_id))
