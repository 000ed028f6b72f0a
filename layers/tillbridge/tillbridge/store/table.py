"""The one table: plain rows in and out, in the largest requests DynamoDB takes.

Nothing here knows what a row means. Reads are strongly consistent, except on indexes, which cannot be.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from tillbridge.domain.errors import ItemRejectedError, SomeRejectedError
from tillbridge.store.clock import Clock
from tillbridge.store.expressions import Condition, Step, between, parameters, step_to_wire
from tillbridge.store.keys import Key
from tillbridge.store.patience import PAUSES, Patience
from tillbridge.store.wire import Row, from_wire, key_of, key_to_wire, row_to_wire, to_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

Element = TypeVar("Element")

READ_AT_ONCE = 100
WRITE_AT_ONCE = 25
TRANSACT_AT_ONCE = 100

MANY = 50
"""From so many keys on a read along the partition may be cheaper than one by one."""
SPREAD = 3
"""As many rows as this are read for one that is wanted, before a read along the partition is given up."""


class Table:
    """The table by its name, through one client. ``clock`` waits while the table is busy, for ``pauses`` seconds."""

    def __init__(self, client: "DynamoDBClient", name: str, clock: Clock, pauses: Sequence[float] = PAUSES) -> None:
        """Take the client; nothing is asked of it yet."""
        self._client, self._name, self._patience = client, name, Patience(name, clock, pauses)

    def get(self, key: Key) -> Row | None:
        """Read one row."""
        answer = self._patience.call(
            lambda: self._client.get_item(TableName=self._name, Key=key_to_wire(key), ConsistentRead=True)
        )
        return from_wire(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """Read rows, a hundred per request; unknown keys are absent."""
        found: dict[Key, Row] = {}
        for chunk in chunks(dict.fromkeys(keys), READ_AT_ONCE):
            self._patience.drain([key_to_wire(key) for key in chunk], lambda left: self._read(left, found))
        return found

    def get_close(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """Read rows of one partition that mostly stand side by side; unknown keys are absent.

        One by one, every row costs a unit however small it is; read along the partition, a unit is 4 KB of rows. When
        many others stand between those that are wanted, the rest is read one by one after all.
        """
        wanted = sorted(set(keys))
        found: dict[Key, Row] = {}
        while len(wanted) >= MANY:
            limit = SPREAD * len(wanted)
            rows = {key_of(row): row for row in self.query(wanted[0].pk, between(wanted[0], wanted[-1]), limit=limit)}
            met = [key for key in wanted if key in rows]
            found |= {key: rows[key] for key in met}
            if len(rows) < limit:
                return found
            last = max(rows)
            wanted = [key for key in wanted if key > last]
            if len(met) * SPREAD < len(rows):
                break
        return found | self.get_many(wanted)

    def _read(self, keys: Sequence[Any], found: dict[Key, Row]) -> Sequence[Any]:
        """Read what one request gives; returns the keys it left out."""
        answer = self._client.batch_get_item(RequestItems={self._name: {"Keys": keys, "ConsistentRead": True}})
        for wire in answer["Responses"].get(self._name, ()):
            row = from_wire(wire)
            found[key_of(row)] = row
        left = answer["UnprocessedKeys"].get(self._name)
        return left["Keys"] if left else ()

    def query(
        self,
        pk: str,
        where: Condition | None = None,
        *,
        index: str = "",
        only: Sequence[str] = (),
        limit: int | None = None,
    ) -> Iterator[Row]:
        """Go through the rows of a partition in the order of sort keys, page by page as they are asked for.

        ``where`` narrows the sort key (``sk``), ``only`` the attributes, and ``limit`` the number of rows.
        """
        request = self._query(pk, where, index)
        if only:
            request |= {"ProjectionExpression": ", ".join(only)}
        if limit is not None:
            request |= {"Limit": limit}
        rows = (from_wire(wire) for page in self._pages(request) for wire in page["Items"])
        yield from islice(rows, limit)

    def count(self, pk: str, having: Condition | None = None) -> int:
        """Count the rows of a partition that fulfil a condition; every row of it is read and paid for."""
        request = self._query(pk, None, "") | {"Select": "COUNT"}
        if having:
            request |= {"FilterExpression": having.expression}
        return sum(page["Count"] for page in self._pages(request))

    def _query(self, pk: str, where: Condition | None, index: str) -> dict[str, Any]:
        expression = f"{index}pk = :pk" + (f" AND {where.expression}" if where else "")
        values = {":pk": pk, **(where.values if where else {})}
        request: dict[str, Any] = {
            "TableName": self._name,
            "KeyConditionExpression": expression,
            "ExpressionAttributeValues": to_wire(values, Key(pk, "")),
        }
        return request | ({"IndexName": index} if index else {"ConsistentRead": True})

    def _pages(self, request: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        while True:
            page = self._patience.call(lambda request=request: self._client.query(**request))  # type: ignore[misc]
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request = request | {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def put(self, row: Row, when: Condition | None = None) -> None:
        """Write one row; ``ConditionFailedError`` when ``when`` does not hold."""
        item = row_to_wire(row)
        more = parameters("ConditionExpression", when, key_of(row))
        self._patience.call(lambda: self._client.put_item(TableName=self._name, Item=item, **more))

    def change(self, key: Key, how: Condition) -> None:
        """Change attributes of one row, which comes into being when there is none."""
        more = parameters("UpdateExpression", how, key)
        self._patience.call(lambda: self._client.update_item(TableName=self._name, Key=key_to_wire(key), **more))

    def write(self, puts: Iterable[Row] = (), deletes: Iterable[Key] = ()) -> None:
        """Write and delete rows, 25 per request, in the order given; of several writes to one key the last counts.

        Rows that the table cannot hold are left out, and told with ``SomeRejectedError`` when the others are written.
        After any other error any part of it may have been written.
        """
        requests: dict[Key, WriteRequestTypeDef] = {}
        refused: list[ItemRejectedError] = []
        for row in puts:
            try:
                requests[key_of(row)] = {"PutRequest": {"Item": row_to_wire(row)}}
            except ItemRejectedError as error:
                refused.append(error)
        for key in deletes:
            requests[key] = {"DeleteRequest": {"Key": key_to_wire(key)}}
        for chunk in chunks(requests.values(), WRITE_AT_ONCE):
            self._patience.drain(chunk, self._write)
        if refused:
            raise SomeRejectedError(refused)

    def _write(self, requests: Sequence[Any]) -> Sequence[Any]:
        """Write what one request takes; returns what it left out."""
        answer = self._client.batch_write_item(RequestItems={self._name: requests})
        return answer["UnprocessedItems"].get(self._name, ())

    def transact(self, steps: Sequence[Step]) -> None:
        """Carry out all steps (at most a hundred) or none; ``ConditionFailedError`` names those that did not hold.

        A try whose answer was lost is told from a new one by its token, so nothing happens twice (invariant 8).
        """
        items, token = [step_to_wire(step, self._name) for step in steps], uuid.uuid4().hex
        self._patience.call(lambda: self._client.transact_write_items(TransactItems=items, ClientRequestToken=token))


def sorted_out(rows: Iterable[Row]) -> tuple[list[Row], list[ItemRejectedError]]:
    """Tell the rows that the table can hold from those that it cannot, with the reasons."""
    fitting: list[Row] = []
    refused: list[ItemRejectedError] = []
    for row in rows:
        try:
            row_to_wire(row)
        except ItemRejectedError as error:
            refused.append(error)
        else:
            fitting.append(row)
    return fitting, refused


def chunks(elements: Iterable[Element], size: int) -> Iterator[list[Element]]:
    """Cut into lists of at most ``size``."""
    remaining = iter(elements)
    while chunk := list(islice(remaining, size)):
        yield chunk
