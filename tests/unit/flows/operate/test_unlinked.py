"""What people are told of ordered units that no item is linked with."""

import pytest

from tests.fakes.people import unlinked_order
from tests.fakes.stores import FakeShelves, FakeUnlinkedOrders
from tests.fakes.world import SHOP, TILL
from tests.unit.flows.market import decide
from tests.unit.flows.operate.office import Office
from tillbridge.domain.choice import Action, listing_key
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Shelf
from tillbridge.flows.operate.answers import ProblemAnswer
from tillbridge.flows.operate.item_answers import ItemInShop

LAMP = ListingRef("77", "78")


@pytest.fixture
def ordered(stocked: Office) -> Office:
    """Two units of a listing that belongs to nobody, but carries the SKU of the mug."""
    FakeUnlinkedOrders(stocked.world.memory).keep(SHOP, unlinked_order(LAMP, sku=" mug"))
    return stocked


def problems(office: Office) -> list[ProblemAnswer]:
    return list(office.problems.everything("m1", None, office.deadline).rows)


def counted(office: Office) -> int:
    (status,) = office.desks().status.show("m1", None, office.deadline).rows
    return {one.connection.connection: one.unlinked_orders for one in status.connections}[SHOP]


def mug(office: Office) -> ItemInShop:
    (answer,) = office.desks().explain.explain("m1", "MUG", office.deadline)
    return answer.shops[0]


def test_errors_name_order_listing_and_units_with_what_to_do(ordered: Office) -> None:  # invariant 4
    (row,) = problems(ordered)
    assert (row.thing, row.connection, row.lane, row.key) == ("order 1001", SHOP, None, "")
    assert row.happened == (
        "Order 1001 has 2 of listing 77/78 (SKU  mug), with which no item is linked: they are taken off no stock."
    )
    assert "tillbridge links --load" in row.remedy
    assert counted(ordered) == 1


def test_the_item_with_its_sku_tells_of_them(ordered: Office) -> None:
    (reason,) = mug(ordered).reasons
    assert reason.code == "order_of_unlinked_listing"
    (other,) = ordered.desks().explain.explain("m1", "RED", ordered.deadline)
    assert other.shops[0].reasons == ()


def test_once_it_is_linked_nothing_is_left_to_tell(ordered: Office) -> None:
    FakeShelves(ordered.world.memory).put(SHOP, [Shelf(item_id="9", ref=LAMP)])
    assert (problems(ordered), counted(ordered), mug(ordered).reasons) == ([], 0, ())


def test_what_a_person_wants_ignored_is_left_out(ordered: Office) -> None:
    decide(ordered.world, listing_key("77"), Action.IGNORE)
    assert (problems(ordered), counted(ordered)) == ([], 0)


def test_only_what_is_awaited_is_told(stocked: Office) -> None:
    kept = FakeUnlinkedOrders(stocked.world.memory)
    kept.keep(SHOP, unlinked_order(LAMP))
    assert "SKU" not in problems(stocked)[0].happened
    kept.forget(SHOP, ["1001"])
    assert problems(stocked) == []


def test_reserved_units_are_a_term_of_the_stock(stocked: Office) -> None:  # invariant 4
    """An order that was met before its listing was linked counts like any other one."""
    memory = stocked.world.memory
    listing = memory.shelves[SHOP].pop("1")
    stocked.shop.orders.append(unlinked_order(listing.ref).order)
    stocked.world.book().look(stocked.world.keeper())
    assert counted(stocked) == 1
    FakeShelves(memory).put(SHOP, [Shelf(item_id="1", ref=listing.ref, known=listing.known)])
    stocked.world.till.sell("1", "1")
    stocked.world.settle()
    terms = {term.name: int(term.amount) for term in mug(stocked).stock.terms}
    assert terms[f"web order {SHOP}:1001"] == -2
    assert memory.reserved[TILL][f"{SHOP}:1001"] == {"1": 2}
    assert counted(stocked) == 0
