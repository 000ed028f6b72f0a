"""A till that remembers everything it ever said, and a shop that holds every write against it."""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import product

from tests.fakes.systems import FakeShop, FakeTill, Listing
from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import ProductOutcome, ProductWrite, StockOutcome, StockWrite
from tillbridge.domain.stock import Quantity, StockLevel

PRICE_LEVEL = "1"
MENDED = frozenset({"sku", "regular_price"})


@dataclass
class RememberingTill(FakeTill):
    """Keeps every price of every item, and every stock figure of every place."""

    prices_said: dict[str, set[str]] = field(default_factory=dict)
    stock_said: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def put(self, *rows: Item | Matrix | StockLevel) -> None:
        super().put(*rows)
        for row in rows:
            if isinstance(row, Item):
                self.prices_said.setdefault(row.item_id, set()).add(decimal_text(row.prices[PRICE_LEVEL]))
            elif isinstance(row, StockLevel):
                places = self.stock_said.setdefault(row.item_id, {})
                places.setdefault(row.location_id, set()).add(int(row.sellable))

    def ever_had(self, item_id: str, quantity: Quantity) -> bool:
        """Tell whether a sum could have come from whole reads of every place."""
        places = self.stock_said[item_id].values()
        return quantity in {sum(figures) for figures in product(*places)}

    def ever_cost(self, item_id: str, price: str) -> bool:
        """Tell whether an item ever had this price."""
        return price in self.prices_said[item_id]


@dataclass
class WitnessShop(FakeShop):
    """Counts writes of figures that the till never gave (invariant 1)."""

    till: RememberingTill | None = None
    wrong: list[str] = field(default_factory=list)

    def _set(self, write: StockWrite) -> StockOutcome:
        self._hold_stock(write.item_id, write.quantity)
        return super()._set(write)

    def _write(self, write: ProductWrite) -> ProductOutcome:
        outcome = self._found_again(write) or super()._write(write)
        items = {known.item_id: known for known in outcome.link.variants}
        for variant in write.product.variants:
            if variant.item_id not in items:
                continue  # archived in the till, so never made
            if variant.quantity is not None and write.creates:
                self._hold_stock(variant.item_id, variant.quantity)
            written = items[variant.item_id].fields["regular_price"]
            if self.till and not self.till.ever_cost(variant.item_id, written):
                self.wrong.append(f"price of {variant.item_id}: {written}")
        return outcome

    def _found_again(self, write: ProductWrite) -> ProductOutcome | None:
        """Complete a listing that an unanswered try has made, as adapters do: mend it, acknowledge no stock."""
        if not write.creates or write.product.key not in {listing.key for listing in self.products.values()}:
            return None
        mending = {variant.item_id: MENDED & write.owned for variant in write.product.variants}
        outcome = super()._write(replace(write, variant_changes=mending))
        return replace(outcome, write=write, quantities={})

    def _hold_stock(self, item_id: str, quantity: Quantity) -> None:
        if self.till and not self.till.ever_had(item_id, quantity):
            self.wrong.append(f"stock of {item_id}: {quantity}")

    def doubled(self) -> list[str]:
        """Name what stands in the shop more than once, by our key or by SKU."""
        keys = Counter(listing.key for listing in self.products.values())
        skus = Counter(sku for listing in self.products.values() for sku in _skus(listing))
        return [name for name, count in (keys + skus).items() if count > 1]


def _skus(listing: Listing) -> list[str]:
    return [fields["sku"] for fields in listing.variants.values()]
