from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.systems.woocommerce.samples import row
from tests.unit.systems.woocommerce.scripted import SUBJECT, ScriptedSender, answer
from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.api.refusals import Refusal, refusal_in
from tillbridge.systems.woocommerce.api.wire import ListingRow, OrderRow


def test_phps_empty_objects_are_nothing() -> None:
    assert row(image=[]).picture is None
    assert row(image=None, images=[{"id": 3}]).picture is not None


def test_numbers_may_stand_for_texts_and_the_other_way_round() -> None:
    read = parsed(ListingRow, {"id": "7", "regular_price": Decimal("1.5"), "sku": 12}, SUBJECT, "x")

    assert (read.id, read.regular_price, read.sku) == (7, "1.5", "12")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-02T12:00:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("0000-00-00T00:00:00", None),
    ],
)
def test_times_are_utc_although_they_do_not_say_so(text: str | None, time: datetime | None) -> None:
    assert row(date_created_gmt=text).date_created_gmt == time


@pytest.mark.parametrize("said", [[{"id": "x"}], {"id": 1}, [None], "text", None, [{"id": 1, "images": "no"}]])
def test_another_shape_is_refused_by_name(said: Any) -> None:  # invariant 1
    with pytest.raises(GarbledAnswerError, match="cannot be understood"):
        parsed(list[ListingRow], said, SUBJECT, "A list of products")


@pytest.mark.parametrize("said", [{"id": "someone@example.com"}, {"id": 1, "date_modified_gmt": "someone@example.com"}])
def test_what_was_there_is_not_quoted(said: Any) -> None:  # invariant 5
    with pytest.raises(GarbledAnswerError) as caught:
        parsed(OrderRow, {"status": "x", **said}, SUBJECT, "An order")

    assert "someone" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (
            {"code": "term_exists", "message": "m", "data": {"status": 400, "resource_id": 15}},
            Refusal("term_exists", "m", 400, "15"),
        ),
        ({"code": "x", "message": "m", "data": 500}, Refusal("x", "m", 500)),
        ({"code": "x"}, Refusal("x")),
        ({"code": "x", "data": {"params": {"sku": "bad"}}}, Refusal("x", params=("sku",))),
        ({"code": "x", "message": None, "data": []}, Refusal("x")),
        ({"message": "m"}, None),
        ([], None),
    ],
)
def test_refusals_in_all_their_forms(said: Any, refusal: Refusal | None) -> None:
    assert refusal_in(said) == refusal


def batch(said: object, *, create: int = 0, update: tuple[int, ...] = ()) -> Any:
    client = WooClient(ScriptedSender([answer(said)]), "https://shop.test", ApiKeys("ck_1", "cs_1"))
    bodies = [{"name": str(number)} for number in range(create)]
    return write_batch(client, "products", ListingRow, create=bodies, update=[{"id": number} for number in update])


def test_each_entry_of_a_batch_has_its_result() -> None:
    said = {"create": [{"id": 5}, {"id": 0, "error": {"code": "product_invalid_sku"}}], "update": [{"id": 7}]}

    found = batch(said, create=2, update=(7,))

    assert found.created == (ListingRow(id=5), Refusal("product_invalid_sku"))
    assert found.updated == (ListingRow(id=7),)


def test_an_error_without_words_is_still_an_error() -> None:
    assert batch({"create": [{"id": 0, "error": None}]}, create=1).created == (Refusal("unknown_error"),)


@pytest.mark.parametrize(
    "said",
    [
        {"create": [{"id": 5}]},
        {"create": [{"id": 5}, {"id": 6}, {"id": 7}]},
        {},
        [],
        None,
        {"create": "x"},
        {"create": [{"id": 5}, {"id": "x"}]},
    ],
)
def test_a_batch_without_exactly_one_result_each_is_in_doubt(said: object) -> None:  # invariant 1, invariant 8
    with pytest.raises(DoubtfulWriteError):
        batch(said, create=2)


def test_results_in_another_order_are_in_doubt() -> None:
    with pytest.raises(DoubtfulWriteError, match="speaks of 8"):
        batch({"update": [{"id": 8}, {"id": 7}]}, update=(7, 8))
