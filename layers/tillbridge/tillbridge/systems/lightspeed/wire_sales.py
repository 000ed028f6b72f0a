"""The till's records about sales and customers as they come over the wire (facts/lightspeed.md, A4)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from tillbridge.systems.lightspeed.quirks import (
    Flag,
    ForeignId,
    Id,
    Moment,
    Number,
    PerhapsMoment,
    Text,
    ToOne,
    related,
)
from tillbridge.systems.lightspeed.wire import Wire

NOTHING = Decimal(0)


class WireNote(Wire):
    """The note of a line, which is printed on the receipt."""

    text: Text = Field(default="", alias="note")


class WireSaleLine(Wire):
    """One row of SaleLines."""

    line_id: Id = Field(alias="saleLineID")
    sale_id: ForeignId = Field(default=None, alias="saleID")
    item_id: ForeignId = Field(default=None, alias="itemID")
    units: Number = Field(alias="unitQuantity")
    unit_price: Number = Field(alias="unitPrice")
    tax: Flag
    parent_id: ForeignId = Field(default=None, alias="parentSaleLineID")
    note: Annotated[WireNote | None, ToOne] = Field(default=None, alias="Note")


class WireSale(Wire):
    """The record Sale. An open one has no ``completeTime``."""

    sale_id: Id = Field(alias="saleID")
    ticket: Text = Field(alias="ticketNumber", min_length=1)
    reference: Text = Field(alias="referenceNumber")
    source: Text = Field(alias="referenceNumberSource")
    location_id: Id = Field(alias="shopID")
    customer_id: ForeignId = Field(default=None, alias="customerID")
    completed: Flag
    archived: Flag
    voided: Flag
    total: Number = Field(alias="calcTotal")
    paid: Number = Field(alias="calcPayments")
    tax1: Number = Field(alias="calcTax1")
    tax2: Number = Field(alias="calcTax2")
    lines: Annotated[tuple[WireSaleLine, ...], related("SaleLine")] = Field(default=(), alias="SaleLines")
    changed_at: Moment = Field(alias="timeStamp")
    completed_at: PerhapsMoment = Field(default=None, alias="completeTime")


class WireRegister(Wire):
    """The record Register."""

    register_id: Id = Field(alias="registerID")
    name: Text
    location_id: Id = Field(alias="shopID")
    archived: Flag = False


class WireEmployee(Wire):
    """The record Employee."""

    employee_id: Id = Field(alias="employeeID")
    first_name: Text = Field(default="", alias="firstName")
    last_name: Text = Field(default="", alias="lastName")
    locked: Flag = Field(default=False, alias="lockOut")
    archived: Flag = False
    location_id: ForeignId = Field(default=None, alias="limitToShopID")


class WirePaymentType(Wire):
    """The record PaymentType."""

    type_id: Id = Field(alias="paymentTypeID")
    name: Text
    kind: Text = Field(default="", alias="type")
    refund_as: ForeignId = Field(default=None, alias="refundAsPaymentTypeID")
    needs_customer: Flag = Field(default=False, alias="requireCustomer")
    archived: Flag = False


class WireClassRates(Wire):
    """One row of TaxCategoryClasses."""

    class_id: Id = Field(alias="taxClassID")
    rate1: Number = Field(default=NOTHING, alias="tax1Rate")
    rate2: Number = Field(default=NOTHING, alias="tax2Rate")


class WireTaxCategory(Wire):
    """The record TaxCategory."""

    category_id: Id = Field(alias="taxCategoryID")
    name1: Text = Field(default="", alias="tax1Name")
    name2: Text = Field(default="", alias="tax2Name")
    rate1: Number = Field(default=NOTHING, alias="tax1Rate")
    rate2: Number = Field(default=NOTHING, alias="tax2Rate")
    inclusive: Flag = Field(default=False, alias="isTaxInclusive")
    classes: Annotated[tuple[WireClassRates, ...], related("TaxCategoryClass")] = Field(
        default=(), alias="TaxCategoryClasses"
    )


class WireShopTax(Wire):
    """The record Shop, as far as sales are taxed there."""

    location_id: Id = Field(alias="shopID")
    category_id: ForeignId = Field(default=None, alias="taxCategoryID")


class WireCurrency(Wire):
    """The currency of an account."""

    code: Text = ""


class WireAccountDetails(Wire):
    """The account itself, which comes without a wrapper of its name."""

    currency: Annotated[WireCurrency | None, ToOne] = Field(default=None, alias="defaultCurrency")


class WireEmail(Wire):
    """One row of Emails."""

    address: Text = ""


class WirePhone(Wire):
    """One row of Phones."""

    number: Text = ""


class WireContact(Wire):
    """The record Contact, as far as somebody is found by it."""

    emails: Annotated[tuple[WireEmail, ...], related("ContactEmail")] = Field(default=(), alias="Emails")
    phones: Annotated[tuple[WirePhone, ...], related("ContactPhone")] = Field(default=(), alias="Phones")


class WireCustomer(Wire):
    """The record Customer."""

    customer_id: Id = Field(alias="customerID")
    archived: Flag = False
    contact: Annotated[WireContact | None, ToOne] = Field(default=None, alias="Contact")


class WireShipTo(Wire):
    """The record ShipTo: where a sale is sent to, and whether it has been."""

    sale_id: ForeignId = Field(default=None, alias="saleID")
    shipped: Flag
    note: Text = Field(default="", alias="shipNote")
    changed_at: Moment = Field(alias="timeStamp")


class WireUnbalanced(Wire):
    """The refusal of a sale that does not balance, and stays behind."""

    sale_id: Id = Field(alias="saleID")
    balance: Number
