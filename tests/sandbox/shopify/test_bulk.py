"""Bulk queries and mutations (facts/shopify.md, section 9)."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from urllib3 import encode_multipart_formdata

from sandbox.common.clock import ManualClock

QUERY = """mutation($query: String!) { bulkOperationRunQuery(query: $query) {
  bulkOperation { id status } userErrors { code field } } }"""
MUTATION = """mutation($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id } userErrors { code field } } }"""
STATE = """query($id: ID!) { bulkOperation(id: $id) { status errorCode objectCount rootObjectCount url fileSize
  completedAt } }"""
STAGE = """mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url parameters { name value } } userErrors { field } } }"""
ALL = "{ products { edges { node { id title variants { edges { node { id sku } } } } } } }"
SET = """mutation Set($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code } } }"""


@pytest.fixture
def result(api: Any, clock: ManualClock) -> Any:
    """Wait for an operation; gives its state and the lines of its file."""

    def result(number: str) -> tuple[Any, list[Any]]:
        clock.sleep(1)
        state = api.send(STATE, id=number)
        lines: list[Any] = []
        if state["url"]:
            file = api.client.get(state["url"].removeprefix(api.shop.home_url))
            assert len(file.data) == int(state["fileSize"])
            lines = [json.loads(line) for line in file.text.splitlines()]
        return state, lines

    return result


WANTED = {
    "resource": "BULK_MUTATION_VARIABLES",
    "filename": "v",
    "mimeType": "text/jsonl",
    "httpMethod": "POST",
}


@pytest.fixture
def target(api: Any) -> Any:
    """Make a place for a file; gives the path to post to and the form's fields."""

    def target() -> tuple[str, dict[str, Any]]:
        [made] = api.done(STAGE, input=[WANTED])["stagedTargets"]
        form = {entry["name"]: entry["value"] for entry in made["parameters"]}
        return made["url"].removeprefix(api.shop.home_url), form

    return target


@pytest.fixture
def upload(api: Any, target: Any) -> Any:
    def upload(*rows: Any) -> str:
        path, form = target()
        content = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
        answer = api.client.post(path, data={**form, "file": (io.BytesIO(content), "v")})
        assert answer.status_code == 201
        return str(form["key"])

    return upload


def test_a_query_writes_children_after_their_parents(api: Any, result: Any) -> None:
    ids = api.control("seed", count=300, variants=2)["ids"]
    started = api.done(QUERY, query=ALL)["bulkOperation"]
    assert started["status"] == "CREATED"
    state, lines = result(started["id"])
    assert (state["status"], state["objectCount"], state["rootObjectCount"]) == ("COMPLETED", "900", "300")
    assert [line["id"] for line in lines if "__parentId" not in line] == ids
    assert lines[1]["__parentId"] == ids[0]
    assert lines[1]["sku"] == "SKU-1-1"


def test_nothing_found_makes_no_file(api: Any, result: Any) -> None:
    state, _ = result(api.done(QUERY, query=ALL)["bulkOperation"]["id"])
    assert (state["status"], state["objectCount"], state["url"]) == ("COMPLETED", "0", None)


def test_a_failed_query_leaves_a_part(api: Any, result: Any) -> None:
    api.control("seed", count=2)
    api.control("switches", fail_bulk=True)
    number = api.done(QUERY, query=ALL)["bulkOperation"]["id"]
    state, _ = result(number)
    assert (state["status"], state["errorCode"], state["url"]) == ("FAILED", "INTERNAL_SERVER_ERROR", None)
    address = api.send("query($id: ID!) { bulkOperation(id: $id) { id partialDataUrl } }", id=number)["partialDataUrl"]
    assert len(api.client.get(address.removeprefix(api.shop.home_url)).text.splitlines()) == 2


