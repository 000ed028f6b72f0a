"""Seconds from a sale at the till to the shop's own API, through the whole deployed stack.

The sales fall at random moments, each of another item; meanwhile the shop is read again and again. A sale counts from
the moment before it is rung up.
"""

import random
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.cloud import LocalCloud, Ports
from local.demo.opening import Opening
from local.demo.shop_window import ShopWindow
from local.demo.stage import Stage
from local.demo.story import MERCHANT, Story
from local.home import PROJECT, Home
from tests.figures import Figure

SALES = 50
WITHIN = 240.0  # seconds over which the sales are spread
PATIENCE = 120.0  # seconds after the last sale
LOOK = 0.1
POLL_SECONDS = 10  # as the demo deploys it
AIM = POLL_SECONDS + 5
SEED = 2026

LOADED = 10_000  # items of the till whose shop is still being filled
LISTED = 300  # so many listings are enough to choose from
FILLING = 150.0  # seconds over which the sales are spread then
FIRST_READ = 900.0


@dataclass
class Watch:
    """Sales under way and those that have arrived."""

    stage: Stage
    under_way: dict[str, tuple[float, int]] = field(default_factory=dict)  # sku -> began, quantity to be shown
    arrived: list[float] = field(default_factory=list)

    def sell(self, sku: str, item: Mapping[str, Any], shown: int) -> None:
        """Ring one up."""
        self.under_way[sku] = (time.monotonic(), shown - 1)
        location = next(int(place) for place, quantity in item["stock"].items() if int(quantity) > 0)
        self.stage.till("sell", item=int(item["itemID"]), shop=location, quantity=1)

    def look(self) -> None:
        """See which sales the shop shows by now."""
        if not self.under_way:
            return
        rows = self.stage.shop("/products", sku=",".join(self.under_way), per_page="100", _fields="sku,stock_quantity")
        now = time.monotonic()
        for row in rows:
            began, expected = self.under_way[row["sku"]]
            if row["stock_quantity"] == expected:
                del self.under_way[row["sku"]]
                self.arrived.append(now - began)


def seconds_from_till_to_shop() -> Iterator[Figure]:
    """Sell fifty times."""
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        stage = Stage.build(cloud, lambda _: None)
        _open(stage)
        stage.tillbridge("sync", "--merchant", MERCHANT, "--wait")
        arrived = _sell(stage, _sellable(stage), WITHIN)
    note = f"{len(arrived)} sales, a poll every {POLL_SECONDS} s"
    yield Figure("from a till sale to the shop: median", statistics.median(arrived), "s", AIM, note)
    yield Figure("from a till sale to the shop: worst", max(arrived), "s", AIM, note)


def seconds_while_a_shop_fills() -> Iterator[Figure]:
    """Sell what the shop has already, while the rest of 10,000 items goes there."""
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        stage = Stage.build(cloud, lambda _: None, LOADED)
        _open(stage)
        stage.tillbridge("sync", "--merchant", MERCHANT)
        arrived = _sell(stage, _first_listed(stage), FILLING)
        left = _left(stage)
    if not left:
        raise RuntimeError("the shop was full before all sales had arrived")
    note = f"{len(arrived)} sales, {left:,} products or more still to come at the end"
    yield Figure(
        "from a till sale to the shop while 10,000 items load: median", statistics.median(arrived), "s", AIM, note
    )
    yield Figure("from a till sale to the shop while 10,000 items load: worst", max(arrived), "s", AIM, note)


def _first_listed(stage: Stage) -> Mapping[str, tuple[Mapping[str, Any], int]]:
    """Wait until the till was read once, since sales are polled from then on, and something is in the shop."""
    end = time.monotonic() + FIRST_READ
    while time.monotonic() < end:
        read = next(one["read"] for one in _status(stage) if one["read"])
        if read["finished_at"] and len(found := _sellable(stage)) >= LISTED:
            return found
        time.sleep(1)
    raise RuntimeError("the first listings never came")


def _left(stage: Stage) -> int:
    return sum(one["lanes"]["catalogue"]["waiting"] for one in _status(stage) if one["lanes"])


def _status(stage: Stage) -> Sequence[Mapping[str, Any]]:
    (merchant,) = stage.answer("status", "--merchant", MERCHANT)
    connections: Sequence[Mapping[str, Any]] = merchant["connections"]
    return connections


def _open(stage: Stage) -> None:
    """Go the demo's road until both are connected."""
    opening = Opening(Story(stage, lambda _: None))
    opening.add_merchant()
    opening.connect_till()
    opening.connect_shop()


def _sellable(stage: Stage) -> Mapping[str, tuple[Mapping[str, Any], int]]:
    """Give items by SKU of which the shop shows what the till has, with that figure."""
    shown = {sku: row["stock_quantity"] for sku, row in ShopWindow(stage).by_sku().items()}
    items = {item["customSku"].strip(): item for item in stage.till_items() if not item["archived"]}
    return {
        sku: (item, shown[sku])
        for sku, item in items.items()
        if shown.get(sku) and "," not in sku and shown[sku] == _in_till(item)
    }


def _in_till(item: Mapping[str, Any]) -> int:
    return sum(max(0, int(quantity)) for quantity in item["stock"].values())


def _sell(stage: Stage, found: Mapping[str, tuple[Mapping[str, Any], int]], within: float) -> Sequence[float]:
    """Sell at random moments, and watch until everything has arrived."""
    dice, watch = random.Random(SEED), Watch(stage)
    began = time.monotonic()
    moments = sorted(began + dice.uniform(0, within) for _ in range(SALES))
    waiting = list(zip(moments, dice.sample(sorted(found), SALES), strict=True))
    while waiting or watch.under_way:
        if waiting and time.monotonic() >= waiting[0][0]:
            _, sku = waiting.pop(0)
            watch.sell(sku, *found[sku])
        watch.look()
        if time.monotonic() > began + within + PATIENCE:
            raise RuntimeError(f"never arrived: {', '.join(watch.under_way)}")
        time.sleep(LOOK)
    return watch.arrived
