"""Products that leap in price, go off sale, or come into being in great numbers."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import item, matrix, variant
from tests.unit.flows.guarded import archive, decide, full_shop, held, holds, reprice, round_trip
from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.settings import Owner
from tillbridge.domain.work import HoldState, Mark
from tillbridge.flows.guard import Guard

pytestmark = pytest.mark.unit

PRICE = Decimal(75)


def price_of(world: World, number: int) -> str:
    return world.shop.products[str(number)].variants[""]["regular_price"]


def guarded_shop() -> World:
    return full_shop(guard_price=PRICE)


def test_an_ordinary_price_passes_and_a_leap_waits_alone() -> None:
    world = guarded_shop()
    reprice(world, "13.90", 1)
    reprice(world, "1250", 2)
    round_trip(world)
    assert (price_of(world, 1), price_of(world, 2)) == ("13.9", "12.5")
    (hold,) = holds(world)
    assert (hold.kind, hold.lane) == (Kind.PRICE, Lane.CATALOGUE)
    assert hold.cause == "A price would change by more than 75 %: that of SKU-2 from 12.5 to 1250 (9900 %)."
    (row,) = hold.sample
    assert (row.key, row.name, row.field, row.old, row.new) == ("I2", "SKU-2", "regular_price", "12.5", "1250")
    assert held(world, Lane.CATALOGUE) == {"I2"}


def test_a_second_leap_joins_the_hold() -> None:
    world = guarded_shop()
    reprice(world, "1250", 2)
    round_trip(world)
    reprice(world, "1", 3)
    round_trip(world)
    (hold,) = holds(world)
    assert [row.key for row in hold.sample] == ["I2", "I3"]
    assert held(world, Lane.CATALOGUE) == {"I2", "I3"}


def test_a_price_that_is_put_right_leaves_the_hold() -> None:
    world = guarded_shop()
    reprice(world, "1250", 2)
    round_trip(world)
    reprice(world, "12.90", 2)
    round_trip(world)
    assert price_of(world, 2) == "12.9"
    assert holds(world) == []


def test_a_price_that_still_leaps_stays_held() -> None:  # invariant 1
    world = guarded_shop()
    reprice(world, "1250", 2)
    round_trip(world)
    reprice(world, "1350", 2)
    round_trip(world)
    assert price_of(world, 2) == "12.5"
    assert len(holds(world)) == 1
    assert world.waiting(Lane.CATALOGUE) == []
    decide(world, HoldState.RELEASED)
    world.push()
    assert price_of(world, 2) == "1350"


def with_sale(world: World, number: int, sale: str | None) -> None:
    row = world.till.items[str(number)]
    prices = {"1": Decimal("12.50")} | ({"3": Decimal(sale)} if sale else {})
    world.till.put(replace(row, prices=prices))


def test_a_sale_begins_and_ends_without_a_person() -> None:
    world = full_shop(guard_price=Decimal(50), sale_price_level="3")
    for sale in ("6.50", None, "7", "9"):
        with_sale(world, 1, sale)
        round_trip(world)
        assert world.shop.products["1"].variants[""]["sale_price"] == (sale or "").removesuffix("0")
    assert holds(world) == []


def test_a_sale_price_that_slipped_is_held() -> None:
    world = full_shop(guard_price=PRICE, sale_price_level="3")
    with_sale(world, 1, "0.65")
    round_trip(world)
    (hold,) = holds(world)
    assert (hold.sample[0].field, hold.sample[0].old, hold.sample[0].new) == ("sale_price", "", "0.65")


def test_most_prices_at_once_wait_however_little_they_change() -> None:
    world = full_shop()
    reprice(world, "12.60", *range(1, 21))
    round_trip(world)
    assert price_of(world, 1) == "12.6"
    reprice(world, "12.70", *range(21, 31))
    round_trip(world)
    assert price_of(world, 21) == "12.5"
    (hold,) = holds(world)
    assert hold.cause == "30 of 40 listings would have other prices within an hour; at most 50 % may."


def test_a_few_archived_products_go_off_sale_and_many_wait() -> None:  # invariant 6
    world = full_shop()
    archive(world, 1, 2)
    round_trip(world)
    assert not world.shop.products["1"].published
    archive(world, *range(3, 15))
    round_trip(world)
    (hold,) = holds(world)
    assert hold.cause == "14 of 40 listings would be unpublished within an hour; at most 20 % may."
    assert hold.sample[0].name == "SKU-3"
    assert all(world.shop.products[str(number)].published for number in range(3, 41))
    world.till.put(item("3", custom_sku="SKU-3"))
    round_trip(world)
    assert "I3" not in held(world, Lane.CATALOGUE)
    decide(world, HoldState.RELEASED)
    world.push()
    assert not world.shop.products["4"].published
    assert world.shop.products["3"].published


def test_products_that_become_drafts_by_setting_count_as_taken_off_sale() -> None:
    world = full_shop(owners={"visibility": Owner.TILL})
    world.change_settings(new_products="draft")
    world.fanout().tell("m1", Lane.CATALOGUE, (f"I{number}" for number in range(1, 41)), world.clock.now())
    world.push()
    assert holds(world)[0].kind is Kind.UNPUBLISHED


def test_variants_that_are_archived_count_as_taken_off_sale() -> None:
    world = full_shop()
    world.till.put(matrix(), variant("101", "Red", custom_sku="RED"), variant("102", "Blue", custom_sku="BLUE"))
    world.stock("101", 3, 0)
    world.stock("102", 3, 0)
    world.settle()
    archive(world, *range(1, 11))
    world.till.put(variant("102", "Blue", custom_sku="BLUE", archived=True))
    round_trip(world)
    (hold,) = holds(world)
    assert "M7" in held(world, Lane.CATALOGUE)
    assert hold.cause.startswith("11 of 41 listings")


def grow(world: World, *numbers: int) -> None:
    for number in numbers:
        world.till.put(item(str(number), custom_sku=f"SKU-{number}"))
        world.stock(str(number), 1, 0)


def test_filling_a_new_shop_is_never_held() -> None:
    world = full_shop(guard_created=5)
    assert len(world.shop.products) == 40
    grow(world, *range(50, 80))
    round_trip(world)
    assert len(world.shop.products) == 70
    assert holds(world) == []


def test_a_shop_that_was_filled_is_not_flooded() -> None:
    world = full_shop(guard_created=5)
    world.clock.advance(hours=25)
    world.push()
    grow(world, 50)
    round_trip(world)
    grow(world, *range(51, 56))
    round_trip(world)
    assert len(world.shop.products) == 41
    (hold,) = holds(world)
    assert hold.cause == "6 products would be created within an hour; at most 5 may."
    assert hold.sample[0].new == "created"
    decide(world, HoldState.RELEASED)
    world.push()
    assert len(world.shop.products) == 46


def test_a_shop_is_not_filled_before_the_till_was_read() -> None:
    world = full_shop(guard_created=5)
    world.clock.advance(hours=25)
    del world.memory.cursors[TILL, "stock"]
    now = world.clock.now()
    world.fanout().tell("m1", Lane.CATALOGUE, ["I1"], now)
    world.push()
    assert (SHOP, Lane.CATALOGUE) not in world.memory.logs


def test_what_an_earlier_try_may_have_created_is_not_held_again() -> None:  # invariant 8
    world = full_shop(guard_created=1)
    world.clock.advance(hours=25)
    world.push()
    grow(world, 50)
    round_trip(world)
    world.clock.advance(hours=2)
    grow(world, 51)
    world.poll()
    steps = 0
    while world.survive(world.push, steps):
        steps += 1
        if any(link.attempted_at for link in world.memory.links[SHOP].values()):
            break
    for _ in range(3):
        round_trip(world)
    assert (len(world.shop.products), holds(world)) == (42, [])


def test_products_that_the_shop_refuses_count_once_they_are_taken() -> None:
    world = full_shop()
    world.shop.refuse = {f"I{number}" for number in range(1, 12)}
    reprice(world, "13", *range(1, 12))
    for _ in range(5):
        world.clock.advance(minutes=5)
        round_trip(world)
    world.shop.refuse = set()
    world.clock.advance(minutes=20)
    round_trip(world)
    assert holds(world) == []
    assert sum(number for _, number in world.memory.logs[SHOP, Lane.CATALOGUE].seen[Kind.REPRICED]) == 11


def test_a_price_that_nobody_can_read_leaps_nowhere() -> None:
    world = guarded_shop()
    link = world.memory.links[SHOP]["I1"]
    odd = replace(link.variants[0], fields={**link.variants[0].fields, "regular_price": "twelve"})
    world.memory.links[SHOP]["I1"] = replace(link, variants=(odd,))
    reprice(world, "13", 1)
    round_trip(world)
    assert price_of(world, 1) == "13"


def test_stock_goes_on_while_a_price_is_held() -> None:
    world = guarded_shop()
    reprice(world, "1250", 2)
    world.till.sell("2", "1")
    round_trip(world)
    assert world.shop.shown()["SKU-2"] == 2


# --- two at once ---


def test_what_is_held_while_a_person_decides_gets_a_hold_of_its_own() -> None:
    world = guarded_shop()
    reprice(world, "1250", 2)
    round_trip(world)
    marks = {"I3": [Mark("I3", world.clock.now(), world.clock.now(), row="none")]}
    guard = Guard.of_round(world.keeper(), Lane.CATALOGUE, marks)
    decide(world, HoldState.RELEASED)
    world.clock.advance(seconds=1)
    change = Change("I3", Kind.PRICE, "SKU-3", "regular_price", "12.5", "1", Decimal(92))
    assert guard.hold(guard.decide([change], {"I3"}, {})).held == {"I3"}
    released, opened = holds(world)
    assert (released.state, opened.state) == (HoldState.RELEASED, HoldState.OPEN)
    assert world.memory.held[SHOP, Lane.CATALOGUE]["I3"].hold_id == opened.hold_id


def test_a_key_that_leaves_a_hold_that_is_just_released_leaves_it_to_the_others() -> None:
    world = guarded_shop()
    reprice(world, "1250", 2)
    round_trip(world)
    marks = {"I2": [Mark("I2", world.clock.now(), world.clock.now(), row="none")]}
    guard = Guard.of_round(world.keeper(), Lane.CATALOGUE, marks)
    decide(world, HoldState.RELEASED)
    assert guard.hold(guard.decide([], {"I2"}, {})).held == frozenset()
    assert held(world, Lane.CATALOGUE) == set()
    assert [hold.state for hold in holds(world)] == [HoldState.RELEASED]
    world.push()
    assert holds(world) == []


def test_a_hold_never_takes_the_name_of_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["aaaa0001", "aaaa0001", "aaaa0002"])
    monkeypatch.setattr("tillbridge.flows.guard.secrets.token_hex", lambda _: next(names))
    world = guarded_shop()
    reprice(world, "1250", 2)
    round_trip(world)
    world.change_settings(guard_repriced=Decimal(1), guard_floor=0)
    reprice(world, "13", 3)
    round_trip(world)
    assert [(hold.hold_id, hold.kind) for hold in holds(world)] == [
        ("aaaa0001", Kind.PRICE),
        ("aaaa0002", Kind.REPRICED),
    ]


def test_an_item_without_a_till_that_works_waits_all_the_same() -> None:
    world = full_shop(units=10)
    connections = world.memory.connections
    connections[TILL] = replace(connections[TILL], state=ConnectionState.BROKEN)
    world.till.put(replace(world.till.levels["1", "1"], on_hand=Decimal(0), sellable=Decimal(0)))
    world.clock.advance(seconds=30)
    world.poll()
    world.lanes.woken.clear()
    world.push()
    assert world.lanes.woken == []
    assert world.memory.asked[TILL] == {"1": None}
