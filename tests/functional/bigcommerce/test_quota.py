"""The store's quota is kept to, whoever uses it up; an overloaded platform is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from tests.conformance.front import codes
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import ThrottledError
from tillbridge.domain.product import StockWrite
from tillbridge.systems.bigcommerce.api.budget import OVERLOAD_PAUSE, BudgetBook
from tillbridge.systems.bigcommerce.stock import PAUSES


@dataclass
class Board:
    """Where workers tell each other."""

    told: list[Mapping[str, str]] = field(default_factory=list)

    def load(self) -> Mapping[str, str] | None:
        return self.told[-1] if self.told else None

    def save(self, snapshot: Mapping[str, str]) -> None:
        self.told.append(snapshot)


def with_quota(front: Storefront, quota: int) -> None:
    front.state.settings = replace(front.state.settings, quota=quota)
    front.state.calls = []


def refused(front: Storefront) -> int:
    return sum(call.status == 429 for call in front.calls())


def test_the_quota_is_not_overdrawn_and_the_window_is_waited_for(front: Storefront) -> None:
    with_quota(front, 20)
    began = front.clock.now()

    assert not codes(front.push(*[mug(str(number)) for number in range(1, 41)]))

    assert refused(front) == 0
    assert len(front.skus()) == 40
    assert 60 <= (front.clock.now() - began).total_seconds() <= 120


def test_the_stock_lane_has_a_share_of_its_own(front: Storefront) -> None:
    front.push(mug("1"))
    known = front.known("1")
    with_quota(front, 20)
    board = Board()
    shop = front.adapter(budget=BudgetBook(front.clock, board.load, board.save))
    began = front.clock.now()
    for _ in range(8):
        shop.find_by_sku(["X"])  # two calls each
    assert front.clock.now() == began, "16 of 20 are everybody's"

    front.state.settings = replace(front.state.settings, settle_seconds=0)
    list(shop.write_stock([StockWrite("1", known.ref, 3)]))
    written = front.clock.now()
    assert (written - began).total_seconds() == PAUSES[0], (
        "the last 4 are for stock, which only reads back a while later"
    )

    shop.find_by_sku(["X"])
    assert front.clock.now() > written
    assert refused(front) == 0
    assert board.told, "others are told that little is left"


def test_a_quota_that_others_used_up_is_waited_for(front: Storefront) -> None:
    with_quota(front, 20)
    front.state.calls = [front.clock.now()] * 20
    began = front.clock.now()

    assert not codes(front.push(mug()))

    assert refused(front) == 1
    assert (front.clock.now() - began).total_seconds() == 30


def test_an_overloaded_platform_is_left_alone(front: Storefront) -> None:
    front.state.switches.overload = True
    board = Board()
    shop = front.adapter(budget=BudgetBook(front.clock, board.load, board.save))

    with pytest.raises(ThrottledError) as caught:
        shop.find_by_sku(["X"])

    assert caught.value.after == OVERLOAD_PAUSE
    assert len(front.calls()) == 1
    other = front.adapter(budget=BudgetBook(front.clock, board.load, board.save))
    with pytest.raises(ThrottledError):
        other.find_by_sku(["X"])
    assert len(front.calls()) == 1, "another worker does not even ask"

    front.state.switches.overload = False
    front.clock.advance(seconds=OVERLOAD_PAUSE)
    assert other.find_by_sku(["X"]) == {"X": ()}
