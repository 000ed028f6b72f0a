"""A delivery is believed for our own header, and for the signature whenever there is one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.bigcommerce.deliveries import MOST_BYTES, SECRET_HEADER, read_delivery, signature

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BODY = json.dumps(
    {
        "scope": "store/sku/inventory/order/updated",
        "producer": "stores/abc",
        "hash": "d0c5",
        "created_at": 1772452800,
        "data": {"type": "sku", "id": 9, "inventory": {"product_id": 17, "variant_id": 18, "method": "relative"}},
    }
).encode()
OWN = {SECRET_HEADER: "ours"}


def signed(body: bytes = BODY, *, at: datetime = NOW, secret: str = "client") -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {
        **OWN,
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,AAAA {signature('msg_1', stamp, body, secret)}",
    }


def read(headers: dict[str, str], body: bytes = BODY, client_secret: str = "client") -> Any:
    return read_delivery(headers, body, "ours", client_secret=client_secret, now=NOW)


def code(headers: dict[str, str], body: bytes = BODY, client_secret: str = "client") -> str:
    with pytest.raises(InputError) as caught:
        read(headers, body, client_secret)
    assert caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize("headers", [OWN, {"x-tillbridge-secret": "ours"}, signed()])
def test_our_header_suffices_and_a_good_signature_fits(headers: dict[str, str]) -> None:
    delivery = read(headers)

    assert (delivery.resource, delivery.event, delivery.ref) == (
        "product",
        "inventory/order/updated",
        ListingRef("17", "18"),
    )


def test_the_signature_is_that_of_the_standard() -> None:
    """HMAC-SHA256 with the bytes of the account's secret, as openssl gives it for id, time and body."""
    assert (
        signature("msg_1", "1772452800", b'{"scope":"x"}', "client")
        == "v1,xpARiXP7slh9HJS9lbMJ/MQloPaOjidqeKfq0D+N3WY="
    )


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "other"}, {SECRET_HEADER: "öurs"}])
def test_without_our_header_nothing_is_believed(headers: dict[str, str]) -> None:  # invariant 7
    assert code({**signed(), **dict.fromkeys([SECRET_HEADER], ""), **headers}) == "BadSecret"


def test_no_secret_matches_no_header() -> None:
    with pytest.raises(InputError):
        read_delivery({}, BODY, "", now=NOW)


@pytest.mark.parametrize(
    ("headers", "body", "told"),
    [
        (signed(secret="other"), BODY, "BadSignature"),
        (signed(), BODY.replace(b"17", b"19"), "BadSignature"),
        ({**signed(), "webhook-id": "msg_2"}, BODY, "BadSignature"),
        ({**signed(), "webhook-signature": ""}, BODY, "BadSignature"),
        (signed(at=datetime(2026, 3, 2, 11, 54, tzinfo=UTC)), BODY, "StaleSignature"),
        (signed(at=datetime(2026, 3, 2, 12, 6, tzinfo=UTC)), BODY, "StaleSignature"),
    ],
)
def test_a_signature_that_is_there_has_to_fit(headers: dict[str, str], body: bytes, told: str) -> None:  # invariant 7
    assert code(headers, body) == told


def test_a_connection_that_does_not_know_the_accounts_secret_goes_by_our_header() -> None:
    assert read(signed(secret="whatever"), client_secret="").ref == ListingRef("17", "18")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"not json", b"{}", b'{"scope": "store/order/created", "data": []}', b"[" * 9999],
)
def test_what_cannot_be_read_is_refused(body: bytes) -> None:
    assert code(OWN, body) == "BadBody"


def test_scopes_that_nobody_asked_for() -> None:
    assert code(OWN, BODY.replace(b"store/sku/inventory/order/updated", b"store/cart/created")) == "BadScope"


def test_a_flood_is_refused() -> None:
    with pytest.raises(InputError):
        read(OWN, b" " * (MOST_BYTES + 1))


@pytest.mark.parametrize(("old", "new"), [(b'"d0c5"', b'"d0c6"'), (b"1772452800", b"1772452801")])
def test_two_events_say_different_things(old: bytes, new: bytes) -> None:
    assert read(OWN).said != read(OWN, BODY.replace(old, new)).said
