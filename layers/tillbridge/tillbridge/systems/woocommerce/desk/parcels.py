"""What has left of an order, kept with the order itself: WooCommerce knows no parcels (facts/woocommerce.md, "Orders").

The value is JSON: our key of each parcel -> the units in it by the order's line.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.systems.common.desk_rules import left
from tillbridge.systems.woocommerce.desk.wire import REFUNDED, RefundRow, WholeOrderRow

PARCELS = "_tillbridge_parcels"
COMPLETED, ALL_BACK = "completed", "refunded"

Parcels = Mapping[str, Mapping[str, Decimal]]


def parcels_of(row: WholeOrderRow) -> Parcels:
    """Read the parcels noted at an order; what somebody has spoilt counts as none."""
    try:
        told = json.loads(row.meta(PARCELS) or "{}")
        return {key: {line: Decimal(str(units)) for line, units in lines.items()} for key, lines in told.items()}
    except (ValueError, ArithmeticError, AttributeError):
        return {}


def text_of(parcels: Parcels) -> str:
    """Write parcels so that they can be read back."""
    return json.dumps(
        {key: {line: str(units) for line, units in lines.items()} for key, lines in parcels.items()}, sort_keys=True
    )


def shipped(row: WholeOrderRow) -> Mapping[str, Decimal]:
    """Add up what has left, by line; of a completed order everything has."""
    if row.status == COMPLETED:
        return {str(line.id): line.quantity for line in row.line_items}
    gone: dict[str, Decimal] = {}
    for lines in parcels_of(row).values():
        for line, units in lines.items():
            gone[line] = gone.get(line, ZERO) + units
    return gone


def left_of(row: WholeOrderRow, refunds: Iterable[RefundRow]) -> Mapping[str, Decimal]:
    """Say what has yet to leave, by line: neither sent nor given back. A refund of all that is left names no lines."""
    if row.status == ALL_BACK:
        return {}
    refunded = [{line.meta(REFUNDED): -line.quantity} for refund in refunds for line in refund.line_items]
    return left({str(line.id): line.quantity for line in row.line_items}, shipped(row), *refunded)
