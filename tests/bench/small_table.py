"""As much of DynamoDB and Secrets Manager as grants use, in memory, quick enough for a fleet's day, and metered.

Units are counted from the rows themselves (DynamoDB developer guide, "Item sizes and formats" and "Using global
secondary indexes"): a write is charged by the larger of the row before and after it, in the table and in the index; a
row that moves within the index is deleted there and put again.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from operator import eq, le, lt
from threading import RLock
from typing import Any

from botocore.exceptions import ClientError

from tests.bench.meter import READ_KB, WRITE_KB

Row = Mapping[str, Any]
Wait = Callable[[float], None]
Test = Callable[[Row, Row], bool]
Change = Callable[[dict[str, Any], Row], None]

INDEX = ("gsi2pk", "gsi2sk")
_COMPARISON = re.compile(r"(\w+) (=|<=|<) (:\w+)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<=": le, "<": lt}


@dataclass
class SmallTable:
    """One table with one index. ``wait`` is told how long each request takes."""

    wait: Wait
    seconds: float
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    index: defaultdict[str, list[tuple[str, tuple[str, str]]]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[tuple[str, str], int] = field(default_factory=dict)  # of rows, in bytes
    units: dict[str, float] = field(default_factory=lambda: {"read": 0, "write": 0})
    lock: RLock = field(default_factory=RLock)

    def get_item(self, *, Key: Row, **_: Any) -> dict[str, Any]:  # noqa: N803  as the client names them
        """Read a row, consistently."""
        with self._request():
            row = self.rows.get(_key(Key))
            self.units["read"] += max(1, ceil(self.sizes.get(_key(Key), 0) / READ_KB))
            return {"Item": dict(row)} if row else {}

    def put_item(self, *, Item: Row, ConditionExpression: str, **_: Any) -> None:  # noqa: N803
        """Put a row that is not there."""
        with self._request():
            before = self.rows.get(_key(Item), {})
            _check(ConditionExpression, before, {})
            self._write(before, dict(Item))

    def update_item(
        self,
        *,
        Key: Row,  # noqa: N803
        UpdateExpression: str,  # noqa: N803
        ConditionExpression: str,  # noqa: N803
        ExpressionAttributeValues: Row,  # noqa: N803
        **_: Any,
    ) -> None:
        """Change a row if it is as expected."""
        with self._request():
            before = self.rows.get(_key(Key), {})
            try:
                _check(ConditionExpression, before, ExpressionAttributeValues)
            except ClientError:
                self.units["write"] += 1  # a refused write is charged as well
                raise
            after = {**Key, **before}
            for change in _changes(UpdateExpression):
                change(after, ExpressionAttributeValues)
            self._write(before, after)

    def delete_item(self, *, Key: Row, **_: Any) -> None:  # noqa: N803
        """Delete a row."""
        with self._request():
            row, size = self.rows.pop(_key(Key), {}), self.sizes.pop(_key(Key), 0)
            if place := _place(row):
                self._out_of_index(place, _key(Key))
            self.units["write"] += (1 + (place is not None)) * max(1, ceil(size / WRITE_KB))

    def query(self, *, ExpressionAttributeValues: Row, Limit: int, **_: Any) -> dict[str, Any]:  # noqa: N803
        """List a part of the index up to a time."""
        with self._request():
            part, until = ExpressionAttributeValues[":shard"]["S"], ExpressionAttributeValues[":now"]["S"]
            listed = self.index[part]
            keys = [key for _, key in listed[: min(Limit, bisect_right(listed, (until, ("~", "~"))))]]
            self.units["read"] += max(1, ceil(sum(self.sizes[key] for key in keys) / READ_KB)) / 2
            return {"Items": [self.rows[key] for key in keys]}

    def _request(self) -> RLock:
        self.wait(self.seconds)
        return self.lock

    def _write(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        key, places = _key(after), 1
        was, becomes = _place(before), _place(after)
        if was is not None and was != becomes:
            self._out_of_index(was, key)
            places += 1
        if becomes is not None:
            places += 1
            if was != becomes:
                insort(self.index[becomes[0]], (becomes[1], key))
        size = _size(after)
        larger = max(self.sizes.get(key, 0), size)
        self.rows[key], self.sizes[key] = after, size
        self.units["write"] += places * ceil(larger / WRITE_KB)

    def _out_of_index(self, place: tuple[str, str], key: tuple[str, str]) -> None:
        listed = self.index[place[0]]
        del listed[bisect_left(listed, (place[1], key))]


@dataclass
class SmallVault:
    """Secrets with their newest version."""

    wait: Wait
    seconds: float
    secrets: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> version, content
    calls: Counter[str] = field(default_factory=Counter)

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        """Read the newest version."""
        self._request("read")
        return {"SecretString": self._known(SecretId)[1]}

    def put_secret_value(self, *, SecretId: str, SecretString: str, ClientRequestToken: str) -> None:  # noqa: N803
        """Write a version."""
        self._request("write")
        version, content = self._known(SecretId)
        if version == ClientRequestToken and content != SecretString:
            raise _refused("ResourceExistsException")
        self.secrets[SecretId] = (ClientRequestToken, SecretString)

    def create_secret(self, *, Name: str, SecretString: str, ClientRequestToken: str, **_: Any) -> None:  # noqa: N803
        """Make a secret."""
        self._request("create")
        self.secrets[Name] = (ClientRequestToken, SecretString)

    def _known(self, name: str) -> tuple[str, str]:
        if name not in self.secrets:
            raise _refused("ResourceNotFoundException")
        return self.secrets[name]

    def _request(self, kind: str) -> None:
        self.wait(self.seconds)
        self.calls[kind] += 1


def _size(row: Row) -> int:
    """Tell the bytes of a row as ``meter.size_of`` does, for the few kinds of attribute that grants have."""
    return sum(map(len, row)) + sum(len(value["S"]) if "S" in value else len(str(value)) - 6 for value in row.values())


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "Request")


def _key(row: Row) -> tuple[str, str]:
    return row["pk"]["S"], row["sk"]["S"]


def _place(row: Row) -> tuple[str, str] | None:
    """Give partition and sort key within the index; ``None`` for a row that is not in it."""
    return (row[INDEX[0]]["S"], row[INDEX[1]]["S"]) if row.keys() >= set(INDEX) else None


def _plain(value: Row) -> Any:
    return int(value["N"]) if "N" in value else value["S"]


def _check(condition: str, row: Row, values: Row) -> None:
    if not all(any(test(row, values) for test in tests) for tests in _tests(condition)):
        raise _refused("ConditionalCheckFailedException")


@cache
def _tests(condition: str) -> tuple[tuple[Test, ...], ...]:
    """Read a condition: clauses of which all must hold, each a choice of tests of which one must."""
    return tuple(tuple(map(_test, clause.strip("()").split(" OR "))) for clause in condition.split(" AND "))


def _test(written: str) -> Test:
    if absent := re.fullmatch(r"attribute_not_exists\((\w+)\)?", written):
        return lambda row, _: absent[1] not in row
    compared = _COMPARISON.fullmatch(written)
    assert compared, f"no test that is known here: {written}"
    name, sign, value = compared.groups()
    return lambda row, values: name in row and _COMPARE[sign](_plain(row[name]), _plain(values[value]))


@cache
def _changes(update: str) -> tuple[Change, ...]:
    """Read an update: what it sets, then what it removes."""
    sets, _, removes = update.removeprefix("SET ").partition("REMOVE ")
    written = re.split(r", (?=\w+ =)", sets.strip())
    return (*(_setting(one) for one in written if one), *(_removing(name) for name in removes.split(", ") if name))


def _setting(written: str) -> Change:
    name, _, to = written.partition(" = ")
    if unless := re.fullmatch(r"if_not_exists\(\w+, (:\w+)\)", to):
        return lambda row, values: row.update({name: row.get(name, values[unless[1]])})
    if more := re.fullmatch(r"\w+ \+ (:\w+)", to):
        return lambda row, values: row.update({name: {"N": str(_plain(row[name]) + _plain(values[more[1]]))}})
    assert re.fullmatch(r":\w+", to), f"no change that is known here: {written}"
    return lambda row, values: row.update({name: values[to]})


def _removing(name: str) -> Change:
    return lambda row, _: row.pop(name, None) and None
