"""Asking what changed since the last time."""

from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sandbox.lightspeed.control_shop import sell_at_till
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.cursor import next_since
from tillbridge.domain.stock import StockLevel
from tillbridge.systems.http import Answer


def levels(floor: Shopfloor) -> list[StockLevel]:
    return [row for page in floor.till().stock_since(floor.clock.at) for row in page.rows]


def test_a_quiet_poll_is_one_cheap_call_without_rows(floor: Shopfloor) -> None:
    till = floor.till()
    (stock,) = till.stock_since(floor.clock.at)
    (items,) = till.items_since(floor.clock.at)
    (matrices,) = till.matrices_since(floor.clock.at)
    for page in (stock, items, matrices):
        assert (page.rows, page.rejected, page.last) == ((), (), True)
    assert [(call.route, call.cost) for call in floor.calls()] == [
        ("ItemShop", 1.0),
        ("Item", 1.0),
        ("ItemMatrix", 1.0),
    ]


def test_relations_are_paid_for_when_something_has_changed(floor: Shopfloor) -> None:
    retailer = floor.state.retailer
    retailer.relate(retailer.catalogue.item(30), tag_ids=(1, 4), image_count=0)
    retailer.price(30, 3, "9.5")
    (page,) = floor.till().items_since(floor.clock.at)
    assert [len(item.tags) for item in page.rows] == [2]
    assert [call.cost for call in floor.calls()] == [1.0, 3.0]


def test_what_changes_between_the_look_and_the_reading_is_read(floor: Shopfloor) -> None:  # invariant 4
    retailer, client = floor.state.retailer, floor.till()._client
    since, look = floor.clock.at, client.get

    def then_change(*args: Any, **options: Any) -> Answer:
        answer = look(*args, **options)
        if "load_relations" not in args[1]:
            floor.clock.at += timedelta(seconds=1)
            retailer.price(30, 3, "7.5")
            retailer.price(31, 3, "8.5")
        return answer

    retailer.price(30, 3, "9.5")
    till = floor.till()
    till._client.get = then_change  # type: ignore[method-assign]
    (page,) = till.items_since(since)
    assert [(item.item_id, str(item.prices["3"])) for item in page.rows] == [("30", "7.5"), ("31", "8.5")]
    assert page.served_at == floor.clock.at


def test_more_than_a_page_of_changes_is_read_from_the_beginning(floor: Shopfloor) -> None:  # invariant 4
    for number in range(1, 151):
        floor.state.retailer.price(number, 3, "9.5")
    pages = list(floor.till().items_since(floor.clock.at))
    assert [len(page.rows) for page in pages] == [100, 50]
    assert [page.last for page in pages] == [False, True]


def test_a_sale_shows_as_one_row_and_not_in_the_items(floor: Shopfloor) -> None:
    before = floor.state.retailer.stock.of(55, 2).qoh
    sell_at_till(floor.state.retailer, 55, 2, 3)
    (level,) = levels(floor)
    assert (level.item_id, level.location_id, level.on_hand) == ("55", "2", Decimal(before - 3))
    assert level.updated_at == floor.clock.at
    (items,) = floor.till().items_since(floor.clock.at)
    assert items.rows == ()


def test_many_changes_of_one_second_are_all_seen(floor: Shopfloor) -> None:
    for number in range(1, 251):
        floor.state.retailer.receive(number, 1, 5)
    pages = list(floor.till().stock_since(floor.clock.at))
    assert [len(page.rows) for page in pages] == [100, 100, 50]
    assert {row.item_id for page in pages for row in page.rows} == {str(number) for number in range(1, 251)}


def test_a_poll_that_is_killed_between_pages_misses_nothing(floor: Shopfloor) -> None:  # invariant 4
    since = floor.clock.at
    for number in range(1, 251):
        if number % 90 == 0:
            floor.clock.at += timedelta(seconds=1)
        floor.state.retailer.receive(number, 1, 5)
    seen: set[str] = set()
    for _ in range(5):  # one page each time, then killed and shown again after a minute
        floor.clock.at += timedelta(minutes=1)
        (page,) = islice(floor.till().stock_since(since), 1)
        seen |= {row.item_id for row in page.rows}
        since = next_since(since, [row.updated_at for row in page.rows], page.served_at, last=False)
    assert seen == {str(number) for number in range(1, 251)}


def test_what_changes_while_we_read_comes_at_the_end(floor: Shopfloor) -> None:
    for number in range(1, 151):
        floor.state.retailer.receive(number, 1, 5)
    pages = floor.till().stock_since(floor.clock.at)
    first = next(pages)
    floor.clock.at += timedelta(seconds=1)
    floor.state.retailer.receive(1, 1, 1)
    rows = [row for page in pages for row in page.rows]
    assert "1" in {row.item_id for row in first.rows}
    assert (rows[-1].item_id, rows[-1].updated_at) == ("1", floor.clock.at)


def test_a_changed_price_and_an_archived_item_are_seen(floor: Shopfloor) -> None:
    retailer = floor.state.retailer
    retailer.price(30, 3, "9.5")
    floor.clock.at += timedelta(seconds=5)
    retailer.archive(31)
    (page,) = floor.till().items_since(floor.clock.at - timedelta(seconds=5))
    assert [(item.item_id, item.archived) for item in page.rows] == [("30", False), ("31", True)]
    assert str(page.rows[0].prices["3"]) == "9.5"
    assert {(level.item_id, level.sellable) for level in levels(floor)} <= {("31", 0)}


def test_related_records_move_no_time_and_wait_for_the_full_read(floor: Shopfloor) -> None:
    retailer = floor.state.retailer
    retailer.relate(retailer.catalogue.item(30), tag_ids=(1, 4), image_count=3)
    (page,) = floor.till().items_since(floor.clock.at)
    assert page.rows == ()
    row = next(iter(floor.till().items_after("29"))).rows[0]
    assert len(row.item.tags) == 2
    assert len(row.item.images) == 3


def test_a_changed_matrix_is_seen(floor: Shopfloor) -> None:
    catalogue = floor.state.retailer.catalogue
    catalogue.change_matrix(catalogue.matrix(7), {"description": "Renamed"})
    (page,) = floor.till().matrices_since(floor.clock.at)
    assert [(matrix.matrix_id, matrix.description) for matrix in page.rows] == [("7", "Renamed")]


def test_a_new_item_is_seen_with_its_stock(floor: Shopfloor) -> None:
    item = floor.state.retailer.add_item({"description": "New ☂"}, ("5", "0", "0", "0"))
    till = floor.till()
    (page,) = till.items_since(floor.clock.at)
    assert [(found.item_id, found.description) for found in page.rows] == [("501", "New ☂")]
    assert {level.location_id for level in levels(floor)} == {"1", "2"}
    assert till.last_item_id() == str(item.id)
