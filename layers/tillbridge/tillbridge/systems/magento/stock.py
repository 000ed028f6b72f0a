"""Write absolute stock figures, source by source, and read them back.

What a shopper can buy is the quantity at the sources less what open orders hold (reservations), while the figure that
is written should be what can be bought. So the units of open orders that are not shipped are added: with 23 on hand and
one sold on the web the figure is 22, and 23 is written. Writing 22 would take the unit off twice, and shoppers could
buy 21 (facts/magento.md, section 4). Only orders that this run has looked at are added: the figure lacks no others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import ItemRejectedError, Subject, TillbridgeError
from tillbridge.domain.product import StockOutcome, StockWrite
from tillbridge.domain.stock import Quantity
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.rejections import listing_gone, rejection, stock_not_taken
from tillbridge.systems.magento.api.search import NAMED_AT_ONCE, Criteria, in_path, questions
from tillbridge.systems.magento.api.wire import ProductRow, SourceItemRow, StockItemRow
from tillbridge.systems.magento.orders import Orders
from tillbridge.systems.magento.tools import Tools

ROUTE = "inventory/source-items"
IN_STOCK, OUT_OF_STOCK = 1, 0

Figures = Mapping[tuple[str, str], Decimal]
"""Folded SKU and source -> quantity."""


@dataclass(eq=False, slots=True)
class StockStep:
    """One figure on its way, and how it is shared out."""

    write: StockWrite
    row: ProductRow | None = None
    rows: dict[str, Quantity] = field(default_factory=dict)
    acknowledged: Quantity | None = None
    error: TillbridgeError | None = None

    @property
    def product_id(self) -> str:
        """The id of the product that the figure is of."""
        return self.write.ref.variant_id or self.write.ref.product_id

    def outcome(self) -> StockOutcome:
        """Say what came of it."""
        return StockOutcome(self.write, self.acknowledged, self.error)


def write_stock(tools: Tools, orders: Orders, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
    """Set figures; gives the outcomes of each call once they are certain."""
    if not writes:
        return
    steps = [StockStep(write) for write in writes]
    found = tools.catalogue.by_ids(step.product_id for step in steps)
    ready: list[StockStep] = []
    for step in steps:
        step.row = found.get(step.product_id)
        if step.row is None:  # the shop would take a figure of an SKU that it does not know without a word
            step.error = listing_gone(_subject(tools, step))
        else:
            ready.append(step)
    if lost := [step for step in steps if step.row is None]:
        yield tuple(step.outcome() for step in lost)
    if not ready:
        return
    if tools.traits.multi_source:
        yield from _by_source(tools, orders, ready)
    else:
        yield from _one_by_one(tools, ready)


def _by_source(tools: Tools, orders: Orders, steps: Sequence[StockStep]) -> Iterator[tuple[StockOutcome, ...]]:
    reserved = orders.unshipped()
    for step in steps:
        step.rows = shared_out(step.write, reserved.get(step.product_id, Decimal(0)), tools.traits.source)
    waiting = list(steps)
    while waiting:
        piece = _first(waiting, tools.stock.now)
        left = _send(tools, piece)
        waiting = [*left, *waiting[len(piece) :]]
        settled = [step for step in piece if step not in left]
        if settled:
            _read_back(tools, [step for step in settled if step.error is None])
            yield tuple(step.outcome() for step in settled)


def shared_out(write: StockWrite, reserved: Decimal, source: str) -> dict[str, Quantity]:
    """Say what is written where: the figure, and what open orders hold, at the place that has most."""
    places: dict[str, Quantity] = dict(write.places) or {source: write.quantity}
    units = int(reserved) if reserved == reserved.to_integral_value() else reserved
    held_at = fullest(places, source)
    places[held_at] = places[held_at] + units
    return places


def fullest(places: Mapping[str, Quantity], source: str) -> str:
    """Name the place that has most, where the units of open orders are put; it has most with them as well."""
    return max(places, key=lambda one: (places[one], one == source))


def _first(steps: Sequence[StockStep], most: int) -> list[StockStep]:
    """Take as many as make ``most`` rows, at least one."""
    taken: list[StockStep] = []
    rows = 0
    for step in steps:
        rows += len(step.rows)
        if taken and rows > most:
            break
        taken.append(step)
    return taken


def _send(tools: Tools, steps: Sequence[StockStep]) -> Sequence[StockStep]:
    """Send one call; gives those that are to be sent again, because the shop takes fewer rows at once.

    Figures are absolute, so that the same again does no harm. One bad row fails its whole call, and nothing of it is
    written: then each half is tried by itself.
    """
    body = {"sourceItems": [_source_item(step, source) for step in steps for source in step.rows]}
    try:
        tools.client.write("POST", ROUTE, body)
    except RefusedError as error:
        if len(steps) == 1:
            steps[0].error = _refused(error, steps[0], _subject(tools, steps[0]))
        elif error.refusal.too_many:
            tools.stock.lower(error.refusal.limit)
            return steps
        else:
            half = len(steps) // 2
            return [*_send(tools, steps[:half]), *_send(tools, steps[half:])]
    return ()


def _source_item(step: StockStep, source: str) -> dict[str, object]:
    quantity = step.rows[source]
    return {
        "sku": step.row.sku if step.row else "",
        "source_code": source,
        "quantity": float(quantity),
        "status": IN_STOCK if quantity > 0 else OUT_OF_STOCK,
    }


def _read_back(tools: Tools, steps: Sequence[StockStep]) -> None:
    """Acknowledge what the shop shows by now; a unit that was shipped meanwhile makes the figure due again."""
    skus = [step.row.sku for step in steps if step.row]
    figures = read_figures(tools, skus)
    for step in steps:
        sku = folded(step.row.sku if step.row else "")
        wrong = {source: figures.get((sku, source)) for source in step.rows}
        wrong = {source: shown for source, shown in wrong.items() if shown != step.rows[source]}
        if wrong:
            step.error = _not_taken(step, wrong, _subject(tools, step))
        else:
            step.acknowledged = step.write.quantity


def read_figures(tools: Tools, skus: Sequence[str]) -> Figures:
    """Read the quantities at all sources, some hundred SKUs per question."""
    found: dict[tuple[str, str], Decimal] = {}
    for question in questions("sku", skus):
        criteria = Criteria(
            (question,), ("sku", "source_code"), size=NAMED_AT_ONCE, fields="sku,source_code,quantity,status"
        )
        for page in tools.client.pages(ROUTE, criteria):
            rows = parsed(list[SourceItemRow], page.rows, tools.client.subject, "The list of source items")
            found |= {(folded(row.sku), row.source_code): row.quantity for row in rows}
    return found


# --- one figure per product, where the inventory modules are off ---


def _one_by_one(tools: Tools, steps: Sequence[StockStep]) -> Iterator[tuple[StockOutcome, ...]]:
    """Set the old single figure, from which an order takes its units at once: nothing is held back."""
    for step in steps:
        sku = in_path(step.row.sku if step.row else "")
        quantity = step.write.quantity
        try:
            item = _stock_item(tools, sku)
            body = {"qty": float(quantity), "is_in_stock": quantity > 0}
            tools.client.write("PUT", f"products/{sku}/stockItems/{item.item_id}", {"stockItem": body})
            shown = _stock_item(tools, sku).qty
        except RefusedError as error:
            step.error = rejection(error.refusal, _subject(tools, step))
        else:
            if shown == quantity:
                step.acknowledged = quantity
            else:
                step.error = _not_taken(step, {"": shown}, _subject(tools, step))
        yield (step.outcome(),)


def _stock_item(tools: Tools, sku: str) -> StockItemRow:
    return parsed(StockItemRow, tools.client.read(f"stockItems/{sku}"), tools.client.subject, "A stock item")


def legacy_figure(tools: Tools, row: ProductRow) -> Decimal | None:
    """Read the old single figure of one product; ``None`` when it is not counted."""
    item = _stock_item(tools, in_path(row.sku))
    return item.qty if item.manage_stock else None


def _refused(error: RefusedError, step: StockStep, subject: Subject) -> ItemRejectedError:
    if error.refusal.says("Could not save Source Item"):
        return ItemRejectedError(
            f"The shop has no source {', '.join(sorted(step.rows))}.",
            remedy="Map the till's locations to sources that are there, under Stores > Inventory > Sources.",
            code="no_such_place",
            subject=subject,
        )
    return rejection(error.refusal, subject)


def _not_taken(step: StockStep, shown: Mapping[str, Decimal | None], subject: Subject) -> ItemRejectedError:
    told = ", ".join(
        f"{figure if figure is not None else 'nothing'} at {place or 'the shop'}" for place, figure in shown.items()
    )
    return stock_not_taken(step.write.quantity, f"shows {told}", subject)


def _subject(tools: Tools, step: StockStep) -> Subject:
    return thing(tools.client.subject, f"listing {step.write.ref}, item {step.write.item_id}")
