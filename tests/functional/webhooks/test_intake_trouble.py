"""What a shop is told while the cloud is in trouble: to come again, and soon."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
from botocore.exceptions import ReadTimeoutError

from tests.functional.webhooks.backroom import Cloud
from tests.functional.webhooks.gateway import sample
from tests.functional.webhooks.silence import Silence
from tests.functional.webhooks.test_intake import take, with_shop
from tests.functional.webhooks.watch import Watch
from tillbridge.runtime import aws, webhooks
from tillbridge.runtime.hook_requests import answer
from tillbridge.runtime.webhooks import intake
from tillbridge.store.errors import ServiceBusyError
from tillbridge.store.lanes import SqsLanes


@pytest.fixture
def cloud(cloud: Cloud) -> Cloud:
    return with_shop(cloud)


@pytest.fixture
def sent(cloud: Cloud, project_root: Path) -> Callable[[str], dict[str, Any]]:
    """Send a sample."""
    return lambda name: take(sample(project_root, name))


@pytest.fixture
def silence() -> Iterator[Silence]:
    """Open a service that takes connections and never says a word."""
    with Silence() as opened:
        yield opened


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "secrets"])
def test_a_shop_is_not_kept_waiting_for_a_service_that_does_not_answer(
    sent: Any, cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch, silence: Silence, service: str
) -> None:  # invariant 4
    """It is asked twice at most, for half a second each, and the same delivery is no repeat later."""
    with monkeypatch.context() as patch:
        patch.setattr(aws, service, silence.of(service))
        intake.cache_clear()
        assert (sent("order_updated")["statusCode"], silence.asked <= 2) == (503, True)
    intake.cache_clear()
    assert sent("order_updated")["statusCode"] == 200
    assert (watch.effects(), cloud.wakes()) == (["HookFailed", "HookOrders"], [("stock", "orders")])


@pytest.mark.parametrize("at", ["_put_record", "_update_record", "_delete_record"])
def test_a_note_that_cannot_be_written_is_a_reason_to_come_later(
    sent: Any, cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(DynamoDBPersistenceLayer, at, _silent)
        if at == "_delete_record":
            patch.setattr("tillbridge.store.lanes.SqsLanes.wake", _busy)
        assert sent("order_updated")["statusCode"] == 503
    assert watch.effects() == ["HookFailed"]


def test_a_hook_is_queued_before_it_is_answered(
    sent: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:  # invariant 4
    """What the queue has not taken is not told as taken, whatever else was done by then."""
    order: list[str] = []
    send = SqsLanes._send_batch

    def sending(lanes: SqsLanes, url: str, entries: Any) -> Any:
        left = send(lanes, url, entries)
        order.append("queued")
        return left

    def answering(status: Any) -> Any:
        order.append("answered")
        return answer(status)

    monkeypatch.setattr(SqsLanes, "_send_batch", sending)
    monkeypatch.setattr(webhooks, "answer", answering)
    sent("order_updated")
    assert order == ["queued", "answered"]


def _silent(*_: object, **__: object) -> None:
    raise ReadTimeoutError(endpoint_url="https://dynamodb.example")


def _busy(*_: object) -> None:
    raise ServiceBusyError("The queue is busy.")
