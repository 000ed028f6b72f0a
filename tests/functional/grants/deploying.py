"""Puts a deployment together, with nobody connected yet, for as long as a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from moto import mock_aws

from sandbox.common.clock import ManualClock
from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from sandbox.lightspeed.app import build_app as build_till
from sandbox.lightspeed.settings import Client, Rules
from sandbox.lightspeed.settings import Settings as TillSettings
from sandbox.lightspeed.state import Lightspeed
from sandbox.woocommerce.app import build_app as build_shop
from sandbox.woocommerce.settings import Settings as ShopSettings
from sandbox.woocommerce.shop import Shop
from tests.fakes.clock import FakeClock
from tests.fakes.dynamodb import table_definition
from tests.functional.grants.deployment import (
    CLIENT_ID,
    CLIENT_SECRET,
    SHOP_PATH,
    SIGNING_KEY,
    Deployment,
    Gateway,
)
from tillbridge.runtime import aws, oauth, refresh
from tillbridge.runtime.container import Container
from tillbridge.runtime.settings import QUEUES, Settings, queue_variable


@contextmanager
def deployed(tls: TlsFiles, rules: int = 2026) -> Iterator[Deployment]:
    """Serve everything on this machine; ``rules`` is the year whose token server's rules hold."""
    now = datetime.now(UTC).replace(microsecond=0)  # answers carry the machine's own time, whatever the clocks say
    till = Lightspeed(TillSettings(items=5, rules=Rules.of(rules)), ManualClock(now))
    instruments = Instruments(clock=till.clock)
    shop = Shop(ShopSettings(base_path=SHOP_PATH, ca_file=str(tls.ca)))
    gateway = Gateway()
    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
        serve(gateway, tls=tls) as front,
        serve(build_till(till, instruments), tls=tls) as till_server,
        serve(build_shop(shop), tls=tls) as shop_server,
    ):
        till.clients.register(Client(CLIENT_ID, CLIENT_SECRET, f"{front.url}/connect/lightspeed/callback"))
        _forget_everything()
        for name, value in _environment(front.url, till_server.url, tls.ca).items():
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
            url=front.url,
            till_url=till_server.url,
            shop_url=f"{shop_server.url}{SHOP_PATH}",
            ca=str(tls.ca),
            clock=clock,
            faults=instruments.faults,
        )
        deployment.set_app()
        deployment.add_merchant()
        yield deployment
    _forget_everything()


def _environment(url: str, till_url: str, ca: Path | None) -> dict[str, str]:
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
        "LIGHTSPEED_AUTH_URL": till_url,
        "LIGHTSPEED_API_URL": till_url,
        "POWERTOOLS_METRICS_NAMESPACE": "Tillbridge",
        "POWERTOOLS_SERVICE_NAME": "tillbridge",
        **queues,
    }


def _forget_everything() -> None:
    for kept in (oauth.doors, refresh.token_refresh):
        kept.cache_clear()
