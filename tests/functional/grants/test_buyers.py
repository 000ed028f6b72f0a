"""Whoever buys is in the till, as the shop has their consent, and nowhere else; and goes when the shop asks for it."""

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.customers import Customer
from sandbox.shopify.sales.placing import Basket, Wanted, place
from tests.fakes.clock import FakeDeadline
from tests.fakes.permissions import allowed, noting_actions
from tests.functional.grants.deployment import Context, Deployment
from tests.functional.grants.test_connect_shopify import connect
from tests.functional.grants.test_shopify_hooks import REDACT, deliver
from tests.functional.grants.workers import serve_all, wake, working
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.domain.notice import Notice
from tillbridge.domain.orders.proposal import proposed
from tillbridge.domain.orders.record import KEPT, OrderRecord, OrderState
from tillbridge.domain.orders.rules import OTHER, TaxRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.runtime import operator, operator_parts
from tillbridge.store.notices import StoredNotices

EMAIL, FIRST, LAST = "quillon@example.com", "Quillon", "Brambleworth"
ADDRESS = {
    "firstName": FIRST,
    "lastName": LAST,
    "address1": "1 Umbra Way",
    "city": "Zephyrhill",
    "zip": "78701-0155",
    "phone": "+1 512 555 0155",
    "countryCode": "US",
}
PERSONAL = (EMAIL, FIRST, LAST, "Umbra", "Zephyrhill", "78701-0155", "555 0155", "5550155")
"""Words that are found nowhere else."""
WHO = f"{FIRST} {LAST} <{EMAIL}>, 1 Umbra Way, 78701-0155 Zephyrhill, +1 512 555 0155"


@pytest.fixture
def selling(deployment: Deployment) -> Iterator[Deployment]:
    """Give a merchant with a till and a Shopify shop, whose orders become sales."""
    with working(deployment):
        choose(deployment, OrderSettings(since=deployment.parts.clock.now()))
        deployment.connect_till()
        connect(deployment)
        counter, _ = deployment.parts.systems.seller(connected(deployment, System.LIGHTSPEED), FakeDeadline())
        lists = counter.lists()
        chosen = replace(
            deployment.parts.merchants.get("m1").settings.orders,
            employee=lists.employees[0].employee_id,
            payment_types={OTHER: lists.payment_types[0].type_id},
            tax=TaxRule.SHOP,
        )
        choose(deployment, proposed(chosen, sorted({one.location_id for one in lists.registers}), lists))
        serve_all(deployment)
        yield deployment


def choose(deployment: Deployment, orders: OrderSettings) -> None:
    merchant = deployment.parts.merchants.get("m1")
    deployment.parts.merchants.save(replace(merchant, settings=replace(merchant.settings, orders=orders)))


def connected(deployment: Deployment, system: System) -> Connection:
    return next(one for one in deployment.connections() if one.system is system)


def bought(deployment: Deployment, *, agrees: bool = False) -> str:
    """Have somebody buy what no item of the till is linked with."""
    goods = [Wanted(1, None, "A lamp", Decimal(20))]
    basket = Basket(goods, email=EMAIL, accepts_marketing=agrees, address=ADDRESS)
    return str(place(deployment.shopify, basket).id)


def looked_at(deployment: Deployment, order: str, *states: OrderState, minutes: int = 11) -> OrderRecord:
    """Have the shop's orders looked at until one is in a state."""
    shop = connected(deployment, System.SHOPIFY)
    record = None
    for _ in range(20):
        deployment.advance(minutes=minutes)
        wake(deployment, shop, Lane.STOCK, "orders")
        record = deployment.parts.order_records.get(shop.connection_id, [order]).get(order)
        if record is not None and record.state in states:
            return record
    raise AssertionError(record)


def customers(deployment: Deployment) -> list[Customer]:
    """List the till's customers as its people see them."""
    table = deployment.till.retailer.customers.table
    return [row for row in map(table.get, range(1, table.size + 1)) if row]


def redact(deployment: Deployment, order: str, topic: str = "customers/redact") -> Notice:
    """Have Shopify ask, as it does: signed, with all that tells who the customer is."""
    orders = "orders_to_redact" if topic == "customers/redact" else "orders_requested"
    customer = {"id": 1, "email": EMAIL, "phone": ADDRESS["phone"]}
    assert deliver(deployment, topic, {**REDACT, "customer": customer, orders: [int(order)]}).status_code == 200
    (notice,) = StoredNotices(deployment.parts.table).list(System.SHOPIFY)
    return notice


