"""Take the units of web orders off sale, or put them back on: of many orders at once, and told of once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.record import OrderRecord, reservation_name
from tillbridge.domain.product import ListingRef, UnlinkedOrder, WebOrder
from tillbridge.domain.stock import Quantity, of_spot
from tillbridge.domain.work import Mark
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.orders_ahead import as_held, reserved_units
from tillbridge.flows.shopkeeper import ShopKeeper

Refs = frozenset[ListingRef]
Items = Mapping[ListingRef, str]
Units = Mapping[str, Quantity]
"""Item id, or its ``domain.stock.spot`` where it is known which location they leave -> units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetOrder:
    """An order as its shop tells it, and what is known of it.

    ``kept`` says that it is among the unlinked ones, ``awaited`` what it awaits there in its present state, and
    ``counted`` that its shop had counted its units just so when it was last dealt with.
    """

    told: WebOrder
    record: OrderRecord | None
    kept: bool
    awaited: Refs = frozenset()
    counted: bool = False


def reserve_orders(keeper: ShopKeeper, fanout: Fanout, met: Sequence[MetOrder]) -> frozenset[str]:
    """Reserve or release the units of orders; names the items concerned.

    What the shop shows of these items is no longer what it last acknowledged, and whether our figure or the order came
    first cannot be told: so it counts as unknown, and is written again. That goes for units which the till contains
    already as well, unless the shop has counted them before: some take units off when they are shipped, and put them
    back when the order is cancelled.
    """
    held = {one.told.order_id: as_held(keeper, one.told, one.record) for one in met}
    kept, items = _keep_unlinked(keeper, met, held)
    wanted = {order_id: reserved_units(keeper, order, items) for order_id, order in held.items()}
    names = {order_id: reservation_name(keeper.shop_id, order_id) for order_id in held}
    holding = keeper.reservations.held_by(keeper.till_id, names.values())
    former = {order_id: holding.get(name, {}) for order_id, name in names.items()}
    concerned = {item_id for units in (*former.values(), *wanted.values()) for item_id in by_item(units)}
    _doubt_figures(keeper, _moved_by_shop(keeper, met) - concerned)
    with fanout.telling(keeper.merchant.merchant_id, Lane.STOCK, sorted(concerned), keeper.clock):
        _doubt_shelves(keeper, held, wanted, former)
        # Last: what it held tells which items are concerned, also to whoever goes on after us.
        for order_id, order in held.items():
            units = wanted[order_id] if order.holds_stock else {}
            keeper.reservations.set(keeper.till_id, names[order_id], units, former[order_id])
    _settle_unlinked(keeper, kept, held, items)
    return frozenset(concerned)


def by_item(units: Units) -> Units:
    """Add up what is reserved per item, whatever location it leaves."""
    items: dict[str, Quantity] = {}
    for held, count in units.items():
        item_id, _ = of_spot(held)
        items[item_id] = items.get(item_id, 0) + count
    return items


def items_of(keeper: ShopKeeper, orders: Iterable[WebOrder]) -> Items:
    """Find the items of the till with which the listings of orders are linked."""
    return keeper.shelves.at(keeper.shop_id, list(dict.fromkeys(line.ref for order in orders for line in order.lines)))


def _keep_unlinked(
    keeper: ShopKeeper, met: Sequence[MetOrder], held: Mapping[str, WebOrder]
) -> tuple[Sequence[MetOrder], Items]:
    """Keep orders with listings that no item has, before anything else: these may be linked at this very moment.

    Gives the orders as they are kept now, and the items as they are afterwards.
    """
    items = items_of(keeper, held.values())
    now = [replace(one, awaited=_without_item(held[one.told.order_id], items)) for one in met]
    new = [one for one, before in zip(now, met, strict=True) if not one.awaited <= before.awaited]
    for one in new:
        keeper.unlinked.keep(keeper.shop_id, UnlinkedOrder(one.told, one.awaited))
    anew = {one.told.order_id: replace(one, kept=True) for one in new}
    kept = [anew.get(before.told.order_id, before) for before in met]
    return kept, items_of(keeper, held.values()) if new else items


def _settle_unlinked(keeper: ShopKeeper, kept: Sequence[MetOrder], held: Mapping[str, WebOrder], items: Items) -> None:
    """Let go of orders whose listings are all linked by now, and note of the others what they still await."""
    linked: list[str] = []
    for one in kept:
        unlinked = _without_item(held[one.told.order_id], items)
        if one.kept and not unlinked:
            linked.append(one.told.order_id)
        elif unlinked != one.awaited:
            keeper.unlinked.keep(keeper.shop_id, UnlinkedOrder(one.told, unlinked))
    if linked:
        keeper.unlinked.forget(keeper.shop_id, linked)


def _moved_by_shop(keeper: ShopKeeper, met: Iterable[MetOrder]) -> set[str]:
    """Name the items of which the shop may have moved its own figure, also those that an order lists no more."""
    moved = [one for one in met if not one.counted]
    before = [ListingRef(*key.split("/")) for one in moved if one.record for key in one.record.settled]
    told = [line.ref for one in moved for line in one.told.lines]
    return set(keeper.shelves.at(keeper.shop_id, list(dict.fromkeys((*told, *before)))).values())


def _doubt_figures(keeper: ShopKeeper, item_ids: Iterable[str]) -> None:
    """Have this shop alone written to again: what it is to show has not changed."""
    now = keeper.clock.now()
    if marks := [Mark(key, now, now, doubt=True) for key in sorted(item_ids)]:
        keeper.marks.add(keeper.shop_id, Lane.STOCK, marks)


def _doubt_shelves(
    keeper: ShopKeeper, held: Mapping[str, WebOrder], wanted: Mapping[str, Units], former: Mapping[str, Units]
) -> None:
    """What the shop shows of the orders' items is not known: what an order has no more the shop may have put back."""
    sold: dict[str, Decimal] = defaultdict(Decimal)
    for order_id, order in held.items():
        before, concerned = by_item(former[order_id]), by_item(wanted[order_id])
        after = concerned if order.holds_stock else {}
        for item_id in {**before, **concerned}:
            more = after.get(item_id, 0) - before.get(item_id, 0)
            sold[item_id] += max(Decimal(0), Decimal(more))
    now = keeper.clock.now()
    shelves = keeper.shelves.get(keeper.shop_id, sorted(sold))
    unknown = [replace(shelf, known=None, pace=shelf.pace.sold(sold[key], now)) for key, shelf in shelves.items()]
    keeper.shelves.put(keeper.shop_id, unknown, moved=False)


def _without_item(order: WebOrder, items: Items) -> Refs:
    """Name the listings of an open order that no item has; those of one that ended are no matter any more."""
    return frozenset(line.ref for line in order.lines if order.holds_stock and line.ref not in items)
