"""The table when DynamoDB takes only a part, is busy, or refuses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.fakes.clock import NOON, FakeClock
from tillbridge.domain.errors import ItemRejectedError, RetryLaterError, TillbridgeError
from tillbridge.store.errors import ConditionFailedError, ServiceBusyError
from tillbridge.store.expressions import ABSENT, PRESENT, Check, Condition, Delete, Put, Step, starts_with
from tillbridge.store.keys import Key
from tillbridge.store.patience import PAUSES
from tillbridge.store.table import Table

Answer = Mapping[str, Any] | Exception
KEYS = [Key("T#c1#ITEM", str(number)) for number in range(250)]


def row(key: Key, **attributes: object) -> dict[str, object]:
    return {**key._asdict(), **attributes}


def wire(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def refusal(code: str, message: str = "", **more: Any) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": message}, **more}
    return ClientError(response, "AnyOperation")


def cancelled(*reasons: str) -> ClientError:
    return refusal("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])


class Script:
    """A client that answers as told, the last answer again and again, and keeps the requests."""

    def __init__(self, *answers: Answer | Callable[[Mapping[str, Any]], Answer]) -> None:
        self.answers = list(answers)
        self.requests: list[Mapping[str, Any]] = []

    def __getattr__(self, operation: str) -> Callable[..., Mapping[str, Any]]:
        def answer(**request: Any) -> Mapping[str, Any]:
            self.requests.append({"operation": operation, **request})
            given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            given = given(request) if callable(given) else given
            if isinstance(given, Exception):
                raise given
            return given

        return answer


def table(script: Script, clock: FakeClock | None = None) -> Table:
    return Table(script, "tillbridge", clock or FakeClock())  # type: ignore[arg-type]


def reading(leave: int = 0) -> Callable[[Mapping[str, Any]], Answer]:
    """Answer a batch of reads, leaving out the last few."""

    def answer(request: Mapping[str, Any]) -> Answer:
        keys = request["RequestItems"]["tillbridge"]["Keys"]
        done, left = keys[: len(keys) - leave], keys[len(keys) - leave :]
        return {"Responses": {"tillbridge": done}, "UnprocessedKeys": {"tillbridge": {"Keys": left}} if left else {}}

    return answer


def writing(leave: int = 0) -> Callable[[Mapping[str, Any]], Answer]:
    def answer(request: Mapping[str, Any]) -> Answer:
        requests = request["RequestItems"]["tillbridge"]
        left = requests[len(requests) - leave :]
        return {"UnprocessedItems": {"tillbridge": left} if left else {}}

    return answer


def sizes(script: Script) -> list[int]:
    found = [request["RequestItems"]["tillbridge"] for request in script.requests]
    return [len(one["Keys"]) if isinstance(one, dict) else len(one) for one in found]


# --- batches ---


def test_a_hundred_rows_are_read_at_once() -> None:
    script = Script(reading())
    assert table(script).get_many([*KEYS, *KEYS]).keys() == set(KEYS)
    assert sizes(script) == [100, 100, 50]
    assert all(request["RequestItems"]["tillbridge"]["ConsistentRead"] for request in script.requests)


def test_rows_left_out_are_asked_for_again() -> None:
    script, clock = Script(reading(40), reading(1), reading()), FakeClock()
    assert table(script, clock).get_many(KEYS[:50]).keys() == set(KEYS[:50])
    assert sizes(script) == [50, 40, 1]
    assert clock.now() > NOON


def test_twenty_five_rows_are_written_at_once() -> None:
    script = Script(writing())
    table(script).write(map(row, KEYS[:30]), KEYS[30:60])
    assert sizes(script) == [25, 25, 10]


def test_of_two_writes_to_a_row_the_last_counts() -> None:
    script = Script(writing())
    table(script).write([row(KEYS[0], n="a"), row(KEYS[1]), row(KEYS[0], n="b")], [KEYS[1]])
    (request,) = script.requests
    assert request["RequestItems"]["tillbridge"] == [
        {"PutRequest": {"Item": {**wire(KEYS[0]), "n": {"S": "b"}}}},
        {"DeleteRequest": {"Key": wire(KEYS[1])}},
    ]


def test_patience_begins_anew_while_something_gets_done() -> None:
    script, clock = Script(*[writing(left) for left in range(24, -1, -1)]), FakeClock()
    table(script, clock).write(map(row, KEYS[:25]))
    assert sizes(script) == [25, *range(24, 0, -1)]
    assert (clock.now() - NOON).total_seconds() == pytest.approx(24 * PAUSES[0])


def test_patience_ends_when_nothing_gets_done() -> None:
    script, clock = Script(writing(25)), FakeClock()
    with pytest.raises(ServiceBusyError, match="tillbridge"):
        table(script, clock).write(map(row, KEYS[:25]))
    assert len(script.requests) == 1 + len(PAUSES)
    assert (clock.now() - NOON).total_seconds() == pytest.approx(sum(PAUSES))


# --- queries ---


def page(keys: Sequence[Key], *, more: bool) -> Mapping[str, Any]:
    return {"Items": [wire(key) for key in keys], "Count": len(keys)} | (
        {"LastEvaluatedKey": wire(keys[-1])} if more else {}
    )


def test_pages_are_asked_for_one_by_one_and_only_when_needed() -> None:
    script = Script(page(KEYS[:2], more=True), page(KEYS[2:4], more=True), page(KEYS[4:5], more=False))
    rows = table(script).query("T#c1#ITEM", starts_with("1"))
    assert not script.requests
    next(rows)
    assert len(script.requests) == 1
    assert [one["sk"] for one in rows] == ["1", "2", "3", "4"]
    assert script.requests[1]["ExclusiveStartKey"] == wire(KEYS[1])
    assert script.requests[0]["ConsistentRead"] is True
    assert script.requests[0]["KeyConditionExpression"] == "pk = :pk AND begins_with(sk, :start)"


def test_no_page_is_asked_for_beyond_the_limit() -> None:
    script = Script(page(KEYS[:2], more=True), page(KEYS[2:4], more=True), page(KEYS[4:6], more=True))
    assert len(list(table(script).query("T#c1#ITEM", limit=4))) == 4
    assert len(script.requests) == 2


def test_an_index_cannot_be_read_consistently() -> None:
    script = Script(page(KEYS[:1], more=False))
    list(table(script).query("MERCHANTS", index="gsi1", only=("pk", "sk")))
    (request,) = script.requests
    assert "ConsistentRead" not in request
    assert request["KeyConditionExpression"] == "gsi1pk = :pk"
    assert request["ProjectionExpression"] == "pk, sk"


def test_counts_of_all_pages_are_added_up() -> None:
    script = Script(page(KEYS[:2], more=True), page(KEYS[2:5], more=False))
    assert table(script).count("S#s1#LINK", Condition("attribute_exists(product_id)")) == 5


# --- troubles ---


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        refusal("RequestLimitExceeded"),
        refusal("Throttling"),
        refusal("ServiceUnavailable"),
        refusal("TransactionInProgressException"),
        refusal("InternalServerError"),
        ConnectTimeoutError(endpoint_url="https://table.example"),
        ReadTimeoutError(endpoint_url="https://table.example"),
        cancelled("None", "TransactionConflict"),
        cancelled("ThrottlingError", "None"),
        cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
    ],
    ids=str,
)
def test_passing_trouble_is_waited_out_and_handed_back_in_the_end(trouble: Exception) -> None:
    clock = FakeClock()
    script = Script(trouble, trouble, {})
    assert table(script, clock).get(KEYS[0]) is None
    assert (clock.now() - NOON).total_seconds() == pytest.approx(sum(PAUSES[:2]))
    with pytest.raises(RetryLaterError):
        table(Script(trouble)).put(row(KEYS[0]))


def test_a_condition_that_does_not_hold() -> None:
    script = Script(refusal("ConditionalCheckFailedException"))
    with pytest.raises(ConditionFailedError):
        table(script).put(row(KEYS[0]), ABSENT)
    (request,) = script.requests
    assert request["ConditionExpression"] == "attribute_not_exists(pk)"


def test_the_conditions_of_a_transaction_that_did_not_hold_are_named() -> None:
    """A conflict beside them changes nothing: it would fail again."""
    script = Script(cancelled("None", "ConditionalCheckFailed", "TransactionConflict", "ConditionalCheckFailed"))
    steps: list[Step] = [
        Put(row(KEYS[0]), ABSENT),
        Put(row(KEYS[1])),
        Delete(KEYS[2], PRESENT),
        Check(KEYS[3], PRESENT),
    ]
    with pytest.raises(ConditionFailedError) as refused:
        table(script).transact(steps)
    assert refused.value.failed == (1, 3)
    assert len(script.requests) == 1


def test_tries_of_one_transaction_share_a_token() -> None:
    """# invariant 8: an answer that was lost does not make a second transaction"""
    script = Script(refusal("InternalServerError"), {}, {})
    asked = table(script)
    asked.transact([Put(row(KEYS[0]))])
    asked.transact([Put(row(KEYS[0]))])
    first, again, other = (request["ClientRequestToken"] for request in script.requests)
    assert first == again != other


def test_a_row_that_the_table_finds_too_large() -> None:
    script = Script(refusal("ValidationException", "Item size has exceeded the maximum allowed size"))
    with pytest.raises(ItemRejectedError, match="400 KB") as refused:
        table(script).write([row(KEYS[0])])
    assert "Shorten" in refused.value.remedy


def test_a_table_that_does_not_exist() -> None:
    with pytest.raises(TillbridgeError, match="does not exist") as refused:
        table(Script(refusal("ResourceNotFoundException"))).get(KEYS[0])
    assert "Deploy" in refused.value.remedy


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "TransactionCanceledException"])
def test_a_refusal_that_only_we_can_mend_is_left_as_it_is(code: str) -> None:
    script = Script(refusal(code, "Something else"))
    with pytest.raises(ClientError, match="Something else"):
        table(script).put(row(KEYS[0]))
    assert len(script.requests) == 1
