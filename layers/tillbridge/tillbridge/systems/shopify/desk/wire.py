"""An order as Shopify writes it whole (facts/shopify.md, section 8). Amounts are in the shop's currency."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from tillbridge.systems.shopify.api.wire import Id, Nodes, Row, Text, Time, VariantRow

MOST = 10**12
Money = Annotated[Decimal, Field(ge=-MOST, le=MOST)]


class AmountRow(Row):
    """An amount in one currency."""

    amount: Money


class BagRow(Row):
    """An amount in the shop's currency; the shopper's is not asked for (facts/shopify.md, section 8)."""

    shop_money: AmountRow

    @property
    def amount(self) -> Decimal:
        """The amount."""
        return self.shop_money.amount


class TaxRow(Row):
    """One tax of a line."""

    title: Text = ""
    rate: Decimal | None = None
    price_set: BagRow


class DiscountRow(Row):
    """What one discount takes off a line."""

    allocated_amount_set: BagRow


class LineRow(Row):
    """Units of something. ``current_quantity`` is without what was refunded or edited away."""

    id: Id
    name: Text = ""
    sku: Text = ""
    quantity: int
    current_quantity: int
    unfulfilled_quantity: int = 0
    is_gift_card: bool = False
    taxable: bool = True
    original_unit_price_set: BagRow
    discount_allocations: tuple[DiscountRow, ...] = ()
    tax_lines: tuple[TaxRow, ...] = ()
    variant: VariantRow | None = None

    @property
    def amount(self) -> Decimal:
        """What is charged for all units, after every discount, with tax inside or not as the order keeps it."""
        return self.original_unit_price_set.amount * self.quantity - self.discount

    @property
    def discount(self) -> Decimal:
        """What is taken off for all units."""
        return sum((one.allocated_amount_set.amount for one in self.discount_allocations), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax of all units."""
        return sum((tax.price_set.amount for tax in self.tax_lines), Decimal(0))

    @property
    def rates(self) -> tuple[Decimal, ...]:
        """The rates of its taxes, each tax once."""
        rates = {tax.title: tax.rate for tax in self.tax_lines if tax.rate}
        return tuple(rates.values())


class ShippingRow(Row):
    """A way of shipping."""

    id: Id
    title: Text = ""
    discounted_price_set: BagRow
    tax_lines: tuple[TaxRow, ...] = ()


class TransactionRow(Row):
    """A movement of money."""

    id: Id
    kind: str
    status: str
    gateway: Text = ""
    payment_id: Text = ""
    amount_set: BagRow


class LineIdRow(Row):
    """Which line."""

    id: Id


class RefundLineRow(Row):
    """Units of a line that were given back."""

    quantity: int
    restocked: bool
    subtotal_set: BagRow
    total_tax_set: BagRow
    line_item: LineIdRow


class RefundShippingRow(Row):
    """Shipping that was given back."""

    subtotal_amount_set: BagRow
    tax_amount_set: BagRow
    shipping_line: LineIdRow


class PaidBackRow(Row):
    """Money that went back."""

    gateway: Text = ""
    amount_set: BagRow


class RefundRow(Row):
    """A refund; the total is the money that moved."""

    id: Id
    created_at: Time | None = None
    total_refunded_set: BagRow
    refund_line_items: Nodes[RefundLineRow]
    refund_shipping_lines: Nodes[RefundShippingRow]
    transactions: Nodes[PaidBackRow]


class AddressRow(Row):
    """A postal address."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    province_code: Text = ""
    zip: Text = ""
    country_code_v2: Annotated[Text, Field(alias="countryCodeV2")] = ""
    phone: Text = ""


class ValueRow(Row):
    """A metafield."""

    value: str


class WholeOrderRow(Row):
    """Everything of an order that a sale needs. Personal fields are null where the app may not see them."""

    id: Id
    name: str
    test: bool = False
    confirmed: bool = True
    edited: bool = False
    created_at: Time
    updated_at: Time
    cancelled_at: Time | None = None
    currency_code: str
    taxes_included: bool
    payment_gateway_names: tuple[str, ...] = ()
    display_financial_status: Text = ""
    display_fulfillment_status: Text = ""
    email: Text = ""
    phone: Text = ""
    customer_accepts_marketing: bool = False
    total_price_set: BagRow
    current_total_price_set: BagRow
    total_tip_received_set: BagRow
    billing_address: AddressRow | None = None
    shipping_address: AddressRow | None = None
    sale: ValueRow | None = None
    parcels: ValueRow | None = None
    line_items: Nodes[LineRow]
    shipping_lines: Nodes[ShippingRow]
    transactions: tuple[TransactionRow, ...] = ()
    refunds: tuple[RefundRow, ...] = ()


class WaitingLineRow(Row):
    """Units that have yet to be sent."""

    id: Id
    remaining_quantity: int
    line_item: LineIdRow


class PlaceRow(Row):
    """From where."""

    location: LineIdRow | None = None


class WaitingRow(Row):
    """What one location has to send of an order."""

    id: Id
    status: str
    assigned_location: PlaceRow
    line_items: Nodes[WaitingLineRow]

    @property
    def place(self) -> str:
        """Name the location, "" for one that is not told."""
        return self.assigned_location.location.id if self.assigned_location.location else ""


class MoreWaitingRow(Row):
    """More of the lines that one location has to send."""

    id: Id
    line_items: Nodes[WaitingLineRow]


class SentLineRow(Row):
    """Units that have left."""

    quantity: int
    line_item: LineIdRow


class SentRow(Row):
    """A parcel, and from where it has left."""

    status: Text = ""
    location: LineIdRow | None = None
    fulfillment_line_items: Nodes[SentLineRow]


class LineRefRow(Row):
    """Which line is of which variant."""

    id: Id
    variant: VariantRow | None = None


class PlacesRow(Row):
    """From where the lines of one of several orders leave."""

    id: Id
    line_items: Nodes[LineRefRow]
    fulfillment_orders: Nodes[WaitingRow]
    fulfillments: tuple[SentRow, ...] = ()


class RestockRow(Row):
    """Where units that were given back were put."""

    location: LineIdRow | None = None


class RestockedRow(Row):
    """Where what a refund gave back was put, in the order of its lines."""

    id: Id
    refund_line_items: Nodes[RestockRow]


class WaitingOrderRow(Row):
    """All that has to be sent of an order; where it is asked for also what was sent, and what came back."""

    id: Id
    fulfillment_orders: Nodes[WaitingRow]
    fulfillments: tuple[SentRow, ...] = ()
    refunds: tuple[RestockedRow, ...] = ()
