"""The handshake against the stand-in: in time, once, with the shop's own address, and only back to it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request

from sandbox.common.clock import SystemClock
from sandbox.common.server import TlsFiles, serve
from sandbox.magento.app import build_app
from sandbox.magento.settings import Settings
from sandbox.magento.shop import Shop
from tests.fakes.clock import FakeClock
from tests.functional.magento.storefront import Storefront
from tillbridge.domain.errors import InputError, RetryLaterError, TillbridgeError, UnauthorisedError
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.magento.handshake import Activation, exchange

GOOD = {
    "oauth_consumer_key": "a" * 32,
    "oauth_consumer_secret": "b" * 32,
    "oauth_verifier": "c" * 32,
    "store_base_url": "https://shop.example.com/de/",
}


@pytest.fixture
def posted() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Our callback address, and what was posted to it."""
    forms: list[dict[str, str]] = []
    app = Flask("callback")

    @app.post("/callback")
    def callback() -> str:
        forms.append(request.form.to_dict())
        return ""

    with serve(app) as server:
        yield f"{server.url}/callback", forms


def activated(front: Storefront, callback: str) -> int:
    made = front.control("/integrations", {"name": "Tillbridge", "callback_url": callback})
    front.state.fix_address(front.url)
    front.control(f"/integrations/{made['id']}/activate", {})
    return int(made["id"])


def client(front: Storefront) -> HttpClient:
    options = TransportOptions(ca_bundle=front.ca)
    return HttpClient("magento", "c1", policy=AddressPolicy.local(), clock=front.clock, options=options)


def test_an_activation_becomes_a_working_connection(front: Storefront, posted: tuple[str, Any]) -> None:
    callback, forms = posted
    number = activated(front, callback)

    activation = Activation.posted(forms[0])
    assert activation.address == front.url
    secrets = exchange(client(front), activation, front.clock)

    assert front.state.integrations[number].active
    assert front.adapter(secrets=secrets).check().currency == "USD"


def test_a_verifier_counts_once(front: Storefront, posted: tuple[str, Any]) -> None:
    callback, forms = posted
    activated(front, callback)
    activation = Activation.posted(forms[0])
    exchange(client(front), activation, front.clock)

    with pytest.raises(UnauthorisedError) as caught:
        exchange(client(front), activation, front.clock)

    assert caught.value.code == "HandshakeLate"
    assert "Reauthorize" in caught.value.remedy


def test_reauthorizing_gives_a_new_token_for_the_same_consumer(front: Storefront, posted: tuple[str, Any]) -> None:
    callback, forms = posted
    number = activated(front, callback)
    first = exchange(client(front), Activation.posted(forms[0]), front.clock)
    front.control(f"/integrations/{number}/activate", {})
    second = exchange(client(front), Activation.posted(forms[1]), front.clock)

    assert first.consumer_key == second.consumer_key
    assert first.access_token != second.access_token
    with pytest.raises(UnauthorisedError):
        front.adapter(secrets=first).check()


def test_after_five_minutes_it_is_too_late(tls: TlsFiles, posted: tuple[str, Any]) -> None:
    callback, forms = posted
    clock = FakeClock(SystemClock().now())
    state = Shop(Settings(), clock)
    app = build_app(state)
    with serve(app) as server:
        front = Storefront(state=state, app=app, url=server.url, plain_url=server.url, ca=str(tls.ca), gallery=None)  # type: ignore[arg-type]
        activated(front, callback)
        clock.sleep(timedelta(seconds=301).total_seconds())
        with pytest.raises(UnauthorisedError) as caught:
            exchange(client(front), Activation.posted(forms[0]), clock)

    assert caught.value.code == "HandshakeLate"


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", ["", "x", "ftp://shop.example.com/", "https://a@shop.example.com/"])
def test_a_bad_post_names_its_field(name: str, value: str) -> None:  # invariant 7
    with pytest.raises(InputError) as caught:
        Activation.posted({**GOOD, name: value})

    assert caught.value.field == name
    assert caught.value.remedy


def test_no_secret_shows_in_a_text() -> None:  # invariant 5
    assert not {"a" * 32, "b" * 32, "c" * 32} & set(str(Activation.posted(GOOD)).split("'"))


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.com/admin",
        "//evil.example.com",
        "https://shop.example.com.evil.example.com/",
        "javascript:1",
    ],
)
def test_the_way_back_leads_to_the_shop_only(address: str) -> None:  # invariant 7
    activation = Activation.posted(GOOD)

    with pytest.raises(InputError):
        activation.way_back(address)
    assert activation.way_back("https://shop.example.com/admin/x") == "https://shop.example.com/admin/x"


@pytest.mark.parametrize("kind", ["html", "garbage", "empty", "cut_before", "cut_after", "truncate"])
def test_trouble_on_the_way_is_no_token(front: Storefront, posted: tuple[str, Any], kind: str) -> None:
    callback, forms = posted
    activated(front, callback)
    front.fault(kind, path="/oauth/token", times=None)

    with pytest.raises(TillbridgeError) as caught:
        exchange(client(front), Activation.posted(forms[0]), front.clock)

    assert isinstance(caught.value, RetryLaterError | UnauthorisedError)
