"""Fulfilment orders and fulfilments (facts/shopify.md, section 8)."""

from collections.abc import Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.model import ProductVariant
from sandbox.shopify.changing import order_changed
from sandbox.shopify.hooks import payloads
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.model import (
    Fulfillment,
    FulfillmentLineItem,
    FulfillmentOrder,
    FulfillmentOrderLineItem,
    LineItem,
    Order,
)
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import move
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import refuse
from sandbox.shopify.web.resolving import Input, mutation, resolver

fo_field, fo_line_field, parcel_field = (
    resolver("FulfillmentOrder"),
    resolver("FulfillmentOrderLineItem"),
    resolver("Fulfillment"),
)
Chosen = tuple[FulfillmentOrder, FulfillmentOrderLineItem, int]


@mutation
def fulfillment_create(
    _root: object, context: Context, fulfillment: Input, message: str | None = None
) -> Mapping[str, object]:
    """Send goods of one order and location; leaving the items out sends all that is left."""
    del message
    shop = context.shop
    chosen = [one for entry in fulfillment["lineItemsByFulfillmentOrder"] for one in _chosen(shop, entry)]
    if not chosen:
        raise refuse("Fulfillment order does not exist.", "fulfillment")
    if len({(one[0].order_id, one[0].location_id) for one in chosen}) != 1:
        message = "All fulfillment orders must belong to the same order and location."
        raise refuse(message, "fulfillment")
    made = fulfil(shop, chosen, tracking_of(fulfillment.get("trackingInfo")))
    return {"fulfillment": made, "userErrors": []}


def _chosen(shop: Shop, entry: Input) -> list[Chosen]:
    row = rows.find(shop, entry["fulfillmentOrderId"])
    if not isinstance(row, FulfillmentOrder):
        raise refuse("Fulfillment order does not exist.", "fulfillment")
    if row.status not in {"OPEN", "IN_PROGRESS"}:
        number = row.id
        raise refuse(f"Fulfillment order {number} has an unfulfillable status= {row.status.lower()}.", "fulfillment")
    if not entry.get("fulfillmentOrderLineItems"):
        return [(row, line, line.remaining_quantity) for line in row.lines if line.remaining_quantity]
    by_id = {gid("FulfillmentOrderLineItem", line.id): line for line in row.lines}
    found: list[Chosen] = []
    for wanted in entry["fulfillmentOrderLineItems"]:
        line = by_id.get(wanted["id"])
        if line is None or not 0 < wanted["quantity"] <= line.remaining_quantity:
            raise refuse("Invalid fulfillment order line item quantity requested.", "fulfillment")
        found.append((row, line, wanted["quantity"]))
    return found


def tracking_of(info: Input | None) -> tuple[Mapping[str, str | None], ...]:
    """Read what is said about where the parcel is."""
    if not info:
        return ()
    numbers = info.get("numbers") or [info.get("number")]
    urls = [*(info.get("urls") or [info.get("url")]), *([None] * len(numbers))]
    return tuple(
        {"company": info.get("company"), "number": number, "url": url}
        for number, url in zip(numbers, urls, strict=False)
    )


def fulfil(shop: Shop, chosen: Sequence[Chosen], tracking: tuple[Mapping[str, str | None], ...] = ()) -> Fulfillment:
    """Send goods: on_hand and committed fall."""
    first = chosen[0][0]
    order, now = shop.orders[first.order_id], shop.now()
    sent: list[FulfillmentLineItem] = []
    for row, line, quantity in chosen:
        line.remaining_quantity -= quantity
        item = _line(order, line.line_id)
        item.fulfilled += quantity
        _ship(shop, item, row.location_id, quantity)
        sent.append(FulfillmentLineItem(shop.numbers.next("FulfillmentLineItem"), order.id, line.line_id, quantity))
        row.status = "CLOSED" if not any(one.remaining_quantity for one in row.lines) else "IN_PROGRESS"
        row.updated_at = now
    number = shop.numbers.next("Fulfillment")
    numbers = tuple(dict.fromkeys(one[0].id for one in chosen))
    name = f"{order.name}.{len(order.fulfillment_ids) + 1}"
    made = Fulfillment(number, order.id, first.location_id, name, now, now, tuple(sent), numbers, tracking)
    shop.fulfillments[number] = made
    order.fulfillment_ids.append(number)
    for fulfillment_order in numbers:
        shop.fulfillment_orders[fulfillment_order].fulfillment_ids.append(number)
    emit(shop, "FULFILLMENTS_CREATE", lambda: payloads.fulfillment(made))
    done = not any(line.unfulfilled_quantity for line in order.lines)
    order_changed(shop, order, "ORDERS_FULFILLED" if done else "ORDERS_PARTIALLY_FULFILLED")
    return made


def fulfil_all(shop: Shop, order: Order) -> list[Fulfillment]:
    """Send all that is left of an order, a parcel per location."""
    made = []
    for number in order.fulfillment_order_ids:
        row = shop.fulfillment_orders[number]
        chosen = [(row, line, line.remaining_quantity) for line in row.lines if line.remaining_quantity]
        if chosen and row.status in {"OPEN", "IN_PROGRESS"}:
            made.append(fulfil(shop, chosen))
    return made


