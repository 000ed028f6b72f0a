"""An order, its credit memos and shipments as Magento writes them whole (facts/magento.md, section 5)."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from tillbridge.systems.magento.api.wire import OrderItemRow, Row, Time, listed

MOST = 10**12
Money = Annotated[Decimal, Field(ge=-MOST, le=MOST), BeforeValidator(lambda value: value or 0)]
Text = Annotated[str, BeforeValidator(lambda value: value or "")]
NOTHING = Decimal(0)


class WholeItemRow(OrderItemRow):
    """A row of an order. Its own total says different things in different versions: price and quantity do not."""

    name: Text = ""
    price: Money = NOTHING
    discount_amount: Money = NOTHING
    discount_tax_compensation_amount: Money = NOTHING
    tax_amount: Money = NOTHING
    tax_percent: Money = NOTHING
    weee_tax_applied_row_amount: Money = NOTHING
    gw_price: Money = NOTHING
    gw_tax_amount: Money = NOTHING


class AddressRow(Row):
    """A postal address."""

    firstname: Text = ""
    lastname: Text = ""
    company: Text = ""
    street: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    city: Text = ""
    region: Text = ""
    region_code: Text = ""
    postcode: Text = ""
    country_id: Text = ""
    telephone: Text = ""


class PaymentRow(Row):
    """How an order is paid."""

    method: Text = ""
    last_trans_id: Text = ""


class CommentRow(Row):
    """A word of somebody about an order, or about a shipment."""

    comment: Text = ""


class ShippingRow(Row):
    """Where the goods go."""

    address: AddressRow = AddressRow()


class AssignmentRow(Row):
    """A part of an order that goes to one address; there is one."""

    shipping: ShippingRow = ShippingRow()


class OrderExtensionRow(Row):
    """What modules add to an order. Gift cards, credit and wrapping are Adobe Commerce's."""

    shipping_assignments: Annotated[tuple[AssignmentRow, ...], BeforeValidator(listed)] = ()
    pickup_location_code: Text = ""
    gift_cards_amount: Money = NOTHING
    customer_balance_amount: Money = NOTHING
    reward_currency_amount: Money = NOTHING
    gw_price: Money = NOTHING
    gw_tax_amount: Money = NOTHING
    gw_card_price: Money = NOTHING
    gw_card_tax_amount: Money = NOTHING


class WholeOrderRow(Row):
    """Everything of an order that a sale needs."""

    entity_id: int
    increment_id: Text = ""
    state: Text = ""
    status: Text = ""
    created_at: Time = None
    updated_at: Time = None
    order_currency_code: str
    grand_total: Money
    total_due: Money = NOTHING
    total_canceled: Money = NOTHING
    total_refunded: Money = NOTHING
    shipping_amount: Money = NOTHING
    shipping_discount_amount: Money = NOTHING
    shipping_discount_tax_compensation_amount: Money = NOTHING
    shipping_tax_amount: Money = NOTHING
    shipping_description: Text = ""
    customer_id: int | None = None  # none of a guest
    customer_email: Text = ""
    billing_address: AddressRow = AddressRow()
    payment: PaymentRow = PaymentRow()
    items: Annotated[tuple[WholeItemRow, ...], BeforeValidator(listed)] = ()
    status_histories: Annotated[tuple[CommentRow, ...], BeforeValidator(listed)] = ()
    extension_attributes: OrderExtensionRow = OrderExtensionRow()


class CustomerExtensionRow(Row):
    """What modules add to somebody who is registered; the newsletter's module may be off."""

    is_subscribed: bool | None = None


class CustomerRow(Row):
    """Somebody who is registered: whether they read the newsletter, and nothing else of them."""

    extension_attributes: CustomerExtensionRow = CustomerExtensionRow()


class MemoItemRow(Row):
    """What of a row was given back; ``row_total`` is before the discount."""

    order_item_id: int
    qty: Money = NOTHING
    row_total: Money = NOTHING
    discount_amount: Money = NOTHING
    discount_tax_compensation_amount: Money = NOTHING
    tax_amount: Money = NOTHING


class MemoRow(Row):
    """A credit memo."""

    entity_id: int
    created_at: Time = None
    grand_total: Money
    shipping_amount: Money = NOTHING
    shipping_tax_amount: Money = NOTHING
    shipping_discount_tax_compensation_amount: Money = NOTHING
    items: Annotated[tuple[MemoItemRow, ...], BeforeValidator(listed)] = ()


class ShipmentRow(Row):
    """That something has left, and what was said about it."""

    entity_id: int
    comments: Annotated[tuple[CommentRow, ...], BeforeValidator(listed)] = ()
