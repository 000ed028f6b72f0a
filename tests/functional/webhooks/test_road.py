"""The whole road: the shop's cron delivers into our function, and the stock lane does what came of it."""

from tests.functional.webhooks.backroom import SHOP, Backroom
from tests.functional.webhooks.watch import Watch
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.merchant import Lane
from tillbridge.flows.keep_hooks import keep_hooks


def opened(room: Backroom, watch: Watch) -> None:
    """Register the hooks, and begin with everything quiet."""
    assert keep_hooks(room.hook_keeper()).mended
    room.cron()
    assert room.cloud.wakes() == [("stock", "orders")], "whoever makes hooks catches up"
    watch.effects()


def test_our_own_stock_write_comes_back_and_leads_to_nothing(room: Backroom, watch: Watch) -> None:
    shelf = room.list_product(mug())["42"]
    opened(room, watch)
    room.sell_at_till("42", left=8)
    assert room.push().written == 1
    assert room.shown(f"/products/{shelf.ref}") == 8

    assert room.cron() == 1

    assert (room.gateway.answers[-1], watch.effects()) == (200, ["HookEcho"])
    assert room.cloud.marks() == []
    assert room.cloud.wakes() == []


def test_a_shoppers_order_wakes_the_stock_lane_once(room: Backroom, watch: Watch) -> None:
    shelf = room.list_product(mug())["42"]
    opened(room, watch)

    room.front.change("/orders", {"set_paid": True, "line_items": [{"product_id": int(shelf.ref.product_id)}]}, "POST")
    assert room.cron() == 3

    assert sorted(watch.effects()) == ["HookDrift", "HookOrders", "HookRepeated"]
    assert room.cloud.wakes().count(("stock", "orders")) == 1


def test_after_a_shoppers_order_all_comes_to_rest(room: Backroom, watch: Watch) -> None:  # invariant 4
    shelf = room.list_product(mug())["42"]
    opened(room, watch)
    room.front.change("/orders", {"set_paid": True, "line_items": [{"product_id": int(shelf.ref.product_id)}]}, "POST")
    room.cron()
    room.cloud.wakes()

    room.settle()

    assert room.shown(f"/products/{shelf.ref}") == 4
    room.cron()
    assert set(watch.effects()) <= {"HookOrders", "HookDrift", "HookRepeated", "HookEcho"}
    assert room.settle() == 0


def test_a_merchants_edit_in_the_shop_is_put_right(room: Backroom, watch: Watch) -> None:
    shelf = room.list_product(mug())["42"]
    opened(room, watch)

    room.front.change(f"/products/{shelf.ref}", {"stock_quantity": 3})
    assert room.cron() == 1

    assert watch.effects() == ["HookDrift"]
    [mark] = room.cloud.marks()
    assert (mark.key, mark.doubt, mark.shown) == ("42", True, 3)
    assert room.cloud.wakes() == [("stock", "work")]
    assert room.push().written == 1
    assert room.shown(f"/products/{shelf.ref}") == 5
    room.cron()
    assert watch.effects() == ["HookEcho"]
    assert room.cloud.marks() == []


def test_an_edit_of_a_variation_is_found_by_its_parent_and_id(room: Backroom, watch: Watch) -> None:
    shelves = room.list_product(shirt())
    opened(room, watch)
    ref = shelves["701"].ref

    room.front.change(f"/products/{ref.product_id}/variations/{ref.variant_id}", {"stock_quantity": 1})
    room.cron()

    assert set(watch.effects()) == {"HookDrift", "HookIgnored"}, "the parent is told of as well"
    assert [mark.key for mark in room.cloud.marks()] == ["701"]


def test_our_own_write_of_a_variation_is_an_echo(room: Backroom, watch: Watch) -> None:
    room.list_product(shirt())
    opened(room, watch)
    room.sell_at_till("701", left=2)
    room.push()

    room.cron()

    assert set(watch.effects()) <= {"HookEcho", "HookIgnored"}
    assert (room.cloud.marks(), room.cloud.wakes()) == ([], [])


def test_an_edit_of_texts_leads_to_nothing(room: Backroom, watch: Watch) -> None:  # invariant 6
    shelf = room.list_product(mug())["42"]
    opened(room, watch)

    room.front.change(f"/products/{shelf.ref}", {"description": "Better words"})
    room.cron()

    assert watch.effects() == ["HookEcho"]
    assert (room.cloud.marks(), room.cloud.wakes()) == ([], [])


def test_a_listing_in_the_trash_becomes_a_problem_that_can_be_seen(room: Backroom, watch: Watch) -> None:  # invariant 4
    shelf = room.list_product(mug())["42"]
    opened(room, watch)

    room.front.change(f"/products/{shelf.ref}", {}, "DELETE")
    room.cron()
    assert "HookDrift" in watch.effects()
    room.push()

    assert room.cloud.stores.shelves.get(SHOP, ["42"])["42"].problem_code
    room.cron()
    assert "HookDrift" not in watch.effects(), "it waits for its next try"
    assert [mark.tries for mark in room.cloud.stores.marks.waiting(SHOP, Lane.STOCK)] == [1]


def test_stock_keeping_switched_off_in_the_shop_is_switched_on_again(room: Backroom, watch: Watch) -> None:
    shelf = room.list_product(mug())["42"]
    opened(room, watch)

    room.front.change(f"/products/{shelf.ref}", {"manage_stock": False})
    room.cron()
    assert watch.effects() == ["HookDrift"]
    room.push()

    assert room.shown(f"/products/{shelf.ref}") == 5


def test_a_product_that_is_not_ours_leads_to_nothing(room: Backroom, watch: Watch) -> None:
    opened(room, watch)
    made = room.front.change("/products", {"name": "Gift card", "manage_stock": True, "stock_quantity": 9}, "POST")
    room.front.change(f"/products/{made['id']}", {"stock_quantity": 8})
    room.cron()
    assert set(watch.effects()) == {"HookIgnored"}
    assert (room.cloud.marks(), room.cloud.wakes()) == ([], [])
