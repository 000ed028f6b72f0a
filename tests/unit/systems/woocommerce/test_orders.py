from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.clock import FakeClock
from tests.unit.systems.woocommerce.samples import NOON
from tests.unit.systems.woocommerce.scripted import ScriptedSender, answer
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.api.wire import OrderRow
from tillbridge.systems.woocommerce.orders import open_orders, orders_since, web_order

SINCE = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def translated(**fields: Any) -> Any:
    return web_order(OrderRow(**{"id": 7, "status": "processing", **fields}), NOON)


def test_a_status_of_a_plugin_holds_until_the_order_is_completed() -> None:
    order = translated(status="awaiting-shipment")

    assert (order.holds_stock, order.taken_in_shop) == (True, True)


def test_lines_without_a_product_or_units_do_not_count() -> None:
    lines = [
        {"product_id": 0, "quantity": 1},
        {"product_id": 5, "quantity": 0},
        {"product_id": 5, "variation_id": 6, "quantity": "1.5"},
    ]

    (line,) = translated(line_items=lines).lines

    assert (line.ref, str(line.units)) == (ListingRef("5", "6"), "1.5")


def test_an_order_is_keyed_by_id_and_shown_by_number() -> None:
    assert (translated(number="A-9").order_id, translated(number="A-9").number) == ("7", "A-9")
    assert translated().number == "7"


def test_a_time_that_is_missing_is_when_it_was_seen() -> None:
    assert translated().changed_at == NOON


def look(sender: ScriptedSender, *statuses: str) -> Any:
    client = WooClient(sender, "https://shop.test", ApiKeys("ck_1", "cs_1"))
    return orders_since(client, SINCE, FakeClock(NOON), statuses)


def test_what_is_asked() -> None:
    sender = ScriptedSender([answer([])])

    look(sender, "shipped", "checkout-draft", "processing")

    params = sender.asked[0].params
    assert params["modified_after"] == "2026-03-02T10:59:59Z", "exclusive, and whole seconds"
    assert params["dates_are_gmt"] == "true"
    assert params["_fields"].split(",") == [
        "id",
        "number",
        "status",
        "date_created_gmt",
        "date_modified_gmt",
        "line_items",
        "date_paid_gmt",
        "payment_method",
        "total",
        "shipping_lines",
        "fee_lines",
        "refunds",
    ]
    assert set(params["status"].split(",")) == {
        "cancelled",
        "completed",
        "failed",
        "on-hold",
        "pending",
        "processing",
        "refunded",
        "shipped",
        "trash",
    }


def test_the_next_look_goes_by_the_shops_clock_and_by_ours_when_it_tells_none() -> None:
    told = look(ScriptedSender([answer([], Date="Mon, 02 Mar 2026 11:50:00 GMT")]))
    silent = look(ScriptedSender([answer([])]))

    assert told.next_look == datetime(2026, 3, 2, 11, 49, 30, tzinfo=UTC)
    assert silent.next_look == datetime(2026, 3, 2, 11, 45, tzinfo=UTC)


def test_an_order_met_twice_counts_once_as_it_was_last() -> None:
    first = answer([{"id": 1, "status": "pending"}], X_WP_Total="101", X_WP_TotalPages="2")
    second = answer([{"id": 1, "status": "processing"}], X_WP_Total="101", X_WP_TotalPages="2")

    (order,) = look(ScriptedSender([first, second])).orders

    assert order.status == "processing"


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": 1}],
        [{"status": "x"}],
        {},
        [{"id": 1, "status": "x", "line_items": [{"quantity": "?"}]}],
        [{"id": 1, "status": "x", "line_items": [{"quantity": "1e999999999"}]}],
    ],
)
def test_orders_of_another_shape_are_refused_whole(rows: Any) -> None:  # invariant 1
    with pytest.raises(GarbledAnswerError):
        look(ScriptedSender([answer(rows)]))


def test_what_is_asked_at_first() -> None:  # invariant 4
    sender = ScriptedSender([answer([])])
    client = WooClient(sender, "https://shop.test", ApiKeys("ck_1", "cs_1"))

    open_orders(client, FakeClock(NOON), ["shipped", "checkout-draft", "completed", "processing"])

    (asked,) = [one.params for one in sender.asked]
    assert set(asked["status"].split(",")) == {"on-hold", "processing", "shipped"}
    assert not {"modified_after", "modified_before", "after"} & asked.keys()
