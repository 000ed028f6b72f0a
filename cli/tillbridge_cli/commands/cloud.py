"""``up`` and ``down``."""

import click

from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk
from tillbridge_cli.output import lines


@click.command()
@at_desk
def up(desk: Desk) -> None:
    """Start the cloud on this machine and deploy Tillbridge to it; it stays until `tillbridge down`."""
    told = desk.application.local.up(desk.note)
    desk.answer(
        dict(told),
        lines(
            f"Tillbridge runs on this machine: AWS at {told['aws']}, the API at {told['api']}.",
            f"To use other AWS programs with it: source {told['variables']}",
        ),
    )


@click.command()
@at_desk
def down(desk: Desk) -> None:
    """Stop the cloud on this machine; its data is forgotten."""
    desk.application.local.down()
    desk.answer({"stopped": True}, lines("The local cloud has stopped."))
