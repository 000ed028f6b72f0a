"""Reading the whole till, page by page."""

from decimal import Decimal
from itertools import islice

import pytest

from sandbox.lightspeed.data.layout import Place, is_archived_item
from sandbox.lightspeed.data.places import CHOICES
from sandbox.lightspeed.data.rows import Item as TillItem
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.catalogue import Item, ItemType, Matrix
from tillbridge.systems.http import AddressPolicy, HttpClient, Request
from tillbridge.systems.lightspeed.resources import MATRICES, STOCKED_ITEMS


def read_all(floor: Shopfloor) -> dict[int, Item]:
    return {int(row.item.item_id): row.item for page in floor.till().items_after("0") for row in page.rows}


def test_every_item_is_read_once_in_order_with_its_stock(floor: Shopfloor) -> None:
    pages = list(floor.till().items_after("0"))
    assert [len(page.rows) for page in pages] == [100] * 5
    assert [page.last for page in pages] == [False] * 4 + [True]
    assert [page.rejected for page in pages] == [()] * 5
    rows = [row for page in pages for row in page.rows]
    assert [row.item.item_id for row in rows] == [str(number) for number in range(1, 501)]
    for row in rows:
        for level in row.levels:
            there = floor.state.retailer.stock.of(int(row.item.item_id), int(level.location_id))
            assert (int(level.on_hand), int(level.sellable)) == (there.qoh, max(0, there.qoh))
        assert [level.location_id for level in row.levels] == ["1", "2"]
    assert any(level.on_hand < 0 for row in rows for level in row.levels)


def test_items_are_what_the_till_has(floor: Shopfloor) -> None:
    for number, item in read_all(floor).items():
        there = floor.state.retailer.catalogue.item(number)
        assert item.description == there.columns["description"].strip()
        assert (item.custom_sku, item.upc, item.ean) == tuple(
            there.columns[name] for name in ("customSku", "upc", "ean")
        )
        assert item.archived is is_archived_item(number)
        assert item.prices == _prices(there)
        assert (item.matrix_id or "0") == there.columns["itemMatrixID"]
        assert item.attributes == (there.attributes.values if there.attributes else ("", "", ""))
        assert len(item.images) == there.image_count
        assert len(item.tags) == len(set(there.tag_ids))
        assert item.web.weight == (Decimal(there.weight) if there.weight and Decimal(there.weight) else None)
        assert item.updated_at.isoformat() == there.columns["timeStamp"]


def _prices(there: TillItem) -> dict[str, Decimal]:
    amounts = {str(level): Decimal(amount) for level, amount in enumerate(there.prices, start=1)}
    return {level: amount for level, amount in amounts.items() if amount or level == "1"}


def test_odd_items_come_through_unharmed(floor: Shopfloor) -> None:
    items = read_all(floor)
    odd = {place: items[int(place) + 1] for place in Place}
    assert odd[Place.SLASH_SKU].custom_sku.count("/") == 2
    assert "+" in odd[Place.PLUS_SKU].custom_sku
    assert "&" in odd[Place.AMPERSAND_SKU].custom_sku
    assert "%" in odd[Place.PERCENT_SKU].custom_sku
    assert "," in odd[Place.COMMA_SKU].custom_sku
    assert str(odd[Place.MANY_DECIMALS].prices["1"]).endswith("60025")
    assert odd[Place.NON_INVENTORY].item_type is ItemType.NON_INVENTORY
    assert odd[Place.FREE].prices == {"1": Decimal(0)}
    assert odd[Place.UNSORTED].category_id is None
    assert odd[Place.MARKUP].description.endswith("<b>3/4\"</b> & 'co'")
    assert not odd[Place.EMOJI].description.isascii()


def test_custom_fields_come_with_the_names_of_choices(floor: Shopfloor) -> None:
    fields = [field for item in read_all(floor).values() for field in item.custom_fields]
    assert {field.name for field in fields} == {"Material", "Season"}
    assert {field.value for field in fields if field.name == "Season"} == set(CHOICES)
    assert all(field.value for field in fields)


