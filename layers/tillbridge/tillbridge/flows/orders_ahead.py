"""What of a shop's orders has to be kept off sale while they are on their way into the till.

With the import on, the units of an order are reserved from when it is seen until the till's figures contain it,
whatever the shop's own status says. What the till contains already is not reserved once more when an order changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.record import OrderRecord, OrderState
from tillbridge.domain.orders.rules import OrderRules
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.stock import Quantity, as_counted, spot
from tillbridge.flows.shopkeeper import ShopKeeper


def becomes_a_sale(keeper: ShopKeeper, order: WebOrder) -> bool:
    """Tell whether the merchant has this order imported; an order was placed no later than it was changed."""
    return keeper.settings.orders.imports(order.placed_at or order.changed_at)


def known_orders(keeper: ShopKeeper, orders: Sequence[WebOrder]) -> Mapping[str, OrderRecord]:
    """Read what is known of the orders that are imported; of others, and without the import, nothing is asked."""
    imported = [order.order_id for order in orders if becomes_a_sale(keeper, order)]
    return keeper.records.get(keeper.shop_id, imported) if imported else {}


def as_held(keeper: ShopKeeper, order: WebOrder, record: OrderRecord | None) -> WebOrder:
    """Give an order as it has to be reserved: an imported one by how far it has come, any other as its shop says."""
    if not becomes_a_sale(keeper, order):
        return order
    in_shop = order.holds_stock or order.taken_in_shop
    if record is None:
        return replace(order, holds_stock=in_shop)
    if record.state is OrderState.IGNORED:
        return replace(order, holds_stock=False)
    live = in_shop or record.state.is_under_way
    return replace(order, holds_stock=live, lines=_left(order, record))


def _left(order: WebOrder, record: OrderRecord) -> tuple[OrderLine, ...]:
    """Take off what the till's figures contain by now."""
    contained = dict(record.settled)
    lines: list[OrderLine] = []
    for line in order.lines:
        taken = min(line.units, contained.get(str(line.ref), ZERO))
        contained[str(line.ref)] = contained.get(str(line.ref), ZERO) - taken
        if taken and line.units > taken:  # nobody knows of which place they are
            lines.append(replace(line, units=line.units - taken, places={}))
        elif line.units > taken:
            lines.append(line)
    return tuple(lines)


def reserved_units(keeper: ShopKeeper, order: WebOrder, items: Mapping[ListingRef, str]) -> Mapping[str, Quantity]:
    """Add up the order's units per item of the till, at the locations that they leave as far as these are known.

    One that becomes a sale is sold at the shop's own location where it tells no place. Of any other only the places
    count of which the merchant has said to which location they belong.
    """
    rules = keeper.settings.order_rules(keeper.shop_id)
    otherwise = rules.location if becomes_a_sale(keeper, order) else ""
    units: dict[str, Quantity] = {}
    for line in order.lines:
        if item_id := items.get(line.ref):
            for location, count in _by_location(line, rules, otherwise).items():
                held = spot(item_id, location)
                units[held] = units.get(held, 0) + as_counted(count)
    return units


def _by_location(line: OrderLine, rules: OrderRules, otherwise: str) -> Mapping[str, Decimal]:
    """Share a line out as its sale will be (``domain.orders.places.units_at``)."""
    units, rest = dict[str, Decimal](), line.units
    for place, count in line.places.items():
        location, taken = rules.by_place.get(place, otherwise), min(count, rest)
        units[location] = units.get(location, ZERO) + taken
        rest -= taken
    if rest:
        told = max(units, key=lambda location: units[location], default=otherwise)
        units[told] = units.get(told, ZERO) + rest
    return units
