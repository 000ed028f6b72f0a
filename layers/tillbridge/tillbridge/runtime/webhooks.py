"""The composition root of ``webhook_intake``: verify a shop's web hook, drop repeats, wake whoever has to look.

It has parts of its own, because the container of the lanes knows much that is not needed here: a shop waits for the
answer, and a cold start is part of its wait. For the same reason AWS is asked in haste: what does not answer within
half a second is asked once more, and then the shop is told to come again. It is told that a hook was taken only once
whoever has to look is woken.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyPersistenceLayerError
from botocore.exceptions import BotoCoreError, ClientError

from tillbridge.domain.errors import InputError, NotFoundError, RetryLaterError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection
from tillbridge.flows.take_hook import GENERATION, Effect, HookDesk
from tillbridge.grants.apps import AppBook
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.vault import Vault
from tillbridge.runtime import aws, observe
from tillbridge.runtime.app_signed import SIGNED_BY_APP, app_secrets
from tillbridge.runtime.clock import SystemClock
from tillbridge.runtime.hook_once import Once
from tillbridge.runtime.hook_readers import READERS, Told
from tillbridge.runtime.hook_requests import (
    UNPROVED,
    UNREADABLE,
    HookRequest,
    NoHooksHereError,
    answer,
    read_request,
    refusal,
)
from tillbridge.runtime.settings import Settings
from tillbridge.store.connections import StoredConnections
from tillbridge.store.errors import ServiceBusyError
from tillbridge.store.lanes import SqsLanes
from tillbridge.store.marks import StoredMarks
from tillbridge.store.patience import ONCE_MORE, passes
from tillbridge.store.shelves import StoredShelves
from tillbridge.store.table import Table

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

RECEIVED = "HookReceived"
FAILED = "HookFailed"
REFUSED = "HookRefused"
NOT_UNDERSTOOD = "HookUnreadable"


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes web hooks. Bodies and headers are never logged: they hold customers' data (invariant 5)."""

    connections: StoredConnections
    secrets: HookSecrets
    vault: Vault
    apps: AppBook
    desk: HookDesk
    once: Once
    nobodys: Secret = field(default_factory=lambda: Secret(secrets.token_hex(32)))

    def take(self, event: Mapping[str, Any], context: "LambdaContext") -> dict[str, Any]:
        """Answer one call: 200 once nothing is left to do, 4xx when it is not to be believed, 503 when not now."""
        observe.count(RECEIVED)
        connection = None
        try:
            request = read_request(event)
            connection = self._connection(request)
            return self._take(connection, request, context)
        except InputError as error:
            observe.count(NOT_UNDERSTOOD if error.code == UNREADABLE else REFUSED)
            observe.trouble(error, connection)
            return refusal(error)
        except RetryLaterError as error:
            return _not_now(error, connection)
        except (ClientError, BotoCoreError, IdempotencyPersistenceLayerError) as error:
            if not passes(error) and not passes(error.__cause__):
                raise
            return _not_now(ServiceBusyError("AWS did not answer in time."), connection)

    def _connection(self, request: HookRequest) -> Connection:
        try:
            connection = self.connections.get(request.connection_id)
        except NotFoundError:
            raise NoHooksHereError from None
        if connection.system is not request.system or not connection.working or request.system not in READERS:
            raise NoHooksHereError
        return connection

    def _take(self, connection: Connection, request: HookRequest, context: "LambdaContext") -> dict[str, Any]:
        told = self._read(connection, request)
        effect = self._effect(connection, told, context) if told else Effect.GREETED
        observe.count(effect.value)
        observe.logger.info("A web hook was taken", extra={**observe.about(connection), "effect": effect.value})
        return answer(HTTPStatus.OK)

    def _read(self, connection: Connection, request: HookRequest) -> Told | None:
        """Verify with the shop's secret; a shop that has none is measured by one that nobody knows.

        While its hooks move from one secret to the next there are two of them.
        """
        *first, last = self._accepted(connection) or (self.nobodys,)
        read = READERS[request.system]
        for secret in first:
            try:
                return read(request.headers, request.body, secret)
            except InputError as error:
                if error.code not in UNPROVED:
                    raise
        return read(request.headers, request.body, last)

    def _accepted(self, connection: Connection) -> Sequence[Secret]:
        if connection.system in SIGNED_BY_APP:
            return app_secrets(self.vault, self.apps, connection)
        return self.secrets.accepted(connection.place, connection.traits.get(GENERATION, ""))

    def _effect(self, connection: Connection, told: Told, context: "LambdaContext") -> Effect:
        return self.once.run(
            connection.connection_id, told.said, lambda: self.desk.take(connection, told.hook), context
        )


def _not_now(error: RetryLaterError, connection: Connection | None) -> dict[str, Any]:
    observe.count(FAILED)
    observe.trouble(error, connection)
    return answer(HTTPStatus.SERVICE_UNAVAILABLE)


@cache
def intake() -> Intake:
    """Build the intake once per process."""
    settings, clock = Settings.from_env(), SystemClock()
    dynamodb = aws.dynamodb(aws.IN_HASTE)
    table = Table(dynamodb, settings.table, clock, ONCE_MORE)
    store = SecretsManager(aws.secrets(aws.IN_HASTE), settings.kms_key)
    lanes = SqsLanes(aws.sqs(aws.IN_HASTE), settings.queue_urls, clock, pauses=ONCE_MORE)
    return Intake(
        connections=StoredConnections(table),
        secrets=HookSecrets.of(store, clock, settings.secret_prefix),
        vault=Vault(store, clock, settings.secret_prefix),
        apps=AppBook(store, clock, settings.secret_prefix),
        desk=HookDesk(StoredShelves(table), StoredMarks(table), lanes, clock),
        once=Once(dynamodb, settings.table),
    )
