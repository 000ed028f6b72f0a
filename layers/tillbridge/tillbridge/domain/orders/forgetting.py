"""What an order has put into the till of its buyer, and what is said of it to whoever asked. Pure; no personal data."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tillbridge.domain.orders.record import OrderRecord

MOST_NAMED = 10
"""Orders that an answer names; the others are counted."""


class Trace(StrEnum):
    """What of an order's buyer there is in the till."""

    UNKNOWN = "unknown"  # the order has no row: it never came here, or was forgotten with time
    NOBODY = "nobody"  # nobody was named for it
    FORGOTTEN = "forgotten"  # we have taken the buyer off the till, and name nobody for it any more
    OURS = "ours"  # a customer whom we have made
    OTHERS = "others"  # a customer whom the till had already
    DONE = "done"  # a customer whom we have made, and have just made anonymous
    UNSURE = "unsure"  # a customer was to be made, and it is not known yet whether that came about
    ELSEWHERE = "elsewhere"  # a customer whom we have made, in a till that is not the one of today
    LOST = "lost"  # the order has no row, and may be older than rows are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One order with what it has left. ``name`` is the number that people know; ``customer_id`` is the till's."""

    name: str
    trace: Trace
    customer_id: str = ""


def trace_of(record: OrderRecord, ours: Collection[str]) -> Trace:
    """Tell what an order has left; ``ours`` are the customers of today's till whom we have made."""
    if not record.customer_id:
        if record.customer_forgotten:
            return Trace.FORGOTTEN
        return Trace.UNSURE if record.customer_sought else Trace.NOBODY
    if record.customer_id in ours:
        return Trace.OURS
    return Trace.ELSEWHERE if record.customer_ours else Trace.OTHERS


def traced(record: OrderRecord, ours: Collection[str]) -> Traced:
    """Name an order with what it has left."""
    name = record.number or record.order_id
    return Traced(name=name, trace=trace_of(record, ours), customer_id=record.customer_id)


def without_customer(record: OrderRecord) -> OrderRecord:
    """Give an order that names nobody, and never will: a refund of it must not make the customer anew."""
    return replace(record, customer_id="", customer_ours=False, customer_sought=False, customer_forgotten=True)


SAID: Mapping[Trace, str] = {
    Trace.DONE: "Made anonymous in the till: {people} ({orders}).",
    Trace.FORGOTTEN: "Nothing of the buyer of {orders} is left in the till.",
    Trace.OTHERS: "Left alone: {people} ({orders}) stood in the till before, and Tillbridge wrote nothing there.",
    Trace.NOBODY: "No customer was made for {orders}.",
}
"""What is said of orders that need nothing more. Of those that never came here there is nothing to say."""

PENDING: Mapping[Trace, str] = {
    Trace.OURS: "Made by Tillbridge in the till: {people} ({orders}).",
    Trace.UNSURE: "It is not known yet whether a customer was made for {orders}: the till has not answered, and is"
    " asked again when the order is looked at. If the order is parked, look for the buyer in the till.",
    Trace.ELSEWHERE: "Made by Tillbridge in a till that is not connected any more: {people} ({orders}).",
    Trace.LOST: "Nothing is known of {orders}: either they never came here, or they are over for more than 400 days."
    " Look for the buyer in the till.",
}
"""What is said of orders that keep a request open."""


def said(orders: Iterable[Traced], texts: Mapping[Trace, str]) -> str:
    """Say of orders what they have left, those with the same in one sentence."""
    known = list(orders)
    met = {trace: [one for one in known if one.trace is trace] for trace in texts}
    return " ".join(_sentence(texts[trace], some) for trace, some in met.items() if some)


def _sentence(text: str, orders: Sequence[Traced]) -> str:
    people = list(dict.fromkeys(one.customer_id for one in orders if one.customer_id))
    return text.format(people=_named("customer", people), orders=_named("order", [one.name for one in orders]))


def _named(what: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{what}{'s' if len(names) > 1 else ''} {', '.join(names[:MOST_NAMED])}{more}"
