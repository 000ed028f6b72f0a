"""Send goods of one order, each parcel once.

Shopify knows no key of ours for a fulfilment, and repeating one would send more. So before one is made we note, with
the order, how many units of its lines had left by then: whoever finds the note can tell whether it was made.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.systems.common.desk_rules import Units, left
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.desk.wire import ValueRow, WaitingLineRow, WaitingRow

OPEN = frozenset({"OPEN", "IN_PROGRESS", "SCHEDULED"})
HELD = frozenset({"ON_HOLD"})


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


def left_of(rows: Sequence[WaitingRow], places: Collection[str]) -> dict[str, Decimal]:
    """Say what has yet to leave from these places, or without any named from all, by line."""
    rest: dict[str, Decimal] = {}
    for _, line in waiting(rows, places):
        rest[line.line_item.id] = rest.get(line.line_item.id, ZERO) + line.remaining_quantity
    return rest


def on_hold(rows: Sequence[WaitingRow], places: Collection[str], lines: Collection[str]) -> str:
    """Name the first of these lines, or without any of all, that the shop's people hold back, "" if none is."""
    held = (line.line_item.id for _, line in waiting(rows, places, HELD))
    return next((line for line in held if not lines or line in lines), "")


def waiting(
    rows: Sequence[WaitingRow], places: Collection[str], statuses: Collection[str] = OPEN
) -> Iterator[tuple[WaitingRow, WaitingLineRow]]:
    """Go through what has yet to be sent, from these places or from any."""
    for row in rows:
        if row.status in statuses and (not places or row.place in places):
            for line in row.line_items.nodes:
                if line.remaining_quantity > 0:
                    yield row, line


def fulfillments(
    rows: Sequence[WaitingRow], units: Units, places: Collection[str], tracking: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """Write the fulfilments that send these units, one per location: that is all one may hold."""
    left = dict(units)
    by_place: dict[str, dict[str, list[dict[str, object]]]] = {}
    for row, line in waiting(rows, places):
        count = min(Decimal(line.remaining_quantity), left.get(line.line_item.id, ZERO))
        if count > 0:
            left[line.line_item.id] -= count
            entries = by_place.setdefault(row.place, {}).setdefault(row.id, [])
            entries.append({"id": gid("FulfillmentOrderLineItem", line.id), "quantity": int(count)})
    for orders in by_place.values():
        lines = [
            {"fulfillmentOrderId": gid("FulfillmentOrder", number), "fulfillmentOrderLineItems": entries}
            for number, entries in orders.items()
        ]
        told = {"trackingInfo": dict(tracking)} if tracking else {}
        yield {"lineItemsByFulfillmentOrder": lines, "notifyCustomer": True, **told}
