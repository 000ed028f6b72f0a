"""Figures are acknowledged once they are read back, and nothing of the merchant's own tracking is changed."""

from dataclasses import replace

import pytest

from tests.conformance.front import codes
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import StockWrite
from tillbridge.systems.bigcommerce.traits import Traits


def settling_in(front: Storefront, seconds: float) -> None:
    front.state.settings = replace(front.state.settings, settle_seconds=seconds)


def test_a_figure_that_settles_late_is_waited_for_within_the_call(front: Storefront) -> None:
    front.push(mug("1"))
    settling_in(front, 6)
    began = front.clock.now()

    outcome = front.put_stock({"1": 9})["1"]

    assert outcome.acknowledged == 9
    assert (front.clock.now() - began).total_seconds() == 6


def test_a_figure_that_does_not_settle_is_told_and_not_acknowledged(front: Storefront) -> None:  # invariant 1
    front.push(mug("1"), mug("2"))
    settling_in(front, 3600)

    outcomes = front.put_stock({"1": 9, "2": 5})

    assert outcomes["1"].acknowledged is None
    assert outcomes["1"].error is not None
    assert outcomes["1"].error.code == "stock_unsettled"
    assert "5 instead of 9 at location 1" in outcomes["1"].error.happened
    assert outcomes["2"].acknowledged == 5, "it showed that all the while"

    front.settle()
    settling_in(front, 0)
    assert front.put_stock({"1": 9})["1"].acknowledged == 9


@pytest.mark.parametrize("product", [mug("1"), shirt()], ids=["simple", "variable"])
def test_tracking_that_the_merchant_switched_off_stays_off(front: Storefront, product: object) -> None:  # invariant 6
    front.push(mug("1"), shirt())
    key, item_id = ("I1", "1") if product == mug("1") else ("M7", "700")
    number = int(front.links[key].product_id)
    front.control("edit", {"id": number, "changes": {"inventory_tracking": "none"}})

    outcome = front.put_stock({item_id: 9})[item_id]

    assert outcome.error is not None
    assert outcome.error.code == "stock_not_tracked"
    assert outcome.error.remedy
    stored = front.state.products.get(number)
    assert stored is not None
    assert stored.tracking == "none"


def test_one_figure_for_all_variants_is_told(front: Storefront) -> None:
    front.push(shirt(), mug("1"))
    number = int(front.links["M7"].product_id)
    front.control("edit", {"id": number, "changes": {"inventory_tracking": "product"}})

    outcomes = front.put_stock({"700": 9, "1": 3})

    assert outcomes["700"].error is not None
    assert outcomes["700"].error.code == "stock_by_product"
    assert outcomes["1"].acknowledged == 3


def test_a_simple_product_tracked_by_its_variant(front: Storefront) -> None:
    front.push(mug("1"))
    number = int(front.links["I1"].product_id)
    front.control("edit", {"id": number, "changes": {"inventory_tracking": "variant"}})

    assert front.put_stock({"1": 8})["1"].acknowledged == 8
    assert front.variant(front.known("1").ref).stock[front.place] == 8


def test_other_places_are_left_alone(front: Storefront) -> None:  # invariant 6
    front.push(mug("1"))
    number, there = int(front.links["I1"].product_id), front.other_places[0]
    front.control("stock", {"id": number, "quantity": 40, "location_id": int(there)})

    front.put_stock({"1": 8})

    assert front.variant(front.known("1").ref).stock == {front.place: 8, there: 40}
    observed = front.shop().observe([front.known("1").ref])
    assert observed[front.known("1").ref].quantity == 8


@pytest.mark.parametrize("checked", [True, False])
def test_a_place_that_is_not_there(front: Storefront, checked: bool) -> None:  # noqa: FBT001
    front.push(*[mug(str(number)) for number in range(1, 21)])
    shop = front.adapter() if checked else front.adapter(traits=Traits())
    writes = [StockWrite(one, front.known(one).ref, 3, places={"99": 3}) for one in map(str, range(1, 21))]
    front.forget_calls()

    (batch,) = shop.write_stock(writes)

    assert {outcome.error.code for outcome in batch if outcome.error} == {"no_such_place"}
    assert len(front.calls()) <= 3, "it is asked once, not twenty times"


def test_figures_of_the_wrong_form(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))

    outcomes = front.put_stock({"1": -1, "2": 4})

    assert outcomes["1"].error is not None
    assert outcomes["1"].error.code == "stock_in_fractions"
    assert outcomes["2"].acknowledged == 4


def test_thousands_of_figures_go_two_thousand_at_a_time(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 21)])
    settling_in(front, 0)
    known = [front.known(str(number)) for number in range(1, 21)]
    writes = [StockWrite(one.item_id, one.ref, place % 7) for place, one in enumerate(known * 126)]
    front.forget_calls()

    batches = list(front.shop().write_stock(writes))

    assert [len(batch) for batch in batches] == [2000, 520]
    assert len([call for call in front.calls() if "adjustments" in call.route]) == 2


def test_a_locked_store_is_tried_again_later(front: Storefront) -> None:
    front.push(mug("1"))
    front.state.switches.locked = True

    with pytest.raises(SystemDownError) as caught:
        front.put_stock({"1": 9})

    assert caught.value.after
    front.state.switches.locked = False
    assert not codes(front.push(mug("1")))
    assert front.put_stock({"1": 9})["1"].acknowledged == 9
