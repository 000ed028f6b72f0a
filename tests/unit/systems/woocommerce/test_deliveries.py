"""Deliveries of web hooks: whom to believe, and what may leave them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.domain.errors import InputError
from tillbridge.systems.woocommerce.deliveries import MOST_BYTES, TOPICS, Delivery, Ping, read_delivery, signature

pytestmark = pytest.mark.unit
SECRET = "s3"


def read(body: bytes, topic: str = "product.updated", **headers: str) -> Delivery | Ping:
    given_ = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signature(body, SECRET)}
    return read_delivery({**given_, **headers}, body, SECRET)


def refused(body: bytes, topic: str = "product.updated", **headers: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read(body, topic, **headers)
    return caught.value


def test_a_signature_is_the_one_that_the_shop_makes() -> None:
    # made with: printf '{"id":1}' | openssl dgst -sha256 -hmac s3 -binary | base64
    assert signature(b'{"id":1}', SECRET) == "Hn0j5H7WvAC/3eKR/92ekC/ptFC0tgaPsFVkjaJABQo="


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_are_taken_apart(topic: str) -> None:
    delivery = read(b'{"id": 7}', topic)
    assert isinstance(delivery, Delivery)
    assert f"{delivery.resource}.{delivery.event}" == topic


def test_times_are_utc() -> None:  # facts/woocommerce.md, "Lists"
    delivery = read(json.dumps({"id": 7, "date_modified_gmt": "2026-03-02T12:00:00"}).encode(), "order.updated")
    assert isinstance(delivery, Delivery)
    assert delivery.modified == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"webhook_id=7", b"webhook_id=7\n"])
def test_a_ping_needs_no_signature(body: bytes) -> None:
    assert read_delivery({}, body, SECRET) == Ping("7")


@pytest.mark.parametrize("body", [b"webhook_id=", b"webhook_id=7&id=8", b"webhook_id=-1", b"webhook_id=" + b"7" * 20])
def test_what_only_looks_like_a_ping_needs_one(body: bytes) -> None:  # invariant 7
    with pytest.raises(InputError) as caught:
        read_delivery({}, body, SECRET)
    assert caught.value.code == "BadSignature"


@given(st.binary(max_size=300), st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_nothing_unsigned_is_read(body: bytes, signed: str) -> None:  # invariant 7
    headers = {"X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Signature": signed}
    with pytest.raises(InputError) as caught:
        read_delivery(headers, b"x" + body, SECRET)
    assert caught.value.code == "BadSignature"


@given(st.binary(max_size=300))
def test_whatever_is_signed_is_read_or_refused_by_name(body: bytes) -> None:  # invariant 7
    assert refused(b"x" + body).field == "body"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "ten"},
        {"id": None},
        {"date_modified_gmt": "yesterday"},
        {"stock_quantity": "many"},
        {"stock_quantity": float("nan")},
        {"stock_quantity": float("inf")},
        {"stock_quantity": {}},
        {"manage_stock": []},
    ],
)
def test_fields_of_another_kind_are_refused(fields: dict[str, Any]) -> None:  # invariant 7
    assert refused(json.dumps({"id": 7, **fields}).encode()).code == "BadBody"


@pytest.mark.parametrize(
    ("stock", "shown"), [(5, 5), (-3, -3), (2.5, None), ("1e999999999", None), ("-1e13", None), (None, None)]
)
def test_only_a_figure_that_goods_come_in_is_one(stock: object, shown: int | None) -> None:  # invariant 7
    told = read(json.dumps({"id": 7, "manage_stock": True, "stock_quantity": stock}).encode())
    assert isinstance(told, Delivery)
    assert told.quantity == shown


@pytest.mark.parametrize("topic", ["", "product", "customer.updated", "ORDER.UPDATED", "order.updated "])
def test_other_topics_are_refused_before_the_body_is_looked_at(topic: str) -> None:
    error = refused(b"no json", topic)
    assert (error.field, error.code) == ("X-WC-Webhook-Topic", "BadTopic")


def test_a_huge_body_is_refused_unread() -> None:
    assert refused(b" " * (MOST_BYTES + 1)).field == "body"


def test_errors_show_nothing_of_the_body() -> None:  # invariant 5
    body = json.dumps({"id": "customer@shop.example.com"}).encode()
    assert "customer@" not in json.dumps([refused(body).as_dict(), refused(body, "x").as_dict()])
