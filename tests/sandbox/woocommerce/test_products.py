"""Products: what is taken, what is dropped without a word, what is refused (facts/woocommerce.md, "Products")."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.woocommerce.shop import Shop


def test_a_product_is_created_read_changed_and_listed(api: Any) -> None:
    created = api.product(name="Hat", sku="HAT-1", weight="1.5", dimensions={"length": "10"})
    assert (created["type"], created["status"], created["price"], created["slug"]) == (
        "simple",
        "publish",
        "10.00",
        "hat",
    )
    changed = api.put(f"/products/{created['id']}", {"name": "Cap"})
    assert (changed["name"], changed["sku"], changed["weight"], changed["slug"]) == ("Cap", "HAT-1", "1.5", "hat")
    assert api.get(f"/products/{created['id']}")["name"] == "Cap"
    assert api.ids() == [created["id"]]


def test_a_product_without_a_name_gets_one(api: Any) -> None:
    assert api.post("/products", {})["name"] == "Product"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("abc", ""),
        ("-3", "-3"),
        ("5-3", "5-3"),
        ("9.12345", "9.12345"),
        ("1,234.50", "1234.50"),
        ("", ""),
        (" 7 ", "7"),
        ("9.990", "9.990"),
    ],
)
def test_prices_are_texts_believed_as_they_are(api: Any, sent: str, kept: str) -> None:
    assert api.product(regular_price=sent)["regular_price"] == kept


@pytest.mark.parametrize(
    ("regular", "sale", "kept"), [("10", "10", ""), ("10", "11", ""), ("", "5", ""), ("10", "9.99", "9.99")]
)
def test_a_sale_price_has_to_be_below_the_regular_one(api: Any, regular: str, sale: str, kept: str) -> None:
    product = api.product(regular_price=regular, sale_price=sale)
    assert (product["sale_price"], product["price"]) == (kept, kept or regular)
    assert product["on_sale"] is (kept != "")


def test_a_sale_has_its_dates_in_shop_time(api: Any, clock: ManualClock) -> None:
    product = api.product(sale_price="8", date_on_sale_from="2026-01-15T10:00:00")
    assert (product["date_on_sale_from_gmt"], product["price"]) == ("2026-01-15T15:00:00", "10.00")
    clock.sleep(3 * 3600)
    assert api.get(f"/products/{product['id']}")["price"] == "8"


def test_stock_needs_manage_stock(api: Any) -> None:
    product = api.product(stock_quantity=4, low_stock_amount=2, backorders="yes")
    assert (product["stock_quantity"], product["low_stock_amount"], product["backorders"]) == (None, None, "no")
    assert product["stock_status"] == "instock"
    managed = api.put(f"/products/{product['id']}", {"manage_stock": True, "stock_quantity": 4})
    assert (managed["stock_quantity"], managed["stock_status"]) == (4, "instock")
    unmanaged = api.put(f"/products/{product['id']}", {"manage_stock": False, "stock_status": "outofstock"})
    assert (unmanaged["stock_quantity"], unmanaged["stock_status"]) == (None, "outofstock")


@pytest.mark.parametrize(
    ("quantity", "backorders", "status"), [(-2, "no", "outofstock"), (0, "notify", "onbackorder"), (1, "no", "instock")]
)
def test_the_stock_status_follows_the_quantity(api: Any, quantity: int, backorders: str, status: str) -> None:
    product = api.product(manage_stock=True, stock_quantity=quantity, backorders=backorders)
    assert (product["stock_quantity"], product["stock_status"]) == (quantity, status)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"regular_price": 1.5}, "regular_price"),
        ({"stock_quantity": 1.5}, "stock_quantity"),
        ({"stock_quantity": "many"}, "stock_quantity"),
        ({"status": "gone"}, "status"),
        ({"manage_stock": "perhaps"}, "manage_stock"),
        ({"categories": {"id": 1}}, "categories"),
        ({"meta_data": [{"key": 1}]}, "meta_data"),
        ({"attributes": [{"options": [{}]}]}, "attributes"),
        ({"name": ["a"]}, "name"),
    ],
)
def test_wrong_types_are_refused_and_named(api: Any, fields: dict[str, object], named: str) -> None:
    answer = api.call("POST", "/products", json={"name": "x", **fields})
    assert (answer.status_code, answer.json["code"]) == (400, "rest_invalid_param")
    assert list(answer.json["data"]["params"]) == [named]
    assert api.ids() == []


def test_numbers_and_booleans_may_come_as_texts(api: Any) -> None:
    assert api.product(manage_stock="true", stock_quantity="7")["stock_quantity"] == 7


def test_null_empties_a_text(api: Any) -> None:
    product = api.product()
    assert api.put(f"/products/{product['id']}", {"regular_price": None})["regular_price"] == ""


def test_bodies_that_are_not_json_are_refused(api: Any) -> None:
    answer = api.call("POST", "/products", data="{", content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "rest_invalid_json")


def test_a_body_counts_as_json_only_by_its_content_type(api: Any) -> None:
    assert api.call("POST", "/products", data='{"name": "x"}', content_type="text/plain").json["name"] == "Product"
    assert api.call("POST", "/products", data={"name": "from a form"}).json["name"] == "from a form"


def test_an_id_in_the_body_wins_over_the_address(api: Any) -> None:
    first, second = api.product(), api.product()
    assert api.put(f"/products/{first['id']}", {"id": second["id"], "name": "New"})["id"] == second["id"]


def test_the_fields_that_are_only_kept(api: Any) -> None:
    fields = {
        "slug": "My Hat!",
        "menu_order": 4,
        "featured": True,
        "catalog_visibility": "hidden",
        "tax_class": "reduced-rate",
        "short_description": "Short & sweet",
        "date_created": "2025-12-24T18:00:00",
        "manage_stock": True,
        "stock_quantity": 1,
        "low_stock_amount": 2,
        "backorders": "notify",
    }
    shown = {**fields, "slug": "my-hat", "short_description": "Short &amp; sweet"}
    product = api.product(**fields)
    assert {name: product[name] for name in fields} == shown
    assert product["date_created_gmt"] == "2025-12-24T23:00:00"
    cleared = api.put(f"/products/{product['id']}", {"tax_class": "standard", "low_stock_amount": None})
    assert (cleared["tax_class"], cleared["low_stock_amount"]) == ("", None)


def test_an_existing_product_is_not_created(api: Any) -> None:
    assert api.refused("POST", "/products", {"id": 5}) == (400, "woocommerce_rest_product_exists")


class TestTexts:
    """What happens to texts."""

    @pytest.mark.parametrize(
        ("sent", "shown"),
        [
            ("Salt & Pepper", "Salt &amp; Pepper"),
            ("Salt &amp; Pepper", "Salt &amp; Pepper"),
            ("<b>Hat</b><script>steal()</script>", "<b>Hat</b>steal()"),
            ("1 < 2", "1 &lt; 2"),
            ("Smörgås 🎩 帽子", "Smörgås 🎩 帽子"),
        ],
    )
    def test_names(self, api: Any, sent: str, shown: str) -> None:
        product = api.product(name=sent)
        assert (product["name"], api.get(f"/products/{product['id']}")["name"]) == (shown, shown)

    def test_descriptions_come_in_paragraphs_when_read(self, api: Any) -> None:
        product = api.product(description='One\ntwo\n\n<p>three</p>\n\n<a href="javascript:x()" onclick="y()">four</a>')
        assert product["description"] == "One\ntwo\n\n<p>three</p>\n\n<a>four</a>"
        assert api.get(f"/products/{product['id']}")["description"] == (
            "<p>One<br />\ntwo</p>\n<p>three</p>\n<p><a>four</a></p>\n"
        )
        (listed,) = api.get("/products", include=product["id"], context="edit")
        assert listed["description"] == product["description"], "who edits sees the text itself"

    def test_slugs_are_plain_and_unique(self, api: Any) -> None:
        slugs = [api.product(name=name)["slug"] for name in ("Crème Brûlée", "Crème Brûlée", "帽")]
        assert slugs == ["creme-brulee", "creme-brulee-2", "%e5%b8%bd"]


class TestSkus:
    """SKUs are unique over products and variations, those in the trash included when something is created."""

    def test_a_taken_sku_names_its_owner(self, api: Any) -> None:
        owner = api.product(sku="A-1")
        answer = api.call("POST", "/products", json={"name": "x", "sku": "a-1"})
        assert answer.json["code"] == "product_invalid_sku"
        assert answer.json["data"] == {"status": 400, "resource_id": owner["id"], "unique_sku": "a-1-1"}

    def test_an_own_sku_may_be_sent_again(self, api: Any) -> None:
        product = api.product(sku="A-1")
        assert api.put(f"/products/{product['id']}", {"sku": "A-1"})["sku"] == "A-1"

    def test_a_trashed_sku_blocks_creating_and_is_found_and_restored(self, api: Any) -> None:
        product = api.product(sku="A-1")
        api.delete(f"/products/{product['id']}")
        assert api.refused("POST", "/products", {"sku": "A-1"}) == (400, "woocommerce_rest_product_not_created")
        assert api.ids(sku="A-1") == []
        assert api.ids(sku="A-1", status="trash") == [product["id"]]
        restored = api.put(f"/products/{product['id']}", {"status": "publish"})
        assert (restored["status"], restored["slug"]) == ("publish", "thing")

    @pytest.mark.parametrize("sku", ["A/1+2&3", "A 1,B", "50%", "ünï-🎩"])
    def test_odd_skus_are_kept_and_found(self, api: Any, sku: str) -> None:
        product = api.product(sku=sku)
        assert product["sku"] == sku
        assert api.ids(sku=sku) == [product["id"]]

    def test_what_looks_like_an_encoded_byte_is_lost(self, api: Any) -> None:
        assert api.product(sku=" A%20B <i>C</i>\n")["sku"] == "AB C"

    def test_several_skus_are_asked_at_once_variations_included(self, api: Any) -> None:
        simple, parent = api.product(sku="S"), api.product(type="variable", sku="V")
        child = api.post(f"/products/{parent['id']}/variations", {"sku": "V-1"})
        found = {row["id"]: (row["type"], row["parent_id"]) for row in api.get("/products", sku="S,V-1,none")}
        assert found == {simple["id"]: ("simple", 0), child["id"]: ("variation", parent["id"])}

    def test_parts_of_skus(self, api: Any) -> None:
        product = api.product(sku="RED-HAT-1")
        api.product(sku="BLUE")
        assert api.ids(search_sku="hat") == [product["id"]]
        assert api.ids(search_name_or_sku="thing red") == [product["id"]]

    def test_a_gtin_is_unique_and_keeps_digits_only(self, api: Any) -> None:
        owner = api.product(global_unique_id="EAN 4006381-333931")
        assert owner["global_unique_id"] == "4006381-333931"
        answer = api.call("POST", "/products", json={"global_unique_id": "4006381-333931"})
        assert (answer.json["code"], answer.json["data"]["resource_id"]) == (
            "product_invalid_global_unique_id",
            owner["id"],
        )
        assert api.ids(global_unique_id="1, 4006381-333931") == [owner["id"]]


class TestDeleting:
    """Trash, restore and delete for good."""

    def test_trash_shows_the_old_status_and_takes_variations_along(self, api: Any) -> None:
        parent = api.product(type="variable")
        child = api.post(f"/products/{parent['id']}/variations", {"regular_price": "5"})
        assert api.delete(f"/products/{parent['id']}")["status"] == "publish"
        trashed = api.get(f"/products/{parent['id']}")
        assert (trashed["status"], trashed["slug"], trashed["variations"]) == ("trash", "thing__trashed", [])
        assert api.ids() == []
        assert api.ids(status="trash") == [parent["id"]]
        assert api.get(f"/products/{child['id']}")["status"] == "trash"
        assert api.refused("DELETE", f"/products/{parent['id']}") == (410, "woocommerce_rest_already_trashed")

    def test_force_deletes_variations_too(self, api: Any, shop: Shop) -> None:
        parent = api.product(type="variable")
        child = api.post(f"/products/{parent['id']}/variations", {"sku": "V"})
        api.delete(f"/products/{parent['id']}", force=True)
        assert api.refused("GET", f"/products/{child['id']}") == (404, "woocommerce_rest_product_invalid_id")
        assert (len(shop.products), api.product(sku="V")["sku"]) == (0, "V")

    def test_missing_products(self, api: Any) -> None:
        assert api.refused("GET", "/products/99") == (404, "woocommerce_rest_product_invalid_id")
        assert api.refused("PUT", "/products/99", {}) == (400, "woocommerce_rest_product_invalid_id")
        assert api.refused("DELETE", "/products/99") == (404, "woocommerce_rest_product_invalid_id")


class TestMeta:
    """Custom data merges by key."""

    def test_rows_merge_by_key_and_by_id_and_null_removes(self, api: Any) -> None:
        product = api.product(meta_data=[{"key": "_pos", "value": "1"}, {"key": "b", "value": {"x": [1]}}])
        first, second = product["meta_data"]
        path = f"/products/{product['id']}"
        merged = api.put(path, {"meta_data": [{"key": "_pos", "value": "2"}, {"key": "c", "value": 3}]})["meta_data"]
        assert [(row["key"], row["value"]) for row in merged] == [("_pos", "2"), ("b", {"x": [1]}), ("c", 3)]
        assert [row["id"] for row in merged[:2]] == [first["id"], second["id"]]
        api.put(path, {"meta_data": [{"id": second["id"], "key": "b", "value": None}]})
        assert [row["key"] for row in api.get(path)["meta_data"]] == ["_pos", "c"]


class TestInventoryDelta:
    """``inventory_delta`` adds to the stock, but between reading and writing others may write too."""

    def test_it_adds(self, api: Any) -> None:
        product = api.product(manage_stock=True, stock_quantity=5)
        assert api.put(f"/products/{product['id']}", {"inventory_delta": -2})["stock_quantity"] == 3

    def test_what_is_written_in_between_is_lost(self, api: Any, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        product = api.product(manage_stock=True, stock_quantity=5)
        path = f"/products/{product['id']}"

        pauses = iter(("before the handler", "between reading and writing"))

        def spend(seconds: float) -> None:
            if next(pauses) == "between reading and writing":
                monkeypatch.undo()
                api.put(path, {"inventory_delta": 10})

        monkeypatch.setattr(shop, "spend", spend)
        assert api.put(path, {"inventory_delta": 1})["stock_quantity"] == 6


def test_every_change_moves_date_modified_even_of_nothing(api: Any, clock: ManualClock) -> None:
    product = api.product()
    clock.sleep(60)
    changed = api.put(f"/products/{product['id']}", {})
    assert changed["date_modified_gmt"] == "2026-01-15T12:01:00"
    assert (changed["date_modified"], changed["date_created_gmt"]) == ("2026-01-15T07:01:00", "2026-01-15T12:00:00")
