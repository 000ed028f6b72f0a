"""Web hooks carry our secret, and what they bring is believed only with it."""

from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.bigcommerce.hooks import deliveries
from tests.functional.bigcommerce.storefront import OURS, Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.grant import Secret
from tillbridge.systems.bigcommerce.deliveries import SCOPES, SECRET_HEADER, read_delivery
from tillbridge.systems.bigcommerce.hooks import BigCommerceHooks

ADDRESS = "https://bridge.example.com/hooks/bigcommerce/c1"


def hooks(front: Storefront) -> BigCommerceHooks:
    return front.hooks()


def headers(front: Storefront) -> set[str]:
    return {hook.headers[SECRET_HEADER] for hook in front.state.webhooks.values()}


def sent(front: Storefront, monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], bytes]]:
    """Let the store send what waits, and take it on the way."""
    taken: list[tuple[dict[str, str], bytes]] = []

    def call(_: Any, _method: str, _url: str, body: bytes, told: dict[str, str]) -> Any:
        taken.append((told, body))
        return SimpleNamespace(status=200)

    monkeypatch.setattr("sandbox.bigcommerce.web.outbound.call", call)
    deliveries.run_cron(front.state)
    return taken


def test_every_scope_has_one_hook_with_our_secret(front: Storefront) -> None:
    made = hooks(front).ensure(ADDRESS, Secret("first"), anew=True)

    assert made.created == SCOPES
    assert sorted(hook.scope for hook in front.state.webhooks.values()) == sorted(SCOPES)
    assert headers(front) == {"first"}


def test_another_secret_reaches_every_hook(front: Storefront) -> None:
    hooks(front).ensure(ADDRESS, Secret("first"), anew=True)

    assert set(hooks(front).ensure(ADDRESS, Secret("second"), anew=True).revived) == set(SCOPES)

    assert headers(front) == {"second"}


def test_a_hook_that_shows_another_secret_is_mended(front: Storefront) -> None:
    hooks(front).ensure(ADDRESS, Secret("first"), anew=True)
    hook = next(iter(front.state.webhooks.values()))
    hook.headers = {SECRET_HEADER: "somebody's"}

    assert hooks(front).ensure(ADDRESS, Secret("first"), anew=False).revived == (hook.scope,)

    assert headers(front) == {"first"}


def test_hooks_of_other_apps_stay(front: Storefront) -> None:  # invariant 6
    theirs = {"scope": "store/order/created", "destination": "https://elsewhere.example.com/hooks/1"}
    front.call("POST", "/v3/hooks", theirs)

    hooks(front).ensure(ADDRESS, Secret("first"), anew=True)
    hooks(front).remove(ADDRESS)

    assert front.hook_addresses() == [theirs["destination"]]


def test_90_days_of_silence_put_hooks_to_sleep_and_the_daily_look_wakes_them(front: Storefront) -> None:
    hooks(front).ensure(ADDRESS, Secret("first"), anew=True)
    front.clock.advance(hours=91 * 24)

    assert set(hooks(front).ensure(ADDRESS, Secret("first"), anew=False).revived) == set(SCOPES)


def test_what_the_store_sends_is_read(front: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bodies are the stand-in's own, signed as the store signs."""
    front.push(mug(), shirt())
    hooks(front).ensure(ADDRESS, Secret("first"), anew=True)
    front.order((front.known("42").ref, 1), (front.known("700").ref, 1))

    found = {
        (one.resource, one.event, one.id, one.variant_id)
        for one in (
            read_delivery(told, body, "first", client_secret=OURS.client_secret, now=front.clock.now())
            for told, body in sent(front, monkeypatch)
        )
    }

    simple, variant = front.known("42").ref, front.known("700").ref
    assert ("product", "inventory/order/updated", simple.product_id, "") in found
    assert ("product", "inventory/order/updated", variant.product_id, variant.variant_id) in found
    assert {"created"} <= {event for resource, event, _, _ in found if resource == "order"}


def test_our_own_writes_send_nothing_back(front: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    front.push(mug(), shirt())
    hooks(front).ensure(ADDRESS, Secret("first"), anew=True)

    front.put_stock({"42": 9, "700": 3})
    front.settle()

    assert sent(front, monkeypatch) == []
