"""What becomes of web orders in their shops: paid, edited, refunded, cancelled, with hooks or without."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.proof.orders.hooks import delivery
from tests.proof.orders.market import Front, Market
from tests.unit.domain.order_samples import placed, product_charge
from tillbridge.domain.orders.digest import digest
from tillbridge.domain.orders.order import Charge, ChargeKind, PlacedOrder, Refund, RefundLine, Standing
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder

CENT, RATE = Decimal("0.01"), Decimal("0.08875")
PRICES = ("5.00", "9.99", "12.49", "0.99", "149.00")
LOST, DOUBLED, FORGED = 0.15, 0.3, 0.1
LATEST_HOOK = 900
"""Seconds that a hook may take: later ones overtake it."""


@dataclass
class Shopper:
    """Places orders in one shop and changes them, and has the shop tell of it."""

    market: Market
    front: Front
    dice: Random
    forged: int = 0
    lost: int = 0
    sent: int = 0
    doubled: int = 0
    overtaken: int = 0  # hooks that came after one that tells of a later change of their order
    _told: dict[str, datetime] = field(default_factory=dict)
    placed: dict[str, PlacedOrder] = field(default_factory=dict)

    def say(self, order: PlacedOrder) -> None:
        """Have an order stand so from now on; the shop's own figures follow, and hooks tell of it."""
        order = replace(order, changed_at=self.market.clock.now().replace(microsecond=0))  # as exact as shops are
        before = self.placed.get(order.order_id)
        for ref in {charge.ref for charge in order.charges if charge.ref}:
            listing = self.front.shop.products[ref.product_id]
            listing.quantities[""] += int(_units(before, ref) - _units(order, ref))
        self.placed[order.order_id] = order
        self.front.orders.put(order)
        orders = self.front.shop.orders
        orders[:] = [one for one in orders if one.order_id != order.order_id] + [as_web_order(order)]
        self._tell(order)

    def change(self, order_id: str, what: Callable[[PlacedOrder], PlacedOrder]) -> None:
        """Change an order, unless it has ended meanwhile."""
        order = self.placed[order_id]
        if not order.cancelled:
            self.say(what(order))

    def _tell(self, order: PlacedOrder) -> None:
        """Send hooks: none, one or several, each after a while of its own, and forged ones among them."""
        if self.dice.random() < FORGED:
            self.forged += 1
            self._send(order, "a guess")
        if self.dice.random() < LOST:
            self.lost += 1
            return
        times = 1 + (self.dice.random() < DOUBLED) + (self.dice.random() < DOUBLED)
        self.sent, self.doubled = self.sent + times, self.doubled + times - 1
        for _ in range(times):
            self._send(order, self.front.secret)

    def _send(self, order: PlacedOrder, secret: str) -> None:
        market, front = self.market, self.front
        late = self.dice.choice((0, 1, 5, 30, self.dice.randrange(LATEST_HOOK)))
        sent = delivery(front.system, order.order_id, order.changed_at, secret)
        whose = market.memory.connections[front.name]

        def arrive() -> None:
            newest = self._told.get(order.order_id, order.changed_at)
            self.overtaken += order.changed_at < newest
            self._told[order.order_id] = max(newest, order.changed_at)
            market.door.take(whose, front.secret, sent)

        market.at(market.clock.now() + timedelta(seconds=late), arrive)


def _units(order: PlacedOrder | None, ref: ListingRef) -> Decimal:
    """Count the units of a listing that an order takes from it by now."""
    return (
        sum((line.units for line in as_web_order(order).lines if line.ref == ref), Decimal(0)) if order else Decimal(0)
    )


def as_web_order(order: PlacedOrder) -> WebOrder:
    """Give an order as the stock lane sees it: what was put on sale again is not in it any more."""
    back = {line.line_id: line.units for refund in order.refunds for line in refund.lines if line.restocked}
    lines = [
        OrderLine(charge.ref, charge.units - back.get(charge.line_id, Decimal(0)))
        for charge in order.charges
        if charge.ref and not order.cancelled
    ]
    live = order.standing not in {Standing.CANCELLED, Standing.DRAFT}
    return WebOrder(
        order_id=order.order_id,
        number=order.number,
        status=order.status,
        lines=tuple(line for line in lines if line.units),
        holds_stock=live,
        taken_in_shop=live,
        changed_at=order.changed_at,
        placed_at=order.placed_at,
        content=digest(order),
    )


