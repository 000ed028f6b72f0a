"""``links``."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
from rich.console import RenderableType

from tillbridge.domain.judging import LinkState
from tillbridge.domain.matching import RULES
from tillbridge.flows.operate.link_answers import LinkAnswer
from tillbridge.runtime.operator_commands import LINKS, LOAD_LINKS
from tillbridge_cli.application import Desk, Reply
from tillbridge_cli.failures import bad_input
from tillbridge_cli.link_files import read_decisions, write_rows
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import cell, lines, shortened, table

SHOWN = 100
"""Rows of a table: as many as a person reads; files have all of them."""

Portions = Iterator[Reply[tuple[LinkAnswer, ...]]]


@click.command()
@merchant_option
@click.option("--state", type=click.Choice([str(state) for state in LinkState]), help="Only these.")
@click.option("--csv", "as_csv", is_flag=True, help="Write all rows as CSV, to correct and load back.")
@click.option(
    "--load",
    "file",
    type=click.Path(path_type=Path),
    help="Take decisions from a CSV file: the lines in which the column action is filled.",
)
@at_desk
def links(desk: Desk, merchant: str | None, state: str | None, file: Path | None, *, as_csv: bool) -> None:
    """List how items and listings are linked, why some are not, and what to do. With --load, decide about them.

    Actions are link, unlink, ignore, create and auto; docs/merchant.md says what each does.
    """
    if as_csv and desk.as_json:
        raise bad_input("--csv", "There is one format at a time.", "Leave out --csv or --json.")
    if file is not None:
        if as_csv or state:
            raise bad_input("--load", "A file is loaded by itself.", "Leave out --csv and --state.")
        _load(desk, merchant, file)
        return
    portions = desk.portions(LINKS, merchant=merchant, state=state)
    if as_csv:
        for portion in write_rows(portion.value for portion in portions):
            click.echo(portion, nl=False)
    elif desk.as_json:
        desk.stream(row for portion in portions for row in portion.json)
    else:
        desk.answer(None, *_drawn(portions, everything=state is not None))


def _load(desk: Desk, merchant: str | None, file: Path) -> None:
    reply = desk.ask(LOAD_LINKS, merchant=merchant, rows=read_decisions(file))
    changed = sum(one.changed for one in reply.value)
    told = [
        f"{len(reply.value)} decision(s) stand, {changed} of them new. They are carried out at the shop's next look."
    ]
    if any(one.paused for one in reply.value):
        told.append("Some wait for their connection to be mended: `tillbridge connections`.")
    desk.answer(reply.json, lines(*told))


def _drawn(portions: Portions, *, everything: bool) -> Iterator[RenderableType]:
    """Show counts and the first rows; what is linked and in order needs no reading."""
    counts: Counter[LinkState] = Counter()
    shown: list[LinkAnswer] = []
    for row in chain.from_iterable(portion.value for portion in portions):
        counts[row.state] += 1
        if len(shown) < SHOWN and (everything or row.state is not LinkState.LINKED or row.reason):
            shown.append(row)
    if shown:
        yield table(("State", "Item", "Listing", "Why, and what to do"), map(_cells, shown))
    told = ", ".join(f"{counts[state]} {state}" for state in LinkState if counts[state])
    yield lines(f"{told}." if told else "There is nothing to link.", *_more(counts, len(shown), everything=everything))
    yield table(("What is compared", "How"), RULES.items())


def _more(counts: Counter[LinkState], shown: int, *, everything: bool) -> Iterator[str]:
    hidden = counts.total() - shown - (0 if everything else counts[LinkState.LINKED])
    if hidden > 0:
        yield f"{hidden} more are in the files that --csv and --json write."


def _cells(row: LinkAnswer) -> tuple[object, ...]:
    item = " ".join(part for part in (row.product, row.sku, shortened(row.name, 30), row.options) if part)
    listing = " ".join(part for part in (row.listing, row.listing_sku, shortened(row.listing_name, 30)) if part)
    why = " ".join(part for part in (row.reason, row.remedy) if part)
    return str(row.state), cell(item), cell(listing), cell(why)
