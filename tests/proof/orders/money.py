"""Baskets that each shop works out itself, rung up in the till that works its own tax out: do the sums agree?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from sandbox.lightspeed.sale import Sale
from tests.fakes.stores import FakeMarks, FakeShelves
from tests.figures import Figure
from tests.proof.orders.market import SHOPS, Market
from tests.proof.orders.stalls import Stall, Wish, opened
from tests.proof.tally import shown
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.orders.balance import ROUNDING
from tillbridge.domain.orders.order import ZERO, ChargeKind, PlacedOrder
from tillbridge.domain.orders.record import OrderRecord, OrderState, mark_key
from tillbridge.domain.orders.rules import TaxRule
from tillbridge.domain.work import Mark, Shelf

BASKETS = 400
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PRICES = tuple(map(Decimal, ("9.99", "0.99", "5.00", "12.49", "19.95", "149.00", "7.77", "33.33")))
SHIPPING = tuple(map(Decimal, ("0", "4.90", "5.00", "12.35")))
FEES = tuple(map(Decimal, ("2.00", "-1.00", "0.35")))
NEW_YORK = ("0.045", "0.04375")
"""Two rates, each of which the till rounds by itself; the shops have one rate of 8.875 %."""
OF_THE_FACTS = Decimal("29.36")
"""Three times 9.99, ten per cent off, 8.875 % tax on top (facts/woocommerce.md, "Orders")."""
Tills = Mapping[str, Market]
ON_TOP, BOTH, BY_SHOP = "tax on top only", "tax on top or inside", "tax of the shop"
"""How a merchant's till is set up: which taxes a sale may name, or that the shop's own tax is a line."""


@dataclass
class Sums:
    """What came of the baskets of one shop and tax mode, each rung up in each till."""

    baskets: int = 0
    sales: int = 0
    shared: int = 0
    exact: int = 0
    rounded: Counter[str] = field(default_factory=Counter)
    largest: Decimal = ZERO
    parked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(
        self, order: PlacedOrder, way: str, record: OrderRecord | None, sales: list[Sale], places: Sequence[str]
    ) -> None:
        """Judge one order by the till's own figures and by what we remember of it: one sale at each location."""
        if record is not None and record.state is OrderState.PARKED:
            self.parked[record.code] += 1
            self.wrong += [f"{order.order_id}: parked with a sale"] if sales else []
            return
        self.sales += len(sales)
        self.shared += len(sales) > 1
        wanted = _wanted(order, places)
        if record is None or record.state is not OrderState.DONE or _sold(sales) != wanted or len(sales) != len(wanted):
            self.wrong.append(f"{order.order_id}: {len(sales)} sales, {record.state if record else 'unknown'}")
            return
        told = {booking.location_id: booking.rounding for booking in record.completed}
        on_sale = {str(sale.shop_id): _rounding(sale) for sale in sales}
        total, paid = (sum(amounts, ZERO) for amounts in zip(*((one.total, one.paid) for one in sales), strict=True))
        if (total, paid, on_sale) != (order.total, order.total, told):
            self.wrong.append(f"{order.order_id}: {order.total} became {total}, rounding {on_sale}, told {told}")
        elif any(told.values()):
            self.rounded[way] += 1
            self.largest = max(self.largest, *map(abs, told.values()))
        else:
            self.exact += 1


def _wanted(order: PlacedOrder, places: Sequence[str]) -> dict[str, int]:
    """Say how many goods leave each location by the order: the second place is the second location's."""
    units: Counter[str] = Counter()
    for charge in order.charges:
        if charge.kind is ChargeKind.PRODUCT:
            elsewhere = int(sum((charge.places.get(place, ZERO) for place in places[1:]), ZERO))
            units.update({"1": int(charge.units) - elsewhere, "2": elsewhere})
    return {location: count for location, count in units.items() if count}


def _sold(sales: Sequence[Sale]) -> dict[str, int]:
    """Say how many goods each location has sold, each in one sale."""
    lines = [(str(sale.shop_id), int(line.quantity)) for sale in sales for line in sale.lines if line.item_id]
    units: Counter[str] = Counter()
    for location, count in lines:
        units[location] += count
    return dict(units)


def _rounding(sale: Sale) -> Decimal:
    return sum((line.subtotal for line in sale.lines if ROUNDING.capitalize() in line.note), ZERO)


@dataclass
class Checkout:
    """One stall before several tills."""

    stall: Stall
    tills: Tills
    sums: Sums = field(default_factory=Sums)

    def ring_up(self, wish: Wish) -> PlacedOrder:
        """Have a basket ordered, and sold in each till."""
        order_id = self.stall.place(wish)
        order = self.stall.desk.order(order_id, places=bool(self.stall.places))
        assert order is not None
        self.sums.baskets += 1
        for way, market in self.tills.items():
            name, now = _name(self.stall.system), market.clock.now()
            FakeMarks(market.memory).add("till", Lane.ORDERS, [Mark(mark_key(name, order_id), since=now, due_at=now)])
            market.wake("till", Lane.ORDERS)
            market.run_once()
            sales = [sale for sale in market.sales() if sale.reference.split("/")[0] == order.number and sale.counts]
            record = market.memory.records.get(name, {}).get(order_id)
            self.sums.note(order, way, record, sales, self.stall.places)
        return order


