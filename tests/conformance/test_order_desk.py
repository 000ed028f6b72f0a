"""Single orders are read whole, and told what became of them in the till."""

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Literal

import pytest

from tests.conformance import baskets
from tests.conformance.baskets import EMAIL, FIRST_NAME, PERSONAL, STREET, TAX, Basket
from tests.conformance.front import Front
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.orders.order import Charge, ChargeKind, PlacedOrder, Standing
from tillbridge.domain.product import ListingRef
from tillbridge.systems.order_desk import OrderDesk, Parcel

GONE, TICKET = "999999", "220000000277"
CENT = Decimal("0.01")


def stocked(front: Front) -> tuple[ListingRef, ListingRef]:
    """Offer a mug at an odd price, and a shirt; gives the mug and one of the shirt's variants."""
    front.push(mug(of_variant={"regular_price": Decimal("9.99"), "quantity": 900}), shirt())
    front.settle()
    return front.known("42").ref, front.known("700").ref


def sold(front: Front, units: int = 3, way: Literal["card", "cash", "transfer"] = "card") -> str:
    """Sell mugs, and nothing else."""
    mugs, _ = stocked(front)
    return front.sell(Basket(lines={mugs: units}, way=way))


def read(front: Front, order_id: str) -> PlacedOrder:
    order = front.desk().order(order_id)
    assert order is not None
    assert order.order_id == order_id
    assert order.adds_up
    return order


def goods(order: PlacedOrder) -> list[Charge]:
    return [charge for charge in order.charges if charge.kind is ChargeKind.PRODUCT]


def line_of(front: Front, order_id: str) -> str:
    (line,) = goods(read(front, order_id))
    return line.line_id


def parcel(key: str, **units: int) -> Parcel:
    return Parcel(key=key, units={line: Decimal(count) for line, count in units.items()})


def test_rights_are_looked_at_without_a_trace(front: Front) -> None:
    placed = sold(front)
    before, shown = read(front, placed), front.shown()

    front.desk().check_selling()

    assert (read(front, placed), front.shown(), front.sale_notes(placed)) == (before, shown, [])


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("discounted", [False, True])
@pytest.mark.parametrize("units", [1, 3, 7, 23])
def test_a_basket_is_read_to_the_cent(taxing: Front, units: int, discounted: bool) -> None:  # noqa: FBT001
    mugs, shirts = stocked(taxing)
    placed = taxing.sell(Basket(lines={mugs: units, shirts: 2}, discounted=discounted, shipped=True))

    order = read(taxing, placed)

    assert order.charged == order.total == taxing.worth(placed)
    assert sum((payment.amount for payment in order.payments), Decimal(0)) == order.total
    assert {line.ref: line.units for line in goods(order)} == {mugs: Decimal(units), shirts: Decimal(2)}
    for line in goods(order):
        assert line.rates == (TAX / 100,)
        assert abs(line.tax - line.net * TAX / 100) <= 2 * CENT
        assert (line.discount > 0) is discounted
    assert [charge.gross > 0 for charge in order.charges if charge.kind is ChargeKind.SHIPPING] == [True]


def test_lines_name_their_listings_and_skus(front: Front) -> None:
    mugs, shirts = stocked(front)

    order = read(front, front.sell(Basket(lines={mugs: 3, shirts: 2})))

    assert {line.ref: (line.sku, line.units) for line in goods(order)} == {
        mugs: ("MUG-42", Decimal(3)),
        shirts: ("SHIRT-7-Black-S", Decimal(2)),
    }
    assert len({charge.line_id for charge in order.charges}) == len(order.charges)
    assert order.number
    assert (order.currency, order.shipped, order.refunds, order.noted_sale, order.test) == ("USD", {}, (), "", False)
    assert order.placed_at.tzinfo is not None
    assert order.placed_at <= order.changed_at


def test_a_deleted_product_keeps_its_line(front: Front) -> None:
    mugs, shirts = stocked(front)
    placed = front.sell(Basket(lines={mugs: 3, shirts: 2}))
    before = read(front, placed)
    front.delete(mugs.product_id)

    after = read(front, placed)

    assert [(line.line_id, line.units, line.gross) for line in after.charges] == [
        (line.line_id, line.units, line.gross) for line in before.charges
    ]
    assert {line.ref for line in goods(after)} in ({mugs, shirts}, {None, shirts})


def test_an_order_that_is_gone_is_none(front: Front) -> None:
    assert front.desk().order(GONE) is None


@pytest.mark.parametrize(
    ("way", "standing"),
    [("card", Standing.PAID), ("cash", Standing.ON_DELIVERY), ("transfer", Standing.AWAITING)],
)
def test_how_far_an_order_has_come(front: Front, way: Literal["card", "cash", "transfer"], standing: Standing) -> None:
    order = read(front, sold(front, way=way))

    assert order.standing is standing
    assert sum((payment.amount for payment in order.payments), Decimal(0)) == order.total


