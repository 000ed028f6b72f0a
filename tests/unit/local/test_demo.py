"""The demo's verdict: what counts as the shop being in step, and the code it ends with."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.browser import Browser
from local.demo import __main__ as demo
from local.demo.comparison import compare, sku_in_shop
from local.errors import LocalCloudError


def item(**changes: object) -> dict[str, Any]:
    """An item as the till's page lists it: 5 units in one shop, owing 2 in the other, for 9.995."""
    return {
        "itemID": "7",
        "itemMatrixID": "0",
        "customSku": " A-7 ",
        "upc": "",
        "ean": "",
        "systemSku": "210000000007",
        "itemType": "default",
        "archived": False,
        "stock": {"1": 5, "2": -2},
        "prices": {"Default": "9.995"},
        **changes,
    }


def listing(stock: int | None = 5, price: str = "10.00") -> dict[str, Any]:
    return {"stock_quantity": stock, "regular_price": price}


def test_a_shop_in_step_has_nothing_amiss() -> None:
    found = compare([item(), item(itemID="8", archived=True)], {"A-7": listing()}, set())
    assert (found.live, found.shown) == (1, 1)
    assert found.stock + found.prices + found.missing == ()


@pytest.mark.parametrize("quantity", [4, 3, None])
def test_another_stock_is_amiss(quantity: int | None) -> None:
    assert compare([item()], {"A-7": listing(quantity)}, set()).stock == (f"A-7: shop {quantity}, till 5",)


@pytest.mark.parametrize("price", ["9.99", ""])
def test_another_price_is_amiss(price: str) -> None:
    assert compare([item()], {"A-7": listing(price=price)}, set()).prices == (f"A-7: shop {price}, till 9.995",)


def test_what_keeps_no_stock_shows_none() -> None:
    service = item(itemType="non_inventory", stock={"1": 0})
    assert compare([service], {"A-7": listing(None)}, set()).stock == ()
    assert compare([service], {"A-7": listing(0)}, set()).stock != ()


@pytest.mark.parametrize("thing", ["I7", "item 7", "M3"])
def test_what_is_not_there_has_to_be_named(thing: str) -> None:
    gone = item(itemMatrixID="3")
    assert compare([gone], {}, set()).missing == ("7",)
    assert compare([gone], {}, {thing}).missing == ()


def test_the_sku_is_the_first_code_that_is_filled() -> None:
    assert sku_in_shop(item()) == "A-7"
    assert sku_in_shop(item(customSku=" ", ean="20")) == "20"
    assert sku_in_shop(item(customSku="")) == "210000000007"


class Stage:
    """A stage without systems; on it the road ends as it is told to."""

    end: BaseException | None = None
    shown = False

    @classmethod
    def build(cls, _cloud: object, _say: object) -> "type[Stage]":
        cls.shown = False
        return cls

    @classmethod
    def show_addresses(cls) -> None:
        cls.shown = True


class Road:
    """A road that holds, or does not."""

    def __init__(self, stage: type[Stage], _say: object, _began: float) -> None:
        self.stage = stage

    def walk(self) -> None:
        if self.stage.end is not None:
            raise self.stage.end


class Cloud:
    """A cloud without processes."""

    stopped = False

    def __init__(self, **_: object) -> None:
        Cloud.stopped = False

    @contextmanager
    def session(self) -> Iterator["Cloud"]:
        try:
            yield self
        finally:
            Cloud.stopped = True


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the demo with options to an end; gives its exit code."""

    def pressing() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "LocalCloud", Cloud)
    monkeypatch.setattr(demo, "Stage", Stage)
    monkeypatch.setattr(demo, "Road", Road)
    monkeypatch.setattr(signal, "pause", pressing)

    def run(*options: str, end: BaseException | None = None) -> int:
        monkeypatch.setattr(sys, "argv", ["demo", *options])
        monkeypatch.setattr(Stage, "end", end)
        code = demo.main()
        assert Cloud.stopped
        return code

    return run


def test_once_it_ends_with_0_only_if_all_held(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--once") == 0
    assert not Stage.shown
    assert "All of it held" in capsys.readouterr().out
    assert run("--once", end=LocalCloudError("The shop shows 3.", remedy="Look.")) == 1
    assert "error: The shop shows 3. Look." in capsys.readouterr().err
    assert run("--once", end=KeyboardInterrupt()) == 130
    assert "All of it held" not in capsys.readouterr().out


def test_it_keeps_running_until_ctrl_c_which_is_a_good_end(run: Any) -> None:
    assert run() == 0
    assert Stage.shown
    assert run(end=KeyboardInterrupt()) == 130


def test_a_page_that_does_not_open_is_named_without_its_secret(tmp_path: Path) -> None:  # invariant 5
    (tmp_path / "ca.pem").touch()
    with pytest.raises(LocalCloudError, match=r"127\.0\.0\.1:9 does not open") as caught:
        Browser(tmp_path / "ca.pem").open("http://127.0.0.1:9/connect?state=secret")
    assert "secret" not in str(caught.value)
