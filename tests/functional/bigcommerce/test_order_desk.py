"""Single orders are read whole, and told what became of them in the till."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox.bigcommerce.settings import ApiAccount, Settings
from sandbox.common.server import TlsFiles
from tests.functional.bigcommerce.storefront import HASH, OURS, THEIRS, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import ItemRejectedError, MissingRightError
from tillbridge.domain.orders.order import ChargeKind, Means, PlacedOrder, Standing
from tillbridge.systems.bigcommerce.desk.desk import BigCommerceOrderDesk
from tillbridge.systems.bigcommerce.desk.read import placed_order
from tillbridge.systems.bigcommerce.desk.wire import WholeOrderRow
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.order_desk import Parcel

NEW_YORK = Decimal("8.875")
BUYER = {"first_name": "Kim", "email": "kim@example.com", "phone": "555", "street_1": "1 Main St"}
RESTOCKS = Traits(place="1", places=("1",), panel_restocks=True)


@pytest.fixture(params=[False, True], ids=["tax apart", "tax inside"])
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Storefront]:
    settings = Settings(
        accounts=(OURS, THEIRS),
        store_hash=HASH,
        ca_file=str(tls.ca),
        quota=100_000,
        tax_percent=NEW_YORK,
        prices_include_tax=request.param,
    )
    with storefront(tls, settings) as opened:
        opened.push(mug(of_variant={"regular_price": Decimal("9.99"), "quantity": 50}), shirt())
        opened.settle()
        yield opened


def desk(front: Storefront, traits: Traits = RESTOCKS) -> BigCommerceOrderDesk:
    return BigCommerceOrderDesk(front.adapter().client, front.clock, traits)


def place(front: Storefront, *items: tuple[str, int], **fields: Any) -> str:
    rows = [{"sku": sku, "quantity": units} for sku, units in items or (("MUG-42", 3),)]
    return str(front.control("order", {"items": rows, "billing": BUYER, "shipping": "5.00", **fields})["id"])


def fetched_in_part(front: Storefront) -> tuple[str, str]:
    """Sell two mugs that are picked up, and a shirt that is sent; gives the order, and where they are picked up."""
    there = front.other_places[0]
    mugs = {"sku": "MUG-42", "quantity": 2, "pickup_location": int(there)}
    body = {"items": [mugs, {"sku": "SHIRT-7-Black-S", "quantity": 1}], "billing": BUYER}
    return str(front.control("order", body)["id"]), there


def read(front: Storefront, order_id: str, traits: Traits = RESTOCKS) -> PlacedOrder:
    order = desk(front, traits).order(order_id)
    assert order is not None
    assert order.adds_up
    return order


def test_a_basket_is_read_to_the_cent(front: Storefront) -> None:
    order = read(front, place(front, coupon="tenoff"))
    mugs, parcel = order.charges
    assert (mugs.kind, mugs.units, mugs.ref, mugs.sku) == (
        ChargeKind.PRODUCT,
        Decimal(3),
        front.known("42").ref,
        "MUG-42",
    )
    assert (mugs.rates, mugs.discount > 0) == ((NEW_YORK / 100,), True)
    assert (parcel.kind, parcel.name) == (ChargeKind.SHIPPING, "Shipping")
    assert (order.standing, order.currency) == (Standing.PAID, "USD")
    (paid,) = order.payments
    assert (paid.method, paid.amount, paid.reference[:2]) == ("Test Payment Gateway", order.total, "t-")
    assert (order.buyer.email, order.buyer.address.street) == ("kim@example.com", "1 Main St")
    if not front.state.settings.prices_include_tax:
        assert (mugs.net, mugs.tax) == (Decimal("26.97"), Decimal("2.40"))  # with the cent of the tax on both lines


@pytest.mark.parametrize("units", [1, 2, 3, 7, 11, 23])
def test_odd_baskets_add_up(front: Storefront, units: int) -> None:
    front.call("POST", "/v2/orders", {"status_id": 11, "billing_address": BUYER, "products": _lines(front, units)})
    order = read(front, str(max(front.state.orders)))
    assert sum(charge.units for charge in order.charges) == units + 2


def _lines(front: Storefront, units: int) -> list[dict[str, Any]]:
    mugs = int(front.known("42").ref.product_id)
    own = {"name": "Own", "quantity": 2, "price_ex_tax": 0.37, "price_inc_tax": 0.4}
    return [{"product_id": mugs, "quantity": units}, own]


def test_how_far_an_order_has_come(front: Storefront) -> None:
    assert read(front, place(front, stage="incomplete")).standing is Standing.DRAFT
    for status, standing in {
        1: Standing.AWAITING,
        7: Standing.AWAITING,
        8: Standing.PAID,
        10: Standing.PAID,
        12: Standing.AWAITING,
    }.items():
        assert read(front, place(front, status_id=status)).standing is standing
    placed = place(front)
    front.state.orders[int(placed)].payment_method = "Cash on Delivery"
    assert read(front, placed).standing is Standing.ON_DELIVERY
    front.cancel(placed)
    assert read(front, placed).standing is Standing.CANCELLED


def test_credit_certificates_wrapping_and_fees_have_their_places(front: Storefront) -> None:
    """The stand-in's shopper has none of them, so the row is made up from one of its own."""
    raw = front.call(
        "GET", f"/v2/orders/{place(front)}?include=consignments.line_items,fees&consignment_structure=object"
    )
    whole = Decimal(raw["total_inc_tax"])
    fee = {"id": 3, "display_name_merchant": "Insurance", "cost_ex_tax": "1.0000", "cost_inc_tax": "1.1000"}
    more = {
        "wrapping_cost_ex_tax": "2.0000",
        "wrapping_cost_inc_tax": "2.0000",
        "handling_cost_inc_tax": "1.0000",
        "handling_cost_ex_tax": "1.0000",
        "gift_certificate_amount": "3.0000",
        "store_credit_amount": "4.0000",
        "fees": [fee],
        "total_inc_tax": str(whole + Decimal("4.1")),
    }
    row = WholeOrderRow.model_validate({**raw, **more})

    order = placed_order(row, [], [], {}, front.clock.now(), panel_restocks=False)

    assert order.adds_up
    assert [charge.kind for charge in order.charges[1:]] == [
        ChargeKind.SHIPPING,
        ChargeKind.FEE,
        ChargeKind.WRAPPING,
        ChargeKind.FEE,
    ]
    assert [(one.means, one.amount) for one in order.payments] == [
        (Means.GIFT_CARD, Decimal(3)),
        (Means.STORE_CREDIT, Decimal(4)),
        (Means.MONEY, whole + Decimal("4.1") - 7),
    ]


