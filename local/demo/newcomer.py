"""A merchant of the old kind, on an API key and with listings in the shop: brought in from a CSV, then moved."""

import csv
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.demo.goods import Article, Goods
from local.demo.opening import press_on
from local.demo.post import PostBox
from local.demo.sale import sell
from local.demo.shop_window import ShopWindow
from local.demo.story import Story
from local.errors import LocalCloudError

NAME, OWNER, TAG = "cafe", "cafe@example.com", "café"
LISTINGS = 4
INVITED = "Please approve Lightspeed Retail in its new way"
COLUMNS = ("merchant", "name", "email", "till_key", "shop_address", "shop_key", "shop_secret", "item", "listing")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Is served with the till's key, and moves to OAuth2 while goods come in.

    ``story`` plays at this merchant's shop.
    """

    story: Story
    articles: Sequence[Article]

    @classmethod
    def of(cls, story: Story, goods: Goods) -> "Newcomer":
        """Choose what the merchant's shop sells already."""
        beside = replace(story, stage=story.stage.beside())
        return cls(beside, [goods.simple() for _ in range(LISTINGS)])

    def come(self) -> None:
        """Be brought in from a file with the till's key, the shop's keys and the links there are."""
        stage = self.story.stage
        stage.tillbridge("merchant", "add", NAME, "Café Harbour", "--email", OWNER)
        stage.tillbridge(
            "merchant", "settings", NAME, "selection=tag", f"selection_tag={TAG}", "new_products=published"
        )
        listings = [self._listing(article) for article in self.articles]
        with self._file(listings) as file:
            stage.tillbridge("migrate", "import", str(file), live=True)
        self._show_board()
        self._is_at("key_only")

    def is_served(self) -> None:
        """Hold that listings are the old ones, with the till's stock, and that a sale arrives."""
        story, window = self.story, ShopWindow(self.story.stage)
        expected = {article.sku: (own_name(article), article.shown) for article in self.articles}

        def seen() -> dict[str, tuple[str, int]]:
            shown = window.by_sku()
            return {sku: (shown[sku]["name"], shown[sku]["stock_quantity"]) for sku in expected if sku in shown}

        story.arrives(f"its {len(expected)} listings have kept their names and show the till's stock", seen, expected)
        sell(story, self.articles[0])

    def authorise(self) -> None:
        """Be invited by mail, and approve."""
        story, stage, post = self.story, self.story.stage, PostBox(self.story.stage, OWNER)
        stage.tillbridge("migrate", "invite", "--merchant", NAME)
        story.arrives(f"a mail has gone out, “{INVITED}”,", post.subjects, [INVITED])
        press_on(stage.browser, stage.browser.open(post.link()), "Approve")
        self._is_at("authorised", "verified")

    def switch(self) -> None:
        """Verify, switch and retire while one unit comes in every second; then the vendor takes no key any more."""
        story, stage, article = self.story, self.story.stage, self.articles[1]
        story.say(f"\nFrom now on one {article} comes in at the till every second; the shop shows {article.shown}.")
        with self._coming_in(article) as came:
            for step in ("verify", "switch", "retire"):
                self._take(step)
            self._show_board()
            self._is_at("retired")
            until = stage.till("api-keys", until=datetime.now(UTC).isoformat())["until"]
            story.say(f"The vendor takes no API keys any more, since {until[:19]}Z.")
        total = article.shown + len(came)
        story.arrives(f"the shop shows {total}: none of {len(came)} is missed,", lambda: self._shown(article), total)
        sell(story, self.articles[2])
        subjects = PostBox(stage, OWNER).subjects()
        story.hold(subjects == [INVITED], "the merchant got no other mail than the invitation", f"{subjects}")

    def agrees(self, other: Story) -> None:
        """Hold that the first merchant's shop, polled at other moments, shows the same of what both sell."""
        skus = [article.sku for article in self.articles]
        mine = ShopWindow(self.story.stage).quantities(skus)
        what = "the first merchant's shop shows the same stock of what both sell"
        other.arrives(what, lambda: ShopWindow(other.stage).quantities(skus), mine)

    def _take(self, step: str) -> None:
        """Take a step; ``token_refresh`` may be comparing at the same moment, and then it is taken again."""
        command = ("migrate", step, "--merchant", NAME)
        try:
            self.story.stage.tillbridge(*command, live=True)
        except LocalCloudError:
            self.story.stage.tillbridge(*command, live=True)

    def _show_board(self) -> None:
        self.story.stage.tillbridge("migrate", "board", live=True)

    def _is_at(self, *stages: str) -> None:
        """Hold that the board counts this merchant once, at one of these stages."""
        board = self.story.stage.answer("migrate", "board", quietly=True)
        counted = {stage: number for stage, number in board["stages"].items() if number}
        right = board["total"] == 1 and counted in [{stage: 1} for stage in stages]
        named = " or ".join(stages).replace("_", " ")
        self.story.hold(right, f"the board counts one merchant, who is {named}", f"it counts {counted}")

    @contextmanager
    def _coming_in(self, article: Article) -> Iterator[list[float]]:
        """Have goods come in beside the block; gives when each unit came."""
        stop, came = threading.Event(), list[float]()

        def receive() -> None:
            while not stop.wait(1):
                self.story.stage.till("receive", item=article.item_id, shop=article.place, quantity=1)
                came.append(time.monotonic())

        thread = threading.Thread(target=receive, daemon=True)
        thread.start()
        try:
            yield came
        finally:
            stop.set()
            thread.join()

    def _listing(self, article: Article) -> str:
        """Make a listing as the merchant did by hand, long ago, under another SKU than the till's; gives its id."""
        self.story.stage.till("edit", item=article.item_id, tags=[TAG])
        body = {"name": own_name(article), "sku": f"OLD-{article.item_id}", "regular_price": str(article.price)}
        made: dict[str, Any] = self.story.stage.make_in_shop("/products", body)
        return str(made["id"])

    @contextmanager
    def _file(self, listings: Sequence[str]) -> Iterator[Path]:
        """Write the file for as long as it is needed: it holds keys."""
        stage, path = self.story.stage, self.story.stage.cloud.home.temporary / f"{NAME}.csv"
        key, secret = stage.shop_key
        first = (NAME, "Café Harbour", OWNER, stage.api_key, stage.shop_url, key, secret, "", "")
        links = [
            (NAME, *[""] * 6, str(article.item_id), listing)
            for article, listing in zip(self.articles, listings, strict=True)
        ]
        path.touch(mode=0o600)
        try:
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([COLUMNS, first, *links])
            yield path
        finally:
            path.unlink()

    def _shown(self, article: Article) -> int:
        return ShopWindow(self.story.stage).quantity(article.sku)


def own_name(article: Article) -> str:
    """Give the name under which the merchant has sold an article until now."""
    return f"Our own name of {article.item_id}"
