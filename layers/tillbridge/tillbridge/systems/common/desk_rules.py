"""What the order desks of all shops say and decide alike (``systems.order_desk``)."""

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from tillbridge.domain.errors import ItemRejectedError, Subject
from tillbridge.domain.orders.order import ZERO, Standing
from tillbridge.systems.order_desk import Parcel

Found = TypeVar("Found")
Units = Mapping[str, Decimal]
"""Units by the order's line ids."""

REMEDY = "Look at the order in the shop, and put it right by hand."


def about(subject: Subject, order_id: str) -> Subject:
    """Say which order an error is about."""
    return replace(subject, thing=f"order {order_id}")


def rejected(happened: str, subject: Subject, order_id: str) -> ItemRejectedError:
    """Say what cannot be done with an order."""
    return ItemRejectedError(happened, remedy=REMEDY, subject=about(subject, order_id))


@contextmanager
def naming(subject: Subject, order_id: str) -> Iterator[None]:
    """Let what the shop refuses say which order it is about, and what to do."""
    try:
        yield
    except ItemRejectedError as error:
        raise ItemRejectedError(
            error.happened,
            remedy=REMEDY,
            code=error.code,
            subject=about(subject, order_id),
            request_id=error.request_id,
        ) from error


def needed(found: Found | None, subject: Subject, order_id: str) -> Found:
    """Give what was found of an order; ``ItemRejectedError`` when it is gone."""
    if found is None:
        raise rejected("The order is not in the shop any more.", subject, order_id)
    return found


def noted_parcel(parcel: Parcel) -> str:
    """Give the comment by which a shipment is known as ours, where the shop keeps one with it."""
    return f"Tillbridge: parcel {parcel.key}"


def left(ordered: Units, *gone: Units) -> dict[str, Decimal]:
    """Say what has yet to leave: what is ordered without all that is gone, where that is anything."""
    rest = {line: units - sum((one.get(line, ZERO) for one in gone), ZERO) for line, units in ordered.items()}
    return {line: units for line, units in rest.items() if units > 0}


def to_ship(
    parcel: Parcel, rest: Units, standing: Standing, subject: Subject, order_id: str, *, known: Container[str]
) -> Units:
    """Say what a parcel takes of what is left: what it names, or else everything; no more than there is.

    ``known`` are the order's lines. What is missing was sent by the shop's own people, or given back before it left.
    """
    if standing is Standing.CANCELLED:
        raise rejected("The order was cancelled, and cannot be shipped.", subject, order_id)
    for line in parcel.units:
        if line not in known:
            raise rejected(f"The order has no line {line} that is shipped.", subject, order_id)
    taken = {line: min(units, rest.get(line, ZERO)) for line, units in (parcel.units or rest).items()}
    return {line: units for line, units in taken.items() if units > 0}
