"""Single orders are read whole, and told what became of them in the till."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from sandbox.woocommerce.settings import Settings
from tests.fakes.crash import Crash, KilledError
from tests.functional.woocommerce.storefront import KEY, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.orders.order import ChargeKind, PlacedOrder, RefundLine, Standing
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.desk.desk import WooCommerceOrderDesk
from tillbridge.systems.woocommerce.desk.parcels import parcels_of

NEW_YORK = Decimal("8.875")
BUYER = {"first_name": "Kim", "email": "kim@example.com", "phone": "555", "address_1": "1 Main St", "country": "US"}


@pytest.fixture(params=[False, True], ids=["tax apart", "tax inside"])
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Storefront]:
    settings = Settings(
        keys=(KEY,), ca_file=str(tls.ca), tax_percent=NEW_YORK, prices_include_tax=request.param, callback_seconds=5
    )
    with storefront(tls, settings) as opened:
        opened.push(mug(of_variant={"regular_price": Decimal("9.99"), "quantity": 50}))
        yield opened


def desk(front: Storefront) -> WooCommerceOrderDesk:
    return WooCommerceOrderDesk(front.adapter().client, front.clock)


def place(front: Storefront, units: int = 3, **fields: Any) -> str:
    line = {"product_id": int(front.known("42").ref.product_id), "quantity": units}
    body = {"set_paid": True, "payment_method": "sandbox_card", "line_items": [line], "billing": BUYER, **fields}
    return str(front.change("/orders", body, "POST")["id"])


def read(front: Storefront, order_id: str) -> PlacedOrder:
    order = desk(front).order(order_id)
    assert order is not None
    assert order.adds_up
    assert order.charged == Decimal(front.rows(f"/orders/{order_id}")["total"])
    return order


def test_the_basket_of_the_facts_is_read_to_the_cent(front: Storefront) -> None:
    placed = place(
        front,
        coupon_lines=[{"code": "tenoff"}],
        shipping_lines=[{"method_id": "flat_rate", "method_title": "Parcel", "total": "5.00"}],
        fee_lines=[{"name": "Gift wrap", "total": "2.00"}, {"name": "Loyal", "total": "-1.00"}],
        transaction_id="pi_1",
    )
    order = read(front, placed)
    mugs, parcel, wrap, loyal = order.charges
    assert (mugs.kind, mugs.units, mugs.ref, mugs.sku) == (
        ChargeKind.PRODUCT,
        Decimal(3),
        front.known("42").ref,
        mugs.sku,
    )
    assert mugs.rates == (NEW_YORK / 100,)
    assert mugs.discount > 0
    assert [(one.kind, one.name) for one in (parcel, wrap, loyal)] == [
        (ChargeKind.SHIPPING, "Parcel"),
        (ChargeKind.FEE, "Gift wrap"),
        (ChargeKind.FEE, "Loyal"),
    ]
    assert (order.standing, order.currency, order.number) == (Standing.PAID, "USD", placed)
    assert [(one.method, one.amount, one.reference) for one in order.payments] == [
        ("sandbox_card", order.total, "pi_1")
    ]
    assert (order.buyer.email, order.buyer.phone, order.buyer.address.first_name) == ("kim@example.com", "555", "Kim")
    if not front.state.settings.prices_include_tax:
        assert (mugs.net, mugs.tax) == (Decimal("26.97"), Decimal("2.39"))


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"status": "checkout-draft", "set_paid": False}, Standing.DRAFT),
        ({"status": "pending", "set_paid": False}, Standing.AWAITING),
        ({"status": "failed", "set_paid": False}, Standing.AWAITING),
        ({"status": "on-hold", "set_paid": False}, Standing.AWAITING),
        ({"status": "processing", "payment_method": "cod", "set_paid": False}, Standing.ON_DELIVERY),
        ({"status": "completed", "payment_method": "cod", "set_paid": False}, Standing.PAID),
        ({"status": "processing"}, Standing.PAID),
        ({"status": "cancelled", "set_paid": False}, Standing.CANCELLED),
    ],
)
def test_how_far_an_order_has_come(front: Storefront, fields: dict[str, Any], standing: Standing) -> None:
    assert read(front, place(front, **fields)).standing is standing


def test_a_deleted_product_leaves_its_line(front: Storefront) -> None:
    placed = place(front)
    front.change(f"/orders/{placed}", {"line_items": [{"product_id": 999999, "quantity": 1, "total": "4.00"}]})
    gone = read(front, placed).charges[1]
    assert (gone.kind, gone.ref, gone.net) == (ChargeKind.PRODUCT, None, Decimal("4.00"))


@pytest.mark.parametrize("restock", [True, False])
def test_a_refund_tells_what_went_back_on_sale(front: Storefront, restock: bool) -> None:  # noqa: FBT001
    placed = place(front, shipping_lines=[{"method_id": "flat_rate", "method_title": "Parcel", "total": "5.00"}])
    mugs, parcel = read(front, placed).charges
    refunded = {"quantity": 1, "refund_total": "9.00", "refund_tax": [{"id": 1, "refund_total": "0.80"}]}
    body = {
        "api_refund": False,
        "api_restock": restock,
        "amount": "12.80",
        "line_items": [{"id": int(mugs.line_id), **refunded}, {"id": int(parcel.line_id), "refund_total": "2.00"}],
    }
    front.change(f"/orders/{placed}/refunds", body, "POST")
    (refund,) = read(front, placed).refunds
    assert refund.lines == (
        RefundLine(line_id=mugs.line_id, units=Decimal(1), net=Decimal("9.00"), tax=Decimal("0.80"), restocked=restock),
        RefundLine(line_id=parcel.line_id, units=Decimal(1), net=Decimal("2.00")),
    )
    assert (refund.total, refund.beyond_lines) == (Decimal("12.80"), Decimal("1.00"))


def test_of_several_refunds_each_has_its_own_units(front: Storefront) -> None:
    placed = place(front)
    (mugs,) = read(front, placed).charges
    for restock in (True, False):
        line = {"id": int(mugs.line_id), "quantity": 1, "refund_total": "1.00"}
        front.change(
            f"/orders/{placed}/refunds", {"api_refund": False, "api_restock": restock, "line_items": [line]}, "POST"
        )
    first, second = read(front, placed).refunds
    assert (first.lines[0].restocked, second.lines[0].restocked) == (True, False)


def test_a_refund_of_all_that_is_left_is_an_amount(front: Storefront) -> None:
    placed = place(front)
    front.change(f"/orders/{placed}", {"status": "refunded"})
    order = read(front, placed)
    assert [(one.total, one.lines, one.beyond_lines) for one in order.refunds] == [(order.total, (), order.total)]


def test_an_order_is_completed_when_nothing_is_left_to_ship(front: Storefront) -> None:
    placed = place(front)
    (mugs,) = read(front, placed).charges
    first = Parcel(key="sale-1", units={mugs.line_id: Decimal(2)}, tracking="1Z", carrier="UPS")
    for _ in range(2):
        desk(front).ship(placed, first)
    assert (read(front, placed).status, read(front, placed).shipped) == ("processing", {mugs.line_id: Decimal(2)})
    desk(front).ship(placed, Parcel(key="sale-2", units={mugs.line_id: Decimal(1)}))
    assert (read(front, placed).status, read(front, placed).shipped) == ("completed", {mugs.line_id: Decimal(3)})
    told = [one for one in front.rows(f"/orders/{placed}/notes") if one["customer_note"]]
    assert len(told) == 1
    assert "UPS: 1Z" in told[0]["note"]


def test_money_goes_back_once(front: Storefront) -> None:
    placed = place(front)
    for _ in range(2):
        desk(front).return_money(placed, Decimal("5.00"), "return-9")
    (refund,) = read(front, placed).refunds
    assert (refund.total, refund.lines) == (Decimal("5.00"), ())
    (row,) = front.rows(f"/orders/{placed}/refunds")
    assert row["refunded_payment"] is True


def test_a_parcels_number_is_told_once_wherever_a_worker_dies(front: Storefront) -> None:  # invariant 8
    for at in range(30):
        placed = place(front)
        sent = Parcel(key="sale-1", units={}, tracking="1Z", carrier="UPS")
        try:
            front.desk(Crash(at)).ship(placed, sent)
        except KilledError:
            desk(front).ship(placed, sent)
        else:
            break
        assert read(front, placed).status == "completed"
        assert [one["note"] for one in front.rows(f"/orders/{placed}/notes") if one["customer_note"]] == [
            "Sent with UPS: 1Z"
        ]
    assert 4 <= at < 29


@pytest.mark.parametrize("named", [2, 3])
def test_an_order_is_completed_without_what_was_given_back(front: Storefront, named: int) -> None:
    placed = place(front)
    (mugs,) = read(front, placed).charges
    front.refund(placed, front.known("42").ref, 1, restock=True)
    desk(front).ship(placed, Parcel(key="sale-1", units={mugs.line_id: Decimal(named)}))
    assert read(front, placed).status == "completed"
    assert parcels_of(desk(front)._needed(placed)) == {"sale-1": {mugs.line_id: Decimal(2)}}


def test_an_order_of_which_all_was_given_back_stays_so(front: Storefront) -> None:
    placed = place(front)
    front.change(f"/orders/{placed}", {"status": "refunded"})
    desk(front).ship(placed, Parcel(key="sale-1", units={}))
    assert read(front, placed).status == "refunded"


@pytest.mark.parametrize(("role", "permissions"), [("subscriber", "read_write"), ("administrator", "read")])
def test_a_key_that_may_not_sell_is_named_before_an_order_comes(front: Storefront, role: str, permissions: str) -> None:
    key = front.state.new_key(role=role, permissions=permissions)
    less = front.adapter(keys=ApiKeys(key.key, key.secret)).client
    with pytest.raises(MissingRightError) as caught:
        WooCommerceOrderDesk(less, front.clock).check_selling()
    assert caught.value.remedy
