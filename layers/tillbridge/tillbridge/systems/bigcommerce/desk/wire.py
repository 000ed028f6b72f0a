"""An order, its refunds and shipments as BigCommerce writes them whole (facts/bigcommerce.md, "Orders")."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from tillbridge.systems.bigcommerce.api.wire import Moment, OrderLineRow, PickupLocationRow, Row, Text, as_list

MOST = 10**12
Money = Annotated[Decimal, Field(ge=-MOST, le=MOST), BeforeValidator(lambda value: value or 0)]
NOTHING = Decimal(0)
GIFT_CERTIFICATE = "giftcertificate"


class DiscountRow(Row):
    """What one coupon, or the merchant, takes off a line; in prices as they are entered."""

    amount: Money = NOTHING


class WholeLineRow(OrderLineRow):
    """Units of something. Totals are before discounts."""

    id: int
    name: Text = ""
    sku: Text = ""
    type: Text = ""
    total_ex_tax: Money = NOTHING
    total_inc_tax: Money = NOTHING
    quantity_shipped: Money = NOTHING
    order_address_id: int = 0
    applied_discounts: tuple[DiscountRow, ...] = ()


class AddressRow(Row):
    """A postal address."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country_iso2: Text = ""
    phone: Text = ""
    email: Text = ""


class ShippingRow(AddressRow):
    """What goes to one address."""

    id: int = 0
    line_items: tuple[WholeLineRow, ...] = ()


class PickupRow(Row):
    """What is fetched at one place (contracts/bigcommerce, ``pickupConsignment_Get``)."""

    location: PickupLocationRow = PickupLocationRow()
    line_items: tuple[WholeLineRow, ...] = ()


class DownloadRow(Row):
    """What is only downloaded."""

    line_items: tuple[WholeLineRow, ...] = ()


class GiftCertificatesRow(Row):
    """Gift certificates that are bought; they are sent by e-mail."""

    gift_certificates: tuple[WholeLineRow, ...] = ()


class ConsignmentsRow(Row):
    """The lines of an order by how they reach the shopper."""

    shipping: Annotated[tuple[ShippingRow, ...], BeforeValidator(as_list)] = ()
    pickups: Annotated[tuple[PickupRow, ...], BeforeValidator(as_list)] = ()
    downloads: Annotated[tuple[DownloadRow, ...], BeforeValidator(as_list)] = ()
    email: GiftCertificatesRow = GiftCertificatesRow()

    @property
    def lines(self) -> tuple[WholeLineRow, ...]:
        """List them all."""
        groups = (
            *(row.line_items for row in self.shipping),
            *(row.line_items for row in self.pickups),
            *(row.line_items for row in self.downloads),
        )
        return (*(line for lines in groups for line in lines), *self.email.gift_certificates)


class FeeRow(Row):
    """A fee."""

    id: int
    display_name_merchant: Text = ""
    cost_ex_tax: Money = NOTHING
    cost_inc_tax: Money = NOTHING


class WholeOrderRow(Row):
    """Everything of an order that a sale needs."""

    id: int
    status_id: int
    date_created: Moment = None
    date_modified: Moment = None
    currency_code: str
    is_tax_inclusive_pricing: bool = False
    is_email_opt_in: bool = False
    customer_id: int = 0
    total_inc_tax: Money
    shipping_cost_ex_tax: Money = NOTHING
    shipping_cost_inc_tax: Money = NOTHING
    handling_cost_ex_tax: Money = NOTHING
    handling_cost_inc_tax: Money = NOTHING
    wrapping_cost_ex_tax: Money = NOTHING
    wrapping_cost_inc_tax: Money = NOTHING
    store_credit_amount: Money = NOTHING
    gift_certificate_amount: Money = NOTHING
    payment_method: Text = ""
    payment_status: Text = ""
    external_order_id: Text = ""
    billing_address: AddressRow = AddressRow()
    consignments: ConsignmentsRow = ConsignmentsRow()
    fees: tuple[FeeRow, ...] = ()


class RefundItemRow(Row):
    """What is given back of: a line, the shipping, a fee, or the order as a whole."""

    item_type: str
    item_id: int
    quantity: Money = NOTHING
    requested_amount: Money = NOTHING


class RefundPaymentRow(Row):
    """How money goes back."""

    provider_id: Text = ""
    amount: Money = NOTHING


class RefundRow(Row):
    """A refund. ``user_id`` is 0 where an app has made it: then nothing goes back into stock."""

    id: int
    created: Moment = None
    user_id: int = 0
    total_amount: Money
    items: tuple[RefundItemRow, ...] = ()
    payments: tuple[RefundPaymentRow, ...] = ()


class TransactionRow(Row):
    """A movement of money, as the gateway knows it."""

    event: Text = ""
    gateway_transaction_id: Text = ""


class ShipmentRow(Row):
    """A parcel, with what its sender said of it."""

    id: int
    order_address_id: int = 0
    comments: Text = ""
