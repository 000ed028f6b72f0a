"""Orders as the API writes them, with the quirks of its rows (facts/magento.md, section 5)."""

from decimal import Decimal
from typing import Any

from sandbox.magento.catalogue.product_json import number
from sandbox.magento.dates import written
from sandbox.magento.sales.model import NOTHING, Address, Comment, Line, Order
from sandbox.magento.shop import Shop

_ADDRESS = (
    "city", "company", "country_id", "email", "fax", "firstname", "lastname", "middlename", "postcode", "prefix",
    "region", "region_code", "region_id", "suffix", "telephone", "vat_id",
)  # fmt: skip


def money(amount: Decimal) -> float:
    return number(float(amount))


def both(name: str, amount: Decimal) -> dict[str, float]:
    """Write money in the order's and the base currency; this shop has one."""
    return {f"base_{name}": money(amount), name: money(amount)}


def order_as_json(shop: Shop, order: Order) -> dict[str, Any]:
    """Write an order."""
    currency = shop.settings.currency
    codes = ("base_currency_code", "global_currency_code", "order_currency_code", "store_currency_code")
    rates = ("base_to_global_rate", "base_to_order_rate", "store_to_base_rate", "store_to_order_rate")
    body: dict[str, Any] = {
        "entity_id": order.id,
        "increment_id": order.number,
        "created_at": written(order.created),
        "updated_at": written(order.updated),
        "state": order.state,
        "status": order.status,
        "store_id": order.store_id,
        "store_name": f"Main Website\nMain Website Store\n{_view_name(shop, order.store_id)}",
        **dict.fromkeys(codes, currency),
        **dict.fromkeys(rates, 1),
        **_customer(shop, order),
        **_totals(order),
        "is_virtual": 0,
        "quote_id": order.id,
        "protect_code": f"{order.id:032x}",
        "shipping_description": "Flat Rate - Fixed",
        "total_item_count": len(order.priced),
        "total_qty_ordered": sum(line.ordered for line in order.priced),
        "weight": number(sum(line.weight * line.ordered for line in order.priced)),
        "items": [line_as_json(order, line) for line in order.lines],
        "billing_address": _address(order, order.billing, "billing"),
        "payment": _payment(order),
        "status_histories": [comment_as_json(order, comment) for comment in reversed(order.comments)],
        "extension_attributes": _extension(order),
    }
    if order.ext_order_id is not None:
        body["ext_order_id"] = order.ext_order_id
    if order.discount_description:
        body["discount_description"] = order.discount_description
    return {**body, **order.more}


def _view_name(shop: Shop, store_id: int) -> str:
    return next((view.name for view in shop.settings.views if view.id == store_id), "")


def _customer(shop: Shop, order: Order) -> dict[str, Any]:
    customer = shop.customers.get(order.customer_id or 0)
    if customer is None:
        return {
            "customer_email": order.email,
            "customer_is_guest": 1,
            "customer_group_id": 0,
            "customer_note_notify": 1,
        }
    names = {f"customer_{name}": customer.fields.get(name) for name in ("firstname", "lastname")}
    return {"customer_id": customer.id, "customer_email": customer.email, "customer_is_guest": 0,
            "customer_group_id": customer.fields.get("group_id", 1), "customer_note_notify": 1, **names}  # fmt: skip


def _totals(order: Order) -> dict[str, float]:
    amounts = {
        "grand_total": order.total,
        "subtotal": order.subtotal,
        "subtotal_incl_tax": sum((line.price_incl_tax * line.ordered for line in order.priced), NOTHING),
        "discount_amount": -order.discount,
        "tax_amount": order.tax,
        "shipping_amount": order.shipping,
        "shipping_incl_tax": order.shipping + order.shipping_tax,
        "shipping_tax_amount": order.shipping_tax,
        "shipping_discount_amount": NOTHING,
        "discount_tax_compensation_amount": NOTHING,
        "total_due": order.total - order.paid,
    }
    if order.paid:
        amounts |= {"total_paid": order.paid, "total_invoiced": order.paid, "shipping_invoiced": order.shipping}
    if order.refunded:
        amounts |= {"total_refunded": order.refunded, "total_offline_refunded": order.refunded,
                    "shipping_refunded": order.refunded_shipping}  # fmt: skip
    if order.state == "canceled":
        amounts |= {"total_canceled": order.total, "subtotal_canceled": order.subtotal}
    return {name: value for total, amount in amounts.items() for name, value in both(total, amount).items()}


