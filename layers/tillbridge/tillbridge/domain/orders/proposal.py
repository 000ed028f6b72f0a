"""Choices for web orders that fit a till, and what is wrong with those that were made."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tillbridge.domain.orders.order import Standing
from tillbridge.domain.orders.rules import OTHER, CustomerRule, OrderRules, TaxRule
from tillbridge.domain.orders.sale import CounterLists
from tillbridge.domain.orders.settings import OrderSettings

WEB_WORDS = ("web", "online", "ecom", "internet")
PREPAID = ("ecom", "credit card")
"""Kinds of payment types that suit what was paid in a shop, the best first (facts/lightspeed.md, "Tax, payment...")."""


def proposed(settings: OrderSettings, locations: Sequence[str], lists: CounterLists) -> OrderSettings:
    """Fill in what is not chosen yet, from what the till has; nothing that was chosen is changed.

    ``locations`` are those whose stock the shops show, the first one sells. What nothing fits stays open.
    """
    location = settings.locations.get(OTHER) or next(iter(locations), "")
    registers = {one: _register(one, lists) for one in locations}
    return replace(
        settings,
        locations={OTHER: location} | settings.locations if location else settings.locations,
        registers={one: register for one, register in registers.items() if register} | settings.registers,
        employee=settings.employee or _employee(lists),
        payment_types=_payment_types(lists) | settings.payment_types,
        currency=settings.currency or lists.currency,
    )


def problems(rules: OrderRules, lists: CounterLists) -> Iterator[str]:
    """Say what is missing or wrong before a sale could be written, each with the setting that mends it."""
    if not rules.location:
        yield "No location is chosen to sell web orders (orders_locations)."
    for location in dict.fromkeys(filter(None, (rules.location, *rules.by_place.values()))):
        if problem := _register_problem(location, rules, lists):
            yield problem
    if rules.employee not in {one.employee_id for one in lists.employees if not one.archived}:
        yield f"The employee {rules.employee or '(none)'} does not work in the till (orders_employee)."
    yield from _payment_problems(rules, lists)
    yield from _tax_problems(rules, lists)
    if rules.customer is CustomerRule.ONE and not rules.web_customer:
        yield "All web orders go to one customer, and none is chosen (orders_web_customer)."
    for standing in (Standing.DRAFT, Standing.CANCELLED):
        if standing in rules.ready:
            yield f"An order that is {standing} never becomes a sale (orders_ready)."


def _register_problem(location: str, rules: OrderRules, lists: CounterLists) -> str:
    chosen = rules.registers.get(location, "")
    register = next((one for one in lists.registers if one.register_id == chosen), None)
    if register is None or register.archived:
        return f"Location {location} has no register in use for web orders (orders_registers)."
    if register.location_id != location:
        return f"Register {chosen} stands in location {register.location_id}, not in {location} (orders_registers)."
    return ""


def _payment_problems(rules: OrderRules, lists: CounterLists) -> Iterator[str]:
    usable = {one.type_id for one in lists.payment_types if not one.archived}
    if OTHER not in rules.payment_types:
        yield 'No payment type is chosen for whatever has none of its own, "*" (orders_payment_types).'
    for method, type_id in rules.payment_types.items():
        if type_id not in usable:
            yield f"The payment type {type_id}, chosen for {method}, is not in use (orders_payment_types)."


def _tax_problems(rules: OrderRules, lists: CounterLists) -> Iterator[str]:
    known = {one.category_id for one in lists.tax_categories}
    for category_id in rules.tax_categories:
        if category_id not in known:
            yield f"The till has no tax category {category_id} (orders_tax_categories)."
    if rules.tax is TaxRule.TILL and not rules.tax_categories and rules.location not in lists.location_taxes:
        yield f"Location {rules.location} has no tax category of its own: choose some (orders_tax_categories)."


def _register(location: str, lists: CounterLists) -> str:
    here = [one for one in lists.registers if one.location_id == location and not one.archived]
    return min(here, key=lambda one: (not _of_the_web(one.name), int(one.register_id))).register_id if here else ""


def _employee(lists: CounterLists) -> str:
    """Choose one whose name speaks of the web; a sale under somebody else's name is for the merchant to choose."""
    named = [one.employee_id for one in lists.employees if not one.archived and _of_the_web(one.name)]
    return named[0] if named else ""


def _payment_types(lists: CounterLists) -> dict[str, str]:
    """Choose the type whose name speaks of the web, or else one of a fitting kind."""
    usable = [one for one in lists.payment_types if not one.archived]
    by_name = [one for one in usable if _of_the_web(one.name)]
    by_kind = [one for kind in PREPAID for one in usable if one.kind == kind]
    fitting = [*by_name, *by_kind]
    return {OTHER: fitting[0].type_id} if fitting else {}


def _of_the_web(name: str) -> bool:
    return any(word in name.lower() for word in WEB_WORDS)
