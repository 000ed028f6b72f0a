"""The demo's chapter about web orders, with systems that misbehave: each step ends with what was seen instead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from local.demo import story as telling
from local.demo import web_orders
from local.demo.checkouts import Bought
from local.demo.goods import Article, Goods
from local.demo.story import Story
from local.demo.web_orders import WebOrders
from local.errors import LocalCloudError

SYSTEMS = ("woocommerce", "shopify", "bigcommerce", "magento")
SKUS = ("MUG", "POT", "CUP", "JUG")
PRICE = Decimal("10.00")
MUG = Article(1, "Mug", "MUG", place=1, shown=7, price=PRICE, simple=True)
ARTICLES = [replace(MUG, item_id=number, name=sku.title(), sku=sku) for number, sku in enumerate(SKUS, start=1)]


@dataclass
class Shop:
    """A shop in memory, with its checkout."""

    world: "World"
    system: str
    shown: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SKUS, 7))
    ticket: str = ""

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        return {sku: figure for sku, figure in self.shown.items() if sku in skus}

    def buy(self, sku: str) -> Bought:
        self.world.bought(self, sku)
        return Bought("5", f"no-{self.system}", PRICE)

    def noted(self, order: Bought) -> str:
        assert order.order_id == "5"
        return self.ticket

    def give_back(self, order: Bought, sku: str) -> None:
        assert order.number == "no-shopify"
        self.world.gave_back(sku)


@dataclass
class World:
    """A till, four shops, the command line and a browser. A flaw is something that goes wrong."""

    flaw: str = ""
    shops: list[Shop] = field(init=False)
    sales: list[dict[str, Any]] = field(default_factory=list)
    commands: list[tuple[str, ...]] = field(default_factory=list)
    approved: bool = False

    def __post_init__(self) -> None:
        self.shops = [Shop(self, system) for system in SYSTEMS]

    @property
    def browser(self) -> "World":
        return self

    def open(self, url: str) -> Any:
        assert url == "the link"
        form: Any = type("Form", (), {"buttons": ["Approve"]})
        return type("Page", (), {"links": {}, "forms": [form], "url": url})

    def press(self, _page: object, button: str) -> Any:
        assert button == "Approve"
        self.approved = self.flaw != "not allowed"
        return type("Page", (), {"text": "Lightspeed Retail is connected"})

    def tillbridge(self, *words: str, **_: bool) -> str:
        self.commands.append(words)
        return ""

    def answer(self, *words: str, **_: bool) -> Any:
        match words[0]:
            case "connect":
                return {"link": "the link"}
            case "connections":
                return [{"system": "lightspeed", "state": "active"}]
            case "orders":
                systems = SYSTEMS[: 3 if self.flaw == "one waits" else 4]
                return [{"system": system, "number": f"no-{system}"} for system in systems]
        settings = [{"name": "safety_stock", "value": "0"}, {"name": "orders_locations", "value": "*:1,c-9:4"}]
        return {"missing": [] if self.approved else ["The till lacks a right."], "settings": settings}

    def till_sales(self) -> list[dict[str, Any]]:
        return self.sales

    def bought(self, shop: Shop, sku: str) -> None:
        for one in self.shops:
            late = self.flaw == "late" and (one.system, sku) == ("magento", "MUG")
            one.shown[sku] -= 0 if late else 1
        total = PRICE + Decimal("0.01") if self.flaw == "a cent" and shop.system == "magento" else PRICE
        self._book(shop, sku, total, "")
        if self.flaw == "twice" and shop.system == "magento":
            self._book(shop, sku, total, "")
        shop.ticket = "" if self.flaw == "not noted" and shop.system == "magento" else self.sales[-1]["ticketNumber"]

    def gave_back(self, sku: str) -> None:
        amount = PRICE - 1 if self.flaw == "less is given back" else PRICE
        self._book(self.shops[1], sku, -amount, "/R7")
        for shop in self.shops:
            shop.shown[sku] += 0 if self.flaw == "stays off sale" and shop.system == "magento" else 1

    def _book(self, shop: Shop, sku: str, total: Decimal, more: str) -> None:
        units = -1 if total < 0 else 1
        self.sales.append(
            {
                "ticketNumber": f"22{len(self.sales)}",
                "referenceNumber": f"no-{shop.system}/5{more}",
                "referenceNumberSource": f"{shop.system}:c-1",
                "completed": True,
                "voided": False,
                "total": str(total),
                "lines": [
                    {"itemID": str(SKUS.index(sku) + 1), "unitQuantity": units},
                    {"itemID": "0", "unitQuantity": 1},
                ],
            }
        )


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "ARRIVAL_SECONDS", 0.0)
    monkeypatch.setattr(web_orders, "ARRIVAL_SECONDS", 0.05)
    monkeypatch.setattr(web_orders, "LOOK_SECONDS", 0.0)


def told(world: World, *steps: Callable[[WebOrders], object]) -> list[str]:
    """Play steps; gives what they said, and what they ran as a user would."""
    said: list[str] = []
    stage: Any = world
    shops: Any = world.shops
    play = WebOrders(Story(stage, said.append), shops, tuple(shops))
    for step in steps:
        step(play)
    return [line for line in said if line]


def buy(shops: WebOrders) -> None:
    shops.buy(ARTICLES)


def buy_and_give_back(shops: WebOrders) -> None:
    shops.give_back(shops.buy(ARTICLES))


def test_the_import_is_turned_on_and_allowed_at_the_till() -> None:
    world, place = World(), list[int]()
    lines = told(world, lambda shops: place.append(shops.turn_on()))
    assert lines[-2:] == [
        "ok: lightspeed is connected",
        "ok: whatever else a sale needs was proposed, and fits the till",
    ]
    assert place == [1]
    [(*_, since, employee)] = world.commands
    assert (since.partition("=")[0], employee) == ("orders_since", "orders_employee=1")
    with pytest.raises(LocalCloudError, match=r"fits the till: The till lacks a right\."):
        told(World("not allowed"), WebOrders.turn_on)


def test_each_order_becomes_a_sale_and_the_other_shops_show_one_less() -> None:
    lines = told(World(), buy)
    heads = [number for number, line in enumerate(lines) if line.startswith(("\nseconds until", "\nshop"))]
    fewer, sales = (lines[head + 1].split() for head in heads)
    assert fewer == ["MUG", "6", "bought", "here", "0.0", "0.0", "0.0"]
    assert sales == ["WooCommerce", "no-woocommerce", "10.00", "220", "10.00", "0.00", "0.0", "s"]
    assert [line.partition(" after ")[0] for line in lines if line.startswith("ok: ")] == [
        "ok: what one shop has sold, the other three show one less of",
        "ok: each order is one sale, to the cent, whose number it shows",
        "ok: all 4 orders are done",
    ]


@pytest.mark.parametrize(
    ("flaw", "seen"),
    [
        ("late", "show one less of: not MUG in Magento within"),
        ("a cent", "to the cent, whose number it shows: not no-magento of Magento"),
        ("twice", "each order is one sale, .*: not no-magento of Magento"),
        ("not noted", "whose number it shows: not no-magento of Magento"),
        ("one waits", "all 4 orders are done .*: it is 3 instead of 4"),
    ],
)
def test_an_order_that_goes_wrong_is_named(flaw: str, seen: str) -> None:
    with pytest.raises(LocalCloudError, match=seen):
        told(World(flaw), buy)


def test_what_is_sent_back_is_given_back_at_the_till_and_on_sale_again() -> None:
    lines = told(world := World(), buy_and_give_back)
    assert [line.partition(", after ")[0] for line in lines if "given it back" in line] == [
        "ok: the till has given it back, -10.00"
    ]
    assert sum(" shows 7 again after " in line for line in lines) == len(SYSTEMS)
    assert world.commands[-1] == ("order", "show", "no-shopify", "--merchant", "demo")
    for flaw, seen in (
        ("less is given back", r"given it back, -10\.00, .*: it is \[Decimal\('-9\.00'\)\]"),
        ("stays off sale", "Magento shows 7 again .*: it is {'POT': 6} instead of {'POT': 7}"),
    ):
        with pytest.raises(LocalCloudError, match=seen):
            told(World(flaw), buy_and_give_back)


def test_goods_are_chosen_where_they_are_sold() -> None:
    def item(number: int, sku: str, stock: dict[str, int]) -> dict[str, Any]:
        codes = {"customSku": sku, "upc": "", "ean": "", "systemSku": ""}
        plain = {"itemID": str(number), "itemMatrixID": "0", "description": sku, "itemType": "default", **codes}
        return {**plain, "archived": False, "stock": stock}

    items = [item(1, "A", {"1": 0, "2": 5}), item(2, "B", {"1": 5, "2": 0}), item(3, "C", {"1": 5, "2": 0})]
    goods = Goods(items, {sku: {"stock_quantity": 5, "regular_price": "1.00"} for sku in ("A", "B", "C")})
    assert [article.sku for article in goods.at(1, 1)] == ["B"]
    assert [article.sku for article in goods.take(5)] == ["A", "C"]
