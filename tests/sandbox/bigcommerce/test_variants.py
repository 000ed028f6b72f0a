"""Options and variants."""

from typing import Any

import pytest

VARIANTS = "/v3/catalog/variants"


def below(product: Any, *parts: object) -> str:
    return "/".join(str(part) for part in (f"/v3/catalog/products/{product['id']}", *parts))


def chosen(**labels: str) -> list[dict[str, str]]:
    return [{"option_display_name": name, "label": label} for name, label in labels.items()]


def test_naming_choices_makes_options_and_variants_together(api: Any) -> None:
    rows = [
        {"sku": f"S-{size}-{colour}", "option_values": chosen(Size=size, Colour=colour)}
        for size in ("M", "L")
        for colour in ("red", "blue")
    ]
    shirt = api.product("Shirt", variants=rows)
    assert [
        (option["display_name"], [value["label"] for value in option["option_values"]]) for option in shirt["options"]
    ] == [("Size", ["M", "L"]), ("Colour", ["red", "blue"])]
    assert [row["sku"] for row in shirt["variants"]] == ["S-M-red", "S-M-blue", "S-L-red", "S-L-blue"]
    assert [value["label"] for value in shirt["variants"][3]["option_values"]] == ["L", "blue"]
    assert shirt["base_variant_id"] == 0


def test_a_product_without_options_is_its_base_variant(api: Any) -> None:
    hat = api.product("Hat", sku="HAT")
    (variant,) = api.rows(below(hat, "variants"))
    assert (variant["id"], variant["sku"], variant["option_values"]) == (hat["base_variant_id"], "HAT", [])
    assert (variant["price"], variant["calculated_price"]) == (None, 10)
    assert api.refused("DELETE", below(hat, "variants", variant["id"]))[0] == 422


