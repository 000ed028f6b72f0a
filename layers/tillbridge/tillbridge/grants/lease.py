"""The record ``C#{connection} | GRANT``: who may refresh now, and who has to be looked at when.

One refresher at a time::

    A  acquire: fence 7 -> 8, lease until T+45 s          (condition: fence still 7, no lease running)
    B  acquire: refused, A's lease runs; waits and looks again
    A  POST to the token server; the vault takes the new pair as version n+1
    A  settle: version n+1, lease gone                    (condition: version still below n+1)
    B  looks: the record says n+1; takes the pair from the vault

    A dies after acquire: B waits until the lease has run out, acquires with fence 9 and refreshes with the same token.
    A dies after the vault took the pair: whoever looks finds the vault ahead of the record and settles for A.
    A was only asleep and wakes when B is done: the vault refuses a second version n+1, so that A's pair is dropped, and
    A's `fail`, `release` or `die` is refused because the fence has moved on.

Every write is a single conditional update; no row is ever read, changed and written back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tillbridge.domain.grant import DueGrant, Grant
from tillbridge.domain.merchant import Place, System
from tillbridge.grants import rows
from tillbridge.grants.record import Death, DeathCause, GrantRecord, due_at, shard_of
from tillbridge.grants.timing import LEASE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SORT_KEY, INDEX = "GRANT", "gsi2"
_NO_LONGER = "lease_until, retry_at, doubt_at, dead_at, dead_cause, dead_evidence, problem"
_FREE = "(attribute_not_exists(lease_until) OR lease_until <= :now)"
_MINE = "fence = :fence"


@dataclass(frozen=True, slots=True)
class GrantRecords:
    """The records of all grants, in the one table."""

    client: "DynamoDBClient"
    table: str

    def read(self, connection_id: str) -> GrantRecord | None:
        """Read a record, consistently."""
        answer = self.client.get_item(TableName=self.table, Key=_key(connection_id), ConsistentRead=True)
        return _record(answer["Item"]) if "Item" in answer else None

    def begin(self, place: Place, look_at: datetime) -> None:
        """Make a record before anything is put into the vault, so that nothing is ever forgotten there."""
        item = {
            **_key(place.connection_id),
            "merchant": rows.of_text(place.merchant_id),
            "system": rows.of_text(place.system.value),
            "fence": rows.of_number(0),
            "grant_version": rows.of_number(0),
            **_index(place.connection_id, look_at),
        }
        try:
            self.client.put_item(TableName=self.table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            if not rows.condition_failed(error):
                raise

    def acquire(self, record: GrantRecord, now: datetime) -> GrantRecord | None:
        """Take the lease and count an attempt; ``None`` when somebody else has changed the record meanwhile."""
        held = record.attempting(now, fence=record.fence + 1)
        changed = self._update(
            record.connection_id,
            "SET fence = :next, lease_until = :until, attempts = :attempts, doubt_at = if_not_exists(doubt_at, :now)",
            f"{_MINE} AND grant_version = :version AND {_FREE}",
            {
                ":fence": rows.of_number(record.fence),
                ":version": rows.of_number(record.version),
                ":next": rows.of_number(held.fence),
                ":until": rows.of_moment(now + LEASE),
                ":attempts": rows.of_moments(held.attempts),
                ":now": rows.of_moment(now),
            },
        )
        return held if changed else None

    def extend(self, held: GrantRecord, now: datetime) -> GrantRecord | None:
        """Keep the lease for one more attempt; ``None`` when it was lost."""
        longer = held.attempting(now, fence=held.fence)
        changed = self._update(
            held.connection_id,
            "SET lease_until = :until, attempts = :attempts",
            _MINE,
            {
                ":fence": rows.of_number(held.fence),
                ":until": rows.of_moment(now + LEASE),
                ":attempts": rows.of_moments(longer.attempts),
            },
        )
        return longer if changed else None

    def settle(self, connection_id: str, grant: Grant) -> None:
        """Note the pair that the vault holds; whoever finds the record behind does it. Ends lease, pause and death.

        A pair of a new authorisation also ends what was noted of the employee who gave the former one.
        """
        ends = _NO_LONGER if grant.predecessor else f"{_NO_LONGER}, forbidden_at, forbidden"
        self._update(
            connection_id,
            "SET grant_version = :version, obtained_at = :obtained, fence = fence + :one, failures = :none,"
            " gsi2pk = :gsi2pk, gsi2sk = :gsi2sk"
            f" REMOVE {ends}",
            "grant_version < :version",
            {
                ":version": rows.of_number(grant.version),
                ":obtained": rows.of_moment(grant.pair.obtained_at),
                ":one": rows.of_number(1),
                ":none": rows.of_number(0),
                **_prefixed(_index(connection_id, due_at(connection_id, grant.pair))),
            },
        )

    def forbid(self, connection_id: str, at: datetime, what: str) -> None:
        """Note that the till did not let us read something: it may say why the grant dies later."""
        self._update(
            connection_id,
            "SET forbidden_at = :at, forbidden = :what",
            "sk = :sk",
            {":sk": rows.of_text(SORT_KEY), ":at": rows.of_moment(at), ":what": rows.of_text(what)},
        )

    def fail(self, held: GrantRecord, retry_at: datetime, problem: str, *, doubt: bool) -> None:
        """Note a failure that ends nothing, and give the lease back."""
        self._update(
            held.connection_id,
            "SET failures = :failures, retry_at = :retry, problem = :problem, gsi2sk = :retry"
            f" REMOVE {_given_back(held, doubt=doubt)}",
            _MINE,
            {
                ":fence": rows.of_number(held.fence),
                ":failures": rows.of_number(held.failures + 1),
                ":retry": rows.of_moment(retry_at),
                ":problem": rows.of_text(problem),
            },
        )

    def release(self, held: GrantRecord) -> None:
        """Give the lease back; nothing was sent."""
        self._update(
            held.connection_id,
            f"REMOVE {_given_back(held, doubt=False)}",
            _MINE,
            {":fence": rows.of_number(held.fence)},
        )

    def die(self, held: GrantRecord, death: Death) -> bool:
        """Note that this very pair is dead; nothing is deleted. Tells whether it is noted."""
        return self._update(
            held.connection_id,
            "SET dead_at = :at, dead_cause = :cause, dead_evidence = :evidence"
            " REMOVE lease_until, retry_at, gsi2pk, gsi2sk",
            f"{_MINE} AND grant_version = :version",
            {
                ":fence": rows.of_number(held.fence),
                ":version": rows.of_number(held.version),
                ":at": rows.of_moment(death.at),
                ":cause": rows.of_text(death.cause.value),
                ":evidence": rows.of_text(death.evidence),
            },
        )

    def look_again(self, connection_id: str, due_at: datetime, at: datetime) -> None:
        """Have ``token_refresh`` look at it at another time, unless that has changed meanwhile."""
        self._update(
            connection_id,
            "SET gsi2sk = :at",
            "gsi2sk = :due",
            {":at": rows.of_moment(at), ":due": rows.of_moment(due_at)},
        )

    def look(self, connection_id: str, at: datetime) -> None:
        """Have ``token_refresh`` look at it, whatever was planned."""
        index = _prefixed(_index(connection_id, at))
        changes = "SET gsi2pk = :gsi2pk, gsi2sk = :gsi2sk"
        self._update(connection_id, changes, "sk = :sk", {":sk": rows.of_text(SORT_KEY), **index})

    def look_no_more(self, connection_id: str) -> None:
        """Take a grant that never has to be renewed out of the index."""
        self._update(connection_id, "REMOVE gsi2pk, gsi2sk", "sk = :sk", {":sk": rows.of_text(SORT_KEY)})

    def forget(self, connection_id: str) -> None:
        """Delete the record: the vault holds nothing of this connection any more."""
        self.client.delete_item(TableName=self.table, Key=_key(connection_id))

    def due(self, shard: int, now: datetime, limit: int) -> Sequence[DueGrant]:
        """List the grants of one part of the index that have to be looked at, longest due first."""
        answer = self.client.query(
            TableName=self.table,
            IndexName=INDEX,
            KeyConditionExpression="gsi2pk = :shard AND gsi2sk <= :now",
            ExpressionAttributeValues={":shard": rows.of_text(_shard(shard)), ":now": rows.of_moment(now)},
            Limit=limit,
        )
        return [_due(row) for row in answer["Items"]]

    def _update(self, connection_id: str, expression: str, condition: str, values: "rows.Values") -> bool:
        """Change a record if it is as expected, and tell whether it was."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(connection_id),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if rows.condition_failed(error):
                return False
            raise
        return True


