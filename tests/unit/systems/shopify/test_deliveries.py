"""What web hooks bring is believed only under the app's signature, new or old, over the bytes as they came."""

import json
from typing import Any

import pytest

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.shopify.deliveries import COMPLIANCE, Delivery, read_delivery, signature

SECRET, OLD = "new secret", "old secret"
SHOP = "stand-in.myshopify.com"


def headers(topic: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature(body, secret),
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "w-1",
        "X-Shopify-Event-Id": "e-1",
    }


def read(topic: str, said: Any, secret: str = SECRET) -> Delivery:
    body = json.dumps(said).encode()
    return read_delivery(headers(topic, body, secret), body, (SECRET, OLD), SHOP)


def test_a_product() -> None:
    delivery = read("products/update", {"id": 17, "updated_at": "2026-11-25T10:00:00-05:00", "title": "x"})

    assert (delivery.resource, delivery.event, delivery.ref) == ("product", "updated", ListingRef("17"))
    assert delivery.modified is not None
    assert delivery.event_id == "e-1"


def test_stock_at_a_place() -> None:
    said = {
        "inventory_item_id": 9007199254740993,
        "location_id": 5,
        "available": 3,
        "updated_at": "2026-11-25T10:00:00Z",
    }

    delivery = read("inventory_levels/update", said)

    assert (delivery.resource, delivery.id, delivery.place, delivery.quantity) == ("stock", "9007199254740993", "5", 3)


@pytest.mark.parametrize("available", [None, True, "3"])
def test_a_figure_that_is_none(available: Any) -> None:
    assert read("inventory_levels/update", {"inventory_item_id": 9, "available": available}).quantity is None


@pytest.mark.parametrize(("topic", "event"), [("orders/create", "created"), ("orders/updated", "updated")])
def test_an_order_without_anything_personal(topic: str, event: str) -> None:  # invariant 5
    delivery = read(topic, {"id": 1001, "email": "someone@example.com", "customer": {"first_name": "Some"}})

    assert (delivery.resource, delivery.event, delivery.id) == ("order", event, "1001")
    assert "someone" not in repr(delivery).lower()


def test_the_old_secret_is_good_for_a_while() -> None:
    assert read("orders/create", {"id": 1}, OLD).id == "1"


@pytest.mark.parametrize("topic", COMPLIANCE)
def test_compliance_topics_are_recognised(topic: str) -> None:
    delivery = read(topic, {"shop_id": 7, "shop_domain": SHOP, "customer": {"email": "someone@example.com"}})

    assert (delivery.resource, delivery.event, delivery.id) == ("compliance", topic, "7")
    assert "someone" not in repr(delivery)


def test_an_app_that_was_uninstalled() -> None:
    assert read("app/uninstalled", {"id": 7}).resource == "app"


def refusal(given: dict[str, str], body: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_delivery(given, body, (SECRET, OLD, ""), SHOP)
    assert caught.value.remedy
    return caught.value.code


def test_what_is_not_signed_is_not_believed() -> None:  # invariant 7
    body = b'{"id": 1}'
    good = headers("orders/create", body)

    assert refusal(headers("orders/create", body, "another"), body) == "BadSignature"
    assert refusal({**good, "X-Shopify-Hmac-Sha256": ""}, body) == "BadSignature"
    assert refusal(headers("orders/create", body, ""), body) == "BadSignature"
    assert refusal(good, b'{"id":1}') == "BadSignature"
    assert refusal({name: value for name, value in good.items() if "Hmac" not in name}, body) == "BadSignature"


def test_what_is_signed_and_of_no_use() -> None:  # invariant 7
    for body in (b"[]", b"no json", b"{}", b"[" * 100_000):
        assert refusal(headers("orders/create", body), body) == "BadBody"
    body = b'{"id": 1}'
    assert refusal(headers("checkouts/create", body), body) == "BadTopic"
    assert (
        refusal({**headers("orders/create", body), "X-Shopify-Shop-Domain": "other.myshopify.com"}, body) == "OtherShop"
    )


def test_headers_are_found_in_any_case() -> None:
    body = b'{"id": 1}'
    lower = {name.lower(): value for name, value in headers("orders/create", body).items()}

    assert read_delivery(lower, body, (SECRET,)).id == "1"
