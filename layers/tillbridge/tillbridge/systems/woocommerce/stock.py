"""Write absolute stock figures: simple products in batches, variations below their parents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tillbridge.domain.errors import ItemRejectedError, Subject, SystemDownError, TillbridgeError
from tillbridge.domain.product import StockOutcome, StockWrite
from tillbridge.domain.stock import Quantity
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import listing_gone, rejection, shop_fails_on_it, stock_not_taken
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.payload import stock_body
from tillbridge.systems.woocommerce.tools import Tools


@dataclass(eq=False, slots=True)
class StockStep:
    """One figure on its way."""

    write: StockWrite
    acknowledged: Quantity | None = None
    error: TillbridgeError | None = None

    def outcome(self) -> StockOutcome:
        """Say what came of it."""
        return StockOutcome(self.write, self.acknowledged, self.error)


@dataclass(frozen=True, slots=True)
class StockLoad:
    """Carries figures of one route: ``products``, or the variations below one parent."""

    client: WooClient
    route: str

    def body(self, entry: StockStep) -> Mapping[str, object]:
        """Give the figure and nothing else; without ``manage_stock`` it would be ignored silently."""
        ref = entry.write.ref
        return {"id": int(ref.variant_id or ref.product_id), **stock_body(entry.write.quantity)}

    def send(self, entries: Sequence[StockStep]) -> None:
        """Set figures. They are absolute: the same again does no harm."""
        bodies = [self.body(entry) for entry in entries]
        answer = write_batch(self.client, self.route, ListingRow, update=bodies, repeatable=True)
        for entry, result in zip(entries, answer.updated, strict=True):
            self._note(entry, result)

    def settle(self, entries: Sequence[StockStep]) -> Sequence[StockStep]:
        """After doubt all of it is sent again."""
        return entries

    def blame(self, entry: StockStep, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry."""
        entry.error = shop_fails_on_it(trouble, self._subject(entry))

    def _note(self, entry: StockStep, result: ListingRow | Refusal) -> None:
        if isinstance(result, Refusal):
            entry.error = rejection(result, self._subject(entry))
        elif result.in_trash:
            entry.error = listing_gone(self._subject(entry))
        elif result.manage_stock is not True or result.stock_quantity != entry.write.quantity:
            entry.error = stock_not_taken(entry.write.quantity, result, self._subject(entry))
        else:
            entry.acknowledged = entry.write.quantity

    def _subject(self, entry: StockStep) -> Subject:
        return thing(self.client.subject, f"listing {entry.write.ref}, item {entry.write.item_id}")


def write_stock(tools: Tools, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
    """Set figures in the largest batches the shop takes; gives the outcomes of each batch once they are certain."""
    whole = [write for write in writes if isinstance(write.quantity, int)]
    if len(whole) < len(writes):
        yield tuple(_in_fractions(tools, write) for write in writes if not isinstance(write.quantity, int))
    for route, steps in by_route(whole):
        for settled in tools.carrier.carry(StockLoad(tools.client, route), steps, tools.stock):
            yield tuple(step.outcome() for step in settled)


def _in_fractions(tools: Tools, write: StockWrite) -> StockOutcome:
    """Refuse what the shop would answer with 400, and the rest of its batch with it."""
    error = ItemRejectedError(
        f"The stock is {write.quantity}; WooCommerce counts whole units.",
        remedy="This is a defect; report it.",
        code="stock_in_fractions",
        subject=thing(tools.client.subject, f"listing {write.ref}, item {write.item_id}"),
    )
    return StockOutcome(write, error=error)


def by_route(writes: Sequence[StockWrite]) -> Iterator[tuple[str, list[StockStep]]]:
    """Group by the route that takes them: all simple products together, variations per parent."""

    def route(write: StockWrite) -> str:
        return f"products/{write.ref.product_id}/variations" if write.ref.variant_id else "products"

    for name, group in groupby(sorted(writes, key=route), route):
        yield name, [StockStep(write) for write in group]
