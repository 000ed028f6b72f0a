"""From a grant that dies to the mail, and from connecting again to the second one, through the functions themselves."""

import importlib
import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from moto.backends import get_backend

from tests.conftest import PROJECT_ROOT
from tests.fakes.clock import FakeDeadline
from tests.fakes.permissions import allowed, noting_actions
from tests.functional.grants.deployment import Context, Deployment
from tillbridge.domain.mail import MailState
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.flows.notify import NO_SENDER, wake_waiting
from tillbridge.runtime import aws, notify
from tillbridge.runtime.operator_parts import evidence_of

SENDER, OWNER = "tillbridge@example.com", "owner@example.com"
OF_THE_MAPPING = {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}


@pytest.fixture
def told(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A merchant with an address and a connected till, and a deployment with a sender."""
    parts = deployment.parts
    parts.merchants.save(replace(parts.merchants.get("m1"), email=OWNER))
    aws.sesv2().create_email_identity(EmailIdentity=SENDER)
    sending(deployment, monkeypatch, SENDER)
    deployment.connect_till()
    return deployment


def sending(deployment: Deployment, monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    """Have the function send from this address."""
    deployment.parts.settings = replace(deployment.parts.settings, mail_from=sender)
    built = notify.build(deployment.parts)
    monkeypatch.setattr(importlib.import_module("functions.notify.app"), "notify", lambda: built)


def invoke(body: str) -> Any:
    event = json.loads((PROJECT_ROOT / "events" / "notify_reconnect.json").read_text())
    event["Records"][0]["body"] = body
    return importlib.import_module("functions.notify.app").handler(event, Context(function_name="notify"))


def serve(deployment: Deployment) -> list[Any]:
    """Serve what waits in the queue of mails; gives the answers."""
    url, answers = deployment.parts.settings.queue_urls["notify"], []
    while messages := aws.sqs().receive_message(QueueUrl=url).get("Messages"):
        answers.append(invoke(messages[0]["Body"]))
        aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
    return answers


def sent() -> list[Any]:
    return list(get_backend("sesv2")["123456789012"]["eu-central-1"].core_backend.sent_messages)


def revoke(deployment: Deployment) -> None:
    for grant in deployment.till.grants.all.values():
        deployment.till.grants.revoke(grant)
    deployment.advance(minutes=45)
    assert len(deployment.round.run(FakeDeadline()).broken) == 1


def test_a_dead_grant_leads_to_a_mail_whose_link_brings_everything_back(  # invariant 3
    told: Deployment, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []
    invite = type(told.doors.reception).invite

    def noting(*given: Any) -> Any:
        invited = invite(*given)
        links.append(invited.link)
        return invited

    monkeypatch.setattr(type(told.doors.reception), "invite", noting)
    revoke(told)
    assert serve(told) == [{"batchItemFailures": []}]
    (posted,) = told.parts.outbox.of_merchant("m1")
    assert (posted.state, posted.mail.to) == (MailState.SENT, OWNER)
    (first,) = sent()
    assert (first.source, first.destinations["ToAddresses"]) == (SENDER, [OWNER])
    assert first.subject == "Please connect Lightspeed Retail again"
    (link,) = links
    assert link.partition("=")[2] not in json.dumps(told.rows(), default=str)  # invariant 5
    told.sent()

    assert "renewed" in told.approve(link).words
    assert told.connections()[0].state is ConnectionState.ACTIVE
    serve(told)
    assert [entry.subject for entry in sent()[1:]] == ["Lightspeed Retail works again"]
    assert {json.loads(body)["lane"] for body in told.sent()} == {"stock", "catalogue"}
    assert OWNER not in log.getvalue()  # invariant 5
    assert "invitation=" not in log.getvalue()


def test_what_shows_the_cause_is_known_until_the_merchant_is_back(told: Deployment) -> None:
    name = told.connections()[0].connection_id
    assert evidence_of(told.parts, name) == ""
    revoke(told)
    assert "refresh_token has been revoked" in evidence_of(told.parts, name)
    assert told.grant(told.connections()[0]).pair.refresh.reveal() not in evidence_of(told.parts, name)  # invariant 5
    told.approve(told.invite(System.LIGHTSPEED))
    assert evidence_of(told.parts, name) == ""


def test_connecting_again_what_still_works_is_no_news(told: Deployment) -> None:
    told.approve(told.invite(System.LIGHTSPEED))
    assert told.parts.outbox.of_merchant("m1") == []


def test_a_mail_whose_wake_was_lost_goes_out_with_the_schedule(told: Deployment) -> None:
    revoke(told)
    told.sent()  # nobody serves it
    told.advance(minutes=1)
    assert wake_waiting(told.parts.outbox, told.clock.now()) == 1
    serve(told)
    assert len(sent()) == 1


def test_without_a_sender_the_mail_is_kept_with_the_reason(told: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    sending(told, monkeypatch, "")
    revoke(told)
    serve(told)
    (posted,) = told.parts.outbox.of_merchant("m1")
    assert (posted.state, posted.cause, sent()) == (MailState.FAILED, NO_SENDER, [])


def test_an_unverified_sender_is_the_operators_matter_and_tried_again(
    told: Deployment, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    sending(told, monkeypatch, "nobody@unverified.example")
    revoke(told)
    serve(told)
    (posted,) = told.parts.outbox.of_merchant("m1")
    assert posted.state is MailState.WAITING
    assert "@" not in posted.cause + log.getvalue()  # invariant 5


@pytest.mark.parametrize("body", ["", "{}", '{"merchant": "m1"}', '{"merchant": "../", "mail": "k"}'])
def test_a_message_that_nobody_can_read_is_dropped(told: Deployment, log: StringIO, body: str) -> None:  # invariant 7
    assert invoke(body) == {"batchItemFailures": []}
    assert "Only Tillbridge writes to this queue." in log.getvalue()


def test_a_mail_that_is_not_there_is_dropped(told: Deployment) -> None:
    assert invoke('{"merchant": "m1", "mail": "reconnect:x"}') == {"batchItemFailures": []}


def test_the_function_may_do_what_it_does_and_no_more(told: Deployment) -> None:
    revoke(told)
    with noting_actions() as asked:
        serve(told)
    assert {action for name, action in asked if name == "notify"} == allowed("notify") - OF_THE_MAPPING
