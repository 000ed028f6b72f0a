"""Write absolute stock figures by compare-and-set: what somebody else changed meanwhile is never overwritten.

(facts/shopify.md, section 6.) A figure that is not what it was taken for is read again: shows the shop what was wanted,
it is acknowledged, else whoever asked looks at the orders again and comes back. Nothing is ever forced.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import ItemRejectedError, Subject, SystemDownError, TillbridgeError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef, StockOutcome, StockWrite
from tillbridge.domain.stock import Quantity
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shopify.api.client import Payload
from tillbridge.systems.shopify.api.documents.stock import (
    ACTIVATE,
    ITEMS_OF_PRODUCTS,
    ITEMS_OF_VARIANTS,
    SET,
    TRACK,
)
from tillbridge.systems.shopify.api.ids import ITEM, LOCATION, PRODUCT, VARIANT, gid
from tillbridge.systems.shopify.api.keys import Keys
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.rejections import rejection
from tillbridge.systems.shopify.api.wire import ProductRow, UserErrorRow, VariantRow
from tillbridge.systems.shopify.levels import at_places, read_items
from tillbridge.systems.shopify.tools import Tools

AT_ONCE = 250
STALE, NOT_STOCKED = "CHANGE_FROM_QUANTITY_STALE", "ITEM_NOT_STOCKED_AT_LOCATION"
IN_FLIGHT = "IDEMPOTENCY_CONCURRENT_REQUEST"
SPENT = frozenset({"IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"})
"""The key is of no use any more; another one is taken."""
TRIES = 3
PAUSE = 1.0


class StockMovedError(ItemRejectedError):
    """The shop's figure is not the one it was taken for: somebody bought or changed it meanwhile."""

    def __init__(self, shown: Mapping[str, int | None], subject: Subject) -> None:
        """Take what the shop shows, by place."""
        told = ", ".join(f"{quantity} at location {place}" for place, quantity in shown.items())
        super().__init__(
            f"The shop's stock moved while it was written: it shows {told}.",
            remedy="Nothing; it is written again after a new look at the orders.",
            code="stock_moved",
            subject=subject,
        )


@dataclass(eq=False, slots=True)
class StockStep:
    """One figure on its way: what each place is to show, and what it is taken to show now."""

    write: StockWrite
    wanted: Mapping[str, int]
    known: dict[str, int | None]
    item_id: str = ""
    acknowledged: Quantity | None = None
    error: TillbridgeError | None = None

    def outcome(self) -> StockOutcome:
        """Say what came of it."""
        return StockOutcome(self.write, self.acknowledged, self.error)

    @property
    def open(self) -> bool:
        """Tell whether nothing is certain yet."""
        return self.acknowledged is None and self.error is None

    @property
    def in_step(self) -> bool:
        """Tell whether the shop shows what it should."""
        return all(self.known.get(place) == quantity for place, quantity in self.wanted.items())


