"""The shop fails in every way at every call, and we die at every call: it ends up as if nothing had been."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from sandbox.common.faults import FaultKind
from tests.conformance.front import Front, codes
from tests.fakes.crash import Crash, KilledError
from tests.unit.systems.woocommerce.samples import mug, shirt, variant
from tillbridge.domain.errors import RetryLaterError, ThrottledError
from tillbridge.domain.product import Product
from tillbridge.domain.settings import MerchantSettings, Owner

CALLS = 10
KINDS = [kind for kind in get_args(FaultKind) if kind not in {"delay", "hang", "status", "alter_rows", "end_list"}]
"""Without those that take time or have a test of their own, and without pages that lie so that no reader can tell."""


def assortment(front: Front) -> list[Product]:
    """Two simple products and a variable one, with everything that takes a call."""
    whole = shirt(colours=("Black",))
    shown = tuple(replace(entry, image=front.gallery.picture(f"v-{entry.item_id}")) for entry in whole.variants)
    return [
        mug("1", category_path=("Kitchen", "Mugs"), brand="Northfell"),
        mug("2", images=(front.gallery.picture("mug"),)),
        replace(whole, images=(front.gallery.picture("front"), front.gallery.picture("back")), variants=shown),
    ]


def push_until_done(front: Front, products: list[Product], at_most: int = 4) -> None:
    """Push as the queue does: a run that the shop failed is asked for again, and a product that failed too."""
    for _ in range(at_most):
        front.settle()
        try:
            if not front.push(*products):
                return
        except RetryLaterError:
            continue
    assert front.push(*products) == {}, "the shop has recovered, but the products never went through"


def assert_whole(front: Front) -> None:
    front.settle()
    assert front.skus() == {"MUG-1": 1, "MUG-2": 1, "SHIRT-7-Black-S": 1, "SHIRT-7-Black-M": 1}
    assert front.names() == ["Mug 1", "Mug 2", "Shirt 7"]
    by_name = {shown.name: shown for shown in front.shown()}
    assert by_name["Mug 2"].images == ("mug",)
    assert by_name["Shirt 7"].images[:2] == ("front", "back")
    assert {entry.image for entry in by_name["Shirt 7"].variants} == {"v-700", "v-701"}
    assert all(link.created_by_us and link.attempted_at is None for link in front.links.values())


@pytest.mark.parametrize("call", range(CALLS))
@pytest.mark.parametrize("kind", KINDS)
def test_one_fault_anywhere(front: Front, kind: FaultKind, call: int) -> None:  # invariant 8
    front.fault(kind, after=call)

    push_until_done(front, assortment(front))

    assert_whole(front)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("call", [0, 2, 5, 8])
def test_one_bad_status_anywhere(front: Front, status: int, call: int) -> None:
    front.fault("status", status=status, body="<h1>no</h1>", after=call)

    push_until_done(front, assortment(front))

    assert_whole(front)


def test_a_throttling_shop_is_obeyed(front: Front) -> None:
    front.fault("status", status=429, headers={"Retry-After": "97"})

    with pytest.raises(ThrottledError):
        front.push(mug())

    assert not codes(front.push(mug()))


@pytest.mark.parametrize("at", range(2 * CALLS))
def test_killed_while_creating(front: Front, at: int) -> None:  # invariant 8
    crash = Crash(at)
    try:
        front.push(*assortment(front), shop=front.shop(crash))
    except KilledError:
        front.settle()

    push_until_done(front, assortment(front))

    assert_whole(front)


def moved(front: Front, category: str, crash: Crash | None = None) -> bool:
    """Have the till put its mug into another category; tells whether anything was sent."""
    product = mug("1", category_path=(category,))
    settings = MerchantSettings(owners={"category": Owner.TILL})
    return bool(front.push(product, settings=settings, shop=front.shop(crash)))


@pytest.mark.parametrize("at", range(14))
@pytest.mark.parametrize("then", ["Mugs", "Cups", "Bowls"])
def test_killed_while_moving_to_another_category(front: Front, at: int, then: str) -> None:  # invariant 6
    front.needs("further categories")
    moved(front, "Mugs")
    front.put_into(front.links["I1"].product_id, "Gifts")
    with suppress(KilledError):
        moved(front, "Cups", Crash(at))

    for _ in range(2):
        moved(front, then)

    assert sorted(front.shown()[0].categories) == sorted([then, "Gifts"])
    assert not moved(front, then)
    assert not front.links["I1"].traces


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "empty"])
@pytest.mark.parametrize("call", range(7))
def test_a_move_that_is_not_answered(front: Front, kind: FaultKind, call: int) -> None:  # invariant 6
    front.needs("further categories")
    moved(front, "Mugs")
    front.put_into(front.links["I1"].product_id, "Gifts")
    front.fault(kind, after=call)
    with suppress(RetryLaterError):
        moved(front, "Cups")
    front.instruments.faults.clear()

    for _ in range(2):
        moved(front, "Bowls")

    assert sorted(front.shown()[0].categories) == ["Bowls", "Gifts"]


@pytest.mark.parametrize("at", range(2 * CALLS))
def test_killed_while_creating_in_a_category_that_is_not_wanted_any_more(front: Front, at: int) -> None:
    front.needs("further categories")
    with suppress(KilledError):
        moved(front, "Mugs", Crash(at))
    front.settle()

    for _ in range(2):
        moved(front, "Cups")

    assert front.shown()[0].categories == ("Cups",)


@pytest.mark.parametrize("at", range(2 * CALLS))
def test_killed_while_creating_what_nobody_wants_any_more(front: Front, at: int) -> None:  # invariants 4 and 8
    began = front.clock.now()
    try:
        front.push(mug("1"), mug("2"), shirt(colours=("Black",)), shop=front.shop(Crash(at)))
    except KilledError:
        front.settle()
    keys = {"Mug 1": "I1", "Mug 2": "I2", "Shirt 7": "M7"}

    found = front.shop().find_made(dict.fromkeys(keys.values(), began))

    assert found == {keys[shown.name]: shown.product_id for shown in front.shown() if shown.name in keys}
    list(front.shop().unpublish(list(found.values())))
    assert not any(shown.on_sale for shown in front.shown() if shown.name in keys)


@pytest.mark.parametrize("at", range(CALLS))
def test_killed_while_changing(front: Front, at: int) -> None:  # invariant 8
    products = assortment(front)
    push_until_done(front, products)
    grown = replace(
        products[2], variants=(*products[2].variants, variant("709", sku="SHIRT-L", options=("Black", "L")))
    )
    grown = replace(grown, options=(grown.options[0], replace(grown.options[1], values=("S", "M", "L"))))
    changed = [mug("1", of_variant={"regular_price": Decimal(30)}), grown]
    try:
        front.push(*changed, shop=front.shop(Crash(at)))
    except KilledError:
        front.settle()

    push_until_done(front, changed)

    assert front.skus() == {"MUG-1": 1, "MUG-2": 1, "SHIRT-7-Black-S": 1, "SHIRT-7-Black-M": 1, "SHIRT-L": 1}
    assert front.variant(front.known("1").ref).regular_price == 30
    assert {known.item_id for known in front.links["M7"].variants} == {"700", "701", "709"}
