"""What both lanes of one shop share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tillbridge.domain.catalogue import Item
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, Lane, Merchant
from tillbridge.domain.pauses import pause_after
from tillbridge.domain.product import ListingRef, WebOrder
from tillbridge.domain.safety import Safety
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import StockFigure, StockMode, StockRule, stock_figure
from tillbridge.domain.work import Mark
from tillbridge.flows.import_orders.ports import OrderRecords
from tillbridge.flows.lane_fence import Fence, LaneTakenError, NoFence
from tillbridge.flows.ports import (
    Choices,
    Clock,
    Cursors,
    Deadline,
    Links,
    Marks,
    Mirror,
    Reservations,
    Runs,
    Shelves,
    Sightings,
)
from tillbridge.flows.ports_guard import Holds, Rechecks
from tillbridge.flows.ports_orders import UnlinkedOrders
from tillbridge.systems.shop import ObservedVariant, Shop

STOP_MARGIN = timedelta(seconds=100)
"""Time kept back for one more batch, which a slow shop answers after more than a minute, and for recording it."""


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did. ``finished`` is false when work that is due was left for the next invocation.

    ``held`` counts the plans that began to wait for a person, ``asked_again`` the zeros that began to wait for a second
    reading; ``holding_since`` is when the oldest hold of this lane began, if there is one.
    """

    looked_at: int = 0
    written: int = 0
    failed: int = 0
    finished: bool = True
    held: int = 0
    asked_again: int = 0
    holding_since: datetime | None = None

    def __add__(self, other: "PushReport") -> "PushReport":
        """Add up rounds."""
        return PushReport(
            looked_at=self.looked_at + other.looked_at,
            written=self.written + other.written,
            failed=self.failed + other.failed,
            finished=self.finished and other.finished,
            held=self.held + other.held,
            asked_again=self.asked_again + other.asked_again,
            holding_since=self.holding_since or other.holding_since,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopKeeper:
    """One shop of one merchant, the till behind it, and the places where their state is kept."""

    merchant: Merchant
    connection: Connection
    till_id: str
    shop: Shop
    mirror: Mirror
    links: Links
    shelves: Shelves
    marks: Marks
    reservations: Reservations
    unlinked: UnlinkedOrders
    records: OrderRecords
    cursors: Cursors
    runs: Runs
    sightings: Sightings
    choices: Choices
    holds: Holds
    rechecks: Rechecks
    clock: Clock
    deadline: Deadline
    fence: Fence = field(default_factory=NoFence)  # of a worker; whoever only looks needs none

    @property
    def shop_id(self) -> str:
        """The connection's id."""
        return self.connection.connection_id

    @property
    def settings(self) -> MerchantSettings:
        """The merchant's choices; a shop without recommended prices is kept as if no level had been named for them."""
        settings = self.merchant.settings
        if settings.msrp_level and "msrp" in self.shop.lacks:
            return replace(settings, msrp_level="")
        return settings

    @property
    def price_decimals(self) -> int:
        """How many decimals the shop keeps, as its check found; two when it did not say."""
        return int(self.connection.traits.get("price_decimals", "2"))

    def out_of_time(self) -> bool:
        """Tell whether it is too late to send another batch."""
        return self.deadline.left() < STOP_MARGIN

    def due(self, lane: Lane, limit: int) -> Sequence[Mark]:
        """List what waits, and take the lane if anything does: a look that finds nothing costs no write."""
        marks = self.marks.due(self.shop_id, lane, self.clock.now(), limit)
        if marks:
            self.fence.hold()
        return marks

    @contextmanager
    def ours(self, lane: Lane, keys: Iterable[str]) -> Iterator[None]:
        """Record what came of these keys only while the lane is ours.

        When another worker took it meanwhile, what we sent or recorded may have come after what they did: they are told
        to look at these keys once more and to trust nothing that is known of them.
        """
        try:
            self.fence.prove()
            yield
            self.fence.prove()
        except LaneTakenError:
            now = self.clock.now()
            self.marks.add(self.shop_id, lane, [Mark(key, since=now, due_at=now, doubt=True) for key in keys])
            raise

    def stock_rule(self) -> StockRule:
        """Resolve the merchant's rule: no locations named means every one that is not archived."""
        rule = self.settings.stock_rule(self.shop_id)
        if rule.locations:
            return rule
        places = self.mirror.locations(self.till_id).values()
        everywhere = (place.location_id for place in places if not place.archived)
        return replace(rule, locations=tuple(sorted(everywhere)))

    @property
    def places(self) -> tuple[str, ...]:
        """Name the shop's places that the merchant's rule shares stock out to; none where it does not."""
        if self.settings.stock_rule(self.shop_id).mode is not StockMode.MAP or not self.shop.stock_form.places:
            return ()
        rule = self.stock_rule()
        return tuple(sorted({rule.places[one] for one in rule.locations if one in rule.places}))

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        """Say from where the lines of orders leave, if it makes a difference; otherwise the shop is not asked."""
        if not orders or not self.settings.order_rules(self.shop_id).places_matter:
            return orders
        return self.shop.located(orders)

    def observe(
        self, refs: Sequence[ListingRef], skus: Mapping[ListingRef, str] | None = None
    ) -> Mapping[ListingRef, ObservedVariant]:
        """Read listings back, with the figures of all places that are ours."""
        return self.shop.observe(refs, skus, self.places)

    def figures(self, item_ids: Sequence[str], items: Mapping[str, Item] | None = None) -> Mapping[str, StockFigure]:
        """Work out what the shop should show of each item; ``items`` are given by those who have read them."""
        rule, safety = self.stock_rule(), self._safety(item_ids, items)
        stock = self.mirror.stock(self.till_id, item_ids, rule.locations)
        reserved = self.reservations.of(self.till_id, item_ids)
        return {
            item_id: stock_figure(
                stock[item_id], safety.applied(rule, item_id), reserved.get(item_id, {}), self.shop.stock_form
            )
            for item_id in dict.fromkeys(item_ids)
        }

    def _safety(self, item_ids: Sequence[str], items: Mapping[str, Item] | None) -> Safety:
        """Gather what the safety stock of items depends on; without a rule for some of them nothing is read."""
        rules = self.settings.safety_rules
        if not rules.needs_items:
            return Safety(rules)
        known = self.mirror.items(self.till_id, item_ids) if items is None else items
        reference = self.mirror.reference(self.till_id) if rules.by_category else None
        return Safety(rules, known, reference.categories if reference else {})

    def try_again(self, lane: Lane, marks: Sequence[Mark], pause: timedelta | None = None) -> None:
        """Mark the key again for later, with a growing pause; it keeps the time at which the change was first seen.

        The new mark is written before the old ones go, so that a crash in between costs a second look, not a change.
        """
        tries = max(mark.tries for mark in marks) + 1
        due_at = self.clock.now() + (pause or pause_after(tries))
        self.marks.add(self.shop_id, lane, [merged(marks, due_at, tries)])
        self.marks.remove(self.shop_id, lane, marks)


def by_key(marks: Sequence[Mark]) -> dict[str, list[Mark]]:
    """Group marks by what they point at, in the order of the earliest."""
    grouped: dict[str, list[Mark]] = {}
    for mark in marks:
        grouped.setdefault(mark.key, []).append(mark)
    return grouped


def merged(marks: Sequence[Mark], due_at: datetime, tries: int) -> Mark:
    """Make one mark of a key's marks: as old as the oldest, with whatever doubt or permission any of them has."""
    oldest = min(marks, key=lambda mark: mark.since)
    doubts = {mark.shown for mark in marks if mark.doubt}
    return Mark(
        oldest.key,
        oldest.since,
        due_at,
        tries,
        doubt=bool(doubts),
        shown=next(iter(doubts)) if len(doubts) == 1 else None,
        allowed=next((mark.allowed for mark in marks if mark.allowed), ""),
    )


def told(error: TillbridgeError) -> str:
    """Give the sentence of an error without its subject, which the row it is kept in already names."""
    return error.happened
