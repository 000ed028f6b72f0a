"""Seconds from a sale at the till to the shops' own APIs, through the whole deployed stack.

The sales fall at random moments, each of another item; meanwhile the shops are read again and again. A sale counts from
the moment before it is rung up.
"""

import random
import statistics
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.cloud import LocalCloud, Ports
from local.demo.four_shops import FourShops
from local.demo.fronts import Front, WooCommerce, alike
from local.demo.goods import Article, Goods
from local.demo.opening import Opening
from local.demo.stage import TITLES, Stage
from local.demo.story import MERCHANT, Story
from local.home import PROJECT, Home
from tests.figures import Figure

SALES = 50
WITHIN = 240.0  # seconds over which the sales are spread
PATIENCE = 120.0  # seconds after the last sale
LOOK = 0.1
SLOW_LOOK = 0.4  # BigCommerce takes 150 calls in 30 seconds from all who ask it together, ourselves included
POLL_SECONDS = 10
AIM = POLL_SECONDS + 5
SEED = 2026

LOADED = 10_000  # items of the till whose shop is still being filled
LISTED = 300  # so many listings are enough to choose from
FILLING = 150.0  # seconds over which the sales are spread then
FIRST_READ = 900.0


Arrivals = Mapping[tuple[str, str], float]
"""Seconds by the shop's system and the SKU."""


@dataclass
class Watch:
    """Sales under way and those that have arrived, by shop and SKU."""

    stage: Stage
    fronts: Sequence[Front]
    under_way: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)  # began, quantity to be shown
    arrived: dict[tuple[str, str], float] = field(default_factory=dict)

    def sell(self, article: Article) -> None:
        """Ring one up."""
        moment = time.monotonic()
        self.under_way |= {(front.system, article.sku): (moment, article.shown - 1) for front in self.fronts}
        self.stage.till("sell", item=article.item_id, shop=article.place, quantity=1)

    def look(self) -> None:
        """See which sales the shops show by now."""
        for front in self.fronts:
            skus = [sku for system, sku in self.under_way if system == front.system]
            seen, now = front.quantities(skus) if skus else {}, time.monotonic()
            for sku, quantity in seen.items():
                began, expected = self.under_way[front.system, sku]
                if quantity == expected:
                    del self.under_way[front.system, sku]
                    self.arrived[front.system, sku] = now - began


def seconds_from_till_to_shop() -> Iterator[Figure]:
    """Sell fifty times."""
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        stage = Stage.build(cloud, lambda _: None, poll_seconds=POLL_SECONDS)
        _open(stage)
        stage.tillbridge("sync", "--merchant", MERCHANT, "--wait")
        arrived = _sell(stage, [WooCommerce(stage)], WITHIN)
    yield from _figures("from a till sale to the shop", arrived.values(), f"a poll every {POLL_SECONDS} s")


def seconds_from_till_to_all_four() -> Iterator[Figure]:
    """Sell fifty times while one till feeds four shops."""
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        stage = Stage.build(cloud, lambda _: None, poll_seconds=POLL_SECONDS)
        _open(stage)
        four = FourShops.of(Story(stage, lambda _: None))
        four.connect()
        stage.tillbridge("sync", "--merchant", MERCHANT, "--wait")
        arrived = _sell(stage, four.fronts, WITHIN, SLOW_LOOK)
    note = f"four shops at once, a poll every {POLL_SECONDS} s"
    for front in four.fronts:
        mine = [seconds for (system, _), seconds in arrived.items() if system == front.system]
        yield from _figures(f"from a till sale to {TITLES[front.system]}", mine, note)
    last = [max(arrived[front.system, sku] for front in four.fronts) for sku in {sku for _, sku in arrived}]
    yield from _figures("from a till sale to the last of four shops", last, note)


def seconds_while_a_shop_fills() -> Iterator[Figure]:
    """Sell what the shop has already, while the rest of 10,000 items goes there."""
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        stage = Stage.build(cloud, lambda _: None, LOADED, POLL_SECONDS)
        _open(stage)
        stage.tillbridge("sync", "--merchant", MERCHANT)
        shop = WooCommerce(stage)
        _wait_for_the_first(stage, shop)
        arrived = _sell(stage, [shop], FILLING)
        left = _left(stage)
    if not left:
        raise RuntimeError("the shop was full before all sales had arrived")
    note = f"{left:,} products or more still to come at the end"
    yield from _figures("from a till sale to the shop while 10,000 items load", arrived.values(), note)


def _figures(name: str, seconds: Collection[float], note: str) -> Iterator[Figure]:
    told = f"{len(seconds)} sales, {note}"
    yield Figure(f"{name}: median", statistics.median(seconds), "s", AIM, told)
    yield Figure(f"{name}: worst", max(seconds), "s", AIM, told)


def _wait_for_the_first(stage: Stage, shop: Front) -> None:
    """Wait until the till was read once, since sales are polled from then on, and something is in the shop."""
    end = time.monotonic() + FIRST_READ
    while time.monotonic() < end:
        read = next(one["read"] for one in _status(stage) if one["read"])
        if read["finished_at"] and len(_sellable(stage, [shop])) >= LISTED:
            return
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


def _sellable(stage: Stage, fronts: Sequence[Front]) -> Sequence[Article]:
    """Give what every shop shows as the till has it."""
    shown = alike([front.by_sku() for front in fronts])
    return Goods(stage.till_items(), shown).take(len(shown))


def _sell(stage: Stage, fronts: Sequence[Front], within: float, look: float = LOOK) -> Arrivals:
    """Sell at random moments, and watch until everything has arrived everywhere."""
    dice, watch, found = random.Random(SEED), Watch(stage, fronts), _sellable(stage, fronts)
    began = time.monotonic()
    moments = sorted(began + dice.uniform(0, within) for _ in range(SALES))
    waiting = list(zip(moments, dice.sample(found, SALES), strict=True))
    while waiting or watch.under_way:
        if waiting and time.monotonic() >= waiting[0][0]:
            watch.sell(waiting.pop(0)[1])
        watch.look()
        if time.monotonic() > began + within + PATIENCE:
            raise RuntimeError(f"never arrived: {', '.join(map(' '.join, watch.under_way))}")
        time.sleep(look)
    return watch.arrived
