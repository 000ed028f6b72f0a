"""Account, lists and the highest id."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.systems.lightspeed.samples import item_row
from tests.unit.systems.lightspeed.scripted import ACCOUNT, Desk, answer, desk, list_url, page
from tillbridge.domain.catalogue import AttributeSet, Category, Location, Manufacturer, PriceLevel, Reference
from tillbridge.domain.errors import GarbledAnswerError, TillbridgeError
from tillbridge.systems.lightspeed import LightspeedTill
from tillbridge.systems.till import Till, TillAccount

ACCOUNT_BODY = {"@attributes": {"count": "1"}, "Account": {"accountID": ACCOUNT, "name": "Alder & Quay", "link": {}}}
SESSION = {
    "systemCustomerID": ACCOUNT,
    "employeeID": "2",
    "Rights": {"register": "true", "product_cost": "true", "admin": "false"},
}
LISTS: dict[str, Any] = {
    "Shop": [{"shopID": "1", "name": "Quay", "timeZone": "US/Eastern", "archived": "false"}],
    "Category": [
        {"categoryID": "2", "name": "A/B", "parentID": "1"},
        {"categoryID": "1", "name": "Top", "parentID": "0"},
    ],
    "Manufacturer": "",
    "PriceLevel": {"priceLevelID": "1", "name": "Default", "archived": "false"},
    "ItemAttributeSet": [{"itemAttributeSetID": "2", "name": "Size", "attributeName1": "", "attributeName2": "Size"}],
}


def reference_desk(**changes: Any) -> Desk:
    return desk(*(page(resource, rows) for resource, rows in {**LISTS, **changes}.items()))


def test_it_is_a_till() -> None:
    till: Till = desk().till
    assert isinstance(till, LightspeedTill)


@pytest.mark.parametrize("form", [lambda row: row, lambda row: [row]], ids=["object", "array"])
def test_the_account_of_a_grant_and_its_rights(form: Callable[[Any], Any]) -> None:
    at = desk(answer({**ACCOUNT_BODY, "Account": form(ACCOUNT_BODY["Account"])}), answer(SESSION))
    till = LightspeedTill(at.client, "")
    assert till.account() == TillAccount(
        account_id=ACCOUNT,
        name="Alder & Quay",
        rights=frozenset({"register", "product_cost"}),
        missing=("inventory_base: without it the names of attributes such as Size or Color cannot be read",),
        missing_to_sell=("customers: without it what has been shipped is not seen, and web orders stay unshipped",),
    )
    assert [sent.url.rpartition("/API/")[2] for sent in at.http.sent] == ["V3/Account.json", "Session.json"]


@pytest.mark.parametrize("rights", ["", [], {}, None])
def test_a_grant_without_rights(rights: Any) -> None:
    account = desk(answer(ACCOUNT_BODY), answer({**SESSION, "Rights": rights})).till.account()
    assert account.rights == frozenset()
    assert (len(account.missing), len(account.missing_to_sell)) == (5, 2)


@pytest.mark.parametrize(
    ("account", "session"),
    [
        ({"Account": [{"accountID": "1", "name": "x"}]}, SESSION),
        ({"Account": [ACCOUNT_BODY["Account"], {"accountID": "1", "name": "x"}]}, SESSION),
        ({"Account": []}, SESSION),
        ({"Account": "x"}, SESSION),
        ({}, SESSION),
        ([], SESSION),
        ({"Account": {"accountID": "0", "name": "x"}}, SESSION),
        (ACCOUNT_BODY, []),
        (ACCOUNT_BODY, {**SESSION, "systemCustomerID": "7"}),
        (ACCOUNT_BODY, {**SESSION, "Rights": {"register": "maybe"}}),
        (ACCOUNT_BODY, {"systemCustomerID": ACCOUNT}),
    ],
)
def test_an_account_is_not_guessed(account: Any, session: Any) -> None:
    with pytest.raises(GarbledAnswerError):
        desk(answer(account), answer(session)).till.account()


def test_the_lists_that_items_point_into() -> None:
    at = reference_desk()
    assert at.till.reference() == Reference(
        locations={"1": Location("1", "Quay", "US/Eastern")},
        categories={"1": Category("1", "Top"), "2": Category("2", "A/B", "1")},
        manufacturers={},
        price_levels={"1": PriceLevel("1", "Default")},
        attribute_sets={"2": AttributeSet("2", "Size", ("", "Size", ""))},
    )
    assert [dict(sent.params) for sent in at.http.sent] == [
        {"limit": "100", "archived": "true"},
        {"limit": "100"},
        {"limit": "100"},
        {"limit": "100", "archived": "true"},
        {"limit": "100", "archived": "true"},
    ]
    assert sum(sent.cost for sent in at.http.sent) == 5.0


def test_a_long_list_is_read_page_by_page() -> None:
    brands = [Manufacturer(str(number), f"Brand {number}") for number in range(1, 131)]
    rows = [{"manufacturerID": brand.manufacturer_id, "name": brand.name} for brand in brands]
    at = reference_desk()
    at.http.answers[2:3] = [
        page("Manufacturer", rows[:100], list_url("Manufacturer")),
        page("Manufacturer", rows[100:]),
    ]
    assert list(at.till.reference().manufacturers.values()) == brands


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        ({"Shop": [{"shopID": "1"}]}, "location 1 in a form that cannot be used: name is missing"),
        ({"Category": [{"categoryID": "1", "name": "A", "parentID": "x"}]}, "category 1 .* parentID is 'x'"),
        ({"Category": [{"categoryID": "1", "name": "A"}, {"categoryID": "1", "name": "B"}]}, "id 1 comes twice"),
        ({"PriceLevel": {"name": "A"}}, "a row has no priceLevelID"),
    ],
)
def test_a_bad_entry_spoils_the_list(lists: dict[str, Any], told: str) -> None:  # invariant 1
    with pytest.raises(GarbledAnswerError, match=told):
        reference_desk(**lists).till.reference()


@pytest.mark.parametrize(
    ("rows", "highest"), [(item_row(itemID="500"), "500"), ([item_row(itemID="7")], "7"), (None, "0")]
)
def test_the_highest_item_id(rows: Any, highest: str) -> None:
    at = desk(page("Item", rows, list_url("Item") if rows else ""))
    assert at.till.last_item_id() == highest
    sent = at.http.sent[0]
    assert dict(sent.params) == {"limit": "1", "archived": "true", "sort": "-itemID"}
    assert sent.cost == 1.0


def test_a_highest_item_without_id_is_garbled() -> None:
    with pytest.raises(TillbridgeError):
        desk(page("Item", {"description": "x"})).till.last_item_id()


def test_an_item_that_cannot_be_understood_is_there_all_the_same() -> None:
    at = desk(page("Item", [item_row(itemID="7"), item_row(itemID="8", archived="perhaps")]))
    found = at.till.items_by_id(["7", "8", "9"])
    assert (set(found), found["8"]) == ({"7", "8"}, None)
    assert dict(at.http.sent[0].params)["itemID"] == "IN,[7,8,9]"


def test_an_item_nobody_asked_for_spoils_the_answer() -> None:  # invariant 1
    with pytest.raises(GarbledAnswerError, match="item 9"):
        desk(page("Item", [item_row(itemID="7"), item_row(itemID="9")])).till.items_by_id(["7"])