@pytest.mark.parametrize("traits", [RESTOCKS, Traits()])
def test_what_the_panel_refunds_goes_back_as_the_store_is_set_up(front: Storefront, traits: Traits) -> None:
    placed = place(front)
    front.control("refund", {"order_id": int(placed), "items": [{"sku": "MUG-42", "quantity": 1}]})
    order = read(front, placed, traits)
    (refund,) = order.refunds
    (line,) = refund.lines
    assert (line.line_id, line.units, line.restocked) == (order.charges[0].line_id, Decimal(1), traits.panel_restocks)
    assert abs(refund.beyond_lines) <= Decimal("0.01")


def test_what_an_app_refunds_is_money_only(front: Storefront) -> None:
    placed = place(front)
    order = read(front, placed)
    items = [
        {"item_type": "PRODUCT", "item_id": int(order.charges[0].line_id), "quantity": 1},
        {"item_type": "ORDER", "item_id": int(placed), "amount": 1.5},
    ]
    quoted = front.call("POST", f"/v3/orders/{placed}/payment_actions/refund_quotes", {"items": items})["data"]
    payments = [{"provider_id": "storecredit", "amount": quoted["total_refund_amount"]}]
    front.call("POST", f"/v3/orders/{placed}/payment_actions/refunds", {"items": items, "payments": payments})
    (refund,) = read(front, placed).refunds
    assert [line.restocked for line in refund.lines] == [False]
    assert abs(refund.beyond_lines - Decimal("1.5")) <= Decimal("0.01")
    assert [one.means for one in refund.payments] == [Means.STORE_CREDIT]


def test_parcels_ship_their_own_lines(front: Storefront) -> None:
    placed = place(front)
    (line, _) = read(front, placed).charges
    first = Parcel(key="sale-1", units={line.line_id: Decimal(2)}, tracking="1Z", carrier="UPS")
    for _ in range(2):
        desk(front).ship(placed, first)
    assert read(front, placed).shipped == {line.line_id: Decimal(2)}
    desk(front).ship(placed, Parcel(key="sale-2", units={}))
    desk(front).ship(placed, Parcel(key="sale-3", units={}))
    made = front.state.orders[int(placed)].shipments
    assert [sum(one.items.values()) for one in made] == [2, 1]
    assert made[0].values["tracking_number"] == "1Z"
    assert read(front, placed).status == "2"


def test_no_money_is_given_back_by_itself(front: Storefront) -> None:
    with pytest.raises(ItemRejectedError, match=r"by hand only \(return return-1\)"):
        desk(front).return_money(place(front), Decimal(1), "return-1")


@pytest.mark.parametrize(
    ("lacking", "held", "named"),
    [
        ("store_v2_orders", "store_v2_orders_read_only", ["store_v2_orders: without it the sale's number"]),
        ("store_v2_transactions", "", ["store_v2_transactions_read_only: without it payments"]),
        ("store_v2_transactions", "store_v2_transactions_read_only", []),
    ],
)
def test_a_missing_scope_is_named_before_an_order_comes(
    front: Storefront, lacking: str, held: str, named: list[str]
) -> None:
    place(front)
    scopes = {"store_v2_products", "store_v2_orders", "store_v2_transactions"} - {lacking}
    front.state.accounts["less"] = ApiAccount("less", "c", "s", (*scopes, held))
    asked = BigCommerceOrderDesk(front.adapter(token="less").client, front.clock, RESTOCKS)
    if not named:
        asked.check_selling()
        return
    with pytest.raises(MissingRightError) as caught:
        asked.check_selling()
    assert [told.startswith(name) for told, name in zip(caught.value.missing, named, strict=True)] == [True]
    assert "Store-level API accounts" in caught.value.remedy


def test_what_is_picked_up_leaves_the_place_where_it_is_and_needs_no_parcel(front: Storefront) -> None:
    placed, there = fetched_in_part(front)

    order = read(front, placed)

    mugs, shirts = sorted((one for one in order.charges if one.sku), key=lambda one: one.sku)
    assert (dict(mugs.places), dict(shirts.places)) == ({there: Decimal(2)}, {})
    for key, line in (("sale-1", mugs), ("sale-2", shirts)):
        desk(front).ship(placed, Parcel(key=key, units={line.line_id: line.units}))
    assert read(front, placed).shipped == {shirts.line_id: Decimal(1)}


def test_the_stock_lane_is_told_where_goods_are_picked_up(front: Storefront) -> None:
    placed, there = fetched_in_part(front)
    (order,) = (one for one in front.adapter().orders_since(None).orders if one.order_id == placed)
    assert {line.units: dict(line.places) for line in order.lines} == {
        Decimal(2): {there: Decimal(2)},
        Decimal(1): {},
    }
