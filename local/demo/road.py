"""The main road, chapter by chapter; each step is checked by reading the systems themselves."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from local.demo.accident import Accident
from local.demo.four_shops import SHOWN, FourShops
from local.demo.goods import Goods
from local.demo.grant import Granted
from local.demo.newcomer import Newcomer
from local.demo.opening import Opening, check_shop
from local.demo.ownership import Ownership
from local.demo.preview import preview
from local.demo.sale import explain, sell
from local.demo.stage import Stage
from local.demo.story import Story
from local.demo.web_orders import WebOrders


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
        newcomer = _bring_in(story, goods)
        _sell(story, goods)
        story.chapter("A preview: what would happen if one unit of everything were kept off the web?")
        preview(story)
        _miscount(story, goods)
        _share(story, goods)
        four = _connect_more(story)
        _renew(story, goods)
        _move(story, newcomer)
        _order(story, four, _feed_all(story, four))


def _open(story: Story) -> Goods:
    opening = Opening(story)
    story.chapter("A merchant connects a till and a web shop")
    opening.add_merchant()
    opening.connect_till()
    opening.connect_shop()
    story.chapter("The shop is filled from the till")
    opening.first_sync()
    return check_shop(story)


def _bring_in(story: Story, goods: Goods) -> Newcomer:
    """Bring another merchant in early: the shop is filled beside the next chapters."""
    story.chapter("Another merchant, still on an API key, is brought in from a CSV")
    newcomer = Newcomer.of(story, goods)
    newcomer.come()
    return newcomer


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


def _renew(story: Story, goods: Goods) -> None:
    grant = Granted(story)
    story.chapter("A token that the till refuses is renewed")
    grant.is_renewed(goods.one())
    story.chapter("A revoked grant is told, and mended through the mail's link")
    grant.is_revoked(goods.one())


def _move(story: Story, newcomer: Newcomer) -> None:
    story.chapter("The other merchant moves from the key to OAuth2, while stock changes every second")
    newcomer.is_served()
    newcomer.authorise()
    newcomer.switch()
    newcomer.agrees(story)


def _connect_more(story: Story) -> FourShops:
    """Connect the other three shops early: they are filled beside the next chapters."""
    story.chapter("The same till feeds three more shops: Shopify, BigCommerce and Magento")
    four = FourShops.of(story)
    four.connect()
    return four


def _feed_all(story: Story, four: FourShops) -> Goods:
    story.chapter("In the end all four shops agree with the till, and change with it")
    goods = four.agree()
    four.show(goods.take(SHOWN))
    four.change(goods.one())
    return goods


def _order(story: Story, four: FourShops, goods: Goods) -> None:
    """Buy in each shop, and give back what was bought in one."""
    story.chapter("Web orders become sales of the till, and what is sent back is on sale again")
    orders = WebOrders.of(story, four.fronts)
    placed = orders.buy(goods.at(orders.turn_on(), len(four.fronts)))
    orders.give_back(placed)
