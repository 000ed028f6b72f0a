"""What of a sold line can still be given back, and in which kinds of payment (facts/lightspeed.md, "Refund")."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sandbox.lightspeed.sale import Line, LineDraft, PaymentDraft, Sale, SaleError

if TYPE_CHECKING:
    from sandbox.lightspeed.sales import SalesBook


def left_of(book: "SalesBook", parent: Line) -> int:
    """Count the units of a sold line that no sale which counts has given back yet."""
    returned = (
        line.quantity
        for sale_id in book.returns_of(parent.id)
        if (sale := book.get(sale_id)).counts
        for line in sale.lines
        if line.parent_id == parent.id
    )
    return parent.quantity + sum(returned)


def may_return(book: "SalesBook", sale: Sale, drafts: Iterable[LineDraft]) -> list[LineDraft]:
    """Leave out, without a word, the lines that would give back more than was sold.

    The only trace of this guard is a documented sample whose line has a parent with nothing to give back: the sale is
    made all the same, and the line is not on it (``tutorials/sales``, "Partial Refunds").
    """
    kept: list[LineDraft] = []
    taken: dict[int, int] = {}
    for line in sale.lines:
        taken[line.parent_id] = taken.get(line.parent_id, 0) - line.quantity
    for draft in drafts:
        if draft.parent_id:
            asked = taken.get(draft.parent_id, 0) - draft.quantity
            parent = book.sold_line(draft.parent_id)
            if parent is None or draft.quantity >= 0 or asked > left_of(book, parent):
                continue
            taken[draft.parent_id] = asked
        kept.append(draft)
    return kept


def exceeds(book: "SalesBook", sale: Sale) -> bool:
    """Tell whether a sale would give back what has been given back elsewhere meanwhile."""
    for parent_id in {line.parent_id for line in sale.lines if line.parent_id}:
        parent = book.sold_line(parent_id)
        asked = -sum(line.quantity for line in sale.lines if line.parent_id == parent_id)
        if parent is None or asked > left_of(book, parent):
            return True
    return False


def check_kinds(book: "SalesBook", sale: Sale, payments: Sequence[PaymentDraft], refund_as: dict[int, int]) -> None:
    """Hold money given back to what it was paid with, where that says how it is refunded. Raises SaleError.

    `refund_as` has the payment types that may only be refunded as another, or as themselves; how strictly the real
    till holds to it is not known.
    """
    parents = [book.sale_of(line.parent_id) for line in sale.lines if line.parent_id]
    paid_with = {payment.type_id for parent in parents if parent for payment in parent.payments}
    if not paid_with or not paid_with <= set(refund_as):
        return
    allowed = {refund_as[type_id] for type_id in paid_with}
    for payment in payments:
        if (payment.amount is None or payment.amount < 0) and payment.type_id not in allowed:
            raise SaleError(f"Sale not saved. This can only be refunded as payment type {min(allowed)}.")
