"""The function as deployed, on AWS in this process."""

import io
from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from functions.webhook_intake import app
from sandbox.common.server import TlsFiles
from tests.fakes.clock import FakeClock
from tests.fakes.dynamodb import create_table
from tests.fakes.repositories import in_table
from tests.functional.webhooks.backroom import ROOT, SHOP_PLACE, Backroom, Cloud, add_people, backroom
from tests.functional.webhooks.gateway import Gateway
from tests.functional.webhooks.watch import Watch
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.runtime import aws, observe
from tillbridge.runtime.clock import SystemClock
from tillbridge.runtime.settings import QUEUES, queue_variable
from tillbridge.runtime.webhooks import intake

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

_numbers = count(1)


@pytest.fixture(scope="module")
def clients() -> Iterator[Any]:
    """Give clients of an AWS that ends with the file, because whoever else mocks AWS would meet what is in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        with mock_aws():
            yield {
                name: boto3.client(name, region_name="eu-central-1") for name in ("dynamodb", "sqs", "secretsmanager")
            }


@pytest.fixture
def dynamodb(clients: Any) -> "DynamoDBClient":
    client: DynamoDBClient = clients["dynamodb"]
    return client


@pytest.fixture
def cloud(clients: Any, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Make table and queues, and the function's surroundings; each test has its own."""
    number = next(_numbers)
    table = f"hooks-{number}"
    create_table(dynamodb, table)
    sqs: SQSClient = clients["sqs"]
    vault: SecretsManagerClient = clients["secretsmanager"]
    urls = {
        name: sqs.create_queue(QueueName=f"{number}-{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for name in QUEUES
    }
    monkeypatch.setenv("TILLBRIDGE_ENVIRONMENT", "local")
    monkeypatch.setenv("TILLBRIDGE_TABLE", table)
    for name, url in urls.items():
        monkeypatch.setenv(queue_variable(name), url)
    for name, client in (("dynamodb", dynamodb), ("sqs", sqs), ("secrets", vault)):
        monkeypatch.setattr(aws, name, lambda *_, client=client: client)
    intake.cache_clear()
    secrets = HookSecrets.of(SecretsManager(vault), SystemClock(), "tillbridge/local/")
    made = Cloud(sqs, urls, in_table(dynamodb, table, FakeClock()), secrets)
    add_people(made)
    yield made
    secrets.forget_own(SHOP_PLACE)
    secrets.store.delete(ROOT)
    intake.cache_clear()


@pytest.fixture
def room(tls: TlsFiles, cloud: Cloud) -> Iterator[Backroom]:
    with backroom(tls, cloud, Gateway(app.handler)) as opened:
        yield opened


@pytest.fixture
def watch(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """See what the function prints: its log lines, down to the smallest, and its metrics."""
    log = io.StringIO()
    monkeypatch.setattr(observe.logger.registered_handler, "stream", log)
    level = observe.logger.log_level
    observe.logger.setLevel("DEBUG")
    yield Watch(log, capfd)
    observe.logger.setLevel(level)


@pytest.fixture
def rows(cloud: Cloud, dynamodb: "DynamoDBClient") -> Callable[[], Any]:
    """Give everything in the table."""

    def scan() -> Any:
        name = intake().once._notes.table_name
        return sorted(dynamodb.scan(TableName=name)["Items"], key=str)

    return scan