def test_an_order_that_ended_before_it_was_paid_is_cancelled(front: Front) -> None:
    placed = sold(front, way="transfer")
    front.cancel(placed)

    order = read(front, placed)

    assert order.cancelled
    assert [line.units for line in goods(order)] == [Decimal(3)]


def test_what_was_given_back_is_told_by_line(taxing: Front) -> None:
    mugs, shirts = stocked(taxing)
    placed = taxing.sell(Basket(lines={mugs: 3, shirts: 2}))
    before = read(taxing, placed)
    given = taxing.refund(placed, mugs, 2, restock=False)

    order = read(taxing, placed)

    (refund,) = order.refunds
    (line,) = refund.lines
    sale = next(one for one in goods(order) if one.ref == mugs)
    assert (line.line_id, line.units, refund.total) == (sale.line_id, Decimal(2), given)
    assert abs(line.net + line.tax - sale.gross * 2 / 3) <= CENT
    assert abs(refund.beyond_lines) <= CENT
    assert (order.charges, order.total, order.standing) == (before.charges, before.total, Standing.PAID)


def test_refunds_keep_their_order_and_their_ids(front: Front) -> None:
    placed = sold(front)
    for units in (1, 2):
        front.refund(placed, front.known("42").ref, units, restock=False)

    first, second = read(front, placed).refunds

    assert first.refund_id != second.refund_id
    assert [refund.lines[0].units for refund in (first, second)] == [Decimal(1), Decimal(2)]


@pytest.mark.parametrize("agrees", [None, False, True])
def test_consent_is_what_the_shop_has_of_it_and_else_none(front: Front, agrees: bool | None) -> None:  # noqa: FBT001
    mugs, _ = stocked(front)
    buyer = read(front, front.sell(Basket(lines={mugs: 1}, agrees=agrees))).buyer

    asked = front.desk().with_consent(buyer)

    assert (bool(asked.may_mail), asked.may_call) == (bool(agrees) and "consent" not in front.lacks, None)
    assert (asked.email, asked.phone, asked.address) == (buyer.email, buyer.phone, buyer.address)


@pytest.mark.parametrize("restock", [False, True])
def test_a_refund_tells_what_went_back_on_sale(front: Front, restock: bool) -> None:  # noqa: FBT001
    front.needs("restocking told")
    placed = sold(front)
    front.send(placed)
    front.refund(placed, front.known("42").ref, 2, restock=restock)

    (refund,) = read(front, placed).refunds

    assert [(line.units, line.restocked) for line in refund.lines] == [(Decimal(2), restock)]


def test_what_the_shops_people_shipped_is_seen(front: Front) -> None:
    placed = sold(front)
    line = line_of(front, placed)
    front.send(placed)

    assert read(front, placed).shipped == {line: Decimal(3)}


# --- what is written --------------------------------------------------------------------------------------------------


def test_the_sales_number_is_noted_once_and_changes_nothing_else(front: Front) -> None:
    placed = sold(front)
    before = read(front, placed)

    for _ in range(2):
        front.desk().note_sale(placed, TICKET)

    after = read(front, placed)
    assert (after.noted_sale, after.charges, after.total) == (TICKET, before.charges, before.total)
    assert (after.standing, after.status, after.shipped) == (before.standing, before.status, {})
    (told,) = front.sale_notes(placed)
    assert TICKET in told


def test_a_parcel_ships_its_own_units_once(front: Front) -> None:
    placed = sold(front)
    line = line_of(front, placed)

    for _ in range(2):
        front.desk().ship(placed, parcel("sale-1", **{line: 2}))

    order = read(front, placed)
    assert (order.shipped, order.standing) == ({line: Decimal(2)}, Standing.PAID)


def test_another_parcel_of_the_same_units_is_another(front: Front) -> None:
    placed = sold(front)
    line = line_of(front, placed)

    for key in ("sale-1", "sale-2"):
        front.desk().ship(placed, parcel(key, **{line: 1}))

    assert read(front, placed).shipped == {line: Decimal(2)}


def test_nothing_named_is_all_that_is_left(front: Front) -> None:
    mugs, shirts = stocked(front)
    placed = front.sell(Basket(lines={mugs: 3, shirts: 2}))
    lines = {line.ref: line for line in goods(read(front, placed))}
    front.desk().ship(placed, parcel("sale-1", **{lines[mugs].line_id: 2}))

    for _ in range(2):
        front.desk().ship(placed, parcel("sale-2"))

    assert read(front, placed).shipped == {line.line_id: line.units for line in lines.values()}