def _key(connection_id: str) -> "rows.Values":
    return {"pk": rows.of_text(f"C#{connection_id}"), "sk": rows.of_text(SORT_KEY)}


def _shard(shard: int) -> str:
    return f"REFRESH#{shard}"


def _index(connection_id: str, at: datetime) -> "rows.Values":
    return {"gsi2pk": rows.of_text(_shard(shard_of(connection_id))), "gsi2sk": rows.of_moment(at)}


def _given_back(held: GrantRecord, *, doubt: bool) -> str:
    """Name what goes when the lease is given back. A doubt that was there before stays until a pair has come."""
    return "lease_until" if doubt or held.doubt_at else "lease_until, doubt_at"


def _prefixed(values: "rows.Values") -> "rows.Values":
    return {f":{name}": value for name, value in values.items()}


def _due(row: "rows.Row") -> DueGrant:
    return DueGrant(_place(row), rows.known_moment(row, "gsi2sk"), rows.moment(row, "obtained_at"))


def _place(row: "rows.Row") -> Place:
    connection_id = rows.text(row, "pk").removeprefix("C#")
    return Place(rows.text(row, "merchant"), System(rows.text(row, "system")), connection_id)


def _record(row: "rows.Row") -> GrantRecord:
    died_at = rows.moment(row, "dead_at")
    cause, evidence = rows.text(row, "dead_cause"), rows.text(row, "dead_evidence")
    return GrantRecord(
        place=_place(row),
        version=rows.number(row, "grant_version"),
        fence=rows.number(row, "fence"),
        lease_until=rows.moment(row, "lease_until"),
        attempts=rows.moments(row, "attempts"),
        failures=rows.number(row, "failures"),
        retry_at=rows.moment(row, "retry_at"),
        doubt_at=rows.moment(row, "doubt_at"),
        forbidden_at=rows.moment(row, "forbidden_at"),
        forbidden=rows.text(row, "forbidden"),
        death=Death(died_at, DeathCause(cause), evidence) if died_at else None,
        due_at=rows.moment(row, "gsi2sk"),
    )
