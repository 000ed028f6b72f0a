"""``item``."""

from collections.abc import Iterator

import click
from rich.console import RenderableType
from rich.text import Text

from tillbridge.domain.stock import StockMode
from tillbridge.flows.operate.answers import Term
from tillbridge.flows.operate.item_answers import FieldInShop, ItemAnswer, ItemInShop, Step, TillItem
from tillbridge.runtime.operator_commands import ITEM
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import cell, lines, moment, shortened, table

EMPTY = {None, "", "[]"}
STYLES = {
    Step.IN_STEP: "green",
    Step.PENDING: "yellow",
    Step.FAILING: "bold red",
    Step.DRIFT: "bold yellow",
}


@click.command()
@click.argument("sku")
@merchant_option
@at_desk
def item(desk: Desk, sku: str, merchant: str | None) -> None:
    """Explain one item: what the till says, and what each shop should show, acknowledged, and shows right now.

    SKU may be any of the till's SKU fields, or a key as `tillbridge errors` shows it (I42, M7, 42).
    """
    reply = desk.ask(ITEM, merchant=merchant, sku=sku)
    desk.answer(reply.json, *(part for one in reply.value for part in _drawn(one)))


def _drawn(one: ItemAnswer) -> Iterator[RenderableType]:
    yield cell(shortened(one.till.description), "bold")
    yield lines(*_about(one.till))
    yield table(
        ("Location", "#On hand", "#Sellable", "Counted", "Changed"),
        [
            (
                f"{level.location} {level.name}",
                level.on_hand,
                level.sellable,
                _yes(level.counted),
                moment(level.updated_at),
            )
            for level in one.till.stock
        ],
        title="Stock in the till",
    )
    for shop in one.shops:
        yield from _shop(shop)
    if not one.shops:
        yield lines("No shop is connected.")


def _about(till: TillItem) -> Iterator[str]:
    fields = ("custom_sku", "system_sku", "manufacturer_sku", "upc", "ean")
    skus = [f"{name} {value}" for name in fields if (value := getattr(till, name))]
    state = ", deleted or merged in the till" if till.gone else ", archived" if till.archived else ""
    yield f"item {till.item}, product {till.product}{state}; {'; '.join(skus)}"
    if till.options:
        yield f"variant: {', '.join(till.options)}"
    prices = [f"{price.level}{f' {price.name}' if price.name else ''}: {price.amount}" for price in till.prices]
    yield f"prices by level: {', '.join(prices) or 'none'}"
    yield f"last changed in the till at {moment(till.updated_at)}"


def _shop(shop: ItemInShop) -> Iterator[RenderableType]:
    listing = f"listing {shop.listing}" if shop.listing else "no listing"
    name = " ".join(part for part in (str(shop.system), shop.connection, shop.name) if part)
    title = f"{name}: {listing}, {shop.wanted}, connection {shop.state}"
    stock = shop.stock
    rows: list[tuple[object, ...]] = [
        ("stock", cell(stock.desired), cell(stock.known), cell(stock.observed), _step(stock.step)),
    ]
    rows += [_row(field) for field in shop.fields if {field.desired, field.known, field.observed} - EMPTY]
    yield table(("Field", "Desired", "Known", "Observed", "Step"), rows, title=title)
    yield lines(*_notes(shop))


def _row(field: FieldInShop) -> tuple[object, ...]:
    values = (field.desired, field.known, field.observed)
    return (field.name, *(cell(None if value is None else shortened(value)) for value in values), _step(field.step))


def _notes(shop: ItemInShop) -> Iterator[str]:
    yield from _terms(shop)
    yield f"  stock sent {moment(shop.stock.sent_at) or 'never'}"
    yield f"  stock acknowledged {moment(shop.stock.acknowledged_at) or 'never'}"
    yield f"  product acknowledged {moment(shop.acknowledged_at) or 'never'}"
    yield f"  last seen equal to the till {moment(shop.verified_at) or 'never'}"
    if shop.observed_at:
        yield f"  observed {moment(shop.observed_at)}"
    if shop.unobserved:
        yield f"  not observed: {shop.unobserved}"
    for reason in shop.reasons:
        yield f"  {reason.happened} {reason.remedy}".rstrip()
    for look in shop.waiting:
        tried = f", tried {look.tries} times" if look.tries else ""
        yield f"  {look.lane}: changed {moment(look.since)}, next look {moment(look.due_at)}{tried}"


def _terms(shop: ItemInShop) -> Iterator[str]:
    rule = "" if shop.stock.mode is StockMode.SUM else f" ({shop.stock.mode})"
    yield f"  stock{rule} {_sum(shop.stock.terms)}"
    yield f"  the rule: {shop.stock.rule}"
    if shop.stock.missing:
        yield f"  stock was never read at location {', '.join(shop.stock.missing)}: nothing is written until it was"
    for field in shop.fields:
        if field.terms:
            yield f"  {field.name} {_sum(field.terms)}"


def _sum(terms: tuple[Term, ...]) -> str:
    """Write how a number comes about: ``= 5 location 1 (High Street) at ... - 2 web order c2:1001``."""
    told = []
    for number, term in enumerate(terms):
        sign = "-" if term.amount < 0 else "+" if number else "="
        at = f" at {moment(term.at)}" if term.at else ""
        told.append(f"{sign} {abs(term.amount)} {term.name}{at}")
    return " ".join(told) or "= 0"


def _step(step: Step) -> Text:
    return cell(str(step), STYLES.get(step, ""))


def _yes(answer: bool) -> str:  # noqa: FBT001
    return "yes" if answer else "no"
