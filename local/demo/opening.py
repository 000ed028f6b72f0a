"""From an empty deployment to a shop that is filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.browser import Browser, Page
from local.demo.comparison import Row, compare
from local.demo.goods import Goods
from local.demo.shop_window import ShopWindow
from local.demo.story import MERCHANT, OWNER, Story
from local.errors import LocalCloudError

ONWARD = ("Continue", "Log in")


@dataclass(frozen=True, slots=True)
class Opening:
    """Adds a merchant, connects a till and a shop, and fills the shop."""

    story: Story

    def add_merchant(self) -> None:
        stage = self.story.stage
        app = {"TILLBRIDGE_APP_ID": stage.app["id"], "TILLBRIDGE_APP_SECRET": stage.app["secret"]}
        stage.tillbridge("app", "set", "lightspeed", secret=app)
        stage.tillbridge("merchant", "add", MERCHANT, "Demo Outfitters", "--email", OWNER)
        stage.tillbridge("merchant", "settings", MERCHANT, "new_products=published")

    def connect_till(self) -> None:
        """Open the invitation in a browser, go on to the till's consent page, approve, and come back."""
        self._connect("lightspeed")

    def connect_shop(self) -> None:
        """The same for the shop, whose server hands its key to our API."""
        self._connect("woocommerce", "--address", self.story.stage.shop_url)

    def first_sync(self) -> None:
        self.story.stage.tillbridge("sync", "--merchant", MERCHANT, "--wait", live=True)
        self.story.say("Some items of this till are peculiar on purpose: `tillbridge errors` names them, with reasons.")

    def _connect(self, system: str, *options: str) -> None:
        stage = self.story.stage
        link = stage.answer("connect", system, "--merchant", MERCHANT, *options)["link"]
        told = press_on(stage.browser, stage.browser.open(link), "Approve").text
        states = {row["system"]: row["state"] for row in stage.answer("connections")}
        self.story.hold(
            states.get(system) == "active", f"{system} is connected", f"{states}; the page said: {told[:300]}"
        )


def press_on(browser: Browser, page: Page, last: str) -> Page:
    """Press whatever leads on (our own page, a login), until the page with the last button was pressed."""
    for _ in range(4):
        offered = {*page.links, *(name for form in page.forms for name in form.buttons)}
        if last in offered:
            return browser.press(page, last)
        onward = [name for name in sorted(offered) if name.startswith(ONWARD)]
        page = browser.press(page, *onward)
    raise LocalCloudError(f"The way to {last} has no end.", remedy=f"The last page was {page.url}.")


def check_shop(story: Story) -> Goods:
    """Compare the shop with the till: every item is there with the till's figures, or listed with its reason."""
    items, shown = story.stage.till_items(), ShopWindow(story.stage).by_sku()
    check_rows(story, "the shop", items, shown, {problem["thing"] for problem in problems(story)})
    return Goods(items, shown)


def check_rows(story: Story, shop: str, items: Sequence[Row], shown: Mapping[str, Row], named: set[str]) -> None:
    """Compare the rows of any shop with the till's items; ``named`` are the things that have a problem."""
    found = compare(items, shown, named)
    told = f"{found.shown} of {found.live} items are in {shop}"
    story.hold(found.shown > found.live * 0.9, told, f"{len(named)} named")
    story.hold(not found.stock, f"{shop} shows the till's stock", "; ".join(found.stock[:5]))
    story.hold(not found.prices, f"{shop} shows the till's prices", "; ".join(found.prices[:5]))
    missing = f"items {', '.join(found.missing[:10])}"
    story.hold(not found.missing, f"whatever is not in {shop} is named with its reason", missing)


def problems(story: Story) -> Sequence[Mapping[str, str]]:
    """List what is not in step, by the command line."""
    found: Sequence[Mapping[str, str]] = story.stage.answer("errors", "--merchant", MERCHANT)
    return found
