"""``orders`` and ``order show|resend|release|ignore|forget``."""

from collections.abc import Iterator
from datetime import datetime

import click
from rich.console import RenderableType

from tillbridge.domain.orders.listing import LISTINGS, RETURNED
from tillbridge.domain.orders.record import OrderState
from tillbridge.flows.operate.order_answers import BookingAnswer, OrderAnswer, OrderWhole
from tillbridge.runtime.operator_types import Command
from tillbridge.runtime.order_commands import FORGET, IGNORE, LIST, RELEASE, RESEND, SHOW, NameOrder
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import age, cell, lines, moment, table

COLOURS = {
    OrderState.DONE: "green",
    OrderState.PARKED: "bold red",
    OrderState.WAITING: "dim",
    OrderState.IGNORED: "dim",
    OrderState.CANCELLED: "dim",
}
TASK = "goods came back at the till: give the money back in the shop"


@click.command()
@merchant_option
@click.option("--state", type=click.Choice(LISTINGS), help="Only those in this state; otherwise all that are not over.")
@at_desk
def orders(desk: Desk, merchant: str | None, state: str | None) -> None:
    """List web orders on their way into the till, those that wait for a person first."""
    reply = desk.ask_all(LIST, merchant=merchant, state=state)
    if not reply.value:
        what = f"No order is {state}." if state else "No order is on its way."
        desk.answer(reply.json, lines(what))
        return
    rows = [
        (
            cell(one.order),
            one.merchant,
            one.number,
            cell(
                RETURNED if one.tasks and one.state is OrderState.DONE else one.state, COLOURS.get(one.state, "yellow")
            ),
            ", ".join(one.sales),
            age(one.placed_at or one.seen_at, desk.now),
            one.reason or (TASK if one.tasks else ""),
        )
        for one in reply.value
    ]
    columns = ("!Order", "Merchant", "!Number", "!State", "Sale", "!Placed", "Why")
    desk.answer(
        reply.json,
        table(columns, rows),
        lines("`tillbridge order show ORDER` shows one with its sales and what to do."),
    )


@click.group()
def order() -> None:
    """Look at one web order, and decide what becomes of it in the till."""


@order.command("show")
@click.argument("order_name", metavar="ORDER")
@merchant_option
@at_desk
def show(desk: Desk, order_name: str, merchant: str | None) -> None:
    """Show an order with its sales line by line, each difference, and its history."""
    reply = desk.ask(SHOW, merchant=merchant, order=order_name)
    desk.answer(reply.json, *_drawn(reply.value, desk.now))


def _decision(command: Command[NameOrder, OrderWhole], told: str, done: str) -> click.Command:
    """Make the command of one decision; ``done`` says what became of the order, in the place of ``{}``."""

    @order.command(command.name.removeprefix("order-"), help=f"{told} Safe to repeat.")
    @click.argument("order_name", metavar="ORDER")
    @merchant_option
    @at_desk
    def decide(desk: Desk, order_name: str, merchant: str | None) -> None:
        reply = desk.ask(command, merchant=merchant, order=order_name)
        whole = reply.value
        desk.answer(reply.json, lines(f"{done.format(_name(whole.about))}{_later(whole) if whole.waits else ''}."))

    return decide


resend = _decision(
    RESEND,
    "Have an order looked at afresh: a parked one is tried again, an ignored one no longer is.",
    "Order {} is looked at afresh",
)
release = _decision(
    RELEASE,
    "Let a parked order pass: its difference becomes a line, what is not linked a name.",
    "Order {} is rung up with its difference",
)
ignore = _decision(
    IGNORE,
    "Make no sale of an order: it was rung up by hand. Its units are reserved no longer.",
    "Order {} is ignored; its units are let go",
)
forget = _decision(
    FORGET,
    "Take the buyer's data off the till, if Tillbridge has put it there. It cannot be undone.",
    "Nothing of the buyer of order {} is left in the till",
)


def _next_look(whole: OrderWhole, now: datetime) -> str:
    """Tell when; a parked order is looked at again now and then, after ever longer times."""
    if whole.next_look is None or whole.next_look <= now or whole.paused:
        return f"is about to be looked at{_later(whole)}"
    return f"is looked at again {age(whole.next_look, now)}"


def _later(whole: OrderWhole) -> str:
    return " when the till's connection has been mended: `tillbridge connections`" if whole.paused else ""


def _name(about: OrderAnswer) -> str:
    return about.number or about.order


def _drawn(whole: OrderWhole, now: datetime) -> Iterator[RenderableType]:
    about = whole.about
    yield cell(f"{_name(about)}  {about.merchant}: {about.system} {about.order}, {about.state}", "bold")
    if about.reason:
        yield lines(about.reason, *([f"What to do: {about.remedy}"] if about.remedy else []))
    told = [f"placed {age(about.placed_at or about.seen_at, now)}"]
    told += [f"shows {whole.noted} in the shop"] if whole.noted else []
    told += [f"customer {whole.customer}"] if whole.customer else []
    told += [_next_look(whole, now)] if whole.waits else []
    yield lines(", ".join(told))
    for booking in whole.bookings:
        yield _sale(booking)
    if whole.reserved:
        units = ", ".join(f"{amount} of item {item_id}" for item_id, amount in whole.reserved.items())
        yield lines(f"Kept off sale: {units}.")
    for one in whole.returns:
        yield lines(f"Came back at the till as {one.ticket}: {one.total}, {_refunded(one.refund)}.")
    rows = [(moment(one.at), one.what, one.request_id) for one in whole.history]
    yield table(("!When", "What", "Request"), rows)


def _sale(booking: BookingAnswer) -> RenderableType:
    what = f"{booking.booking}: {booking.state}, {booking.ticket or booking.reference}, {booking.expected}"
    if booking.rounding:
        what += f", {booking.rounding} of it rounding"
    if booking.difference:
        what += f"; THE TILL DIFFERS BY {booking.difference}"
    rows = [
        (line.name or line.line or "-", line.item, line.units, line.unit_price, line.till_line)
        for line in booking.lines
    ]
    return table(("What", "Item", "#Units", "#Price", "Till's line"), rows, title=what)


def _refunded(refund: str) -> str:
    return f"refunded in the shop as {refund}" if refund else "not refunded in the shop yet"