def test_a_mutation_runs_for_each_line(api: Any, result: Any, upload: Any) -> None:
    item = api.product(stock=5)["variants"]["nodes"][0]["inventoryItem"]["id"]

    def row(key: str, quantity: int, before: int) -> dict[str, Any]:
        entry = {
            "inventoryItemId": item,
            "locationId": api.places[0],
            "quantity": quantity,
            "changeFromQuantity": before,
        }
        return {"key": key, "input": {"name": "available", "reason": "correction", "quantities": [entry]}}

    path = upload(row("a", 3, 5), row("b", 4, 5), row("c", 9, 3), {"key": "d"})
    _, lines = result(api.done(MUTATION, mutation=SET, path=path)["bulkOperation"]["id"])
    assert [line["__lineNumber"] for line in lines] == [0, 1, 2, 3]
    told = [line.get("data", {}).get("inventorySetQuantities", {}).get("userErrors") for line in lines]
    assert told == [[], [{"code": "CHANGE_FROM_QUANTITY_STALE"}], [], None]
    assert lines[3]["errors"][0]["extensions"]["code"] == "INVALID_VARIABLE"


def test_the_end_is_told_by_web_hook(api: Any, result: Any, receiver: Any, cron: Any) -> None:
    hook = """mutation($uri: String!) { webhookSubscriptionCreate(topic: BULK_OPERATIONS_FINISH,
      webhookSubscription: {uri: $uri}) { userErrors { field } } }"""
    api.done(hook, uri=f"{receiver.url}/bulk")
    number = api.done(QUERY, query=ALL)["bulkOperation"]["id"]
    result(number)
    assert cron() == 1
    body = json.loads(receiver.got[0][2])
    assert (body["admin_graphql_api_id"], body["status"], body["type"]) == (number, "completed", "query")


@pytest.mark.parametrize(
    "query",
    [
        "{ shop { name } }",
        "{ nothing }",
        "mutation { x }",
        f"{{ {' '.join(f'p{number}: products {{ edges {{ node {{ id }} }} }}' for number in range(6))} }}",
    ],
)
def test_what_is_no_bulk_query(api: Any, query: str) -> None:
    assert api.send(QUERY, query=query)["userErrors"]


def test_a_file_has_to_be_there(api: Any) -> None:
    assert api.send(MUTATION, mutation=SET, path="tmp/none")["userErrors"] == [{"code": "NO_SUCH_FILE", "field": None}]


TAG = 'mutation Tag($id: ID!) { productUpdate(product: {id: $id, tags: ["t"]}) { userErrors { field } } }'


@pytest.fixture
def slow(api: Any) -> list[str]:
    """Each line of a bulk mutation takes ten seconds; gives the ids of four products."""
    api.shop.settings = replace(api.shop.settings, lags=replace(api.shop.settings.lags, line=10))
    return list(api.control("seed", count=4)["ids"])


def tagged(api: Any) -> list[bool]:
    return [bool(row.tags) for row in api.shop.products.values()]


def test_a_mutation_does_line_after_line(api: Any, slow: list[str], upload: Any, clock: ManualClock) -> None:
    number = api.done(MUTATION, mutation=TAG, path=upload(*[{"id": one} for one in slow]))["bulkOperation"]["id"]
    clock.sleep(25)
    state = api.send(STATE, id=number)
    assert (state["status"], state["objectCount"], state["url"]) == ("RUNNING", "2", None)
    assert tagged(api) == [True, True, False, False]
    clock.sleep(20)
    assert api.send(STATE, id=number)["status"] == "COMPLETED"
    assert tagged(api) == [True] * 4


def test_cancelled_is_what_was_not_done_yet(api: Any, slow: list[str], upload: Any, clock: ManualClock) -> None:
    number = api.done(MUTATION, mutation=TAG, path=upload(*[{"id": one} for one in slow]))["bulkOperation"]["id"]
    clock.sleep(25)
    api.done("mutation($id: ID!) { bulkOperationCancel(id: $id) { userErrors { field } } }", id=number)
    clock.sleep(60)
    assert api.send(STATE, id=number)["status"] == "CANCELED"
    assert tagged(api) == [True, True, False, False]