def refresh(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the function that looks at open requests every minute."""
    function = importlib.import_module("functions.token_refresh.app")
    monkeypatch.setattr(function, "token_refresh", lambda: deployment.round)
    function.handler({}, Context(function_name="token_refresh"))


@pytest.mark.parametrize("agrees", [False, True])
def test_a_customer_is_made_with_the_consent_that_the_shopper_gave(selling: Deployment, *, agrees: bool) -> None:
    record = looked_at(selling, bought(selling, agrees=agrees), OrderState.DONE)
    (customer,) = customers(selling)
    assert (str(customer.id), record.customer_ours) == (record.customer_id, True)
    assert (customer.columns["firstName"], customer.contact.emails["Primary"]) == (FIRST, EMAIL)
    assert customer.contact.consents == {
        "noEmail": "false" if agrees else "true",
        "noPhone": "true",
        "noMail": "true",
    }


def test_a_customer_is_forgotten_when_shopify_asks_for_it(
    selling: Deployment, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, another = bought(selling), bought(selling)
    looked_at(selling, another, OrderState.DONE)
    record = looked_at(selling, order, OrderState.DONE)
    with noting_actions() as asked:
        assert redact(selling, order).open
        (customer,) = customers(selling)
        assert customer.contact.emails["Primary"] == EMAIL
        refresh(selling, monkeypatch)
    (customer,) = customers(selling)
    assert (customer.archived, customer.contact.emails, PERSONAL[1] in repr(customer)) == (True, {}, False)
    (notice,) = StoredNotices(selling.parts.table).list(System.SHOPIFY)
    assert (notice.open, f"customer {record.customer_id} (order #1001)" in notice.done) == (False, True)
    for function in ("oauth_callback", "token_refresh"):
        used = {action for name, action in asked if name == function}
        assert "dynamodb:BatchGetItem" in used
        assert used <= allowed(function)
    assert not [word for word in PERSONAL if word in log.getvalue()]
    assert not [word for word in PERSONAL if word in repr(selling.rows())]


def test_a_customer_whom_the_merchant_is_to_hand_out_is_named_to_a_person(
    selling: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = looked_at(selling, bought(selling), OrderState.DONE)
    assert redact(selling, record.order_id, "customers/data_request").open
    refresh(selling, monkeypatch)
    [told] = served(selling, "compliance-list")
    assert f"Made by Tillbridge in the till: customer {record.customer_id} (order #1001)." in told["remedy"]


def served(deployment: Deployment, command: str, **arguments: object) -> Any:
    """Give what the operator's function answers to a command."""
    desks = operator_parts.build(deployment.parts)
    answer = operator.serve(desks, {"command": command, "arguments": arguments}, FakeDeadline())
    assert answer["ok"], answer
    return answer["result"]


REFUSALS = [
    ("POST", "Customer", 400),
    ("POST", "Customer", 418),
    ("POST", "Sale", 400),
    ("POST", "Sale", 409),
    ("PUT", "Sale", 400),
    ("PUT", "Sale", 418),
]
"""Whatever is written to the till for an order, and how it can refuse that for good or for now."""


def test_whoever_buys_stands_in_the_till_and_nowhere_else(
    selling: Deployment, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:  # invariant 5
    """In each of its refusals the till repeats who the customer is."""
    for number, (method, path, status) in enumerate(REFUSALS):
        told = json.dumps({"httpCode": str(status), "message": f"Refusal {number} for {WHO}."})
        selling.faults.add(Fault("status", method=method, path=f"{path}.*json", status=status, body=told))
    order = bought(selling)
    looked_at(selling, order, OrderState.DONE, minutes=400)  # a parked order is looked at every six hours
    redact(selling, order)
    names = ("orders", "compliance-list", "mail-list", "status", "errors")
    shown = [*(served(selling, name) for name in names), served(selling, "order-show", order=order)]
    refresh(selling, monkeypatch)
    kept = {"rows": repr(selling.rows()), "log": log.getvalue(), "queues": repr(selling.sent()), "shown": repr(shown)}
    assert selling.faults.describe() == [], "each has struck"
    assert len(set(re.findall(r"Refusal \d for \*\*\*", kept["rows"] + kept["log"]))) == len(REFUSALS)
    assert [(where, word) for where, what in kept.items() for word in PERSONAL if word in what] == []


def test_the_row_of_an_order_that_is_over_ends(selling: Deployment) -> None:
    order = bought(selling)
    looked_at(selling, order, OrderState.DONE)
    shop, till = (connected(selling, one).connection_id for one in (System.SHOPIFY, System.LIGHTSPEED))
    rows = [row for row in selling.rows() if row["pk"]["S"] in {f"S#{shop}#SALE", f"T#{till}#SOLD"}]
    assert {row["pk"]["S"].rpartition("#")[2] for row in rows} == {"SALE", "SOLD"}
    now = selling.clock.now().timestamp()
    assert [0 < int(row["expires_at"]["N"]) - now <= KEPT.total_seconds() for row in rows] == [True] * len(rows)
