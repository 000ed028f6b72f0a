"""Puts a deployment together, with nobody connected yet, for as long as a block runs."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from sandbox.bigcommerce.app import build_app as build_bigcommerce
from sandbox.bigcommerce.settings import Settings as BigCommerceSettings
from sandbox.bigcommerce.shop import Shop as BigCommerceShop
from sandbox.common.clock import ManualClock
from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from sandbox.lightspeed.app import build_app as build_till
from sandbox.lightspeed.settings import Client, Rules
from sandbox.lightspeed.settings import Settings as TillSettings
from sandbox.lightspeed.state import Lightspeed
from sandbox.magento.app import build_app as build_magento
from sandbox.magento.settings import Settings as MagentoSettings
from sandbox.magento.shop import Shop as MagentoShop
from sandbox.shopify.app import build_app as build_shopify
from sandbox.shopify.settings import App
from sandbox.shopify.settings import Settings as ShopifySettings
from sandbox.shopify.shop import Shop as ShopifyShop
from sandbox.woocommerce.app import build_app as build_shop
from sandbox.woocommerce.settings import Settings as ShopSettings
from sandbox.woocommerce.shop import Shop
from tests.fakes.clock import FakeClock
from tests.fakes.dynamodb import table_definition
from tests.functional.grants.deployment import (
    BIGCOMMERCE_SECRET,
    CLIENT_ID,
    CLIENT_SECRET,
    SHOP_PATH,
    SHOPIFY_ID,
    SHOPIFY_SECRET,
    SHOPIFY_SHOP,
    SIGNING_KEY,
    Deployment,
    Gateway,
)
from tillbridge.runtime import aws, oauth, refresh
from tillbridge.runtime.container import Container
from tillbridge.runtime.settings import QUEUES, Settings, queue_variable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def deployed(tls: TlsFiles, rules: int = 2026) -> Iterator[Deployment]:
    """Serve everything on this machine; ``rules`` is the year whose token server's rules hold."""
    now = datetime.now(UTC).replace(microsecond=0)  # answers carry the machine's own time, whatever the clocks say
    till = Lightspeed(TillSettings(items=5, rules=Rules.of(rules)), ManualClock(now))
    instruments = Instruments(clock=till.clock)
    shop = Shop(ShopSettings(base_path=SHOP_PATH, ca_file=str(tls.ca)))
    app = App(SHOPIFY_ID, SHOPIFY_SECRET, own_shop=False, must_expire=True)
    shopify = ShopifyShop(ShopifySettings(domain=SHOPIFY_SHOP, apps=(app,), ca_file=str(tls.ca)), ManualClock(now))
    bigcommerce = BigCommerceShop(BigCommerceSettings(ca_file=str(tls.ca)), ManualClock(now))
    magento = MagentoShop(MagentoSettings(ca_file=str(tls.ca)), ManualClock(now))
    gateway = Gateway()
    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
        serve(gateway, tls=tls) as front,
        serve(_on_demand(lambda: build_till(till, instruments)), tls=tls) as till_server,
        serve(_on_demand(lambda: build_shop(shop)), tls=tls) as shop_server,
        serve(_on_demand(lambda: build_shopify(shopify)), tls=tls) as shopify_server,
        serve(_on_demand(lambda: build_bigcommerce(bigcommerce)), tls=tls) as bigcommerce_server,
        serve(_on_demand(lambda: build_magento(magento)), tls=tls) as magento_server,
    ):
        shopify.apps[SHOPIFY_ID] = replace(app, redirect_uris=(f"{front.url}/connect/shopify/callback",))
        till.clients.register(Client(CLIENT_ID, CLIENT_SECRET, f"{front.url}/connect/lightspeed/callback"))
        magento.fix_address(magento_server.url)
        bigcommerce.app.client_secret = BIGCOMMERCE_SECRET
        bigcommerce.app.auth_callback = f"{front.url}/connect/bigcommerce/auth"
        bigcommerce.app.load_callback = f"{front.url}/connect/bigcommerce/load"
        bigcommerce.app.uninstall_callback = f"{front.url}/connect/bigcommerce/uninstall"
        bigcommerce.app.remove_user_callback = f"{front.url}/connect/bigcommerce/remove_user"
        _forget_everything()
        vendors = {
            "LIGHTSPEED_AUTH_URL": till_server.url,
            "LIGHTSPEED_API_URL": till_server.url,
            "SHOPIFY_BASE_URL": shopify_server.url,
            "BIGCOMMERCE_API_URL": bigcommerce_server.url,
            "BIGCOMMERCE_LOGIN_URL": bigcommerce_server.url,
        }
        for name, value in (_environment(front.url, tls.ca) | vendors).items():
            patch.setenv(name, value)
        parts = Container(Settings.from_env())
        clock = FakeClock(now)
        parts.__dict__["clock"] = clock  # before anything asks for the machine's
        patch.setattr(oauth, "GrantParts", lambda _: parts)
        deployment = Deployment(
            parts=parts,
            gateway=gateway,
            till=till,
            shop=shop,
            shopify=shopify,
            bigcommerce=bigcommerce,
            magento=magento,
            url=front.url,
            till_url=till_server.url,
            shop_url=f"{shop_server.url}{SHOP_PATH}",
            shopify_url=shopify_server.url,
            magento_url=magento_server.url,
            ca=str(tls.ca),
            clock=clock,
            faults=instruments.faults,
        )
        deployment.set_app()
        deployment.add_merchant()
        yield deployment
    _forget_everything()


def _on_demand(build: Callable[[], "WSGIApplication"]) -> "WSGIApplication":
    """Build an application when it is first asked for: a test asks few of them, and their routes take a while."""
    built: list[WSGIApplication] = []
    lock = Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with lock:
            if not built:
                built.append(build())
        return built[0](environ, start_response)

    return answer


def _environment(url: str, ca: Path | None) -> dict[str, str]:
    """Make the table, the queues and the key of invitations, and name everything as the template does."""
    aws.dynamodb().create_table(TableName="tillbridge", **table_definition())
    aws.secrets().create_secret(Name="tillbridge/local/sign/invitations", SecretString=SIGNING_KEY)
    sqs = aws.sqs()
    queues = {
        queue_variable(name): sqs.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for name in QUEUES
    }
    return {
        "TILLBRIDGE_ENVIRONMENT": "local",
        "TILLBRIDGE_TABLE": "tillbridge",
        "TILLBRIDGE_PUBLIC_URL": url,
        "TILLBRIDGE_CA_BUNDLE": str(ca),
        "POWERTOOLS_METRICS_NAMESPACE": "Tillbridge",
        "POWERTOOLS_SERVICE_NAME": "tillbridge",
        **queues,
    }


def _forget_everything() -> None:
    for kept in (oauth.doors, refresh.token_refresh):
        kept.cache_clear()
