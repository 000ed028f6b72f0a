"""What the flows need from the outside, apart from tills and shops. ``store``, ``grants`` and ``runtime`` implement it.

Every method speaks of one connection (or merchant) and can reach no other one's rows (invariant 5).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tillbridge.domain.catalogue import Item, Location, Matrix, Reference
from tillbridge.domain.choice import Choice
from tillbridge.domain.listing import ListedProduct, Sighting
from tillbridge.domain.mail import Mail, Posted
from tillbridge.domain.matching import MatchKey
from tillbridge.domain.merchant import Connection, Lane, Merchant, System
from tillbridge.domain.product import Link, ListingRef
from tillbridge.domain.stock import ItemStock, Quantity, StockLevel
from tillbridge.domain.work import Cursor, LaneLease, Mark, Reject, Run, Shelf


class Clock(Protocol):
    """Time, passed in so that tests own it."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Deadline(Protocol):
    """The time an invocation has left."""

    def left(self) -> timedelta:
        """Tell how long work may still go on; negative when it is over."""
        ...


class Merchants(Protocol):
    """Merchants and their connections."""

    def add(self, merchant: Merchant) -> None:
        """Add a merchant; ``InputError`` when the id is taken."""
        ...

    def get(self, merchant_id: str) -> Merchant:
        """Find a merchant; ``NotFoundError``."""
        ...

    def list(self) -> Sequence[Merchant]:
        """List all merchants by id."""
        ...

    def save(self, merchant: Merchant) -> None:
        """Replace a merchant's name and settings."""
        ...


class Connections(Protocol):
    """Connections, found by merchant or by id."""

    def add(self, connection: Connection) -> None:
        """Add a connection; ``InputError`` when the merchant already has one to this account."""
        ...

    def get(self, connection_id: str) -> Connection:
        """Find a connection; ``NotFoundError``."""
        ...

    def of_merchant(self, merchant_id: str) -> Sequence[Connection]:
        """List a merchant's connections, oldest first, without disconnected ones."""
        ...

    def of_account(self, system: System, account_id: str) -> Sequence[Connection]:
        """List every merchant's connections to an account, disconnected ones too."""
        ...

    def list(self) -> Iterable[Connection]:
        """List the connections of the whole fleet, without disconnected ones, page by page."""
        ...

    def save(self, connection: Connection) -> None:
        """Replace a connection's state, cause, traits, address and name."""
        ...


