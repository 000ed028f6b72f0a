"""What ``holds``, ``release`` and ``drop`` answer."""

from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.work import HoldState


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAnswer:
    """One of the changes that are held: of what, and from what to what. ``key`` is what ``item`` takes."""

    key: str
    name: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAnswer:
    """A plan that waits for a person, or waits for its lane to carry out what a person has decided.

    ``count`` is how many products or items are held now, and ``sample`` a few of the changes.
    """

    hold: str
    merchant: str
    connection: str
    system: System
    lane: Lane
    kind: Kind
    cause: str
    count: int
    sample: tuple[HeldAnswer, ...]
    state: HoldState
    created_at: datetime
    expires_at: datetime
    waits: bool  # for a person, or for its lane to carry out a decision; false once it was dropped and left so
    paused: bool  # the shop's connection has to be mended first
