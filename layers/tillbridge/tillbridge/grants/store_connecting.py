"""The rows ``INVITE#{hash} | -`` and ``STATE#{hash} | -``. Both end by themselves (TTL ``expires_at``).

The table deletes expired rows hours late, so that whoever finds one looks at its time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tillbridge.domain.connecting import Attempt, Found, Invitation
from tillbridge.domain.merchant import System
from tillbridge.grants import rows

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MOST_TRAITS, _LONGEST_NOTE = 50, 1000


@dataclass(frozen=True, slots=True)
class StoredInvitations:
    """Open invitations."""

    client: "DynamoDBClient"
    table: str

    def add(self, invitation: Invitation) -> None:
        """Keep an invitation until it expires."""
        item = {
            **_key("INVITE", invitation.invitation_hash),
            "merchant": rows.of_text(invitation.merchant_id),
            "system": rows.of_text(invitation.system.value),
            "connection": rows.of_text(invitation.connection_id),
            "address": rows.of_text(invitation.address),
            "expires_at": _epoch(invitation.expires_at),
        }
        self.client.put_item(TableName=self.table, Item=item, ConditionExpression="attribute_not_exists(pk)")

    def find(self, invitation_hash: str) -> Invitation | None:
        """Find an invitation, consistently."""
        key = _key("INVITE", invitation_hash)
        row = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if row is None:
            return None
        return Invitation(
            invitation_hash=invitation_hash,
            merchant_id=rows.text(row, "merchant"),
            system=System(rows.text(row, "system")),
            connection_id=rows.text(row, "connection"),
            address=rows.text(row, "address"),
            expires_at=_from_epoch(row),
            problem=rows.text(row, "problem"),
            remedy=rows.text(row, "remedy"),
        )

    def note(self, invitation_hash: str, problem: str, remedy: str) -> None:
        """Note how the last try ended."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key("INVITE", invitation_hash),
                UpdateExpression="SET problem = :problem, remedy = :remedy",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={
                    ":problem": rows.of_text(problem[:_LONGEST_NOTE]),
                    ":remedy": rows.of_text(remedy[:_LONGEST_NOTE]),
                },
            )
        except ClientError as error:
            if not rows.condition_failed(error):
                raise

    def use_up(self, invitation_hash: str) -> None:
        """Delete an invitation."""
        self.client.delete_item(TableName=self.table, Key=_key("INVITE", invitation_hash))


@dataclass(frozen=True, slots=True)
class StoredAttempts:
    """Attempts under way."""

    client: "DynamoDBClient"
    table: str

    def begin(self, attempt: Attempt) -> None:
        """Keep an attempt until it expires."""
        self.client.put_item(TableName=self.table, Item=_item(attempt), ConditionExpression="attribute_not_exists(pk)")

    def expect(self, attempt: Attempt, now: datetime) -> bool:
        """Keep an attempt unless another invitation's lives under its name."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=_item(attempt),
                ConditionExpression="attribute_not_exists(pk) OR invitation = :mine OR expires_at <= :now",
                ExpressionAttributeValues={
                    ":mine": rows.of_text(attempt.invitation_hash),
                    ":now": rows.of_number(int(now.timestamp())),
                },
            )
        except ClientError as error:
            if rows.condition_failed(error):
                return False
            raise
        return True

    def find(self, state_hash: str) -> Attempt | None:
        """Find an attempt, consistently."""
        key = _key("STATE", state_hash)
        row = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return _attempt(state_hash, row) if row is not None else None

    def prove(self, state_hash: str, found: Found) -> bool:
        """Note what was found, if nothing was before."""
        traits = dict(list(found.traits.items())[:_MOST_TRAITS])
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key("STATE", state_hash),
                UpdateExpression="SET account = :account, account_name = :name, traits = :traits",
                ConditionExpression="attribute_exists(pk) AND attribute_not_exists(account)",
                ExpressionAttributeValues={
                    ":account": rows.of_text(found.account_id),
                    ":name": rows.of_text(found.name),
                    ":traits": rows.of_texts(traits),
                },
            )
        except ClientError as error:
            if rows.condition_failed(error):
                return False
            raise
        return True

    def take(self, state_hash: str, browser_hash: str) -> Attempt | None:
        """Delete an attempt and give it, if it began in this browser; the delete decides who gets it."""
        try:
            answer = self.client.delete_item(
                TableName=self.table,
                Key=_key("STATE", state_hash),
                ConditionExpression="browser = :browser",
                ExpressionAttributeValues={":browser": rows.of_text(browser_hash)},
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            if rows.condition_failed(error):
                return None
            raise
        return _attempt(state_hash, answer["Attributes"])


def _item(attempt: Attempt) -> "rows.Values":
    return {
        **_key("STATE", attempt.state_hash),
        "browser": rows.of_text(attempt.browser_hash),
        "invitation": rows.of_text(attempt.invitation_hash),
        "system": rows.of_text(attempt.system.value),
        "address": rows.of_text(attempt.address),
        "expires_at": _epoch(attempt.expires_at),
    }


def _attempt(state_hash: str, row: "rows.Row") -> Attempt:
    address = rows.text(row, "address")
    found = Found(
        account_id=rows.text(row, "account"),
        name=rows.text(row, "account_name"),
        address=address,
        traits=rows.texts(row, "traits"),
    )
    return Attempt(
        state_hash=state_hash,
        browser_hash=rows.text(row, "browser"),
        invitation_hash=rows.text(row, "invitation"),
        system=System(rows.text(row, "system")),
        expires_at=_from_epoch(row),
        address=address,
        found=found if found.account_id else None,
    )


def _key(kind: str, token_hash: str) -> "rows.Values":
    return {"pk": rows.of_text(f"{kind}#{token_hash}"), "sk": rows.of_text("-")}


def _epoch(moment: datetime) -> "rows.Value":
    return rows.of_number(int(moment.timestamp()))


def _from_epoch(row: "rows.Row") -> datetime:
    return datetime.fromtimestamp(rows.number(row, "expires_at"), UTC)
