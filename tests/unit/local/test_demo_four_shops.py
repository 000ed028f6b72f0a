"""The demo's chapters about four shops, one of which misbehaves: each ends with what was seen instead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from local.demo import four_shops
from local.demo.four_shops import NEW, NEW_STOCK, FourShops
from local.demo.goods import Article
from local.demo.stage import TITLES, Stage
from local.demo.story import Story
from local.errors import LocalCloudError

MUG = Article(1, "Mug", "MUG", place=2, shown=7, price=Decimal("10.00"), simple=True)
POT = replace(MUG, item_id=2, name="Pot", sku="POT")
STORE = {"app_id": "app", "app_secret": "the secret of the app", "store_hash": "s1", "tls_url": "https://store"}
SYSTEMS = ("woocommerce", "shopify", "bigcommerce", "magento")


def item(number: int, sku: str) -> dict[str, Any]:
    codes = {"customSku": sku, "upc": "", "ean": "", "systemSku": ""}
    plain = {"itemID": str(number), "itemMatrixID": "0", "description": sku.title(), "itemType": "default", **codes}
    return {**plain, "archived": False, "stock": {"1": 0, "2": 7}, "prices": {"Default": "10"}}


@dataclass
class Front:
    """A shop in memory."""

    system: str
    shown: dict[str, int] = field(default_factory=lambda: {"MUG": 7, "POT": 7})
    price: str = "10.00"

    address = "an address"

    @property
    def keys(self) -> Mapping[str, str]:
        with_keys = self.system in {"shopify", "magento"}
        return {"TILLBRIDGE_SHOP_KEY": f"the key of {self.system}"} if with_keys else {}

    def by_sku(self) -> Mapping[str, Mapping[str, Any]]:
        return {sku: {"stock_quantity": figure, "regular_price": self.price} for sku, figure in self.shown.items()}

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        return {sku: figure for sku, figure in self.shown.items() if sku in skus}


@dataclass
class Bridge:
    """A till, four shops, and the command line. A flaw is something that goes wrong at Magento."""

    flaw: str = ""
    fronts: list[Front] = field(default_factory=lambda: [Front(system) for system in SYSTEMS])
    connected: list[str] = field(default_factory=lambda: ["lightspeed", "woocommerce"])
    keys: list[str] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    opened: str = ""

    others = {"bigcommerce": STORE}  # noqa: RUF012

    @property
    def browser(self) -> "Bridge":
        return self

    def open(self, url: str) -> str:
        self.opened = url
        return url

    def press(self, page: str, button: str) -> Any:
        assert (page, button) in {("the link", "Continue"), ("https://store/manage/marketplace/apps/app", "Install")}
        done = button == "Install" and self.flaw != "not installed"
        self.connected += ["bigcommerce"] if done else []
        return SimpleNamespace(text="BigCommerce is connected" if done else "That is another shop")

    def tillbridge(self, command: str, *words: str, secret: Mapping[str, str] | None = None, **_: bool) -> str:
        self.keys += (secret or {}).values()
        if command == "connect":
            assert words[1:] == ("--merchant", "demo", "--address", "an address", "--keys")
            self.connected += [words[0]] if self.flaw != "not connected" or words[0] != "magento" else []
        return ""

    def answer(self, command: str, *words: str, **_: bool) -> Any:
        if command == "connect":
            assert words == ("bigcommerce", "--merchant", "demo", "--address", "s1")
            return {"link": "the link"}
        if command == "errors":
            return self.problems
        return [{"system": system, "state": "active"} for system in self.connected]

    def till_items(self) -> list[dict[str, Any]]:
        return [item(1, "MUG"), item(2, "POT")]

    def till(self, action: str, **fields: Any) -> None:
        for front in self.fronts:
            late = front.system == "magento" and self.flaw == f"no {action}"
            if action == "sell" and not late:
                assert fields["item"] == MUG.item_id
                front.shown["MUG"] -= 1
            if action == "add-item" and not late:
                front.shown[fields["customSku"]] = fields["stock"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(four_shops, "ARRIVAL_SECONDS", 0.05)
    monkeypatch.setattr(four_shops, "LOOK_SECONDS", 0.0)


def told(bridge: Bridge, step: Callable[[FourShops], object]) -> list[str]:
    """Play a step; gives what it said."""
    said: list[str] = []
    stage: Any = bridge
    step(FourShops(Story(stage, said.append), bridge.fronts))
    return [line for line in said if line]


def change(four: FourShops) -> None:
    four.change(MUG)


def test_three_shops_are_connected_one_of_them_in_the_browser() -> None:
    bridge = Bridge()
    assert told(bridge, FourShops.connect) == [
        "ok: the app is installed in the BigCommerce store",
        "ok: one till and four shops are connected",
    ]
    assert bridge.keys == ["app", "the secret of the app", "the key of shopify", "the key of magento"]


@pytest.mark.parametrize(
    ("flaw", "seen"),
    [("not connected", "four shops are connected: magento not"), ("not installed", "store: That is another shop")],
)
def test_a_shop_that_is_not_connected_is_named(flaw: str, seen: str) -> None:
    with pytest.raises(LocalCloudError, match=seen):
        told(Bridge(flaw), FourShops.connect)


def test_each_shop_is_held_against_the_till() -> None:
    assert "ok: Magento shows the till's stock" in told(Bridge(), FourShops.agree)
    for changes, seen in (
        ({"shown": {"MUG": 7, "POT": 6}}, "Magento shows the till's stock: POT: shop 6, till 7"),
        ({"price": "11.00"}, "Magento shows the till's prices: MUG: shop 11.00, till 10"),
        ({"shown": {"MUG": 7}}, "1 of 2 items are in Magento"),
    ):
        bridge = Bridge()
        bridge.fronts[3] = replace(bridge.fronts[3], **changes)
        with pytest.raises(LocalCloudError, match=seen):
            told(bridge, FourShops.agree)


@pytest.mark.parametrize(("system", "excused"), [("magento", True), ("lightspeed", True), ("shopify", False)])
def test_a_shops_difference_is_excused_by_a_problem_of_its_own_or_of_the_till(system: str, excused: bool) -> None:  # noqa: FBT001
    bridge = Bridge(problems=[{"thing": "I2", "system": system}])
    bridge.fronts[3].shown["POT"] = 6
    if excused:
        assert told(bridge, FourShops.agree)
        return
    with pytest.raises(LocalCloudError, match="Magento shows the till's stock: POT"):
        told(bridge, FourShops.agree)


def test_what_one_shop_lacks_is_not_shown_as_everywhere() -> None:
    bridge = Bridge(problems=[{"thing": "I2", "system": "magento"}])
    bridge.fronts[3].shown = {"MUG": 7, "OTHER": 1}
    found: list[Article] = []
    told(bridge, lambda four: found.extend(four.agree().take(5)))
    assert [article.sku for article in found] == ["MUG"]


def test_goods_stand_side_by_side() -> None:
    bridge = Bridge()
    lines = told(bridge, lambda four: four.show([MUG, POT]))
    assert [line.split() for line in lines[:2]] == [
        ["SKU", "till", "WooCommerce", "Shopify", "BigCommerce", "Magento"],
        ["MUG", *["7"] * 5],
    ]
    del bridge.fronts[3].shown["POT"]
    with pytest.raises(LocalCloudError, match="what the till has: not of POT"):
        told(bridge, lambda four: four.show([MUG, POT]))


def test_a_sale_and_a_new_product_reach_all_four_with_the_seconds_of_each() -> None:
    *_, head, sold, new, first, second = told(Bridge(), change)
    assert head.split() == ["seconds", "until", "shown", "WooCommerce", "Shopify", "BigCommerce", "Magento"]
    assert sold.split() == ["MUG", "6", *["0.0"] * 4]
    assert new.split() == [NEW, str(NEW_STOCK), *["0.0"] * 4]
    assert (first, second) == ("ok: all four shops show 6 of MUG", f"ok: all four shops show {NEW_STOCK} of {NEW}")


@pytest.mark.parametrize(("action", "sku"), [("sell", "6 of MUG"), ("add-item", f"{NEW_STOCK} of {NEW}")])
def test_one_shop_that_is_not_reached_is_named(action: str, sku: str) -> None:
    with pytest.raises(LocalCloudError, match=f"show {sku}: not Magento within"):
        told(Bridge(f"no {action}"), change)


def test_the_addresses_of_all_four_are_shown_in_the_end() -> None:
    said: list[str] = []
    cloud: Any = SimpleNamespace(public_url="https://api", endpoint_url="https://aws", ca_file="ca.pem")
    others = {system: {"tls_url": f"https://{system}"} for system in SYSTEMS[1:]}
    browser: Any = None
    stage = Stage(cloud, "https://till", "https://woocommerce", browser, {}, ("", ""), said.append, others=others)
    stage.show_addresses()
    for system in SYSTEMS:
        assert f"{TITLES[system]:13} https://{system}" in said[0]
