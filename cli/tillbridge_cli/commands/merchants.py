"""``merchant add|contact|list|settings``."""

from collections.abc import Sequence

import click

from tillbridge.flows.operate.answers import SettingAnswer
from tillbridge.runtime.operator_commands import ADD_MERCHANT, CONTACT, LIST_MERCHANTS, SETTINGS
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, pairs
from tillbridge_cli.output import cell, lines, moment, table


@click.group()
def merchant() -> None:
    """Add and list merchants, show and change what they have chosen."""


@merchant.command("add")
@click.argument("merchant_id", metavar="ID")
@click.argument("name")
@click.option("--email", metavar="ADDRESS", help="Where mails about its connections go.")
@at_desk
def add(desk: Desk, merchant_id: str, name: str, email: str | None) -> None:
    """Add a merchant: a short ID for commands, and its NAME."""
    reply = desk.ask(ADD_MERCHANT, merchant=merchant_id, name=name, email=email)
    added = reply.value
    desk.answer(
        reply.json,
        lines(
            f"Merchant {added.merchant} ({added.name}) has been added.",
            f"Next: tillbridge connect lightspeed --merchant {added.merchant}",
        ),
    )


@merchant.command("contact")
@click.argument("merchant_id", metavar="ID")
@click.argument("email", metavar="EMAIL")
@at_desk
def contact(desk: Desk, merchant_id: str, email: str) -> None:
    """Change where mails about a merchant's connections go; an empty EMAIL for nowhere."""
    reply = desk.ask(CONTACT, merchant=merchant_id, email=email)
    told = "go to the new address" if reply.value.contact else "are no longer sent"
    desk.answer(reply.json, lines(f"Mails to merchant {reply.value.merchant} {told}."))


@merchant.command("list")
@at_desk
def list_merchants(desk: Desk) -> None:
    """List the merchants."""
    reply = desk.ask(LIST_MERCHANTS)
    rows = [
        (one.merchant, one.name, moment(one.created_at), "yes" if one.contact else "no address") for one in reply.value
    ]
    desk.answer(reply.json, table(("Merchant", "Name", "Added", "Mails"), rows))


@merchant.command("settings")
@click.argument("merchant_id", metavar="ID")
@click.argument("changes", metavar="[NAME=VALUE]...", nargs=-1)
@at_desk
def settings(desk: Desk, merchant_id: str, changes: Sequence[str]) -> None:
    """Show a merchant's settings, after changing those that are given: all of them, or none when one is wrong."""
    given = pairs(changes)
    reply = desk.ask(SETTINGS, merchant=merchant_id, changes=given)
    answer = reply.value
    rows = [_row(one) for one in answer.settings if not given or one.name in {*given, *answer.changed}]
    shown = table(("Setting", "Value", "What it means: what it takes"), rows)
    told = f"Changed: {', '.join(answer.changed) or 'nothing, it was all so already'}."
    told += f" {len(answer.shops)} shop(s) look at everything again." if answer.shops else ""
    told += f" {answer.orders} order(s) that waited are looked at again." if answer.orders else ""
    missing = [f"No order becomes a sale yet: {one}" for one in answer.missing]
    desk.answer(reply.json, shown, *([lines(told, *missing)] if given else ()))


def _row(one: SettingAnswer) -> tuple[object, ...]:
    """Show a setting; what the merchant has chosen is bold and names the default."""
    style = "bold" if one.own else ""
    value = f"{one.value or '-'} (default: {one.default or '-'})" if one.own else one.value
    return cell(one.name, style), cell(value, style), f"{one.meaning}: {one.takes}"
