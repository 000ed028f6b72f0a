"""How orders come to be and move stock: available falls when an order is placed, on_hand when it is fulfilled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.shopify.catalogue.model import DEFAULT_VALUE, ProductVariant
from sandbox.shopify.catalogue.naming import title_of
from sandbox.shopify.changing import customer_changed, order_changed, product_changed
from sandbox.shopify.sales.model import (
    Address,
    Customer,
    FulfillmentOrder,
    FulfillmentOrderLineItem,
    LineItem,
    Order,
    OrderTransaction,
    Route,
    ShippingLine,
    cents,
)
from sandbox.shopify.sales.money import tax_on
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import levels_of, move
from sandbox.shopify.stock.model import InventoryLevel

_FIRST_NUMBER = 1001


class CheckoutError(ValueError):
    """The checkout refuses; the text tells the shopper why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing in the basket: a variant, or something without one, such as a tip or a custom item."""

    quantity: int
    variant: ProductVariant | None = None
    title: str = ""
    price: Decimal | None = None
    discount: Decimal = Decimal(0)
    gift_card: bool = False
    places: Mapping[int, int] = field(default_factory=dict)
    """Units by location, where the merchant's own rules decide; else they leave as few locations as can be."""


@dataclass(frozen=True, slots=True)
class Basket:
    """What a shopper takes to the checkout."""

    items: Sequence[Wanted]
    email: str | None = None
    accepts_marketing: bool = False
    shipping: Decimal | None = None
    address: Address | None = None
    paid: bool = True
    test: bool = False
    tip: Decimal = Decimal(0)
    discount_code: str | None = None
    source_name: str = "web"
    note: str | None = None
    presentment: tuple[str, Decimal] | None = None
    """The shopper's currency, and what one unit of the shop's is in it."""
    tags: tuple[str, ...] = field(default=())


def place(shop: Shop, basket: Basket) -> Order:
    """Place an order, paid at once unless it is said otherwise."""
    with shop.lock:
        if not basket.items:
            raise CheckoutError("items: the basket is empty")
        routes = [route_of(shop, wanted) for wanted in basket.items]
        order = _order(shop, basket)
        order.lines = [_line(shop, order, wanted) for wanted in basket.items]
        if shop.settings.tax_on_first_line:
            _gather_taxes(order)
        if basket.shipping is not None:
            number = shop.numbers.next("ShippingLine")
            taxes = tax_on(shop, basket.shipping)
            order.shipping = [ShippingLine(number, order.id, "Standard", basket.shipping, "standard", taxes=taxes)]
        _pay(shop, order, basket)
        shop.orders[order.id] = order
        order.routes = [
            Route(line.id, location_id, units)
            for line, route in zip(order.lines, routes, strict=True)
            for location_id, units in route.items()
        ]
        _commit(shop, order)
        if not shop.switches.routing_waits:
            route_order(shop, order)
        order_changed(shop, order, "ORDERS_CREATE", *(["ORDERS_PAID"] if basket.paid else []))
        for product_id in dict.fromkeys(line.product_id for line in order.lines if line.product_id):
            product_changed(shop, shop.products[product_id])  # a sale counts as a change of what was sold
        return order


def _gather_taxes(order: Order) -> None:
    taxes = tuple(tax for line in order.lines for tax in line.taxes)
    for line in order.lines:
        line.taxes = ()
    order.lines[0].taxes = taxes


def _order(shop: Shop, basket: Basket) -> Order:
    now, currency = shop.now(), shop.settings.currency
    shown, rate = basket.presentment or (currency, Decimal(1))
    number = max((row.number for row in shop.orders.values()), default=_FIRST_NUMBER - 1) + 1
    settings = shop.settings
    order = Order(shop.numbers.next("Order"), number, now, now, currency, settings.taxes_included, "bogus", shown, rate)
    order.email, order.note, order.tags = basket.email, basket.note, basket.tags
    order.test, order.source_name, order.tip = basket.test, basket.source_name, basket.tip
    order.discount_code, order.customer_accepts_marketing = basket.discount_code, basket.accepts_marketing
    order.billing_address = order.shipping_address = basket.address
    order.customer_id = _customer(shop, basket).id if basket.email else None
    return order


def _customer(shop: Shop, basket: Basket) -> Customer:
    email = (basket.email or "").lower()
    found = next((row for row in shop.customers.values() if row.email == email), None)
    if found is not None:
        return found
    now, address = shop.now(), basket.address or {}
    made = Customer(shop.numbers.next("Customer"), now, now, email)
    made.first_name, made.last_name = address.get("firstName"), address.get("lastName")
    shop.customers[made.id] = made
    customer_changed(shop, made, "CUSTOMERS_CREATE")
    return made


