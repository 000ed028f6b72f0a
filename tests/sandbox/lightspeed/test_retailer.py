"""The fictional retailer: what is in it, and that it repeats and grows."""

from collections import Counter
from decimal import Decimal

from sandbox.lightspeed.data.items import make_item
from sandbox.lightspeed.data.layout import matrix_count, variants_of
from sandbox.lightspeed.data.levels import level_id, make_level
from sandbox.lightspeed.data.matrices import variant_values
from sandbox.lightspeed.data.rows import Item
from sandbox.lightspeed.settings import Settings
from tests.sandbox.lightspeed.support import CLIENT, Till

ITEMS: list[Item] = [make_item(7, item_id) for item_id in range(1, 501)]


def column(name: str) -> list[str]:
    return [item.columns[name] for item in ITEMS]


def test_500_items_are_60_matrices_with_270_variants_and_230_plain_items(connected: Till) -> None:
    assert connected.get("Item.json", count="1", archived="true")["@attributes"]["count"] == "500"
    assert connected.get("ItemMatrix.json", count="1", archived="true")["@attributes"]["count"] == "60"
    assert sum(item.attributes is not None for item in ITEMS) == 270
    sizes = Counter(len(variants_of(matrix_id, 500)) for matrix_id in range(1, 61))
    assert sizes == {3: 10, 4: 20, 5: 20, 6: 10}


def test_no_two_variants_of_a_matrix_are_alike() -> None:
    for matrix_id in range(1, 61):
        values = [variant_values(matrix_id, number) for number in range(len(variants_of(matrix_id, 500)))]
        assert len(set(values)) == len(values)


def test_two_locations_with_a_register_each(connected: Till) -> None:
    shops = connected.rows("Shop", load_relations='["Registers"]')
    assert [shop["shopID"] for shop in shops] == ["1", "2"]
    assert all(shop["Registers"]["Register"]["shopID"] == shop["shopID"] for shop in shops)


def test_categories_are_a_tree_with_a_slash_in_a_name(connected: Till) -> None:
    rows = {row["categoryID"]: row for row in connected.rows("Category")}
    names_with_slash = [row["name"] for row in rows.values() if "/" in row["name"]]
    assert names_with_slash == ["Tents/Tarps", "Hats/Gloves"]
    for row in rows.values():
        parent = rows.get(row["parentID"])
        path = row["name"] if parent is None else f"{parent['fullPathName']}/{row['name']}"
        assert row["fullPathName"] == path
        assert int(row["leftNode"]) < int(row["rightNode"])
        if parent is not None:
            assert int(parent["leftNode"]) < int(row["leftNode"])
            assert int(row["rightNode"]) < int(parent["rightNode"])
    assert {row["nodeDepth"] for row in rows.values()} == {"0", "1", "2"}


def test_codes_are_missing_odd_or_doubled() -> None:
    skus = Counter(column("customSku"))
    assert skus[""] == 20
    assert sorted(sku for sku, times in skus.items() if times > 1 and sku) == ["AQ-00044", "AQ-00244", "AQ-00444"]
    for sign in "/+&%, ":
        assert sum(sign in sku for sku in skus) >= 10, sign
    assert sum(not (item.columns["customSku"] + item.columns["upc"] + item.columns["ean"]) for item in ITEMS) == 10
    assert all(len(upc) == 12 for upc in column("upc") if upc)
    assert all(len(ean) == 13 for ean in column("ean") if ean)
    assert len(set(column("systemSku"))) == 500
    assert any(int(item.columns["systemSku"]) - 210_000_000_000 != item.id for item in ITEMS)


def test_names_are_odd() -> None:
    names = "".join(column("description"))
    for text in ("🔥", "👨\u200d👩\u200d👧\u200d👦", "\u05de\u05e0", "\u0301", "\u200b", "茶碗", '<b>3/4"</b>', "&"):
        assert text in names
    assert any(name != name.strip() for name in column("description"))
    assert max(map(len, column("description"))) > 200


def test_prices_have_many_decimals_none_or_several_levels(connected: Till) -> None:
    names = [row["name"] for row in connected.rows("PriceLevel")]
    assert names == ["Default", "MSRP", "Sale", "Online"]
    assert any(amount.endswith("60025") for item in ITEMS for amount in item.prices)
    assert any(Decimal(item.prices[0]) == 0 for item in ITEMS)
    for level in range(1, 4):
        assert {item.prices[level] == "0" for item in ITEMS} == {True, False}
    variants = [item for item in ITEMS if item.columns["itemMatrixID"] == "1"]
    assert len({item.prices[0] for item in variants}) == 2


def test_item_types(connected: Till) -> None:
    types = Counter(column("itemType"))
    assert set(types) == {"default", "non_inventory", "box", "serialized"}
    assert Counter(column("serialized"))["true"] == 10
    assert {item.columns["taxClassID"] for item in ITEMS if item.columns["itemType"] == "non_inventory"} == {"2"}
    box = connected.item(38, load_relations='["ItemComponents","ItemShops"]')
    component = box["ItemComponents"]["ItemComponent"]
    assert (component["componentItemID"], component["quantity"]) == ("39", "6")


def test_stock_is_negative_zero_or_more_and_the_sum_is_right() -> None:
    shops = {(item.id, shop): make_level(7, level_id(item.id, shop)).qoh for item in ITEMS for shop in (0, 1, 2)}
    assert min(shops.values()) == -3
    assert all(shops[item.id, 0] == shops[item.id, 1] + shops[item.id, 2] for item in ITEMS)
    assert all(shops[item.id, 0] == 0 for item in ITEMS if item.columns["archived"] == "true")
    assert Counter(column("archived"))["true"] == 24


def test_the_data_repeats_with_the_seed_and_differs_without() -> None:
    assert [make_item(7, number) for number in range(1, 60)] == ITEMS[:59]
    assert [make_item(8, number) for number in range(1, 60)] != ITEMS[:59]


def test_an_odd_number_of_items_cuts_the_last_matrix_short() -> None:
    till = Till(Settings(items=51, clients=(CLIENT,), bucket_size=1_000))
    till.connect()
    assert matrix_count(51) == 7
    last = till.get("ItemMatrix/7.json", load_relations='["Items"]')["ItemMatrix"]
    assert isinstance(last["Items"]["Item"], dict)
    assert isinstance(last["attribute1Values"], str)


def test_a_till_of_100_000_items_makes_its_rows_when_asked_and_keeps_none() -> None:
    till = Till(Settings(items=100_000, clients=(CLIENT,), bucket_size=1_000))
    till.connect()
    newest = till.rows("ItemShop", sort="-timeStamp", limit="1")[0]
    assert newest["timeStamp"].startswith("2025-")
    assert till.ids("Item", itemID=">,99998") == [99999, 100000]
    assert till.ids("Item", sort="-timeStamp", limit="3")
    catalogue, stock = till.state.retailer.catalogue, till.state.retailer.stock
    assert catalogue.items.changed_ids() == catalogue.matrices.changed_ids() == stock.table.changed_ids() == []
    till.control("sell", item=100_000, shop=1)
    changed = till.rows("ItemShop", sort="timeStamp", timeStamp=">=,2026-01-05T10:00:00Z")
    assert [row["itemID"] for row in changed] == ["100000", "100000"]
