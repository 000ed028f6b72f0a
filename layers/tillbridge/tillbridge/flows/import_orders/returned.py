"""Goods that came back at the till: a task for the shop, which has yet to give the money back.

The till's books have the return already. So the shop's refund that answers it is not rung up once more: it is known by
its amount, since nothing else connects the two.
"""

from dataclasses import replace

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.orders.order import PlacedOrder, Refund
from tillbridge.domain.orders.record import REFUND, TillReturn
from tillbridge.flows.import_orders.visit import Visit


def pay_back(visit: Visit, order: PlacedOrder) -> PlacedOrder:
    """Give money back through the shop for what came back at the till, where the merchant has turned that on.

    Gives the order as it is then. The shop's desk knows a repeated call by its key.
    """
    if not visit.importer.return_money:
        return order
    open_tasks = _unanswered(visit, order)
    for task in open_tasks:
        try:
            with visit.asking_the_shop() as desk:
                desk.return_money(order.order_id, task.total, f"return-{task.sale_id}")
        except ItemRejectedError as error:
            what = f"The shop did not give {task.total} back: {error.happened}"
            visit.record = visit.noting(what, error.request_id)
    return (visit.read() or order) if open_tasks else order


def without_till_returns(visit: Visit, order: PlacedOrder) -> PlacedOrder:
    """Take off an order the refunds that answer a return at the till, and note which do."""
    returns = list(visit.record.returns)
    for refund in _new(visit, order):
        for place, task in enumerate(returns):
            if not task.refund_id and task.total == refund.total:
                returns[place] = replace(task, refund_id=refund.refund_id)
                break
    visit.record = replace(visit.record, returns=tuple(returns))
    answered = {task.refund_id for task in returns}
    return replace(order, refunds=tuple(one for one in order.refunds if one.refund_id not in answered))


def _new(visit: Visit, order: PlacedOrder) -> list[Refund]:
    """List the refunds that neither answer a return nor have been rung up."""
    known = {task.refund_id for task in visit.record.returns}
    rung_up = {booking.key.split("/")[1] for booking in visit.record.completed if booking.kind == REFUND}
    return [refund for refund in order.refunds if refund.refund_id not in known | rung_up]


def _unanswered(visit: Visit, order: PlacedOrder) -> list[TillReturn]:
    """List the tasks for which no refund has come yet."""
    amounts = [refund.total for refund in _new(visit, order)]
    left: list[TillReturn] = []
    for task in visit.record.tasks:
        if task.total in amounts:
            amounts.remove(task.total)
        else:
            left.append(task)
    return left