@pytest.mark.parametrize(
    ("rows", "status", "named"),
    [
        (
            [{"sku": "A", "option_values": chosen(Size="M")}, {"sku": "A", "option_values": chosen(Size="L")}],
            409,
            "sku",
        ),
        (
            [{"sku": "A", "option_values": chosen(Size="M")}, {"sku": "B", "option_values": chosen(Size="m")}],
            422,
            "option_values",
        ),
        (
            [{"sku": "A", "option_values": chosen(Size="M")}, {"sku": "B", "option_values": chosen(Colour="red")}],
            422,
            "option_values",
        ),
        ([{"sku": "A"}], 422, "option_values"),
        ([{"sku": "A", "option_values": [{"label": "M"}]}], 422, "option_display_name"),
        ([{"sku": f"A{n}", "option_values": chosen(N=str(n))} for n in range(251)], 422, "option_values"),
        (
            [{"sku": f"A{n}", "option_values": chosen(N=str(n % 250), M=str(n // 250))} for n in range(601)],
            422,
            "variants",
        ),
        ([{"sku": "A", "option_values": chosen(Size="M" * 256)}], 422, "label"),
        ([{"sku": "A", "price": "3", "option_values": chosen(Size="M")}], 422, "price"),
    ],
    ids=["sku twice", "choice twice", "incomplete", "none", "unnamed", "251 values", "601 SKUs", "long", "text price"],
)
def test_what_no_product_can_have(api: Any, rows: list[Any], status: int, named: str) -> None:
    body = {"name": "Shirt", "type": "physical", "weight": 0, "price": 1, "variants": rows}
    assert api.refused("POST", "/v3/catalog/products", body) == (status, named)
    assert api.rows("/v3/catalog/products") == []


def test_six_hundred_skus_are_fine(api: Any) -> None:
    rows = [{"sku": f"A{n}", "option_values": chosen(N=str(n % 250), M=str(n // 250))} for n in range(600)]
    shirt = api.product("Shirt", variants=rows)
    assert api.get(below(shirt, "variants"))["meta"]["pagination"]["total"] == 600


def test_options_come_before_single_variants_and_create_none(api: Any) -> None:
    shirt = api.product("Shirt", sku="BASE")
    values = [{"label": "M", "sort_order": 0}, {"label": "L", "sort_order": 1}]
    body = {"display_name": "Size", "type": "rectangles", "option_values": values}
    wanted = {"sku": "S-M", "option_values": chosen(Size="M")}
    assert api.refused("POST", below(shirt, "variants"), wanted) == (422, "option_values")
    option = api.post(below(shirt, "options"), body)
    assert [row["sku"] for row in api.rows(below(shirt, "variants"))] == ["BASE"]
    choice = {"id": option["option_values"][0]["id"], "option_id": option["id"]}
    api.post(below(shirt, "variants"), {"sku": "S-M", "option_values": [choice]})
    assert [row["sku"] for row in api.rows(below(shirt, "variants"))] == ["S-M"]
    assert api.refused("POST", below(shirt, "options"), {**body, "display_name": "More"})[0] == 422
    assert api.refused("POST", below(shirt, "options"), {**body, "type": "odd"}) == (422, "type")
    assert api.refused("POST", below(shirt, "variants"), {"option_values": [choice]}) == (422, "sku")


def test_values_are_added_changed_and_deleted(api: Any) -> None:
    shirt = api.shirt("M", "L")
    (option,) = api.rows(below(shirt, "options"))
    values = below(shirt, "options", option["id"], "values")
    made = api.post(values, {"label": "XL", "sort_order": 2})
    assert api.refused("POST", values, {"label": "xl", "sort_order": 2}) == (409, "label")
    assert len(api.rows(below(shirt, "variants"))) == 2
    api.put(f"{values}/{made['id']}", {"label": "XXL"})
    assert api.refused("PUT", f"{values}/{made['id']}", {"label": "M"}) == (409, "label")
    assert [row["label"] for row in api.rows(values)] == ["M", "L", "XXL"]
    medium = option["option_values"][0]
    api.delete(f"{values}/{medium['id']}")
    assert [row["sku"] for row in api.rows(below(shirt, "variants"))] == ["SHIRT-L"]
    kept = [{"id": made["id"], "label": "XXL", "sort_order": 0}]
    api.put(below(shirt, "options", option["id"]), {"option_values": kept})
    (base,) = api.rows(VARIANTS)
    assert (base["option_values"], base["id"] in {row["id"] for row in shirt["variants"]}) == ([], False)
    api.delete(below(shirt, "options", option["id"]))
    assert api.rows(below(shirt, "options")) == []


def test_variants_of_any_products_are_listed_and_found_by_sku(api: Any) -> None:
    hat, shirt = api.product("Hat", sku="HAT"), api.shirt("M", "L")
    assert [row["sku"] for row in api.rows(VARIANTS)] == ["HAT", "SHIRT-M", "SHIRT-L"]
    assert [row["product_id"] for row in api.rows(VARIANTS, sku="shirt-l")] == [shirt["id"]]
    assert [row["sku"] for row in api.rows(VARIANTS, **{"product_id:in": f"{hat['id']},7"})] == ["HAT"]
    assert (api.rows(VARIANTS, sku="NONE"), api.rows(VARIANTS, sku="HAT")) == ([], [])
    assert [row["sku"] for row in api.rows(VARIANTS, id=hat["base_variant_id"])] == ["HAT"]
    assert api.refused("GET", VARIANTS, **{"sku:in": "SHIRT-M"})[0] == 422


def test_a_batch_changes_and_creates_fifty_or_refuses_all(api: Any) -> None:
    hat, shirt = api.product("Hat", sku="HAT"), api.shirt("M", "L")
    medium, large = (row["id"] for row in shirt["variants"])
    (option,) = api.rows(below(shirt, "options"))
    api.post(below(shirt, "options", option["id"], "values"), {"label": "XL", "sort_order": 2})
    new = {"product_id": shirt["id"], "sku": "SHIRT-XL", "option_values": chosen(Size="XL")}
    rows = [{"id": medium, "price": 7}, {"id": hat["base_variant_id"], "retail_price": 15}, new]
    assert [row["sku"] for row in api.put(VARIANTS, rows)] == ["SHIRT-M", "HAT", "SHIRT-XL"]
    wrong = api.call("PUT", VARIANTS, json=[{"id": large, "price": 1}, {"id": medium, "sku": "HAT"}, {"id": 7}])
    assert wrong.status_code == 422
    assert [set(part["errors"]) for part in wrong.json["batch_errors"]] == [{"sku"}, {"id"}]
    twice = api.call("PUT", VARIANTS, json=[{"id": large, "sku": "X"}, {"id": medium, "sku": "x"}])
    assert [set(part["errors"]) for part in twice.json["batch_errors"]] == [{"sku"}]
    same = [{**new, "sku": sku, "option_values": chosen(Size="XXL")} for sku in ("A", "B")]
    api.post(below(shirt, "options", option["id"], "values"), {"label": "XXL", "sort_order": 3})
    again = api.call("PUT", VARIANTS, json=same)
    assert [set(part["errors"]) for part in again.json["batch_errors"]] == [{"option_values"}]
    assert (api.rows(VARIANTS, sku="A"), api.rows(VARIANTS, id=large)[0]["price"]) == ([], None)
    assert api.call("PUT", VARIANTS, json=[{"id": large}] * 51).status_code == 413


def test_prices_are_inherited_until_they_are_set(api: Any) -> None:
    shirt = api.shirt("M", sale_price=8)
    path = below(shirt, "variants", shirt["variants"][0]["id"])
    assert api.rows(path)["calculated_price"] == 8
    assert api.put(path, {"price": 12, "sale_price": 0})["calculated_price"] == 12
    assert api.put(path, {"price": None, "sale_price": None})["calculated_price"] == 8


def test_stock_by_way_of_the_catalogue_follows_the_tracking(api: Any) -> None:
    shirt = api.shirt("M")
    variant = shirt["variants"][0]["id"]
    assert api.put(below(shirt, "variants", variant), {"inventory_level": 4})["inventory_level"] == 4
    assert api.rows(below(shirt))["inventory_level"] == 4
    api.put(below(shirt), {"inventory_level": 9})
    assert api.on_hand() == {"SHIRT-M": 4}
    api.put(below(shirt), {"inventory_tracking": "none"})
    assert (api.rows(below(shirt))["inventory_level"], api.on_hand()) == (0, {})