def fulfil_some(shop: Shop, order: Order, units: Mapping[int, int], location_id: int | None) -> list[Fulfillment]:
    """Send units of lines, by hand, a parcel per location: from one of them, or from where they wait."""
    left, made = dict(units), []
    for number in order.fulfillment_order_ids:
        row = shop.fulfillment_orders[number]
        if row.status not in {"OPEN", "IN_PROGRESS"} or location_id not in {None, row.location_id}:
            continue
        chosen: list[Chosen] = []
        for line in row.lines:
            count = min(left.get(line.line_id, 0), line.remaining_quantity)
            if count:
                left[line.line_id] -= count
                chosen.append((row, line, count))
        if chosen:
            made.append(fulfil(shop, chosen))
    return made


def write_off(shop: Shop, order: Order) -> None:
    """Let go of what was kept for an order without making it available again."""
    for number in order.fulfillment_order_ids:
        row = shop.fulfillment_orders[number]
        for line in row.lines:
            _ship(shop, _line(order, line.line_id), row.location_id, line.remaining_quantity)
            line.remaining_quantity = 0


def _line(order: Order, line_id: int) -> LineItem:
    line = order.line(line_id)
    if line is None:
        raise LookupError(f"order {order.name} has no line {line_id}")
    return line


def _ship(shop: Shop, line: LineItem, location_id: int, quantity: int) -> None:
    variant = shop.variants.get(line.variant_id or 0)
    level = shop.levels.get((variant.item_id, location_id)) if variant else None
    if level is not None and shop.items[level.item_id].tracked:
        move(shop, level, committed=-quantity)


# --- fields -----------------------------------------------------------------------------------------------------------


@resolver("FulfillmentOrder", "Fulfillment")
def order(row: FulfillmentOrder | Fulfillment, context: Context) -> Order:
    return context.shop.orders[row.order_id]


@fo_field
def order_id(row: FulfillmentOrder, _context: Context) -> str:
    return gid("Order", row.order_id)


@fo_field
def order_name(row: FulfillmentOrder, context: Context) -> str:
    return order(row, context).name


@fo_field
def order_processed_at(row: FulfillmentOrder, context: Context) -> object:
    return order(row, context).processed_at


@fo_field
def fulfill_at(row: FulfillmentOrder, _context: Context) -> object:
    return row.created_at


@fo_field
def assigned_location(row: FulfillmentOrder, context: Context) -> object:
    place = context.shop.locations[row.location_id]
    return {
        "location": place, "name": place.name, "address1": "1 Main Street", "address2": None, "city": "New York",
        "countryCode": "US", "phone": None, "province": "New York", "zip": "10001",
    }  # fmt: skip


@fo_field
def line_items(row: FulfillmentOrder, context: Context, **page: object) -> object:
    return connect(context, row.lines, in_order(row.lines), page)


@fo_field
def fulfillments(row: FulfillmentOrder, context: Context, **page: object) -> object:
    found = [context.shop.fulfillments[number] for number in row.fulfillment_ids]
    return connect(context, found, in_order(found), page)


@fo_field
def fulfillment_holds(_row: FulfillmentOrder, _context: Context) -> list[object]:
    return []


@fo_field
def supported_actions(row: FulfillmentOrder, _context: Context) -> list[object]:
    actions = ("CREATE_FULFILLMENT", "HOLD", "MOVE") if row.status in {"OPEN", "IN_PROGRESS"} else ()
    return [{"action": action, "externalUrl": None} for action in actions]


def _item(row: FulfillmentOrderLineItem, context: Context) -> LineItem:
    order = context.shop.orders[context.shop.fulfillment_orders[row.fulfillment_order_id].order_id]
    return _line(order, row.line_id)


@fo_line_field
def line_item(row: FulfillmentOrderLineItem, context: Context) -> LineItem:
    return _item(row, context)


@fo_line_field
def variant(row: FulfillmentOrderLineItem, context: Context) -> ProductVariant | None:
    return context.shop.variants.get(_item(row, context).variant_id or 0)


@fo_line_field
def sku(row: FulfillmentOrderLineItem, context: Context) -> str | None:
    return _item(row, context).sku


@fo_line_field
def product_title(row: FulfillmentOrderLineItem, context: Context) -> str:
    return _item(row, context).title


@fo_line_field
def variant_title(row: FulfillmentOrderLineItem, context: Context) -> str | None:
    return _item(row, context).variant_title


@fo_line_field
def requires_shipping(row: FulfillmentOrderLineItem, context: Context) -> bool:
    return _item(row, context).requires_shipping


@fo_line_field
def inventory_item_id(row: FulfillmentOrderLineItem, context: Context) -> str | None:
    found = variant(row, context)
    return gid("InventoryItem", found.item_id) if found else None


@parcel_field
def location(row: Fulfillment, context: Context) -> object:
    return context.shop.locations[row.location_id]


@parcel_field
def display_status(_row: Fulfillment, _context: Context) -> str:
    return "FULFILLED"


@parcel_field
def tracking_info(row: Fulfillment, _context: Context, first: int | None = None) -> object:
    return row.tracking[:first]


@parcel_field
def fulfillment_line_items(row: Fulfillment, context: Context, **page: object) -> object:
    return connect(context, row.lines, in_order(row.lines), page)


@parcel_field
def fulfillment_orders(row: Fulfillment, context: Context, **page: object) -> object:
    found = [context.shop.fulfillment_orders[number] for number in row.fulfillment_order_ids]
    return connect(context, found, in_order(found), page)


@resolver("Fulfillment", name="requiresShipping")
def parcel_requires_shipping(_row: Fulfillment, _context: Context) -> bool:
    return True


@resolver("FulfillmentLineItem", name="lineItem")
def sent_line(row: FulfillmentLineItem, context: Context) -> LineItem:
    return _line(context.shop.orders[row.order_id], row.line_id)
