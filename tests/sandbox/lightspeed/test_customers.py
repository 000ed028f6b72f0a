"""Customers, and where sales are sent to."""

from typing import Any

import pytest

from tests.sandbox.lightspeed.selling import lines, paid, post, put
from tests.sandbox.lightspeed.support import Till, body

CONTACT = '["Contact"]'
ANN: dict[str, Any] = {
    "firstName": "Ann",
    "lastName": "Ash",
    "Contact": {
        "noEmail": "false",
        "Addresses": {"ContactAddress": {"address1": "1 Quay", "city": "Alderport", "countryCode": "US"}},
        "Phones": {
            "ContactPhone": [{"number": "555 0100", "useType": "Mobile"}, {"number": "555 0199", "useType": "Home"}]
        },
        "Emails": {"ContactEmail": [{"address": "ann@example.com", "useType": "Primary"}]},
    },
}


def write(till: Till, method: str, path: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = till.call(method, path, payload=payload)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = body(answer)["Customer"]
    return found


def test_a_customer_is_made_and_may_not_be_reached_unless_it_says_so(connected: Till) -> None:
    bare = write(connected, "POST", "Customer.json", {"firstName": "Bob"})
    assert [bare["Contact"][name] for name in ("noEmail", "noPhone", "noMail")] == ["true"] * 3
    assert (bare["Contact"]["Phones"], bare["Contact"]["Emails"], bare["archived"]) == ("", "", "false")
    ann = write(connected, "POST", "Customer.json", ANN)
    assert [ann["Contact"][name] for name in ("noEmail", "noPhone", "noMail")] == ["false", "true", "true"]
    assert ann["Contact"]["Emails"]["ContactEmail"]["address"] == "ann@example.com"
    assert [row["useType"] for row in ann["Contact"]["Phones"]["ContactPhone"]] == ["Mobile", "Home"]
    assert ann["Contact"]["Addresses"]["ContactAddress"]["address2"] == ""
    assert list(ann)[-4:] == ["customerID", "createTime", "timeStamp", "archived"]


def customer_ids(till: Till, **query: str) -> list[str]:
    return [row["customerID"] for row in till.rows("Customer", **query)]


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("email", "ann@example.com", ["1", "2"]),
        ("email", "~,ANN@example.com", ["1", "2"]),
        ("email", "ann", []),
        ("email", "~,%@example%", ["1", "2"]),
        ("mobile", "555 0100", ["1", "2"]),
        ("mobile", "555 0199", []),
        ("phoneHome", "~,%0199%", ["1", "2"]),
        ("phoneWork", "555 0100", []),
    ],
)
def test_customers_are_found_by_how_they_are_reached(connected: Till, field: str, value: str, found: list[str]) -> None:
    assert customer_ids(connected, load_relations=CONTACT, **{f"Contact.{field}": value}) == []
    for _ in range(2):  # nothing has to be unique
        write(connected, "POST", "Customer.json", ANN)
    write(connected, "POST", "Customer.json", {"lastName": "Bob"})
    assert customer_ids(connected, load_relations=CONTACT, **{f"Contact.{field}": value}) == found


@pytest.mark.parametrize(
    "query", [{"Contact.email": "x"}, {"load_relations": CONTACT, "Contact.zip": "1"}, {"color": "red"}]
)
def test_what_customers_cannot_be_searched_by(connected: Till, query: dict[str, str]) -> None:
    assert connected.call("GET", "Customer.json", query).status_code == 400


def test_a_change_keeps_what_it_does_not_name(connected: Till) -> None:
    write(connected, "POST", "Customer.json", ANN)
    payload = {"lastName": "Elm", "Contact": {"Emails": {"ContactEmail": {"address": "e@x.y", "useType": "Secondary"}}}}
    changed = write(connected, "PUT", "Customer/1.json", payload)
    assert (changed["firstName"], changed["lastName"], changed["Contact"]["noEmail"]) == ("Ann", "Elm", "false")
    assert len(changed["Contact"]["Emails"]["ContactEmail"]) == 2


