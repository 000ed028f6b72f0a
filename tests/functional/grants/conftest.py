"""A deployment to connect to, with nobody connected yet."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from moto import mock_aws

from sandbox.common.certificates import make_certificates
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
from tests.functional.grants.deployment import CLIENT_ID, CLIENT_SECRET, SHOP_PATH, Deployment, Gateway
from tillbridge.runtime import aws, oauth, observe, refresh
from tillbridge.runtime.container import Container
from tillbridge.runtime.settings import QUEUES, Settings, queue_variable

template_table = cache(table_definition)


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def rules() -> int:
    """The year whose token server's rules hold; tests choose another by parameter."""
    return 2026


@pytest.fixture
def deployment(tls: TlsFiles, monkeypatch: pytest.MonkeyPatch, rules: int) -> Iterator[Deployment]:
    now = datetime.now(UTC).replace(microsecond=0)  # answers carry the machine's own time, whatever the clocks say
    till = Lightspeed(TillSettings(items=5, rules=Rules.of(rules)), ManualClock(now))
    instruments = Instruments(clock=till.clock)
    shop = Shop(ShopSettings(base_path=SHOP_PATH, ca_file=str(tls.ca)))
    gateway = Gateway()
    with (
        mock_aws(),
        serve(gateway, tls=tls) as front,
        serve(build_till(till, instruments), tls=tls) as till_server,
        serve(build_shop(shop), tls=tls) as shop_server,
    ):
        till.clients.register(Client(CLIENT_ID, CLIENT_SECRET, f"{front.url}/connect/lightspeed/callback"))
        _forget_everything()
        for name, value in _environment(front.url, till_server.url, tls.ca).items():
            monkeypatch.setenv(name, value)
        parts = Container(Settings.from_env())
        clock = FakeClock(now)
        parts.__dict__["clock"] = clock  # before anything asks for the machine's
        monkeypatch.setattr(oauth, "GrantParts", lambda _: parts)
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


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Catch what the functions log."""
    caught, handler = StringIO(), observe.logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(caught)
    yield caught
    handler.setStream(before)


def _environment(url: str, till_url: str, ca: Path | None) -> dict[str, str]:
    """Make the table and the queues, and name everything as the template does."""
    aws.dynamodb().create_table(TableName="tillbridge", **template_table())
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
