"""``queues`` and ``redrive``."""

from datetime import timedelta

import click

from tillbridge.runtime.operator_commands import QUEUES, REDRIVE
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk
from tillbridge_cli.output import cell, lines, span, table


@click.command()
@at_desk
def queues(desk: Desk) -> None:
    """Show each queue and its dead letters: what waits, what is being worked on, and how old it is."""
    reply = desk.ask(QUEUES)
    rows = [
        (
            one.queue,
            one.waiting,
            one.in_flight,
            _age(one.oldest_seconds),
            cell(one.dead, "bold red" if one.dead else ""),
            one.dead_in_flight,
            _age(one.dead_oldest_seconds),
        )
        for one in reply.value
    ]
    columns = ("Queue", "#Waiting", "#In work", "#Oldest", "#Dead letters", "#In work", "#Oldest")
    desk.answer(reply.json, table(columns, rows))


@click.command()
@click.argument("queue")
@at_desk
def redrive(desk: Desk, queue: str) -> None:
    """Send the dead letters of QUEUE back to it. Do it when their cause is gone; it is safe to repeat."""
    reply = desk.ask(REDRIVE, queue=queue)
    told = reply.value
    left = f" About {told.left} are left: repeat the command." if told.left else ""
    desk.answer(reply.json, lines(f"{told.moved} dead letter(s) went back to {told.queue}.{left}"))


def _age(seconds: float | None) -> str:
    return "" if seconds is None else span(timedelta(seconds=seconds))