def tills_of(stall: Stall) -> Tills:
    """Make tills that sell what a stall has ordered."""
    return {way: _till(way, stall) for way in (ON_TOP, BOTH, BY_SHOP)}


def _till(way: str, stall: Stall) -> Market:
    market, name = Market(), _name(stall.system)
    on_top = market.state.retailer.add_tax("New York", NEW_YORK)
    inside = market.state.retailer.add_tax("New York, inside", NEW_YORK, inclusive=True)
    taxes = [str(tax.id) for tax in (on_top, inside)][: 1 if way == ON_TOP else 2]
    rule = TaxRule.SHOP if way == BY_SHOP else TaxRule.TILL
    orders = replace(market.settings.orders, since=LONG_AGO, tax=rule, tax_categories=tuple(taxes))
    mapped = {f"{name}/{number}": place for number, place in enumerate(stall.places, 1)}
    market.change_settings(orders=orders, stock_places=mapped)
    market.fronts[name].desk = stall.desk
    FakeShelves(market.memory).put(name, [Shelf(item_id=item, ref=ref) for item, ref in stall.refs.items()])
    return market


def _name(system: System) -> str:
    return next(name for name, one in SHOPS.items() if one is system)


def wish(system: System, items: list[str], dice: Random) -> Wish:
    """Think of a basket, with what its shop has a form for."""
    units = {item: dice.randint(1, 4) for item in dice.sample(items, dice.randint(1, 4))}
    fees = tuple(dice.sample(FEES, dice.randint(0, 2))) if system is System.WOOCOMMERCE else ()
    tip = dice.choice((ZERO, Decimal("2.50"))) if system is System.SHOPIFY else ZERO
    elsewhere = {item: dice.randint(0, count) for item, count in units.items()} if system is System.SHOPIFY else {}
    return Wish(units, elsewhere, coupon=dice.random() < 0.4, shipping=dice.choice(SHIPPING), fees=fees, tip=tip)


def rung_up(system: System, *, inside: bool, baskets: int) -> tuple[Sums, Decimal]:
    """Ring up the basket of the facts and so many others; gives what came of them, and the former's goods."""
    goods = dict(zip(map(str, Market().sold_items), PRICES, strict=False))
    dice = Random(f"{system}{inside}")
    with opened(system, goods, inside=inside) as stall:
        checkout = Checkout(stall, tills_of(stall))
        first = checkout.ring_up(Wish({next(iter(goods)): 3}, coupon=True))
        for _ in shown(f"money of {system} orders", range(baskets - 1)):
            checkout.ring_up(wish(system, [*goods], dice))
    return checkout.sums, sum((one.gross for one in first.charges if one.kind is not ChargeKind.SHIPPING), ZERO)


def money_of_orders() -> Iterator[Figure]:
    """Ring up baskets of every shop, with the tax in its prices and apart."""
    for system in SHOPS.values():
        for inside in (False, True):
            name = f"money, {system.value}, tax {'inside' if inside else 'apart'}"
            sums, first = rung_up(system, inside=inside, baskets=BASKETS)
            yield from figures_of(name, sums)
            yield Figure(
                f"{name}: 3 x 9.99, a tenth off, 8.875 %",
                float(first),
                "money",
                note="" if inside else f"by the facts {OF_THE_FACTS}",
            )


def figures_of(name: str, sums: Sums) -> Iterator[Figure]:
    """Give the rows of one shop and tax mode."""
    yield Figure(f"{name}: baskets", sums.baskets, "baskets", BASKETS, f"{sums.sales} sales", at_least=True)
    if sums.shared:
        yield Figure(f"{name}: over two locations", sums.shared, "orders", BASKETS, at_least=True)
    yield Figure(f"{name}: to the cent", sums.exact, "sales")
    ways = ", ".join(f"{number} {way}" for way, number in sums.rounded.most_common())
    yield Figure(f"{name}: with a rounding line", sum(sums.rounded.values()), "sales", note=ways)
    yield Figure(f"{name}: largest rounding", float(sums.largest), "money", 0.05)
    parked = ", ".join(f"{number} {code}" for code, number in sums.parked.most_common())
    yield Figure(f"{name}: parked", sum(sums.parked.values()), "sales", note=parked)
    yield Figure(f"{name}: wrong", len(sums.wrong), "sales", 0, "; ".join(sums.wrong[:2]))
