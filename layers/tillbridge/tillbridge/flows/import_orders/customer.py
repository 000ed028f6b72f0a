"""Whom a sale names: found by e-mail or phone, made once, or one for all."""

from dataclasses import replace

from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.domain.orders.rules import CustomerRule, OrderRules
from tillbridge.flows.import_orders.ports import customer_name
from tillbridge.flows.import_orders.visit import Visit

NOBODY = "0"


def customer_of(visit: Visit, order: PlacedOrder, rules: OrderRules) -> str:
    """Give the till's id of the customer, "0" for none.

    Before one is made it is noted that none was found. Whoever finds one after that knows that it is ours, although
    the answer to its making was lost (invariant 8).
    """
    web_customer = rules.web_customer or NOBODY
    if rules.customer is CustomerRule.NONE:
        return NOBODY
    if rules.customer is CustomerRule.ONE or not (order.buyer.email or order.buyer.phone):
        return web_customer
    if not visit.record.customer_id and not visit.record.customer_forgotten:
        _find_or_make(visit, order.buyer, make=rules.customer is CustomerRule.EACH)
    return visit.record.customer_id or web_customer


def _find_or_make(visit: Visit, buyer: Buyer, *, make: bool) -> None:
    """Note the buyer's id, which is written with the next step."""
    counter, hearing = visit.importer.counter, visit.importer.hearing
    found = hearing(counter.find_customers(buyer.email, buyer.phone))
    if found:
        _named(visit, found[0], ours=visit.record.customer_sought or _made_before(visit, found[0]))
    elif make:
        with visit.asking_the_shop() as desk:
            buyer = desk.with_consent(buyer)
        visit.save(replace(visit.record, customer_sought=True))
        _named(visit, hearing(counter.make_customer(buyer)), ours=True)


def _made_before(visit: Visit, customer_id: str) -> bool:
    name = customer_name(customer_id)
    return name in visit.importer.records.pointed(visit.importer.till_id, [name])


def _named(visit: Visit, customer_id: str, *, ours: bool) -> None:
    """Note who it is; that we have made somebody is known for as long as an order names them."""
    if ours:
        importer = visit.importer
        importer.records.point(importer.till_id, [customer_name(customer_id)], visit.record)
    visit.record = replace(visit.record, customer_id=customer_id, customer_ours=ours)