def basket(market: Market, number: str, dice: Random, standing: Standing) -> PlacedOrder:
    """Fill a basket of one to three products, with shipping and tax as it falls."""
    rate = dice.choice((Decimal(0), RATE))
    items = dice.sample(market.sold_items, dice.randint(1, 3))
    charges = [_product(str(line), item, dice, rate) for line, item in enumerate(items, 1)]
    if dice.random() < 0.5:  # every second one
        fee = Decimal("4.90")
        charges.append(
            Charge(line_id="ship", kind=ChargeKind.SHIPPING, name="Standard", net=fee, tax=_cents(fee * rate))
        )
    now = market.clock.now()
    return placed(number, charges=tuple(charges), standing=standing, placed_at=now, changed_at=now)


def _product(line_id: str, item: str, dice: Random, rate: Decimal) -> Charge:
    units, price = dice.randint(1, 3), dice.choice(PRICES)
    tax = _cents(Decimal(price) * units * rate)
    return product_charge(line_id, str(100 + int(item)), units, price, tax=tax, rates=(rate,) if rate else ())


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def refunded(order: PlacedOrder, refund_id: str, *, restocked: bool) -> PlacedOrder:
    """Give one unit of an order's first line back, unless all of them were."""
    first = order.charges[0]
    done = sum((line.units for refund in order.refunds for line in refund.lines), Decimal(0))
    if done >= first.units:
        return order
    net, tax = _cents(first.net / first.units), _cents(first.tax / first.units)
    line = RefundLine(line_id=first.line_id, units=Decimal(1), net=net, tax=tax, restocked=restocked)
    back = Refund(refund_id=refund_id, refunded_at=order.changed_at, total=net + tax, lines=(line,))
    return replace(order, refunds=(*order.refunds, back))


def edited(order: PlacedOrder) -> PlacedOrder:
    """Add one more unit to an order's last product, paid as well."""
    place = max(number for number, charge in enumerate(order.charges) if charge.ref)
    last = order.charges[place]
    net, tax = last.net / last.units, _cents(last.tax / last.units)
    more = replace(last, units=last.units + 1, net=last.net + net, tax=last.tax + tax)
    charges = (*order.charges[:place], more, *order.charges[place + 1 :])
    total = sum((charge.gross for charge in charges), Decimal(0))
    paid = replace(order.payments[0], amount=total)
    return replace(order, charges=charges, total=total, payments=(paid,))


def cancelled(order: PlacedOrder) -> PlacedOrder:
    """Cancel an order."""
    return replace(order, standing=Standing.CANCELLED, status="cancelled")


def paid(order: PlacedOrder) -> PlacedOrder:
    """Have an order paid."""
    return replace(order, standing=Standing.PAID, status="processing")


def live(shopper: Shopper, number: str) -> None:
    """Begin an order's life: it is placed now, and what is done to it later is planned."""
    dice, market = shopper.dice, shopper.market
    fate = dice.random()
    waits = fate < 0.2  # a fifth is not paid at once
    order = basket(market, number, dice, Standing.AWAITING if waits else Standing.PAID)
    shopper.say(replace(order, test=fate > 0.97))  # some are tests

    def later(what: Callable[[PlacedOrder], PlacedOrder], after: int) -> None:
        moment = market.clock.now() + timedelta(seconds=dice.choice((0, 1, dice.randrange(120), dice.randrange(after))))
        market.at(moment, lambda: shopper.change(number, what))

    if waits:
        later(paid if dice.random() < 0.6 else cancelled, 7200)
    if dice.random() < 0.15:
        again = dice.random() < 0.5
        later(lambda one: refunded(one, f"{number}1", restocked=again), 7200)
        if dice.random() < 0.3:
            later(lambda one: refunded(one, f"{number}2", restocked=again), 20_000)
    if dice.random() < 0.05:
        later(edited, 7200)
    if dice.random() < 0.05:
        later(cancelled, 20_000)
