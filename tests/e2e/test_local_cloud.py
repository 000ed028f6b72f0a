"""The template, deployed as it is, on one machine."""

import json

import pytest
import requests

from local import sam
from local.cloud import LocalCloud
from tests.e2e.field import Field
from tillbridge.runtime.settings import QUEUES as EVERY_QUEUE

STACK = "tillbridge-local"
QUEUES = tuple(name for name in EVERY_QUEUE if name != "notify")


@pytest.fixture
def cloud(field: Field) -> LocalCloud:
    return field.cloud


def test_the_api_answers_over_tls_that_the_local_authority_vouches_for(cloud: LocalCloud) -> None:
    answer = requests.get(f"{cloud.public_url}/nowhere", verify=str(cloud.ca_file), timeout=10)
    assert answer.status_code == 403  # API Gateway's own answer where no route is
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{cloud.public_url}/nowhere", timeout=10)


def test_both_routes_reach_their_functions(cloud: LocalCloud) -> None:
    for method, path in (("GET", "connect/x"), ("POST", "connect/x"), ("POST", "hooks/woocommerce/x")):
        answer = requests.request(method, f"{cloud.public_url}/{path}", verify=str(cloud.ca_file), timeout=20)
        assert answer.headers.get("content-type") != "application/json" or answer.json() != {
            "message": "Missing Authentication Token"
        }
        assert answer.status_code != 502


def test_every_queue_has_its_dead_letters_and_its_function(cloud: LocalCloud) -> None:
    sqs, functions = cloud.client("sqs"), cloud.client("lambda")
    mapped = {
        mapping["EventSourceArn"].rpartition(":")[2]: mapping["State"]
        for mapping in functions.list_event_source_mappings()["EventSourceMappings"]
    }
    for name in QUEUES:
        url = sqs.get_queue_url(QueueName=f"{STACK}-{name}.fifo")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        assert json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"].endswith(f"{STACK}-{name}-dlq.fifo")
        assert mapped[f"{STACK}-{name}.fifo"] == "Enabled"


def test_the_schedules_are_on(cloud: LocalCloud) -> None:
    schedules = cloud.client("scheduler").list_schedules()["Schedules"]
    assert {schedule["Name"]: schedule["State"] for schedule in schedules} == {
        f"{STACK}-sync-scheduler": "ENABLED",
        f"{STACK}-token-refresh": "ENABLED",
    }


def test_deploying_again_does_nothing_when_nothing_has_changed(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = field.cloud
    monkeypatch.setattr(sam, "deploy", lambda *_: pytest.fail("it was deployed again"))
    monkeypatch.setattr(sam, "build", lambda _: json.loads(cloud.services.state.deployed)[0])
    before = dict(cloud.outputs)
    field.deploy()
    assert cloud.outputs == before
