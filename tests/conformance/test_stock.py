"""Absolute figures, each acknowledged or explained, at the shop's places where it has some."""

import pytest

from tests.conformance.front import Front
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError


def stock(front: Front) -> dict[str, dict[str, int]]:
    front.settle()
    return {variant.sku: dict(variant.stock) for shown in front.shown() for variant in shown.variants}


def test_simple_products_and_variants_get_their_figures(front: Front) -> None:
    front.push(mug("1"), mug("2"), shirt())
    figures = {known.item_id: 3 for link in front.links.values() for known in link.variants}

    outcomes = front.put_stock(figures)

    assert {outcome.acknowledged for outcome in outcomes.values()} == {3}
    assert all(figure[front.place] == 3 for figure in stock(front).values())


def test_zero_and_up_again(front: Front) -> None:
    front.push(mug("1"))

    assert front.put_stock({"1": 0})["1"].acknowledged == 0
    assert stock(front)["MUG-1"][front.place] == 0
    assert front.put_stock({"1": 9})["1"].acknowledged == 9
    assert stock(front)["MUG-1"][front.place] == 9


def test_hundreds_of_figures(front: Front) -> None:
    front.push(*[mug(str(number)) for number in range(1, 301)])
    front.settle()
    front.forget_calls()

    outcomes = front.put_stock({str(number): number for number in range(1, 301)})

    assert {item_id: outcome.acknowledged for item_id, outcome in outcomes.items()} == {
        str(number): number for number in range(1, 301)
    }
    assert len(front.calls()) <= 12, "in batches"
    assert {sku: figure[front.place] for sku, figure in stock(front).items()} == {
        f"MUG-{number}": number for number in range(1, 301)
    }


def test_places_get_their_shares(front: Front) -> None:
    front.needs("places")
    front.push(mug("1"), shirt())
    here, *others = (front.place, *front.other_places)
    shares = {here: 2, **dict.fromkeys(others, 4)}

    outcomes = front.put_stock({"1": 2 + 4 * len(others), "700": 2 + 4 * len(others)}, shares)

    assert not [outcome.error for outcome in outcomes.values() if outcome.error]
    figures = stock(front)
    assert figures["MUG-1"] == shares
    assert figures["SHIRT-7-Black-S"] == shares


def test_what_somebody_changed_in_the_shop_is_put_right(front: Front) -> None:
    front.push(mug("1"))
    front.put_stock({"1": 5})
    front.edit(front.known("1").ref, stock=99)
    front.settle()

    said = [front.put_stock({"1": 4})["1"] for _ in range(2)]  # one that compares first says that it moved

    assert said[-1].acknowledged == 4
    assert stock(front)["MUG-1"][front.place] == 4


def test_a_listing_that_is_gone_does_not_hold_up_the_others(front: Front) -> None:
    front.push(mug("1"), mug("2"), shirt())
    front.delete(front.links["I1"].product_id)
    front.delete(front.links["M7"].product_id)
    figures = {known.item_id: 7 for link in front.links.values() for known in link.variants}

    outcomes = front.put_stock(figures)
    front.settle()

    assert outcomes["2"].acknowledged == 7
    assert {item_id for item_id, outcome in outcomes.items() if outcome.error} == set(figures) - {"2"}
    assert stock(front)["MUG-2"][front.place] == 7


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "truncate", "html", "empty"])
def test_doubt_is_settled(front: Front, kind: str) -> None:  # invariant 8
    front.push(mug("1"), shirt())
    figures = {known.item_id: 7 for link in front.links.values() for known in link.variants}
    front.settle()
    front.fault(kind)

    for _ in range(3):
        try:
            front.put_stock(figures)
        except RetryLaterError:
            continue

    assert all(figure[front.place] == 7 for figure in stock(front).values())
