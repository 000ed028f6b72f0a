"""Orders, refunds, fulfilments, cancellations and customers (facts/shopify.md, section 8)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.shopify.app import build_app
from sandbox.shopify.settings import Settings
from sandbox.shopify.shop import Shop

ORDER = """query($id: ID!) { order(id: $id) { id name displayFinancialStatus displayFulfillmentStatus cancelledAt
  cancelReason test sourceName taxesIncluded updatedAt email customer { displayName }
  totalPriceSet { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }
  totalTaxSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } } netPaymentSet { shopMoney { amount } }
  lineItems(first: 9) { nodes { id sku name quantity currentQuantity unfulfilledQuantity isGiftCard variant { id }
    discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } }
    taxLines { rate priceSet { shopMoney { amount } } } } }
  shippingLines(first: 2) { nodes { originalPriceSet { shopMoney { amount } } } }
  transactions(first: 9) { id kind amountSet { shopMoney { amount } } parentTransaction { id } }
  refunds(first: 9) { id note refundLineItems(first: 9) { nodes { quantity restockType restocked
    subtotalSet { shopMoney { amount } } } } }
  fulfillmentOrders(first: 9) { nodes { id status assignedLocation { location { name } }
    lineItems(first: 9) { nodes { id remainingQuantity } } } }
  fulfillments(first: 9) { name status trackingInfo { number } } } }"""
REFUND = """mutation($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) {
  refund { id } userErrors { field message } } }"""
FULFIL = """mutation($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
  fulfillment { id status } userErrors { field message } } }"""
CANCEL = """mutation($id: ID!, $restock: Boolean!, $refund: OrderCancelRefundMethodInput) {
  orderCancel(orderId: $id, reason: CUSTOMER, restock: $restock, refundMethod: $refund) {
    job { id } orderCancelUserErrors { code field } userErrors { message } } }"""
CUSTOMER = """mutation($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) {
    customer { id displayName tags addresses { city countryCodeV2 } }
    userErrors { code field } } }"""


@pytest.fixture
def place(api: Any) -> Any:
    """Let a shopper order; by default two hats of five."""
    api.product(stock=5)

    def place(**body: Any) -> Any:
        return api.control("order", **{"items": [{"sku": "HAT", "quantity": 2}], **body})["id"]

    return place


@pytest.fixture
def read(api: Any) -> Any:
    return lambda number: api.send(ORDER, id=number)


@pytest.fixture
def stock(api: Any) -> Any:
    def stock() -> tuple[int, int, int]:
        text = """{ inventoryItems(first: 1) { nodes { inventoryLevels(first: 1) { nodes {
          quantities(names: ["available", "committed", "on_hand"]) { quantity } } } } } }"""
        level = api.send(text)["nodes"][0]["inventoryLevels"]["nodes"][0]
        return tuple(entry["quantity"] for entry in level["quantities"])

    return stock


def amount(bag: Any) -> str:
    return str(bag["shopMoney"]["amount"])


def test_a_shopper_orders(read: Any, place: Any, stock: Any) -> None:
    order = read(place(email="Sam@mail.invalid", shipping="4.90", address={"firstName": "Sam", "countryCode": "US"}))
    assert (order["name"], order["displayFinancialStatus"], order["displayFulfillmentStatus"]) == (
        "#1001",
        "PAID",
        "UNFULFILLED",
    )
    assert (amount(order["totalPriceSet"]), order["customer"]["displayName"]) == ("24.9", "Sam")
    assert stock() == (3, 2, 5)
    assert order["fulfillmentOrders"]["nodes"][0]["assignedLocation"]["location"]["name"] == "Main street"


def test_what_is_not_there_cannot_be_bought(api: Any, place: Any) -> None:
    too_many = api.client.post("/_sandbox/order", json={"items": [{"sku": "HAT", "quantity": 6}]})
    unknown = api.client.post("/_sandbox/order", json={"items": [{"sku": "CAP"}]})
    assert (too_many.status_code, unknown.status_code) == (409, 409)
    api.control("edit", sku="HAT", changes={"inventoryPolicy": "CONTINUE"})
    place(items=[{"sku": "HAT", "quantity": 6}])


def test_odd_lines(read: Any, place: Any, api: Any) -> None:
    items = [
        {"sku": "HAT", "quantity": 2, "discount": "5"},
        {"title": "Gift card", "price": "25", "gift_card": True},
        {"title": "Engraving", "price": "3"},
    ]
    order = read(place(items=items, tip="2", test=True, source_name="pos", discount_code="FIVE"))
    hat, card, custom = order["lineItems"]["nodes"]
    assert amount(hat["discountedUnitPriceAfterAllDiscountsSet"]) == "7.5"
    assert (card["isGiftCard"], card["variant"], custom["sku"]) == (True, None, None)
    assert (amount(order["totalPriceSet"]), order["test"], order["sourceName"]) == ("45.0", True, "pos")
    api.control("delete", sku="HAT")
    assert read(order["id"])["lineItems"]["nodes"][0]["variant"] is None


@pytest.mark.parametrize(("included", "total", "tax"), [(False, "24.2", "4.2"), (True, "20.0", "3.47")])
def test_tax_on_top_or_inside(
    api: Any, settings: Settings, clock: ManualClock, *, included: bool, total: str, tax: str
) -> None:
    shop = Shop(replace(settings, taxes_included=included, tax_percent=Decimal(21)), clock)
    other = type(api)(shop, build_app(shop).test_client(), shop.issue(shop.apps["test-app"]).value)
    other.product()
    order = other.send(ORDER, id=other.control("order", items=[{"sku": "HAT", "quantity": 2}])["id"])
    assert (amount(order["totalPriceSet"]), amount(order["totalTaxSet"]), order["taxesIncluded"]) == (
        total,
        tax,
        included,
    )
    assert order["lineItems"]["nodes"][0]["taxLines"] == [
        {"rate": 0.21, "priceSet": {"shopMoney": {"amount": tax}}},
    ]


def test_some_shops_put_all_tax_on_the_first_line(api: Any, settings: Settings, clock: ManualClock) -> None:
    shop = Shop(replace(settings, tax_on_first_line=True, tax_percent=Decimal(21)), clock)
    other = type(api)(shop, build_app(shop).test_client(), shop.issue(shop.apps["test-app"]).value)
    other.product()
    other.product(sku="CAP")
    order = other.send(ORDER, id=other.control("order", items=[{"sku": "HAT"}, {"sku": "CAP"}])["id"])
    assert [len(line["taxLines"]) for line in order["lineItems"]["nodes"]] == [2, 0]
    assert amount(order["totalTaxSet"]) == "4.2"


def test_a_shopper_may_pay_in_another_currency(read: Any, place: Any) -> None:
    order = read(place(presentment={"currency": "EUR", "rate": "0.9"}))
    assert order["totalPriceSet"] == {
        "shopMoney": {"amount": "20.0", "currencyCode": "USD"},
        "presentmentMoney": {"amount": "18.0", "currencyCode": "EUR"},
    }


def test_polling_by_date_of_change(api: Any, place: Any, clock: ManualClock) -> None:
    first = place()
    clock.sleep(60)
    second = place()
    clock.sleep(60)
    text = """query($query: String!) { orders(first: 10, sortKey: UPDATED_AT, query: $query) { nodes { id } } }"""

    def since(moment: str) -> list[str]:
        return [row["id"] for row in api.send(text, query=f"updated_at:>='{moment}' status:any")["nodes"]]

    assert since("2026-11-25T12:01:00Z") == [second]
    api.control("touch", order=first, note="call them")
    clock.sleep(5)
    assert since("2026-11-25T12:01:00Z") == [second, first]


def test_old_orders_need_a_scope_of_their_own(api: Any, place: Any, read: Any, clock: ManualClock, shop: Shop) -> None:
    old = place()
    clock.sleep(61 * 24 * 3600)
    assert api.send("{ orders(first: 5) { nodes { id } } }")["nodes"] == []
    assert read(old) is None
    token = shop.issue(shop.apps["test-app"], ("read_orders", "read_all_orders")).value
    answer = api.call("{ orders(first: 5) { nodes { id } } }", token=token)
    assert answer.json["data"]["orders"]["nodes"] == [{"id": old}]


def test_personal_data_may_be_withheld(api: Any, place: Any, read: Any) -> None:
    number = place(email="sam@mail.invalid", address={"firstName": "Sam", "countryCode": "US"})
    api.control("switches", customers_protected=True)
    order = read(number)
    assert (order["email"], order["customer"]["displayName"]) == (None, "")


# --- fulfilling -------------------------------------------------------------------------------------------------------


def test_sending_a_part_and_then_the_rest(api: Any, place: Any, read: Any, stock: Any) -> None:
    order = read(place())
    row = order["fulfillmentOrders"]["nodes"][0]
    line = row["lineItems"]["nodes"][0]["id"]
    part = [{"fulfillmentOrderId": row["id"], "fulfillmentOrderLineItems": [{"id": line, "quantity": 1}]}]
    api.done(FULFIL, fulfillment={"lineItemsByFulfillmentOrder": part, "trackingInfo": {"number": "T1"}})
    order = read(order["id"])
    assert (order["displayFulfillmentStatus"], stock()) == ("PARTIALLY_FULFILLED", (3, 1, 4))
    assert order["fulfillments"] == [{"name": "#1001.1", "status": "SUCCESS", "trackingInfo": [{"number": "T1"}]}]
    rest = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": row["id"]}]}
    api.done(FULFIL, fulfillment=rest)
    order = read(order["id"])
    assert (order["displayFulfillmentStatus"], stock()) == ("FULFILLED", (3, 0, 3))
    assert order["fulfillmentOrders"]["nodes"][0]["status"] == "CLOSED"
    [error] = api.send(FULFIL, fulfillment=rest)["userErrors"]
    assert error["message"].endswith("has an unfulfillable status= closed.")


def test_what_cannot_be_sent(api: Any, place: Any, read: Any) -> None:
    row = read(place())["fulfillmentOrders"]["nodes"][0]
    line = row["lineItems"]["nodes"][0]["id"]
    much = [{"fulfillmentOrderId": row["id"], "fulfillmentOrderLineItems": [{"id": line, "quantity": 3}]}]
    nothing = [{"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/1"}]
    told = [
        api.send(FULFIL, fulfillment={"lineItemsByFulfillmentOrder": entries})["userErrors"][0]["message"]
        for entries in (much, nothing)
    ]
    assert told == ["Invalid fulfillment order line item quantity requested.", "Fulfillment order does not exist."]


# --- refunds ----------------------------------------------------------------------------------------------------------


def refund_of(order: Any, **fields: Any) -> dict[str, Any]:
    line = {"lineItemId": order["lineItems"]["nodes"][0]["id"], "quantity": 1, "restockType": "NO_RESTOCK"}
    paid = {
        "orderId": order["id"],
        "parentId": order["transactions"][0]["id"],
        "kind": "REFUND",
        "gateway": "bogus",
        "amount": "10.00",
    }
    return {"orderId": order["id"], "refundLineItems": [line], "transactions": [paid], **fields}


def test_a_refund_without_restocking(api: Any, place: Any, read: Any, stock: Any) -> None:
    order = read(place())
    api.done(REFUND, key="r", input=refund_of(order, note="Too small"))
    order = read(order["id"])
    assert (order["displayFinancialStatus"], amount(order["totalRefundedSet"])) == ("PARTIALLY_REFUNDED", "10.0")
    assert order["lineItems"]["nodes"][0]["currentQuantity"] == 1
    [refund] = order["refunds"]
    assert refund["note"] == "Too small"
    assert refund["refundLineItems"]["nodes"][0]["subtotalSet"] == {"shopMoney": {"amount": "10.0"}}
    assert order["transactions"][1]["parentTransaction"] == {"id": order["transactions"][0]["id"]}
    assert stock() == (3, 2, 5)


@pytest.mark.parametrize(("sent", "kind", "after"), [(False, "CANCEL", (4, 1, 5)), (True, "RETURN", (4, 0, 4))])
def test_a_refund_that_restocks(
    api: Any, place: Any, read: Any, stock: Any, *, sent: bool, kind: str, after: tuple[int, int, int]
) -> None:
    order = read(place())
    if sent:
        api.control("fulfil", order=order["id"])
    data = refund_of(order)
    data["refundLineItems"][0] |= {"restockType": kind, "locationId": api.places[0]}
    api.done(REFUND, key="r", input=data)
    assert stock() == after
    assert read(order["id"])["refunds"][0]["refundLineItems"]["nodes"][0]["restocked"]


def test_a_refund_is_made_once_per_key(api: Any, place: Any, read: Any) -> None:  # invariant 8
    order = read(place())
    first = api.done(REFUND, key="r", input=refund_of(order))
    assert api.done(REFUND, key="r", input=refund_of(order)) == first
    assert len(read(order["id"])["refunds"]) == 1
    without = REFUND.replace("@idempotent(key: $key)", "").replace(", $key: String!", "")
    assert api.code(without, input=refund_of(order)) == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda data: data["refundLineItems"][0].update(quantity=3), "refundLineItems.0.quantity"),
        (lambda data: data["refundLineItems"][0].update(restockType="RETURN"), "refundLineItems.0.locationId"),
        (lambda data: data["transactions"][0].pop("parentId"), "transactions"),
        (lambda data: data["transactions"][0].update(amount="20.01"), "transactions"),
        (lambda data: data.update(orderId="gid://shopify/Order/1"), "orderId"),
    ],
)
def test_what_cannot_be_refunded(api: Any, place: Any, read: Any, change: Any, path: str) -> None:
    data = refund_of(read(place()))
    change(data)
    assert api.refused(REFUND, key="r", input=data) == [(None, path)]


def test_a_merchant_refunds_everything_or_some(api: Any, place: Any, read: Any, stock: Any) -> None:
    first, second = place(shipping="4"), place()
    api.control("refund", order=first, restock="CANCEL")
    order = read(first)
    assert (order["displayFinancialStatus"], amount(order["netPaymentSet"])) == ("REFUNDED", "0.0")
    api.control("refund", order=second, items=[{"sku": "HAT", "quantity": 1}])
    assert amount(read(second)["netPaymentSet"]) == "10.0"
    assert stock() == (3, 2, 5)


# --- cancelling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("restock", "after"), [(True, (5, 0, 5)), (False, (3, 0, 3))])
def test_cancelling(api: Any, place: Any, read: Any, stock: Any, *, restock: bool, after: tuple[int, int, int]) -> None:
    number = place()
    told = api.send(CANCEL, id=number, restock=restock, refund={"originalPaymentMethodsRefund": True})
    assert (told["orderCancelUserErrors"], told["job"] is not None) == ([], True)
    order = read(number)
    assert (order["cancelReason"], order["displayFinancialStatus"], stock()) == ("CUSTOMER", "REFUNDED", after)
    assert api.send(CANCEL, id=number, restock=True)["orderCancelUserErrors"] == [
        {"code": "INVALID", "field": ["orderId"]}
    ]


def test_what_was_sent_cannot_be_cancelled(api: Any, place: Any) -> None:
    number = place()
    api.control("fulfil", order=number)
    assert api.client.post("/_sandbox/cancel", json={"order": number}).status_code == 409


def test_cancelling_without_giving_money_back(api: Any, place: Any, read: Any) -> None:
    number = place()
    api.control("cancel", order="#1001", refund=False)
    order = read(number)
    assert (amount(order["totalRefundedSet"]), order["cancelledAt"] is not None) == ("0.0", True)


# --- customers --------------------------------------------------------------------------------------------------------


def test_a_customer_is_created_and_changed_by_e_mail(api: Any) -> None:
    address = {"address1": "1 Street", "city": "Town", "countryCode": "NL"}
    data = {"email": "sam@mail.invalid", "firstName": "Sam", "tags": ["vip"], "addresses": [address]}
    first = api.done(CUSTOMER, identifier={"email": "sam@mail.invalid"}, input=data)["customer"]
    assert first["addresses"] == [{"city": "Town", "countryCodeV2": "NL"}]
    changed = {"email": "sam@mail.invalid", "lastName": "Doe", "addresses": []}
    second = api.done(CUSTOMER, identifier={"email": "sam@mail.invalid"}, input=changed)["customer"]
    assert second == {"id": first["id"], "displayName": "Sam Doe", "tags": ["vip"], "addresses": []}


@pytest.mark.parametrize(
    ("identifier", "data", "code"),
    [
        ({"id": "gid://shopify/Customer/1"}, {"firstName": "Sam"}, "NOT_FOUND"),
        (None, {"email": "a@mail.invalid"}, "TAKEN"),
        (None, {}, "BLANK"),
        ({"email": "b@mail.invalid"}, {"email": "c@mail.invalid"}, "INPUT_MISMATCH"),
    ],
)
def test_what_a_customer_cannot_be(api: Any, identifier: Any, data: Any, code: str) -> None:
    api.done(CUSTOMER, input={"email": "a@mail.invalid"})
    assert api.refused(CUSTOMER, identifier=identifier, input=data)[0][0] == code
