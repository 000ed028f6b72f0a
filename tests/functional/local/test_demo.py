"""The demo's check of the shop, on a till of every peculiarity and the shop that our own lanes filled from it."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.demo.opening import check_shop
from local.demo.story import Story
from local.errors import LocalCloudError
from sandbox.lightspeed.app import build_app as build_till
from sandbox.woocommerce.app import build_app as build_shop
from tests.proof.wires import KEY, SHOP, Wires, wires

ITEMS = 50


class Stage:
    """Reads both stand-ins as the demo's stage does, and lists problems as the command line does."""

    def __init__(self, run: Wires) -> None:
        self.memory = run.memory
        self.till_client, self.shop_client = build_till(run.till).test_client(), build_shop(run.shop).test_client()
        self.silent = False

    def till_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.till_client.get("/_sandbox/items?limit=1000").json  # type: ignore[assignment]
        return items

    def shop(self, path: str, **params: str) -> Any:
        auth = (KEY.key, KEY.secret)
        url = f"/wp-json/wc/v3{path}"
        return self.shop_client.get(url, query_string=params, auth=auth, base_url="https://shop.invalid").json

    def answer(self, *_command: str) -> list[dict[str, str]]:
        links = self.memory.links[SHOP]
        return [] if self.silent else [{"thing": key} for key, link in links.items() if link.problem is not None]


@pytest.fixture(scope="module")
def run() -> Iterator[Wires]:
    with wires(ITEMS) as run:
        run.first_read()
        run.push()
        run.come_to_rest()
        yield run


@pytest.fixture
def stage(run: Wires) -> Stage:
    return Stage(run)


def check(stage: Any) -> list[str]:
    """Run the check; gives what it said."""
    said: list[str] = []
    check_shop(Story(stage, said.append))
    return said


def test_a_first_sync_passes(stage: Stage) -> None:
    assert check(stage) == [
        "ok: 46 of 48 items are in the shop",
        "ok: the shop shows the till's stock",
        "ok: the shop shows the till's prices",
        "ok: whatever is not in the shop is named with its reason",
    ]


def test_what_nobody_names_is_found(stage: Stage) -> None:
    stage.silent = True
    with pytest.raises(LocalCloudError, match="AQ-00044: shop 0, till 9"):  # its SKU belongs to another item's listing
        check(stage)


@pytest.mark.parametrize(
    ("action", "fields", "amiss"),
    [
        ("stock", {"item": 28, "quantity": 77}, "stock: AQ-00028"),
        ("prices", {"item": 1, "amount": "77"}, "prices: AQ-M0001-1"),
    ],
)
def test_what_the_shop_does_not_show_yet_is_found(
    stage: Stage, action: str, fields: dict[str, Any], amiss: str
) -> None:
    item = fields["item"]
    before = next(row for row in stage.till_items() if row["itemID"] == str(item))
    assert stage.till_client.post(f"/_sandbox/{action}", json=fields).status_code == 200
    try:
        with pytest.raises(LocalCloudError, match=f"till's {amiss}: shop .*, till (77|154)"):
            check(stage)
    finally:
        for shop, quantity in before["stock"].items():
            stage.till_client.post("/_sandbox/stock", json={"item": item, "shop": int(shop), "quantity": quantity})
        stage.till_client.post("/_sandbox/prices", json={"item": item, "amount": before["prices"]["Default"]})
    assert len(check(stage)) == 4
