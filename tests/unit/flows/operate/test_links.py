"""What ``links`` says of every item and listing, and that a long list comes in portions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.world import SHOP
from tests.unit.domain.samples import item, variant
from tests.unit.flows.market import CODE, add, decide, own, own_shirt, selling
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.choice import Action
from tillbridge.domain.judging import LinkState
from tillbridge.flows.operate import links as pages
from tillbridge.flows.operate import paging
from tillbridge.flows.operate.link_answers import LinkAnswer


@pytest.fixture
def market() -> Office:
    """Give an office whose shop sells already."""
    return at(Office())


def at(office: Office) -> Office:
    """Move the market's till and shop into an office."""
    stocked = selling()
    office.world.till.items, office.world.till.matrices = stocked.till.items, stocked.till.matrices
    office.world.till.levels = stocked.till.levels
    office.shop.products = stocked.shop.products
    return office


def everything(office: Office, state: LinkState | None = None) -> list[list[LinkAnswer]]:
    """Ask portion by portion, as the command line does."""
    portions: list[list[LinkAnswer]] = []
    after: str | None = None
    while True:
        portion = office.desks().links.list("m1", state, after, office.deadline)
        portions.append(list(portion.rows))
        after = portion.following
        if after is None:
            return portions


def rows(office: Office, state: LinkState | None = None) -> list[LinkAnswer]:
    return [row for portion in everything(office, state) for row in portion]


def states(office: Office) -> dict[str, str]:
    """Tell the state by item, or by listing where there is no item."""
    found = [(row.item or f"listing {row.listing}", str(row.state)) for row in rows(office)]
    assert len({name for name, _ in found}) == len(found)
    return dict(found)


def row_of(office: Office, name: str) -> LinkAnswer:
    return next(row for row in rows(office) if name in {row.item, f"listing {row.listing}"})


def test_what_is_linked_and_what_only_the_shop_has(market: Office) -> None:
    market.world.settle()
    market.world.survey()
    assert states(market) == {
        **dict.fromkeys("12345", "linked"),
        "listing 13": "missing-in-till",
    }
    cup = row_of(market, "1")
    assert (cup.product, cup.sku, cup.listing, cup.listing_name) == ("I1", "CUP", "11", "Own 11")
    red = row_of(market, "4")
    assert (red.product, red.options, red.listing, red.listing_options) == ("M7", "Red", "14/140", "Red")
    assert row_of(market, "listing 13").listing_sku == "ELSE"


def test_before_anything_is_linked_the_list_says_what_will_be(market: Office) -> None:
    market.world.read_all()
    assert {row.reason for row in rows(market)} == {"What the shop has already is not known yet."}
    market.world.survey_only()
    assert states(market) == {
        "1": "waiting",
        "2": "waiting",
        "3": "missing-in-shop",
        "4": "waiting",
        "5": "waiting",
        "listing 11": "waiting",
        "listing 12": "waiting",
        "listing 13": "missing-in-till",
        "listing 14/140": "waiting",
        "listing 14/141": "waiting",
    }
    assert row_of(market, "2").reason == f'It will be linked, by UPC or EAN "{CODE}".'
    assert row_of(market, "2").listing == "12"
    assert "will be created" in row_of(market, "3").reason


def test_each_thing_that_is_not_in_order_has_its_state_reason_and_remedy(market: Office) -> None:
    world = market.world
    own(world, "21", "Twice")
    own(world, "22", " twice")
    own(world, "23", "")
    own(world, "24", "RETIRED")
    own_shirt(world, "14", {"red": "RED", "blue": "BLUE"}, names=("Colour",))
    add(
        world,
        item("21", custom_sku="TWICE"),
        item("22", custom_sku="CUP"),
        item("23", custom_sku="", system_sku=""),
        item("24", custom_sku="NO-PRICE", prices={}),
        item("25", custom_sku="RETIRED", archived=True),
    )
    world.settle()
    expected = {
        "1": "duplicate-in-till",
        "2": "linked",
        "3": "linked",
        "4": "options-differ",
        "5": "options-differ",
        "21": "ambiguous",
        "22": "duplicate-in-till",
        "23": "empty-sku",
        "24": "missing-in-shop",
        "listing 11": "duplicate-in-till",
        "listing 13": "missing-in-till",
        "listing 14/140": "waiting",
        "listing 14/141": "waiting",
        "listing 21": "waiting",
        "listing 22": "waiting",
        "listing 23": "empty-sku",
        "listing 24": "missing-in-till",
    }
    assert states(market) == expected
    for row in rows(market):
        assert row.reason or row.state is LinkState.LINKED
        assert row.remedy or row.state in {LinkState.LINKED, LinkState.WAITING}
    assert "is archived" in row_of(market, "listing 24").reason
    assert "no price" in row_of(market, "24").reason


