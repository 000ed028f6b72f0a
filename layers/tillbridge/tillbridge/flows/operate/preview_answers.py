"""What a preview answers; the same rules as in ``answers``."""

from dataclasses import dataclass
from enum import StrEnum

from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import ConnectionState, System


class ChangeKind(StrEnum):
    """What a push would do to a product or, for stock, to an item."""

    CREATE = "create"
    CHANGE = "change"
    UNPUBLISH = "unpublish"
    PUBLISH_AGAIN = "publish again"  # we took it off sale, and the till has it back
    STOCK = "stock"
    HELD = "held"  # nothing is done until a person decides: ``why`` tells what looks like an accident
    DROPPED = "dropped"  # nothing is done: a person did not want just this, and ``hold`` names the hold it was in
    SECOND_READING = "second reading"  # a zero that the till is first asked about once more
    BLOCKED = "blocked"  # nothing is done: ``why`` tells the reason and what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field: ``old`` is what the shop last acknowledged, ``None`` when that is not known.

    ``item`` and ``sku`` are "" for a field of the product as a whole.
    """

    item: str
    sku: str
    field: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """All that would be done to one product, or to the stock of one item; ``listing`` is "" while there is none.

    ``why`` says why it is blocked, held or goes off sale, that the shop refused the same before, or that a person has
    let it pass. Of what is held, ``held_for`` is the bound that it meets, and ``hold`` names the hold that it is in
    already, "" if the sync would hold it.
    """

    key: str
    name: str
    sku: str
    kind: ChangeKind
    listing: str
    why: str
    fields: tuple[FieldChange, ...] = ()
    held_for: Kind | None = None
    hold: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRead:
    """How far the till has been read, while that is done for the first time: a preview knows of no more than that.

    ``about`` is how many items there may be, ``None`` while that cannot be told. ``waits``: the shop sells already, so
    that nothing at all is written to it before everything has been read; what is linked with what may still change.
    """

    items: int
    about: int | None
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRound:
    """What one round of a shop's push would do, out of so many products or items that it looks at.

    ``calls`` are the calls to the shop's API that it needs. ``first_read`` is ``None`` once the till has been read.
    """

    connection: str
    system: System
    name: str
    state: ConnectionState
    products: int
    items: int
    calls: int
    first_read: FirstRead | None
    changes: tuple[PlannedChange, ...]
