"""What of a delivery the flows are told."""

import json
from typing import Any

import pytest

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.product import ListingRef
from tillbridge.flows.take_hook import Hook, HookKind
from tillbridge.runtime.hook_readers import READERS, Told
from tillbridge.systems.woocommerce.deliveries import signature

pytestmark = pytest.mark.unit
SECRET = Secret("s3")
AT = "2026-03-02T12:00:00"


def read(topic: str, *, body: bytes = b"", **fields: Any) -> Told | None:
    sent = body or json.dumps({"id": 10, "date_modified_gmt": AT, **fields}).encode()
    headers = {"x-wc-webhook-topic": topic, "x-wc-webhook-signature": signature(sent, SECRET.reveal())}
    return READERS[System.WOOCOMMERCE](headers, sent, SECRET)


def told(topic: str, **fields: Any) -> Told:
    found = read(topic, **fields)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("topic", "fields", "hook"),
    [
        ("order.created", {"status": "pending"}, Hook(HookKind.ORDER)),
        ("order.updated", {"parent_id": 0}, Hook(HookKind.ORDER)),
        ("product.updated", {"manage_stock": True, "stock_quantity": 4}, Hook(HookKind.PRODUCT, ListingRef("10"), 4)),
        ("product.updated", {"manage_stock": True, "stock_quantity": -2}, Hook(HookKind.PRODUCT, ListingRef("10"), -2)),
        ("product.updated", {"manage_stock": False, "stock_quantity": 4}, Hook(HookKind.PRODUCT, ListingRef("10"))),
        ("product.updated", {"manage_stock": True, "stock_quantity": 2.5}, Hook(HookKind.PRODUCT, ListingRef("10"))),
        ("product.updated", {"manage_stock": True, "stock_quantity": 1e50}, Hook(HookKind.PRODUCT, ListingRef("10"))),
        (
            "product.updated",
            {"type": "variation", "parent_id": 7, "manage_stock": True, "stock_quantity": 4},
            Hook(HookKind.PRODUCT, ListingRef("7", "10"), 4),
        ),
        ("product.updated", {"parent_id": 7, "manage_stock": "parent"}, Hook(HookKind.PRODUCT, ListingRef("7", "10"))),
        ("product.deleted", {}, Hook(HookKind.PRODUCT, ListingRef("10"))),
    ],
)
def test_deliveries_become_hooks(topic: str, fields: dict[str, Any], hook: Hook) -> None:
    assert told(topic, **fields).hook == hook


def test_a_greeting_tells_nothing() -> None:
    assert read("", body=b"webhook_id=7") is None


def test_an_order_created_and_updated_before_cron_ran_says_one_thing() -> None:
    assert told("order.created").said == told("order.updated").said


@pytest.mark.parametrize(
    "other",
    [
        told("product.updated"),
        told("order.updated", id=11),
        told("order.updated", date_modified_gmt="2026-03-02T12:00:01"),
        told("order.updated", status="completed"),
    ],
)
def test_whatever_differs_says_something_else(other: Told) -> None:
    assert told("order.updated").said != other.said


def test_what_is_said_holds_no_part_of_the_body() -> None:  # invariant 5
    said = told("order.updated", billing={"email": "customer@shop.example.com"}).said
    resource, number, modified, digest = said.split("/")
    assert (resource, number, modified) == ("order", "10", "2026-03-02T12:00:00+00:00")
    assert len(digest) == 64


@pytest.mark.parametrize("secret", ["", "s", "S3", "s3 "])
def test_only_the_connections_own_secret_counts(secret: str) -> None:  # invariant 7
    sent = b'{"id": 10}'
    headers = {"X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Signature": signature(sent, secret)}
    with pytest.raises(InputError) as caught:
        READERS[System.WOOCOMMERCE](headers, sent, SECRET)
    assert caught.value.code == "BadSignature"
