"""The outbox, in memory and in a table: sending leans on both behaving the same."""

import json
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.people import connection
from tests.fakes.stores import FakeOutbox, Memory
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.mail import KEPT, Mail, MailKind, MailState, Posted, reconnect_mail, recovered_mail
from tillbridge.store.keys import Key
from tillbridge.store.outbox import StoredOutbox
from tillbridge.store.table import Table

Outbox = FakeOutbox | StoredOutbox
MAIL = reconnect_mail(connection("c1"), "It was revoked.", "Connect again.")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stored(table: Table, table_name: str, clock: FakeClock) -> StoredOutbox:
    sqs = boto3.client("sqs", region_name="eu-central-1")
    url = sqs.create_queue(QueueName=f"{table_name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    return StoredOutbox(table, lambda: sqs, url, clock)


@pytest.fixture(params=["memory", "table"])
def outbox(request: pytest.FixtureRequest, clock: FakeClock) -> Outbox:
    if request.param == "memory":
        return FakeOutbox(Memory(), clock=clock)
    found: StoredOutbox = request.getfixturevalue("stored")
    return found


def woken(outbox: Outbox) -> list[tuple[str, str]]:
    """Take the wakes that were sent."""
    if isinstance(outbox, FakeOutbox):
        found, outbox.memory.mails_woken = outbox.memory.mails_woken, []
        return found
    sqs, found = outbox.client(), []
    while messages := sqs.receive_message(QueueUrl=outbox.queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            body = json.loads(message["Body"])
            found.append((body["merchant"], body["mail"]))
            sqs.delete_message(QueueUrl=outbox.queue_url, ReceiptHandle=message["ReceiptHandle"])
    return found


def there(outbox: Outbox, mail: Mail = MAIL) -> Posted:
    found = outbox.find(mail.merchant_id, mail.key)
    assert found is not None
    return found


def taken(outbox: Outbox) -> Posted:
    found = outbox.take(there(outbox), NOON)
    assert found is not None
    return found


def test_a_mail_waits_and_its_function_is_woken(outbox: Outbox) -> None:
    outbox.put(MAIL)
    assert there(outbox) == Posted(mail=MAIL, put_at=NOON, next_at=NOON)
    assert woken(outbox) == [("m1", MAIL.key)]
    assert outbox.find("m1", "another") is None


def test_the_same_key_twice_is_one_mail_and_wakes_again_while_it_waits(outbox: Outbox, clock: FakeClock) -> None:
    outbox.put(MAIL)
    outbox.close(replace(there(outbox), next_at=NOON + 60 * MINUTE))
    clock.advance(minutes=1)
    outbox.put(replace(MAIL, about={"cause": "another"}))
    assert there(outbox).mail == MAIL
    assert there(outbox).next_at == NOON + MINUTE
    assert len(woken(outbox)) == 2
    assert len(outbox.of_merchant("m1")) == 1


@pytest.mark.parametrize("state", [MailState.SENDING, MailState.SENT, MailState.FAILED])
def test_asking_again_for_what_is_under_way_or_done_does_nothing(outbox: Outbox, state: MailState) -> None:
    outbox.put(MAIL)
    woken(outbox)
    outbox.close(replace(there(outbox), state=state))
    outbox.put(MAIL)
    assert there(outbox).state is state
    assert woken(outbox) == []


def test_of_two_that_take_a_mail_one_gets_it(outbox: Outbox) -> None:
    outbox.put(MAIL)
    seen = there(outbox)
    first = outbox.take(seen, NOON)
    assert first is not None
    assert (first.state, first.attempts, first.next_at) == (MailState.SENDING, 1, NOON + 2 * MINUTE)
    assert there(outbox) == first
    assert outbox.take(seen, NOON) is None


def test_one_that_slept_through_its_lease_notes_nothing(outbox: Outbox) -> None:
    outbox.put(MAIL)
    sleeper = taken(outbox)
    second = taken(outbox)
    assert not outbox.close(replace(sleeper, state=MailState.FAILED))
    assert outbox.close(replace(second, state=MailState.SENT, sent_at=NOON))
    assert (there(outbox).state, there(outbox).sent_at) == (MailState.SENT, NOON)


def test_what_is_open_is_found_by_its_time(outbox: Outbox) -> None:
    other = recovered_mail(connection("c2"))
    outbox.put(MAIL)
    outbox.put(other)
    outbox.close(replace(there(outbox), next_at=NOON + MINUTE))
    assert outbox.due(NOON, 9) == [("m1", other.key)]
    assert outbox.due(NOON + MINUTE, 9) == [("m1", other.key), ("m1", MAIL.key)]
    assert outbox.due(NOON + MINUTE, 1) == [("m1", other.key)]
    outbox.close(replace(there(outbox), state=MailState.SENT))
    outbox.close(replace(there(outbox, other), state=MailState.FAILED, cause="x"))
    assert outbox.due(NOON + MINUTE, 9) == []


def test_everything_about_a_mail_is_kept(outbox: Outbox) -> None:
    outbox.put(MAIL)
    full = replace(
        there(outbox),
        mail=replace(MAIL, to="owner@example.com"),
        state=MailState.FAILED,
        attempts=0,
        sent_at=NOON,
        cause="why",
    )
    outbox.close(full)
    assert outbox.of_merchant("m1") == [full]
    assert outbox.of_merchant("m2") == []


def test_a_row_ends_by_itself(stored: StoredOutbox) -> None:
    stored.put(MAIL)
    row = stored.table.get(Key("M#m1", f"MAIL#{MAIL.key}"))
    assert row is not None
    assert row["expires_at"] == int((NOON + KEPT).timestamp())


def test_a_function_without_the_queue_says_so(stored: StoredOutbox) -> None:
    with pytest.raises(TillbridgeError, match="does not know the queue notify"):
        replace(stored, queue_url="").put(MAIL)


def test_no_address_is_shown() -> None:  # invariant 5
    assert "owner@" not in repr(Mail(MailKind.RECONNECT, "m1", "owner@example.com", {}, "key"))
