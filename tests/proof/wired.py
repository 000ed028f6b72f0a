"""Play every fault at every HTTP call of a first sync, a stock change and a price change, and compare the shops.

A disturbed run must end with just what an undisturbed one ends with.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from multiprocessing import get_context
from os import cpu_count

from sandbox.common.faults import Fault
from sandbox.lightspeed.control_shop import sell_at_till
from tests.bench.replay import Recorded, recording
from tests.figures import Figure
from tests.proof.shop_shot import ShopShot, take_shot
from tests.proof.tally import Tally, shown
from tests.proof.wires import KEY, SHOP, TILL, Wires, wires
from tillbridge.domain.desire import sku_of
from tillbridge.domain.planning import decimal_text

FAULTS = (
    Fault("cut_before"),
    Fault("cut_after"),
    Fault("status", status=500),
    Fault("html", status=502),
    Fault("garbage"),
    Fault("truncate"),
    Fault("hang"),
)
PICTURE_FAULTS = (Fault("status", status=500), Fault("cut_before"))
API = {TILL: r"^/API/", SHOP: r"^/wp-json/"}
PICTURES = r"^/image/"


@dataclass(slots=True)
class Truth:
    """Every total and price that the till ever had, by item."""

    stock: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    prices: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, run: Wires) -> None:
        """Look at the till as it is now."""
        retailer = run.till.retailer
        for number in range(1, retailer.catalogue.items.size + 1):
            rows = [row for row in retailer.stock.rows(number) if row.shop_id]
            self.stock[str(number)].add(sum(max(0, row.qoh) for row in rows))
            price = Decimal(retailer.catalogue.item(number).prices[0]).quantize(Decimal("0.01"))
            self.prices[str(number)].add(decimal_text(price))


def _first_sync(run: Wires) -> None:
    run.first_read()
    run.push()


def _in_step(run: Wires) -> None:
    _first_sync(run)
    run.come_to_rest()


def _sell_some(run: Wires) -> None:
    """Sell simple items and variants; 28 and 30 are simple."""
    _in_step(run)
    for number in (1, 5, 9, 28, 30):
        level = next(row for row in run.till.retailer.stock.rows(number) if row.shop_id and row.qoh > 0)
        sell_at_till(run.till.retailer, number, level.shop_id, 1)


def _price_some(run: Wires) -> None:
    _in_step(run)
    for number in (2, 6, 28):
        run.till.retailer.price(number, 1, "77.25")


def _poll_and_push(run: Wires) -> None:
    run.poll()
    run.push()


@dataclass(frozen=True, slots=True)
class Story:
    """What happens before the fault, and the work that it strikes."""

    prepare: Callable[[Wires], object]
    do: Callable[[Wires], object]


STORIES = {
    "first sync": Story(lambda run: None, _first_sync),
    "stock change": Story(_sell_some, _poll_and_push),
    "price change": Story(_price_some, _poll_and_push),
}


@dataclass(frozen=True, slots=True)
class Struck:
    """One run: which story, whose n-th call, and the fault."""

    story: str
    who: str
    path: str
    number: int
    fault: Fault

    def plan(self, run: Wires) -> None:
        """Put the fault in force."""
        kind, status = self.fault.kind, self.fault.status
        run.plan(self.who, Fault(kind, status=status, path=self.path, after=self.number))


def faults_at_every_call() -> Iterator[Figure]:
    """Play every fault, as many runs at once as there are processors."""
    runs = [struck for story in STORIES for struck in _every_fault(story)]
    tally, doubled, left_over = Tally(), 0, 0
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_play, struck): struck for struck in runs}
        done = as_completed(waiting)
        for _ in shown("faults at every call", runs):
            ended = next(done)
            judged, more = ended.result()
            tally += judged
            if waiting[ended].path == PICTURES:
                left_over += more
            else:
                doubled += more
    name = "faults at every HTTP call"
    yield from tally.figures(name, ", ".join(STORIES))
    yield Figure(f"{name}: pictures sent twice", doubled, "pictures", 0)
    yield Figure(f"{name}: copies left by pictures that could not be fetched", left_over, "pictures")


def _every_fault(name: str) -> Iterator[Struck]:
    """Count the calls of an undisturbed run, and strike each of them."""
    with wires() as run:
        STORIES[name].prepare(run)
        for instruments in (run.till_instruments, run.shop.instruments):
            instruments.ledger.reset()
        STORIES[name].do(run)
        routes = [call.path for call in run.till_instruments.ledger.calls()]
        pictures = sum(path.startswith("/image/") for path in routes)
        calls = {TILL: len(routes) - pictures, SHOP: run.shop.instruments.ledger.total}
    for who, count in calls.items():
        yield from (Struck(name, who, API[who], number, fault) for number in range(count) for fault in FAULTS)
    yield from (Struck(name, TILL, PICTURES, number, fault) for number in range(pictures) for fault in PICTURE_FAULTS)


def _play(struck: Struck) -> tuple[Tally, int]:
    """Give the verdict on one run, and how many pictures were made twice."""
    story, truth = STORIES[struck.story], Truth()
    with wires() as run, recording() as sent:
        truth.note(run)
        story.prepare(run)
        truth.note(run)
        struck.plan(run)
        story.do(run)
        run.come_to_rest()
        played = run.faults_left() == 0
        wrong = len(_wrong(run, sent, truth))
        shot, waiting = take_shot(run.shop, KEY), run.waiting()
    expected = _undisturbed(struck.story)
    lost = len(shot.differing(expected)) + waiting
    return Tally(int(played), wrong, len(shot.doubled), lost), max(0, shot.pictures - expected.pictures)


@cache
def _undisturbed(name: str) -> ShopShot:
    with wires() as run:
        STORIES[name].prepare(run)
        STORIES[name].do(run)
        run.come_to_rest()
        return take_shot(run.shop, KEY)


def _wrong(run: Wires, sent: Sequence[Recorded], truth: Truth) -> list[str]:
    """Name the figures that were sent to the shop although the till never had them (invariant 1)."""
    by_sku = {sku_of(item, run.memory.merchants["m1"].settings): key for key, item in run.memory.items[TILL].items()}
    by_listing = {ref.variant_id or ref.product_id: item for ref, item in run.memory.listings[SHOP].items()}
    wrong: list[str] = []
    for call in sent:
        if call.method != "POST" or not call.url.startswith(run.shop_url):
            continue
        body = json.loads(call.body)
        for entry in [*body.get("create", ()), *body.get("update", ())]:
            item = by_listing.get(str(entry.get("id"))) or by_sku.get(entry.get("sku", ""), "")
            if "stock_quantity" in entry and entry["stock_quantity"] not in truth.stock[item]:
                wrong.append(f"stock of {item}: {entry['stock_quantity']}")
            if entry.get("regular_price") and entry["regular_price"] not in truth.prices[item]:
                wrong.append(f"price of {item}: {entry['regular_price']}")
    return wrong
