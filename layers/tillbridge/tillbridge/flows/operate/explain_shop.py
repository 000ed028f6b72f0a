"""The shop's half of an explanation: desired, known and observed side by side."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.catalogue import Category, Item, Location, Matrix, Reference
from tillbridge.domain.desire import Desired
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.planning import Blocked, Withheld
from tillbridge.domain.product import Link, ListingRef
from tillbridge.domain.stock import AT_LOCATION, WEB_ORDER, StockFigure, StockMode, StockRule
from tillbridge.domain.work import Shelf
from tillbridge.flows.operate.answers import Term
from tillbridge.flows.operate.explain_fields import Sides, explain_fields
from tillbridge.flows.operate.explain_guard import guard_reasons
from tillbridge.flows.operate.item_answers import ItemInShop, LookAnswer, ReasonAnswer, Step, StockInShop
from tillbridge.flows.operate.unlinked import CODE, REMEDY, UnlinkedBook
from tillbridge.flows.plan_catalogue import desire_products
from tillbridge.flows.plan_stock import shows
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.systems.shop import ObservedVariant

MARKS_READ = 5000
SPOKEN_OF = re.compile(r"\b(?P<list>location|category) (?P<id>[0-9]+)$")
ASKING = timedelta(seconds=25)
"""Time a shop may take to answer; with less left it is not asked any more."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What a shop showed just now, or why it could not be asked."""

    seen: ObservedVariant | None = None
    at: datetime | None = None
    why_not: str = ""


def explain_in_shop(keeper: ShopKeeper, item: Item, matrix: Matrix | None, reference: Reference) -> ItemInShop:
    """Put together what one shop should show of an item, what it acknowledged, and what it shows."""
    key = item.product_key
    links = keeper.links.get(keeper.shop_id, [key])
    desired = desire_products(keeper, [key], links)[key]
    link = links.get(key, Link(product_key=key))
    shelf = keeper.shelves.get(keeper.shop_id, [item.item_id]).get(item.item_id)
    known = link.variant(item.item_id)
    ref = shelf.ref if shelf else known.ref if known else None
    observation = observe(keeper, ref)
    connection = keeper.connection
    return ItemInShop(
        connection=connection.connection_id,
        system=connection.system,
        name=connection.account_name,
        state=connection.state,
        listing=str(ref) if ref else "",
        wanted=_wanted(desired),
        reasons=(*_reasons(desired, link, shelf), *guard_reasons(keeper, item), *_unlinked(keeper, item)),
        waiting=tuple(_waiting(keeper, item)),
        stock=_stock(keeper, item, shelf, observation, reference),
        fields=tuple(explain_fields(keeper.settings, item, matrix, Sides(desired, link, observation.seen))),
        acknowledged_at=link.acknowledged_at,
        verified_at=keeper.shelves.verified(keeper.shop_id, [item.item_id]).get(item.item_id),
        observed_at=observation.at,
        unobserved=observation.why_not,
    )


def observe(keeper: ShopKeeper, ref: ListingRef | None) -> Observation:
    """Read a listing back from the shop; trouble with the shop is part of the answer, not its end."""
    if ref is None:
        return Observation()
    if not keeper.connection.working:
        return Observation(why_not=f"The connection is {keeper.connection.state}: {keeper.connection.cause}")
    if keeper.deadline.left() < ASKING:
        return Observation(why_not="There was no time left to ask the shop.")
    try:
        seen = keeper.observe([ref]).get(ref)
    except TillbridgeError as error:
        return Observation(why_not=error.happened)
    return Observation(seen, keeper.clock.now(), "" if seen else "The listing is gone from the shop.")


def _wanted(desired: Desired) -> str:
    match desired:
        case Withheld():
            return "withheld"
        case Blocked():
            return "blocked"
        case _:
            return "shown"


def _reasons(desired: Desired, link: Link, shelf: Shelf | None) -> Iterator[ReasonAnswer]:
    """Say why it is not shown, and what failed."""
    if isinstance(desired, Withheld):
        yield ReasonAnswer(code="withheld", happened=f"It is not on sale: {desired.reason}.", remedy="")
    if isinstance(desired, Blocked):
        for reason in desired.reasons:
            yield ReasonAnswer(code=reason.code, happened=reason.happened, remedy=reason.remedy)
    elif link.problem:
        yield ReasonAnswer(code=link.problem.code, happened=link.problem.happened, remedy=link.problem.remedy)
    if shelf and shelf.problem_code:
        yield ReasonAnswer(code=shelf.problem_code, happened=shelf.problem, remedy=shelf.remedy)


