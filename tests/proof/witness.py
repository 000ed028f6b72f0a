"""A till that remembers everything it ever said, and a shop that holds every write against it.

What a till has and never told counts for nothing: a figure is justified by answers that we were given (invariant 1).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tests.fakes.systems import FakeShop, Listing
from tests.fakes.till import FakeTill, Row
from tests.fakes.world import PLACES
from tillbridge.domain.catalogue import Item
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import ProductOutcome, ProductWrite, StockOutcome, StockWrite
from tillbridge.domain.stock import Quantity, StockLevel
from tillbridge.systems.till import Page, StockedItem

PRICE_LEVEL = "1"
MENDED = frozenset({"sku", "regular_price"})


@dataclass
class RememberingTill(FakeTill):
    """Keeps every price of every item, and every stock figure of every place, that it answered with."""

    prices_said: dict[str, set[str]] = field(default_factory=dict)
    stock_said: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def items_by_id(self, item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        found = super().items_by_id(item_ids)
        self._say(found.values())
        return found

    def stock_of(self, item_ids: Sequence[str]) -> Mapping[str, tuple[StockLevel, ...]]:
        found = super().stock_of(item_ids)
        self._say(level for levels in found.values() for level in levels)
        return found

    def could_be(self, item_id: str, quantity: Quantity, taken: Iterable[int]) -> bool:
        """Tell whether a sum could have come from whole reads of every place, less one of the amounts ``taken``."""
        said = self.stock_said.get(item_id, {})
        if not said.keys() >= set(PLACES):
            return False
        sums = {0}
        for figures in said.values():
            sums = {total + figure for total in sums for figure in figures}
        return quantity in {max(0, total - amount) for amount in taken for total in sums}

    def ever_cost(self, item_id: str, price: str) -> bool:
        """Tell whether it said that an item has this price."""
        return price in self.prices_said.get(item_id, ())

    def _pages(self, name: str, rows: Sequence[Row]) -> Iterator[Page[Row]]:
        """Give pages that say when their rows were looked up, which is when they were asked for."""
        asked_at = self.clock.now()
        for page in super()._pages(name, rows):
            self._say(page.rows)
            yield replace(page, served_at=asked_at)

    def _say(self, rows: Iterable[object]) -> None:
        for row in rows:
            match row:
                case StockedItem():
                    self._say([row.item, *row.levels])
                case Item():
                    self.prices_said.setdefault(row.item_id, set()).add(decimal_text(row.prices[PRICE_LEVEL]))
                case StockLevel():
                    places = self.stock_said.setdefault(row.item_id, {})
                    places.setdefault(row.location_id, set()).add(int(row.sellable))


@dataclass
class WitnessShop(FakeShop):
    """Counts writes of figures that nobody ever gave (invariant 1).

    ``kept_back`` are the safety stocks that were ever chosen, ``ordered`` the units that the shop told of: item ->
    order -> units. An order may count or not: it is looked at now and then, and may be cancelled.
    """

    till: RememberingTill | None = None
    wrong: list[str] = field(default_factory=list)
    kept_back: set[int] = field(default_factory=lambda: {0})
    ordered: dict[str, dict[str, int]] = field(default_factory=dict)

    def _set(self, write: StockWrite) -> StockOutcome:
        self._hold_stock(write.item_id, write.quantity)
        return super()._set(write)

    def _write(self, write: ProductWrite) -> ProductOutcome:
        outcome = self._found_again(write) or super()._write(write)
        items = {known.item_id: known for known in outcome.link.variants}
        if outcome.error is not None:
            return outcome
        for variant in write.product.variants:
            if variant.item_id not in items:
                continue  # archived in the till, so never made
            if variant.quantity is not None and write.creates:
                self._hold_stock(variant.item_id, variant.quantity)
            if "regular_price" in write.variant_changes.get(variant.item_id, MENDED if write.creates else ()):
                self._hold_price(variant.item_id, items[variant.item_id].fields["regular_price"])
        return outcome

    def _found_again(self, write: ProductWrite) -> ProductOutcome | None:
        """Complete a listing that an unanswered try has made, as adapters do: mend it, acknowledge no stock."""
        if not write.creates or write.product.key not in {listing.key for listing in self.products.values()}:
            return None
        mending = {variant.item_id: MENDED & write.owned for variant in write.product.variants}
        outcome = super()._write(replace(write, variant_changes=mending))
        return replace(outcome, write=write, quantities={})

    def _hold_stock(self, item_id: str, quantity: Quantity) -> None:
        if self.till and not self.till.could_be(item_id, quantity, self._taken(item_id)):
            self.wrong.append(f"stock of {item_id}: {quantity}")

    def _hold_price(self, item_id: str, price: str) -> None:
        if self.till and not self.till.ever_cost(item_id, price):
            self.wrong.append(f"price of {item_id}: {price}")

    def _taken(self, item_id: str) -> set[int]:
        """List what may have been taken off what the till has."""
        amounts = set(self.kept_back)
        for units in self.ordered.get(item_id, {}).values():
            amounts |= {amount + units for amount in amounts}
        return amounts

    def doubled(self) -> list[str]:
        """Name what stands in the shop more than once, by our key or by SKU."""
        keys = Counter(listing.key for listing in self.products.values())
        skus = Counter(sku for listing in self.products.values() for sku in _skus(listing))
        return [name for name, count in (keys + skus).items() if count > 1]


def _skus(listing: Listing) -> list[str]:
    return [fields["sku"] for fields in listing.variants.values()]
