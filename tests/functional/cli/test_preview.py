"""``preview`` from what is typed to what is shown."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from tests.fakes.world import SHOP, TILL
from tests.functional.cli.terminal import Terminal
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.work import Run
from tillbridge.flows.full_read import DONE, FULL_READ, ITEMS
from tillbridge.flows.survey import SURVEY

PAGE = Path(__file__).resolve().parents[3] / "docs" / "command-line.md"


def told(terminal: Terminal, *options: str) -> str:
    result = terminal.run("preview", "--merchant", "m1", *options)
    assert result.exit_code == 0, result.stderr
    return " ".join(result.stdout.split())


def stir(terminal: Terminal) -> None:
    """A price, a new product, one archived, one without a price."""
    world = terminal.office.world
    world.till.put(replace(world.till.items["4"], prices={"1": Decimal("9.90")}))
    world.till.put(replace(world.till.items["1"], archived=True))
    world.till.put(item("9", custom_sku="NEW", description="Kettle \x1b[31m [red]"))
    world.till.put(item("8", custom_sku="BAD", description="Priceless", prices={}))
    for item_id in ("8", "9"):
        world.stock(item_id, 2, 2)
    world.poll()


def test_in_step_nothing_would_be_written(stocked: Terminal) -> None:
    shown = told(stocked)
    assert "woocommerce shop: 2 products and the stock of 3 items looked at" in shown
    assert "Nothing would be written" in shown


def test_a_page_for_people(stocked: Terminal) -> None:
    stir(stocked)
    result = stocked.run("preview", "--merchant", "m1")
    shown = " ".join(result.stdout.split())
    assert "change 1 regular_price 1" in shown
    assert "unpublish 1 visibility 1" in shown
    assert "change M7 T-Shirt MUG-4" not in shown
    assert "change M7 T-Shirt RED regular_price 12.5 9.9" in shown
    assert "I8 Priceless Item 8 has no price on price level 1. Set that price in the till." in shown
    assert "About 2 calls to the shops' APIs." in shown
    assert "\x1b" not in result.stdout
    assert len(result.stdout.splitlines()) < 60


def test_everything_as_json(stocked: Terminal) -> None:
    stir(stocked)
    before = stocked.office.world.memory.links[SHOP].copy()
    answer = stocked.json("preview", "-m", "m1", "--setting", "safety_stock=1")
    assert answer["settings"] == {"safety_stock": "1"}
    (shop,) = answer["shops"]
    assert (shop["connection"], shop["state"], shop["products"], shop["items"]) == ("shop", "active", 4, 5)
    assert shop["counts"] == {
        "create": 1,
        "change": 1,
        "unpublish": 1,
        "publish again": 0,
        "dropped": 0,
        "stock": 3,
        "held": 0,
        "second reading": 0,
        "blocked": 1,
    }
    assert shop["fields"]["stock"] == {"stock": 3}
    price = next(one for one in answer["changes"] if one["kind"] == "change")
    assert price["connection"] == "shop"
    assert price["fields"] == [{"item": "4", "sku": "RED", "field": "regular_price", "old": "12.5", "new": "9.9"}]
    assert shop["calls"] == answer["calls"] == 5
    assert stocked.office.world.memory.links[SHOP] == before
    assert stocked.office.world.memory.merchants["m1"].settings.safety_stock == 0


def test_the_documented_fields_are_those_of_the_document(stocked: Terminal) -> None:
    stir(stocked)
    answer = stocked.json("preview", "-m", "m1")
    section = PAGE.read_text().partition("### `tillbridge preview`")[2].partition("\n### ")[0]
    parts = re.findall(r"(?:the fields|Each of the `[a-z]+` has|each\nof those|those) ([^.;]+)[.;]", section)
    documented = [re.findall(r"`([a-z_]+)`", part.partition(" (")[0] if "null" in part else part) for part in parts]
    change = answer["changes"][0]
    assert list(answer) == documented[-4]
    assert list(answer["shops"][0]) == documented[-3]
    assert list(change) == documented[-2]
    assert list(change["fields"][0])[:4] == documented[-1]


def test_nothing_to_do_is_a_document_too(stocked: Terminal) -> None:
    assert stocked.json("preview", "-m", "m1", "--shop", "shop")["changes"] == []


def test_what_would_be_held_is_shown_with_its_cause(stocked: Terminal) -> None:
    stir(stocked)
    shown = told(stocked, "--setting", "guard_price=10", "--setting", "guard_floor=0")
    leap = "A price would change by more than 10 %: that of RED from 12.5 to 9.9 (20.8 %)."
    assert "held 2 visibility 1, regular_price 1" in shown
    assert f"new 1 {leap}" in shown
    assert "new 1 1 of 2 listings would be unpublished within an hour; at most 20 % may." in shown
    assert "What is held is not written before a person releases it: see `tillbridge holds`." in shown
    answer = stocked.json("preview", "-m", "m1", "--setting", "guard_price=10")
    (shop,) = answer["shops"]
    assert shop["held"] == [{"held_for": "price", "hold": "", "count": 1, "cause": leap}]
    (held,) = (one for one in answer["changes"] if one["kind"] == "held")
    assert (held["key"], held["why"], held["held_for"], held["hold"]) == ("M7", leap, "price", "")


def test_a_zero_that_is_doubted_is_shown(stocked: Terminal) -> None:
    world = stocked.office.world
    world.stock("1", 0, 0)
    world.poll()
    shown = told(stocked)
    assert "second reading 1 stock 1" in shown
    assert "The till is read a second time before the shop is set to zero." in shown
    assert "About 1 calls" in shown  # to read the orders


def test_portions_are_put_together(stocked: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    stir(stocked)
    whole = stocked.json("preview", "-m", "m1")
    monkeypatch.setattr("tillbridge.flows.operate.preview.ANSWER_BYTES", 1)
    monkeypatch.setattr("tillbridge.flows.operate.foresee.ROUND", 2)
    stocked.events.clear()
    parts = stocked.json("preview", "-m", "m1")
    assert parts["changes"] == whole["changes"]
    assert parts["shops"][0]["counts"] == whole["shops"][0]["counts"]
    assert len(stocked.events) > 1
    assert json.loads(stocked.events[1])["arguments"]["after"] == "m1:shop:~u1r1!2.4"


def test_a_broken_shop_is_said_to_be(stocked: Terminal) -> None:
    stocked.office.put_state(SHOP, ConnectionState.BROKEN)
    assert "its connection is broken: nothing is written until it has been mended" in told(stocked)


def test_what_is_tried_out_is_named(stocked: Terminal) -> None:
    shown = told(stocked, "--setting", "safety_stock=2", "--setting", "new_products=draft")
    assert shown.startswith("After safety_stock=2, new_products=draft:")
    assert "stock I1 Mug Blue MUG stock 11 9" in shown


@pytest.mark.parametrize(
    ("options", "code", "error"),
    [
        (("--setting", "safety_stock"), 2, "A change has no name or no value."),
        (("--setting", "safety_stock=1", "--setting", "safety_stock=2"), 2, "It is given twice."),
        (("--setting", "safety_stock=much"), 2, "The setting safety_stock cannot be 'much'."),
        (("--setting", "safety_stok=1"), 2, "Did you mean safety_stock?"),
        (("--shop", "foreign-shop"), 3, "Merchant m1 has no shop foreign-shop."),
        (("--shop", "../x"), 2, "It does not have the right form."),
    ],
)
def test_what_is_wrong_is_said(
    stocked: Terminal, options: tuple[str, ...], code: int, error: str
) -> None:  # invariant 7
    result = stocked.run("preview", "--merchant", "m1", *options)
    assert (result.exit_code, error in result.stderr) == (code, True), result.stderr
    assert result.stdout == ""


def test_a_first_read_under_way_is_told_with_how_far_it_is(stocked: Terminal) -> None:
    memory = stocked.office.world.memory
    read = Run(
        kind=FULL_READ, started_at=NOON, phase=ITEMS, after="5", last="50", first=True, counts={"items": 3}, done=4
    )
    memory.runs[TILL, FULL_READ] = read
    memory.runs[SHOP, SURVEY] = replace(read, kind=SURVEY, phase=DONE, done=9)
    shown = told(stocked)
    assert "the till is being read for the first time: 3 of about 30 items so far, and only they are shown" in shown
    assert "the shop sells already: nothing is written before all items are read" in shown
    assert "Nothing would be written so far" in shown
    (shop,) = stocked.json("preview", "-m", "m1")["shops"]
    assert shop["first_read"] == {"items": 3, "about": 30, "waits": True}
