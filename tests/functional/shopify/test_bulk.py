"""Many new products go by bulk operations (facts/shopify.md, section 9)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from tests.conformance.front import codes
from tests.functional.shopify.many import (
    MANY,
    assert_whole,
    assortment,
    operations,
    push_until_done,
    settings,
    singly,
)
from tests.functional.shopify.storefront import Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.product import Visibility
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.shopify.bulk import lines


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    """A shop that takes two seconds for a line."""
    with storefront(tls, settings(tls)) as opened:
        opened.bulk_from = MANY
        yield opened


# --- when all goes well -----------------------------------------------------------------------------------------------


def test_many_are_made_and_published_by_one_operation_each(front: Storefront) -> None:
    outcomes = front.push(*assortment(front))

    assert not codes(outcomes)
    assert outcomes["M7"].quantities == {"700": 5, "701": 5}
    assert_whole(front)
    assert operations(front) == operations(front, "PublishProducts") == ["COMPLETED"]
    assert singly(front) == len(front.calls("publishable")) == 0
    assert front.push(*assortment(front)) == {}


def test_files_are_sent_and_fetched_without_our_token(front: Storefront) -> None:  # invariant 5
    client = front.client()
    sender: Any = client._http
    exchange, sent = sender.exchange, []

    def exchanging(request: Request) -> Answer:
        sent.append(request)
        answer: Answer = exchange(request)
        return answer

    sender.exchange = exchanging
    front.push(*assortment(front), shop=front.adapter(client))

    elsewhere = [request for request in sent if not request.route.endswith("graphql.json")]
    assert [request.method for request in elsewhere] == ["POST", "GET"] * 2
    assert not any("X-Shopify-Access-Token" in request.headers for request in elsewhere)


def test_few_are_made_one_by_one(front: Storefront) -> None:
    front.push(*assortment(front)[: MANY - 1])

    assert operations(front) == []
    assert singly(front) == MANY - 1


def test_either_road_leads_to_the_same(front: Storefront, tls: TlsFiles) -> None:
    drafts = [mug(str(number), visibility=Visibility.DRAFT) for number in range(20, 23)]
    with storefront(tls, settings(tls)) as other:
        for one in (front, other):
            one.push(*assortment(one), *drafts)
            one.settle()
        shown, links = ([*one.shown()] for one in (front, other)), (front.links, other.links)
        assert singly(other) == 9
    assert_same(*shown)
    for key, link in links[0].items():
        same = links[1][key]
        assert (link.fields, [one.fields for one in link.variants]) == (
            same.fields,
            [one.fields for one in same.variants],
        )


def assert_same(ours: Sequence[Any], theirs: Sequence[Any]) -> None:
    def plain(shown: Any) -> Any:
        variants = tuple(replace(one, ref=None, stock=list(one.stock.values())) for one in shown.variants)
        return replace(shown, product_id="", variants=variants)

    assert [plain(one) for one in ours] == [plain(one) for one in theirs]


def test_more_than_one_operation_takes(front: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", MANY)
    products = [mug(str(number)) for number in range(1, 13)]

    assert not codes(front.push(*products))

    assert operations(front) == ["COMPLETED"] * 2
    assert singly(front) == 2, "the last two are few"
    assert set(front.skus().values()) == {1}


def test_others_are_changed_meanwhile(front: Storefront) -> None:
    front.push(mug("90"))
    dearer = mug("90", of_variant={"regular_price": Decimal(30)})
    seen: list[bool] = []

    for batch in front.shop().write_products(front.writes(*assortment(front), dearer)):
        seen.append(bool(batch))
        if batch:
            assert batch[0].write.product.key == "I90"
            break

    assert seen == [True], "nobody waits for the operation before"
    assert front.variant(front.known("90").ref).regular_price == 30


# --- what one line is refused for is its own matter -------------------------------------------------------------------


def test_a_refused_line_is_an_error_of_its_product_alone(front: Storefront) -> None:
    products = [*assortment(front), mug("9", name="x" * 300)]

    outcomes = front.push(*products)

    assert set(codes(outcomes)) == {"I9"}
    error = outcomes["I9"].error
    assert error is not None
    assert "title" in error.happened.lower()
    assert len(front.shown()) == 6
    assert singly(front) == 0


def test_lines_that_nobody_answers_for_are_asked_about(front: Storefront) -> None:
    front.control("switches", untold_lines=2)

    outcomes = front.push(*assortment(front))

    assert not codes(outcomes)
    assert_whole(front)
    assert singly(front) == 0, "they were made, though nobody said so"


@pytest.mark.parametrize("untold", [0, 1])
def test_a_failed_operation_is_finished_one_by_one(front: Storefront, untold: int) -> None:  # invariant 8
    front.control("switches", fail_bulk=True, untold_lines=untold)

    push_until_done(front, assortment(front))

    assert_whole(front)
    assert operations(front) == ["FAILED"]
    assert singly(front) == 3


@pytest.mark.parametrize("code", ["OPERATION_IN_PROGRESS", "LIMIT_REACHED", "INVALID_MUTATION"])
def test_a_refused_operation_makes_way_for_single_calls(front: Storefront, code: str) -> None:
    front.control("switches", refuse_bulk=code)

    assert not codes(front.push(*assortment(front)))

    assert_whole(front)
    assert operations(front) == []
    assert singly(front) == 6
    assert len(front.calls("bulkOperationRunMutation")) == 1, "it is not asked again and again"


def test_a_closed_upload_makes_way_for_single_calls(front: Storefront) -> None:
    front.control("switches", close_uploads=True)

    assert not codes(front.push(*assortment(front)))

    assert_whole(front)
    assert singly(front) == 6
