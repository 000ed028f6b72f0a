"""Orders as v2 writes them: money as text with four decimals, dates of RFC 2822 (orders.v2 spec)."""

from collections.abc import Callable, Collection
from decimal import Decimal

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.sales.model import COMPLETED, PARTIALLY_REFUNDED, REFUNDED, SHIPPED, STATUSES, Line, Order
from sandbox.bigcommerce.sales.totals import both, money
from sandbox.bigcommerce.shop import Shop
from sandbox.common.json_types import JsonObject, JsonValue

_ADDRESS = (
    "first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip", "country", "country_iso2",
    "phone", "email",
)  # fmt: skip
_NOTHING = "0.0000"


def order_as_json(shop: Shop, order: Order, include: Collection[str] = ()) -> JsonObject:
    """Write an order; its parts are links, unless ``include`` names them."""
    return {
        "id": order.id,
        "customer_id": order.customer_id,
        "date_created": dates.rfc2822(order.created),
        "date_modified": dates.rfc2822(order.modified),
        "date_shipped": dates.rfc2822(order.date_shipped),
        "status_id": order.status_id,
        "status": STATUSES[order.status_id],
        **_sums(order),
        **_state(shop, order),
        **_currency(shop),
        **_origin(order),
        "billing_address": {**address_as_json(order.billing), "form_fields": []},
        "products": _link(shop, order, "products"),
        "shipping_addresses": _link(shop, order, "shipping_addresses"),
        "coupons": _link(shop, order, "coupons"),
        "consignments": _consignments(shop, order, include),
        "fees": fees(shop, order) if "fees" in include else _link(shop, order, "fees"),
    }


def _sums(order: Order) -> JsonObject:
    sums = order.totals
    return {
        "subtotal_ex_tax": money(sums.subtotal_ex_tax),
        "subtotal_inc_tax": money(sums.subtotal_inc_tax),
        "subtotal_tax": money(sums.subtotal_inc_tax - sums.subtotal_ex_tax),
        "base_shipping_cost": money(order.shipping_cost),
        "shipping_cost_ex_tax": money(sums.shipping_ex_tax),
        "shipping_cost_inc_tax": money(sums.shipping_inc_tax),
        "shipping_cost_tax": money(sums.shipping_inc_tax - sums.shipping_ex_tax),
        "shipping_cost_tax_class_id": 2,
        **{
            f"{kind}{suffix}": _NOTHING
            for kind in ("handling_cost", "wrapping_cost")
            for suffix in ("_ex_tax", "_inc_tax", "_tax")
        },
        "base_handling_cost": _NOTHING,
        "base_wrapping_cost": _NOTHING,
        "handling_cost_tax_class_id": 2,
        "wrapping_cost_tax_class_id": 3,
        "total_ex_tax": money(sums.total_ex_tax),
        "total_inc_tax": money(sums.total_inc_tax),
        "total_tax": money(sums.total_inc_tax - sums.total_ex_tax),
        "discount_amount": _NOTHING,
        "coupon_discount": money(sums.discount),
        "refunded_amount": _NOTHING,
        "store_credit_amount": _NOTHING,
        "gift_certificate_amount": _NOTHING,
    }


def _state(shop: Shop, order: Order) -> JsonObject:
    return {
        "items_total": sum(line.quantity for line in order.lines),
        "items_shipped": sum(line.shipped for line in order.lines),
        "order_is_digital": False,
        "is_deleted": order.deleted,
        "is_tax_inclusive_pricing": shop.settings.prices_include_tax,
        "is_email_opt_in": order.email_opt_in,
        "payment_method": order.payment_method,
        "payment_provider_id": "",
        "payment_status": payment_status(order),
        "shipping_address_count": 1,
        "channel_id": 1,
    }


def payment_status(order: Order) -> str:
    """Tell what became of the money; empty for what is paid by hand."""
    if order.status_id == REFUNDED:
        return "refunded"
    if order.status_id == PARTIALLY_REFUNDED:
        return "partially refunded"
    return "captured" if order.paid else "paid" if order.status_id in {SHIPPED, COMPLETED} else ""


