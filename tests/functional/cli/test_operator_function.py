"""The deployed function's own handler, over a table, queues and a vault in this process (moto)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from functions.operator.app import handler
from tests.fakes.dynamodb import create_table
from tests.fakes.people import place
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.stored import StoredKeys
from tillbridge.runtime import aws, operator_parts
from tillbridge.runtime.container import Container
from tillbridge.runtime.settings import QUEUES, Settings, queue_variable
from tillbridge.systems.http import AddressPolicy

CACHED = (aws.dynamodb, aws.sqs, aws.secrets, aws.cloudwatch, operator_parts.desks)


@dataclass
class Context:
    """What Lambda gives a function to know about itself."""

    function_name: str = "tillbridge-staging-operator"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:tillbridge-staging-operator"
    aws_request_id: str = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 55_000


def make_queue(name: str) -> str:
    made = aws.sqs().create_queue(QueueName=f"tillbridge-staging-{name}.fifo", Attributes={"FifoQueue": "true"})
    return made["QueueUrl"]


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    with mock_aws():
        for name, value in {
            "TILLBRIDGE_ENVIRONMENT": "staging",
            "TILLBRIDGE_TABLE": "tillbridge-staging",
            "TILLBRIDGE_PUBLIC_URL": "https://bridge.example",
        }.items():
            monkeypatch.setenv(name, value)
        for cached in CACHED:
            cached.cache_clear()
        create_table(aws.dynamodb(), "tillbridge-staging")
        for name in QUEUES:
            make_queue(f"{name}-dlq")
            monkeypatch.setenv(queue_variable(name), make_queue(name))
        yield operator_parts.OperatorContainer(Settings.from_env())
        for cached in CACHED:
            cached.cache_clear()


def ask(command: str, **arguments: Any) -> dict[str, Any]:
    context: Any = Context()
    answer: dict[str, Any] = json.loads(json.dumps(handler({"command": command, "arguments": arguments}, context)))
    return answer


def refused(command: str, **arguments: Any) -> dict[str, Any]:
    answer = ask(command, **arguments)
    assert answer["ok"] is False
    error: dict[str, Any] = answer["error"]
    return error


def add_connections(deployment: Container, merchant: str) -> None:
    now = deployment.clock.now()
    for name, system in (("till-1", System.LIGHTSPEED), ("shop-1", System.WOOCOMMERCE)):
        deployment.connections.add(
            Connection(
                connection_id=name,
                merchant_id=merchant,
                system=system,
                account_id=name,
                address="" if system.is_till else "https://shop.example.com",
                created_at=now,
                changed_at=now,
            )
        )
        now += timedelta(seconds=1)


def woken(name: str) -> list[tuple[str, str]]:
    url = aws.sqs().get_queue_url(QueueName=f"tillbridge-staging-{name}.fifo")["QueueUrl"]
    messages = aws.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    bodies = [json.loads(message["Body"]) for message in messages]
    return [(body["connection"], body["task"]) for body in bodies]


def test_a_merchant_lives_in_the_table(deployment: Container) -> None:
    assert ask("merchant-add", merchant="alpine", name="Alpine Café 🏔")["ok"]
    assert refused("merchant-add", merchant="alpine", name="Again")["family"] == "input"
    assert [one["name"] for one in ask("merchant-list")["result"]] == ["Alpine Café 🏔"]
    changed = ask("merchant-settings", merchant="alpine", changes={"safety_stock": "2"})["result"]
    assert changed["changed"] == ["safety_stock"]
    assert deployment.merchants.get("alpine").settings.safety_stock == 2


def test_a_sync_wakes_the_queues_and_leaves_a_note_behind(deployment: Container) -> None:
    ask("merchant-add", merchant="alpine", name="Alpine")
    assert refused("sync")["family"] == "not_found"
    add_connections(deployment, "alpine")
    assert ask("sync")["result"]["reads_everything"]
    assert woken("pull-catalogue") == [("till-1", "full"), ("till-1", "note")]
    assert woken("woocommerce-stock") == [("shop-1", "orders"), ("shop-1", "note")]


def test_status_connections_errors_and_queues_are_answered(deployment: Container) -> None:
    ask("merchant-add", merchant="alpine", name="Alpine")
    add_connections(deployment, "alpine")
    (status,) = ask("status")["result"]
    assert [one["connection"]["connection"] for one in status["connections"]] == ["till-1", "shop-1"]
    assert [one["state"] for one in ask("connections")["result"]] == ["active", "active"]
    assert ask("errors")["result"] == []
    assert {one["queue"]: one["waiting"] for one in ask("queues")["result"]} == dict.fromkeys(QUEUES, 0)
    assert refused("item", sku="MUG")["family"] == "not_found"
    assert refused("retry", keys=["I1"])["family"] == "not_found"
    assert ask("retry")["result"] == []


def test_a_redrive_goes_through_the_real_queues(deployment: Container) -> None:
    url = aws.sqs().get_queue_url(QueueName="tillbridge-staging-pull-stock-dlq.fifo")["QueueUrl"]
    aws.sqs().send_message(QueueUrl=url, MessageBody="{}", MessageGroupId="c1", MessageDeduplicationId="1")
    assert ask("redrive", queue="pull-stock")["result"] == {"queue": "pull-stock", "moved": 1, "left": 0}
    assert refused("redrive", queue="pull-prices")["family"] == "not_found"


def test_an_invitation_leads_to_our_own_page(deployment: Container) -> None:
    ask("merchant-add", merchant="alpine", name="Alpine")
    SecretsManager(aws.secrets()).write("tillbridge/staging/sign/invitations", "a key", 1)
    link = ask("connect", system="lightspeed")["result"]["link"]
    assert link.startswith("https://bridge.example/connect/")
    token = link.rpartition("=")[2]
    assert token not in json.dumps(aws.dynamodb().scan(TableName="tillbridge-staging")["Items"])  # invariant 5


def test_keys_for_an_address_that_is_never_called_are_gone_and_kept_nowhere(  # invariant 5  # invariant 7
    deployment: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AddressPolicy, "addresses", lambda *_: pytest.fail("no name may be looked up"))
    ask("merchant-add", merchant="alpine", name="Alpine")
    name = f"tillbridge/staging/pending/{'n' * 24}"
    keys = StoredKeys.of(ShopKeys.woocommerce(Secret("ck_live"), Secret("cs_live")), 1).content()
    SecretsManager(aws.secrets()).write(name, keys, 1)
    error = refused(
        "connect-with-keys", system="woocommerce", address="http://169.254.169.254/latest", pending="n" * 24
    )
    assert error["field"] == "address"
    assert "live" not in json.dumps(error)
    assert aws.secrets().list_secrets()["SecretList"] == []


def test_a_disconnected_shop_keeps_nothing_in_the_vault(deployment: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("merchant-add", merchant="alpine", name="Alpine")
    add_connections(deployment, "alpine")
    deployment.credentials.vault.replace_keys(
        place("shop-1", "alpine", System.WOOCOMMERCE), ShopKeys.woocommerce(Secret("ck_live"), Secret("cs_live"))
    )
    monkeypatch.setattr(operator_parts, "take_hooks_away", lambda _, __: None)
    ended = ask("disconnect", connection="shop-1")["result"]
    assert (ended["state"], "Delete the key" in ended["remedy"]) == ("disconnected", True)
    assert aws.secrets().list_secrets()["SecretList"] == []
    assert refused("disconnect", connection="shop-1")["family"] == "not_found"
