"""Refusals in every form, batches that are halved, numbers that do not drift, names and files."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    ItemRejectedError,
    MissingRightError,
    Subject,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.product import ProductImage
from tillbridge.systems.bigcommerce.api.amounts import exact
from tillbridge.systems.bigcommerce.api.client import _number
from tillbridge.systems.bigcommerce.api.halves import send_in_batches
from tillbridge.systems.bigcommerce.api.refusals import Refusal, RefusedError, failure_of, refusal_in
from tillbridge.systems.bigcommerce.api.wire import ImageRow, OrderRow
from tillbridge.systems.bigcommerce.products.file_names import recognised, same_picture
from tillbridge.systems.bigcommerce.products.names import unique_name, without_suffix
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http import Answer, Request

READ = Request(method="GET", url="https://api.example.com/stores/x/v3/catalog/products")
WRITE = Request(method="POST", url=READ.url)


def failure(
    status: int, body: str = '{"status": 0, "title": "no"}', request: Request = WRITE
) -> TillbridgeError | None:
    return failure_of(Answer(status, {}, body.encode(), 0.1), request, None)


@pytest.mark.parametrize(
    ("status", "family", "code"),
    [
        (401, UnauthorisedError, "TokenRefused"),
        (403, MissingRightError, "MissingScope"),
        (404, RefusedError, "refused_404"),
        (409, RefusedError, "refused_409"),
        (413, RefusedError, "refused_413"),
        (422, RefusedError, "refused_422"),
        (423, SystemDownError, "Locked"),
        (429, ThrottledError, "Throttled"),
        (500, DoubtfulWriteError, "Http500"),
        (503, DoubtfulWriteError, "Http503"),
        (507, ItemRejectedError, "plan_limit"),
    ],
)
def test_every_status_has_its_family(status: int, family: type[TillbridgeError], code: str) -> None:
    found = failure(status)
    assert type(found) is family
    assert found.code == code


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble_of_the_store_asks_for_a_minute(status: int) -> None:
    found = failure(status, request=READ)
    assert type(found) is SystemDownError
    assert found.after is not None
    assert found.after >= 60


def test_a_page_of_somebody_elses_is_no_refusal_of_the_token() -> None:
    assert isinstance(failure(401, "<h1>Blocked</h1>"), SystemDownError)
    assert isinstance(failure(403, "<h1>Blocked</h1>"), SystemDownError)


@pytest.mark.parametrize("status", [200, 201, 204, 207])
def test_what_went_through_is_no_failure(status: int) -> None:
    assert failure(status) is None


@pytest.mark.parametrize(
    ("said", "message", "fields"),
    [
        ({"status": 422, "title": "No", "errors": {"name": "taken"}}, "No", {"name": "taken"}),
        ([{"status": 404, "message": "Gone"}], "Gone", {}),
        ({"batch_errors": [{"title": "A", "errors": {"x": "1"}}, {"title": "B", "errors": {}}]}, "A; B", {"x": "1"}),
        ({"title": "T", "errors": None}, "T", {}),
        ({"title": "T", "errors": {"a": {"b": 1}}}, "T", {"a": "{'b': 1}"}),
        (None, "", {}),
        ("text", "", {}),
    ],
)
def test_refusals_are_read_in_every_form(said: Any, message: str, fields: dict[str, str]) -> None:
    refusal = refusal_in(said, 422)
    assert (refusal.message, dict(refusal.fields)) == (message, fields)
    assert refusal.told


class Batches:
    """Takes batches and refuses those that hold something bad."""

    def __init__(self, bad: set[int], status: int = 422, most: int = 99) -> None:
        self.bad, self.status, self.most = bad, status, most
        self.sent: list[int] = []
        self.done: list[int] = []
        self.refused: list[int] = []

    def send(self, entries: Sequence[int]) -> None:
        self.sent.append(len(entries))
        if len(entries) > self.most:
            raise RefusedError(Refusal(413), Subject())
        if self.bad & set(entries):
            raise RefusedError(Refusal(self.status), Subject())
        self.done += entries

    def refuse(self, entry: int, error: ItemRejectedError) -> None:
        self.refused.append(entry)

    def run(self, count: int, size: int = 10) -> list[int]:
        settled = send_in_batches(list(range(count)), size, self.send, self.refuse)
        return [entry for batch in settled for entry in batch]


def test_one_bad_entry_is_found_by_halves_and_the_others_go_through() -> None:
    batches = Batches({13})

    assert batches.run(25) == list(range(25))

    assert batches.refused == [13]
    assert sorted(batches.done) == [n for n in range(25) if n != 13]
    assert len(batches.sent) <= 3 + 2 * 4


@given(st.integers(0, 60), st.sets(st.integers(0, 59)), st.integers(1, 12))
def test_everything_is_settled_once_and_in_order(count: int, bad: set[int], size: int) -> None:
    batches = Batches(bad)
    assert batches.run(count, size) == list(range(count))
    assert sorted([*batches.done, *batches.refused]) == list(range(count))
    assert set(batches.refused) == {n for n in bad if n < count}


def test_what_is_too_long_once_is_not_sent_so_long_again() -> None:
    batches = Batches(set(), most=5)

    batches.run(40)

    assert batches.sent == [10, 5, 5, 5, 5, 5, 5, 5, 5]


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_amounts_are_written_as_they_are(amount: Decimal) -> None:
    assert exact(amount)
    assert Decimal(repr(_number(amount))) == amount


@pytest.mark.parametrize(("amount", "text"), [("12.50", "12.5"), ("0.1", "0.1"), ("100", "100"), ("0.00", "0")])
def test_an_amount_has_the_shortest_text(amount: str, text: str) -> None:
    assert repr(_number(Decimal(amount))) == text


def test_an_amount_that_would_drift_is_refused() -> None:
    amount = Decimal("1234567890.12345678")
    assert not exact(amount)
    with pytest.raises(ValueError, match="more digits"):
        _number(amount)


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("https://cdn.example.com/s-x/products/1/images/2/front-1__00002.177.1280.1280.jpg?c=1", True),
        ("s/002/front-1__30125.jpg", True),
        ("s/002/front-12.jpg", False),
        ("s/002/front.jpg", False),
        ("", False),
    ],
)
def test_pictures_are_known_by_their_file_names(shown: str, same: bool) -> None:  # noqa: FBT001
    assert same_picture("https://till.example.com/a/front-1.jpg?x=1", shown) == same


def test_two_pictures_of_one_file_name_are_two() -> None:
    images = [ProductImage("a", "https://x.example.com/1/p.jpg"), ProductImage("b", "https://x.example.com/2/p.jpg")]
    shown = [ImageRow(id=7, image_file="s/p.jpg"), ImageRow(id=8, image_file="s/p__2.jpg")]

    assert recognised(images, {}, shown) == {"a": "7", "b": "8"}
    assert recognised(images, {"a": "8"}, shown) == {"b": "7"}
    assert recognised(images, {}, shown[:1]) == {"a": "7"}


@pytest.mark.parametrize("name", ["Mug", "n" * 250, "Mug (old)"])
def test_a_longer_name_fits_and_gives_the_short_one_back(name: str) -> None:
    longer = unique_name(mug(name=name))
    assert longer.endswith(" (MUG-42)")
    assert len(longer) <= 250
    assert name.startswith(without_suffix(longer))


def test_a_very_long_sku_makes_no_name() -> None:
    assert unique_name(mug(name="Mug", of_variant={"sku": "s" * 255})) == "Mug (I42)"


def test_dates_of_both_versions() -> None:
    row = {"id": 1, "status_id": 11, "consignments": {"shipping": []}, "date_created": "2026-03-02T12:00:00+00:00"}
    order = OrderRow.model_validate({**row, "date_modified": "Mon, 02 Mar 2026 12:00:00 +0000"})
    assert (order.date_modified, order.date_created) == (NOON, NOON)
    assert OrderRow.model_validate({**row, "date_modified": ""}).date_modified is None


@pytest.mark.parametrize(
    "consignments",
    [
        {"url": "https://api.example.com/v2/orders/1/consignments", "resource": "/orders/1/consignments"},
        {"shipping": [{"line_items": [{"url": "https://api.example.com/v2/orders/1/products/2"}]}]},
        {"shipping": [{}]},
        None,
    ],
)
def test_an_order_whose_lines_are_not_written_out_is_not_believed(consignments: Any) -> None:  # invariant 1
    with pytest.raises(GarbledAnswerError):
        parsed(OrderRow, {"id": 1, "status_id": 11, "consignments": consignments}, Subject(), "An order")


def test_lines_of_every_kind_of_consignment() -> None:
    line = {"product_id": 1, "variant_id": 2, "quantity": 1}
    told = {
        "shipping": [{"line_items": [line]}],
        "pickups": [{"line_items": [line]}],
        "downloads": {"line_items": [line]},
    }
    order = OrderRow.model_validate({"id": 1, "status_id": 11, "consignments": told})
    assert len(order.consignments.lines) == 3
