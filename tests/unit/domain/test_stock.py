from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOON, level, stock
from tillbridge.domain.stock import (
    NO_LOCATION,
    ItemStock,
    Quantity,
    StockForm,
    StockMode,
    StockRule,
    StockTerm,
    stock_figure,
)

pytestmark = pytest.mark.unit
BOTH = StockRule(("1", "2"))
UPPER = StockForm(negative=False)


def test_the_figure_is_the_sum_of_its_terms() -> None:
    rule = StockRule(("1", "2"), safety_stock=Decimal(2))
    figure = stock_figure(stock(level(sellable="7"), level(location_id="2", sellable="3")), rule, {"s1:1001": 1})
    assert figure.quantity == 7
    assert figure.terms == (
        StockTerm("location 1", Decimal(7), NOON),
        StockTerm("location 2", Decimal(3), NOON),
        StockTerm("safety stock", Decimal(-2)),
        StockTerm("web order s1:1001", Decimal(-1)),
    )


@pytest.mark.parametrize("mode", StockMode)
def test_a_location_that_was_never_read_makes_the_figure_unwritable(mode: StockMode) -> None:  # invariant 1
    figure = stock_figure(stock(level(sellable="7")), replace(BOTH, mode=mode), {})
    assert figure.missing == ("2",)
    assert not figure.writable


@pytest.mark.parametrize(
    ("rule", "form"),
    [(StockRule(), StockForm()), (replace(BOTH, mode=StockMode.MAP), StockForm(places=True))],
    ids=["none exists", "none has a place"],
)
def test_where_no_location_counts_nothing_is_written(rule: StockRule, form: StockForm) -> None:  # invariant 1
    figure = stock_figure(stock(level(sellable="7")), rule, {"s1:1001": 1}, form)
    assert (figure.missing, figure.writable, figure.quantity) == ((NO_LOCATION,), False, 0)


def test_a_location_outside_the_rule_does_not_count() -> None:
    assert (
        stock_figure(stock(level(sellable="7"), level(location_id="2", sellable="3")), StockRule(("2",)), {}).quantity
        == 3
    )


@pytest.mark.parametrize(("sellable", "shown"), [("2.999", 2), ("0.5", 0), ("-3", 0)])
def test_fractions_are_rounded_down_and_nothing_is_below_zero(sellable: str, shown: int) -> None:
    assert stock_figure(stock(level(sellable=sellable)), StockRule(("1",)), {}).quantity == shown


@pytest.mark.parametrize(
    ("step", "amount", "quantity"),
    [
        ("1", "2.999", 2),
        ("1", "-0.5", -1),
        ("12", "25", 24),
        ("0.001", "2.99999", Decimal("2.999")),
        ("0.001", "-0.0001", Decimal("-0.001")),
        ("0.25", "7", Decimal("7.00")),
        ("0.3", "0.8", Decimal("0.6")),
    ],
)
def test_a_figure_is_rounded_down_to_what_the_shop_counts(step: str, amount: str, quantity: Quantity) -> None:
    figure = StockForm(step=Decimal(step)).quantity(Decimal(amount))
    assert (figure, type(figure)) == (quantity, type(quantity))


def test_a_shop_that_takes_fractions_gets_them() -> None:
    rope = stock(level(sellable="12.755"), level(location_id="2", sellable="0.25"))
    figure = stock_figure(rope, BOTH, {"s1:1001": Decimal("1.5")}, StockForm(step=Decimal("0.01")))
    assert str(figure.quantity) == "11.50"
    assert stock_figure(rope, BOTH, {"s1:1001": Decimal("1.5")}).quantity == 11


def test_picking_shows_the_location_that_has_most_and_only_its_terms() -> None:
    rule = replace(BOTH, mode=StockMode.PICK, safety_stock=Decimal(1))
    figure = stock_figure(stock(level(sellable="3"), level(location_id="2", sellable="5")), rule, {"s1:1001": 2})
    assert figure.quantity == 2
    assert [(term.name, term.amount) for term in figure.terms] == [
        ("location 2", Decimal(5)),
        ("safety stock", Decimal(-1)),
        ("web order s1:1001", Decimal(-2)),
    ]


