"""Which secret a delivery is believed with, while shops move from their own to one that is made for them."""

from dataclasses import replace

import pytest

from tests.functional.webhooks.backroom import ROOT, SHOP, SHOP_PLACE, Cloud
from tests.functional.webhooks.test_intake import SECRET, product, signed, take, with_shop
from tests.functional.webhooks.watch import Watch
from tillbridge.flows.take_hook import GENERATION
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.systems.woocommerce.deliveries import signature


@pytest.fixture
def cloud(cloud: Cloud) -> Cloud:
    return with_shop(cloud)


def give_derived_secret(cloud: Cloud) -> str:
    """Let the shop's hooks have been given the secret that is made of the root."""
    given = cloud.secrets.current(SHOP_PLACE)
    connections = cloud.stores.connections
    connections.save(replace(connections.get(SHOP), traits={GENERATION: given.generation}))
    return given.secret.reveal()


def test_a_shop_is_believed_with_the_secret_made_for_it_and_no_more_with_its_own(
    cloud: Cloud, watch: Watch
) -> None:  # invariant 7
    derived = give_derived_secret(cloud)
    for secret, status in ((SECRET, 401), (derived, 200)):
        call = signed(product(), **{"X-WC-Webhook-Signature": signature(product(), secret)})
        assert take(call)["statusCode"] == status
    assert watch.effects() == ["HookRefused", "HookEcho"]


def test_while_hooks_move_both_secrets_are_believed(cloud: Cloud, watch: Watch) -> None:
    derived = cloud.secrets.current(SHOP_PLACE).secret.reveal()
    for quantity, secret in ((3, SECRET), (2, derived)):
        body = product(stock_quantity=quantity)
        take(signed(body, **{"X-WC-Webhook-Signature": signature(body, secret)}))
    assert watch.effects() == ["HookDrift", "HookDrift"]


def test_the_root_is_read_once_in_some_minutes(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    derived = give_derived_secret(cloud)
    reads: list[str] = []
    read = SecretsManager.read

    def counted(store: SecretsManager, name: str) -> str | None:
        reads.append(name)
        return read(store, name)

    monkeypatch.setattr(SecretsManager, "read", counted)
    for quantity in (3, 2, 1):
        body = product(stock_quantity=quantity)
        call = signed(body, **{"X-WC-Webhook-Signature": signature(body, derived)})
        assert take(call)["statusCode"] == 200
    assert reads == [ROOT]
