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


@click.command()
@merchant_option
@at_desk
def holds(desk: Desk, merchant: str | None) -> None:
    """List the plans that wait for a person because they look like an accident, with some of their changes."""
    reply = desk.ask_all(HOLDS, merchant=merchant)
    if not reply.value:
        desk.answer(reply.json, lines("Nothing is held."))
        return
    drawn = [part for one in reply.value for part in _drawn(one, desk.now)]
    desk.answer(reply.json, *drawn, lines("`tillbridge release HOLD` lets it pass, `tillbridge drop HOLD` forgets it."))


def _drawn(one: HoldAnswer, now: datetime) -> Iterator[RenderableType]:
    yield cell(f"{one.hold}  {one.merchant}: {one.system} {one.connection}, {one.lane}", "bold")
    yield lines(one.cause)
    when = f"held for {span(now - one.created_at)}, planned afresh {age(one.expires_at, now)}"
    if one.state is not HoldState.OPEN:
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
    """Forget the plan HOLD: nothing of it is written until the till changes the item again. It is safe to repeat."""
    reply = desk.ask(DROP, merchant=merchant, hold=hold)
    desk.answer(reply.json, lines(f"{reply.value.count} held change(s) will be forgotten{_later(reply.value)}."))


def _later(answer: HoldAnswer) -> str:
    return " when the connection has been mended: `tillbridge connections`" if answer.paused else ""
