"""Write absolute stock figures, location by location, and read back what came of them.

The store takes adjustments in and carries them out a little later, so a figure is acknowledged only once it is read
back (facts/bigcommerce.md, "Inventory v3"). By which id an item is named depends on how the merchant has its stock
tracked; where it is not tracked at all, nothing is switched on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import ItemRejectedError, Subject, TillbridgeError
from tillbridge.domain.product import StockOutcome, StockWrite
from tillbridge.domain.stock import Quantity
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.api.halves import send_in_batches
from tillbridge.systems.bigcommerce.api.rejections import rejection
from tillbridge.systems.bigcommerce.api.wire import LocationRow, ProductRow
from tillbridge.systems.bigcommerce.levels import read_levels
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed

ABSOLUTE = "v3/inventory/adjustments/absolute"
LOCATIONS = "v3/inventory/locations"
REASON = "Tillbridge: the stock of the till"
MOST = 2000

PAUSES = (2.0, 1.0, 3.0, 5.0, 8.0)
"""Seconds before each look at the figures: one right after the write would still show the old ones."""


@dataclass(eq=False, slots=True)
class Step:
    """One figure on its way. ``named`` is the id that the store wants for it, ``variant_id`` what it is read by."""

    write: StockWrite
    wanted: dict[str, int] = field(default_factory=dict)  # by place, as long as it is not read back
    named: tuple[str, int] = ("", 0)
    variant_id: str = ""
    shows: dict[str, int] = field(default_factory=dict)
    error: TillbridgeError | None = None

    def outcome(self) -> StockOutcome:
        """Say what came of it."""
        acknowledged: Quantity | None = None if self.error else self.write.quantity
        return StockOutcome(self.write, acknowledged, self.error)


def write_stock(tools: Tools, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
    """Set figures in the largest batches the store takes; gives the outcomes of each once they are certain."""
    for piece in in_pieces(writes, MOST):
        steps = [Step(write) for write in piece]
        Figures(tools).write(steps)
        yield tuple(step.outcome() for step in steps)


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes the figures of one batch."""

    tools: Tools

    def write(self, steps: Sequence[Step]) -> None:
        """Look how each is tracked, write place by place, and read back."""
        for step in steps:
            self._want(step)
        self._look([step for step in steps if step.error is None])
        ready = [step for step in steps if step.error is None]
        for place in dict.fromkeys(place for step in ready for place in step.wanted):
            self._at(place, [step for step in ready if place in step.wanted and step.error is None])
        self._read_back([step for step in ready if step.error is None])

    def _want(self, step: Step) -> None:
        """Share the figure out; one for no place goes to the store's own."""
        figures = dict(step.write.places) or {self.tools.traits.place: step.write.quantity}
        for place, quantity in figures.items():
            if not isinstance(quantity, int) or quantity < 0:
                step.error = self._odd(step, quantity)
                return
            step.wanted[place] = quantity
        unknown = [place for place in figures if self.tools.traits.places and place not in self.tools.traits.places]
        if unknown:
            step.error = self._no_place(step, unknown[0])

    def _look(self, steps: Sequence[Step]) -> None:
        rows = self.tools.catalogue.by_ids(step.write.ref.product_id for step in steps)
        for step in steps:
            row = rows.get(step.write.ref.product_id)
            try:
                step.named, step.variant_id = self._name(step, row)
            except ItemRejectedError as error:
                step.error = error

    def _name(self, step: Step, row: ProductRow | None) -> tuple[tuple[str, int], str]:
        """Say by which id the store wants an item named, and by which variant it is read."""
        ref, subject = step.write.ref, self._subject(step)
        own = next((variant for variant in row.variants if str(variant.id) == ref.variant_id), None) if row else None
        if row is None or (ref.variant_id and own is None):
            raise listing_gone(subject)
        match row.inventory_tracking:
            case "product" if own is None:
                return ("product_id", row.id), str(row.base_id)
            case "variant":
                variant_id = own.id if own else row.base_id
                return ("variant_id", variant_id), str(variant_id)
            case "product":
                raise tracked_by_product(subject)
            case _:
                raise not_tracked(subject)

    def _at(self, place: str, steps: Sequence[Step]) -> None:
        client = self.tools.client

        def send(entries: Sequence[Step]) -> None:
            items = [
                {"location_id": int(place), step.named[0]: step.named[1], "quantity": step.wanted[place]}
                for step in entries
            ]
            client.write("PUT", ABSOLUTE, {"reason": REASON, "items": items}, safe_to_repeat=True)

        def refuse(step: Step, error: ItemRejectedError) -> None:
            step.error = rejection(error, self._subject(step))

        for _ in send_in_batches(steps, MOST, self._unless_no_place(place, send), refuse):
            pass

    def _unless_no_place(self, place: str, send: Callable[[Sequence[Step]], None]) -> Callable[[Sequence[Step]], None]:
        """Once a batch is refused, see whether there is such a place at all before halves of it are tried."""
        seen: list[bool] = []

        def careful(entries: Sequence[Step]) -> None:
            if seen and not seen[0]:
                for step in entries:
                    step.error = self._no_place(step, place)
                return
            try:
                send(entries)
            except ItemRejectedError:
                if not seen:
                    seen.append(place in locations(self.tools.client))
                    if not seen[0]:
                        careful(entries)
                        return
                raise

        return careful

    def _read_back(self, steps: Sequence[Step]) -> None:
        waiting = list(steps)
        for pause in PAUSES:
            if not waiting:
                return
            self.tools.clock.sleep(pause)
            places = {place for step in waiting for place in step.wanted}
            levels = read_levels(self.tools.client, [step.variant_id for step in waiting], places)
            for step in waiting:
                self._compare(step, levels)
            waiting = [step for step in waiting if step.wanted]
        for step in waiting:
            step.error = self._unsettled(step)

    @staticmethod
    def _compare(step: Step, levels: Mapping[tuple[str, str], int]) -> None:
        """Take off what shows as it should; what was never set shows nothing, which is 0."""
        for place, quantity in list(step.wanted.items()):
            shown = levels.get((step.variant_id, place))
            step.shows[place] = shown or 0
            if shown == quantity:
                del step.wanted[place]

    def _odd(self, step: Step, quantity: Quantity) -> ItemRejectedError:
        return ItemRejectedError(
            f"The stock is {quantity}; BigCommerce counts whole units from 0.",
            remedy="This is a defect; report it.",
            code="stock_in_fractions",
            subject=self._subject(step),
        )

    def _no_place(self, step: Step, place: str) -> ItemRejectedError:
        return ItemRejectedError(
            f"The store has no location {place}.",
            remedy="Correct the setting stock_places; the id of a location stands in its page's address.",
            code="no_such_place",
            subject=self._subject(step),
        )

    def _unsettled(self, step: Step) -> ItemRejectedError:
        told = ", ".join(
            f"{step.shows.get(place, 0)} instead of {quantity} at location {place}"
            for place, quantity in step.wanted.items()
        )
        return ItemRejectedError(
            f"The store took the figure in and does not show it yet: {told}.",
            remedy="It is looked at again by itself; if it stays so, look who else writes this stock.",
            code="stock_unsettled",
            subject=self._subject(step),
        )

    def _subject(self, step: Step) -> Subject:
        return thing(self.tools.client.subject, f"listing {step.write.ref}, item {step.write.item_id}")


def locations(client: BigClient) -> Mapping[str, str]:
    """Give the names of the store's locations in use, by id."""
    rows = [
        row
        for listing in client.pages(LOCATIONS, {})
        for row in parsed(list[LocationRow], listing.rows, client.subject, "The list of locations")
    ]
    return {str(row.id): row.label for row in rows if row.enabled}


def not_tracked(subject: Subject) -> ItemRejectedError:
    """Say that the merchant tracks no stock of a product, which may be meant so: for backorders, for instance."""
    return ItemRejectedError(
        "The shop tracks no stock of this product, and Tillbridge does not switch that on.",
        remedy="In BigCommerce set the product's inventory tracking, on the product or on its variants; or take the "
        "item out of the selection.",
        code="stock_not_tracked",
        subject=subject,
    )


def tracked_by_product(subject: Subject) -> ItemRejectedError:
    """Say that a product has one figure for all its variants."""
    return ItemRejectedError(
        "The shop tracks one stock figure for the whole product, and the till has one for each variant.",
        remedy="In BigCommerce set the product's inventory tracking to its variants.",
        code="stock_by_product",
        subject=subject,
    )