def _currency(shop: Shop) -> JsonObject:
    code = shop.settings.currency
    return {
        "currency_id": 1,
        "currency_code": code,
        "currency_exchange_rate": "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": code,
        "store_default_currency_code": code,
        "store_default_to_transactional_exchange_rate": "1.0000000000",
    }


def _origin(order: Order) -> JsonObject:
    empty: JsonObject = {
        "external_source": None,
        "external_id": None,
        "external_merchant_id": None,
        "external_order_id": "",
        "customer_message": "",
        "staff_notes": "",
        "cart_id": "",
        "ip_address": "",
        "ip_address_v6": "",
        "geoip_country": "",
        "geoip_country_iso2": "",
        "ebay_order_id": "0",
        "tax_provider_id": "BasicTaxProvider",
        "customer_locale": "en",
    }
    return {**empty, **order.values, "order_source": order.source}


def address_as_json(address: object) -> JsonObject:
    """Write an address, all of its parts."""
    parts = address if isinstance(address, dict) else {}
    return {name: parts.get(name, "") for name in _ADDRESS}


def _link(shop: Shop, order: Order, part: str) -> JsonObject:
    resource = f"/orders/{order.id}/{part}"
    return {"url": f"{shop.home_url}/stores/{shop.settings.store_hash}/v2{resource}", "resource": resource}


def line_as_json(order: Order, line: Line) -> JsonObject:
    """Write a line; its amount refunded is always nought, as on real stores."""
    total_ex, total_inc = line.price_ex_tax * line.quantity, line.price_inc_tax * line.quantity
    return {
        "id": line.id,
        "order_id": order.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "order_pickup_method_id": 0,
        "order_address_id": order.address_id,
        "name": line.name,
        "name_customer": line.name,
        "name_merchant": line.name,
        "sku": line.sku,
        "upc": "",
        "type": "physical",
        "base_price": money(line.price_ex_tax),
        "price_ex_tax": money(line.price_ex_tax),
        "price_inc_tax": money(line.price_inc_tax),
        "price_tax": money(line.price_inc_tax - line.price_ex_tax),
        "base_total": money(total_ex),
        "total_ex_tax": money(total_ex),
        "total_inc_tax": money(total_inc),
        "total_tax": money(total_inc - total_ex),
        "discounted_total_inc_tax": money(total_inc - line.discount),
        "quantity": line.quantity,
        "quantity_shipped": line.shipped,
        "quantity_refunded": line.refunded,
        "is_refunded": line.refunded >= line.quantity,
        "refund_amount": _NOTHING,
        "return_id": 0,
        "base_cost_price": _NOTHING,
        "cost_price_inc_tax": _NOTHING,
        "cost_price_ex_tax": _NOTHING,
        "cost_price_tax": _NOTHING,
        "weight": _NOTHING,
        "width": _NOTHING,
        "height": _NOTHING,
        "depth": _NOTHING,
        "wrapping_id": 0,
        "wrapping_name": None,
        "wrapping_message": "",
        "base_wrapping_cost": _NOTHING,
        "wrapping_cost_ex_tax": _NOTHING,
        "wrapping_cost_inc_tax": _NOTHING,
        "wrapping_cost_tax": _NOTHING,
        "event_name": None,
        "event_date": None,
        "fixed_shipping_cost": _NOTHING,
        "ebay_item_id": "",
        "ebay_transaction_id": "",
        "option_set_id": None,
        "parent_order_product_id": None,
        "is_bundled_product": False,
        "bin_picking_number": "",
        "external_id": None,
        "brand": "",
        "gift_certificate_id": None,
        "applied_discounts": _discounts(order, line),
        "product_options": [{**row, "order_product_id": line.id} for row in line.options],
        "configurable_fields": [],
    }


def _discounts(order: Order, line: Line) -> list[JsonValue]:
    if not line.discount:
        return []
    row: JsonObject = {
        "id": "coupon",
        "amount": money(line.discount),
        "name": "",
        "code": order.coupon,
        "target": "order",
    }
    return [row]


