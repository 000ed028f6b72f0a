"""Send goods of one order, each parcel once.

Shopify knows no key of ours for a fulfilment, and repeating one would send more. So before one is made we note, with
the order, how many units of its lines had left by then: whoever finds the note can tell whether it was made.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.systems.common.desk_rules import Units, left
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.desk.wire import ValueRow, WaitingLineRow, WaitingRow

OPEN = frozenset({"OPEN", "IN_PROGRESS", "SCHEDULED"})


@dataclass(frozen=True, slots=True)
class Notes:
    """What was noted with an order: our key of each parcel -> units that had left of its lines before it."""

    before: Mapping[str, Units]

    @classmethod
    def read(cls, value: ValueRow | None) -> "Notes":
        """Read them back; what somebody has spoilt counts as none."""
        try:
            told = json.loads(value.value) if value else {}
            return cls({key: {line: Decimal(str(sent)) for line, sent in lines.items()} for key, lines in told.items()})
        except (ValueError, ArithmeticError, AttributeError):
            return cls({})

    def with_parcel(self, key: str, units: Units, sent: Units) -> str:
        """Write them with one parcel more; what was noted of it before stays as it was."""
        noted = {**self.before, key: {line: sent.get(line, ZERO) for line in units} | dict(self.before.get(key, {}))}
        return json.dumps(
            {one: {line: str(count) for line, count in lines.items()} for one, lines in noted.items()}, sort_keys=True
        )

    def owed(self, parcel: Parcel, sent: Units) -> Units:
        """Say what of the units that a parcel names has yet to leave: without those that left since it was noted.

        A worker may have died between two of its places.
        """
        before = self.before.get(parcel.key)
        if before is None:
            return parcel.units
        return left(parcel.units, {line: sent.get(line, ZERO) - before.get(line, ZERO) for line in parcel.units})


def left_of(rows: Sequence[WaitingRow], place: str) -> Units:
    """Say what has yet to leave from one place, or from any, by line; a line that waits elsewhere has none of it."""
    rest = {line.line_item.id: ZERO for _, line in waiting(rows, "")}
    for _, line in waiting(rows, place):
        rest[line.line_item.id] += line.remaining_quantity
    return rest


def waiting(rows: Sequence[WaitingRow], place: str) -> Iterator[tuple[WaitingRow, WaitingLineRow]]:
    """Go through what has yet to be sent, from one place or from any."""
    for row in rows:
        location = row.assigned_location.location
        if row.status in OPEN and (not place or (location is not None and location.id == place)):
            for line in row.line_items.nodes:
                if line.remaining_quantity > 0:
                    yield row, line


def fulfillments(
    rows: Sequence[WaitingRow], units: Units, place: str, tracking: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """Write the fulfilments that send these units, one per location: that is all one may hold."""
    left = dict(units)
    by_place: dict[str, dict[str, list[dict[str, object]]]] = {}
    for row, line in waiting(rows, place):
        count = min(Decimal(line.remaining_quantity), left.get(line.line_item.id, ZERO))
        if count > 0:
            left[line.line_item.id] -= count
            location = row.assigned_location.location
            entries = by_place.setdefault(location.id if location else "", {}).setdefault(row.id, [])
            entries.append({"id": gid("FulfillmentOrderLineItem", line.id), "quantity": int(count)})
    for orders in by_place.values():
        lines = [
            {"fulfillmentOrderId": gid("FulfillmentOrder", number), "fulfillmentOrderLineItems": entries}
            for number, entries in orders.items()
        ]
        told = {"trackingInfo": dict(tracking)} if tracking else {}
        yield {"lineItemsByFulfillmentOrder": lines, "notifyCustomer": True, **told}
