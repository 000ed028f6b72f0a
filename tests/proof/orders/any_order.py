"""Orders of every kind that hypothesis thinks of, rung up in tills that work their own tax out: do the sums agree?

``money`` has the shops work baskets out themselves; what their stand-ins have no form for is made up here.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, product

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox.lightspeed.sale import Sale
from tests.fakes.stores import FakeMarks
from tests.figures import Figure
from tests.proof.orders.market import SHOPS, Market
from tests.proof.orders.money import BOTH, BY_SHOP, LONG_AGO, NEW_YORK, ON_TOP
from tests.unit.domain.order_samples import placed
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind, Means, Payment, PlacedOrder
from tillbridge.domain.orders.record import OrderState, mark_key
from tillbridge.domain.orders.rules import OTHER, TaxRule
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Mark

NAME = "money of any order"
ORDERS = 400
CENT, HALF_A_CENT = Decimal("0.01"), Decimal("0.005")
HOME, FOREIGN, WORTH = "USD", "EUR", Decimal("1.0837")
TWO_TAXES = tuple(map(Decimal, NEW_YORK))
OFF = tuple(map(Decimal, ("0", "0", "0.1", "0.333", "1")))
WAYS = (ON_TOP, BOTH, BY_SHOP)
KINDS: Mapping[str, Callable[[PlacedOrder], bool]] = {
    "in a foreign currency": lambda order: order.currency == FOREIGN,
    "a gift card sold": lambda order: _has(order, ChargeKind.GIFT_CARD),
    "paid with a gift card": lambda order: _paid_by(order, Means.GIFT_CARD),
    "paid with store credit": lambda order: _paid_by(order, Means.STORE_CREDIT),
    "several payments": lambda order: len(order.payments) > 1,
    "a tip": lambda order: _has(order, ChargeKind.TIP),
    "gift wrap": lambda order: _has(order, ChargeKind.WRAPPING),
    "a fee": lambda order: _has(order, ChargeKind.FEE),
    "shipping": lambda order: _has(order, ChargeKind.SHIPPING),
    "ten per cent off, or more": lambda order: any(charge.discount for charge in order.charges),
    "a discount of the order": lambda order: _has(order, ChargeKind.DISCOUNT),
    "several taxes": lambda order: any(len(charge.rates) > 1 for charge in order.charges),
    "no tax at all": lambda order: not any(charge.tax for charge in order.charges),
    "taxed and untaxed lines": lambda order: len({bool(charge.rates) for charge in order.charges}) > 1,
    "for nothing": lambda order: not order.total,
}
"""What has to occur among the orders."""


def _has(order: PlacedOrder, kind: ChargeKind) -> bool:
    return any(charge.kind is kind for charge in order.charges)


def _paid_by(order: PlacedOrder, means: Means) -> bool:
    return any(payment.means is means for payment in order.payments)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@st.composite
def orders(draw: st.DrawFn, items: list[str], *, inside: bool) -> PlacedOrder:
    """Make an order as shops do: tax rounded line by line, of prices that hold it or do not."""
    taxed = draw(st.integers(0, 4)) > 0  # one in five is free of tax
    charges = [
        _charge(draw, str(number), ChargeKind.PRODUCT, taxed=taxed, inside=inside, item=draw(st.sampled_from(items)))
        for number in range(draw(st.integers(1, 4)))
    ]
    more = (ChargeKind.SHIPPING, ChargeKind.FEE, ChargeKind.WRAPPING, ChargeKind.TIP, ChargeKind.GIFT_CARD)
    for kind in more:
        if draw(st.integers(0, 2)) == 0:
            never = kind in {ChargeKind.TIP, ChargeKind.GIFT_CARD}
            charges.append(
                _charge(draw, kind.value, kind, taxed=taxed and not never and draw(st.booleans()), inside=inside)
            )
    whole = sum((charge.gross for charge in charges), ZERO)
    if draw(st.integers(0, 4)) == 0:
        off = _cents(whole * draw(st.sampled_from((Decimal("0.05"), Decimal("0.2")))))
        charges.append(Charge(line_id="off", kind=ChargeKind.DISCOUNT, name="Loyal", net=-off))
    total = sum((charge.gross for charge in charges), ZERO)
    currency = FOREIGN if draw(st.integers(0, 3)) == 0 else HOME
    return placed("0", charges=tuple(charges), total=total, payments=_payments(draw, total), currency=currency)


def _charge(  # one line with all it may have
    draw: st.DrawFn, line_id: str, kind: ChargeKind, *, taxed: bool, inside: bool, item: str = ""
) -> Charge:
    units = Decimal(draw(st.integers(1, 5)) if item else 1)
    price = draw(st.decimals(min_value=0, max_value=200, places=2, allow_nan=False, allow_infinity=False))
    off = _cents(price * units * draw(st.sampled_from(OFF))) if item else ZERO
    paid, rate = price * units - off, sum(TWO_TAXES, ZERO) if taxed else ZERO
    tax = _cents(paid - paid / (1 + rate)) if inside else _cents(paid * rate)
    return Charge(
        line_id=line_id,
        kind=kind,
        name=kind.value,
        units=units,
        net=paid - tax if inside else paid,
        tax=tax,
        discount=off,
        rates=TWO_TAXES if taxed else (),
        ref=ListingRef(str(100 + int(item))) if item else None,
    )


def _payments(draw: st.DrawFn, total: Decimal) -> tuple[Payment, ...]:
    """Pay by one to three means, the last of which takes what is left."""
    left, paid = total, []
    for means in draw(st.lists(st.sampled_from((Means.GIFT_CARD, Means.STORE_CREDIT, Means.MONEY)), max_size=2)):
        part = _cents(left * draw(st.sampled_from((Decimal("0.1"), Decimal("0.5"), Decimal(1)))))
        paid.append(Payment(method=means.value, amount=part, means=means))
        left -= part
    rest = [Payment(method="stripe", amount=left, reference="pi_1")] if left or not paid else []
    return (*paid, *rest)


@dataclass
class Tally:
    """What came of the orders of one tax mode, each rung up in each till."""

    tills: Mapping[str, Market]
    kinds: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    exact: int = 0
    rounded: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1001))

    def ring_up(self, told: PlacedOrder, shop: str) -> None:
        """Have an order sold in each till, and judge it by what is in that till."""
        number = str(next(self._numbers))
        self.orders += 1
        self.kinds.update(name for name, is_such in KINDS.items() if is_such(told))
        for way, market in self.tills.items():
            now = market.clock.now()
            order = replace(told, order_id=number, number=number, placed_at=now, changed_at=now)
            market.fronts[shop].orders.put(order)
            FakeMarks(market.memory).add("till", Lane.ORDERS, [Mark(mark_key(shop, number), since=now, due_at=now)])
            market.wake("till", Lane.ORDERS)
            market.run_once()
            self._judge(way, market, shop, order)

    def _judge(self, way: str, market: Market, shop: str, order: PlacedOrder) -> None:
        record = market.memory.records[shop][order.order_id]
        sales = [sale for sale in market.sales() if sale.reference.split("/")[0] == order.number and sale.counts]
        if record.state is OrderState.PARKED:
            self.parked[record.code] += 1
            self.wrong += [f"{order.number}: parked with a sale"] if sales else []
        elif len(sales) != 1 or record.state is not OrderState.DONE:
            self.wrong.append(f"{order.number}: {len(sales)} sales, {record.state}")
        elif not _agrees(order, sales[0]):
            self.wrong.append(f"{order.number} {way}: {order.total} {order.currency} became {sales[0].total}")
        elif any("ounding" in line.note for line in sales[0].lines):
            self.rounded[way] += 1
        else:
            self.exact += 1


def _agrees(order: PlacedOrder, sale: Sale) -> bool:
    """Hold the till's own total and payments against what the shop said; nothing of ours is asked.

    In another currency each net and each tax is rounded by itself: half a cent each is all that it may be off.
    """
    paid = [payment.amount for payment in sale.payments]
    if order.currency == HOME:
        return sale.total == order.total and paid == [one.amount for one in order.payments if one.amount]
    off = abs(sale.total - order.total * WORTH)
    return off <= HALF_A_CENT * 2 * len(order.charges) and sum(paid, ZERO) == sale.total


def rung_up_any(number: int, *, inside: bool, shops: Collection[str] = tuple(SHOPS)) -> Tally:
    """Ring up so many orders of these shops, in each of the tills."""
    tally = Tally({way: _till(way) for way in WAYS})
    items = next(iter(tally.tills.values())).sold_items

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(orders(items, inside=inside), st.sampled_from(sorted(shops)))
    def each(order: PlacedOrder, shop: str) -> None:
        tally.ring_up(order, shop)

    each()
    return tally


def _till(way: str) -> Market:
    """Make a till that keeps its books in one currency, and knows what another is worth."""
    market = Market(stock_each=100_000)
    taxes = [market.state.retailer.add_tax(name, NEW_YORK, inclusive=name == BOTH) for name in (ON_TOP, BOTH)]
    market.change_settings(
        orders=replace(
            market.settings.orders,
            since=LONG_AGO,
            tax=TaxRule.SHOP if way == BY_SHOP else TaxRule.TILL,
            tax_categories=tuple(str(tax.id) for tax in taxes[: 1 if way == ON_TOP else 2]),
            payment_types={OTHER: "4", Means.GIFT_CARD.value: "5", Means.STORE_CREDIT.value: "4"},
            currency=HOME,
            rates={FOREIGN: WORTH},
        )
    )
    return market


def money_of_any_order() -> Iterator[Figure]:
    """Ring up orders of every kind of each shop, with the tax in the prices and apart."""
    for (shop, system), inside in product(SHOPS.items(), (False, True)):
        tally = rung_up_any(ORDERS, inside=inside, shops=[shop])
        name = f"{NAME}, {system.value}, tax {'inside' if inside else 'apart'}"
        missing = [kind for kind in KINDS if not tally.kinds[kind]]
        kinds = ", ".join(f"{tally.kinds[kind]} {kind}" for kind in KINDS)
        yield Figure(f"{name}: orders", tally.orders, "orders", ORDERS, kinds, at_least=True)
        yield Figure(f"{name}: kinds that never came", len(missing), "kinds", 0, ", ".join(missing))
        yield Figure(f"{name}: to the cent", tally.exact, "sales")
        yield Figure(f"{name}: with a rounding line", tally.rounded.total(), "sales", note=_told(tally.rounded))
        yield Figure(f"{name}: parked", tally.parked.total(), "sales", note=_told(tally.parked))
        yield Figure(f"{name}: wrong", len(tally.wrong), "sales", 0, "; ".join(tally.wrong[:2]))


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.most_common())