def test_archived_customers_are_kept_apart_and_come_back(connected: Till) -> None:
    write(connected, "POST", "Customer.json", ANN)
    assert write(connected, "DELETE", "Customer/1.json")["archived"] == "true"
    assert (customer_ids(connected), customer_ids(connected, archived="true")) == ([], ["1"])
    assert write(connected, "PUT", "Customer/1.json", {"archived": "false"})["archived"] == "false"


def test_an_anonymous_customer_is_archived_and_nobody(connected: Till) -> None:
    write(connected, "POST", "Customer.json", ANN)
    gone = write(connected, "DELETE", "Customer/1/Anonymize.json")
    assert (gone["firstName"], gone["lastName"], gone["archived"]) == ("Customer", "[1]", "true")
    contact = connected.get("Customer/1.json", load_relations=CONTACT)["Customer"]["Contact"]
    assert (contact["Phones"], contact["Emails"], contact["noEmail"]) == ("", "", "true")
    assert contact["Addresses"]["ContactAddress"]["address1"] == ""
    assert connected.call("DELETE", "Customer/9/Anonymize.json").status_code == 404
    assert connected.call("POST", "Customer/1/Anonymize.json", payload={}).status_code == 405


@pytest.mark.parametrize("payload", [{"discountID": "ten"}, {"taxCategoryID": "x"}])
def test_what_makes_no_sense_is_refused(connected: Till, payload: dict[str, str]) -> None:
    assert connected.call("POST", "Customer.json", payload=payload).status_code == 400
    assert customer_ids(connected) == []


def test_a_sale_for_a_customer_who_is_not_there_is_refused(connected: Till) -> None:
    payload = {"employeeID": 1, "registerID": 1, "shopID": 1, "customerID": 9}
    assert "customerID 9" in body(connected.call("POST", "Sale.json", payload=payload))["message"]


SEND_TO = {
    "ShipTo": {
        "firstName": "Ann",
        "lastName": "Ash",
        "shipNote": "Ring twice",
        "shipped": "true",
        "Contact": ANN["Contact"],
    }
}


def test_a_sale_that_is_to_be_sent_has_a_shipping(connected: Till) -> None:
    assert connected.rows("ShipTo") == []
    plain = post(connected, lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1}))
    sent = post(connected, SEND_TO)
    assert (plain["shipToID"], sent["shipToID"]) == ("0", "1")
    (row,) = connected.rows("ShipTo", load_relations=CONTACT)
    assert (row["saleID"], row["shipped"], row["shipNote"]) == ("2", "false", "Ring twice")  # only the shop ships
    assert row["Contact"]["Addresses"]["ContactAddress"]["city"] == "Alderport"
    put(connected, "2", {"ShipTo": {"firstName": "Bea"}})
    (row,) = connected.rows("ShipTo")
    assert (row["shipToID"], row["firstName"], row["lastName"]) == ("1", "Bea", "Ash")


def test_what_the_shop_ships_is_found_by_time(connected: Till) -> None:
    for _ in range(2):
        post(connected, SEND_TO | lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1}) | paid(1))
    connected.clock.sleep(60)
    assert connected.control("ship-sale", sale=2, note="Parcel 7") == {"sale": 2, "shipped": True}
    since = {"sort": "timeStamp", "timeStamp": ">=,2026-01-05T10:01:00Z"}
    (row,) = connected.rows("ShipTo", shipped="true", **since)
    assert (row["saleID"], row["shipNote"], row["timeStamp"]) == ("2", "Parcel 7", "2026-01-05T10:01:00+00:00")
    assert connected.ids("ShipTo", sort="-timeStamp") == [2, 1]
    assert connected.http.post("/_sandbox/ship-sale", json={"sale": 9}).status_code == 400
    assert connected.call("POST", "ShipTo.json", payload={}).status_code == 405


def test_rights_for_customers_and_shippings(till: Till) -> None:
    till.connect(scope="employee:register")
    assert till.call("GET", "Customer.json").status_code == 200
    assert till.call("POST", "Customer.json", payload={}).status_code == 200
    assert till.call("GET", "ShipTo.json").status_code == 403
    till.connect(scope="employee:customers_read")
    assert till.call("GET", "Customer.json").status_code == 200
    assert till.call("POST", "Customer.json", payload={}).status_code == 403
