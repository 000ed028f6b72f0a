"""What the table holds, in memory, and what every repository over it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from tests.fakes.crash import Crash
from tillbridge.domain.catalogue import Item, Matrix, Reference
from tillbridge.domain.choice import Choice
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.listing import Sighting
from tillbridge.domain.mail import Posted
from tillbridge.domain.merchant import Connection, Lane, Merchant, System
from tillbridge.domain.migration import Migration
from tillbridge.domain.notice import Notice
from tillbridge.domain.orders.record import OrderRecord
from tillbridge.domain.product import Link, ListingRef, UnlinkedOrder
from tillbridge.domain.stock import Quantity, StockLevel
from tillbridge.domain.work import Cursor, Held, Hold, LaneLease, Mark, Reject, Run, Shelf


@dataclass
class Memory:
    """What the table holds."""

    merchants: dict[str, Merchant] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    items: dict[str, dict[str, Item]] = field(default_factory=dict)
    matrices: dict[str, dict[str, Matrix]] = field(default_factory=dict)
    levels: dict[str, dict[tuple[str, str], StockLevel]] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    unmet: dict[str, set[str]] = field(default_factory=dict)
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    runs: dict[tuple[str, str], Run] = field(default_factory=dict)
    rejects: dict[str, dict[str, Reject]] = field(default_factory=dict)
    marks: dict[tuple[str, Lane], list[Mark]] = field(default_factory=dict)
    links: dict[str, dict[str, Link]] = field(default_factory=dict)
    shelves: dict[str, dict[str, Shelf]] = field(default_factory=dict)
    listings: dict[str, dict[ListingRef, str]] = field(default_factory=dict)
    reserved: dict[str, dict[str, dict[str, Quantity]]] = field(default_factory=dict)  # till -> order -> item -> units
    seen: dict[str, dict[str, datetime]] = field(default_factory=dict)
    sightings: dict[str, dict[str, Sighting]] = field(default_factory=dict)
    choices: dict[str, dict[str, Choice]] = field(default_factory=dict)
    orders: dict[str, dict[str, str]] = field(default_factory=dict)
    unlinked: dict[str, dict[str, UnlinkedOrder]] = field(default_factory=dict)
    records: dict[str, dict[str, OrderRecord]] = field(default_factory=dict)
    pointers: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    vocabulary: dict[str, dict[str, str]] = field(default_factory=dict)
    budgets: dict[str, dict[str, str]] = field(default_factory=dict)
    holds: dict[str, dict[str, Hold]] = field(default_factory=dict)
    held: dict[tuple[str, Lane], dict[str, Held]] = field(default_factory=dict)
    logs: dict[tuple[str, Lane], GuardLog] = field(default_factory=dict)
    asked: dict[str, dict[str, None]] = field(default_factory=dict)
    answered: dict[str, dict[str, datetime]] = field(default_factory=dict)
    leases: dict[tuple[str, Lane], LaneLease] = field(default_factory=dict)
    migrations: dict[str, Migration] = field(default_factory=dict)
    rows: int = 0  # marks written so far
    mails: dict[tuple[str, str], Posted] = field(default_factory=dict)
    mails_woken: list[tuple[str, str]] = field(default_factory=list)
    notices: dict[tuple[System, str], Notice] = field(default_factory=dict)


@dataclass
class Fake:
    """What every fake repository has."""

    memory: Memory
    crash: Crash = field(default_factory=Crash)


Value = TypeVar("Value")


def behind(rows: Mapping[str, Value], after: str) -> list[Value]:
    """Go through rows in the order of their keys' text, as the table does."""
    return [row for key, row in sorted(rows.items()) if key > after]


def pick(rows: Mapping[str, Value], keys: Iterable[str]) -> dict[str, Value]:
    return {key: rows[key] for key in keys if key in rows}