def test_a_failed_mutation_did_half_and_may_tell_less(api: Any, result: Any, upload: Any) -> None:
    ids = api.control("seed", count=4)["ids"]
    api.control("switches", fail_bulk=True, untold_lines=1)
    number = api.done(MUTATION, mutation=TAG, path=upload(*[{"id": one} for one in ids]))["bulkOperation"]["id"]
    state, _ = result(number)
    assert state["status"] == "FAILED"
    assert tagged(api) == [True, True, False, False]
    address = api.send("query($id: ID!) { bulkOperation(id: $id) { partialDataUrl } }", id=number)["partialDataUrl"]
    lines = api.client.get(address.removeprefix(api.shop.home_url)).text.splitlines()
    assert [json.loads(line)["__lineNumber"] for line in lines] == [0]


def test_a_result_can_be_fetched_for_a_week(api: Any, result: Any, upload: Any, clock: ManualClock) -> None:
    [one] = api.control("seed", count=1)["ids"]
    number = api.done(MUTATION, mutation=TAG, path=upload({"id": one}))["bulkOperation"]["id"]
    state, _ = result(number)
    clock.sleep(7 * 24 * 3600)
    later = api.send(STATE, id=number)
    assert (later["status"], later["url"]) == ("EXPIRED", None)
    assert api.client.get(state["url"].removeprefix(api.shop.home_url)).status_code == 404


def test_an_upload_repeats_what_it_was_given(api: Any, target: Any) -> None:
    path, form = target()
    file = {"file": (io.BytesIO(b"{}"), "v")}
    assert api.client.post(path, data={**form, "policy": "other", **file}).status_code == 403
    assert api.client.post(path, data=form).status_code == 400
    body, kind = encode_multipart_formdata({"file": ("v", b"{}"), **form})
    assert api.client.post(path, data=body, content_type=kind).status_code == 400, "the file comes last"
    assert api.shop.uploads[form["key"]].content is None
    api.control("switches", close_uploads=True)
    assert api.client.post(path, data={**form, "file": (io.BytesIO(b"{}"), "v")}).status_code == 400


def test_a_file_has_to_hold_variables(api: Any, target: Any) -> None:
    path, form = target()
    assert api.client.post(path, data={**form, "file": (io.BytesIO(b"no"), "v")}).status_code == 201
    assert api.refused(MUTATION, mutation=TAG, path=form["key"]) == [("INVALID_STAGED_UPLOAD_FILE", "")]


def test_a_mutation_has_one_connection_at_most(api: Any, upload: Any) -> None:
    two = """mutation($id: ID!) { productUpdate(product: {id: $id}) { product {
      variants(first: 1) { nodes { id } } media(first: 1) { nodes { id } } } userErrors { field } } }"""
    assert api.refused(MUTATION, mutation=two, path=upload({})) == [("INVALID_MUTATION", "mutation")]


def test_a_shop_may_refuse(api: Any, upload: Any) -> None:
    api.control("switches", refuse_bulk="LIMIT_REACHED")
    assert api.refused(MUTATION, mutation=TAG, path=upload({"id": "x"})) == [("LIMIT_REACHED", "")]


def test_the_newest_operation_comes_first(api: Any) -> None:
    numbers = [api.done(QUERY, query=ALL)["bulkOperation"]["id"] for _ in range(3)]
    rows = api.send("{ bulkOperations(first: 2) { nodes { id query } } }")["nodes"]
    assert [row["id"] for row in rows] == numbers[:0:-1]
    assert rows[0]["query"] == ALL


def test_five_at_once_are_the_most(api: Any, clock: ManualClock) -> None:
    for _ in range(5):
        api.done(QUERY, query=ALL)
    assert api.refused(QUERY, query=ALL) == [("OPERATION_IN_PROGRESS", "")]
    clock.sleep(1)
    api.done(QUERY, query=ALL)


def test_cancelling(api: Any, clock: ManualClock) -> None:
    text = "mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { field } } }"
    number = api.done(QUERY, query=ALL)["bulkOperation"]["id"]
    assert api.done(text, id=number)["bulkOperation"]["status"] == "CANCELING"
    clock.sleep(5)
    assert api.send(STATE, id=number)["status"] == "CANCELED"
    assert api.refused(text, id=number) == [(None, "id")]
