"""``compliance list|show|done``."""

from collections.abc import Iterator
from datetime import datetime

import click
from rich.text import Text

from tillbridge.flows.operate.compliance_answers import ComplianceAnswer
from tillbridge.runtime.operator_commands import REQUEST, REQUESTS, SETTLE
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk
from tillbridge_cli.output import age, cell, lines, moment, span, table


@click.group()
def compliance() -> None:
    """See and settle what vendors ask by law: to hand out or delete what is kept of a customer or a shop."""


@compliance.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that were settled in the last 90 days, too.")
@at_desk
def list_requests(desk: Desk, *, everything: bool) -> None:
    """List the requests that are open, each with how long it has been and the legal time left."""
    reply = desk.ask(REQUESTS, everything=everything or None)
    if not reply.value:
        desk.answer(reply.json, lines("There is none." if everything else "None is open."))
        return
    rows = [
        (
            one.request,
            one.topic,
            one.account,
            ", ".join(dict.fromkeys(concerned.merchant for concerned in one.connections)),
            age(one.asked_at, desk.now),
            _left(one, desk.now),
        )
        for one in reply.value
    ]
    desk.answer(reply.json, table(("!Request", "!Topic", "Shop", "Merchant", "!Asked", "!Time left"), rows))


@compliance.command("show")
@click.argument("request")
@at_desk
def show_request(desk: Desk, request: str) -> None:
    """Show one REQUEST: whom it is about, what was done, or what to do."""
    reply = desk.ask(REQUEST, request=request)
    desk.answer(reply.json, lines(*_told(reply.value, desk.now)))


@compliance.command("done")
@click.argument("request")
@click.option("--by", metavar="NAME", required=True, help="Who has settled it.")
@click.option("--what", metavar="TEXT", required=True, help="What was done; nothing that tells who a customer is.")
@at_desk
def settle_request(desk: Desk, request: str, by: str, what: str) -> None:
    """Note that a person has settled REQUEST. It is safe to repeat: what is noted already stays."""
    reply = desk.ask(SETTLE, request=request, by=by, what=what)
    desk.answer(reply.json, lines(*_told(reply.value, desk.now)))


def _left(one: ComplianceAnswer, now: datetime) -> Text:
    if not one.open:
        return cell(f"done by {one.done_by}", "green")
    if one.overdue:
        return cell(f"over for {span(now - one.due_at)}", "bold red")
    return cell(span(one.due_at - now), "yellow")


def _told(one: ComplianceAnswer, now: datetime) -> Iterator[str]:
    yield f"{one.request}  {one.topic} of {one.system} shop {one.account}"
    yield f"asked {moment(one.asked_at)}, to be settled by {moment(one.due_at)}"
    for concerned in one.connections:
        yield f"{concerned.merchant}: connection {concerned.connection}, {concerned.state}"
    if one.open:
        yield f"open, time left: {_left(one, now)}"
        yield one.remedy
    else:
        yield f"done {moment(one.done_at)} by {one.done_by}: {one.answer}"
