"""Quantities: compare and set, idempotency keys, what sums up to what (facts/shopify.md, section 6)."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.shopify.app import build_app
from sandbox.shopify.settings import Lags, Settings
from sandbox.shopify.shop import Shop

SET = """mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id reason referenceDocumentUri changes { name delta quantityAfterChange } }
    userErrors { code field message } } }"""
ADJUST = """mutation($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes { name delta } } userErrors { code field } } }"""
ACTIVATE = """mutation($item: ID!, $location: ID!, $key: String!, $available: Int, $onHand: Int) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: $available, onHand: $onHand)
  @idempotent(key: $key) { inventoryLevel { quantities(names: ["available"]) { quantity } } userErrors { field } } }"""


@pytest.fixture
def item(api: Any) -> str:
    return str(api.product(stock=5)["variants"]["nodes"][0]["inventoryItem"]["id"])


@pytest.fixture
def wanted(api: Any, item: str) -> Any:
    """Write the input of one entry."""

    def wanted(quantity: int, **fields: Any) -> Any:
        entry = {"inventoryItemId": item, "locationId": api.places[0], "quantity": quantity, "changeFromQuantity": 5}
        top = {name: fields.pop(name) for name in ("name", "reason", "referenceDocumentUri") if name in fields}
        return {"name": "available", "reason": "correction", "quantities": [{**entry, **fields}], **top}

    return wanted


def levels(api: Any, item: str) -> dict[str, int]:
    text = """query($id: ID!) { inventoryItem(id: $id) { inventoryLevels(first: 5) {
      nodes { quantities(names: ["available", "committed", "on_hand"]) { name quantity } } } } }"""
    [level] = api.send(text, id=item)["inventoryLevels"]["nodes"]
    return {entry["name"]: entry["quantity"] for entry in level["quantities"]}


def test_setting_available_moves_on_hand_too(api: Any, item: str, wanted: Any) -> None:
    made = api.done(SET, key="a", input=wanted(3, referenceDocumentUri="gid://till/Job/1"))["inventoryAdjustmentGroup"]
    assert made["changes"] == [
        {"name": "available", "delta": -2, "quantityAfterChange": None},
        {"name": "on_hand", "delta": -2, "quantityAfterChange": None},
    ]
    assert (made["reason"], made["referenceDocumentUri"]) == ("correction", "gid://till/Job/1")
    assert levels(api, item) == {"available": 3, "committed": 0, "on_hand": 3}


def test_setting_on_hand_leaves_what_is_committed(api: Any, item: str, wanted: Any) -> None:
    api.control("order", items=[{"sku": "HAT", "quantity": 2}])
    assert levels(api, item) == {"available": 3, "committed": 2, "on_hand": 5}
    api.done(SET, key="a", input=wanted(9, name="on_hand"))
    assert levels(api, item) == {"available": 7, "committed": 2, "on_hand": 9}


def test_a_stale_value_changes_nothing(api: Any, item: str, wanted: Any) -> None:  # invariant 1
    api.control("order", items=[{"sku": "HAT", "quantity": 1}])
    code, path = "CHANGE_FROM_QUANTITY_STALE", "input.quantities.0.changeFromQuantity"
    assert api.refused(SET, key="a", input=wanted(9)) == [(code, path)]
    assert levels(api, item)["available"] == 4
    api.done(SET, key="b", input=wanted(9, changeFromQuantity=None))
    assert levels(api, item)["available"] == 9


def test_what_the_schema_lets_pass_and_the_server_does_not(api: Any, wanted: Any) -> None:
    without = SET.replace("@idempotent(key: $key)", "").replace(", $key: String!", "")
    assert api.code(without, input=wanted(3)) == "BAD_REQUEST"
    left_out = wanted(3)
    del left_out["quantities"][0]["changeFromQuantity"]
    answer = api.answer(SET, key="a", input=left_out)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"
    assert "data" not in answer
    assert api.code(SET, key=" ", input=wanted(3)) == "BAD_REQUEST"
    old = {**wanted(3), "ignoreCompareQuantity": True}
    [error] = api.answer(SET, key="a", input=old)["errors"]
    assert error["extensions"]["code"] == "INVALID_VARIABLE"
    assert error["extensions"]["problems"]


def test_more_than_250_entries_are_too_many(api: Any, wanted: Any) -> None:
    body = wanted(3)
    answer = api.answer(SET, key="a", input={**body, "quantities": body["quantities"] * 251})
    assert answer["errors"][0]["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"
    assert "data" not in answer


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        (
            {"inventoryItemId": "gid://shopify/InventoryItem/1"},
            "INVALID_INVENTORY_ITEM",
            "quantities.0.inventoryItemId",
        ),
        ({"locationId": "gid://shopify/Location/1"}, "INVALID_LOCATION", "quantities.0.locationId"),
        ({"name": "reserved"}, "INVALID_NAME", "name"),
        ({"reason": "because"}, "INVALID_REASON", "reason"),
        ({"referenceDocumentUri": "job"}, "INVALID_REFERENCE_DOCUMENT", "referenceDocumentUri"),
        ({"quantity": 1_000_000_001}, "INVALID_QUANTITY_TOO_HIGH", "quantities.0.quantity"),
        ({"quantity": -1_000_000_001}, "INVALID_QUANTITY_TOO_LOW", "quantities.0.quantity"),
        ({"quantity": -1, "name": "on_hand"}, "INVALID_QUANTITY_NEGATIVE", "quantities.0.quantity"),
    ],
)
def test_wrong_entries_are_named(api: Any, wanted: Any, changes: dict[str, Any], code: str, path: str) -> None:
    assert api.refused(SET, key="a", input=wanted(changes.pop("quantity", 3), **changes)) == [(code, f"input.{path}")]


def test_one_bad_entry_holds_all_back(api: Any, item: str, wanted: Any) -> None:
    body = wanted(3)
    bad = {**body["quantities"][0], "locationId": api.places[1]}
    refused = api.refused(SET, key="a", input={**body, "quantities": [*body["quantities"], bad]})
    assert refused == [("ITEM_NOT_STOCKED_AT_LOCATION", "input.quantities.1.locationId")]
    assert levels(api, item)["available"] == 5
    twice = {**body, "quantities": body["quantities"] * 2}
    [(code, _)] = api.refused(SET, key="b", input=twice)
    assert code == "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"


def test_available_may_be_negative(api: Any, item: str, wanted: Any) -> None:
    api.done(SET, key="a", input=wanted(-3))
    assert levels(api, item)["available"] == -3


# --- idempotency ------------------------------------------------------------------------------------------------------


def test_a_repeat_has_no_second_effect(api: Any, item: str, wanted: Any) -> None:  # invariant 8
    first = api.done(SET, key="a", input=wanted(3))
    assert api.done(SET, key="a", input=wanted(3)) == first
    assert levels(api, item)["available"] == 3


def test_a_key_belongs_to_its_parameters(api: Any, wanted: Any) -> None:
    api.done(SET, key="a", input=wanted(3))
    assert api.refused(SET, key="a", input=wanted(4)) == [("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "")]


def test_a_failed_attempt_has_spent_its_key(api: Any, wanted: Any) -> None:
    api.refused(SET, key="a", input=wanted(3, changeFromQuantity=7))
    assert api.refused(SET, key="a", input=wanted(3, changeFromQuantity=7)) == [
        ("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "")
    ]


def test_a_key_is_forgotten_after_a_day(api: Any, item: str, wanted: Any, clock: ManualClock) -> None:
    api.done(SET, key="a", input=wanted(3, changeFromQuantity=None))
    api.done(SET, key="b", input=wanted(8, changeFromQuantity=None))
    clock.sleep(24 * 3600 - 1)
    api.done(SET, key="a", input=wanted(3, changeFromQuantity=None))
    assert levels(api, item)["available"] == 8
    clock.sleep(1)
    api.done(SET, key="a", input=wanted(3, changeFromQuantity=None))
    assert levels(api, item)["available"] == 3


def test_two_requests_at_once_with_one_key(settings: Settings, wanted: Any, api: Any) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    class Waiting(ManualClock):
        """Holds the first write up while it is in flight."""

        def sleep(self, seconds: float) -> None:
            if not arrived.is_set():
                arrived.set()
                assert go_on.wait(10)

    busy = Shop(replace(settings, lags=Lags(write=1)), Waiting(api.shop.now()))
    other = type(api)(busy, build_app(busy).test_client(), busy.issue(busy.apps["test-app"]).value)
    level = other.product(stock=5)["variants"]["nodes"][0]["inventoryItem"]
    body = wanted(3, inventoryItemId=level["id"], locationId=other.places[0])
    told: list[Any] = []
    first = threading.Thread(target=lambda: told.append(other.send(SET, key="a", input=body)))
    first.start()
    assert arrived.wait(10)
    try:
        assert other.refused(SET, key="a", input=body) == [("IDEMPOTENCY_CONCURRENT_REQUEST", "")]
    finally:
        go_on.set()
        first.join()
    assert told[0]["userErrors"] == []
    assert other.done(SET, key="a", input=body) == told[0]


def test_the_same_on_command(api: Any, wanted: Any) -> None:
    api.control("switches", idempotency_concurrent=1)
    assert api.refused(SET, key="a", input=wanted(3)) == [("IDEMPOTENCY_CONCURRENT_REQUEST", "")]
    api.done(SET, key="a", input=wanted(3))


# --- adjusting and activating -----------------------------------------------------------------------------------------


def test_adjusting_by_deltas(api: Any, item: str) -> None:
    entry = {"inventoryItemId": item, "locationId": api.places[0], "delta": -2, "changeFromQuantity": 5}
    body = {"name": "available", "reason": "received", "changes": [entry]}
    assert api.done(ADJUST, key="a", input=body)["inventoryAdjustmentGroup"]["changes"][0]["delta"] == -2
    assert levels(api, item)["available"] == 3
    ledger = {**entry, "ledgerDocumentUri": "gid://till/Job/1", "changeFromQuantity": 3}
    assert api.refused(ADJUST, key="b", input={**body, "changes": [ledger]})[0][0] == "INVALID_AVAILABLE_DOCUMENT"
    damaged = {**body, "name": "damaged", "changes": [{**entry, "changeFromQuantity": None}]}
    assert api.refused(ADJUST, key="c", input=damaged)[0][0] == "INVALID_QUANTITY_DOCUMENT"
    assert api.refused(ADJUST, key="d", input={**body, "name": "on_hand"})[0][0] == "INVALID_QUANTITY_NAME"


def test_activating_a_level(api: Any, item: str) -> None:
    def activate(key: str, **more: int) -> Any:
        payload = api.send(ACTIVATE, item=item, location=api.places[1], key=key, **more)
        level = payload["inventoryLevel"]
        return (level["quantities"][0]["quantity"] if level else None), [one["field"] for one in payload["userErrors"]]

    assert activate("a", available=7) == (0, [])  # ignored on a new level, as recorded
    assert activate("b") == (0, [])
    assert activate("c", onHand=7) == (None, [["onHand"]])


def test_switching_an_item_off_and_on_keeps_its_quantity(api: Any, item: str) -> None:
    toggle = """mutation($item: ID!, $updates: [InventoryBulkToggleActivationInput!]!) {
      inventoryBulkToggleActivation(inventoryItemId: $item, inventoryItemUpdates: $updates) {
        inventoryItem { locationsCount { count } } userErrors { message } } }"""
    api.done(toggle, item=item, updates=[{"locationId": api.places[1], "activate": True}])
    off = [{"locationId": api.places[0], "activate": False}]
    assert api.done(toggle, item=item, updates=off)["inventoryItem"]["locationsCount"]["count"] == 1
    api.done(toggle, item=item, updates=[{"locationId": api.places[0], "activate": True}])
    api.done(toggle, item=item, updates=[{"locationId": api.places[1], "activate": False}])
    assert levels(api, item)["available"] == 5
    assert api.send(toggle, item=item, updates=off)["userErrors"]


def test_an_item_is_untracked_until_it_is_said(api: Any) -> None:
    create = 'mutation { productCreate(product: {title: "Cap"}) { product { id } userErrors { message } } }'
    product = api.read(api.done(create)["product"]["id"])
    item = product["variants"]["nodes"][0]["inventoryItem"]
    assert item["tracked"] is False
    update = """mutation($id: ID!, $input: InventoryItemInput!) { inventoryItemUpdate(id: $id, input: $input) {
      inventoryItem { tracked sku unitCost { amount } } userErrors { field } } }"""
    told = api.done(update, id=item["id"], input={"tracked": True, "sku": "CAP", "cost": "3.5"})["inventoryItem"]
    assert told == {"tracked": True, "sku": "CAP", "unitCost": {"amount": "3.5"}}
    assert api.refused(update, id=item["id"], input={"cost": "-1"}) == [(None, "input.cost")]
