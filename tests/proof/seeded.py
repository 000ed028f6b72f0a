"""Worlds from a seed: a till of simple items and matrices, an empty shop, and changes of every kind."""

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.fakes.stores import FakeHolds
from tests.fakes.world import PLACES, SHOP, World
from tests.proof.witness import RememberingTill, WitnessShop
from tests.unit.domain.samples import REFERENCE, item, matrix, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import Visibility
from tillbridge.domain.work import HoldState

COLORS = ("Red", "Blue", "Green", "Black", "White", "Grey")
PAGE, BATCH = 10, 10
OVERLAP_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is, and how much changes in it."""

    simple: int = 24
    matrices: int = 6
    changes: int = 12


@dataclass
class SeededWorld(World):
    """A world that can say whether its shop is in step."""

    seed: int = 1
    size: Size = field(default_factory=Size)
    dice: random.Random = field(init=False)
    witness: WitnessShop = field(init=False)
    numbers: int = 0
    first_numbers: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.dice = random.Random(self.seed)
        till = RememberingTill(self.clock, self.crash, REFERENCE, page_size=PAGE)
        self.till, self.witness = till, WitnessShop(self.clock, self.crash, batch=BATCH, till=till)
        self.shop = self.witness
        for _ in range(self.size.simple):
            self._new_simple()
        for number in range(self.size.matrices):
            self._new_matrix(str(7 + number))
        self.first_numbers = self.numbers

    # --- what happens in the till ---

    def change(self) -> None:
        """Let things of every kind happen, at least one of each."""
        self.clock.advance(seconds=OVERLAP_SECONDS)
        kinds = [self._sell, self._move, self._reprice, self._new_simple, self._new_variant]
        for number in range(self.size.changes):
            kinds[number % len(kinds)]()

    def change_all_stock(self) -> None:
        """Give every item another stock and nothing else: a listing that the stock lane never heard of shows now."""
        self.clock.advance(seconds=OVERLAP_SECONDS)
        for one in list(self.till.items.values()):
            level = self.till.levels[one.item_id, PLACES[0]]
            self.till.put(replace(level, on_hand=level.on_hand + 1, sellable=level.sellable + 1))

    def sell_out(self) -> None:
        """Let a third of the items be sold out at once."""
        self.clock.advance(seconds=OVERLAP_SECONDS)
        for one in list(self.till.items)[::3]:
            self.stock(one, 0, 0)

    def edit_in_shop(self) -> None:
        """Let the merchant overwrite figures and prices that are the till's."""
        for listing in self.dice.sample(list(self.shop.products.values()), self.size.changes):
            place = self.dice.choice(sorted(listing.variants))
            listing.variants[place]["regular_price"] = str(self.dice.randint(100, 999))
            listing.quantities[place] = self.dice.randint(100, 999)

    def archive_news(self) -> None:
        """Archive what came into the till since the world began to change: the shop may have it or not."""
        self.clock.advance(seconds=OVERLAP_SECONDS)
        for one in list(self.till.items.values()):
            if int(one.item_id) > self.first_numbers:
                self.till.put(replace(one, archived=True))

    def decide(self, state: HoldState) -> None:
        """Let a person decide about every open hold."""
        holds = FakeHolds(self.memory)
        for hold in holds.unsettled(SHOP):
            if hold.state is HoldState.OPEN:
                holds.put(SHOP, replace(hold, state=state, decided_at=self.clock.now()), hold)

    def take_back(self) -> None:
        """Let a person release what was dropped."""
        holds = FakeHolds(self.memory)
        for hold in list(holds.known(SHOP)):
            if hold.state is HoldState.DROPPED:
                now = self.clock.now()
                holds.put(SHOP, replace(hold, state=HoldState.RELEASED, decided_at=now, settled=False), hold)

    def _sell(self) -> None:
        one = self._some_item()
        self.till.sell(one.item_id, self.dice.choice(PLACES), self.dice.randint(1, 4))

    def _move(self) -> None:
        """Move units from one place to the other: for a moment the sums of both say different things."""
        one = self._some_item()
        units = self.dice.randint(1, 3)
        for place, sign in zip(PLACES, (-1, 1), strict=True):
            level = self.till.levels[one.item_id, place]
            amount = max(Decimal(0), level.on_hand + sign * units)
            self.till.put(replace(level, on_hand=amount, sellable=amount))

    def _reprice(self) -> None:
        one = self._some_item()
        self.till.put(replace(one, prices={"1": Decimal(self.dice.randint(100, 99_999)) / 100}))

    def _new_simple(self) -> None:
        self._put(item(self._number(), **self._price()))

    def _new_matrix(self, matrix_id: str) -> None:
        self.till.put(matrix(matrix_id=matrix_id))
        for color in self.dice.sample(COLORS[:4], self.dice.randint(2, 4)):
            self._put(variant(self._number(), color, matrix_id=matrix_id, **self._price()))

    def _new_variant(self) -> None:
        """Add a color that the matrix does not have yet."""
        for matrix_id in self.till.matrices:
            used = {one.attributes[0] for one in self.till.items.values() if one.matrix_id == matrix_id}
            if color := next((color for color in COLORS if color not in used), None):
                self._put(variant(self._number(), color, matrix_id=matrix_id, **self._price()))
                return

    def _put(self, row: Item) -> None:
        self.till.put(row)
        self.stock(row.item_id, self.dice.randint(0, 9), self.dice.randint(0, 9))

    def _price(self) -> dict[str, Any]:
        return {"prices": {"1": Decimal(self.dice.randint(100, 9_999)) / 100}}

    def _number(self) -> str:
        self.numbers += 1
        return str(self.numbers)

    def _some_item(self) -> Item:
        return self.till.items[self.dice.choice(sorted(self.till.items))]

    # --- how the shop stands ---

    def come_to_rest(self) -> None:
        """Let minutes pass; twice, because what changed while a first read went on is found by the poll after it."""
        self.settle()
        self.settle()

    def lost(self) -> list[str]:
        """Name what the shop does not show as the till has it, and work that never ended."""
        return self.differing() + self.waiting(Lane.CATALOGUE) + self.waiting(Lane.STOCK)

    def differing(self) -> list[str]:
        """Name what the shop does not show as the till has it, by SKU."""
        wanted = {one.custom_sku: self._wanted(one) for one in self.till.items.values() if not one.archived}
        quantities = self.shop.shown()
        shown = {
            fields["sku"]: (quantities.get(fields["sku"]), fields["regular_price"])
            for listing in self.shop.products.values()
            for fields in listing.variants.values()
            if listing.published and fields["visibility"] != Visibility.DRAFT
        }
        return [sku for sku in wanted.keys() | shown.keys() if wanted.get(sku) != shown.get(sku)]

    def _wanted(self, one: Item) -> tuple[int, str]:
        sellable = (self.till.levels[one.item_id, place].sellable for place in PLACES)
        return int(sum(sellable, Decimal(0))), decimal_text(one.prices["1"])

    def needless(self) -> int:
        """Count the writes of a round in which nothing has changed."""
        self.clock.advance(minutes=1)
        self.shop.calls.clear()
        self.poll()
        self.push()
        return sum(call.startswith("write") for call in self.shop.calls)
