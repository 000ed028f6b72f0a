"""What orders do to stock, by the store's own settings (facts/bigcommerce.md, "Inventory v3")."""

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.sales.model import CANCELLED, COMPLETED, DECLINED, INCOMPLETE, REFUNDED, SHIPPED, Line, Order
from sandbox.bigcommerce.shop import DEFAULT_LOCATION, Shop
from sandbox.common.json_types import JsonObject

_NEVER_TAKES = {INCOMPLETE, CANCELLED, DECLINED, REFUNDED}


def follow_status(shop: Shop, order: Order) -> None:
    """Take an order's units when its status says so: as it is placed, or as it is completed or shipped."""
    if order.stock_taken or order.status_id in _NEVER_TAKES:
        return
    late = shop.inventory_settings.update_stock_behavior == "order_completed_or_shipped"
    if late and order.status_id not in {SHIPPED, COMPLETED}:
        return
    order.stock_taken = True
    for line in order.lines:
        take(shop, order, line, line.quantity)


def take(shop: Shop, order: Order, line: Line, units: int) -> None:
    """Take units of a line at the default location, or at the first that has enough."""
    found = shop.products.with_variant(line.variant_id)
    kept = found[0].tracked(found[1]) if found is not None else None
    if found is None or kept is None or units <= 0:
        return
    levels.settle(shop)
    place = _place(shop, kept.id, units)
    levels.level_of(shop, kept.id, place).on_hand -= units
    line.taken[kept.id, place] = line.taken.get((kept.id, place), 0) + units
    _announce(shop, order, line, (kept.id, place), -units)


def _place(shop: Shop, variant_id: int, units: int) -> int:
    for place in shop.locations.values():
        level = shop.levels.get((variant_id, place.id))
        if place.enabled and level is not None and level.available >= units:
            return place.id
    return DEFAULT_LOCATION


def put_back(shop: Shop, order: Order, line: Line, units: int) -> None:
    """Put units of a line back where they came from."""
    levels.settle(shop)
    for place, taken in list(line.taken.items()):
        back = min(units, taken)
        if back > 0:
            line.taken[place] -= back
            units -= back
            levels.level_of(shop, *place).on_hand += back
            _announce(shop, order, line, place, back)


def _announce(shop: Shop, order: Order, line: Line, place: tuple[int, int], value: int) -> None:
    found = shop.products.with_variant(line.variant_id)
    if found is None:
        return
    product, variant = found
    levels.announce(shop, product, variant, {"method": "relative", "value": value}, place[1])
    if product.tracking == "variant":
        scope, told = "store/sku/inventory/order/updated", {**_told(order, found, value), "variant_id": variant.id}
        shop.emit(scope, {"type": "sku", "id": variant.id + 1_000_000, "inventory": told})
    else:
        told = _told(order, found, value)
        shop.emit("store/product/inventory/order/updated", {"type": "product", "id": product.id, "inventory": told})


def _told(order: Order, found: tuple[Product, Variant], value: int) -> JsonObject:
    return {"product_id": found[0].id, "method": "relative", "value": value, "order_id": order.id}
