"""A counting mistake sets many items to zero: it waits for a person, and everything else goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.demo.goods import Article, Goods
from local.demo.sale import sell
from local.demo.shop_window import ShopWindow
from local.demo.story import MERCHANT, Story

MISCOUNTED = 50  # more than the fifth of some 185 listings that may be zeroed within an hour
KIND = "zeroed"


@dataclass(frozen=True, slots=True)
class Accident:
    """Zeroes the stock of many articles at once."""

    story: Story
    articles: Sequence[Article]

    @classmethod
    def of(cls, story: Story, goods: Goods) -> "Accident":
        """Choose what is miscounted."""
        return cls(story, goods.take(MISCOUNTED))

    def happen(self) -> str:
        """Set the till to zero and wait until that is held; gives the hold."""
        story, number = self.story, len(self.articles)
        story.say(f"\nA counting mistake sets {number} items to 0 at the till, in every location.")
        asked = self._second_readings()
        story.stage.till("stock", items=[article.item_id for article in self.articles], quantity=0)
        story.arrives(f"all {number} zeros are held for a person", lambda: self._hold()["count"], number)
        readings = self._second_readings() - asked
        what = f"the till was first asked a second time, in {readings} call(s) for just these items"
        story.hold(readings > 0, what, "it was not asked")
        self.still_shown()
        story.stage.tillbridge("holds", "--merchant", MERCHANT, live=True)
        return str(self._hold()["hold"])

    def others_go_on(self, article: Article) -> None:
        """Sell something else in the meantime."""
        sell(self.story, article)
        self.still_shown()

    def still_shown(self) -> None:
        """Hold that the shop shows what it showed before."""
        expected = {article.sku: article.shown for article in self.articles}
        seen = self._seen()
        told = [
            f"{sku}: {seen.get(sku)}, not {quantity}" for sku, quantity in expected.items() if seen[sku] != quantity
        ]
        self.story.hold(not told, f"the shop still shows the old figures of all {len(expected)}", "; ".join(told[:5]))

    def release(self, hold: str) -> None:
        """Let the zeros pass, as a person would for whom they are right."""
        story, number = self.story, len(self.articles)
        story.say(
            "\nIf the till were corrected, the items would leave the hold by themselves. Here a person lets them pass."
        )
        story.stage.tillbridge("release", hold, "--merchant", MERCHANT, live=True)
        story.arrives(f"the shop shows 0 of all {number}", lambda: list(self._seen().values()).count(0), number)

    def _seen(self) -> Mapping[str, int]:
        return ShopWindow(self.story.stage).quantities([article.sku for article in self.articles])

    def _hold(self) -> Mapping[str, Any]:
        """Find the hold of zeros; one of nothing while there is none."""
        found = self.story.stage.answer("holds", "--merchant", MERCHANT, quietly=True)
        return next((hold for hold in found if hold["kind"] == KIND), {"hold": "", "count": 0})

    def _second_readings(self) -> int:
        """Count how often the till was asked for the stock of some items by their ids."""
        calls = self.story.stage.till_calls()
        return sum(call["path"].endswith("/Item.json") and "itemID" in call["query_keys"] for call in calls)
