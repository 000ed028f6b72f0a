"""The arguments that write orders, refunds, notes, customers and web hooks."""

from sandbox.woocommerce.currencies import CODES
from sandbox.woocommerce.web.arguments.goods import META
from sandbox.woocommerce.web.schema import Arg, Args, anything, choice, flag, listing, record, text, whole

_TAXES = listing(record(id=whole(), subtotal=text(), total=text()))
_PLACE = dict.fromkeys(
    ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country"), text()
)
_BILLING = record(**_PLACE, phone=text(), email=Arg(type=("string", "null"), format="email"))
_FEES = listing(
    record(
        id=whole(), name=anything(), tax_class=text(), tax_status=choice("taxable", "none"), total=text(),
        total_tax=text(), taxes=_TAXES, meta_data=META,
    )
)  # fmt: skip
_SHIPPING_LINES = listing(
    record(
        id=whole(), method_id=anything(), method_title=anything(), instance_id=text(), total=text(), total_tax=text(),
        taxes=listing(record(id=whole(), total=text())), meta_data=META,
    )
)  # fmt: skip
_LINES = listing(
    record(
        id=whole(), name=anything(), parent_name=text(), product_id=anything(), variation_id=whole(), quantity=whole(),
        sku=text(), price=Arg(type="number"), tax_class=text(), subtotal=text(), subtotal_tax=text(), total=text(),
        total_tax=text(), taxes=_TAXES, image=record(id=whole(), src=text(form="uri")),
        meta_data=listing(
            record(id=whole(), key=text(), value=anything(), display_key=text(), display_value=text())
        ),
    )
)  # fmt: skip
_COUPONS = listing(
    record(
        id=whole(), code=anything(), discount=text(), discount_tax=text(), discount_type=text(),
        nominal_amount=Arg(type="number"), free_shipping=flag(), meta_data=META,
    )
)  # fmt: skip
STATUSES = (
    "auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft",
)  # fmt: skip
ORDER: Args = {
    "billing": _BILLING,
    "coupon_lines": _COUPONS,
    "created_via": text(),
    "currency": choice(*CODES, default="USD"),
    "customer_id": whole(default=0),
    "customer_note": text(),
    "fee_lines": _FEES,
    "line_items": _LINES,
    "manual_update": flag(default=False),
    "meta_data": META,
    "parent_id": whole(),
    "payment_method": text(),
    "payment_method_title": text(),
    "set_paid": flag(default=False),
    "shipping": record(**_PLACE),
    "shipping_lines": _SHIPPING_LINES,
    "status": choice(*STATUSES, default="pending"),
    "transaction_id": text(),
}
REFUND: Args = {
    "order_id": whole(),
    "amount": text(),
    "reason": text(),
    "refunded_by": whole(),
    "api_refund": flag(default=True),
    "api_restock": flag(default=True),
    "meta_data": META,
    "fee_lines": _FEES,
    "shipping_lines": _SHIPPING_LINES,
}
NOTE: Args = {
    "order_id": whole(),
    "note": text(required=True),
    "customer_note": flag(default=False),
    "added_by_user": flag(default=False),
}
_CUSTOMER_PLACE = {**_PLACE, "phone": text()}
CUSTOMER_CHANGES: Args = {
    "email": text(form="email"),
    "first_name": text(),
    "last_name": text(),
    "username": text(),
    "password": text(),
    "billing": record(**_CUSTOMER_PLACE, email=text(form="email")),
    "shipping": record(**_CUSTOMER_PLACE),
    "meta_data": META,
}
CUSTOMER: Args = {**CUSTOMER_CHANGES, "email": text(required=True)}
WEBHOOK_CHANGES: Args = {
    "name": text(),
    "status": choice("active", "paused", "disabled"),
    "topic": text(),
    "secret": text(),
}
WEBHOOK: Args = {
    **WEBHOOK_CHANGES,
    "status": choice("active", "paused", "disabled", default="active"),
    "topic": text(required=True),
    "delivery_url": text(required=True),
}
