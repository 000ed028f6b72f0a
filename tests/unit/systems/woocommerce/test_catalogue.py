from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.systems.woocommerce.samples import row
from tests.unit.systems.woocommerce.scripted import ScriptedSender, answer, refusal
from tillbridge.domain.product import ListingRef
from tillbridge.systems.woocommerce.api.catalogue import LONGEST_LIST, Catalogue, ref_of, sku_questions
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.api.refusals import RefusedError


def catalogue(*answers: object) -> tuple[Catalogue, ScriptedSender]:
    sender = ScriptedSender([entry if not isinstance(entry, list) else answer(entry) for entry in answers])  # type: ignore[misc]
    return Catalogue(WooClient(sender, "https://shop.test", ApiKeys("ck_1", "cs_1"))), sender


def test_skus_are_asked_a_hundred_at_a_time() -> None:
    questions = list(sku_questions([f"S{number}" for number in range(250)]))

    assert [question.count(",") + 1 for question in questions] == [100, 100, 50]


def test_a_sku_with_a_comma_is_asked_alone() -> None:
    assert list(sku_questions(["A", "B,C", "D"])) == ["B,C", "A,D"]


@given(st.lists(st.text(min_size=1, max_size=100), max_size=150, unique=True))
def test_every_sku_is_asked_once_in_questions_that_fit(skus: list[str]) -> None:
    questions = list(sku_questions(skus))

    asked = [part for question in questions for part in (question.split(",") if question not in skus else [question])]
    assert sorted(asked) == sorted(skus)
    assert all(len(quote(question, safe="")) <= LONGEST_LIST for question in questions if question not in skus)


def test_found_rows_are_keyed_by_the_sku_as_it_was_asked() -> None:
    reader, _ = catalogue([{"id": 1, "sku": "mug"}, {"id": 2, "sku": "CUP"}, {"id": 1, "sku": "mug"}])

    found = reader.by_skus(["MUG", "cup", "none", ""])

    assert {sku: [row.id for row in rows] for sku, rows in found.items()} == {"MUG": [1], "cup": [2], "none": []}


def test_nothing_to_ask_is_not_asked() -> None:
    reader, sender = catalogue([])

    assert reader.by_skus([]) == {}
    assert reader.by_ids([]) == {}
    assert reader.made_since(None, []) == {}
    assert sender.asked == []


def test_variations_of_a_parent_that_is_gone_are_none() -> None:
    reader, _ = catalogue(refusal("woocommerce_rest_product_invalid_id", 404))
    assert reader.variations_of("9") == []

    broken, _ = catalogue(refusal("rest_invalid_param"))
    with pytest.raises(RefusedError):
        broken.variations_of("9")


def test_a_row_is_a_product_or_below_one() -> None:
    assert ref_of(row(id=5)) == ListingRef("5")
    assert ref_of(row(id=5, type="variation", parent_id=4)) == ListingRef("4", "5")