def test_what_was_given_back_before_it_left_is_not_left_to_ship(front: Front) -> None:
    front.needs("shipments")
    placed = sold(front)
    line = line_of(front, placed)
    front.refund(placed, front.known("42").ref, 1, restock=True)

    for key, named in (("sale-1", {line: 3}), ("sale-2", {})):
        front.desk().ship(placed, parcel(key, **named))
        assert read(front, placed).shipped == {line: Decimal(2)}


def test_an_order_that_left_already_needs_no_parcel(front: Front) -> None:
    placed = sold(front)
    line = line_of(front, placed)
    front.send(placed)

    front.desk().ship(placed, parcel("sale-1", **{line: 3}))
    front.desk().ship(placed, parcel("sale-2"))

    assert read(front, placed).shipped == {line: Decimal(3)}


def test_no_more_than_is_left_is_shipped(front: Front) -> None:
    placed = sold(front)
    line = line_of(front, placed)
    front.desk().ship(placed, parcel("sale-1", **{line: 2}))

    front.desk().ship(placed, parcel("sale-2", **{line: 2}))

    assert read(front, placed).shipped == {line: Decimal(3)}


def test_of_two_sales_the_one_that_left_ships_its_own_lines(front: Front) -> None:
    mugs, shirts = stocked(front)
    placed = front.sell(Basket(lines={mugs: 3, shirts: 2}))
    lines = {line.ref: line.line_id for line in goods(read(front, placed))}

    for _ in range(2):
        front.desk().ship(placed, parcel("sale-1", **{lines[shirts]: 2}))

    order = read(front, placed)
    assert (order.shipped, order.standing) == ({lines[shirts]: Decimal(2)}, Standing.PAID)
    front.desk().ship(placed, parcel("sale-2", **{lines[mugs]: 3}))
    assert read(front, placed).shipped == {lines[mugs]: Decimal(3), lines[shirts]: Decimal(2)}


def test_what_people_have_shipped_in_part_is_not_shipped_again(front: Front) -> None:
    front.needs("shipments")
    mugs, shirts = stocked(front)
    placed = front.sell(Basket(lines={mugs: 3, shirts: 2}))
    lines = {line.ref: line.line_id for line in goods(read(front, placed))}
    front.send(placed, {mugs: 2})
    assert read(front, placed).shipped == {lines[mugs]: Decimal(2)}

    front.desk().ship(placed, parcel("sale-1", **{lines[mugs]: 3}))
    assert read(front, placed).shipped == {lines[mugs]: Decimal(3)}
    front.desk().ship(placed, parcel("sale-2", **{lines[mugs]: 3, lines[shirts]: 2}))
    assert read(front, placed).shipped == {lines[mugs]: Decimal(3), lines[shirts]: Decimal(2)}


@pytest.mark.parametrize("named", [False, True])
def test_of_a_cancelled_order_nothing_is_shipped(front: Front, named: bool) -> None:  # noqa: FBT001
    placed = sold(front, way="transfer")
    line = line_of(front, placed)
    front.cancel(placed)

    with pytest.raises(ItemRejectedError, match="cancelled"):
        front.desk().ship(placed, parcel("sale-1", **({line: 1} if named else {})))

    assert not read(front, placed).shipped


# --- what is said -----------------------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[OrderDesk, str], None]] = {
    "a sale": lambda desk, order_id: desk.note_sale(order_id, TICKET),
    "a parcel": lambda desk, order_id: desk.ship(order_id, parcel("sale-1")),
    "too large a parcel": lambda desk, order_id: desk.ship(order_id, parcel("sale-1", unknown=1)),
}


@pytest.mark.parametrize(("act", "gone"), [("a sale", True), ("a parcel", True), ("too large a parcel", False)])
def test_an_error_names_the_order_and_what_to_do(front: Front, act: str, gone: bool) -> None:  # noqa: FBT001
    placed = GONE if gone else sold(front)

    with pytest.raises(ItemRejectedError) as caught:
        ACTS[act](front.desk(), placed)

    assert caught.value.subject.thing == f"order {placed}"
    assert caught.value.subject.connection == "c1"
    assert caught.value.remedy


def test_nothing_of_the_buyer_is_shown(front: Front, caplog: pytest.LogCaptureFixture) -> None:  # invariant 5
    caplog.set_level(logging.DEBUG, "tillbridge")
    placed = sold(front)
    order = read(front, placed)
    assert (order.buyer.email, order.buyer.address.first_name, order.buyer.address.street) == (
        EMAIL,
        FIRST_NAME,
        STREET,
    )

    front.desk().note_sale(placed, TICKET)
    front.desk().ship(placed, parcel("sale-1"))
    with pytest.raises(ItemRejectedError) as refused:
        ACTS["too large a parcel"](front.desk(), sold(front))

    shown = " ".join([repr(order), repr(order.buyer), str(refused.value), repr(refused.value.as_dict()), caplog.text])
    assert not [word for word in PERSONAL if word in shown]
    assert len(set(PERSONAL)) == len(baskets.PERSONAL)
