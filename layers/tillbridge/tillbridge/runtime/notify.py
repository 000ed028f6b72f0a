"""The composition root of ``notify``: sends the mails that its queue wakes it for."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tillbridge.domain.errors import InputError
from tillbridge.domain.mail import Letter, Mail
from tillbridge.domain.merchant import Merchant, System
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.notify import Delivery, Postman
from tillbridge.grants.link_signer import LinkSigner
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.store_connecting import StoredAttempts, StoredInvitations
from tillbridge.runtime import aws, observe
from tillbridge.runtime.cloud import Cloud
from tillbridge.runtime.mails.letters import LINKED, letter
from tillbridge.runtime.settings import Settings
from tillbridge.store.ses import Ses

COUNTED = {
    Delivery.SENT: "MailsSent",
    Delivery.LATER: "MailsLater",
    Delivery.FAILED: "MailsFailed",
    Delivery.UNSENT: "MailsUnsent",
    Delivery.NOTHING: "MailsSkipped",
}


class MailMessage(BaseModel):
    """``{"merchant", "mail"}``: whose mail, and its key. It never carries an address (invariant 5)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    merchant: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    mail: str = Field(min_length=1, max_length=256)


@dataclass(frozen=True, slots=True)
class Notify:
    """Serves the messages of the queue."""

    postman: Postman

    def serve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer an SQS event with the failures of its batch; trouble with a mail is none, it is kept with the mail."""
        processor = SqsFifoPartialProcessor(skip_group_on_error=True)
        processor.raise_on_entire_batch_failure = False
        failures = process_partial_response(
            event=event, record_handler=self._serve_one, processor=processor, context=context
        )
        return {"batchItemFailures": list(failures["batchItemFailures"])}

    def _serve_one(self, record: SQSRecord) -> None:
        try:
            message = read_message(record.body)
            delivery = self.postman.deliver(message.merchant, message.mail)
        except InputError as error:
            observe.trouble(error)
            observe.count(COUNTED[Delivery.NOTHING])
            return
        observe.count(COUNTED[delivery])
        observe.logger.info("Looked at a mail", extra={**message.model_dump(), "delivery": delivery.value})


def read_message(body: str) -> MailMessage:
    """Verify a message; ``InputError`` names the first field that is wrong."""
    try:
        return MailMessage.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "message"
        raise InputError(field, first["msg"], remedy="Only Tillbridge writes to this queue.") from None


@cache
def notify() -> Notify:
    """Build it once per process."""
    return build(Cloud(Settings.from_env()))


def build(parts: Cloud) -> Notify:
    """Put it together from a deployment's parts."""
    sender = parts.settings.mail_from
    return Notify(
        Postman(
            outbox=parts.outbox,
            merchants=parts.merchants,
            connections=parts.connections,
            write=partial(_write, _reception(parts)),
            carrier=Ses(aws.sesv2, sender) if sender else None,
            clock=parts.clock,
        )
    )


def _write(reception: Reception, mail: Mail, merchant: Merchant) -> Letter:
    return letter(mail, merchant.name, _fresh_link(reception, mail, merchant) if mail.kind in LINKED else {})


def _fresh_link(reception: Reception, mail: Mail, merchant: Merchant) -> Mapping[str, str]:
    """Make an invitation for the account that is connected already: approving it renews that connection."""
    invited = reception.invite(merchant, System(mail.about["system"]), mail.about.get("address", ""))
    return {"link": invited.link, "until": f"{invited.expires_at:%d %B %Y, %H:%M} UTC"}


def _reception(parts: Cloud) -> Reception:
    client, table = aws.dynamodb(), parts.settings.table
    secret_store = SecretsManager(aws.secrets(), parts.settings.kms_key)
    return Reception(
        invitations=StoredInvitations(client, table),
        attempts=StoredAttempts(client, table),
        merchants=parts.merchants,
        clock=parts.clock,
        new_token=partial(secrets.token_urlsafe, 32),
        sign=LinkSigner(secret_store, parts.clock, parts.settings.secret_prefix),
        public_url=parts.settings.public_url,
    )
