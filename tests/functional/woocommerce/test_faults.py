"""The shop fails in every way at every call: the run goes on or stops, and the shop ends up as if nothing had been."""

from collections import Counter
from typing import get_args

import pytest

from sandbox.common.faults import FaultKind
from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_kill import assert_linked, assortment
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import RetryLaterError, SystemDownError, ThrottledError

CALLS = 12
QUICK_KINDS = [kind for kind in get_args(FaultKind) if kind not in {"delay", "hang", "status", "alter_rows"}]
"""Without those that take time or have a test of their own, and without a page that lies: no reader can tell it."""


def push_until_done(front: Storefront, at_most: int = 3) -> dict[str, str]:
    """Push as the queue does: a run that the shop failed is asked for again."""
    products = assortment(front)
    for _ in range(at_most):
        try:
            return codes(front.push(*products))
        except RetryLaterError:
            continue
    raise AssertionError("the shop has recovered, but the products never went through")


@pytest.mark.parametrize("call", range(CALLS))
@pytest.mark.parametrize("kind", QUICK_KINDS)
def test_one_fault_anywhere(front: Storefront, kind: FaultKind, call: int) -> None:  # invariant 8
    front.fault(kind, path="/wp-json/", after=call)

    assert push_until_done(front) == {}

    assert any(entry.fault == kind for entry in front.calls())
    assert front.names() == ["Mug 1", "Mug 2", "Shirt 7"]
    skus = Counter(product.sku for product in front.state.products if product.sku)
    assert set(skus.values()) == {1}
    assert len(skus) == 4
    assert all(times == 1 for times in front.gallery.fetched.values()), front.gallery.fetched
    front.push(*assortment(front))  # a fault inside a picture call is met again by the retried product
    assert_linked(front)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 403, 406, 413])
@pytest.mark.parametrize("call", [0, 1, 8, 9, 11])
def test_one_bad_status_anywhere(front: Storefront, status: int, call: int) -> None:
    front.fault("status", status=status, body="<h1>no</h1>", path="/wp-json/", after=call)

    assert push_until_done(front) == {}

    assert front.names() == ["Mug 1", "Mug 2", "Shirt 7"]


def test_a_timeout_leaves_a_doubt_that_is_settled_by_reading(front: Storefront) -> None:  # invariant 8
    front.read_seconds = 2
    front.fault("hang", seconds=5, method="POST", path="products/batch")

    assert not codes(front.push(mug("1"), mug("2")))

    assert front.names() == ["Mug 1", "Mug 2"]


def test_a_shop_that_is_down_stops_the_run_and_keeps_what_it_acknowledged(front: Storefront) -> None:
    many = [mug(str(number)) for number in range(1, 151)]
    front.fault("status", status=500, path="products/batch", after=1, times=None)

    with pytest.raises(SystemDownError):
        front.push(*many)

    assert sum(bool(link.product_id) for link in front.links.values()) == 100
    front.state.instruments.faults.clear()
    front.push(*many)
    assert len(front.names()) == 150
    assert len(set(front.names())) == 150


def test_a_shop_that_asks_for_a_pause_is_not_asked_again(front: Storefront) -> None:
    front.fault("status", status=503, headers={"Retry-After": "600"}, path="products/batch", times=None)

    with pytest.raises(SystemDownError) as caught:
        front.push(mug())

    assert caught.value.after == 600
    assert len(front.calls("products/batch")) == 1


def test_a_throttling_host_is_obeyed(front: Storefront) -> None:
    front.fault("status", status=429, headers={"Retry-After": "7"}, path="products/batch")

    with pytest.raises(ThrottledError) as caught:
        front.push(mug())

    assert caught.value.after == 7


def test_outcomes_stand_when_the_shop_fails_at_the_pictures(front: Storefront) -> None:
    shown = mug("2", images=(front.gallery.picture("mug"),))
    front.fault("status", status=503, headers={"Retry-After": "60"}, path="products/batch", after=1)

    with pytest.raises(SystemDownError):
        front.push(mug("1"), shown)

    assert front.links["I1"].product_id
    link = front.links["I2"]
    assert link.product_id
    assert "images" not in link.fields, "never acknowledged"
