"""``mail list|preview``."""

import click
from rich.text import Text

from tillbridge.domain.mail import MailKind, MailState
from tillbridge.runtime.mails.letters import sample
from tillbridge.runtime.operator_commands import MAILS
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import age, cell, lines, table

STATES = {MailState.SENT: "green", MailState.WAITING: "yellow", MailState.SENDING: "yellow"}


@click.group()
def mail() -> None:
    """List the mails to merchants, and preview what they say."""


@mail.command("list")
@merchant_option
@at_desk
def list_mails(desk: Desk, merchant: str | None) -> None:
    """List mails of the last 90 days: of one merchant, or of everybody."""
    reply = desk.ask_all(MAILS, merchant=merchant)
    if not reply.value:
        desk.answer(reply.json, lines("There has been no mail."))
        return
    rows = [
        (
            one.merchant,
            one.kind,
            cell(one.state, STATES.get(one.state, "bold red")),
            age(one.sent_at or one.put_at, desk.now),
            one.attempts,
            age(one.next_at, desk.now) if one.state is MailState.WAITING else "",
            one.cause,
        )
        for one in reply.value
    ]
    columns = ("Merchant", "Mail", "!State", "!When", "#Tries", "!Next try", "Why")
    desk.answer(reply.json, table(columns, rows))


@mail.command("preview")
@click.argument("kind", type=click.Choice([str(kind) for kind in MailKind]))
@click.option("--html", "as_html", is_flag=True, help="Write the HTML part, for a browser.")
@at_desk
def preview(desk: Desk, kind: str, *, as_html: bool) -> None:
    """Write a mail of this KIND to a made-up merchant; nothing is asked of any deployment."""
    letter = sample(MailKind(kind))
    json = {"kind": kind, "subject": letter.subject, "text": letter.text, "html": letter.html}
    if as_html and not desk.as_json:
        click.echo(letter.html)
        return
    desk.answer(json, lines(f"Subject: {letter.subject}", ""), Text(letter.text.rstrip()))