def write_stock(tools: Tools, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
    """Set figures in batches; gives the outcomes of each batch once they are certain."""
    for piece in in_pieces(writes, writes_at_once(writes)):
        steps = [_step(tools, write) for write in piece]
        StockBatch(tools, [step for step in steps if step.open]).run()
        yield tuple(step.outcome() for step in steps)


def writes_at_once(writes: Sequence[StockWrite]) -> int:
    """Tell how many figures fit one call; all places of one travel together."""
    places = max((len(write.places) for write in writes), default=1)
    return max(1, AT_ONCE // max(1, places))


def _step(tools: Tools, write: StockWrite) -> StockStep:
    figures: Mapping[str, Quantity] = write.places or {tools.premises.place: write.quantity}
    known: Mapping[str, Quantity] = write.known_places if write.places else {}
    if not write.places and write.known is not None:
        known = {tools.premises.place: write.known}
    step = StockStep(
        write,
        wanted={place: int(quantity) for place, quantity in figures.items()},
        known={place: int(known[place]) if place in known else None for place in figures},
    )
    if any(quantity != int(quantity) for quantity in figures.values()):
        step.error = ItemRejectedError(
            f"The stock is {write.quantity}; Shopify counts whole units.",
            remedy="This is a defect; report it.",
            code="stock_in_fractions",
            subject=_subject(tools, step),
        )
    return step


def _subject(tools: Tools, step: StockStep) -> Subject:
    return thing(tools.client.subject, f"listing {step.write.ref}, item {step.write.item_id}")


@dataclass(slots=True)
class StockBatch:
    """Writes figures that fit one call together."""

    tools: Tools
    steps: Sequence[StockStep]
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        """Set up the keys."""
        self.keys = Keys(self.tools.vocabulary, self.tools.clock)

    def run(self) -> None:
        """Bring them into step; a request that the shop refuses whole is about these figures alone."""
        try:
            self._run()
        except RefusedError as refused:
            for step in self._open():
                step.error = refused

    def _run(self) -> None:
        """Find the items, read what is not known, then set; what is refused is left out and the rest sent again."""
        self._find_items()
        self._read([step for step in self._open() if None in step.known.values()])
        for _ in range(TRIES):
            if not (left := self._open()):
                return
            self._set(left)
        for step in self._open():
            step.error = StockMovedError(step.known, _subject(self.tools, step))

    def _open(self) -> list[StockStep]:
        return [step for step in self.steps if step.open]

    # --- find and read ------------------------------------------------------------------------------------------------

    def _find_items(self) -> None:
        """Find the item of each listing; one that nobody has met is asked for."""
        unknown: dict[ListingRef, StockStep] = {}
        for step in self.steps:
            where = self.tools.whereabouts.get(step.write.ref)
            step.item_id = where.item_id if where else ""
            if not where:
                unknown[step.write.ref] = step
        if not unknown:
            return
        rows = self._items([ref for ref in unknown if not ref.variant_id], [ref for ref in unknown if ref.variant_id])
        self.tools.whereabouts.met(rows)
        for ref, step in unknown.items():
            row = rows.get(ref)
            step.item_id = row.inventory_item.id if row and row.inventory_item else ""
            if not step.item_id:
                step.error = listing_gone(_subject(self.tools, step))

    def _items(self, simple: Sequence[ListingRef], variants: Sequence[ListingRef]) -> dict[ListingRef, VariantRow]:
        client, found = self.tools.client, {}
        if simple:
            ids = [gid(PRODUCT, ref.product_id) for ref in simple]
            data = client.ask_all(ITEMS_OF_PRODUCTS, Lane.STOCK, ids=ids)
            for product in parsed(list[ProductRow | None], data.get("nodes"), client.subject, "A list of products"):
                if product is not None and product.rows:
                    found[ListingRef(product.id)] = product.rows[0]
        if variants:
            ids = [gid(VARIANT, ref.variant_id) for ref in variants]
            data = client.ask_all(ITEMS_OF_VARIANTS, Lane.STOCK, ids=ids)
            for row in parsed(list[VariantRow | None], data.get("nodes"), client.subject, "A list of variants"):
                if row is not None and row.product is not None:
                    found[ListingRef(row.product.id, row.id)] = row
        return found

    def _read(self, steps: Sequence[StockStep]) -> None:
        """Read what the shop shows; an item that is stocked elsewhere only, or not counted, is put right first."""
        if not steps:
            return
        items = read_items(self.tools.client, [step.item_id for step in steps], Lane.STOCK)
        for step in steps:
            item = items.get(step.item_id)
            if item is None:
                step.error = listing_gone(_subject(self.tools, step))
                continue
            levels = at_places(item)
            if not item.tracked:
                self._track(step)
            for place in step.known:
                step.known[place] = levels[place] if place in levels else self._activate(step, place)

    def _track(self, step: StockStep) -> None:
        """Have the shop count an item; before that figures mean nothing (facts/shopify.md, section 6)."""
        said = self.tools.client.change(
            TRACK, "inventoryItemUpdate", Lane.STOCK, safe_to_repeat=True, id=gid(ITEM, step.item_id)
        )
        self._blame(step, said)

    def _activate(self, step: StockStep, place: str) -> int:
        """Stock an item at a location; without a figure, for that would be ignored or refused."""
        item, at = gid(ITEM, step.item_id), gid(LOCATION, place)
        with self.keys.held("activate", item, at) as key:
            said = self.tools.client.change(
                ACTIVATE, "inventoryActivate", Lane.STOCK, safe_to_repeat=True, item=item, place=at, key=key
            )
        self._blame(step, said)
        return 0

    def _blame(self, step: StockStep, said: Payload) -> None:
        if said.errors:
            step.error = rejection(said.errors[0], _subject(self.tools, step))

    # --- set ----------------------------------------------------------------------------------------------------------

    def _set(self, steps: Sequence[StockStep]) -> None:
        """Send one batch, all or none of which is set."""
        for step in steps:
            if step.in_step:
                step.acknowledged = step.write.quantity
        entries = [(step, place) for step in steps if step.open for place in step.wanted]
        if not entries:
            return
        errors = self._sent([self._body(step, place) for step, place in entries])
        if not errors:
            for step, _ in entries:
                step.acknowledged = step.write.quantity
            return
        self._refused(entries, errors)

    def _body(self, step: StockStep, place: str) -> Mapping[str, object]:
        return {
            "inventoryItemId": gid(ITEM, step.item_id),
            "locationId": gid(LOCATION, place),
            "quantity": step.wanted[place],
            "changeFromQuantity": step.known[place],
        }

    def _sent(self, bodies: Sequence[Mapping[str, object]]) -> tuple[UserErrorRow, ...]:
        """Send under a key that is kept until the answer is there: the same again has no second effect."""
        for _ in range(TRIES):
            with self.keys.held("set", *map(str, bodies)) as key:
                errors = self._once_more_in_doubt(bodies, key).errors
                codes = {error.code for error in errors}
                if IN_FLIGHT in codes:
                    self.keys.keep()
            if not codes & {IN_FLIGHT, *SPENT}:
                return errors
            self.tools.clock.sleep(PAUSE)
        raise SystemDownError("Shopify is still busy with the same figures.", subject=self.tools.client.subject)

    def _once_more_in_doubt(self, bodies: Sequence[Mapping[str, object]], key: str) -> Payload:
        try:
            return self._send(bodies, key)
        except SystemDownError as trouble:
            if trouble.after is not None:
                raise
            return self._send(bodies, key)

    def _send(self, bodies: Sequence[Mapping[str, object]], key: str) -> Payload:
        body = {
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": f"gid://tillbridge/Stock/{key}",
            "quantities": list(bodies),
        }
        return self.tools.client.change(
            SET, "inventorySetQuantities", Lane.STOCK, safe_to_repeat=True, input=body, key=key
        )

    def _refused(self, entries: Sequence[tuple[StockStep, str]], errors: Sequence[UserErrorRow]) -> None:
        """Nothing was set. What moved is read again, what is not stocked is put right, the rest goes without these."""
        again: list[StockStep] = []
        moved: list[StockStep] = []
        for error in errors:
            place = error.place_in("quantities")
            if place is None or place >= len(entries):
                for step, _ in entries:
                    step.error = step.error or rejection(error, _subject(self.tools, step))
                return
            step, _ = entries[place]
            if error.code == STALE:
                moved.append(step)
            elif error.code == NOT_STOCKED:
                again.append(step)
            else:
                step.error = rejection(error, _subject(self.tools, step))
        self._read([step for step in [*moved, *again] if step.open])
        for step in moved:
            if step.open and not step.in_step:
                step.error = StockMovedError(step.known, _subject(self.tools, step))
