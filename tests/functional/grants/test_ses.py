"""Letters on their way through SES, with an AWS fake and with each of SES's refusals."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws
from moto.backends import get_backend

from tillbridge.domain.errors import DoubtfulWriteError, InputError, RetryLaterError, SystemDownError, ThrottledError
from tillbridge.domain.mail import Letter, MailKind
from tillbridge.runtime import aws
from tillbridge.runtime.mails.letters import sample
from tillbridge.store.ses import OPERATORS, Ses

SENDER, LETTER = "tillbridge@example.com", sample(MailKind.RECONNECT)


class Refusing:
    """A client whose requests fail."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_email(self, **_: Any) -> None:
        raise self.error


def refusal(code: str, told: str = "owner@example.com is not verified", status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": told}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "SendEmail")


def test_both_parts_reach_the_recipient() -> None:
    with mock_aws():
        client: Any = boto3.Session().client("sesv2")
        client.create_email_identity(EmailIdentity=SENDER)
        Ses(lambda: client, SENDER).send(LETTER)
        (sent,) = get_backend("sesv2")["123456789012"]["eu-central-1"].core_backend.sent_messages
        assert (sent.source, sent.destinations["ToAddresses"], sent.subject) == (SENDER, [LETTER.to], LETTER.subject)


def test_the_client_never_sends_twice_by_itself() -> None:
    assert aws.sesv2().meta.config.retries["total_max_attempts"] == 1


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (refusal("TooManyRequestsException", status=429), ThrottledError),
        (refusal("LimitExceededException"), ThrottledError),
        (refusal("BadRequestException"), InputError),
        (refusal("InternalServiceErrorException", status=500), SystemDownError),
        (refusal(""), SystemDownError),
        (EndpointConnectionError(endpoint_url="https://ses"), SystemDownError),
        (ReadTimeoutError(endpoint_url="https://ses"), DoubtfulWriteError),
        *((refusal(code), RetryLaterError) for code in OPERATORS),
    ],
)
def test_every_refusal_has_its_family_and_shows_no_address(error: Exception, family: type[Exception]) -> None:
    with pytest.raises(family) as caught:
        Ses(lambda: Refusing(error), SENDER).send(LETTER)
    assert "@" not in str(caught.value)  # invariant 5
    assert caught.value.__context__ is None or "@" not in str(caught.value.__cause__)


def test_what_only_the_operator_can_mend_names_the_remedy() -> None:
    with pytest.raises(RetryLaterError) as caught:
        Ses(lambda: Refusing(refusal("MessageRejected")), SENDER).send(LETTER)
    assert "Verify the sender" in caught.value.remedy


def test_a_letter_hides_what_lets_somebody_in() -> None:  # invariant 5
    letter = Letter("owner@example.com", "subject", "https://secret", "<a>https://secret</a>")
    assert "secret" not in repr(letter)
    assert "owner" not in repr(letter)