def line_as_json(order: Order, line: Line, *, nested: bool = False) -> dict[str, Any]:
    """Write a row; its total is net of the discount here, unlike the order's subtotal."""
    net = max(NOTHING, line.total - line.discount)
    body: dict[str, Any] = {
        "item_id": line.id,
        "order_id": line.order_id,
        "product_id": line.product_id,
        "product_type": line.product_type,
        "sku": line.sku,
        "name": line.name,
        "created_at": written(line.created),
        "updated_at": written(line.updated),
        "store_id": order.store_id,
        "qty_ordered": line.ordered,
        "qty_invoiced": line.invoiced,
        "qty_shipped": line.shipped,
        "qty_refunded": line.refunded,
        "qty_canceled": line.canceled,
        **both("price", line.price),
        **both("price_incl_tax", line.price_incl_tax),
        **both("original_price", line.original_price),
        **both("discount_amount", line.discount),
        "discount_percent": money(line.discount * 100 / line.total) if line.total else 0,
        **both("tax_amount", line.tax),
        "tax_percent": money(line.tax_percent),
        **both("row_total", net),
        **both("row_total_incl_tax", net + line.tax),
        **both("row_invoiced", line.share(line.total, line.invoiced)),
        **both("discount_tax_compensation_amount", NOTHING),
        **both("amount_refunded", line.share(line.total, line.refunded)),
        "base_cost": None,
        "weight": number(line.weight),
        "row_weight": number(line.weight * line.ordered),
        "quote_item_id": line.id,
        "is_virtual": 0,
        "is_qty_decimal": 0,
        "free_shipping": 0,
        "no_discount": 0,
    }
    if line.options and line.parent_id is None:
        body["product_option"] = {"extension_attributes": {"configurable_item_options": line.options}}
    parent = order.line(line.parent_id) if line.parent_id else None
    if parent is not None:
        body["parent_item_id"] = parent.id
        if not nested:
            body["parent_item"] = line_as_json(order, parent, nested=True)
    return body


def _address(order: Order, address: Address, kind: str) -> dict[str, Any]:
    shown = {name: address[name] for name in _ADDRESS if address.get(name) not in (None, "")}
    return {
        "address_type": kind,
        "email": order.email,
        **shown,
        "street": list(address.get("street") or []),
        "entity_id": order.id * 2 - (kind == "shipping"),
        "parent_id": order.id,
    }


def _payment(order: Order) -> dict[str, Any]:
    paid = both("amount_paid", order.paid) if order.paid else {}
    return {
        "account_status": None,
        "additional_information": ["Check / Money order"],
        **both("amount_ordered", order.total),
        **paid,
        **both("shipping_amount", order.shipping),
        "cc_last4": None,
        "entity_id": order.id,
        "method": order.payment_method,
        "parent_id": order.id,
    }


def comment_as_json(order: Order, comment: Comment) -> dict[str, Any]:
    return {
        "comment": comment.text,
        "created_at": written(comment.created),
        "entity_id": comment.id,
        "entity_name": "order",
        "is_customer_notified": comment.notified,
        "is_visible_on_front": comment.visible,
        "parent_id": order.id,
        "status": comment.status,
    }


def _extension(order: Order) -> dict[str, Any]:
    shipping = {
        "address": _address(order, order.shipping_address, "shipping"),
        "method": "flatrate_flatrate",
        "total": {**both("shipping_amount", order.shipping), **both("shipping_tax_amount", order.shipping_tax)},
    }
    rows = [line_as_json(order, line) for line in order.lines]
    body: dict[str, Any] = {
        "shipping_assignments": [{"shipping": shipping, "items": rows}],
        "payment_additional_info": [{"key": "method_title", "value": "Check / Money order"}],
        "applied_taxes": _taxes(order),
        "item_applied_taxes": [],
    }
    if order.tax:
        body["converting_from_quote"] = True
    if order.pickup_location is not None:
        body["pickup_location_code"] = order.pickup_location
    return body


def _taxes(order: Order) -> list[dict[str, Any]]:
    percent = next((line.tax_percent for line in order.priced if line.tax_percent), NOTHING)
    if not order.tax:
        return []
    rate = {"code": "Tax", "title": "Tax", "percent": money(percent)}
    return [{**rate, **both("amount", order.tax), "extension_attributes": {"rates": [rate]}}]
