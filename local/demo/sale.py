"""Something is sold at the till, and its number in the shop explained."""

from local.demo.goods import Article
from local.demo.shop_window import ShopWindow
from local.demo.story import MERCHANT, Story


def sell(story: Story, article: Article) -> None:
    """Sell one at the till and watch the shop."""
    story.say(f"\nSelling one {article} at the till; the shop shows {article.shown}.")
    story.stage.till("sell", item=article.item_id, shop=article.place, quantity=1)
    left = article.shown - 1
    story.arrives(f"the shop shows {left}", lambda: ShopWindow(story.stage).quantity(article.sku), left)


def explain(story: Story, article: Article) -> None:
    """Have every number of an item explained."""
    story.stage.tillbridge("item", article.sku, "--merchant", MERCHANT, live=True)
