"""One line of an order may leave several places: units and cents add up over the locations that sell it."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.people import order_record
from tests.unit.domain.orders.baskets import LISTS, NOON, RULES, basis, baskets, goods, order, shipping
from tests.unit.domain.test_whole_plan import carried_out
from tillbridge.domain.orders.order import ChargeKind, PlacedOrder, Refund, RefundLine, Standing
from tillbridge.domain.orders.places import split, units_at
from tillbridge.domain.orders.plan_sale import plan_sale
from tillbridge.domain.orders.planned import Basis, PlannedSale
from tillbridge.domain.orders.record import OrderRecord
from tillbridge.domain.orders.rules import OrderRules, TaxRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.orders.tax import NO_TAX, reckon
from tillbridge.domain.orders.whole_plan import announced, whole_plan

pytestmark = pytest.mark.unit

THREE_PLACES = replace(
    RULES,
    by_place={"north": "2", "south": "3"},
    registers={"1": "5", "2": "6", "3": "8"},
    tax=TaxRule.SHOP,
)
WITH_SOUTH = replace(
    LISTS, registers=(*LISTS.registers, replace(LISTS.registers[0], register_id="8", name="South", location_id="3"))
)
PLACES = st.sampled_from(["", "north", "south"])


def desk(rules: OrderRules = THREE_PLACES) -> Basis:
    return basis(rules, WITH_SOUTH)


def at(units: str | int, **places: int) -> dict[str, Decimal]:
    assert sum(places.values()) <= int(units)
    return {place: Decimal(count) for place, count in places.items()}


def three(**places: int) -> PlacedOrder:
    """Give an order of three units for 10.00, spread over places."""
    return order(replace(goods("10.00", units="3"), places=at(3, **places)))


def to_the_end(placed: PlacedOrder, record: OrderRecord | None = None) -> tuple[OrderRecord, list[PlannedSale]]:
    """Carry out what is planned, one sale at a time, each of which balances."""
    record, done = record or order_record(), list[PlannedSale]()
    for _ in range(30):
        plan = whole_plan(placed, record, desk())
        one = next((one for one in plan if not (known := record.booking(one.key)) or not known.completed), None)
        if one is None:
            return record, done
        assert reckon(one.draft.lines, NO_TAX).total == one.draft.expected
        assert sum((paid.amount for paid in one.draft.payments), Decimal(0)) == one.draft.expected
        record = carried_out(announced(record, plan), one)
        done.append(one)
    raise AssertionError("it never ends")


def sold(record: OrderRecord, line_id: str | None = None) -> dict[str, Decimal]:
    """Say how many units of items each location has sold and nobody has brought back, by what the till has."""
    units: Counter[str] = Counter()
    for booking in record.completed:
        for line in booking.lines:
            if line.item_id and line_id in {None, line.line_id}:
                units[booking.location_id] += int(line.units)
    return {location: Decimal(count) for location, count in units.items() if count}


def total(sales: list[PlannedSale]) -> Decimal:
    return sum((one.draft.expected for one in sales), Decimal(0))


# --- the sale ---------------------------------------------------------------------------------------------------------


def test_a_line_that_leaves_two_places_is_sold_at_both_to_the_cent() -> None:
    record, done = to_the_end(three(north=2, south=1))
    assert [(one.key, one.draft.expected) for one in done] == [
        ("sale/2", Decimal("6.67")),
        ("sale/3", Decimal("3.33")),
    ]
    assert sold(record) == at(3, **{"2": 2, "3": 1})


def test_units_of_which_no_place_is_told_go_with_the_others() -> None:
    assert sold(to_the_end(three(south=1))[0]) == at(3, **{"3": 3})
    assert sold(to_the_end(three())[0]) == at(3, **{"1": 3})


def test_a_place_that_is_not_mapped_is_sold_by_the_shops_own_location() -> None:
    record, done = to_the_end(three(elsewhere=2, south=1))
    assert sold(record) == at(3, **{"1": 2, "3": 1})
    assert [charge.places for one in done for charge in one.charges] == [("elsewhere",), ("south",)]


def test_more_than_was_ordered_is_never_sold() -> None:
    line = replace(goods("10.00", units="2"), places={"north": Decimal(2), "south": Decimal(1)})
    assert sold(to_the_end(order(line))[0]) == at(2, **{"2": 2})


def test_what_is_no_goods_is_sold_where_most_goods_are() -> None:
    placed = order(*three(north=2, south=1).charges, shipping("5.00"))
    _, done = to_the_end(placed)
    assert [{line.line_id for line in one.draft.lines} for one in done] == [{"1", "s"}, {"1"}]


def test_a_place_that_several_locations_fill_is_sold_by_the_shops_own() -> None:
    choices = OrderSettings(locations={"s1": "2"})
    assert choices.rules("s1", {"1": "north", "2": "north", "3": "north"}).by_place == {"north": "2"}
    assert choices.rules("s2", {"3": "north", "1": "north"}).by_place == {"north": "1"}


@settings(max_examples=400, deadline=None)
@given(st.data(), baskets(Decimal("0.08875"), inclusive=False))
def test_units_and_cents_add_up_over_all_locations(data: st.DataObject, placed: PlacedOrder) -> None:
    placed = spread(data, placed)
    sales = plan_sale(placed, desk())
    assert len({one.draft.location_id for one in sales}) == len(sales)
    assert total([*sales]) == placed.total
    for charge in placed.charges:
        shares = [one for sale in sales for one in sale.charges if one.line_id == charge.line_id]
        assert sum((one.units for one in shares), Decimal(0)) == charge.units
        assert sum((one.net for one in shares), Decimal(0)) == charge.net
        assert sum((one.tax for one in shares), Decimal(0)) == charge.tax
        if charge.kind is ChargeKind.PRODUCT and charge.places:
            told = Counter[str]()
            for place, count in charge.places.items():
                told[THREE_PLACES.at(place)] += int(count)
            sold_here = {s.draft.location_id: c.units for s in sales for c in s.charges if c.line_id == charge.line_id}
            assert sold_here == told


@given(st.decimals(-1000, 1000, places=2), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_a_share_is_off_by_less_than_a_cent_for_each_location(amount: Decimal, counts: list[int]) -> None:
    units = {str(number): Decimal(count) for number, count in enumerate(counts)}
    line = replace(goods("0", units=str(sum(counts))), net=amount)
    shares = split(line, units)
    assert sum((one.net for one in shares.values()), Decimal(0)) == amount
    for location, one in shares.items():
        assert abs(one.net - amount * units[location] / line.units) < Decimal("0.01") * len(counts)


def spread(data: st.DataObject, placed: PlacedOrder) -> PlacedOrder:
    """Let each unit of the goods leave some place; "" is one that nobody has mapped."""
    charges = []
    for charge in placed.charges:
        leaves = Counter(data.draw(PLACES) for _ in range(int(charge.units)))
        places = {place: Decimal(count) for place, count in sorted(leaves.items())}
        charges.append(replace(charge, places=places) if charge.kind is ChargeKind.PRODUCT else charge)
    return replace(placed, charges=tuple(charges))


# --- afterwards -------------------------------------------------------------------------------------------------------


def refunded(placed: PlacedOrder, units: int, net: str, place: str = "", line_id: str = "1") -> PlacedOrder:
    line = RefundLine(line_id=line_id, units=Decimal(units), net=Decimal(net), restocked=True, place=place)
    number = f"r{len(placed.refunds)}"
    back = Refund(refund_id=number, refunded_at=NOON, total=Decimal(net), lines=(line,))
    return replace(placed, refunds=(*placed.refunds, back))


@pytest.mark.parametrize(("place", "left"), [("north", {"2": 1, "3": 1}), ("south", {"2": 2})])
def test_units_come_back_where_the_shop_has_them_now(place: str, left: dict[str, int]) -> None:
    record, _ = to_the_end(three(north=2, south=1))
    record, done = to_the_end(refunded(three(north=2, south=1), 1, "3.33", place), record)
    assert sold(record) == at(3, **left)
    assert total(done) == Decimal("-3.33")


def test_units_may_come_back_elsewhere_than_they_were_sold() -> None:
    record, _ = to_the_end(three(north=3))
    record, (back,) = to_the_end(refunded(three(north=3), 1, "3.33", "south"), record)
    assert (back.key, back.draft.register_id) == ("refund/r0/3", "8")
    assert back.draft.lines[0].returns == "sale/2:0"
    assert sold(record) == at(3, **{"2": 3, "3": -1})


def test_a_unit_that_is_edited_away_goes_back_where_it_would_have_left() -> None:
    record, _ = to_the_end(three(north=2, south=1))
    fewer = order(replace(goods("6.67", units="2"), places=at(2, north=2)))
    record, done = to_the_end(fewer, record)
    assert [(one.key, one.draft.expected) for one in done] == [("correction/1/3", Decimal("-3.33"))]
    assert sold(record) == at(2, **{"2": 2})


def test_a_unit_that_is_added_is_sold_where_it_leaves() -> None:
    record, _ = to_the_end(three(north=2, south=1))
    more = order(replace(goods("13.33", units="4"), places=at(4, north=2, south=2)))
    record, done = to_the_end(more, record)
    assert [(one.key, one.draft.expected) for one in done] == [("correction/1/3", Decimal("3.33"))]
    assert sold(record) == at(4, **{"2": 2, "3": 2})


def test_goods_that_are_moved_after_the_sale_are_given_back_here_and_sold_there() -> None:
    record, _ = to_the_end(three(north=3))
    record, done = to_the_end(three(north=1, south=2), record)
    assert [(one.key, one.draft.expected) for one in done] == [
        ("correction/1/2", Decimal("-6.67")),
        ("correction/2/3", Decimal("6.67")),
    ]
    assert sold(record) == at(3, **{"2": 1, "3": 2})
    assert to_the_end(three(north=1, south=2), record)[1] == []


def test_goods_that_are_moved_between_two_sales_are_sold_once() -> None:
    first = three(north=2, south=1)
    plan = whole_plan(first, order_record(), desk())
    record = carried_out(announced(order_record(), plan), plan[0])
    record = record.without_booking(plan[1].key)  # put away, because it is no longer planned
    record, done = to_the_end(three(north=3), record)
    assert [(one.key, one.draft.expected) for one in done] == [("correction/1/2", Decimal("3.33"))]
    assert sold(record) == at(3, **{"2": 3})


def test_a_change_of_the_settings_moves_nothing_that_was_sold() -> None:
    record, _ = to_the_end(three(north=2, south=1))
    elsewhere = replace(THREE_PLACES, location="3", by_place={"north": "1", "south": "2"})
    assert whole_plan(three(north=2, south=1), record, desk(elsewhere)) == ()
    assert whole_plan(three(), to_the_end(three())[0], desk(elsewhere)) == ()


def test_an_order_that_is_cancelled_gives_back_at_each_location_what_is_left_there() -> None:
    record, _ = to_the_end(three(north=2, south=1))
    partly = refunded(three(north=2, south=1), 1, "3.33", "south")
    record, _ = to_the_end(partly, record)
    record, done = to_the_end(replace(partly, standing=Standing.CANCELLED), record)
    assert [(one.key, one.draft.expected) for one in done] == [("correction/1/2", Decimal("-6.67"))]
    assert sold(record) == {}


@settings(max_examples=200, deadline=None)
@given(st.data(), baskets(Decimal("0.08875"), inclusive=False))
def test_whatever_moves_every_unit_ends_where_the_shop_says(data: st.DataObject, placed: PlacedOrder) -> None:
    record, first = to_the_end(spread(data, placed))
    moved = spread(data, placed)
    record, then = to_the_end(moved, record)
    assert total(first) == placed.total
    assert total(then) == 0
    wanted: Counter[str] = Counter()
    for charge in moved.charges:
        wanted.update({loc: int(units) for loc, units in units_at(charge, THREE_PLACES, {}).items() if charge.places})
    assert sold(record) == {location: Decimal(count) for location, count in wanted.items() if count}