def _consignments(shop: Shop, order: Order, include: Collection[str]) -> JsonValue:
    if "consignments" not in include and "consignments.line_items" not in include:
        return _link(shop, order, "consignments")
    return consignments(shop, order, lines="consignments.line_items" in include)


def consignments(shop: Shop, order: Order, *, lines: bool) -> JsonObject:
    """Write where an order goes to, with its lines or links to them."""
    shipping: JsonObject = {
        "id": order.address_id,
        **address_as_json(order.shipping),
        "form_fields": [],
        "line_items": _lines_of(shop, order, 0, lines=lines),
        **_delivery(shop, order, float),
    }
    pickups: list[JsonValue] = [
        _pickup(shop, order, place, lines=lines)
        for place in dict.fromkeys(line.pickup_at for line in order.lines if line.pickup_at)
    ]
    sent = [shipping] if not pickups or any(not line.pickup_at for line in order.lines) else []
    return {"pickups": pickups, "shipping": [*sent], "downloads": [], "email": {"gift_certificates": []}}


def _lines_of(shop: Shop, order: Order, place: int, *, lines: bool) -> list[JsonValue]:
    if not lines:
        return [_link(shop, order, "products")]
    return [line_as_json(order, line) for line in order.lines if line.pickup_at == place]


def _pickup(shop: Shop, order: Order, place: int, *, lines: bool) -> JsonObject:
    """Write what is fetched at one location."""
    location = shop.locations[place]
    return {
        "id": order.address_id + place,
        "pickup_method_id": place,
        "pickup_method_display_name": "Pick up",
        "collection_instructions": "",
        "collection_time_description": "",
        "location": {"id": location.id, "name": location.label, "code": location.code},
        "line_items": _lines_of(shop, order, place, lines=lines),
    }


def _delivery(shop: Shop, order: Order, write: Callable[[Decimal], JsonValue]) -> JsonObject:
    ex_tax, inc_tax = both(shop, order.shipping_cost)
    nothing = write(Decimal(0))
    return {
        "items_total": sum(line.quantity for line in order.lines),
        "items_shipped": sum(line.shipped for line in order.lines),
        "shipping_method": "Flat rate",
        "base_cost": write(order.shipping_cost),
        "cost_ex_tax": write(ex_tax),
        "cost_inc_tax": write(inc_tax),
        "cost_tax": write(inc_tax - ex_tax),
        "cost_tax_class_id": 2,
        "base_handling_cost": nothing,
        "handling_cost_ex_tax": nothing,
        "handling_cost_inc_tax": nothing,
        "handling_cost_tax": nothing,
        "handling_cost_tax_class_id": 2,
        "shipping_zone_id": 1,
        "shipping_zone_name": "",
        "shipping_quotes": _link(shop, order, f"shipping_addresses/{order.address_id}/shipping_quotes"),
    }


def shipping_address(shop: Shop, order: Order) -> JsonObject:
    """Write the address of an order as its own resource."""
    head: JsonObject = {"id": order.address_id, "order_id": order.id, "form_fields": []}
    return {**head, **address_as_json(order.shipping), **_delivery(shop, order, money)}


def _fee(shop: Shop, order: Order, place: int) -> JsonObject:
    fee = order.fees[place]
    ex_tax, inc_tax = both(shop, fee.cost)
    return {
        "id": fee.id,
        "type": "custom_fee",
        "display_name_customer": fee.name,
        "display_name_merchant": fee.name,
        "source": "",
        "base_cost": money(fee.cost),
        "cost_ex_tax": money(ex_tax),
        "cost_inc_tax": money(inc_tax),
        "cost_tax": money(inc_tax - ex_tax),
        "tax_class_id": None,
    }


def fees(shop: Shop, order: Order) -> list[JsonValue]:
    """Write the fees of an order."""
    return [_fee(shop, order, place) for place in range(len(order.fees))]
