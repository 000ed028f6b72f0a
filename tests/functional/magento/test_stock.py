"""What can be bought is the figure that was written, whatever open orders hold; figures go to the sources they name."""

from datetime import timedelta

import pytest

from tests.functional.magento.storefront import OTHER, Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.product import ListingRef, StockWrite
from tillbridge.systems.magento.shop import MagentoShop
from tillbridge.systems.magento.traits import Traits


def salable(front: Storefront, sku: str = "MUG-42") -> int:
    return int(front.rest("GET", f"/inventory/get-product-salable-quantity/{sku}/1"))


def at_source(front: Storefront, sku: str = "MUG-42", source: str = "default") -> int:
    return int(front.state.inventory.items[sku.casefold(), source].quantity)


def figure(front: Storefront, units: int, shop: MagentoShop | None = None) -> None:
    assert front.put_stock({"42": units}, shop=shop)["42"].error is None


def test_a_web_order_is_not_deducted_twice(front: Storefront) -> None:
    """23 on hand, one ordered on the web: the figure is 22, and 22 can be bought (facts/magento.md, section 4)."""
    front.push(mug(of_variant={"quantity": 23}))
    front.order((front.known("42").ref, 1))

    figure(front, 22)

    assert (at_source(front), salable(front)) == (23, 22)
    assert front.shop().observe([front.known("42").ref])[front.known("42").ref].quantity == 22


def test_a_variants_order_counts_once(front: Storefront) -> None:
    front.push(shirt())
    front.order((front.known("700").ref, 2))

    assert front.put_stock({"700": 3})["700"].acknowledged == 3

    assert salable(front, "SHIRT-7-Black-S") == 3


def test_what_is_shipped_is_no_longer_held(front: Storefront) -> None:
    front.push(mug(of_variant={"quantity": 10}))
    placed = int(front.order((front.known("42").ref, 4)))
    front.control("/ship", {"order_id": placed, "items": {"MUG-42": 3}})

    figure(front, 6)

    assert (at_source(front), salable(front)) == (7, 6)


def test_what_is_given_back_is_no_longer_held(front: Storefront) -> None:
    front.push(mug(of_variant={"quantity": 10}))
    front.cancel(front.order((front.known("42").ref, 4)))

    figure(front, 10)

    assert (at_source(front), salable(front)) == (10, 10)


def test_an_order_that_came_after_the_look_is_not_added(front: Storefront) -> None:
    """The figure does not know it yet: adding it would sell the unit twice."""
    front.push(mug(of_variant={"quantity": 23}))
    shop = front.shop()
    shop.orders_since(front.clock.now() - timedelta(days=1))
    front.order((front.known("42").ref, 1))

    figure(front, 23, shop)

    assert (at_source(front), salable(front)) == (23, 22)


def test_an_order_of_the_look_is_added(front: Storefront) -> None:
    front.push(mug(of_variant={"quantity": 23}))
    front.order((front.known("42").ref, 1))
    shop = front.shop()
    shop.orders_since(front.clock.now() - timedelta(days=1))

    figure(front, 22, shop)

    assert salable(front) == 22


def test_an_old_order_is_added_although_it_did_not_change(front: Storefront) -> None:
    front.push(mug(of_variant={"quantity": 23}))
    placed = int(front.order((front.known("42").ref, 1)))
    order = front.state.orders[placed]
    order.created = order.updated = order.created - timedelta(days=3)
    shop = front.shop()
    assert shop.orders_since(front.clock.now() - timedelta(days=1)).orders == ()

    figure(front, 22, shop)

    assert salable(front) == 22


def test_no_figure_is_written_when_the_orders_cannot_be_read(front: Storefront) -> None:  # invariant 1
    front.push(mug())
    front.fault("garbage", path="/orders", times=None)

    with pytest.raises(GarbledAnswerError):
        front.put_stock({"42": 9})

    assert at_source(front) == 5


def test_an_sku_that_is_gone_leaves_no_orphan(front: Storefront) -> None:
    front.push(mug())
    front.delete(front.links["I42"].product_id)
    front.state.inventory.items.clear()

    assert front.put_stock({"42": 9})["42"].error is not None

    assert front.state.inventory.items == {}


def test_zero_is_out_of_stock_and_up_again_is_in(front: Storefront) -> None:
    front.push(mug())
    for units, status in ((0, 0), (4, 1)):
        figure(front, units)
        assert front.state.inventory.items["mug-42", "default"].status == status


