"""From the wire to the domain."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.systems.lightspeed.samples import (
    custom_row,
    image_row,
    item_row,
    matrix_row,
    price_row,
    stock_row,
    tag_row,
)
from tillbridge.domain.catalogue import CustomField, Image, Item, ItemType, Matrix, WebContent
from tillbridge.domain.stock import StockLevel
from tillbridge.store.codecs.catalogue import item_content
from tillbridge.store.errors import ROW_LIMIT
from tillbridge.systems.lightspeed.parse import (
    UnreadableError,
    read_item,
    read_level,
    read_matrix,
    read_stocked_item,
)
from tillbridge.systems.lightspeed.parse_reference import (
    read_attribute_set,
    read_category,
    read_location,
    read_manufacturer,
    read_price_level,
)

CHANGED = datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_a_plain_item() -> None:
    assert read_item(item_row()) == Item(
        item_id="42",
        system_sku="210000000042",
        description="Mug Blue",
        custom_sku="MUG-B",
        tax_class_id="1",
        prices={"1": Decimal("12.5"), "3": Decimal(11)},
        updated_at=CHANGED,
    )


def test_a_variant_with_everything() -> None:
    item = read_item(
        item_row(
            itemMatrixID="7",
            itemType="serialized",
            archived="true",
            tax="false",
            publishToEcom="false",
            upc="614100000015",
            ean="2000000000428",
            manufacturerSku="MF/7",
            categoryID="3",
            manufacturerID="9",
            ItemAttributes={
                "attribute1": "Black",
                "attribute2": " Small ",
                "attribute3": "",
                "itemAttributeSetID": "1",
            },
            Images={"Image": [image_row("70", ordering="2"), image_row("69"), image_row("68")]},
            TagRelations={"TagRelation": [tag_row("webstore"), tag_row("sale")]},
            CustomFieldValues={"CustomFieldValue": [custom_row({"name": "Winter"}, "2", "Season"), custom_row("Wool")]},
            ItemECommerce={
                "longDescription": "<p>Long</p>",
                "shortDescription": "Short",
                "weight": "1.5",
                "width": "0",
            },
        )
    )
    assert item.item_type is ItemType.SERIALIZED
    assert (item.archived, item.taxable, item.publish_to_web) == (True, False, False)
    assert (item.upc, item.ean, item.manufacturer_sku) == ("614100000015", "2000000000428", "MF/7")
    assert (item.category_id, item.manufacturer_id, item.matrix_id) == ("3", "9", "7")
    assert (item.attribute_set_id, item.attributes) == ("1", ("Black", "Small", ""))
    assert [image.image_id for image in item.images] == ["68", "69", "70"]
    assert item.tags == ("sale", "webstore")
    assert item.custom_fields == (CustomField("1", "Material", "Wool"), CustomField("2", "Season", "Winter"))
    assert item.web == WebContent("<p>Long</p>", "Short", weight=Decimal("1.5"))


def test_the_address_of_a_picture() -> None:
    base = "https://res.cloudinary.com/lightspeed-retail/image/upload"
    for given in (base, f"{base}/"):
        row = item_row(Images={"Image": image_row(baseImageURL=given)})
        assert read_item(row).images == (Image("68", f"{base}/dsxcqjwl1s4j6ppmnmec.jpg", 1, "Front"),)


def test_odd_signs_in_a_pictures_name_are_encoded() -> None:
    row = item_row(Images={"Image": image_row(publicID="a b/ü?#")})
    assert read_item(row).images[0].url.endswith("/upload/a%20b/%C3%BC%3F%23.jpg")


@pytest.mark.parametrize(
    "base", ["", "res.cloudinary.com/", "ftp://x/", "javascript:x", "https://u:p@x/", "https://x/?a=", "https://x/a b"]
)
def test_a_picture_without_a_good_address_rejects_its_item(base: str) -> None:
    with pytest.raises(UnreadableError, match=r"Images\[0\]\.baseImageURL"):
        read_item(item_row(Images={"Image": image_row(baseImageURL=base)}))


def test_a_price_of_zero_is_not_set_except_on_the_default_level() -> None:
    prices = {"ItemPrice": [price_row("0"), price_row("0.00", "2"), price_row("-1", "3")]}
    assert read_item(item_row(Prices=prices)).prices == {"1": Decimal(0), "3": Decimal(-1)}


def test_prices_keep_their_decimals() -> None:
    assert read_item(item_row(Prices={"ItemPrice": price_row("11.4860025")})).prices == {"1": Decimal("11.4860025")}


def test_two_amounts_on_one_level_are_not_guessed_between() -> None:
    same = {"ItemPrice": [price_row("5"), price_row("5.00")]}
    assert read_item(item_row(Prices=same)).prices == {"1": Decimal(5)}
    with pytest.raises(UnreadableError, match="two amounts for price level 1"):
        read_item(item_row(Prices={"ItemPrice": [price_row("5"), price_row("6")]}))


@pytest.mark.parametrize("amount", ["9e50", "1e15", "-1000000000000000"])
def test_a_price_beyond_all_measure_is_refused(amount: str) -> None:  # invariant 7
    with pytest.raises(UnreadableError, match=r"Prices\[0\]\.amount"):
        read_item(item_row(Prices={"ItemPrice": [price_row(amount)]}))


@pytest.mark.parametrize(
    ("fields", "longest"),
    [
        ({"description": "x" * 90_001}, "description"),
        ({"description": "Mug", "ItemECommerce": {"longDescription": "😀" * 90_000}}, "ItemECommerce.longDescription"),
        (
            {"ItemECommerce": {"longDescription": "x" * 40_000, "shortDescription": "y" * 60_000}},
            "ItemECommerce.shortDescription",
        ),
        ({"TagRelations": {"TagRelation": [tag_row(str(n) * 10_000) for n in range(10)]}}, "TagRelations"),
        ({"CustomFieldValues": {"CustomFieldValue": custom_row("x" * 90_000)}}, "CustomFieldValues"),
        ({"Images": {"Image": [image_row(str(n), description="x" * 9_000) for n in range(1, 11)]}}, "Images"),
    ],
)
def test_an_item_that_no_row_could_keep_is_refused(fields: dict[str, Any], longest: str) -> None:  # invariant 7
    for reader, row in ((read_item, item_row), (read_matrix, matrix_row)):
        with pytest.raises(UnreadableError, match="characters, and an item may hold 90000 in all") as caught:
            reader(row(**fields))
        assert caught.value.field == longest


def test_the_largest_item_that_is_taken_fits_a_row() -> None:
    item = read_item(item_row(description="Mug", ItemECommerce={"longDescription": "😀" * 89_900}))
    assert len(item_content(item).encode()) < ROW_LIMIT - 1024


def test_a_custom_field_without_value_is_absent() -> None:
    assert read_item(item_row(CustomFieldValues={"CustomFieldValue": custom_row("")})).custom_fields == ()


def test_a_tag_that_was_not_loaded_is_no_missing_tag() -> None:
    """Else the item would leave the web shop because a relation was not sent."""
    row = tag_row("webstore")
    del row["Tag"]
    with pytest.raises(UnreadableError, match=r"TagRelations\[0\]\.Tag is missing"):
        read_item(item_row(TagRelations={"TagRelation": row}))


def test_items_of_old_answers() -> None:
    row = item_row()
    del row["publishToEcom"], row["Prices"]
    item = read_item(row)
    assert item.publish_to_web is True
    assert item.prices == {}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"itemID": "x"}, "itemID is 'x', but must be an id"),
        ({"timeStamp": "yesterday"}, "timeStamp is 'yesterday', but must be a date and time"),
        ({"timeStamp": "2026-01-05T10:00:00"}, "offset"),
        ({"archived": "perhaps"}, "archived is 'perhaps', but must be true or false"),
        ({"itemType": "subscription"}, "itemType is 'subscription', which is not understood"),
        ({"categoryID": "-3"}, "categoryID is '-3', but must be an id"),
        ({"Prices": {"ItemPrice": [price_row("12"), price_row("12,50")]}}, r"Prices\[1\]\.amount is '12,50'"),
        ({"Prices": "12.50"}, "Prices is '12.50', but must hold ItemPrice"),
        ({"description": "x\ud800"}, "description is .*half a character"),
        ({"description": ["x" * 99]}, r"description is \['x{38}\.\.\., but must be a text"),
        ({"ItemECommerce": "yes"}, "ItemECommerce"),
        ({"Images": {"Image": image_row(publicID="")}}, r"Images\[0\]\.publicID is ''"),
    ],
)
def test_what_cannot_be_understood_names_field_and_value(fields: dict[str, Any], told: str) -> None:  # invariant 7
    with pytest.raises(UnreadableError, match=told):
        read_item(item_row(**fields))


@pytest.mark.parametrize("field", ["itemID", "description", "archived", "itemType", "timeStamp"])
def test_a_missing_field_is_named(field: str) -> None:
    row = item_row()
    del row[field]
    with pytest.raises(UnreadableError, match=f"{field} is missing") as caught:
        read_item(row)
    assert caught.value.field == field


def test_stock_comes_with_the_item() -> None:
    rows = [stock_row("80", "0", qoh="9"), stock_row("81", "1"), stock_row("82", "2", qoh="2", sellable="1")]
    stocked = read_stocked_item(item_row(ItemShops={"ItemShop": rows}))
    assert stocked.item == read_item(item_row())
    assert stocked.levels == (
        StockLevel("42", "1", Decimal(7), Decimal(7), CHANGED),
        StockLevel("42", "2", Decimal(2), Decimal(1), CHANGED),
    )


def test_stock_of_another_item_is_refused() -> None:
    with pytest.raises(UnreadableError, match="ItemShops holds row 81 of another item"):
        read_stocked_item(item_row(ItemShops={"ItemShop": stock_row(itemID="43")}))


@pytest.mark.parametrize(
    ("qoh", "sellable", "shown"),
    [("7", "5", "5"), ("-3", "0", "0"), ("-3", None, "0"), ("4", None, "4"), ("2.5", None, "2.5"), ("3", "-1", "0")],
)
def test_what_may_be_published(qoh: str, sellable: str | None, shown: str) -> None:
    row = stock_row(qoh=qoh)
    del row["sellable"]
    level = read_level({**row, **({} if sellable is None else {"sellable": sellable})})
    assert level is not None
    assert (level.on_hand, level.sellable) == (Decimal(qoh), Decimal(shown))


def test_the_sum_of_all_locations_is_left_out() -> None:
    assert read_level(stock_row(shop="0")) is None


@pytest.mark.parametrize(
    ("field", "value"), [("qoh", ""), ("qoh", "many"), ("sellable", "x"), ("timeStamp", ""), ("itemID", "0")]
)
def test_bad_stock_is_never_a_number(field: str, value: str) -> None:  # invariant 1
    with pytest.raises(UnreadableError, match=field):
        read_level(stock_row(**{field: value}))


def test_a_matrix() -> None:
    assert read_matrix(matrix_row()) == Matrix(
        matrix_id="7",
        description="T-Shirt",
        attribute_set_id="1",
        category_id="3",
        tax_class_id="1",
        prices={"1": Decimal(20)},
        updated_at=CHANGED,
    )


def test_equal_content_in_another_order_is_equal() -> None:
    one, other = image_row("68"), image_row("69")
    tags, customs = [tag_row("a"), tag_row("b")], [custom_row("x", "1"), custom_row("y", "2")]
    first = item_row(
        Images={"Image": [one, other]},
        TagRelations={"TagRelation": tags},
        CustomFieldValues={"CustomFieldValue": customs},
    )
    second = item_row(
        Images={"Image": [other, one]},
        TagRelations={"TagRelation": tags[::-1]},
        CustomFieldValues={"CustomFieldValue": customs[::-1]},
    )
    assert read_item(first) == read_item(second)


def test_the_accounts_lists() -> None:
    location = read_location({"shopID": "2", "name": " Harbour ", "timeZone": "", "archived": "true"})
    assert (location.name, location.time_zone, location.archived) == ("Harbour", "UTC", True)
    category = read_category({"categoryID": "5", "name": "A/B", "fullPathName": "X/A/B", "parentID": "3"})
    assert (category.name, category.parent_id) == ("A/B", "3")
    assert read_category({"categoryID": "3", "name": "X", "parentID": "0"}).parent_id is None
    assert read_manufacturer({"manufacturerID": "1", "name": "Öre & Co"}).name == "Öre & Co"
    assert read_price_level({"priceLevelID": "3", "name": "Sale", "archived": "true"}).archived is True
    names = read_attribute_set(
        {"itemAttributeSetID": "2", "name": "Size", "attributeName1": "", "attributeName2": "Size"}
    )
    assert names.attribute_names == ("", "Size", "")
