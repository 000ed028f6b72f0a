"""Who decides what: the shop its texts, the till stock and prices. What somebody else changes is put right."""

from dataclasses import dataclass
from decimal import Decimal

from local.demo.goods import Article
from local.demo.shop_window import ShopWindow
from local.demo.story import MERCHANT, Story

TEXTS = {"name": "Our customers' favourite", "description": "Written by the shop's owner."}
TOO_MANY = 40
DEARER, CENT = Decimal("1.10"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Ownership:
    """Lets the shop's owner edit listings, in the shop's own back office."""

    story: Story

    def texts_stay(self, article: Article) -> None:
        """Edit name and description in the shop, then change the price in the till: both hold."""
        story, price = self.story, _dearer(article.price)
        story.say(f"\nThe shop's owner gives {article} another name and description: “{TEXTS['name']}”.")
        story.stage.shop_owner("edit", sku=article.sku, changes=TEXTS)
        story.say(f"The till changes its price from {article.price} to {price}.")
        story.stage.till("prices", item=article.item_id, amount=str(price))
        story.stage.tillbridge("sync", "--merchant", MERCHANT, "--wait", live=True)
        listing = ShopWindow(story.stage).listing(article.sku)
        self._shows_price(article, price)
        seen = {name: listing[name] for name in TEXTS}
        story.hold(_plain(seen) == TEXTS, "the owner's name and description stay", f"{seen}")

    def stock_is_repaired(self, article: Article) -> None:
        """Change a stock figure in the shop: its web hook tells us."""
        story, wrong = self.story, article.shown + TOO_MANY
        story.say(f"\nSomebody sets the stock of {article} in the shop to {wrong}; the till has {article.shown}.")
        story.stage.shop_owner("edit", sku=article.sku, changes={"stock_quantity": wrong})
        look = ShopWindow(story.stage).quantity
        story.arrives(f"the shop shows {article.shown} again", lambda: look(article.sku), article.shown)

    def price_is_repaired(self, article: Article) -> None:
        """Change a price in the shop: what the night would find, a full sync finds now."""
        story, wrong = self.story, _dearer(article.price)
        story.say(f"\nA plugin sets the price of {article} in the shop to {wrong}; the till says {article.price}.")
        story.stage.shop_owner("edit", sku=article.sku, changes={"regular_price": str(wrong)})
        story.say("Every night the shop is read back and held against the till. We ask for that now.")
        story.stage.tillbridge("sync", "--merchant", MERCHANT, "--full", "--wait", live=True)
        self._shows_price(article, article.price)
        story.stage.tillbridge("status", "--merchant", MERCHANT, live=True)

    def _shows_price(self, article: Article, price: Decimal) -> None:
        seen = Decimal(ShopWindow(self.story.stage).listing(article.sku)["regular_price"])
        self.story.hold(seen == price, f"the shop shows the till's price, {price}", f"it shows {seen}")


def _dearer(price: Decimal) -> Decimal:
    return (price * DEARER).quantize(CENT)


def _plain(texts: dict[str, str]) -> dict[str, str]:
    """Leave out the paragraph that a shop may put around a text."""
    return {name: text.strip().removeprefix("<p>").removesuffix("</p>") for name, text in texts.items()}
