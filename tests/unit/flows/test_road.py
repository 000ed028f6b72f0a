"""The road from till to shop, in memory: what arrives, what is left alone, and that nothing is written twice."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.systems import Listing
from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import NOON, PRICES, item, level, matrix, variant
from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError, Subject, ThrottledError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.settings import Owner
from tillbridge.flows.pull import poll_stock

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    """A till with two simple items, a matrix of three variants, one archived item, and a service."""
    world = World()
    world.till.put(
        item("1", custom_sku="CUP"),
        item("2", custom_sku="JUG"),
        item("3", custom_sku="OLD", archived=True),
        matrix(),
        variant("4", "Red", custom_sku="RED"),
        variant("5", "Blue", custom_sku="BLUE"),
        variant("6", "Green", custom_sku="GREEN"),
    )
    for item_id in ("1", "2", "3", "4", "5", "6"):
        world.stock(item_id, int(item_id), 10)
    return world


FIRST_PLACE = {"CUP": 1, "JUG": 2, "RED": 4, "BLUE": 5, "GREEN": 6}
EVERYTHING = {"CUP": 11, "JUG": 12, "RED": 14, "BLUE": 15, "GREEN": 16}


def order(
    status: str = "processing", *, held: bool = True, units: int = 2, number: str = "1001", at: timedelta = timedelta()
) -> WebOrder:
    return WebOrder(
        order_id=number,
        number=number,
        status=status,
        lines=(OrderLine(ListingRef("1"), Decimal(units)),),
        holds_stock=held,
        taken_in_shop=True,
        changed_at=NOON + at,
    )


def test_a_first_read_fills_the_shop(world: World) -> None:
    assert world.read_all().finished
    world.push()
    assert world.shop.shown() == EVERYTHING
    assert len(world.shop.products) == 3


def test_a_second_round_without_changes_writes_nothing_anywhere(world: World) -> None:
    world.settle()
    world.settle()
    world.shop.calls.clear()
    world.till.calls.clear()
    world.crash.steps.clear()
    world.clock.advance(minutes=1)
    world.poll()
    world.push()
    assert world.till.calls == ["stock since", "items since", "matrices since"]
    assert world.shop.calls == []
    assert [step for step in world.crash.steps if step.startswith("before")] == []


def test_a_sale_in_the_till_reaches_the_shop_in_one_write(world: World) -> None:
    world.settle()
    world.shop.calls.clear()
    world.clock.advance(seconds=30)
    world.till.sell("1", "1")
    world.poll()
    world.push()
    assert world.shop.shown()["CUP"] == 10
    assert world.shop.calls == ["orders", "write stock"]


def test_a_new_price_reaches_the_shop_and_a_new_name_does_not(world: World) -> None:  # invariant 6
    world.settle()
    world.till.put(item("1", custom_sku="CUP", description="New name", prices={"1": Decimal(99)}))
    world.settle()
    listing = world.shop.products["1"]
    assert listing.variants[""]["regular_price"] == "99"
    assert listing.fields["name"] == "Mug Blue"


def test_a_new_item_waits_for_its_stock_and_is_then_created(world: World) -> None:  # invariant 1
    world.settle()
    world.till.put(item("9", custom_sku="NEW"))
    world.poll()
    world.push()
    assert "NEW" not in world.shop.shown()
    world.stock("9", 3, 4)
    world.settle()
    assert world.shop.shown()["NEW"] == 7


def test_a_new_item_that_was_read_before_its_stock_does_not_wait_for_the_sweep(world: World) -> None:  # invariant 4
    world.settle()
    world.till.put(item("9", custom_sku="NEW"))
    world.poll()
    world.push()
    world.clock.advance(seconds=1)
    world.stock("9", 3, 4)
    world.lanes.woken.clear()

    poll_stock(world.reader())

    assert (SHOP, Lane.CATALOGUE, "work") in world.lanes.woken
    world.push()
    assert world.shop.shown()["NEW"] == 7


def test_a_sale_is_no_matter_of_the_catalogue_lane(world: World) -> None:
    world.settle()
    world.clock.advance(minutes=1)
    world.till.sell("1", "1")
    poll_stock(world.reader())
    assert world.waiting(Lane.CATALOGUE) == []


def test_a_new_variant_joins_its_product(world: World) -> None:
    world.settle()
    world.till.put(variant("8", "Black", custom_sku="BLACK"))
    world.stock("8", 1, 1)
    world.settle()
    assert world.shop.shown() == {**EVERYTHING, "BLACK": 2}
    assert len(world.shop.products) == 3


def test_archived_in_the_till_goes_off_sale_and_comes_back(world: World) -> None:  # invariant 6
    world.settle()
    world.till.put(item("1", custom_sku="CUP", archived=True))
    world.settle()
    assert "CUP" not in world.shop.shown()
    assert "1" in world.shop.products
    world.till.put(item("1", custom_sku="CUP"))
    world.settle()
    assert world.shop.shown()["CUP"] == 11


def test_a_product_that_is_there_already_is_linked_and_takes_price_and_stock_only(world: World) -> None:  # invariant 6
    own = {"sku": "CUP", "regular_price": "5"}
    world.shop.products["1"] = Listing("1", "the merchant's", {"name": "My cup"}, {"": own}, {"": 99})
    world.settle()
    listing = world.shop.products["1"]
    assert (listing.fields["name"], listing.variants[""]["regular_price"]) == ("My cup", "12.5")
    assert world.shop.shown() == EVERYTHING
    assert not world.memory.links[SHOP]["I1"].created_by_us


def test_two_items_with_one_sku_never_share_a_listing(world: World) -> None:
    world.till.put(item("9", custom_sku="CUP"))
    world.stock("9", 50, 50)
    world.settle()
    assert world.shop.shown()["CUP"] == 11
    problem = world.memory.links[SHOP]["I9"].problem
    assert problem is not None
    assert problem.code == "duplicate_sku_in_till"
    assert "item 1" in problem.happened


def test_a_bad_item_does_not_stop_the_others_and_heals_by_itself(world: World) -> None:
    world.shop.refuse = {"I1"}
    world.settle()
    assert world.shop.shown() == {sku: units for sku, units in EVERYTHING.items() if sku != "CUP"}
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert (problem.code, problem.remedy) == ("refused", "Change it.")
    assert world.waiting(Lane.CATALOGUE) == ["I1"]
    world.shop.refuse.clear()
    world.clock.advance(hours=7)
    world.settle()
    assert world.shop.shown() == EVERYTHING
    assert world.memory.links[SHOP]["I1"].problem is None


def test_a_product_the_shop_cannot_take_is_named_before_it_is_sent(world: World) -> None:
    world.till.put(item("1", custom_sku="CUP", description="x" * 101))
    world.settle()
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert problem.code == "shop_cannot_take_it"


def test_an_item_without_price_is_listed_with_its_remedy(world: World) -> None:
    world.till.put(item("1", custom_sku="CUP", prices={}))
    world.settle()
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert (problem.code, problem.remedy) == ("no_price", "Set that price in the till.")
    world.till.put(item("1", custom_sku="CUP", prices=PRICES))
    world.settle()
    assert world.memory.links[SHOP]["I1"].problem is None


def test_stock_of_a_listing_that_is_gone_is_told_and_tried_again(world: World) -> None:
    world.settle()
    world.shop.refuse = {"1"}
    world.till.sell("1", "1")
    world.settle()
    shelf = world.memory.shelves[SHOP]["1"]
    assert (shelf.problem_code, shelf.known) == ("listing_gone", 11)
    assert world.waiting(Lane.STOCK) == ["1"]
    world.shop.refuse.clear()
    world.clock.advance(hours=7)
    world.settle()
    assert world.shop.shown()["CUP"] == 10
    assert world.memory.shelves[SHOP]["1"].problem == ""


def test_units_of_an_order_are_not_put_back_on_sale(world: World) -> None:
    world.settle()
    world.shop.products["1"].quantities[""] -= 2  # somebody buys two, and the shop takes them off
    world.shop.orders.append(order(at=world.clock.now() - NOON))
    world.till.sell("1", "1", 1)
    world.settle()
    assert world.shop.shown()["CUP"] == 8


def test_an_order_is_looked_at_once_and_released_when_completed(world: World) -> None:
    world.settle()
    world.shop.orders.append(order(at=world.clock.now() - NOON))
    world.till.sell("1", "1", 1)
    world.settle()
    assert world.memory.reserved[TILL] == {"shop:1001": {"1": 2}}
    world.shop.stock_writes.clear()
    world.settle()
    assert world.shop.stock_writes == []
    world.till.sell("1", "1", 2)  # rung up in the till ...
    world.clock.advance(seconds=5)
    world.shop.orders[0] = order("completed", held=False, at=world.clock.now() - NOON)  # ... and completed in the shop
    world.settle()
    assert world.shop.shown()["CUP"] == 8


def test_a_failed_read_moves_nothing(world: World) -> None:  # invariant 1
    world.settle()
    before = dict(world.memory.cursors)
    shown = world.shop.shown()
    world.till.sell("1", "1", 1)
    world.till.fail = GarbledAnswerError("Half a page.")
    with pytest.raises(GarbledAnswerError):
        world.poll()
    world.push()
    assert world.memory.cursors == before
    assert world.shop.shown() == shown


def test_a_shop_that_is_throttled_keeps_its_work(world: World) -> None:  # invariant 4
    world.read_all()
    world.shop.fail = ThrottledError("Too often.", after=30)
    with pytest.raises(ThrottledError):
        world.push()
    world.shop.fail = None
    world.settle()
    assert world.shop.shown() == EVERYTHING


def test_a_row_nobody_understands_is_kept_visible_and_changes_nothing(world: World) -> None:  # invariant 4
    world.settle()
    subject = Subject(system="lightspeed", thing="item 77")
    world.till.rejected = (ItemRejectedError("Its price is 'abc'.", remedy="Mend it in the till.", subject=subject),)
    world.till.sell("1", "1")
    world.settle()
    assert [(reject.thing, reject.happened) for reject in world.memory.rejects[TILL].values()] == [
        ("item 77", "Its price is 'abc'.")
    ]
    assert world.shop.shown() == {**EVERYTHING, "CUP": 10}


def test_a_setting_changes_what_is_shown(world: World) -> None:
    world.settle()
    world.change_settings(stock_locations=("2",), safety_stock=Decimal(1))
    world.till.put(level("1", "1", "3"))
    world.settle()
    assert world.shop.shown()["CUP"] == 9


def test_a_deadline_ends_work_cleanly_and_the_next_invocation_goes_on(world: World) -> None:
    world.deadline.remaining = timedelta(seconds=100)
    world.deadline.cost = timedelta(seconds=30)
    assert not world.read_all().finished
    world.deadline.cost = timedelta()
    world.deadline.remaining = timedelta(minutes=10)
    assert world.read_all().finished
    world.settle()
    assert world.shop.shown() == EVERYTHING


def test_a_location_archived_in_the_till_no_longer_counts(world: World) -> None:  # invariant 4
    world.settle()
    lists = world.till.reference_lists
    closed = {**lists.locations, "2": replace(lists.locations["2"], archived=True)}
    world.till.reference_lists = replace(lists, locations=closed)
    world.read_all()
    world.settle()
    assert world.shop.shown() == FIRST_PLACE


def test_a_category_renamed_in_the_till_reaches_shops_that_leave_it_to_the_till(world: World) -> None:  # invariant 4
    world.till.put(item("1", custom_sku="CUP", category_id="5"))
    world.change_settings(owners={"category": Owner.TILL})
    world.settle()
    lists = world.till.reference_lists
    renamed = {**lists.categories, "5": replace(lists.categories["5"], name="Shelters")}
    world.till.reference_lists = replace(lists, categories=renamed)
    # A poll that meets something unknown reads the lists too; the rename is not to be lost by that.
    world.till.put(item("2", custom_sku="JUG", manufacturer_id="8"))
    world.settle()
    world.read_all()
    world.settle()
    assert world.shop.products["1"].fields["category"] == '["Shelters"]'


def test_a_nightly_read_without_news_marks_nothing(world: World) -> None:
    world.settle()
    before = len(world.crash.steps)
    assert world.read_all().changed == 0
    written = {step for step in world.crash.steps[before:] if step.startswith("before")}
    assert written == {"before run full-read", "before reference"}


def test_the_nightly_read_repairs_what_polls_missed(world: World) -> None:  # invariant 4
    world.settle()
    silent = replace(world.till.items["1"], prices={"1": Decimal(77)}, updated_at=NOON - timedelta(days=400))
    world.till.items["1"] = silent
    world.till.levels["2", "1"] = replace(
        world.till.levels["2", "1"], on_hand=Decimal(5), sellable=Decimal(5), updated_at=world.clock.now()
    )
    world.clock.advance(hours=1)
    world.read_all()
    world.settle()
    assert world.shop.products["1"].variants[""]["regular_price"] == "77"
    assert world.shop.shown()["JUG"] == 15
