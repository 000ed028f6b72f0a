"""The main road, step by step; each step is checked by reading the systems themselves."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from local.demo.comparison import compare, sku_in_shop, stock_in_shop
from local.demo.stage import Stage
from local.errors import LocalCloudError

MERCHANT = "demo"
ARRIVAL_SECONDS = 90.0
LOOK_SECONDS = 0.2
PAGE = 100
ONWARD = ("Continue", "Log in")


@dataclass(slots=True)
class Road:
    """Walks from an empty deployment to stock that follows the till."""

    stage: Stage
    say: Callable[[str], None]
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)

    def walk(self) -> None:
        """Take every step; the first that does not hold ends the demo with what was seen."""
        self._add_merchant()
        self._connect_till()
        self._connect_shop()
        self._first_sync()
        self._check_shop()
        self._sell()

    def _add_merchant(self) -> None:
        stage = self.stage
        app = {"TILLBRIDGE_APP_ID": stage.app["id"], "TILLBRIDGE_APP_SECRET": stage.app["secret"]}
        stage.tillbridge("app", "set", "lightspeed", secret=app)
        stage.tillbridge("merchant", "add", MERCHANT, "Demo Outfitters")
        stage.tillbridge("merchant", "settings", MERCHANT, "new_products=published")

    def _connect_till(self) -> None:
        """Open the invitation in a browser, go on to the till's consent page, approve, and come back."""
        link = self.stage.answer("connect", "lightspeed", "--merchant", MERCHANT)["link"]
        page = self.stage.browser.open(link)
        page = self._press_on(page, "Approve")
        self._expect_connected("lightspeed", page.text)

    def _connect_shop(self) -> None:
        """The same for the shop, whose server hands its key to our API."""
        stage = self.stage
        link = stage.answer("connect", "woocommerce", "--merchant", MERCHANT, "--address", stage.shop_url)["link"]
        page = stage.browser.open(link)
        page = self._press_on(page, "Approve")
        self._expect_connected("woocommerce", page.text)

    def _press_on(self, page: Any, last: str) -> Any:  # noqa: ANN401 - a Page
        """Press whatever leads on (our own page, a login), until the page with the last button was pressed."""
        for _ in range(4):
            offered = {*page.links, *(name for form in page.forms for name in form.buttons)}
            if last in offered:
                return self.stage.browser.press(page, last)
            onward = [name for name in sorted(offered) if name.startswith(ONWARD)]
            page = self.stage.browser.press(page, *onward)
        raise LocalCloudError(f"The way to {last} has no end.", remedy=f"The last page was {page.url}.")

    def _expect_connected(self, system: str, told: str) -> None:
        connections = self.stage.answer("connections")
        states = {row["system"]: row["state"] for row in connections}
        self._hold(states.get(system) == "active", f"{system} is connected", f"{states}; the page said: {told[:300]}")

    def _first_sync(self) -> None:
        self.stage.tillbridge("sync", "--merchant", MERCHANT, "--wait", live=True)

    def _check_shop(self) -> None:
        """Compare the shop with the till: every item is there with the till's figures, or listed with its reason."""
        self.shown = {row["sku"]: row for row in self._listings() if row["sku"]}
        named = {problem["thing"] for problem in self.stage.answer("errors", "--merchant", MERCHANT)}
        found = compare(self.stage.till_items(), self.shown, named)
        self._hold(
            found.shown > found.live * 0.9,
            f"{found.shown} of {found.live} items are in the shop",
            f"{len(named)} named",
        )
        self._hold(not found.stock, "the shop shows the till's stock", "; ".join(found.stock[:5]))
        self._hold(not found.prices, "the shop shows the till's prices", "; ".join(found.prices[:5]))
        self._hold(
            not found.missing,
            "whatever is not in the shop is named with its reason",
            f"items {', '.join(found.missing[:10])}",
        )

    def _shown_of(self, item: dict[str, Any]) -> int | None:
        listing = self.shown.get(sku_in_shop(item))
        quantity = listing["stock_quantity"] if listing else None
        return None if quantity is None else int(quantity)

    def _sell(self) -> None:
        """Sell one at the till and watch the shop."""
        item = next(
            item
            for item in self.stage.till_items()
            if (self._shown_of(item) or 0) > 1 and stock_in_shop(item) == self._shown_of(item)
        )
        sku, before = sku_in_shop(item), self._shown_of(item) or 0
        self.say(f"\nSelling one {item['description']} ({sku}) at the till; the shop shows {before}.")
        began = time.monotonic()
        self.stage.till("sell", item=int(item["itemID"]), shop=_place_with_stock(item), quantity=1)
        while (seen := self._quantity(sku)) == before and time.monotonic() - began < ARRIVAL_SECONDS:
            time.sleep(LOOK_SECONDS)
        seconds = time.monotonic() - began
        self._hold(seen == before - 1, f"the shop shows {seen} after {seconds:.1f} s", f"it should show {before - 1}")
        self.stage.tillbridge("item", sku, "--merchant", MERCHANT, live=True)

    def _quantity(self, sku: str) -> int:
        found = self.stage.shop("/products", sku=sku, _fields="stock_quantity")
        return int(found[0]["stock_quantity"])

    def _listings(self) -> Iterator[dict[str, Any]]:
        """Go through everything sellable in the shop."""
        fields = "id,sku,type,stock_quantity,regular_price"
        page = 1
        while rows := self.stage.shop("/products", per_page=str(PAGE), page=str(page), _fields=fields):
            for row in rows:
                if row["type"] == "variable":
                    path = f"/products/{row['id']}/variations"
                    yield from self.stage.shop(path, per_page=str(PAGE), _fields="id,sku,stock_quantity,regular_price")
                else:
                    yield row
            page += 1

    def _hold(self, holds: bool, what: str, otherwise: str) -> None:  # noqa: FBT001
        """Say what holds, or end with what was seen instead."""
        if not holds:
            raise LocalCloudError(f"It does not hold that {what}: {otherwise}", remedy="Look into .local/logs.")
        self.say(f"ok: {what}")


def _place_with_stock(item: dict[str, Any]) -> int:
    return int(next(place for place, quantity in item["stock"].items() if int(quantity) > 0))