def test_picking_takes_the_first_of_equals_and_counts_what_a_location_keeps_back() -> None:
    shelf = stock(level(sellable="5"), level(location_id="2", sellable="5"))
    rule = replace(BOTH, mode=StockMode.PICK)
    assert stock_figure(shelf, rule, {}).terms[0].name == "location 1"
    kept = replace(rule, safety_by_location={"1": Decimal(1)})
    assert stock_figure(shelf, kept, {}).terms[0].name == "location 2"


@pytest.mark.parametrize(("kept", "shown"), [("0", 10), ("2", 8), ("7", 3), ("9", 3)])
def test_a_location_keeps_back_no_more_than_it_has(kept: str, shown: int) -> None:
    rule = replace(BOTH, safety_by_location={"1": Decimal(kept), "3": Decimal(4)})
    figure = stock_figure(stock(level(sellable="7"), level(location_id="2", sellable="3")), rule, {})
    assert figure.quantity == shown
    told = [term.amount for term in figure.terms if term.name == "safety stock of location 1"]
    assert told == ([shown - 10] if shown < 10 else [])


OWED = stock(level(on_hand=Decimal(-3), sellable="0"), level(location_id="2", sellable="1"))


@pytest.mark.parametrize(
    ("backorders", "form", "shown"),
    [(False, StockForm(), 0), (True, StockForm(), -3), (True, UPPER, 0)],
    ids=["no backorders", "backorders", "a shop that shows none"],
)
def test_what_is_owed_shows_only_with_backorders(  # invariant 1
    *, backorders: bool, form: StockForm, shown: int
) -> None:
    figure = stock_figure(OWED, replace(BOTH, backorders=backorders), {"s1:1001": 1}, form)
    assert figure.quantity == shown


def test_with_backorders_a_location_counts_with_what_it_owes_and_keeps_nothing_back() -> None:
    rule = replace(BOTH, backorders=True, safety_by_location={"1": Decimal(2)})
    assert [term.amount for term in stock_figure(OWED, rule, {}).terms] == [-3, 1]


def test_a_rule_of_an_items_own_is_told_even_when_it_keeps_back_nothing() -> None:
    rule = replace(BOTH, safety_name="safety stock of item I42")
    assert stock_figure(OWED, rule, {}).terms[-1] == StockTerm("safety stock of item I42", Decimal(0))


amounts = st.decimals(min_value=-1000, max_value=100_000, places=3)
safeties = st.decimals(min_value=0, max_value=200, places=3)
orders = st.dictionaries(st.text(max_size=5), st.integers(0, 999) | st.decimals(0, 999, places=2), max_size=4)
forms = st.builds(
    StockForm,
    step=st.sampled_from([Decimal(1), Decimal("0.001"), Decimal("0.5"), Decimal(6)]),
    negative=st.booleans(),
    places=st.booleans(),
)
LOCATIONS = tuple("123456")


@st.composite
def stocks(draw: st.DrawFn) -> ItemStock:
    """Stock at some locations, of which ``sellable`` is never below zero."""
    on_hand = draw(st.lists(amounts, min_size=1, max_size=6))
    rows = zip(LOCATIONS, on_hand, strict=False)
    return stock(
        *(level(location_id=place, on_hand=amount, sellable=str(max(Decimal(0), amount))) for place, amount in rows)
    )


rules = st.builds(
    StockRule,
    st.just(()),
    safety_stock=safeties,
    mode=st.sampled_from(StockMode),
    safety_by_location=st.dictionaries(st.sampled_from(LOCATIONS), safeties),
    places=st.dictionaries(st.sampled_from(LOCATIONS), st.sampled_from(["north", "south"])),
    backorders=st.booleans(),
)


@given(stocks(), rules, orders, forms)
def test_a_figure_is_the_sum_of_its_terms_rounded_down(
    shelf: ItemStock, rule: StockRule, reserved: dict[str, Quantity], form: StockForm
) -> None:  # invariant 1
    figure = stock_figure(shelf, replace(rule, locations=tuple(shelf.levels)), reserved, form)
    below = rule.backorders and form.negative
    for shown in figure.places or (figure,):
        left = sum((term.amount for term in shown.terms), Decimal(0))
        wanted = left if below else max(Decimal(0), left)
        if figure.writable:
            assert wanted - form.step < shown.quantity <= wanted
            assert shown.quantity % form.step == 0
    assert below or figure.quantity >= 0