def _line(shop: Shop, order: Order, wanted: Wanted) -> LineItem:
    number, variant = shop.numbers.next("LineItem"), wanted.variant
    if variant is None:
        price = wanted.price or Decimal(0)
        line = LineItem(number, order.id, wanted.title, wanted.title, wanted.quantity, price)
        line.requires_shipping, line.restockable = False, False
    else:
        product, item = shop.products[variant.product_id], shop.items[variant.item_id]
        price = variant.price if wanted.price is None else wanted.price
        title = title_of(product, variant)
        name = product.title if title == DEFAULT_VALUE else f"{product.title} - {title}"
        line = LineItem(number, order.id, name, product.title, wanted.quantity, price, item.sku)
        line.variant_title = None if title == DEFAULT_VALUE else title
        line.vendor, line.product_id, line.variant_id = product.vendor, product.id, variant.id
        line.taxable, line.requires_shipping = variant.taxable, item.requires_shipping
    line.discount, line.is_gift_card = wanted.discount, wanted.gift_card
    line.taxes = tax_on(shop, line.total) if line.taxable and not wanted.gift_card else ()
    return line


def _pay(shop: Shop, order: Order, basket: Basket) -> None:
    if basket.paid:
        number = shop.numbers.next("OrderTransaction")
        paid = OrderTransaction(number, order.id, "SALE", cents(order.total), order.gateway, shop.now())
        paid.test = basket.test
        order.transactions.append(paid)


def route_of(shop: Shop, wanted: Wanted) -> dict[int, int]:
    """Choose where units are sent from: the first location with enough, else as many as each has, in their order."""
    if wanted.variant is None:
        return {next(iter(shop.locations)): wanted.quantity}
    variant = wanted.variant
    levels = [
        level
        for level in levels_of(shop, variant.item_id)
        if level.is_active and shop.locations[level.location_id].fulfills_online_orders
    ]
    if wanted.places:
        return dict(wanted.places)
    enough = next((level for level in levels if level.states["available"] >= wanted.quantity), None)
    if enough is not None:
        return {enough.location_id: wanted.quantity}
    shared = dict(_shared(levels, wanted.quantity))
    missing = wanted.quantity - sum(shared.values())
    if missing and shop.items[variant.item_id].tracked and variant.inventory_policy == "DENY":
        raise CheckoutError(f"items: there is not enough of {shop.items[variant.item_id].sku!r} left")
    if missing:
        first = levels[0].location_id if levels else next(iter(shop.locations))
        shared[first] = shared.get(first, 0) + missing
    return shared


def _shared(levels: Sequence[InventoryLevel], units: int) -> Iterator[tuple[int, int]]:
    for level in levels:
        if taken := min(units, max(0, level.states["available"])):
            units -= taken
            yield level.location_id, taken


def _commit(shop: Shop, order: Order) -> None:
    """Reserve the stock where it will leave."""
    for route in order.routes:
        line = order.line(route.line_id)
        variant = shop.variants.get((line.variant_id if line else None) or 0)
        level = shop.levels.get((variant.item_id, route.location_id)) if variant else None
        if level is not None and shop.items[level.item_id].tracked:
            move(shop, level, available=-route.units, committed=route.units)


def route_order(shop: Shop, order: Order) -> None:
    """Say which location sends what; a worker of Shopify's does it a moment after the order was placed."""
    by_place: dict[int, list[Route]] = {}
    for route in order.routes:
        by_place.setdefault(route.location_id, []).append(route)
    order.routes = []
    for location_id, routes in by_place.items():
        add_fulfillment_order(shop, order, location_id, {route.line_id: route.units for route in routes})


def add_fulfillment_order(shop: Shop, order: Order, location_id: int, units: Mapping[int, int]) -> FulfillmentOrder:
    """Have a location send units of lines."""
    number, now = shop.numbers.next("FulfillmentOrder"), shop.now()
    rows = [
        FulfillmentOrderLineItem(shop.numbers.next("FulfillmentOrderLineItem"), number, line_id, count, count)
        for line_id, count in units.items()
    ]
    made = FulfillmentOrder(number, order.id, location_id, now, now, rows)
    shop.fulfillment_orders[number] = made
    order.fulfillment_order_ids.append(number)
    return made
