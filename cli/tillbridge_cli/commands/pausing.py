"""``pause``, ``resume``."""

import click

from tillbridge.runtime.operator_commands import PAUSE, RESUME
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import lines


@click.command()
@click.argument("connection")
@merchant_option
@at_desk
def pause(desk: Desk, connection: str, merchant: str | None) -> None:
    """Stop the work of a CONNECTION for a while; what changes meanwhile waits."""
    reply = desk.ask(PAUSE, merchant=merchant, connection=connection)
    desk.answer(reply.json, lines(f"Connection {reply.value.connection} is paused.", reply.value.remedy))


@click.command()
@click.argument("connection")
@merchant_option
@at_desk
def resume(desk: Desk, connection: str, merchant: str | None) -> None:
    """Go on with a CONNECTION that was paused, where it stopped."""
    reply = desk.ask(RESUME, merchant=merchant, connection=connection)
    desk.answer(reply.json, lines(f"Connection {reply.value.connection} works again."))
