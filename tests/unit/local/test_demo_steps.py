"""The demo's steps on systems that misbehave: each ends with what was seen instead."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from local.demo import story as telling
from local.demo.accident import Accident
from local.demo.goods import Article, Goods
from local.demo.ownership import TEXTS, Ownership
from local.demo.preview import preview
from local.demo.sale import sell
from local.demo.story import Story
from local.errors import LocalCloudError

MUG = Article(1, "Mug", "MUG", place=2, shown=7, price=Decimal("10.00"), simple=True)


def listing(sku: str = "MUG", quantity: int | None = 7, price: str = "10.00") -> dict[str, Any]:
    texts = {"name": "Mug", "description": "<p>Holds tea.</p>\n"}
    return {"sku": sku, "type": "simple", "stock_quantity": quantity, "regular_price": price, **texts}


def item(number: int, sku: str, **changes: Any) -> dict[str, Any]:
    plain = {"itemID": str(number), "itemMatrixID": "0", "description": "Mug", "customSku": sku, "itemType": "default"}
    return {**plain, "archived": False, "stock": {"1": 0, "2": 7}, **changes}


class Stage:
    """One listing and the command line, in memory; `reacts` says what follows from what is done or commanded."""

    def __init__(self, reacts: Callable[["Stage", str], None]) -> None:
        self.listing, self.calls, self.reacts = listing(), list[dict[str, Any]](), reacts
        self.holds: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []

    def till(self, action: str, **_: object) -> None:
        self.reacts(self, action)

    def tillbridge(self, command: str, *_: str, live: bool) -> None:
        assert live
        self.reacts(self, command)

    def shop_owner(self, action: str, *, sku: str, changes: dict[str, Any]) -> None:
        self.listing |= changes
        self.reacts(self, action)

    def answer(self, command: str, *_: str, quietly: bool) -> Any:
        assert quietly
        return self.holds if command == "holds" else {"changes": self.changes}

    def till_calls(self) -> list[dict[str, Any]]:
        return self.calls

    def shop(self, _path: str, **params: str) -> list[dict[str, Any]]:
        return [dict(self.listing)] if params.get("page", "1") == "1" else []


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "ARRIVAL_SECONDS", 0.0)


def told(step: Callable[[Story], object], reacts: Callable[[Stage, str], None]) -> list[str]:
    """Play a step; gives what it said."""
    said: list[str] = []
    stage: Any = Stage(reacts)
    step(Story(stage, said.append))
    return [line for line in said if line.startswith("ok: ")]


def sold(stage: Stage, action: str) -> None:
    if action == "sell":
        stage.listing["stock_quantity"] -= 1


def nothing(_stage: Stage, _action: str) -> None:
    """Do not react."""


def test_a_sale_has_to_arrive() -> None:
    (line,) = told(lambda story: sell(story, MUG), sold)
    assert line.startswith("ok: the shop shows 6 after ")
    with pytest.raises(LocalCloudError, match=r"the shop shows 6 after .*: it is 7 instead of 6"):
        told(lambda story: sell(story, MUG), nothing)


def foreseen(*fields: tuple[str, str, str]) -> Callable[[Stage, str], None]:
    def reacts(stage: Stage, _: str) -> None:
        rows = [{"sku": sku, "field": "stock", "old": old, "new": new} for sku, old, new in fields]
        unlisted = {"listing": "", "fields": [{"sku": "NEW", "field": "stock", "old": None, "new": "3"}]}
        stage.changes = [{"listing": "17", "fields": rows}, unlisted]

    return reacts


def test_a_preview_has_to_say_what_follows_from_the_setting() -> None:
    assert told(preview, foreseen(("MUG", "7", "6"))) == [
        "ok: it foresees one less of all 1 that are in stock",
        "ok: nothing was written to the shop",
    ]
    with pytest.raises(LocalCloudError, match=r"MUG: \('7', '5'\), not \('7', '6'\)"):
        told(preview, foreseen(("MUG", "7", "5")))
    with pytest.raises(LocalCloudError, match=r"MUG: None, not \('7', '6'\)"):
        told(preview, foreseen())


def test_a_preview_that_writes_is_found() -> None:
    def writes(stage: Stage, command: str) -> None:
        foreseen(("MUG", "7", "6"))(stage, command)
        stage.listing["stock_quantity"] = 6

    with pytest.raises(LocalCloudError, match="nothing was written to the shop: MUG changed"):
        told(preview, writes)


def guarded(*, asks: bool = True, holds: bool = True, writes: bool = False) -> Callable[[Stage, str], None]:
    """Hold a zero, after asking the till again; or not."""

    def reacts(stage: Stage, action: str) -> None:
        if action == "stock":
            stage.calls = [{"path": "/Account/1/Item.json", "query_keys": ["itemID"]}] if asks else []
            stage.holds = [{"kind": "price", "hold": "h1", "count": 1}]
            stage.holds += [{"kind": "zeroed", "hold": "h2", "count": 1}] if holds else []
        if action == "release" or writes:
            stage.listing["stock_quantity"] = 0

    return reacts


def have_accident(story: Story) -> None:
    accident = Accident(story, [MUG])
    hold = accident.happen()
    assert hold == "h2"
    accident.release(hold)


def test_zeros_have_to_be_read_again_held_and_released() -> None:
    lines = told(have_accident, guarded())
    assert [line.partition(" after ")[0] for line in lines] == [
        "ok: all 1 zeros are held for a person",
        "ok: the till was first asked a second time, in 1 call(s) for just these items",
        "ok: the shop still shows the old figures of all 1",
        "ok: the shop shows 0 of all 1",
    ]


@pytest.mark.parametrize(
    ("failure", "seen"),
    [
        ({"holds": False}, "it is 0 instead of 1"),
        ({"asks": False}, "it was not asked"),
        ({"writes": True}, "MUG: 0, not 7"),
    ],
)
def test_zeros_that_are_not_guarded_are_found(failure: dict[str, bool], seen: str) -> None:
    with pytest.raises(LocalCloudError, match=seen):
        told(have_accident, guarded(**failure))


def test_texts_have_to_stay_and_the_price_to_arrive() -> None:
    def syncs(stage: Stage, action: str) -> None:
        if action == "sync":
            stage.listing |= {"regular_price": "11.00", "description": f"<p>{TEXTS['description']}</p>\n"}

    def overwrites(stage: Stage, action: str) -> None:
        syncs(stage, action)
        if action == "sync":
            stage.listing["name"] = "Mug"

    def step(story: Story) -> None:
        Ownership(story).texts_stay(MUG)

    assert len(told(step, syncs)) == 2
    with pytest.raises(LocalCloudError, match=r"name and description stay: .*'name': 'Mug'"):
        told(step, overwrites)
    with pytest.raises(LocalCloudError, match=r"it shows 10\.00"):
        told(step, nothing)


def test_drift_has_to_be_repaired() -> None:
    def repairs(stage: Stage, _: str) -> None:
        stage.listing |= listing()

    def step(story: Story) -> None:
        Ownership(story).stock_is_repaired(MUG)
        Ownership(story).price_is_repaired(MUG)

    assert len(told(step, repairs)) == 2
    with pytest.raises(LocalCloudError, match="it is 47 instead of 7"):
        told(step, nothing)
    with pytest.raises(LocalCloudError, match=r"it shows 11\.00"):
        told(lambda story: Ownership(story).price_is_repaired(MUG), nothing)


def test_goods_are_what_till_and_shop_agree_about_each_given_once() -> None:
    items = [
        item(1, "MUG"),
        item(2, "TWIN"),
        item(3, "TWIN"),
        item(4, "A,B"),
        item(5, "GONE", archived=True),
        item(6, "RED", itemMatrixID="3"),
        item(7, "ONE", stock={"1": 1, "2": 0}),
        item(8, "LATE", stock={"1": 9}),
        item(9, "UNLISTED"),
        item(10, "FREE"),
        item(11, "BOX"),
        item(12, "WORK", itemType="non_inventory"),
    ]
    listings = {row["customSku"]: listing(row["customSku"]) for row in items if row["customSku"] != "UNLISTED"}
    listings |= {"ONE": listing("ONE", 1), "FREE": listing("FREE", price=""), "WORK": listing("WORK", None)}
    goods = Goods(items, listings)
    assert goods.one() == MUG
    assert goods.simple().sku == "BOX"
    (last,) = goods.take(5)
    assert (str(last), last.place, last.simple) == ("Mug (RED)", 2, False)
    with pytest.raises(IndexError):
        goods.one()
