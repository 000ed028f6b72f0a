"""Lines of bulk operations, what is kept of them, and what is believed of their results."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conformance.front import MemoryVocabulary
from tests.unit.systems.woocommerce.samples import creation, mug
from tillbridge.domain.errors import GarbledAnswerError, Subject
from tillbridge.systems.shopify.api.bulk import Started
from tillbridge.systems.shopify.api.documents.bulk import PUBLISH_LINES, PUT_LINES, named
from tillbridge.systems.shopify.api.wire import ProductRow
from tillbridge.systems.shopify.api.wire_bulk import OperationRow, lines_of, payload_of
from tillbridge.systems.shopify.bulk import lines
from tillbridge.systems.shopify.bulk.memory import KIND, NAME, Batch, BatchMemory

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STARTED = Started(path="tmp/1/bulk/0a/lines.jsonl", since=NOON)


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_digest_tells_whether_the_same_would_be_sent_again() -> None:
    place, unit = "gid://shopify/Location/1", "KILOGRAMS"
    one, same, other = (
        lines.creating(creation(product), place, unit) for product in (mug(), mug(), mug(name="Mug, large"))
    )

    assert one.digest == same.digest != other.digest
    assert json.loads(one.text)["input"]["title"] == "Mug 42"
    assert b"\n" not in one.text


def test_an_operation_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 3)
    monkeypatch.setattr(lines, "MOST_BYTES", 100)
    small, large = lines.line({"a": 1}), lines.line({"a": "x" * 60})

    assert len(lines.fitting([small] * 5)) == 3
    assert lines.fitting([large, large]) == [large]
    assert lines.fitting([lines.line({"a": "x" * 200}), small]) == [lines.line({"a": "x" * 200})], "one goes always"
    assert lines.fitting([]) == []


def test_documents_are_named_after_the_file() -> None:
    other = replace(STARTED, path="tmp/1/bulk/0b/lines.jsonl")

    assert f"mutation PutProducts_{STARTED.token}($identifier" in named(PUT_LINES, STARTED.token)
    assert f"mutation PublishProducts_{STARTED.token}($id" in named(PUBLISH_LINES, STARTED.token)
    assert STARTED.token != other.token
    assert STARTED.token == replace(STARTED, number="7").token


# --- memory -----------------------------------------------------------------------------------------------------------


def test_a_batch_is_kept_as_it_is() -> None:
    memory = BatchMemory(MemoryVocabulary())
    batch = Batch(lines={"I2": "ab", "I1": "cd"}, create=replace(STARTED, number="7"))
    memory.keep(batch)
    assert memory.load() == batch
    assert list(batch.lines) == ["I2", "I1"], "their order is that of the file"

    published = replace(batch, publish=STARTED, published=("I1",))
    memory.keep(published)
    assert memory.load() == published

    memory.forget()
    assert memory.load() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"lines": {}, "publish": null, "create": {}, "published": []}'])
def test_a_note_that_cannot_be_read_is_none(text: str) -> None:
    vocabulary = MemoryVocabulary()
    vocabulary.put(KIND, {NAME: text})

    assert BatchMemory(vocabulary).load() is None


# --- results ----------------------------------------------------------------------------------------------------------


def test_lines_are_found_by_their_numbers() -> None:
    body = b'{"data":{"a":1},"__lineNumber":1}\n{"data":{"a":0},"__lineNumber":0}\n\nno\n[]\n{"data":{}}\n{"data":{"a'

    assert lines_of(body) == {
        1: {"data": {"a": 1}, "__lineNumber": 1},
        0: {"data": {"a": 0}, "__lineNumber": 0},
    }


def test_a_product_comes_with_its_variants_inside_edges() -> None:
    product: Any = {
        "id": "gid://shopify/Product/7",
        "title": "Mug",
        "variants": {"edges": [{"node": {"id": "gid://shopify/ProductVariant/8", "sku": "MUG"}}]},
    }
    payload = payload_of({"data": {"productSet": {"product": product, "userErrors": []}}}, "productSet", Subject())

    assert payload is not None
    assert [row.sku for row in payload.part(ProductRow, "product").rows] == ["MUG"]


@pytest.mark.parametrize(
    "line",
    [None, {}, {"errors": [{"message": "Throttled"}]}, {"data": None}, {"data": {"productSet": None}}, {"data": []}],
)
def test_a_line_that_says_nothing_of_what_was_done(line: object) -> None:
    assert payload_of(line, "productSet", Subject()) is None  # type: ignore[arg-type]


def test_what_has_another_shape_is_not_believed() -> None:
    payload = payload_of({"data": {"productSet": {"product": {"id": 7}}}}, "productSet", Subject())
    assert payload is not None
    with pytest.raises(GarbledAnswerError):
        payload.part(ProductRow, "product")
    with pytest.raises(GarbledAnswerError):
        payload_of({"data": {"productSet": {"userErrors": [7]}}}, "productSet", Subject())


@pytest.mark.parametrize(
    ("status", "ended"),
    [("CREATED", False), ("RUNNING", False), ("CANCELING", False), ("SOMETHING_NEW", False),
     ("COMPLETED", True), ("FAILED", True), ("CANCELED", True), ("EXPIRED", True)],
)  # fmt: skip
def test_what_is_over(status: str, ended: bool) -> None:  # noqa: FBT001
    assert OperationRow(id="gid://shopify/BulkOperation/1", status=status).ended is ended
