"""Orders and refunds as the API writes them (facts/woocommerce.md, "Orders" and "Refunds")."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce import meta
from sandbox.woocommerce.dates import both
from sandbox.woocommerce.sales.model import NOTHING, Charge, CouponLine, Line, Order, Refund
from sandbox.woocommerce.sales.totals import TAX_RATE_ID, rate_code
from sandbox.woocommerce.settings import WOOCOMMERCE_VERSION
from sandbox.woocommerce.shop import Shop

_ADDRESS = ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country")
_UNPAID = frozenset({"pending", "failed", "checkout-draft"})
_EDITABLE = frozenset({"pending", "on-hold", "auto-draft", "checkout-draft"})


def order_as_json(shop: Shop, order: Order, places: int = 2) -> JsonObject:
    """Write an order; `places` only pads the amounts."""
    zone = shop.settings.time_zone
    return {
        "id": order.id,
        "parent_id": order.parent_id,
        "status": order.status,
        "currency": order.currency,
        "version": WOOCOMMERCE_VERSION,
        "prices_include_tax": shop.settings.prices_include_tax,
        **both("date_created", order.created, zone),
        **both("date_modified", order.modified, zone),
        **_sums(order, places),
        "customer_id": order.customer_id,
        "order_key": order.order_key,
        "billing": {**dict.fromkeys((*_ADDRESS, "email", "phone"), ""), **order.billing},
        "shipping": {**dict.fromkeys((*_ADDRESS, "phone"), ""), **order.shipping},
        "payment_method": order.payment_method,
        "payment_method_title": order.payment_method_title,
        "transaction_id": order.transaction_id,
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": order.created_via,
        "customer_note": order.customer_note,
        **both("date_completed", order.completed, zone),
        **both("date_paid", order.paid, zone),
        "cart_hash": "",
        "number": order.number,
        "meta_data": meta.as_json(order.meta),
        "line_items": [_line(shop, line, places) for line in order.lines],
        "tax_lines": _tax_lines(shop, order, places),
        "shipping_lines": [_charge(charge, places, "method_title") for charge in order.shipping_lines],
        "fee_lines": [_charge(charge, places, "name") for charge in order.fee_lines],
        "coupon_lines": [_coupon(coupon, places) for coupon in order.coupon_lines],
        "refunds": [_summary(refund, places) for refund in order.refunds],
        "payment_url": f"{shop.home_url}/checkout/order-pay/{order.id}/?pay_for_order=true&key={order.order_key}",
        "is_editable": order.status in _EDITABLE,
        "needs_payment": order.status in _UNPAID and order.total > 0,
        "needs_processing": bool(order.lines),
        "_links": _links(shop, f"orders/{order.id}", "orders"),
    }


def _sums(order: Order, places: int) -> JsonObject:
    discount = sum((coupon.discount for coupon in order.coupon_lines), NOTHING)
    discount_tax = sum((coupon.discount_tax for coupon in order.coupon_lines), NOTHING)
    shipping = sum((charge.total for charge in order.shipping_lines), NOTHING)
    shipping_tax = sum((charge.total_tax for charge in order.shipping_lines), NOTHING)
    sums = {
        "discount_total": discount,
        "discount_tax": discount_tax,
        "shipping_total": shipping,
        "shipping_tax": shipping_tax,
        "cart_tax": order.total_tax - shipping_tax,
        "total": order.total,
        "total_tax": order.total_tax,
    }
    return {name: _text(value, places) for name, value in sums.items()}


def _text(value: Decimal, places: int) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def _line(shop: Shop, line: Line, places: int) -> JsonObject:
    image = shop.images.get(line.image_id)
    return {
        "id": line.id,
        "name": line.name,
        "product_id": line.product_id,
        "variation_id": line.variation_id,
        "quantity": line.quantity,
        "tax_class": line.tax_class,
        "subtotal": _text(line.subtotal, places),
        "subtotal_tax": _text(line.subtotal_tax, places),
        "total": _text(line.total, places),
        "total_tax": _text(line.total_tax, places),
        "taxes": _taxes(line.total_tax, line.subtotal_tax),
        "meta_data": [{**row.as_json(), "display_key": row.key, "display_value": str(row.value)} for row in line.meta],
        "sku": line.sku or None,
        "global_unique_id": "",
        "price": float(line.total / line.quantity) if line.quantity else 0,
        "image": {"id": image.id if image else "", "src": f"{shop.home_url}{image.path}" if image else ""},
        "parent_name": None,
    }


def _taxes(total: Decimal, subtotal: Decimal | None = None) -> list[JsonValue]:
    if not total and not subtotal:
        return []
    entry: JsonObject = {"id": TAX_RATE_ID, "total": str(total)}
    return [entry if subtotal is None else {**entry, "subtotal": str(subtotal)}]


def _tax_lines(shop: Shop, order: Order, places: int) -> list[JsonValue]:
    if shop.settings.tax_percent is None or not order.total_tax:
        return []
    shipping = sum((charge.total_tax for charge in order.shipping_lines), NOTHING)
    return [
        {
            "id": order.id * 10,
            "rate_code": rate_code(shop),
            "rate_id": TAX_RATE_ID,
            "label": "Tax",
            "compound": False,
            "tax_total": _text(order.total_tax - shipping, places),
            "shipping_tax_total": _text(shipping, places),
            "rate_percent": float(shop.settings.tax_percent),
            "meta_data": [],
        }
    ]


def _charge(charge: Charge, places: int, title: str) -> JsonObject:
    kind: JsonObject = (
        {"method_id": charge.method_id, "instance_id": ""}
        if title == "method_title"
        else {"tax_class": "", "tax_status": "taxable" if charge.taxable else "none", "amount": str(charge.total)}
    )
    return {
        "id": charge.id,
        title: charge.title,
        **kind,
        "total": _text(charge.total, places),
        "total_tax": _text(charge.total_tax, places),
        "taxes": _taxes(charge.total_tax),
        "meta_data": meta.as_json(charge.meta),
    }


def _coupon(coupon: CouponLine, places: int) -> JsonObject:
    return {
        "id": coupon.id,
        "code": coupon.code,
        "discount": _text(coupon.discount, places),
        "discount_tax": _text(coupon.discount_tax, places),
        "meta_data": [],
        "discount_type": "percent",
        "nominal_amount": float(coupon.percent),
        "free_shipping": False,
    }


def _summary(refund: Refund, places: int) -> JsonObject:
    return {"id": refund.id, "reason": refund.reason, "total": _text(-refund.amount, places)}


def refund_as_json(shop: Shop, refund: Refund, places: int = 2) -> JsonObject:
    """Write a refund; its lines are negative and name the order's lines in ``_refunded_item_id``."""
    collection = f"orders/{refund.order_id}/refunds"
    return {
        "id": refund.id,
        "parent_id": refund.order_id,
        **both("date_created", refund.created, shop.settings.time_zone),
        "amount": _text(refund.amount, places),
        "reason": refund.reason,
        "refunded_by": refund.refunded_by,
        "refunded_payment": refund.refunded_payment,
        "meta_data": meta.as_json(refund.meta),
        "line_items": [_refunded_line(shop, line, places) for line in refund.lines],
        "shipping_lines": [_charge(charge, places, "method_title") for charge in refund.shipping_lines],
        "tax_lines": [],
        "fee_lines": [_charge(charge, places, "name") for charge in refund.fee_lines],
        "_links": {
            **_links(shop, f"{collection}/{refund.id}", collection),
            "up": _hrefs(shop, [f"orders/{refund.order_id}"]),
        },
    }


def _refunded_line(shop: Shop, line: Line, places: int) -> JsonObject:
    body = _line(shop, line, places)
    return {**body, "refund_total": float(-line.total), "sku": line.sku}


def _links(shop: Shop, own: str, collection: str) -> JsonObject:
    return {"self": _hrefs(shop, [own]), "collection": _hrefs(shop, [collection])}


def _hrefs(shop: Shop, paths: Iterable[str]) -> list[JsonValue]:
    return [{"href": f"{shop.home_url}/wp-json/wc/v3/{path}"} for path in paths]
