"""What is remembered between two invocations: how far a read has come, what waits, and what a shop's shelf shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.merchant import Lane
from tillbridge.domain.pace import Pace
from tillbridge.domain.product import ListingRef
from tillbridge.domain.stock import Quantity


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a poll has come.

    ``since`` is where the next poll begins. ``open`` is set while a page is being stored: whoever finds it set
    treats every row of the next page as changed, because the last reader may have died half way.
    """

    since: datetime
    open: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A note that a product (catalogue lane) or an item (stock lane) may differ from what a shop shows.

    ``since`` is when the change was first seen, ``due_at`` when to look; ``tries`` counts failures so far.
    ``doubt`` says that the shop told of something else than it acknowledged, namely ``shown`` (``None``: of no figure
    at all). Unless that is what is known by the time of the look, what we know of it no longer counts.
    ``allowed`` names the hold that a person has released: the guard lets the key pass.
    Marks are only ever added and removed, never changed, so that a change made during a push is not lost.
    ``row`` names the very row that was read: a second mark made in the same microsecond is not removed with it.
    """

    key: str
    since: datetime
    due_at: datetime
    tries: int = 0
    doubt: bool = False
    shown: Quantity | None = None
    allowed: str = ""
    row: str = field(default="", compare=False)  # given by the store; "" until it is stored

    def contradicts(self, known: Quantity | None) -> bool:
        """Tell whether the shop told of something else than this figure."""
        return self.doubt and self.shown != known


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Progress of a long piece of work, for ``sync --wait`` and ``status``. ``after`` is where it resumes."""

    kind: str  # "full-read", "reconcile"
    started_at: datetime
    phase: str  # "lists", "matrices", "items", "hand over", "done"
    after: str = "0"
    done: int = 0  # rows read
    last: str = "0"  # the highest item id when it began: how far `after` has to go
    marked: int = 0  # products handed to the shops so far
    first: bool = False  # nothing of this till had been read before
    open: bool = False  # a page is being stored, as in Cursor
    look_at_all: bool = False  # the account's lists say something else than before: unchanged rows are marked as well
    finished_at: datetime | None = None
    stock_from: datetime | None = None  # where stock polls begin once the first full read is complete
    counts: Mapping[str, int] = field(default_factory=dict)  # what came of it so far, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The stock lane's memory of one item in one shop: where it is, and what the shop last acknowledged.

    ``known`` is ``None`` when nothing was acknowledged yet. Units that the shop itself took off for a web order are
    taken off ``known`` as well, when the order is seen.
    """

    item_id: str
    ref: ListingRef
    known: Quantity | None = None
    known_places: Mapping[str, Quantity] = field(default_factory=dict)  # of a shop with places: place -> quantity
    tracked: bool = True  # false: the till keeps no stock of it, nothing is ever sent
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    problem_code: str = ""
    problem: str = ""
    remedy: str = ""
    pace: Pace = field(default_factory=Pace)  # how fast it sells


class HoldState(StrEnum):
    """What became of a hold; only an open one takes further keys in."""

    OPEN = "open"
    RELEASED = "released"  # a person lets it pass
    DROPPED = "dropped"  # a person does not want it
    EXPIRED = "expired"  # nobody decided in time, or nothing was left of it: whatever is left is planned afresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Changes of one kind, in one lane of one shop, that wait for a person.

    ``cause`` and ``sample`` (a few of the changes) are what the person decides by. A decision only changes ``state``;
    the lane's worker then moves the keys, and notes with ``settled`` that none is left.
    """

    hold_id: str
    lane: Lane
    kind: Kind
    cause: str
    sample: tuple[Change, ...]
    created_at: datetime
    expires_at: datetime
    state: HoldState = HoldState.OPEN
    decided_at: datetime | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A key that is held: the mark it had, by which it is looked at again, and since when it has been held.

    ``wish`` is all that was to be written, as a short text. A key whose hold was dropped is kept ``until`` then: as
    long as it wishes for just the same, nobody is asked again.
    """

    hold_id: str
    mark: Mark
    held_at: datetime
    wish: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLease:
    """Who may write to one shop on one lane. ``fence`` grows by one each time somebody takes the lane.

    Nobody holds it when ``until`` is ``None``; a holder that died holds it until then.
    """

    fence: int = 0
    holder: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row of the till that could not be understood, e.g. ``item 42``; it is kept as it was read before."""

    thing: str
    happened: str
    remedy: str
    seen_at: datetime
