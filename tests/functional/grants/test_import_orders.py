"""Web orders become sales as it is deployed: real handlers, queues and table, the till's and the shop's stand-ins."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox.common.faults import Fault, FaultKind
from tests.fakes.clock import FakeDeadline
from tests.fakes.permissions import Asked, allowed, noting_actions
from tests.functional.grants.deployment import Deployment
from tests.functional.grants.test_workers import order_one, shopper, units
from tests.functional.grants.workers import OF_THE_MAPPING, serve_all, wake, working
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.domain.orders.order import Standing
from tillbridge.domain.orders.proposal import proposed
from tillbridge.domain.orders.record import OrderRecord, OrderState
from tillbridge.domain.orders.rules import OTHER, TaxRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import ListingRef, Visibility


@pytest.fixture
def selling(deployment: Deployment) -> Iterator[Deployment]:
    """Give a merchant with a till and a shop, whose orders are imported."""
    with working(deployment):
        choose(deployment, OrderSettings(since=deployment.parts.clock.now()))  # so that the right to sell is asked for
        deployment.connect_till()
        assert deployment.hand_over(deployment.invite(System.WOOCOMMERCE)).status == 200
        parts, till = deployment.parts, connected(deployment, System.LIGHTSPEED)
        counter, _ = parts.systems.seller(till, FakeDeadline())
        lists = counter.lists()
        chosen = replace(
            parts.merchants.get("m1").settings.orders,
            employee=lists.employees[0].employee_id,
            payment_types={OTHER: lists.payment_types[0].type_id},
            tax=TaxRule.SHOP,
        )
        choose(deployment, proposed(chosen, sorted({one.location_id for one in lists.registers}), lists))
        serve_all(deployment)
        choose(deployment, replace(parts.merchants.get("m1").settings.orders, locations={OTHER: stocked(deployment)}))
        yield deployment


def stocked(deployment: Deployment) -> str:
    """Name the location that has most of the product which is going to be ordered."""
    product = next(product for product in deployment.shop.products if product.stock_quantity)
    ref = ListingRef(str(product.parent_id or product.id), str(product.id) if product.parent_id else "")
    shop, till = connected(deployment, System.WOOCOMMERCE), connected(deployment, System.LIGHTSPEED)
    [item_id] = deployment.parts.shelves.at(shop.connection_id, [ref]).values()
    places = sorted(deployment.parts.mirror.locations(till.connection_id))
    levels = deployment.parts.mirror.stock(till.connection_id, [item_id], places)[item_id].levels
    return max(levels, key=lambda place: levels[place].on_hand)


def choose(deployment: Deployment, orders: OrderSettings) -> None:
    """Have the merchant's orders imported so."""
    merchant = deployment.parts.merchants.get("m1")
    settings = replace(merchant.settings, new_products=Visibility.PUBLISHED, orders=orders)
    deployment.parts.merchants.save(replace(merchant, settings=settings))


def rung_up(deployment: Deployment, shop: Connection, order: str) -> OrderRecord:
    """Have the shop's orders looked at until ours is done; the till's limits take minutes of the stand-in's clock."""
    record = None
    for _ in range(10):
        deployment.advance(minutes=3)
        wake(deployment, shop, Lane.STOCK, "orders")
        record = deployment.parts.order_records.get(shop.connection_id, [order]).get(order)
        if record is not None and record.state in {OrderState.DONE, OrderState.PARKED}:
            return record
    raise AssertionError(record)


@pytest.fixture
def asked(selling: Deployment) -> Iterator[Asked]:
    with noting_actions() as asked:
        yield asked


def connected(deployment: Deployment, system: System) -> Connection:
    return next(one for one in deployment.connections() if one.system is system)


def test_an_order_is_rung_up_shown_in_both_and_refunded(selling: Deployment, asked: Asked) -> None:  # invariant 2
    shop, till = connected(selling, System.WOOCOMMERCE), connected(selling, System.LIGHTSPEED)
    before = units(selling)
    order = str(order_one(selling))
    record = rung_up(selling, shop, order)
    assert record.state is OrderState.DONE, record.reason
    [ticket] = record.tickets
    assert record.noted == ticket
    counter, _ = selling.parts.systems.seller(till, FakeDeadline())
    [sale] = counter.sales_of(order, f"woocommerce:{shop.connection_id}")
    assert (sale.completed, sale.ticket) == (True, ticket)
    assert units(selling) == before - 1
    assert not selling.parts.reservations.held(till.connection_id, f"{shop.connection_id}:{order}")

    wake(selling, shop, Lane.STOCK, "orders")
    wake(selling, till, Lane.STOCK, "poll")
    assert units(selling) == before - 1
    assert len(counter.sales_of(order, f"woocommerce:{shop.connection_id}")) == 1

    shopper(selling, "PUT", f"/orders/{order}", {"status": "cancelled"})
    selling.advance(minutes=1)
    wake(selling, shop, Lane.STOCK, "orders")
    record = rung_up(selling, shop, order)
    assert (record.state, [one.kind for one in record.completed]) == (OrderState.DONE, ["sale", "correction"])
    assert units(selling) == before

    used = {action for name, action in asked if name == "import_orders"}
    assert used <= allowed("import_orders")
    assert {"dynamodb:PutItem", "sqs:SendMessage"} <= used | OF_THE_MAPPING


def test_an_order_that_nobody_has_paid_waits(selling: Deployment) -> None:
    shop = connected(selling, System.WOOCOMMERCE)
    product = next(one for one in selling.shop.products if one.stock_quantity)
    line = {"product_id": product.parent_id or product.id, "variation_id": product.id if product.parent_id else 0}
    body = {"status": "on-hold", "line_items": [{**line, "quantity": 1}]}
    order = str(shopper(selling, "POST", "/orders", body)["id"])
    wake(selling, shop, Lane.STOCK, "orders")
    record = selling.parts.order_records.get(shop.connection_id, [order])[order]
    assert record.state is OrderState.WAITING
    assert Standing.AWAITING.value in record.reason


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_connection_that_is_cut_makes_no_second_sale(
    selling: Deployment, method: str, kind: FaultKind
) -> None:  # invariants 2 and 8
    shop, till = connected(selling, System.WOOCOMMERCE), connected(selling, System.LIGHTSPEED)
    order = str(order_one(selling))
    selling.faults.add(Fault(kind, method=method, path="Sale", times=2))
    record = rung_up(selling, shop, order)
    assert record.state is OrderState.DONE, record.reason
    # It has struck: what was written although nobody heard of it is not written a second time.
    assert [one["played"] for one in selling.faults.describe()] == ([1] if kind == "cut_after" else [])
    for _ in range(2):  # and whatever may have come late is looked for
        selling.advance(minutes=5)
        wake(selling, shop, Lane.STOCK, "orders")
    counter, _ = selling.parts.systems.seller(till, FakeDeadline())
    counting = [sale for sale in counter.sales_of(order, f"woocommerce:{shop.connection_id}") if sale.counts]
    assert [sale.completed for sale in counting] == [True]
