"""Single orders are read whole, and told what became of them in the till."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from sandbox.magento.settings import Settings
from tests.functional.magento.storefront import KEYS, OTHER, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import ItemRejectedError, MissingRightError
from tillbridge.domain.orders.order import ChargeKind, Means, PlacedOrder, RefundLine, Standing
from tillbridge.systems.magento.desk.desk import MagentoOrderDesk
from tillbridge.systems.magento.desk.read import placed_order
from tillbridge.systems.magento.desk.wire import WholeOrderRow
from tillbridge.systems.order_desk import Parcel

NEW_YORK = Decimal("8.875")


@pytest.fixture(params=[False, True], ids=["tax apart", "tax inside"])
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Storefront]:
    settings = Settings(
        integrations=(KEYS,), ca_file=str(tls.ca), tax_percent=NEW_YORK, prices_include_tax=request.param
    )
    with storefront(tls, settings) as opened:
        opened.push(mug(of_variant={"regular_price": Decimal("9.99"), "quantity": 50}), shirt())
        yield opened


def desk(front: Storefront) -> MagentoOrderDesk:
    return MagentoOrderDesk(front.adapter().client, front.clock)


def place(front: Storefront, *items: tuple[str, int], paid: bool = True, **fields: Any) -> str:
    rows = [{"sku": sku, "quantity": units} for sku, units in items or (("MUG-42", 3),)]
    body = {"items": rows, "paid": paid, "email": "kim@example.com", **fields}
    return str(front.control("/order", body)["entity_id"])


def read(front: Storefront, order_id: str) -> PlacedOrder:
    order = desk(front).order(order_id)
    assert order is not None
    assert order.adds_up
    return order


def test_a_basket_is_read_to_the_cent(front: Storefront) -> None:
    order = read(front, place(front, discount_percent=10))
    mugs, parcel = order.charges
    assert (mugs.kind, mugs.units, mugs.ref, mugs.sku) == (
        ChargeKind.PRODUCT,
        Decimal(3),
        front.known("42").ref,
        "MUG-42",
    )
    assert mugs.rates == (NEW_YORK / 100,)
    assert mugs.discount > 0
    assert (parcel.kind, parcel.net) == (ChargeKind.SHIPPING, Decimal(15))
    assert (order.standing, order.currency, order.number) == (Standing.PAID, "USD", order.number.zfill(9))
    assert [(one.method, one.amount) for one in order.payments] == [("checkmo", order.total)]
    assert (order.buyer.email, order.buyer.address.city) == ("kim@example.com", "Austin")
    if not front.state.settings.prices_include_tax:
        assert (mugs.net, mugs.tax) == (Decimal("26.97"), Decimal("2.39"))  # as the real shop had it


def test_a_configurable_counts_once_and_names_its_child(front: Storefront) -> None:
    variant = front.known("700")
    shirts, _ = read(front, place(front, ("SHIRT-7-Black-S", 2))).charges
    assert (shirts.ref, shirts.units, shirts.sku) == (variant.ref, Decimal(2), "SHIRT-7-Black-S")


def test_what_is_picked_up_leaves_the_place_where_it_is(front: Storefront) -> None:
    mugs, parcel = read(front, place(front, pickup_location=OTHER)).charges
    assert (mugs.places, parcel.places) == ({OTHER: mugs.units}, {})
    assert not read(front, place(front)).charges[0].places


def test_the_stock_lane_is_told_where_goods_are_picked_up(front: Storefront) -> None:
    fetched, sent = place(front, pickup_location=OTHER), place(front)
    orders = {one.order_id: one for one in front.adapter().orders_since(None).orders}
    assert [dict(line.places) for line in orders[fetched].lines] == [{OTHER: Decimal(3)}]
    assert [dict(line.places) for line in orders[sent].lines] == [{}]


def test_of_two_sources_each_sends_what_it_has_sold(front: Storefront) -> None:
    """A sale is shipped from the source of the location that sold it, unless the order is picked up elsewhere."""
    front.rest(
        "POST",
        "/inventory/source-items",
        {"sourceItems": [{"sku": "MUG-42", "source_code": OTHER, "quantity": 5, "status": 1}]},
    )
    placed = place(front, ("MUG-42", 2), ("SHIRT-7-Black-S", 1))
    lines = [one.line_id for one in read(front, placed).charges if one.kind is ChargeKind.PRODUCT]
    for key, line, source in (("sale-1", lines[0], OTHER), ("sale-2", lines[1], "default")):
        for _ in range(2):
            desk(front).ship(placed, Parcel(key=key, units={line: Decimal(9)}, source=source))
    assert [one.source_code for one in front.state.shipments.values()] == [OTHER, "default"]
    assert list(read(front, placed).shipped.values()) == [Decimal(2), Decimal(1)]


def test_how_far_an_order_has_come(front: Storefront) -> None:
    placed = place(front, paid=False)
    assert read(front, placed).standing is Standing.AWAITING
    front.state.orders[int(placed)].payment_method = "cashondelivery"
    assert read(front, placed).standing is Standing.ON_DELIVERY
    front.control("/invoice", {"order_id": int(placed), "items": {"MUG-42": 1}})
    front.state.orders[int(placed)].payment_method = "card"
    assert read(front, placed).standing is Standing.AUTHORISED
    front.control("/invoice", {"order_id": int(placed)})
    assert read(front, placed).standing is Standing.PAID
    front.control("/refund", {"order_id": int(placed)})
    assert read(front, placed).standing is Standing.PAID
    cancelled = place(front, paid=False)
    front.control("/cancel", {"order_id": int(cancelled)})
    assert read(front, cancelled).standing is Standing.CANCELLED


def test_credit_and_gift_cards_are_payments(front: Storefront) -> None:
    """Adobe Commerce takes them off the grand total, and Open Source has none: so the row is made up."""
    raw = front.rest("GET", f"/orders/{place(front)}")
    whole = Decimal(str(raw["grand_total"]))
    more = {**raw["extension_attributes"], "gift_cards_amount": 10.5, "customer_balance_amount": 2}
    row = WholeOrderRow.model_validate({**raw, "grand_total": float(whole) - 12.5, "extension_attributes": more})

    order = placed_order(row, [], front.clock.now())

    assert order.adds_up
    assert [(one.means, one.amount) for one in order.payments] == [
        (Means.GIFT_CARD, Decimal("10.5")),
        (Means.STORE_CREDIT, Decimal(2)),
        (Means.MONEY, whole - Decimal("12.5")),
    ]


def test_units_that_never_left_are_free_again(front: Storefront) -> None:
    placed = place(front)
    front.control("/ship", {"order_id": int(placed), "items": {"MUG-42": 2}})
    front.control("/refund", {"order_id": int(placed), "items": {"MUG-42": 2}, "shipping_amount": 1})
    order = read(front, placed)
    (refund,) = order.refunds
    free, left, parcel = refund.lines
    assert (free.units, free.restocked, left.units, left.restocked) == (Decimal(1), True, Decimal(1), False)
    assert parcel == RefundLine(line_id="shipping", units=Decimal(1), net=Decimal(1))
    assert not refund.beyond_lines
    assert order.shipped == {order.charges[0].line_id: Decimal(2)}


def test_parcels_ship_their_own_lines_from_their_own_source(front: Storefront) -> None:
    placed = place(front)
    front.rest(
        "POST",
        "/inventory/source-items",
        {"sourceItems": [{"sku": "MUG-42", "source_code": OTHER, "quantity": 5, "status": 1}]},
    )
    (line, _) = read(front, placed).charges
    first = Parcel(key="sale-1", units={line.line_id: Decimal(2)}, tracking="1Z", carrier="UPS", source=OTHER)
    for _ in range(2):
        desk(front).ship(placed, first)
    desk(front).ship(placed, Parcel(key="sale-2", units={}))
    desk(front).ship(placed, Parcel(key="sale-3", units={}))
    one, two = front.state.shipments.values()
    assert (one.source_code, [track.number for track in one.tracks]) == (OTHER, ["1Z"])
    assert (two.source_code, sum(two.units.values())) == ("default", 1)
    assert read(front, placed).status == "complete"


def test_no_money_is_given_back_by_itself(front: Storefront) -> None:
    with pytest.raises(ItemRejectedError, match=r"by hand only \(return return-1\)"):
        desk(front).return_money(place(front), Decimal(1), "return-1")


# --- consent ----------------------------------------------------------------------------------------------------------


def registered(front: Storefront, **agreed: bool) -> int:
    person = {"email": "kim@example.com", "firstname": "Kim", "lastname": "Kay", "extension_attributes": agreed}
    return int(front.rest("POST", "/customers", {"customer": person})["id"])


def test_whoever_is_registered_is_asked_about_the_newsletter(front: Storefront) -> None:
    placed = place(front, customer_id=registered(front, is_subscribed=True))
    buyer = read(front, placed).buyer
    assert buyer.may_mail is None
    front.forget_calls()
    assert desk(front).with_consent(buyer).may_mail is True
    assert len(front.calls("customers")) == len(front.calls()) == 1


def test_a_guest_costs_no_call_and_has_given_no_consent(front: Storefront) -> None:
    buyer = read(front, place(front)).buyer
    front.forget_calls()
    assert (desk(front).with_consent(buyer).may_mail, front.calls()) == (None, [])


@pytest.mark.parametrize("way", ["gone", "no right", "no newsletter"])
def test_what_magento_does_not_tell_is_no_consent_and_holds_nothing_up(front: Storefront, way: str) -> None:
    number = registered(front, is_subscribed=True)
    buyer = read(front, place(front, customer_id=number)).buyer
    if way == "gone":
        front.rest("DELETE", f"/customers/{number}")
    elif way == "no right":
        (integration,) = front.state.integrations.values()
        integration.resources = frozenset({"Magento_Sales::actions_view"})
    else:
        front.state.customers[number].fields["extension_attributes"] = {}
    assert desk(front).with_consent(buyer) == buyer


# --- rights -----------------------------------------------------------------------------------------------------------

RIGHTS = frozenset(
    {
        "Magento_Sales::actions_view",
        "Magento_Sales::shipment",
        "Magento_Sales::creditmemo",
        "Magento_Sales::comment",
        "Magento_Sales::ship",
        "Magento_Customer::customer",
    }
)


def rights(front: Storefront, names: frozenset[str]) -> None:
    (integration,) = front.state.integrations.values()
    integration.resources = names


def test_the_rights_that_are_asked_for_are_all_that_selling_needs(front: Storefront) -> None:
    placed = place(front, customer_id=registered(front, is_subscribed=True))
    rights(front, RIGHTS)
    desk(front).check_selling()
    order = read(front, placed)
    desk(front).with_consent(order.buyer)
    desk(front).note_sale(placed, "2200")
    desk(front).ship(placed, Parcel(key="sale-1", units={}))
    assert (read(front, placed).noted_sale, len(read(front, placed).shipped)) == ("2200", 1)


def test_each_missing_right_is_named_as_admin_calls_it_and_all_at_once(front: Storefront) -> None:
    for missing in (*({one} for one in RIGHTS), {"Magento_Sales::ship", "Magento_Sales::comment"}):
        rights(front, RIGHTS - missing)
        with pytest.raises(MissingRightError) as caught:
            desk(front).check_selling()
        assert len(caught.value.missing) == len(missing)
        assert not [name for name in caught.value.missing if "::" in name]
        assert "Integrations" in caught.value.remedy