def test_input_limits_make_calls_smaller_for_good(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 61)])
    front.state.switches.input_limits = True
    object.__setattr__(front.state.settings, "list_limit", 20)

    outcomes = front.put_stock({str(number): 7 for number in range(1, 61)})
    assert {outcome.acknowledged for outcome in outcomes.values()} == {7}
    front.forget_calls()
    front.put_stock({str(number): 8 for number in range(1, 61)})

    writes = [call for call in front.calls("source-items") if call.method == "POST"]
    assert {call.status for call in writes} == {200}


def test_one_unknown_source_does_not_hold_up_the_others(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 6)])
    refs = {str(number): front.known(str(number)).ref for number in range(1, 6)}
    writes = [StockWrite(one, ref, 3, places={"nowhere" if one == "3" else "default": 3}) for one, ref in refs.items()]

    outcomes = {one.write.item_id: one for batch in front.shop().write_stock(writes) for one in batch}

    assert {one for one, outcome in outcomes.items() if outcome.acknowledged == 3} == {"1", "2", "4", "5"}
    assert outcomes["3"].error is not None
    assert outcomes["3"].error.code == "no_such_place"


def test_other_places_are_left_alone(front: Storefront) -> None:
    front.push(mug())
    front.control("/stock", {"sku": "MUG-42", "quantity": 40, "source": OTHER})

    figure(front, 3)

    assert (at_source(front), at_source(front, source=OTHER)) == (3, 40)


def test_a_place_of_choice(front: Storefront) -> None:
    traits = Traits(source=OTHER)
    front.push(mug(), shop=front.adapter(traits=traits))

    figure(front, 3, front.adapter(traits=traits))

    assert at_source(front, source=OTHER) == 3


def test_places_are_read_back_as_they_were_shared_out_whatever_orders_hold(front: Storefront) -> None:
    front.push(mug())
    front.put_stock({"42": 7}, {"default": 3, OTHER: 4})
    front.order((front.known("42").ref, 2))
    shares = {"default": 1, OTHER: 4}
    front.put_stock({"42": 5}, shares)
    ref = front.known("42").ref

    assert salable(front) == 5
    assert at_source(front, source=OTHER) == 6
    seen = front.shop().observe([ref], places=["default", OTHER])[ref]
    assert (seen.quantity, seen.places) == (5, shares)


def test_where_the_inventory_modules_are_off_there_is_one_figure(front: Storefront) -> None:
    front.state.switches.multi_source = False
    alone = Traits(multi_source=False)
    front.push(mug(), shirt(), shop=front.adapter(traits=alone))

    outcomes = front.put_stock({"42": 8, "700": 3}, shop=front.adapter(traits=alone))

    assert {outcome.acknowledged for outcome in outcomes.values()} == {8, 3}
    goods = front.state.products.find("MUG-42")
    assert goods is not None
    assert goods.stock_item.qty == 8
    ref = front.known("42").ref
    assert front.adapter(traits=alone).observe([ref])[ref].quantity == 8
    assert not front.adapter(traits=alone).stock_form.places


def test_a_part_shipment_is_met_although_the_order_keeps_its_time(front: Storefront) -> None:
    front.push(mug(of_variant={"quantity": 10}))
    placed = int(front.order((front.known("42").ref, 4)))
    order = front.state.orders[placed]
    order.created = order.updated = order.created - timedelta(days=3)
    front.control("/ship", {"order_id": placed, "items": {"MUG-42": 1}})

    page = front.shop().orders_since(front.clock.now() - timedelta(hours=1))

    assert [found.order_id for found in page.orders] == [str(placed)]


def test_a_simple_products_ref_is_no_variant(front: Storefront) -> None:
    front.push(mug())
    front.order((front.known("42").ref, 1))

    (found,) = front.shop().orders_since(None).orders

    assert found.lines[0].ref == ListingRef(front.links["I42"].product_id)


def test_none_of_a_new_product_is_written_so_that_it_can_be_read_back(front: Storefront) -> None:  # invariant 1
    """A product that is made without stock has no row at any source: its 0 is not acknowledged until there is one."""
    front.push(mug(of_variant={"quantity": 0}))
    ref = front.known("42").ref
    assert (front.quantities, front.shop().observe([ref])[ref].quantity) == ({}, None)

    figure(front, 0)

    assert front.shop().observe([ref])[ref].quantity == 0
