"""Each shop system through the functions as they are deployed: from its keys to an order's end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from sandbox.lightspeed.control_shop import sell_at_till
from tests.conformance.front import Front
from tests.fakes.permissions import Asked, allowed, noting_actions
from tests.functional.bigcommerce import storefront as bigcommerce
from tests.functional.grants.deployment import Deployment
from tests.functional.grants.workers import OF_THE_MAPPING, serve_all, wake, working
from tests.functional.magento import storefront as magento
from tests.functional.shopify import storefront as shopify
from tillbridge.domain.errors import BrokenConnectionError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.domain.product import Visibility
from tillbridge.domain.shop_keys import KeyKind, ShopKeys


@dataclass(frozen=True)
class Case:
    """A system's stand-in, where its owner says the shop is, and the keys that the owner makes there."""

    name: str
    system: System
    serve: Callable[[TlsFiles], AbstractContextManager[Any]]
    settings: Callable[[Any], Mapping[str, str]]
    address: Callable[[Any], str]
    keys: Callable[[Any], ShopKeys]


def keys_of(kind: KeyKind, **secrets: str) -> ShopKeys:
    return ShopKeys(kind, {name: Secret(text) for name, text in secrets.items()})


def shopify_keys(front: shopify.Storefront) -> ShopKeys:
    return keys_of(KeyKind.SHOPIFY_TOKEN, access_token=front.token.current(), client_secret="shpss_" + "0" * 32)


def own_app_keys(front: shopify.Storefront) -> ShopKeys:
    app = front.state.register_made_up_app()
    return keys_of(KeyKind.SHOPIFY_CLIENT, client_id=app.client_id, client_secret=app.secret)


CASES = (
    Case(
        "shopify-token",
        System.SHOPIFY,
        shopify.storefront,
        lambda front: {"shopify_base_url": front.url},
        lambda front: front.state.settings.domain,
        shopify_keys,
    ),
    Case(
        "shopify-client",
        System.SHOPIFY,
        shopify.storefront,
        lambda front: {"shopify_base_url": front.url},
        lambda front: front.state.settings.domain,
        own_app_keys,
    ),
    Case(
        "bigcommerce",
        System.BIGCOMMERCE,
        bigcommerce.storefront,
        lambda front: {"bigcommerce_api_url": front.url},
        lambda front: front.state.settings.store_hash,
        lambda _: keys_of(KeyKind.BIGCOMMERCE, access_token=bigcommerce.OURS.token),
    ),
    Case(
        "magento",
        System.MAGENTO,
        magento.storefront,
        lambda _: {},
        lambda front: front.url,
        lambda _: keys_of(
            KeyKind.MAGENTO,
            consumer_key=magento.KEYS.consumer_key,
            consumer_secret=magento.KEYS.consumer_secret,
            access_token=magento.KEYS.access_token,
            access_secret=magento.KEYS.access_secret,
        ),
    ),
)


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@contextmanager
def deployed_for(deployment: Deployment, case: Case, front: Any) -> Iterator[None]:
    """Deploy with the address of a shop's stand-in; the shop's time is the deployment's."""
    front.clock.__dict__ = vars(deployment.clock)
    changes: dict[str, Any] = dict(case.settings(front))
    settings = replace(deployment.parts.settings, **changes)
    deployment.parts.settings = deployment.parts.credentials.settings = settings
    with working(deployment):
        yield


@pytest.fixture
def front(case: Case, tls: TlsFiles, deployment: Deployment) -> Iterator[Front]:
    """Open the shop; nothing is connected yet."""
    with case.serve(tls) as front, deployed_for(deployment, case, front):
        yield front


@pytest.fixture
def asked(front: Front) -> Iterator[Asked]:
    with noting_actions() as asked:
        yield asked


def connect(deployment: Deployment, case: Case, front: Front, keys: ShopKeys | None = None) -> Connection:
    merchant, keys = deployment.parts.merchants.get("m1"), keys or case.keys(front)
    return deployment.doors.shop.connect_with_keys(merchant, case.system, case.address(front), keys)


def units(front: Front) -> int:
    """Count what the shop has of everything."""
    front.settle()
    return int(sum(sum(variant.stock.values()) for product in front.shown() for variant in product.variants))


def test_a_shop_is_filled_and_follows_its_till(
    deployment: Deployment, case: Case, front: Front, asked: Asked
) -> None:  # invariant 5
    merchant = deployment.parts.merchants.get("m1")
    settings = replace(merchant.settings, new_products=Visibility.PUBLISHED)
    deployment.parts.merchants.save(replace(merchant, settings=settings))
    till, shop = deployment.connect_till(), connect(deployment, case, front)
    serve_all(deployment)
    before = units(front)
    assert before
    assert len(front.shown()) == deployment.parts.links.count(shop.connection_id)

    deployment.advance(hours=2)  # later than the cursors, which follow the time that answers carry
    rows = deployment.till.retailer.stock.rows(1)
    sell_at_till(deployment.till.retailer, 1, next(row.shop_id for row in rows if row.shop_id and row.qoh > 0), 1)
    wake(deployment, till, Lane.STOCK, "poll")
    assert units(front) == before - 1

    (known,) = (one for one in deployment.connections() if one.system is case.system)
    assert known.state is ConnectionState.ACTIVE
    function = f"sync_{case.system.value}"
    did = {action for name, action in asked if name == function}
    assert did
    assert did <= allowed(function)
    assert not did & OF_THE_MAPPING


def test_keys_that_do_not_work_change_nothing(deployment: Deployment, case: Case, front: Front) -> None:  # invariant 7
    before, good = deployment.snapshot(), case.keys(front)
    name = good.form.names[0]
    wrong = good.reveal(name)[:-1] + ("0" if good.reveal(name)[-1] != "0" else "1")
    with pytest.raises(BrokenConnectionError) as caught:
        connect(deployment, case, front, ShopKeys(good.kind, {**good.secrets, name: Secret(wrong)}))
    assert caught.value.remedy
    assert wrong not in str(caught.value)
    assert deployment.snapshot() == before
