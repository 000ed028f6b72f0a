"""Creates, extends, completes, archives and refunds sales (facts/lightspeed.md, A5)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.lightspeed.api.body import Body, decimal_number, is_true, rows_in, text_of, whole_number
from sandbox.lightspeed.api.contacts import read_contact
from sandbox.lightspeed.api.errors import ApiError, bad_request
from sandbox.lightspeed.customers import Contact
from sandbox.lightspeed.data.numbers import parse_iso, plain
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.sale import LineDraft, PaymentDraft, Sale, SaleError
from sandbox.lightspeed.sale_wire import TICKET_BASE
from sandbox.lightspeed.shipments import NAMES

_HEAD = {
    "employeeID": "employee_id",
    "registerID": "register_id",
    "shopID": "shop_id",
    "customerID": "customer_id",
    "taxCategoryID": "tax_category_id",
}


def create_sale(retailer: Retailer, body: Body) -> Sale:
    """Create a sale and, when it says so, complete it. Raises ApiError; an unbalanced sale stays behind, open."""
    drafts = _lines(retailer, body)
    blank = Sale(0, 0, 0, 0, 0, 0, promotions=is_true(body, "enablePromotions"))
    return _write(retailer, retailer.sales.open, _with_head(blank, body), drafts, body)


def update_sale(retailer: Retailer, sale: Sale, body: Body) -> Sale:
    """Change a sale. Lines and payments are appended to those it has, never replaced (recorded). Raises ApiError."""
    drafts = _lines(retailer, body)
    return _write(retailer, retailer.sales.change, _with_head(sale, body), drafts, body)


def archive_sale(retailer: Retailer, sale: Sale) -> Sale:
    """Archive an open sale. Raises ApiError."""
    try:
        return retailer.sales.archive(sale.id)
    except SaleError as error:
        raise bad_request(str(error)) from error


def refund_sale(retailer: Retailer, sale: Sale, body: Body) -> Sale:
    """Refund lines of a sale, or without any the whole of it; it is completed unless it says otherwise.

    A way of payment has to be named, its amount is optional (facts/lightspeed.md, "Refund"). Raises ApiError.
    """
    if not _payments(body):
        raise bad_request("Sale not refunded. At least one payment type is required.")
    head = replace(_with_head(Sale(0, 0, 0, 0, 0, 0), body), tax_category_id=sale.tax_category_id)

    def keep(draft: Sale) -> Sale:
        return retailer.sales.refund(sale, draft, _lines(retailer, body))

    return _write(retailer, keep, head, [], body, completes=is_true(body, "completed", default=True))


def sale_by_ticket(retailer: Retailer, number: str) -> Sale | None:
    """Find a sale by the number on its receipt."""
    sale_id = int(number) - TICKET_BASE if number.isdecimal() else 0
    return retailer.sales.table.get(sale_id)


def _write(
    retailer: Retailer,
    keep: Callable[[Sale], Sale],
    draft: Sale,
    lines: list[LineDraft],
    body: Body,
    *,
    completes: bool | None = None,
) -> Sale:
    book, payments, completed_at = retailer.sales, _payments(body), _completed_at(body)
    try:
        book.check(payments, completed_at)
        sale = book.add_lines(keep(draft).id, lines)
        sale = _send_to(retailer, sale, body)
        sale = book.take_payments(sale.id, payments)
        wanted = is_true(body, "completed") if completes is None else completes
        return book.complete(sale.id, completed_at) if wanted else sale
    except SaleError as error:
        raise _refusal(error) from error


def _send_to(retailer: Retailer, sale: Sale, body: Body) -> Sale:
    """Note where the sale is to be sent to. Only the payload's name is documented; its content is our assumption."""
    given = body.get("ShipTo", body.get("shipTo"))
    if not isinstance(given, Mapping):
        return sale
    columns = {name: text_of(given[name]) for name in NAMES if name in given}
    row = retailer.shipments.send(sale, columns, read_contact(given, Contact()))
    return retailer.sales.change(replace(sale, ship_to_id=row.id))


def _refusal(error: SaleError) -> ApiError:
    if not error.sale_id:
        return bad_request(str(error))
    extra = {"saleID": str(error.sale_id), "balance": plain(error.balance)}
    return ApiError(400, str(error), "OutOfBalanceError", extra)


def _with_head(sale: Sale, body: Body) -> Sale:
    numbers = {field: whole_number(body, name) for name, field in _HEAD.items() if name in body}
    return replace(
        sale,
        employee_id=numbers.get("employee_id", sale.employee_id),
        register_id=numbers.get("register_id", sale.register_id),
        shop_id=numbers.get("shop_id", sale.shop_id),
        customer_id=numbers.get("customer_id", sale.customer_id),
        tax_category_id=numbers.get("tax_category_id", sale.tax_category_id),
        reference=text_of(body.get("referenceNumber", sale.reference)),
        source=text_of(body.get("referenceNumberSource", sale.source)),
    )


def _lines(retailer: Retailer, body: Body) -> list[LineDraft]:
    """Read the lines. A quantity under any other name than unitQuantity counts as none, silently (as seen)."""
    drafts = []
    for row in rows_in(body, "SaleLines", "SaleLine"):
        item_id = _item_of(retailer, row)
        if item_id and retailer.catalogue.items.get(item_id) is None:
            raise bad_request(f"Sale not saved. There is no Item '{item_id}'.")
        drafts.append(
            LineDraft(
                item_id=item_id,
                quantity=whole_number(row, "unitQuantity"),
                unit_price=decimal_number(row, "unitPrice"),
                taxed=is_true(row, "tax") if "tax" in row else None,
                tax_class_id=_tax_class_of(retailer, row),
                note=_note_of(row),
                parent_id=whole_number(row, "parentSaleLineID"),
            )
        )
    return drafts


def _tax_class_of(retailer: Retailer, row: Body) -> str:
    number = whole_number(row, "taxClassID")
    if number and retailer.tax_classes.get(number) is None:
        raise bad_request(f"Sale not saved. There is no TaxClass '{number}'.")
    return str(number) if number else ""


def _note_of(row: Body) -> str:
    note = row.get("Note")
    return text_of(note.get("note")) if isinstance(note, Mapping) else ""


def _payments(body: Body) -> list[PaymentDraft]:
    return [
        PaymentDraft(
            whole_number(row, "paymentTypeID"), decimal_number(row, "amount"), text_of(row.get("remoteReference"))
        )
        for row in rows_in(body, "SalePayments", "SalePayment")
    ]


def _item_of(retailer: Retailer, row: Mapping[str, object]) -> int:
    """Find the item of a line by itemID or by itemCode, which is an item id, UPC or EAN."""
    code = text_of(row.get("itemCode"))
    if "itemID" in row or not code:
        return whole_number(row, "itemID")
    items = retailer.catalogue.items
    found = items.lookup("upc", code) | items.lookup("ean", code)
    return min(found) if found else whole_number(row, "itemCode")


def _completed_at(body: Body) -> int | None:
    text = text_of(body.get("completeTime"))
    try:
        return parse_iso(text) if text else None
    except ValueError as error:
        raise bad_request(f"completeTime is no time: '{text}'.") from error
