"""``errors`` and ``retry``."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import click
from rich.table import Table

from tillbridge.flows.operate.answers import ProblemAnswer
from tillbridge.runtime.operator_commands import ERRORS, RETRY
from tillbridge_cli.application import Desk
from tillbridge_cli.failures import bad_input
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import age, cell, lines, table


@click.command()
@merchant_option
@at_desk
def errors(desk: Desk, merchant: str | None) -> None:
    """List what is not in step, why, and what to do: broken connections, products and stock."""
    reply = desk.ask_all(ERRORS, merchant=merchant)
    if not reply.value:
        desk.answer(reply.json, lines("Nothing fails."))
        return
    drawn = [_drawn(place, list(rows), desk.now) for place, rows in groupby(reply.value, _place)]
    desk.answer(reply.json, *drawn, lines("`tillbridge retry` takes the key in front of the name."))


def _place(one: ProblemAnswer) -> str:
    lane = f", {one.lane}" if one.lane else ""
    return f"{one.merchant}: {one.system} {one.connection}{lane}"


def _drawn(place: str, rows: Sequence[ProblemAnswer], now: datetime) -> Table:
    """Show the problems of one place; the heading tells which."""
    return table(
        ("What", "Why, and what to do", "!Since", "!Next try"),
        [
            (
                cell(" ".join(part for part in (one.key or one.thing, one.name) if part)),
                cell(" ".join(part for part in (one.happened, one.remedy) if part)),
                age(one.since, now),
                age(one.retry_at, now),
            )
            for one in rows
        ],
        title=place,
    )


@click.command()
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@merchant_option
@click.option("--all", "everything", is_flag=True, help="Retry whatever fails.")
@at_desk
def retry(desk: Desk, keys: Sequence[str], merchant: str | None, *, everything: bool) -> None:
    """Look at these at once: products (I42, M7) or the stock of items (42), failing or not.

    The stock of a KEY is written anew, also when the shop has acknowledged it before.
    """
    if bool(keys) == everything:
        raise bad_input("KEY", "Either keys or --all are needed.", "Name keys as `tillbridge errors` shows, or --all.")
    reply = desk.ask(RETRY, merchant=merchant, keys=list(dict.fromkeys(keys)))
    paused = sum(one.paused for one in reply.value)
    told = [f"{len(reply.value)} will be looked at now." if reply.value else "Nothing fails, nothing is retried."]
    if paused:
        told.append(f"{paused} of them wait for their connection to be mended: `tillbridge connections`.")
    desk.answer(reply.json, lines(*told))
