"""The calls that the suite for all shops does not reach: the last pictures, and changes of options."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.common.faults import FaultKind
from tests.conformance.front import codes
from tests.conformance.test_faults import assert_whole, assortment, push_until_done
from tests.fakes.crash import Crash, KilledError
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Product, ProductOption
from tillbridge.domain.settings import MerchantSettings, Owner

CALLS = 16
TILL_OWNS = MerchantSettings(owners={"category": Owner.TILL, "images": Owner.TILL, "name": Owner.TILL})


def test_so_many_calls_there_are(front: Storefront) -> None:
    front.push(*assortment(front))

    assert 10 < len(front.calls()) <= CALLS


@pytest.mark.parametrize("call", range(10, CALLS))
@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "truncate", "empty"])
def test_a_fault_at_the_last_calls(front: Storefront, kind: FaultKind, call: int) -> None:  # invariant 8
    front.fault(kind, after=call)

    push_until_done(front, assortment(front))

    assert_whole(front)
    assert set(front.gallery.fetched.values()) == {1}


@pytest.mark.parametrize("at", range(20, 2 * CALLS))
def test_killed_at_the_last_calls(front: Storefront, at: int) -> None:  # invariant 8
    try:
        front.push(*assortment(front), shop=front.shop(Crash(at)))
    except KilledError:
        front.settle()

    push_until_done(front, assortment(front))

    assert_whole(front)
    assert len(front.state.metafields) == 3


def killed_between_making_and_marking(front: Storefront, product: Product) -> None:
    """Find the step at which the product is there and its mark is not."""
    for at in range(2 * CALLS):
        try:
            front.push(product, shop=front.shop(Crash(at)))
        except KilledError:
            if front.shown():
                break
    assert front.shown()
    assert not front.state.metafields


def test_one_that_was_made_and_not_marked_is_no_second_one_under_another_sku(front: Storefront) -> None:  # invariant 8
    killed_between_making_and_marking(front, mug("1"))

    assert not codes(front.push(mug("1", of_variant={"sku": "MUG-NEW"})))

    assert front.skus() == {"MUG-NEW": 1}
    assert front.links["I1"].created_by_us
    assert len(front.state.metafields) == 1


@pytest.mark.parametrize("theirs", [{"sku": "THEIRS"}, {"name": "Theirs"}])
def test_what_the_merchant_made_meanwhile_is_not_taken_for_ours(
    front: Storefront, theirs: dict[str, str]
) -> None:  # invariant 6
    began = front.clock.now()
    killed_between_making_and_marking(front, mug("1"))
    front.delete(front.shown()[0].product_id)
    front.add(mug("1", name=theirs.get("name", "Mug 1"), of_variant={"sku": theirs.get("sku", "MUG-1")}))

    assert front.shop().find_made({"I1": began}) == {}


def changed(front: Storefront) -> list[Product]:
    """A product in another category with another picture, and one whose options changed in every way."""
    product = shirt(sizes=("XS", "M", "L"))
    product = replace(product, options=(ProductOption("Colour", ("Black", "White")), product.options[1]))
    moved = mug(
        "1", name="Cup", category_path=("Cups",), images=(front.gallery.picture("b"), front.gallery.picture("a"))
    )
    return [moved, replace(product, variants=tuple(replace(one, regular_price=Decimal(9)) for one in product.variants))]


def push_changes(front: Storefront) -> None:
    for _ in range(4):
        try:
            if not front.push(*changed(front), settings=TILL_OWNS):
                return
        except RetryLaterError:
            continue
    assert front.push(*changed(front), settings=TILL_OWNS) == {}


def assert_changed(front: Storefront) -> None:
    cup, wide = sorted(front.shown(), key=lambda shown: shown.name)
    assert (cup.name, cup.images) == ("Cup", ("b", "a"))
    assert set(cup.categories) == {"Cups"}
    assert list(wide.options) == ["Colour", "Size"]
    assert sorted(wide.options["Size"]) == ["L", "M", "XS"]
    assert {entry.options for entry in wide.variants} == {
        (colour, size) for colour in ("Black", "White") for size in ("XS", "M", "L")
    }
    assert {entry.regular_price for entry in wide.variants} == {Decimal(9)}
    assert front.gallery.fetched == {"a": 1, "b": 1}


def begin(front: Storefront) -> None:
    first = mug("1", category_path=("Mugs",), images=(front.gallery.picture("a"),))
    front.push(first, shirt(), settings=TILL_OWNS)
    front.forget_calls()


@pytest.mark.parametrize("call", range(16))
@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage"])
def test_a_fault_anywhere_while_changing(front: Storefront, kind: FaultKind, call: int) -> None:  # invariant 8
    begin(front)
    front.fault(kind, after=call)

    push_changes(front)

    assert_changed(front)


@pytest.mark.parametrize("at", range(32))
def test_killed_anywhere_while_changing(front: Storefront, at: int) -> None:  # invariant 8
    begin(front)
    try:
        front.push(*changed(front), settings=TILL_OWNS, shop=front.shop(Crash(at)))
    except KilledError:
        front.settle()

    push_changes(front)

    assert_changed(front)
