"""``preview``."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

import click
from rich.console import RenderableType
from rich.progress import Progress, TaskID
from rich.table import Table

from tillbridge.domain.merchant import ConnectionState
from tillbridge.flows.operate.preview_answers import ChangeKind, FieldChange, FirstRead, PlannedChange
from tillbridge.runtime.operator_commands import PREVIEW
from tillbridge_cli.application import Desk
from tillbridge_cli.foreseen import EXAMPLES, ShopTotal, Totals
from tillbridge_cli.options import at_desk, merchant_option, pairs
from tillbridge_cli.output import cell, lines, shortened, table
from tillbridge_cli.progress import counter_on

SHORT = 24
STYLES = {ChangeKind.UNPUBLISH: "bold yellow", ChangeKind.HELD: "bold yellow", ChangeKind.BLOCKED: "bold red"}


@click.command()
@merchant_option
@click.option("--shop", metavar="CONNECTION", help="Only this shop; `tillbridge connections` shows the ids.")
@click.option("--setting", "settings", metavar="NAME=VALUE", multiple=True, help="As if this setting were so.")
@at_desk
def preview(desk: Desk, merchant: str | None, shop: str | None, settings: Sequence[str]) -> None:
    """Show what a sync would write into the shops, field by field, without writing anything.

    What looks like an accident is shown as held, and zeros that the till is first asked about again as such.
    With --setting, as often as needed, it shows what would be written after that change; the setting stays as it is.
    """
    given = pairs(settings)
    totals = Totals()
    with TemporaryFile("w+") as changes:
        with counter_on(desk.console(), hidden=desk.as_json) as progress:
            task = progress.add_task("Looking", total=None)
            for portion in desk.portions(PREVIEW, merchant=merchant, shop=shop, changes=given or None):
                for one, as_json in zip(portion.value, portion.json, strict=True):
                    _show(progress, task, totals.add(one))
                    _keep(changes, as_json)
        if desk.as_json:
            shops = [total.as_dict() for total in totals.shops.values()]
            desk.answer_long({"settings": given, "calls": totals.calls, "shops": shops}, "changes", _kept(changes))
            return
    desk.answer(None, *_drawn(totals, dict(given)))


def _show(progress: Progress, task: TaskID, total: ShopTotal) -> None:
    told = f"{total.system} {total.connection}: {total.products} products, {total.items} items"
    progress.update(task, description=told)


def _keep(changes: IO[str], as_json: dict[str, list[dict[str, object]]]) -> None:
    """Put the changes aside, a line each: a hundred thousand products need not fit into memory."""
    for change in as_json["changes"]:
        changes.write(json.dumps({"connection": as_json["connection"], **change}) + "\n")


def _kept(changes: IO[str]) -> Iterator[str]:
    changes.seek(0)
    return (line.rstrip("\n") for line in changes)


def _drawn(totals: Totals, settings: dict[str, str]) -> Iterator[RenderableType]:
    if settings:
        yield lines(f"After {', '.join(f'{name}={value}' for name, value in settings.items())}:")
    for total in totals.shops.values():
        yield from _shop(total)
    if totals.quiet:
        so_far = " so far" if any(total.first_read for total in totals.shops.values()) else ""
        yield lines(f"Nothing would be written{so_far}: the shops have acknowledged all that they should show.")
        return
    if totals.held:
        yield lines("What is held is not written before a person releases it: see `tillbridge holds`.")
    yield lines(f"About {totals.calls} calls to the shops' APIs. --json shows every change.")


def _shop(total: ShopTotal) -> Iterator[RenderableType]:
    looked = f"{total.products} products and the stock of {total.items} items looked at"
    yield lines(f"{total.title}: {looked}")
    if total.state is ConnectionState.BROKEN:
        yield lines("  its connection is broken: nothing is written until it has been mended")
    if total.first_read:
        yield lines(*_so_far(total.first_read))
    kinds = [kind for kind in ChangeKind if total.counts[kind]]
    if not kinds:
        return
    yield table(("What", "#How many", "Fields"), [_count(total, kind) for kind in kinds])
    shown = [kind for kind in kinds if kind is not ChangeKind.BLOCKED]
    if shown:
        yield _examples(total, shown)
    if total.held:
        yield _held(total)
    if ChangeKind.SECOND_READING in kinds:
        yield lines(total.examples[ChangeKind.SECOND_READING][0].why)
    if ChangeKind.BLOCKED in kinds:
        rows = [(_named(change), cell(change.why)) for change in total.examples[ChangeKind.BLOCKED]]
        yield table(("Product", "Why not, and what to do"), rows, title="Not done")


def _so_far(read: FirstRead) -> Iterator[str]:
    about = "" if read.about is None else f" of about {read.about:,}"
    yield f"  the till is being read for the first time: {read.items:,}{about} items so far, and only they are shown"
    if read.waits:
        yield "  the shop sells already: nothing is written before all items are read, as one to come may share an SKU"


def _held(total: ShopTotal) -> Table:
    rows = [(one.hold or "new", f"{one.count:,}", cell(one.cause)) for one in total.held.values()]
    return table(("Hold", "#How many", "Why"), rows, title="Held")


def _count(total: ShopTotal, kind: ChangeKind) -> tuple[object, ...]:
    fields = ", ".join(f"{name} {count}" for name, count in total.fields[kind].most_common())
    return cell(str(kind), STYLES.get(kind, "")), total.counts[kind], cell(fields)


def _examples(total: ShopTotal, kinds: Sequence[ChangeKind]) -> Table:
    """Show the first few fields of each kind."""
    rows: list[tuple[object, ...]] = []
    for kind in kinds:
        drawn = (_example(kind, change, one) for change in total.examples[kind] for one in change.fields)
        rows += islice(drawn, EXAMPLES)
    return table(("!What", "Product", "SKU", "Field", "Now", "Then"), rows, title="For example")


def _example(kind: ChangeKind, change: PlannedChange, field: FieldChange) -> tuple[object, ...]:
    return (
        cell(str(kind), STYLES.get(kind, "")),
        _named(change),
        cell(shortened(field.sku or change.sku, SHORT)),
        cell(field.field),
        cell("not known" if field.old is None and change.listing else shortened(field.old or "", SHORT)),
        cell(shortened(field.new, SHORT)),
    )


def _named(change: PlannedChange) -> object:
    return cell(f"{change.key} {shortened(change.name, SHORT)}".rstrip())
