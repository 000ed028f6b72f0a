"""A connection is proved before it is believed, and nothing is changed by that."""

import pytest

from tests.conformance.front import Front
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import RetryLaterError, TillbridgeError


def test_a_good_shop_tells_what_it_is_like(front: Front) -> None:
    profile = front.shop().check()

    assert profile.name
    assert profile.address
    assert len(profile.currency) == 3
    assert profile.time_zone
    assert profile.price_decimals == 2


def test_the_check_changes_nothing(front: Front) -> None:
    front.push(mug())
    before = front.shown()

    front.shop().check()

    assert front.shown() == before


@pytest.mark.parametrize("kind", ["html", "garbage", "empty", "cut_before", "truncate"])
def test_trouble_while_checking_is_no_wrong_key(front: Front, kind: str) -> None:  # invariant 7
    front.fault(kind, times=None)

    with pytest.raises(TillbridgeError) as caught:
        front.shop().check()

    assert caught.value.remedy or isinstance(caught.value, RetryLaterError)
    assert front.vocabulary.ids == {}
