"""Hands letters to SES (version 2 of its API).

SES knows no idempotency: a request whose answer is lost may have gone out. So the client never repeats by itself
(``runtime.aws``), and whoever repeats knows about it. No text of SES reaches a log or a row: it quotes addresses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

from tillbridge.domain.errors import DoubtfulWriteError, InputError, RetryLaterError, SystemDownError, ThrottledError
from tillbridge.domain.mail import Letter
from tillbridge.store.patience import code_of

TOO_OFTEN = frozenset({"LimitExceededException", "ThrottlingException", "TooManyRequestsException"})
OPERATORS = {
    "AccountSuspendedException": "SES has suspended this account's sending; look into its reputation dashboard.",
    "SendingPausedException": "Sending is paused in SES; look into its reputation dashboard.",
    "MailFromDomainNotVerifiedException": "Verify the domain of the sender in SES.",
    "MessageRejected": "Verify the sender in SES. As long as the account is in the sandbox, recipients too.",
    "AccessDeniedException": "The function may not use the sender's identity; see MailFrom in docs/deploy.md.",
}


class SesClient(Protocol):
    """As much of boto3's client as is used."""

    def send_email(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        """Send."""
        ...


@dataclass(frozen=True, slots=True)
class Ses:
    """Implements ``flows.notify.Carrier``; ``sender`` is an identity that SES has verified."""

    client: Callable[[], SesClient]
    sender: str

    def send(self, letter: Letter) -> None:
        """Send; ``RetryLaterError`` when it may go out later, ``InputError`` when the address cannot be right."""
        try:
            self.client().send_email(**_request(self.sender, letter))
        except ClientError as error:
            trouble = _refused(code_of(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        except (ConnectTimeoutError, EndpointConnectionError):
            trouble = SystemDownError("SES could not be reached.")
        except BotoCoreError as error:
            trouble = DoubtfulWriteError(f"SES gave no answer ({type(error).__name__}); the mail may have gone out.")
        else:
            return
        raise trouble


def _request(sender: str, letter: Letter) -> dict[str, Any]:
    def part(text: str) -> dict[str, str]:
        return {"Data": text, "Charset": "UTF-8"}

    body = {"Text": part(letter.text), "Html": part(letter.html)}
    return {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [letter.to]},
        "Content": {"Simple": {"Subject": part(letter.subject), "Body": body}},
    }


def _refused(code: str, status: int) -> RetryLaterError | InputError:
    if code in TOO_OFTEN:
        return ThrottledError(f"SES takes no more mails just now ({code}).", code="MailThrottled")
    if code in OPERATORS:
        return RetryLaterError(f"SES did not take the mail ({code}).", remedy=OPERATORS[code], code="MailRefused")
    if code == "BadRequestException":
        return InputError(
            "email",
            "SES cannot send to this address.",
            remedy="Give the merchant another one: tillbridge merchant contact.",
            code="BadMailAddress",
        )
    return SystemDownError(f"SES failed with {code or 'an error'} (status {status}).", code="MailFailed")