def _unlinked(keeper: ShopKeeper, item: Item) -> Iterator[ReasonAnswer]:
    """Tell of ordered units that are probably this item's, and are not among the terms of its stock."""
    own = {item.custom_sku, item.system_sku, item.manufacturer_sku, item.upc, item.ean}
    skus = {sku.strip().casefold() for sku in own if sku}
    for units in UnlinkedBook(keeper.unlinked, keeper.shelves, keeper.choices).units(keeper.shop_id):
        if units.line.sku.strip().casefold() in skus:
            yield ReasonAnswer(code=CODE, happened=units.happened, remedy=REMEDY)


def _waiting(keeper: ShopKeeper, item: Item) -> Iterator[LookAnswer]:
    for lane, key in ((Lane.CATALOGUE, item.product_key), (Lane.STOCK, item.item_id)):
        for mark in keeper.marks.waiting(keeper.shop_id, lane, MARKS_READ):
            if mark.key == key:
                yield LookAnswer(lane=lane, key=key, since=mark.since, due_at=mark.due_at, tries=mark.tries)


def _stock(
    keeper: ShopKeeper, item: Item, shelf: Shelf | None, observation: Observation, reference: Reference
) -> StockInShop:
    figure = keeper.figures([item.item_id])[item.item_id]
    return StockInShop(
        step=_stock_step(figure, shelf, observation),
        rule=rule_text(keeper.stock_rule(), reference),
        desired=figure.quantity if figure.writable else None,
        known=shelf.known if shelf else None,
        observed=observation.seen.quantity if observation.seen else None,
        mode=keeper.stock_rule().mode,
        terms=tuple(
            Term(name=_with_state(keeper, _with_name(term.name, reference)), amount=term.amount, at=term.at)
            for term in figure.terms
        ),
        missing=figure.missing,
        sent_at=shelf.sent_at if shelf else None,
        acknowledged_at=shelf.acknowledged_at if shelf else None,
    )


def _with_name(term: str, reference: Reference) -> str:
    """Add the name of a location or category to the term that speaks of it."""
    spoken = SPOKEN_OF.search(term)
    if spoken is None:
        return term
    lists: Mapping[str, Location | Category] = (
        reference.locations if spoken["list"] == "location" else reference.categories
    )
    entry = lists.get(spoken["id"])
    return f"{term} ({entry.name})" if entry else term


def _with_state(keeper: ShopKeeper, term: str) -> str:
    """Add how far an order has come on its way into the till to the term that speaks of it."""
    if not term.startswith(WEB_ORDER):
        return term
    shop, _, order_id = term.removeprefix(WEB_ORDER).partition(AT_LOCATION)[0].partition(":")
    record = keeper.records.get(shop, [order_id]).get(order_id)
    if record is None:
        return term
    why = f": {record.reason}" if record.state is OrderState.PARKED else ""
    return f"{term} ({record.state}{why})"


def rule_text(rule: StockRule, reference: Reference) -> str:
    """Say in words which figures of the till count."""
    places = ", ".join(_with_name(f"location {place}", reference) for place in rule.locations) or "no location"
    sellable = {
        StockMode.SUM: f"what can be sold at {places}, added up",
        StockMode.PICK: f"the most that can be sold at one of {places}",
        StockMode.MAP: f"what can be sold at each of {places}",
    }[rule.mode]
    return f"{sellable}, minus safety stock and web orders, rounded down{'' if rule.backorders else ', never below 0'}"


def _stock_step(figure: StockFigure, shelf: Shelf | None, observation: Observation) -> Step:
    if shelf is None:
        return Step.NOT_LISTED
    if not shelf.tracked:
        return Step.UNTRACKED
    if shelf.problem_code:
        return Step.FAILING
    if not figure.writable or not shows(shelf, figure):
        return Step.PENDING
    if observation.seen and not observation.seen.shows(figure):
        return Step.DRIFT
    return Step.IN_STEP
