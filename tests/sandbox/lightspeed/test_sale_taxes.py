"""How the till taxes a sale, and what its lines say."""

from typing import Any

import pytest

from tests.sandbox.lightspeed.selling import HEAD, lines, post, put, refused
from tests.sandbox.lightspeed.support import Till, as_list

BOOKS = 3
SHOWN = {"load_relations": '["SaleLines","SaleLines.Note","SaleLines.Item"]'}


def item(price: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"itemID": 5, "unitQuantity": quantity, "unitPrice": price, **more}


def figures(sale: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sale[name] for name in ("calcSubtotal", "calcTax1", "calcTax2", "taxTotal", "calcTotal"))


def test_two_taxes_are_rounded_one_by_one_as_documented(connected: Till) -> None:
    sale = post(connected, {"taxCategoryID": 3} | lines(item("9.99"), item("20")))
    assert figures(sale) == ("29.99", "1.5", "2.99", "4.49", "34.48")
    first = sale["SaleLines"]["SaleLine"][0]
    assert (first["calcTotal"], first["calcTax1"], first["calcTax2"]) == ("11.4860025", "0.4995", "0.9965025")
    assert (first["tax1Rate"], first["tax2Rate"]) == ("0.05", "0.09975")


def test_a_tax_class_has_rates_of_its_own(connected: Till) -> None:
    book = item("10", taxClassID=BOOKS)
    sale = post(connected, {"taxCategoryID": 3} | lines(item("10"), book))
    assert figures(sale) == ("20", "1", "1", "2", "22")
    shown = sale["SaleLines"]["SaleLine"][1]
    assert (shown["taxClassID"], shown["tax1Rate"], shown["tax2Rate"]) == ("3", "0.05", "0")
    assert "no TaxClass '9'" in refused(connected, "POST", "Sale.json", HEAD | lines(item("1", taxClassID=9)))


def test_prices_may_hold_the_tax(connected: Till) -> None:
    sale = post(connected, {"taxCategoryID": 4} | lines(item("12.10"), item("5", tax=False)))
    assert figures(sale) == ("15", "2.1", "0", "2.1", "17.1")
    assert (sale["isTaxInclusive"], sale["displayableSubtotal"]) == ("true", "17.1")
    assert (sale["calcTaxable"], sale["calcNonTaxable"]) == ("10", "5")
    first = sale["SaleLines"]["SaleLine"][0]
    assert (first["calcSubtotal"], first["calcTax1"], first["calcTotal"]) == ("10", "2.1", "12.1")


def test_a_new_tax_and_another_one_for_a_sale(connected: Till) -> None:
    added = connected.control("add-tax", name="City", rate="0.1", second="0.01")
    assert (added["taxCategoryID"], added["tax1Name"], added["tax2Rate"]) == ("5", "City", "0.01")
    sale = post(connected, {"taxCategoryID": 1} | lines(item("10")))
    assert sale["calcTax1"] == "0.83"
    assert figures(put(connected, sale["saleID"], {"taxCategoryID": 5})) == ("10", "1", "0.1", "1.1", "11.1")


def test_the_rates_of_classes_are_shown_with_their_tax(connected: Till) -> None:
    relations = '["TaxCategoryClasses","TaxCategoryClasses.TaxClass"]'
    rows = connected.rows("TaxCategory", load_relations=relations)
    shown = [as_list((row.get("TaxCategoryClasses") or {}).get("TaxCategoryClass")) for row in rows]
    assert [[(entry["taxClassID"], entry["tax1Rate"]) for entry in entries] for entries in shown] == [
        [("3", "0")],
        [],
        [("3", "0.05")],
        [("3", "0.09")],
    ]
    assert shown[0][0]["TaxClass"]["name"] == "Books"


@pytest.mark.parametrize("quantity", ["1.5", "0.25"])
def test_quantities_are_whole_numbers(connected: Till, quantity: str) -> None:
    assert "whole number" in refused(connected, "POST", "Sale.json", HEAD | lines(item("1", quantity)))  # type: ignore[arg-type]


def test_a_note_says_what_a_line_without_item_is(connected: Till) -> None:
    noted = {"unitQuantity": 1, "unitPrice": 4, "Note": {"note": "Shipping", "isPublic": True}}
    sale = post(connected, lines(noted, item("1")))
    first, second = sale["SaleLines"]["SaleLine"]
    assert (first["noteID"], second["noteID"], "Note" in first) == ("1", "0", False)
    first, second = connected.get("Sale/1.json", **SHOWN)["Sale"]["SaleLines"]["SaleLine"]
    assert (first["Note"]["note"], first["Note"]["isPublic"]) == ("Shipping", "true")
    assert ("Note" in second, second["Item"]["itemID"]) == (False, "5")


def test_an_answer_to_a_write_shows_what_it_is_asked_for(connected: Till) -> None:
    payload = HEAD | lines({"unitQuantity": 1, "unitPrice": 4, "Note": {"note": "Shipping"}})
    answer = connected.call("POST", "Sale.json", SHOWN, payload)
    assert answer.json["Sale"]["SaleLines"]["SaleLine"]["Note"]["note"] == "Shipping"  # type: ignore[index]
    assert answer.headers["X-LS-API-Request-Cost"] == "3.6"  # 2, a line and its note, and what is loaded


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"referenceNumber": "W-1"}, [1, 2]),
        ({"referenceNumber": "W-1", "referenceNumberSource": "shopify:b"}, [2]),
        ({"referenceNumber": "W-1", "archived": "true"}, [1, 2, 3]),
        ({"referenceNumber": "W-1", "archived": "only"}, [3]),
        ({"referenceNumber": "W-2"}, []),
        ({"completed": "true"}, [4]),
        ({"completed": "false", "sort": "timeStamp"}, [1, 2]),
    ],
)
def test_sales_are_found_by_reference_and_state(connected: Till, query: dict[str, str], found: list[int]) -> None:
    assert connected.ids("Sale", **query) == []
    for source in ("shopify:a", "shopify:b", "shopify:a"):
        post(connected, {"referenceNumber": "W-1", "referenceNumberSource": source})
    connected.call("DELETE", "Sale/3.json")
    connected.control("sell", item=5)
    assert connected.ids("Sale", **query) == found
