"""An order and its refunds as WooCommerce writes them whole (facts/woocommerce.md, "Orders" and "Refunds")."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from tillbridge.systems.woocommerce.api.wire import GmtTime, MetaRow, OrderLineRow, Row

REFUNDED = "_refunded_item_id"
"""Where a line of a refund names the order's line."""

MOST = 10**12
Money = Annotated[Decimal, Field(ge=-MOST, le=MOST), BeforeValidator(lambda value: value or "0")]


class KeepingRow(Row):
    """Something with which values are kept."""

    meta_data: tuple[MetaRow, ...] = ()

    def meta(self, key: str) -> str:
        """Find a value, "" when there is none."""
        return next((str(meta.value) for meta in self.meta_data if meta.key == key), "")


class ChargeRow(KeepingRow):
    """What every line has: money without tax, and the tax apart."""

    id: int
    total: Money = Decimal(0)
    total_tax: Money = Decimal(0)


class ItemRow(OrderLineRow, ChargeRow):
    """Units of a product. ``subtotal`` is before coupons, ``total`` after them."""

    name: str = ""
    subtotal: Money = Decimal(0)


class ShippingRow(ChargeRow):
    """A way of shipping."""

    method_title: str = ""


class FeeRow(ChargeRow):
    """A fee; below zero it is a discount."""

    name: str | None = ""


class AddressRow(Row):
    """A postal address; the billing one has the e-mail, too."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


class TaxRow(Row):
    """One rate of tax that the order was charged."""

    rate_percent: Decimal = Decimal(0)


class RefundSummaryRow(Row):
    """That there is a refund; the rest has to be asked for."""

    id: int


class NoteRow(Row):
    """A word of somebody about an order."""

    note: str = ""


class WholeOrderRow(KeepingRow):
    """Everything of an order that a sale needs."""

    id: int
    number: str = ""
    status: str
    currency: str
    date_created_gmt: GmtTime = None
    date_modified_gmt: GmtTime = None
    date_paid_gmt: GmtTime = None
    total: Money
    payment_method: str = ""
    transaction_id: str = ""
    billing: AddressRow = AddressRow()
    shipping: AddressRow = AddressRow()
    line_items: tuple[ItemRow, ...] = ()
    shipping_lines: tuple[ShippingRow, ...] = ()
    fee_lines: tuple[FeeRow, ...] = ()
    tax_lines: tuple[TaxRow, ...] = ()
    refunds: tuple[RefundSummaryRow, ...] = ()


class RefundRow(KeepingRow):
    """A refund; the quantities and totals of its lines are below zero."""

    id: int
    date_created_gmt: GmtTime = None
    amount: Money
    line_items: tuple[ItemRow, ...] = ()
    shipping_lines: tuple[ShippingRow, ...] = ()
    fee_lines: tuple[FeeRow, ...] = ()
