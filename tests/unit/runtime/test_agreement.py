"""What a wake of a shop's catalogue lane leads to, and the metrics that tell how far a shop is behind its till."""

import json
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import FakeDeadline
from tests.fakes.stores import FakeOrderNotes, FakeRuns
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import Lane
from tillbridge.flows.lane_fence import NoFence
from tillbridge.flows.web_orders import OrderBook
from tillbridge.runtime import push
from tillbridge.runtime.messages import Task, WakeMessage

pytestmark = pytest.mark.unit


@dataclass
class Parts:
    """As much of the container as a push needs, over a world in memory."""

    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.lanes = self.world.lanes
        self.fanout = self.world.fanout()
        self.runs = FakeRuns(self.world.memory)

    def fenced(self, *_: object) -> Any:
        return nullcontext(NoFence())

    def keeper(self, *_: object) -> Any:
        return self.world.keeper()

    def order_book(self) -> OrderBook:
        return OrderBook(FakeOrderNotes(self.world.memory), self.world.fanout())


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Parts:
    made = Parts()
    made.world.till.put(item("1", custom_sku="CUP"))
    made.world.stock("1", 5, 5)
    made.world.settle()
    made.lanes.woken.clear()
    made.world.shop.calls.clear()
    monkeypatch.setattr(push, "look_after_hooks", lambda *_, **__: None)
    return made


def wake(parts: Parts, task: Task, lane: Lane = Lane.CATALOGUE) -> bool:
    message = WakeMessage(merchant="m1", connection=SHOP, lane=lane, task=task)
    return push.work(parts, parts.world.memory.connections[SHOP], message, FakeDeadline())  # type: ignore[arg-type]


def told(text: str) -> dict[str, tuple[float, dict[str, str]]]:
    """Read the metrics that were printed: name -> value and dimensions."""
    found: dict[str, tuple[float, dict[str, str]]] = {}
    for line in text.splitlines():
        blob = json.loads(line)
        (metric,) = blob["_aws"]["CloudWatchMetrics"]
        (dimensions,) = metric["Dimensions"]
        for one in metric["Metrics"]:
            found[one["Name"]] = (blob[one["Name"]][0], {name: blob[name] for name in dimensions if name != "service"})
    return found


@pytest.mark.parametrize(("task", "looked"), [("push", True), ("resync", True), ("reconcile", True), ("work", False)])
def test_a_shop_is_read_back_after_its_push(parts: Parts, task: Task, *, looked: bool) -> None:
    parts.world.clock.advance(seconds=10)
    assert wake(parts, task)
    assert ("observe" in parts.world.shop.calls) is looked


def test_what_is_left_of_it_is_asked_for_and_no_more(parts: Parts) -> None:
    parts.world.shop.products["1"].variants[""]["regular_price"] = "1"
    parts.world.clock.advance(seconds=10)
    assert wake(parts, "push")
    assert (SHOP, Lane.CATALOGUE, "reconcile") in parts.lanes.woken
    assert wake(parts, "reconcile")
    assert parts.world.shop.products["1"].variants[""]["regular_price"] == "12.5"


def test_a_sweep_tells_how_far_behind_a_shop_is(parts: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    parts.world.shop.refuse = {"1"}
    parts.world.till.sell("1", "1")
    parts.world.poll()
    parts.world.clock.advance(seconds=90)
    wake(parts, "orders", Lane.STOCK)
    assert told(capsys.readouterr().out) == {
        "OldestChangeSeconds": (
            0.0,
            {"system": "woocommerce", "lane": "stock"},
        )  # it failed: it stands among the errors
    }
    wake(parts, "push")
    assert told(capsys.readouterr().out)["OldestChangeSeconds"] == (0.0, {"system": "woocommerce", "lane": "catalogue"})


def test_drift_and_its_repair_are_counted_by_lane(parts: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    parts.world.shop.products["1"].quantities[""] = 99
    parts.world.clock.advance(seconds=10)
    wake(parts, "push")
    lane = {"system": "woocommerce", "lane": "stock"}
    assert told(capsys.readouterr().out)["DriftFound"] == (1.0, lane)
    wake(parts, "orders", Lane.STOCK)
    wake(parts, "push")
    found = told(capsys.readouterr().out)
    assert found["DriftRepaired"] == (1.0, lane)
    wake(parts, "push")
    assert told(capsys.readouterr().out)["VerifiedShare"] == (100.0, {"system": "woocommerce"})


def test_listings_that_are_gone_are_counted(parts: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    parts.world.shop.products.clear()
    parts.world.clock.advance(seconds=10)
    wake(parts, "push")
    problem = parts.world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert "DriftFound" not in told(capsys.readouterr().out)


@pytest.mark.parametrize(("age", "judged"), [(timedelta(hours=1), False), (timedelta(hours=26), True)])
def test_a_shop_that_was_never_read_back_counts_once_it_had_a_day(
    parts: Parts, capsys: pytest.CaptureFixture[str], age: timedelta, *, judged: bool
) -> None:
    known = parts.world.memory.connections[SHOP]
    parts.world.memory.connections[SHOP] = replace(known, created_at=parts.world.clock.now() - age)
    wake(parts, "push")
    found = told(capsys.readouterr().out)
    assert found.get("VerifiedShare") == ((0.0, {"system": "woocommerce"}) if judged else None)
