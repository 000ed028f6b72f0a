"""One till and four shops: the same goods in each, and a sale and a new product that reach all of them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from local.demo.fronts import Front, alike, fronts
from local.demo.goods import Article, Goods
from local.demo.opening import check_rows, problems
from local.demo.stage import TITLES
from local.demo.story import ARRIVAL_SECONDS, MERCHANT, Story

SHOWN = 6
NEW, NEW_STOCK = "DEMO-NEW", 12
LOOK_SECONDS = 0.4  # BigCommerce takes 150 calls in 30 seconds from all who ask it together
WIDTH = 13


@dataclass(frozen=True, slots=True)
class FourShops:
    """Connects the three shops that are still missing, and holds all four against the till."""

    story: Story
    fronts: Sequence[Front]

    @classmethod
    def of(cls, story: Story) -> "FourShops":
        """Find the shops of the stage."""
        return cls(story, fronts(story.stage))

    def connect(self) -> None:
        """Connect the shops that are not connected yet; they are filled without being asked for."""
        story, stage = self.story, self.story.stage
        install(story, stage.others["bigcommerce"])
        for front in self.fronts:
            if front.keys:
                command = ("connect", front.system, "--merchant", MERCHANT, "--address", front.address, "--keys")
                story.say(stage.tillbridge(*command, secret=front.keys).strip())
        rows = stage.answer("connections", "--merchant", MERCHANT, quietly=True)
        active = {row["system"] for row in rows if row["state"] == "active"}
        missing = {"lightspeed", *(front.system for front in self.fronts)} - active
        story.hold(not missing, "one till and four shops are connected", f"{', '.join(sorted(missing))} not")

    def agree(self) -> Goods:
        """Wait until all are filled, and compare each with the till, item by item; gives what all agree about."""
        story = self.story
        story.stage.tillbridge("sync", "--merchant", MERCHANT, "--wait", live=True)
        items, told = story.stage.till_items(), problems(story)
        shown = {front.system: front.by_sku() for front in self.fronts}
        for front in self.fronts:
            named = {problem["thing"] for problem in told if problem["system"] in {front.system, "lightspeed"}}
            check_rows(story, TITLES[front.system], items, shown[front.system], named)
        return Goods(items, alike(list(shown.values())))

    def show(self, articles: Sequence[Article]) -> None:
        """Show some goods side by side, and hold that each shop has the till's figure."""
        skus = [article.sku for article in articles]
        seen = [front.quantities(skus) for front in self.fronts]
        self.story.say("\n" + self._line("SKU", "till", *(TITLES[front.system] for front in self.fronts)))
        for article in articles:
            self.story.say(self._line(article.sku, article.shown, *(figures.get(article.sku, "-") for figures in seen)))
        differing = [one.sku for one in articles if any(figures.get(one.sku) != one.shown for figures in seen)]
        self.story.hold(not differing, "all four shops show what the till has", f"not of {', '.join(differing)}")

    def change(self, article: Article) -> None:
        """Sell one and enter a new product at the till; hold that both reach every shop, and show after how long."""
        story, stage = self.story, self.story.stage
        story.say(f"\nA new product, {NEW}, is entered at the till, and one {article} is sold over the counter.")
        wanted, began = {article.sku: article.shown - 1, NEW: NEW_STOCK}, time.monotonic()
        stage.till("add-item", description="Brand-new Kettle", customSku=NEW, price="39.90", stock=NEW_STOCK)
        stage.till("sell", item=article.item_id, shop=article.place, quantity=1)
        stage.tillbridge("sync", "--merchant", MERCHANT, "--lane", "catalogue")
        arrived = self._arrivals(wanted, began)
        story.say("\n" + self._line("seconds until", "shown", *(TITLES[front.system] for front in self.fronts)))
        for sku, figure in wanted.items():
            seconds = (
                f"{arrived[front.system, sku]:.1f}" if (front.system, sku) in arrived else "-" for front in self.fronts
            )
            story.say(self._line(sku, figure, *seconds))
        for sku, figure in wanted.items():
            late = [TITLES[front.system] for front in self.fronts if (front.system, sku) not in arrived]
            what = f"all four shops show {figure} of {sku}"
            story.hold(not late, what, f"not {', '.join(late)} within {ARRIVAL_SECONDS:.0f} s")

    def _arrivals(self, wanted: Mapping[str, int], began: float) -> Mapping[tuple[str, str], float]:
        """Look again and again; gives after how many seconds a shop, by its system, showed the figure of an SKU."""
        arrived = dict[tuple[str, str], float]()
        while len(arrived) < len(wanted) * len(self.fronts) and time.monotonic() - began < ARRIVAL_SECONDS:
            for front in self.fronts:
                for sku in self._newly_shown(front, wanted, arrived):
                    arrived[front.system, sku] = time.monotonic() - began
            time.sleep(LOOK_SECONDS)
        return arrived

    @staticmethod
    def _newly_shown(
        front: Front, wanted: Mapping[str, int], arrived: Mapping[tuple[str, str], float]
    ) -> Iterator[str]:
        left = {sku: figure for sku, figure in wanted.items() if (front.system, sku) not in arrived}
        seen = front.quantities(list(left)) if left else {}
        yield from (sku for sku, figure in left.items() if seen.get(sku) == figure)

    @staticmethod
    def _line(first: str, *cells: object) -> str:
        return f"{first:<{WIDTH}}" + "".join(f"{cell!s:>{WIDTH}}" for cell in cells)


def install(story: Story, store: Mapping[str, str]) -> None:
    """Connect a BigCommerce store in the browser: open the link, then install the provider's app in the store."""
    stage, browser = story.stage, story.stage.browser
    app = {"TILLBRIDGE_APP_ID": store["app_id"], "TILLBRIDGE_APP_SECRET": store["app_secret"]}
    stage.tillbridge("app", "set", "bigcommerce", secret=app)
    command = ("connect", "bigcommerce", "--merchant", MERCHANT, "--address", store["store_hash"])
    browser.press(browser.open(stage.answer(*command)["link"]), "Continue")
    panel = browser.open(f"{store['tls_url']}/manage/marketplace/apps/{store['app_id']}")
    told = browser.press(panel, "Install").text
    story.hold("BigCommerce is connected" in told, "the app is installed in the BigCommerce store", told[:300])