class Mirror(Protocol):
    """A copy of one till, as last read. Reads are strongly consistent.

    Rows that cannot be stored keep what was known of them, and are told with ``SomeRejectedError`` once the others are
    stored.
    """

    def items(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Item]:
        """Find items; unknown ids are absent."""
        ...

    def matrices(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, Matrix]:
        """Find matrices; unknown ids are absent."""
        ...

    def variants(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        """Find every item of these matrices, in the order of ids."""
        ...

    def every_item(self, till: str, after: str = "") -> Iterator[Item]:
        """Go through every item in the order of ids as texts, page by page in constant memory.

        With ``after`` only those behind that id: so a walk goes on where an earlier one ended.
        """
        ...

    def every_matrix(self, till: str, after: str = "") -> Iterator[Matrix]:
        """Go through every matrix, as ``every_item`` goes through items."""
        ...

    def find_by_sku(self, till: str, sku: str) -> Sequence[str]:
        """Find the ids of items that carry this SKU in any SKU field."""
        ...

    def carrying(self, till: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[Item, ...]]:
        """Find the items that may offer these keys, in whichever of their fields, archived ones included."""
        ...

    def stock(self, till: str, item_ids: Iterable[str], locations: Sequence[str]) -> Mapping[str, ItemStock]:
        """Find the stock of items at these locations; a location never read is absent from ``levels``."""
        ...

    def reference(self, till: str) -> Reference | None:
        """Find the account's lists, ``None`` before the first read."""
        ...

    def locations(self, till: str) -> Mapping[str, Location]:
        """Find only the locations of the account's lists: {} before the first read, a tenth of their price."""
        ...

    def put_items(self, till: str, items: Iterable[Item], previous: Mapping[str, Item] | None = None) -> None:
        """Store items (with the pointer from their matrix and from their SKUs).

        ``previous`` holds what the mirror had of them, when the caller has just read it; an id that is absent is new.
        Without it the mirror looks by itself.
        """
        ...

    def put_matrices(self, till: str, matrices: Iterable[Matrix]) -> None:
        """Store matrices."""
        ...

    def put_stock(self, till: str, levels: Iterable[StockLevel], *, guarded: bool) -> None:
        """Store stock rows. ``guarded`` refuses to replace a newer row (by ``updated_at``), silently."""
        ...

    def put_reference(self, till: str, reference: Reference) -> None:
        """Store the account's lists."""
        ...

    def ids_between(self, till: str, after: str, last: str) -> Sequence[str]:
        """List the ids of the items with ``after < id <= last`` (as numbers), in order, without those noted as gone."""
        ...

    def note_unmet(self, till: str, item_ids: Iterable[str]) -> None:
        """Note items that a full read should have met and did not."""
        ...

    def unmet(self, till: str, limit: int) -> Sequence[str]:
        """List items so noted, at most ``limit``."""
        ...

    def forget_unmet(self, till: str, item_ids: Iterable[str]) -> None:
        """Drop these notes."""
        ...


class Cursors(Protocol):
    """How far each poll of one till, or of one shop's orders, has come."""

    def get(self, connection: str, name: str) -> Cursor | None:
        """Find a cursor, ``None`` before the first poll."""
        ...

    def put(self, connection: str, name: str, cursor: Cursor) -> None:
        """Store a cursor."""
        ...


class Runs(Protocol):
    """Progress of long work."""

    def get(self, connection: str, name: str) -> Run | None:
        """Find a run."""
        ...

    def put(self, connection: str, name: str, run: Run) -> None:
        """Store a run."""
        ...


class Rejects(Protocol):
    """Rows of one till that could not be understood. They are forgotten two days after they were last met."""

    def put(self, till: str, rejects: Iterable[Reject]) -> None:
        """Keep rows, replacing what was known of the same thing."""
        ...

    def list(self, till: str) -> Sequence[Reject]:
        """List the rows met within the last two days."""
        ...


class Marks(Protocol):
    """What waits for one shop and lane."""

    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> Sequence[Mark]:
        """Add marks, and give them as ``remove`` takes them; the same key may be marked many times."""
        ...

    def due(self, shop: str, lane: Lane, now: datetime, limit: int) -> Sequence[Mark]:
        """List the marks whose time has come, earliest first."""
        ...

    def remove(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        """Remove exactly these marks."""
        ...

    def waiting(self, shop: str, lane: Lane, limit: int = 1000) -> Sequence[Mark]:
        """List all marks, also those whose time has not come, at most ``limit``."""
        ...


class Links(Protocol):
    """The product-listing pairs of one shop (written by the catalogue lane only)."""

    def get(self, shop: str, product_keys: Iterable[str]) -> Mapping[str, Link]:
        """Find links."""
        ...

    def put(self, shop: str, links: Iterable[Link]) -> None:
        """Store links; ``SomeRejectedError`` when some are too large, once the others are stored."""
        ...

    def every(self, shop: str, after: str = "", limit: int | None = None) -> Iterator[Link]:
        """Go through links in the order of their keys as texts, beginning after a key, in constant memory."""
        ...

    def troubled(self, shop: str) -> Iterable[Link]:
        """List the links that carry a problem."""
        ...

    def count(self, shop: str) -> int:
        """Count links that have a listing."""
        ...


class Shelves(Protocol):
    """The stock lane's memory of one shop."""

    def get(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, Shelf]:
        """Find shelves by item."""
        ...

    def at(self, shop: str, refs: Iterable[ListingRef]) -> Mapping[ListingRef, str]:
        """Find the item behind each listing; unknown listings are absent."""
        ...

    def put(self, shop: str, shelves: Iterable[Shelf], *, moved: bool = True) -> None:
        """Store shelves, and the pointer from their listing unless nothing has ``moved`` to another listing."""
        ...

    def count(self, shop: str) -> int:
        """Count the shelves: as dear as reading all of them."""
        ...

    def verified(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        """Tell when the listing of each item was last seen equal to the till; never ones are absent."""
        ...

    def note_verified(self, shop: str, item_ids: Iterable[str], at: datetime) -> None:
        """Note that these items' listings were seen equal. Apart from the shelf itself, which the stock lane writes."""
        ...

    def remove(self, shop: str, item_ids: Iterable[str]) -> None:
        """Forget shelves: nothing is sent to these listings any more."""
        ...


class Sightings(Protocol):
    """What surveys have met in one shop (written by the catalogue lane only)."""

    def keep(self, shop: str, listed: Sequence[ListedProduct], survey: datetime) -> None:
        """Store what a survey met, in place of what an earlier one did."""
        ...

    def get(self, shop: str, product_ids: Iterable[str]) -> Mapping[str, Sighting]:
        """Find listings; unknown ids are absent."""
        ...

    def showing(self, shop: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[ListedProduct, ...]]:
        """Find the listings of which a variant shows these keys; a key that nobody shows is absent."""
        ...

    def every(self, shop: str, after: str = "") -> Iterator[Sighting]:
        """Go through every listing, page by page in constant memory: ids in the order of text, behind ``after``."""
        ...

    def forget(self, shop: str, product_ids: Iterable[str]) -> None:
        """Remove listings that are gone."""
        ...


class Choices(Protocol):
    """What people decided about links of one shop."""

    def get(self, shop: str, keys: Iterable[str]) -> Mapping[str, Choice]:
        """Find decisions by the key of a product or listing."""
        ...

    def put(self, shop: str, choices: Iterable[Choice]) -> None:
        """Store decisions, in place of former ones."""
        ...

    def remove(self, shop: str, keys: Iterable[str]) -> None:
        """Forget decisions."""
        ...


class Reservations(Protocol):
    """Units in web orders that the till does not show yet, over all shops of one till.

    Where it is known which location they leave, the item's ``domain.stock.spot`` stands for the item.
    """

    def of(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Mapping[str, Quantity]]:
        """Find reserved units: item id -> {order reference, or its spot: units}."""
        ...

    def held(self, till: str, order: str) -> Mapping[str, Quantity]:
        """Find what an order holds: item id or spot -> units, {} when nothing."""
        ...

    def held_by(self, till: str, orders: Iterable[str]) -> Mapping[str, Mapping[str, Quantity]]:
        """Find what each of many orders holds; those that hold nothing are absent."""
        ...

    def set(
        self, till: str, order: str, units: Mapping[str, Quantity], former: Mapping[str, Quantity] | None = None
    ) -> Mapping[str, Quantity]:
        """Make this order's reservation exactly ``units`` (item or spot -> units, {} releases); returns the former one.

        Whoever has just read what it holds passes it on as ``former``; it is read anew where it is not that any more.
        """
        ...


class OrderNotes(Protocol):
    """Which state of each web order of a shop was dealt with, kept for as long as orders still change."""

    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, str]:
        """Find the state last dealt with; unknown orders are absent."""
        ...

    def put(self, shop: str, states: Mapping[str, str]) -> None:
        """Remember the states dealt with."""
        ...


class LaneLeases(Protocol):
    """Which worker serves a lane of a shop. The queue sees to it that there is one; this proves it."""

    def get(self, shop: str, lane: Lane) -> LaneLease:
        """Read the lease, consistently; one that was never taken is ``LaneLease()``."""
        ...

    def swap(self, shop: str, lane: Lane, old: LaneLease, new: LaneLease) -> bool:
        """Put ``new`` in the place of ``old``; false when something else stands there by now."""
        ...


class Lanes(Protocol):
    """Queues that wake workers. Losing, repeating or reordering a message does no harm."""

    def wake(self, connection: Connection, lane: Lane, task: str = "work") -> None:
        """Ask the worker of this connection and lane to look at what waits."""
        ...


class Outbox(Protocol):
    """Mails to merchants. Asking again with the same key does no harm: one mail goes out."""

    def put(self, mail: Mail) -> None:
        """Keep a mail that is to go out, and wake the function that sends it."""
        ...

    def find(self, merchant_id: str, key: str) -> Posted | None:
        """Find a mail that was asked for."""
        ...
