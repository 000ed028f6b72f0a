"""Drops repeats: the same state of the same thing, told by the same shop within five minutes, is taken once.

Shops tell of one change several times (facts/woocommerce.md, "Web hooks"), under delivery ids that prove nothing. So a
repeat is recognised by what it says. The notes stand in the one table, ``HOOK | {connection}#{digest}``, and hold no
part of a delivery.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyAlreadyInProgressError

from tillbridge.flows.take_hook import Effect

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb import DynamoDBClient

REMEMBERED_SECONDS = 300


class Once:
    """Remembers for five minutes what was taken."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._notes = DynamoDBPersistenceLayer(
            table,
            key_attr="pk",
            sort_key_attr="sk",
            static_pk_value="HOOK",
            expiry_attr="expires_at",
            boto3_client=client,
        )

    def run(self, connection_id: str, said: str, work: Callable[[], Effect], context: "LambdaContext") -> Effect:
        """Do the work, unless it was done, or is being done, for the same saying of this connection.

        When the work fails its note is taken away again, so that a later delivery is no repeat.
        """
        config = IdempotencyConfig(
            expires_after_seconds=REMEMBERED_SECONDS,
            hash_function="sha256",
            lambda_context=context,
            response_hook=lambda _effect, _note: Effect.REPEATED.value,
        )
        guarded = idempotent_function(
            lambda *, said: work().value,  # noqa: ARG005  what makes it the same
            data_keyword_argument="said",
            persistence_store=self._notes,
            config=config,
            key_prefix=connection_id,
        )
        try:
            return Effect(guarded(said=said))
        except IdempotencyAlreadyInProgressError:
            return Effect.REPEATED
