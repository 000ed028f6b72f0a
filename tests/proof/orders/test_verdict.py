"""What could have been known is judged by when it became news, and by nothing that ours did."""

from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.proof.orders.verdict import CARRYING, Move, Oversold, Truth

pytestmark = pytest.mark.unit

ITEM = "1"
MOMENT = timedelta(seconds=1)


def sold(shop: str, seconds: float = 0, news: float | None = None) -> Move:
    at = NOON + timedelta(seconds=seconds)
    return Move(at, -1, shop, None if news is None else at + timedelta(seconds=news), f"an order of {shop}")


def judged(
    *moves: Move, after: timedelta, kept_back: int = 0, counts_itself: bool = True, pause: timedelta | None = None
) -> Oversold:
    """Judge a unit that shop a sells some time after noon, when all that there were have been sold by these moves."""
    truth = Truth()
    truth.moves[ITEM] = [Move(NOON - timedelta(days=1), len(moves)), *moves]
    if pause:
        truth.pauses["b"].append((NOON, NOON + pause))
    return truth.oversold(ITEM, "a", NOON + after, kept_back=kept_back, counts_itself=counts_itself)


@pytest.mark.parametrize(("late", "known"), [(CARRYING, False), (CARRYING + MOMENT, True)])
def test_a_sale_elsewhere_has_to_be_known_some_seconds_after_it_was_news(late: timedelta, *, known: bool) -> None:
    found = judged(sold("b", news=300), after=timedelta(seconds=300) + late)
    assert (found.known, found.late) == (known, late)
    assert found.news is not None
    assert found.news.told_by == "an order of b"


def test_of_several_sales_one_that_is_no_news_yet_excuses() -> None:
    assert not judged(sold("b"), sold("c", news=600), after=timedelta(minutes=5)).known
    assert judged(sold("b"), sold("c"), after=timedelta(minutes=5)).known


def test_units_kept_back_have_to_be_sold_as_well_before_nothing_was_known() -> None:
    one, two = sold("b", news=600), sold("c", news=600)
    assert judged(sold("b"), one, after=timedelta(minutes=5), kept_back=1).known
    assert not judged(one, two, after=timedelta(minutes=5), kept_back=1).known


def test_a_shop_knows_its_own_sales_unless_it_counts_them_later() -> None:
    own = sold("a", news=600)
    assert judged(own, after=MOMENT).known
    assert judged(own, after=MOMENT).news is None
    assert not judged(own, after=MOMENT, counts_itself=False).known


def test_a_shop_that_wants_to_be_left_alone_tells_nothing_meanwhile() -> None:
    minute = timedelta(minutes=1)
    assert not judged(sold("b"), after=minute + CARRYING, pause=minute).known
    assert judged(sold("b"), after=minute + CARRYING + MOMENT, pause=minute).known
    assert judged(sold("c"), after=minute, pause=minute).known, "its own pause is no excuse for another"
