"""The main road, chapter by chapter; each step is checked by reading the systems themselves."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from local.demo.accident import Accident
from local.demo.goods import Goods
from local.demo.opening import Opening, check_shop
from local.demo.ownership import Ownership
from local.demo.preview import preview
from local.demo.sale import explain, sell
from local.demo.stage import Stage
from local.demo.story import Story


@dataclass(slots=True)
class Road:
    """Walks from an empty deployment to a shop that follows the till, whatever people do to both."""

    stage: Stage
    say: Callable[[str], None]
    began: float = field(default_factory=time.monotonic)

    def walk(self) -> None:
        """Take every step; the first that does not hold ends the demo with what was seen."""
        story = Story(self.stage, self.say, self.began)
        goods = _open(story)
        _sell(story, goods)
        story.chapter("A preview: what would happen if one unit of everything were kept off the web?")
        preview(story)
        _miscount(story, goods)
        _share(story, goods)
        story.chapter("In the end till and shop agree")
        check_shop(story)


def _open(story: Story) -> Goods:
    opening = Opening(story)
    story.chapter("A merchant connects a till and a web shop")
    opening.add_merchant()
    opening.connect_till()
    opening.connect_shop()
    story.chapter("The shop is filled from the till")
    opening.first_sync()
    return check_shop(story)


def _sell(story: Story, goods: Goods) -> None:
    story.chapter("Something is sold at the till, and its number explained")
    sold = goods.one()
    sell(story, sold)
    explain(story, sold)


def _miscount(story: Story, goods: Goods) -> None:
    story.chapter("An accident is held until a person decides")
    accident, other = Accident.of(story, goods), goods.one()
    hold = accident.happen()
    accident.others_go_on(other)
    accident.release(hold)


def _share(story: Story, goods: Goods) -> None:
    ownership = Ownership(story)
    story.chapter("What the merchant edits in the shop stays")
    ownership.texts_stay(goods.simple())
    story.chapter("What the till owns is repaired when somebody changes it in the shop")
    ownership.stock_is_repaired(goods.one())
    ownership.price_is_repaired(goods.simple())
