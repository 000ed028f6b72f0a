"""The functions behind the queues as they are deployed: from the messages that connecting leaves to an order's end."""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.control_shop import sell_at_till
from sandbox.woocommerce.app import build_app
from tests.fakes.permissions import Asked, allowed, noting_actions
from tests.functional.grants.deployment import Context, Deployment
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.domain.product import Visibility
from tillbridge.runtime import aws, pull, push

FUNCTIONS = {"pull": "pull_lightspeed", "woocommerce": "sync_woocommerce"}
DONE: Mapping[str, list[object]] = {"batchItemFailures": []}
ROUNDS = 20
OF_THE_MAPPING = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
"""What Lambda itself does with the role on behalf of a queue's mapping."""


class Patient(Context):
    """A function that has nearly as long as the template gives the workers."""

    def get_remaining_time_in_millis(self) -> int:
        return 290_000


@pytest.fixture
def connected(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Give a merchant with a till and a shop, and workers over its parts."""
    merchant = deployment.parts.merchants.get("m1")
    settings = replace(merchant.settings, new_products=Visibility.PUBLISHED)
    deployment.parts.merchants.save(replace(merchant, settings=settings))
    for root in (pull, push):
        monkeypatch.setattr(root, "container", lambda: deployment.parts)
        root.worker.cache_clear()
    deployment.connect_till()
    assert deployment.hand_over(deployment.invite(System.WOOCOMMERCE)).status == 200
    yield deployment
    for root in (pull, push):
        root.worker.cache_clear()


@pytest.fixture
def asked(connected: Deployment) -> Iterator[Asked]:
    with noting_actions() as asked:
        yield asked


def serve_all(deployment: Deployment) -> None:
    """Serve messages as the queues' mappings do, until none is left."""
    for _ in range(ROUNDS):
        if not any(serve(name, url) for name, url in deployment.parts.settings.queue_urls.items()):
            return
    raise AssertionError("the queues never became empty")


def serve(queue: str, url: str) -> list[Any]:
    """Serve what a queue shows; gives the functions' answers. What failed stays."""
    answers = []
    for message in aws.sqs().receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"]).get("Messages", []):
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-central-1:123456789012:{url.rpartition('/')[2]}",
        }
        function = FUNCTIONS[queue.partition("-")[0]]
        handler = importlib.import_module(f"functions.{function}.app").handler
        answers.append(handler({"Records": [record]}, Patient(function_name=function)))
        if answers[-1] == DONE:
            aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return answers


def wake(deployment: Deployment, connection: Connection, lane: Lane, task: str) -> None:
    deployment.parts.lanes.wake(connection, lane, task)
    serve_all(deployment)


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

    for function in FUNCTIONS.values():
        assert {action for name, action in asked if name == function} == allowed(function) - OF_THE_MAPPING
