"""``migrate import|calendar|board|invite|verify|rehearse|switch|back|retire``."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click
from rich.console import RenderableType

from tillbridge.domain.vendor_events import LIGHTSPEED_KEYS
from tillbridge.flows.operate.migration_answers import BoardAnswer, MigrationAnswer
from tillbridge.runtime import migration_commands as commands
from tillbridge.runtime.migration_commands import OfEvent
from tillbridge.runtime.operator_types import Command
from tillbridge_cli.application import Desk
from tillbridge_cli.bringing import BringingIn, Brought, json_of, read_merchants
from tillbridge_cli.failures import Failure, bad_input
from tillbridge_cli.options import at_desk
from tillbridge_cli.output import age, cell, lines, moment, table, unbroken

F = TypeVar("F", bound=Callable[..., None])
Step = Command[OfEvent, tuple[MigrationAnswer, ...]]


@click.group()
def migrate() -> None:
    """Move merchants from one kind of credential to another, as vendors change what they accept."""


def event_option(command: F) -> F:
    """Let a command name the vendor's event."""
    return click.option(
        "--event", metavar="NAME", default=LIGHTSPEED_KEYS.name, show_default=True, help="The vendor's event."
    )(command)


def whom_options(command: F) -> F:
    """Let a command say whom it is for."""
    one = click.option("--merchant", "-m", metavar="ID", envvar="TILLBRIDGE_MERCHANT", help="Only this merchant.")
    everybody = click.option("--all", "everybody", is_flag=True, help="Everybody who has come so far.")
    return event_option(one(everybody(command)))


@migrate.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@event_option
@click.option("--check", "only_check", is_flag=True, help="Check everything, tills and shops too, and change nothing.")
@at_desk
def import_file(desk: Desk, file: Path, event: str, *, only_check: bool) -> None:
    """Bring merchants in from a CSV FILE: with the till's API key, the shop's keys, and the links there are already.

    The file is checked as a whole before anything is done. Secrets go straight into the vault.
    """
    merchants = read_merchants(file)
    brought = BringingIn(desk, event, file.name).run(merchants, only_check=only_check)
    if only_check:
        checked = {"checked": len(merchants), "imported": [], "failed": []}
        desk.answer(checked, lines(f"{len(merchants)} merchant(s) can be brought in."))
        return
    desk.answer(json_of(brought), *_imported(brought))
    if brought.failed:
        raise Failure(
            f"{len(brought.failed)} of {len(merchants)} merchant(s) could not be brought in just now.",
            remedy="Run the same command again: whoever is in is left alone.",
            code="NotAllImported",
        )


def _imported(brought: Brought) -> Iterator[RenderableType]:
    values = [one.value for one in brought.imported]
    rows = [(one.merchant, f"{one.name} ({one.account})", one.connection) for one in values]
    yield table(("Merchant", "Till", "!Connection"), rows)
    for name, failure in brought.failed.items():
        yield lines(f"{name}: {failure.happened} {failure.remedy}".rstrip())


@migrate.command("calendar")
@at_desk
def calendar(desk: Desk) -> None:
    """Show what vendors have announced, and how many days are left."""
    reply = desk.ask(commands.CALENDAR)
    rows = [
        (
            one.event,
            lines(*(f"{phase.on} {'past' if phase.begun else 'to come'}: {phase.meaning}" for phase in one.phases)),
            cell("" if one.days_left is None else one.days_left, "bold red" if one.days_left == 0 else ""),
        )
        for one in reply.value
    ]
    desk.answer(reply.json, table(("!Event", "Phases", "#Days left"), rows))


@migrate.command("board")
@event_option
@at_desk
def board(desk: Desk, event: str) -> None:
    """Show how many are how far, who may not be done in time, and what each one's last problem was."""
    reply = desk.ask(commands.BOARD, event=event)
    one = reply.value
    desk.answer(reply.json, lines(*_head(one)), _counts(one), _rows(desk, one))


def _head(one: BoardAnswer) -> Iterator[str]:
    left = "no day is known" if one.days_left is None else f"{one.days_left} days left, until {moment(one.ends_at)}"
    yield f"{one.event} ({one.system}): {left}"
    if one.phase:
        yield one.phase


def _counts(one: BoardAnswer) -> RenderableType:
    counts = [*((stage.replace("_", " "), number) for stage, number in one.stages.items()), ("disconnected", one.gone)]
    more = [("total", one.total), ("at risk", one.at_risk), ("paused", one.stopped)]
    return table(("Stage", "#Merchants"), [*counts, *more])


def _rows(desk: Desk, one: BoardAnswer) -> RenderableType:
    rows = [
        (
            row.merchant,
            row.stage.replace("_", " "),
            age(row.since, desk.now),
            cell("yes" if row.at_risk else "", "bold red"),
            f"{row.problem} {row.remedy}".strip(),
        )
        for row in one.rows
    ]
    title = "Not done yet; further ones are not shown" if one.more else "Not done yet"
    return table(("Merchant", "Stage", "Since", "!At risk", "Last problem, and what to do"), rows, title)


def _step(name: str, command: Step, told: str) -> click.Command:
    """Make the command of one step, for one merchant or for everybody."""

    @migrate.command(name, help=told)
    @whom_options
    @at_desk
    def step(desk: Desk, event: str, merchant: str | None, *, everybody: bool) -> None:
        if bool(merchant) == everybody:
            raise bad_input("--merchant", "It is not said who is meant.", "Name one with --merchant, or use --all.")
        reply = desk.ask_all(command, event=event, merchant=merchant)
        if not reply.value:
            desk.answer(reply.json, lines("Nobody has come so far that this could be done."))
            return
        rows = [
            (row.merchant, row.stage.replace("_", " "), cell(row.told, "" if row.done else "yellow"))
            for row in reply.value
        ]
        links = [part for row in reply.value if row.link for part in (lines(f"{row.merchant}:"), unbroken(row.link))]
        desk.answer(reply.json, table(("Merchant", "Stage", "What came of it"), rows), *links)
        if merchant and not reply.value[0].done:
            raise Failure(reply.value[0].told, remedy=reply.value[0].remedy, code="NotDone")

    return step


invite = _step(
    "invite", commands.INVITE, "Ask merchants to authorise anew: each gets a mail with a link, which is shown here too."
)
verify = _step("verify", commands.VERIFY, "Compare both credentials side by side: account, shops, a sample of items.")
rehearse = _step(
    "rehearse", commands.REHEARSE, "Do everything that a switch does, but the switch, and tell what is in its way."
)
switch = _step("switch", commands.SWITCH, "Have the new credential serve. The old one stays until it is retired.")
back = _step("back", commands.BACK, "Have the old credential serve again; possible until it is retired or has ended.")
retire = _step("retire", commands.RETIRE, "Destroy the old credential. From here no way leads back.")
