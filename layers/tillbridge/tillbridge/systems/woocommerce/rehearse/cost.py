"""How many calls a push needs: the least, with batches of the sizes that this shop copes with, when all goes well."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from tillbridge.domain.product import Link, ListingRef, StockWrite
from tillbridge.systems.shop import Work
from tillbridge.systems.woocommerce.api.batches import Sizes
from tillbridge.systems.woocommerce.rehearse.motions import Meter, UntouchedSizes
from tillbridge.systems.woocommerce.rehearse.names import Names
from tillbridge.systems.woocommerce.rehearse.products import ProductMotions
from tillbridge.systems.woocommerce.stock import StockLoad, by_route
from tillbridge.systems.woocommerce.tools import Tools
from tillbridge.systems.woocommerce.unpublish import Withdrawal


def cost(tools: Tools, sizes: Sizes, rounds: Iterable[Work]) -> int:
    """Count the calls of some rounds, one after the other; ``tools`` and ``sizes`` are left as they are."""
    rehearsal = Rehearsal.of(tools, sizes)
    for work in rounds:
        rehearsal.play(work)
    return rehearsal.meter.calls


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One push, without a call."""

    tools: Tools
    products: ProductMotions
    meter: Meter = field(default_factory=Meter)

    @classmethod
    def of(cls, tools: Tools, sizes: Sizes) -> Self:
        """Begin with what is remembered of the shop."""
        meter = Meter()
        own = Tools.of(tools.client, tools.terms, UntouchedSizes(sizes), tools.clock)
        return cls(own, ProductMotions(own, meter, Names(tools.terms, meter)), meter)

    def play(self, work: Work) -> None:
        """Go through one round."""
        self._observed(work.observed)
        self._links(work.links)
        for _ in self.meter.carry(Withdrawal(self.tools.client), work.unpublish, self.tools.products):
            pass
        self.products.write(work.writes)
        self.meter.calls += bool(work.stock) or work.orders  # the orders that came since the last look
        self._stock(work.stock)

    def _observed(self, refs: Sequence[ListingRef]) -> None:
        """Read products a hundred at a time, and variations below their parents (``observe``)."""
        self.meter.lists(sum(not ref.variant_id for ref in refs))
        for rows in Counter(ref.product_id for ref in refs if ref.variant_id).values():
            self.meter.lists(rows)

    def _links(self, links: Sequence[Link]) -> None:
        """Read listings a hundred at a time, and what is below each variable one (``products.take_over``)."""
        self.meter.lists(len(links))
        for link in links:
            self.meter.lists(sum(bool(known.ref.variant_id) for known in link.variants))

    def _stock(self, writes: Sequence[StockWrite]) -> None:
        for route, steps in by_route(writes):
            for _ in self.meter.carry(StockLoad(self.tools.client, route), steps, self.tools.stock):
                pass