@given(stocks(), rules, orders, forms)
def test_the_figure_never_exceeds_what_is_left_of_the_stock(
    shelf: ItemStock, rule: StockRule, reserved: dict[str, Quantity], form: StockForm
) -> None:  # invariant 1
    figure = stock_figure(shelf, replace(rule, locations=tuple(shelf.levels)), reserved, form)
    there = sum((one.sellable for one in shelf.levels.values()), Decimal(0))
    assert figure.quantity <= max(Decimal(0), there - rule.safety_stock - sum(reserved.values()))


@given(stocks(), rules, orders)
def test_places_share_out_the_figure(shelf: ItemStock, rule: StockRule, reserved: dict[str, Quantity]) -> None:
    everywhere = {location: "north" if location in "135" else "south" for location in shelf.levels}
    mapped = replace(rule, locations=tuple(shelf.levels), places=everywhere, mode=StockMode.MAP)
    fine = StockForm(step=Decimal("0.001"))
    whole = stock_figure(shelf, replace(mapped, mode=StockMode.SUM), reserved, fine)
    shared = stock_figure(shelf, mapped, reserved, replace(fine, places=True))
    assert sum(shared.by_place.values()) == shared.quantity
    assert {name: amount for name, amount in shared.by_place.items() if amount < 0} == {} or rule.backorders
    assert shared.terms == whole.terms
    terms = [term for place in shared.places for term in place.terms]
    assert sum(term.amount for term in terms) == sum(term.amount for term in whole.terms)
    assert shared.quantity == whole.quantity


@pytest.mark.parametrize(
    ("reserved", "shown"),
    [
        (0, {"north": 8, "south": 3}),
        (6, {"north": 2, "south": 3}),
        (9, {"north": 0, "south": 2}),
        (12, {"north": 0, "south": 0}),
    ],
)
def test_what_is_kept_back_comes_from_the_place_that_has_most(reserved: int, shown: dict[str, int]) -> None:
    rule = StockRule(("1", "2", "3", "4"), mode=StockMode.MAP, places={"1": "north", "2": "south", "3": "north"})
    levels = [level(location_id=place, sellable=amount) for place, amount in zip("1234", "5339", strict=True)]
    figure = stock_figure(stock(*levels), rule, {"s1:1001": reserved}, StockForm(places=True))
    assert figure.by_place == shown
    assert figure.quantity == sum(shown.values())


@pytest.mark.parametrize(
    ("reserved", "shown"),
    [
        ({"s1:1001@2": 2}, {"north": 8, "south": 1}),
        ({"s1:1001@3": 2}, {"north": 6, "south": 3}),
        ({"s1:1001@2": 2, "s1:1002": 7}, {"north": 1, "south": 1}),
        ({"s1:1001@1": 5, "s1:1001@2": 1}, {"north": 3, "south": 2}),
        ({"s1:1001@2": 4}, {"north": 7, "south": 0}),  # it is owed there, and nobody knows from where it will come
        ({"s1:1001@4": 4}, {"north": 8, "south": 3}),  # what leaves a location of no place is shown nowhere
    ],
)
def test_units_of_an_order_are_taken_off_where_they_leave(reserved: dict[str, int], shown: dict[str, int]) -> None:
    rule = StockRule(("1", "2", "3", "4"), mode=StockMode.MAP, places={"1": "north", "2": "south", "3": "north"})
    levels = [level(location_id=place, sellable=amount) for place, amount in zip("1234", "5339", strict=True)]
    figure = stock_figure(stock(*levels), rule, reserved, StockForm(places=True))
    assert figure.by_place == shown
    assert sum(term.amount for term in figure.terms) == sum(shown.values())


def test_what_leaves_a_location_that_does_not_count_is_no_matter() -> None:
    figure = stock_figure(stock(level(sellable="7")), StockRule(("1",)), {"s1:1001@1": 2, "s1:1002@2": 3})
    assert [term.name for term in figure.terms] == ["location 1", "web order s1:1001 at location 1"]
    assert figure.quantity == 5


def test_a_shop_without_places_shows_the_sum_of_all() -> None:
    rule = StockRule(("1", "2"), mode=StockMode.MAP, places={"1": "north"})
    figure = stock_figure(stock(level(sellable="7"), level(location_id="2", sellable="3")), rule, {})
    assert (figure.quantity, figure.places) == (10, ())
