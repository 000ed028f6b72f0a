"""Tell whether an order says something new of what matters to the till. Nothing personal is looked at."""

import hashlib

from tillbridge.domain.orders.order import PlacedOrder


def fingerprint(*told: object) -> str:
    """Name a content: equal names, equal content. Of two changes within one second only the names differ."""
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest(order: PlacedOrder) -> str:
    """Name the content of an order: equal names, equal content. Times of change and shipments do not count."""
    return fingerprint(
        order.number,
        order.status,
        order.standing.value,
        order.currency,
        order.total,
        order.charges,
        order.payments,
        order.refunds,
        order.test,
    )
