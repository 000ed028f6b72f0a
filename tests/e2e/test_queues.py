"""What becomes of messages: strange ones, hopeless ones, those of a dead shop, and those whose worker dies."""

from tests.e2e.field import POLL_SECONDS, Field, until

STOCK = "woocommerce-stock"
ORDERS = "/orders"


def look_at_orders(field: Field, merchant: str, connection: str) -> None:
    wake = {"merchant": merchant, "connection": connection, "lane": "stock", "task": "orders"}
    field.send(STOCK, wake, group=connection)


def test_a_wake_for_another_merchants_shop_does_nothing(field: Field) -> None:  # invariant 5
    one = field.shops["one"]
    one.wait_for_no_sweep()
    before = one.calls(ORDERS)
    look_at_orders(field, "two", one.connection)
    until(lambda: field.logged("sync-woocommerce", "Nothing to do for this wake"))
    until(lambda: not field.waiting(STOCK))
    assert one.calls(ORDERS) == before
    look_at_orders(field, "one", one.connection)
    until(lambda: one.calls(ORDERS) == before + 1)


def test_a_message_that_nobody_can_read_is_dropped_and_logged(field: Field) -> None:  # invariant 7
    shop = field.shops["one"]
    field.send(STOCK, '{"merchant": "one", "price": 5}', group=shop.connection)
    until(lambda: field.logged("sync-woocommerce", "Only Tillbridge writes to this queue."))
    until(lambda: not field.waiting(STOCK))
    assert field.waiting(f"{STOCK}-dlq") == 0
    sku, left = field.sell_one()
    until(lambda: shop.shows(sku) == left)


def test_a_dead_shop_does_not_delay_another_merchants_stock(field: Field) -> None:
    good, dead = field.shops["one"], field.shops["two"]
    with dead.down():
        sku, left = field.sell_one()
        until(lambda: good.shows(sku) == left, seconds=2 * POLL_SECONDS)
        assert dead.shows(sku) == left + 1
        until(lambda: dead.state() == "troubled")
    until(lambda: dead.shows(sku) == left)
    until(lambda: dead.state() == "active")


def test_what_failed_too_often_is_kept_and_can_be_sent_back(field: Field) -> None:
    dead = field.shops["two"]
    with field.queue_tries(STOCK, 2), dead.down():
        look_at_orders(field, "two", dead.connection)
        until(lambda: field.waiting(f"{STOCK}-dlq") > 0)
    (told,) = [row for row in field.operator("queues") if row["queue"] == STOCK]
    assert told["dead"] > 0
    before = dead.calls(ORDERS)
    moved = field.operator("redrive", queue=STOCK)
    assert (moved["moved"], moved["left"]) == (told["dead"], 0)
    until(lambda: dead.calls(ORDERS) > before)
    until(lambda: dead.state() == "active")
    assert field.waiting(f"{STOCK}-dlq") == 0


def test_what_a_killed_worker_left_is_done_by_the_next_within_ninety_seconds(field: Field) -> None:  # invariant 4
    """The queue's own time stays as deployed: it is the worker that has cut it short."""
    shop = field.shops["one"]
    shop.control("POST", "faults", kind="hang", method="POST", path="/batch", seconds=120)
    sku, left = field.sell_one()
    until(lambda: shop.control("GET", "faults") == [])  # the worker waits for its answer now
    assert field.kill("sync-woocommerce") > 0
    until(lambda: shop.shows(sku) == left, seconds=90)