def test_one_state_alone(market: Office) -> None:
    market.world.settle()
    market.world.survey()
    assert [row.listing for row in rows(market, LinkState.MISSING_IN_TILL)] == ["13"]
    assert rows(market, LinkState.AMBIGUOUS) == []


def test_what_till_and_shop_have_given_up(market: Office) -> None:
    world = market.world
    world.settle()
    del world.shop.products["11"]
    world.till.put(item("3", custom_sku="NEW", archived=True))
    world.settle()
    world.clock.advance(hours=24)
    world.survey()
    assert {name: state for name, state in states(market).items() if name in {"1", "3"}} == {
        "1": "deleted-in-shop",
        "3": "gone-from-till",
    }


def test_variants_that_the_shop_lacks_and_those_it_refuses(market: Office) -> None:
    world = market.world
    world.settle()
    world.shop.refuse = {"M7"}
    add(world, variant("6", "Green", custom_sku="GREEN"))
    world.till.put(variant("5", "Blue", custom_sku="BLUE", archived=True))
    world.poll()
    assert "will be added" in row_of(market, "6").reason
    world.settle()
    assert (row_of(market, "6").state, row_of(market, "6").remedy) == (LinkState.MISSING_IN_SHOP, "Change it.")
    assert row_of(market, "5").state is LinkState.GONE_FROM_TILL
    world.till.put(variant("9", "Black", custom_sku="BLACK", archived=True))
    world.settle()
    assert "9" not in states(market), "nobody misses what was archived before it was listed"


def test_what_people_decided(market: Office) -> None:
    world = market.world
    world.settle()
    world.survey()
    decide(world, "I1", Action.UNLINK)
    decide(world, "I3", Action.IGNORE)
    decide(world, "L13", Action.IGNORE)
    world.settle()
    found = states(market)
    assert (found["1"], found["3"], found["listing 13"]) == ("unlinked", "ignored", "ignored")
    assert row_of(market, "1").decision == "unlink"
    assert found["listing 11"] == "waiting"


def test_a_product_that_the_shop_refused(market: Office) -> None:
    market.world.shop.refuse = {"I3"}
    market.world.settle()
    row = row_of(market, "3")
    assert (row.state, row.reason) == (LinkState.MISSING_IN_SHOP, "The shop does not like it.")


def test_items_that_are_not_for_the_shop_are_left_out(market: Office) -> None:
    add(market.world, item("9", custom_sku="OLD", archived=True))
    market.world.settle()
    assert "9" not in states(market)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_long_list_comes_in_portions_and_nothing_is_left_out_or_told_twice(
    market: Office, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", size)
    monkeypatch.setattr(pages, "CHUNK", 2)
    add(market.world, *(item(str(number), custom_sku=f"S{number}") for number in range(30, 50)))
    market.world.settle()
    market.world.survey()
    whole = states(market)
    assert len(whole) == 26
    assert max(map(len, everything(market))) <= size + 1
    market.deadline.remaining = timedelta(seconds=1)
    assert states(market) == whole


def test_a_list_ends_where_its_shop_is_gone(market: Office) -> None:
    market.world.settle()
    portion = market.desks().links.list("m1", None, "m1:gone/items/5", market.deadline)
    assert (portion.rows, portion.following) == ((), None)


def test_merchants_without_a_till_have_no_links(office: Office) -> None:
    portion = office.desks().links.list("m2", None, None, office.deadline)
    assert portion.rows == ()
    assert FOREIGN in office.world.memory.connections


def test_listing_asks_no_shop_and_changes_nothing(market: Office) -> None:  # invariant 6
    market.world.settle()
    market.world.shop.calls.clear()
    market.world.crash.steps.clear()
    rows(market)
    assert market.world.shop.calls == []
    assert market.world.crash.steps == []


def test_everybody_in_turn(market: Office) -> None:
    memory = market.world.memory
    market.world.settle()
    memory.connections[FOREIGN] = replace(memory.connections[FOREIGN], merchant_id="m2")
    portion = market.desks().links.list(None, None, None, market.deadline)
    assert {row.merchant for row in portion.rows} == {"m1"}
    assert {row.connection for row in portion.rows} == {SHOP}