def test_pictures_can_be_fetched_from_their_addresses(floor: Shopfloor) -> None:
    image = next(item.images[0] for item in read_all(floor).values() if item.images)
    answer = HttpClient("lightspeed", "c1", policy=AddressPolicy.local(), clock=floor.clock).send(
        Request(method="GET", url=image.url)
    )
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_matrices_and_the_lists_that_all_point_into(floor: Shopfloor) -> None:
    till = floor.till()
    (page,) = till.matrices_after("0")
    assert [matrix.matrix_id for matrix in page.rows] == [str(number) for number in range(1, 61)]
    assert sum(matrix.archived for matrix in page.rows) == 2
    reference = till.reference()
    assert {len(names) for names in (reference.locations, reference.price_levels)} == {2, 4}
    things: list[Item | Matrix] = [*page.rows, *read_all(floor).values()]
    for thing in things:
        assert thing.category_id is None or thing.category_id in reference.categories
        assert thing.manufacturer_id is None or thing.manufacturer_id in reference.manufacturers
        assert thing.attribute_set_id is None or thing.attribute_set_id in reference.attribute_sets
        assert set(thing.prices) <= set(reference.price_levels)
    parents = {category.parent_id for category in reference.categories.values()}
    assert parents - {None} <= set(reference.categories)
    assert till.last_item_id() == "500"


@pytest.mark.parametrize("kept", range(1, 6))
def test_a_read_that_is_killed_goes_on_where_it_was(floor: Shopfloor, kept: int) -> None:
    before = list(islice(floor.till().items_after("0"), kept))
    after = list(floor.till().items_after(before[-1].rows[-1].item.item_id))
    numbers = [int(row.item.item_id) for page in (*before, *after) for row in page.rows]
    assert numbers == list(range(1, 501))
    pages = [call for call in floor.calls() if call.route == "Item"]
    assert len(pages) == 5 + (kept == 5)  # killed after the last page, one look shows that nothing is left


def test_the_price_of_a_read_is_what_we_reckoned(floor: Shopfloor) -> None:
    till = floor.till()
    list(till.items_after("0"))
    list(till.matrices_after("0"))
    floor.state.retailer.price(30, 3, "9.5")
    list(till.items_since(floor.clock.at))
    list(till.stock_since(floor.clock.at))
    till.last_item_id()
    till.reference()
    till.account()
    costs: dict[str, set[float]] = {}
    for call in floor.calls():
        costs.setdefault(call.route, set()).add(call.cost)
    assert costs == {
        "Item": {STOCKED_ITEMS.cost, 3.0, 1.0},
        "ItemMatrix": {MATRICES.cost},
        "ItemShop": {1.0},
        **{name: {1.0} for name in ("Shop", "Category", "Manufacturer", "PriceLevel", "ItemAttributeSet")},
        "Account": {1.0},
        "Session": {1.0},
    }
    assert floor.instruments.ledger.cost == pytest.approx(5 * 3.4 + 2.6 + 1.0 + 3.0 + 1.0 + 1.0 + 5.0 + 2.0)


def test_items_are_looked_up_by_id_archived_ones_too(floor: Shopfloor) -> None:
    floor.state.retailer.merge(9, 8)
    wanted = [str(number) for number in range(1, 151)]
    archived = next(number for number in wanted if is_archived_item(int(number)))
    floor.forget_calls()
    found = floor.till().items_by_id([*wanted, "1", "9999"])
    assert set(found) == set(wanted) - {"9"}
    there = found[archived]
    assert there is not None
    assert there.archived
    assert [call.cost for call in floor.calls() if call.route == "Item"] == [3.0, 3.0]
    assert found == {str(number): row for number, row in read_all(floor).items() if str(number) in found}


def test_no_ids_need_no_call(floor: Shopfloor) -> None:
    assert floor.till().items_by_id([]) == {}
    assert floor.calls() == []
