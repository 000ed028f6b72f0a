"""The functions behind the queues as they are deployed: from the messages that connecting leaves to an order's end."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.control_shop import sell_at_till
from sandbox.woocommerce.app import build_app
from tests.fakes.permissions import Asked, allowed, noting_actions
from tests.functional.grants.deployment import Deployment
from tests.functional.grants.workers import OF_THE_MAPPING, serve, serve_all, wake, working
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.product import Visibility

WORKERS = ("pull_lightspeed", "sync_woocommerce")


@pytest.fixture
def connected(deployment: Deployment) -> Iterator[Deployment]:
    """Give a merchant with a till and a shop, and workers over its parts."""
    merchant = deployment.parts.merchants.get("m1")
    settings = replace(merchant.settings, new_products=Visibility.PUBLISHED)
    deployment.parts.merchants.save(replace(merchant, settings=settings))
    with working(deployment):
        deployment.connect_till()
        assert deployment.hand_over(deployment.invite(System.WOOCOMMERCE)).status == 200
        yield deployment


@pytest.fixture
def asked(connected: Deployment) -> Iterator[Asked]:
    with noting_actions() as asked:
        yield asked


def units(deployment: Deployment) -> int:
    """Count what the shop has of everything."""
    return sum(product.stock_quantity or 0 for product in deployment.shop.products)


def sell_one(deployment: Deployment) -> None:
    rows = deployment.till.retailer.stock.rows(1)
    sell_at_till(deployment.till.retailer, 1, next(row.shop_id for row in rows if row.shop_id and row.qoh > 0), 1)


def shopper(deployment: Deployment, method: str, route: str, body: object) -> Any:
    """Have something happen in the shop, with a key that the shop knows."""
    key = next(iter(deployment.shop.keys.values()))
    client = build_app(deployment.shop).test_client()
    path = f"/shop/wp-json/wc/v3{route}"
    answer = client.open(path, method=method, json=body, auth=(key.key, key.secret), base_url="https://localhost")
    assert answer.status_code < 300, answer.text
    return answer.json


def order_one(deployment: Deployment) -> int:
    product = next(product for product in deployment.shop.products if product.stock_quantity)
    line = {"product_id": product.parent_id or product.id, "variation_id": product.id if product.parent_id else 0}
    body = {"set_paid": True, "line_items": [{**line, "quantity": 1}]}
    return int(shopper(deployment, "POST", "/orders", body)["id"])


def test_the_workers_may_do_what_they_do_and_no_more(connected: Deployment, asked: Asked) -> None:
    till, shop = sorted(connected.connections(), key=lambda connection: connection.system)
    serve_all(connected)
    before = units(connected)
    assert before

    sell_one(connected)
    connected.advance(hours=2)  # the token has ended meanwhile
    wake(connected, till, Lane.STOCK, "poll")
    assert units(connected) == before - 1

    order = order_one(connected)
    wake(connected, shop, Lane.STOCK, "orders")
    assert units(connected) == before - 2
    shopper(connected, "PUT", f"/orders/{order}", {"status": "cancelled"})
    wake(connected, shop, Lane.STOCK, "orders")
    assert units(connected) == before - 1

    for connection, faults in ((till, connected.faults), (shop, connected.shop.instruments.faults)):
        faults.add(Fault("status", status=503, times=None))
        connected.parts.lanes.wake(connection, Lane.STOCK, "poll" if connection is till else "orders")
    answers = [serve(name, url) for name, url in connected.parts.settings.queue_urls.items()]
    assert [len(answer["batchItemFailures"]) for found in answers for answer in found] == [1, 1]

    for function in WORKERS:
        assert {action for name, action in asked if name == function} == allowed(function) - OF_THE_MAPPING
