"""How sales, their lines and payments are shown, in the order of the recordings."""

from decimal import Decimal

from sandbox.lightspeed.data.numbers import flag, iso, plain
from sandbox.lightspeed.sale import Line, Payment, Sale

TICKET_BASE = 220_000_000_000


def sale_columns(sale: Sale) -> dict[str, str]:
    """Show a sale's own columns, without relations and without `taxTotal`, which comes last."""
    total = plain(sale.total)
    first_rate, second_rate = sale.rates.default
    first_tax, second_tax = sale.taxes
    cost = plain(sum((line.cost * line.quantity for line in sale.lines), Decimal(0)))
    completed = {} if sale.completed_at is None else {"completeTime": iso(sale.completed_at)}
    return {
        "saleID": str(sale.id),
        "timeStamp": iso(sale.updated),
        "discountPercent": "0",
        "completed": flag(sale.completed_at is not None),
        "archived": flag(sale.archived),
        "voided": flag(sale.voided),
        "enablePromotions": flag(sale.promotions),
        "isTaxInclusive": flag(sale.rates.inclusive),
        "createTime": iso(sale.created),
        "updatetime": iso(sale.updated),
        **completed,
        "referenceNumber": sale.reference,
        "referenceNumberSource": sale.source,
        "tax1Rate": plain(first_rate),
        "tax2Rate": plain(second_rate),
        "change": plain(sale.change),
        "tipEnabled": "false",
        "receiptPreference": "printed",
        "displayableSubtotal": plain(sale.displayed),
        "ticketNumber": str(TICKET_BASE + sale.id),
        "calcDiscount": "0",
        "calcTotal": total,
        "calcSubtotal": plain(sale.subtotal),
        "calcTaxable": plain(sale.taxable),
        "calcNonTaxable": plain(sale.subtotal - sale.taxable),
        "calcAvgCost": cost,
        "calcFIFOCost": cost,
        "calcTax1": plain(first_tax),
        "calcTax2": plain(second_tax),
        "calcPayments": plain(sale.paid),
        "calcTips": "0",
        "total": total,
        "totalDue": total,
        "displayableTotal": total,
        "balance": plain(sale.balance),
        "customerID": str(sale.customer_id),
        "discountID": "0",
        "employeeID": str(sale.employee_id),
        "tipEmployeeID": str(sale.employee_id),
        "quoteID": "0",
        "registerID": str(sale.register_id),
        "shipToID": str(sale.ship_to_id),
        "shopID": str(sale.shop_id),
        "taxCategoryID": str(sale.tax_category_id),
    }


def line_columns(sale: Sale, line: Line) -> dict[str, str]:
    """Show a line."""
    subtotal = line.subtotal
    first_rate, second_rate = sale.rates.of(line.tax_class_id) if line.taxed else (Decimal(0), Decimal(0))
    first_tax, second_tax = sale.taxes_of(line)
    taxes = first_tax + second_tax
    net = subtotal - taxes if sale.rates.inclusive else subtotal
    stamp = iso(line.created)
    return {
        "saleLineID": str(line.id),
        "createTime": stamp,
        "timeStamp": stamp,
        "unitQuantity": str(line.quantity),
        "unitPrice": plain(line.unit_price),
        "normalUnitPrice": plain(line.normal_price),
        "discountAmount": "0",
        "discountPercent": "0",
        "avgCost": plain(line.cost),
        "fifoCost": plain(line.cost),
        "tax": flag(line.taxed),
        "tax1Rate": plain(first_rate),
        "tax2Rate": plain(second_rate),
        "isLayaway": "false",
        "isWorkorder": "false",
        "isSpecialOrder": "false",
        "displayableSubtotal": plain(subtotal),
        "displayableUnitPrice": plain(line.unit_price),
        "calcLineDiscount": "0",
        "calcTransactionDiscount": "0",
        "calcTotal": plain(net + taxes),
        "calcSubtotal": plain(net),
        "calcTax1": plain(first_tax),
        "calcTax2": plain(second_tax),
        "taxClassID": line.tax_class_id,
        "customerID": str(sale.customer_id),
        "discountID": "0",
        "employeeID": str(sale.employee_id),
        "itemID": str(line.item_id),
        "noteID": str(line.note_id),
        "parentSaleLineID": str(line.parent_id),
        "shopID": str(sale.shop_id),
        "taxCategoryID": str(sale.tax_category_id),
        "saleID": str(sale.id),
        "itemFeeID": "0",
        "lineType": "",
    }


def note_columns(line: Line) -> dict[str, str]:
    """Show the note of a line."""
    return {
        "noteID": str(line.note_id),
        "note": line.note,
        "isPublic": "true",
        "timeStamp": iso(line.created),
    }


def payment_columns(sale: Sale, payment: Payment) -> dict[str, str]:
    """Show a payment."""
    return {
        "salePaymentID": str(payment.id),
        "amount": plain(payment.amount),
        "createTime": iso(payment.created),
        "archived": "false",
        "remoteReference": payment.reference,
        "tipAmount": "0",
        "paymentID": "",
        "saleID": str(sale.id),
        "paymentTypeID": str(payment.type_id),
        "ccChargeID": "0",
        "refPaymentID": "0",
        "registerID": str(sale.register_id),
        "employeeID": str(sale.employee_id),
        "creditAccountID": "0",
    }
