"""Single orders are read whole, and told what became of them in the till."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.placing import Basket, Wanted
from sandbox.shopify.sales.placing import place as placed_by_shopper
from sandbox.shopify.settings import Limits, Settings
from tests.fakes.crash import Crash, KilledError
from tests.functional.shopify.storefront import APP, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import ItemRejectedError, MissingRightError
from tillbridge.domain.grant import Secret
from tillbridge.domain.orders.order import ChargeKind, PlacedOrder, Standing
from tillbridge.domain.product import ListingRef
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.shopify.api.scopes import SCOPES, SCOPES_OF_SALES
from tillbridge.systems.shopify.api.tokens import StaticToken
from tillbridge.systems.shopify.desk.desk import ShopifyOrderDesk

NEW_YORK = Decimal("8.875")
HOME = {"firstName": "Kim", "address1": "1 Main St", "countryCode": "US", "city": "Austin", "zip": "78701"}


@pytest.fixture(
    params=[(False, False), (True, False), (False, True), (True, True)],
    ids=["tax apart", "tax inside", "tax apart on the first line", "tax inside on the first line"],
)
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Storefront]:
    included, on_first = request.param
    settings = Settings(
        apps=(APP,),
        ca_file=str(tls.ca),
        callback_seconds=5,
        limits=Limits(),
        tax_percent=NEW_YORK,
        taxes_included=included,
        tax_on_first_line=on_first,
    )
    with storefront(tls, settings) as opened:
        opened.push(mug(of_variant={"regular_price": Decimal("9.99"), "quantity": 50}), shirt())
        opened.settle()
        yield opened


def desk(front: Storefront, crash: Crash | None = None) -> ShopifyOrderDesk:
    return ShopifyOrderDesk(front.client(crash=crash))


def wanted(front: Storefront, ref: ListingRef, units: int, **fields: Any) -> Wanted:
    return Wanted(units, front._row(ref), **fields)


def place(front: Storefront, *items: Wanted, **fields: Any) -> str:
    mugs = wanted(front, front.known("42").ref, 3, discount=Decimal("3.00"))
    basket = Basket(items or (mugs,), email="kim@example.com", shipping=Decimal("5.00"), address=HOME, **fields)
    placed = placed_by_shopper(front.state, basket)
    front.settle()
    return str(placed.id)


def read(front: Storefront, order_id: str) -> PlacedOrder:
    order = desk(front).order(order_id)
    assert order is not None
    assert order.adds_up
    return order


def test_a_basket_is_read_to_the_cent(front: Storefront) -> None:
    order = read(front, place(front))
    mugs, parcel = order.charges
    assert (mugs.kind, mugs.units, mugs.ref, mugs.sku) == (
        ChargeKind.PRODUCT,
        Decimal(3),
        front.known("42").ref,
        "MUG-42",
    )
    assert (mugs.rates, mugs.discount) == ((NEW_YORK / 100,), Decimal("3.00"))
    assert (parcel.kind, parcel.name) == (ChargeKind.SHIPPING, "Standard")
    assert (order.standing, order.currency, order.number[0], order.test) == (Standing.PAID, "USD", "#", False)
    assert [(one.method, one.amount) for one in order.payments] == [("bogus", order.total)]
    assert (order.buyer.email, order.buyer.address.street) == ("kim@example.com", "1 Main St")
    if not front.state.settings.taxes_included:
        assert (mugs.net, mugs.tax) == (Decimal("26.97"), Decimal("2.39"))


def test_tips_cards_and_own_things_have_their_kinds(front: Storefront) -> None:
    card = Wanted(1, title="Gift card", price=Decimal(50), gift_card=True)
    own = Wanted(2, title="Engraving", price=Decimal("4.00"))
    order = read(front, place(front, card, own, tip=Decimal("2.50")))
    assert [charge.kind for charge in order.charges] == [
        ChargeKind.GIFT_CARD,
        ChargeKind.PRODUCT,
        ChargeKind.SHIPPING,
        ChargeKind.TIP,
    ]
    assert order.charges[1].ref is None


def test_amounts_are_the_shops_whatever_the_shopper_pays_in(front: Storefront) -> None:
    order = read(front, place(front, presentment=("EUR", Decimal("0.9"))))
    assert (order.currency, sum(one.amount for one in order.payments)) == ("USD", order.total)


def test_how_far_an_order_has_come(front: Storefront) -> None:
    assert read(front, place(front, paid=False)).standing is Standing.AWAITING
    assert read(front, place(front, test=True)).test
    placed = place(front)
    front.cancel(placed)
    assert read(front, placed).standing is Standing.CANCELLED


def test_everything_can_be_given_back(front: Storefront) -> None:
    placed = place(front)
    front.control("refund", order=gid("Order", int(placed)))
    order = read(front, placed)
    (refund,) = order.refunds
    assert (refund.total, abs(refund.beyond_lines) <= Decimal("0.02")) == (order.total, True)


def test_parcels_ship_their_own_lines(front: Storefront) -> None:
    placed = place(front)
    (line, _) = read(front, placed).charges
    first = Parcel(key="sale-1", units={line.line_id: Decimal(2)}, tracking="1Z", carrier="UPS", places=(front.place,))
    for _ in range(2):
        desk(front).ship(placed, first)
    assert read(front, placed).shipped == {line.line_id: Decimal(2)}
    for key in ("sale-2", "sale-3"):
        desk(front).ship(placed, Parcel(key=key, units={}))
    assert read(front, placed).shipped == {line.line_id: Decimal(3)}
    one, two = (front.state.fulfillments[number] for number in front.state.orders[int(placed)].fulfillment_ids)
    assert [sum(entry.quantity for entry in sent.lines) for sent in (one, two)] == [2, 1]
    assert one.tracking[0]["number"] == "1Z"


def test_money_goes_back_once(front: Storefront) -> None:
    placed = place(front)
    for _ in range(2):
        desk(front).return_money(placed, Decimal("5.00"), "return-9")
    (refund,) = read(front, placed).refunds
    assert (refund.total, refund.lines, refund.beyond_lines) == (Decimal("5.00"), (), Decimal("5.00"))
    with pytest.raises(ItemRejectedError, match="can give"):
        desk(front).return_money(placed, Decimal(5000), "return-10")


def test_without_approval_for_personal_data_there_is_a_sale_without_a_buyer(front: Storefront) -> None:
    front.state.switches.customers_protected = True
    order = read(front, place(front))
    assert (order.buyer.email, order.deliver_to) == ("", None)


@pytest.mark.parametrize("named", [True, False])
def test_a_parcel_from_two_places_is_gone_on_with(front: Storefront, named: bool) -> None:  # noqa: FBT001  invariant 8
    for at in range(40):
        shared = {int(front.place): 2, int(front.other_places[0]): 1}
        placed = place(front, wanted(front, front.known("42").ref, 3, places=shared))
        order = front.state.orders[int(placed)]
        (line, _) = read(front, placed).charges
        sent = Parcel(key="sale-1", units={line.line_id: Decimal(3)} if named else {})
        try:
            desk(front, Crash(at)).ship(placed, sent)
        except KilledError:
            desk(front).ship(placed, sent)
        else:
            break
        assert read(front, placed).shipped == {line.line_id: Decimal(3)}
        assert len(order.fulfillment_ids) == 2
    assert 6 <= at < 39


@pytest.mark.parametrize("scope", [*SCOPES_OF_SALES, "read_orders"])
def test_a_missing_scope_is_named_before_an_order_comes(front: Storefront, scope: str) -> None:
    granted = (*SCOPES, *SCOPES_OF_SALES)
    less = tuple(one for one in granted if one.partition("_")[2] != scope.partition("_")[2])
    allowed, denied = (StaticToken(Secret(front.state.issue(APP, kept).value)) for kept in (granted, less))
    ShopifyOrderDesk(front.client(token=allowed)).check_selling()
    with pytest.raises(MissingRightError) as caught:
        ShopifyOrderDesk(front.client(token=denied)).check_selling()
    assert any(told.startswith(scope) for told in caught.value.missing)
    assert "access scopes" in caught.value.remedy
