"""``holds``, ``release`` and ``drop``."""

from collections.abc import Iterator
from datetime import datetime

import click
from rich.console import RenderableType

from tillbridge.domain.work import HoldState
from tillbridge.flows.operate.hold_answers import HoldAnswer
from tillbridge.runtime.operator_commands import DROP, HOLDS, RELEASE
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import age, cell, lines, shortened, span, table

WAITING_ENDS = "`tillbridge release HOLD` lets it pass, `tillbridge drop HOLD` leaves it unwritten."
DROPPED_ENDS = "`tillbridge release HOLD` has it written after all."


@click.command()
@merchant_option
@click.option("--dropped", is_flag=True, help="Those that a person has dropped, and that are not asked about again.")
@at_desk
def holds(desk: Desk, merchant: str | None, *, dropped: bool) -> None:
    """List the plans that wait for a person because they look like an accident, with some of their changes."""
    reply = desk.ask_all(HOLDS, merchant=merchant, dropped=dropped or None)
    if not reply.value:
        desk.answer(reply.json, lines("Nothing is dropped." if dropped else "Nothing is held."))
        return
    drawn = [part for one in reply.value for part in _drawn(one, desk.now)]
    desk.answer(reply.json, *drawn, lines(DROPPED_ENDS if dropped else WAITING_ENDS))


def _drawn(one: HoldAnswer, now: datetime) -> Iterator[RenderableType]:
    yield cell(f"{one.hold}  {one.merchant}: {one.system} {one.connection}, {one.lane}", "bold")
    yield lines(one.cause)
    when = f"held for {span(now - one.created_at)}, planned afresh {age(one.expires_at, now)}"
    if one.state is HoldState.DROPPED and not one.waits:
        when = "dropped; the same is not asked about again, anything else is"
    elif one.state is not HoldState.OPEN:
        when = f"{one.state}; its lane carries that out{' when the connection is mended' if one.paused else ''}"
    yield lines(f"{one.count} {'product(s)' if one.lane == 'catalogue' else 'item(s)'}, {when}")
    rows = [
        (
            cell(" ".join(part for part in (row.key, shortened(row.name)) if part)),
            row.field,
            shortened(row.old, 20),
            shortened(row.new, 20),
        )
        for row in one.sample
    ]
    yield table(("Some of them", "Field", "Now", "Would be"), rows)


@click.command()
@click.argument("hold")
@merchant_option
@at_desk
def release(desk: Desk, hold: str, merchant: str | None) -> None:
    """Let the plan HOLD pass: it is written although it looks like an accident. It is safe to repeat."""
    reply = desk.ask(RELEASE, merchant=merchant, hold=hold)
    desk.answer(reply.json, lines(f"{reply.value.count} held change(s) will be written{_later(reply.value)}."))


@click.command()
@click.argument("hold")
@merchant_option
@at_desk
def drop(desk: Desk, hold: str, merchant: str | None) -> None:
    """Leave the plan HOLD unwritten, as long as just that would be written: `holds --dropped`. Safe to repeat."""
    reply = desk.ask(DROP, merchant=merchant, hold=hold)
    desk.answer(reply.json, lines(f"{reply.value.count} held change(s) will not be written{_later(reply.value)}."))


def _later(answer: HoldAnswer) -> str:
    return " when the connection has been mended: `tillbridge connections`" if answer.paused else ""
