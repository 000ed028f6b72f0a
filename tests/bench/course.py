"""The course on which calls and times are measured: a first sync, then many sales; and how a part of it is counted."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.cloud import LocalCloud
from tests.bench.remotes import Remotes
from tests.bench.replay import Recorded, recording, replay
from tests.bench.shop_view import Place
from tests.bench.trade import Trade


@dataclass(frozen=True, slots=True)
class Phase:
    """What one part of the course took, as our side and both ledgers saw it."""

    seconds: float
    sent: Sequence[Recorded]
    till: Sequence[Mapping[str, Any]]
    shop: Sequence[Mapping[str, Any]]

    @property
    def calls(self) -> int:
        """Calls to both systems, as they counted them."""
        return len(self.till) + len(self.shop)

    @property
    def cost(self) -> float:
        """The till's cost units."""
        return sum(float(call["cost"]) for call in self.till)

    @property
    def writes(self) -> int:
        """Calls to the shop that could change something."""
        return sum(call["method"] != "GET" for call in self.shop)


@dataclass(frozen=True, slots=True)
class Sale:
    """One unit sold over the counter."""

    item: int
    location: int
    sku: str


def take(remotes: Remotes, work: Callable[[], object]) -> Phase:
    """Do one part of the course and count it; each part begins with the till's whole budget."""
    remotes.empty_bucket()
    remotes.forget_calls()
    with recording() as sent:
        began = time.perf_counter()
        work()
        seconds = time.perf_counter() - began
    return Phase(seconds, sent, remotes.till_calls(), remotes.shop_calls())


def sellable(remotes: Remotes) -> tuple[list[Sale], Mapping[str, Place]]:
    """List one sale for every item whose stock the shop shows under a SKU that no other item has."""
    items = [item for item in remotes.items() if not item["archived"] and "," not in item["customSku"]]
    codes = Counter(item["customSku"].strip() for item in items)
    single = [item for item in items if codes[item["customSku"].strip()] == 1 and item["customSku"].strip()]
    places = remotes.view().places([item["customSku"].strip() for item in single])
    sales = [
        Sale(int(item["itemID"]), location, item["customSku"].strip())
        for item in single
        if (place := places.get(item["customSku"].strip())) is not None and place.quantity
        for location in _with_stock(item)[:1]
    ]
    return sales, places


def _with_stock(item: Mapping[str, Any]) -> list[int]:
    return [int(location) for location, quantity in item["stock"].items() if int(quantity) > 0]


def sell(remotes: Remotes, sales: Sequence[Sale]) -> None:
    """Make the sales at the till."""
    for sale in sales:
        remotes.sell(sale.item, sale.location)


def bare_seconds(
    cloud: LocalCloud, name: str, items: int, done: Trade, parts: Sequence[Phase], sales: Sequence[Sale], *options: str
) -> list[float]:
    """Make the calls of a first sync and of the sales after it again, on a fresh till and shop, with a bare script."""
    fresh = Remotes.start(cloud, name, items, options)
    there = dict(zip(done.remotes.signed_in(), fresh.signed_in().values(), strict=True))
    first, stock = parts
    seconds = [replay(first.sent, there, fresh.ca_file)]
    sell(fresh, sales)
    return [*seconds, replay(stock.sent, there, fresh.ca_file)]
