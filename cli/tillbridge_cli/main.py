"""Entry point of the `tillbridge` command."""

import click

from tillbridge_cli.commands import (
    apps,
    cloud,
    compliance,
    connecting,
    holds,
    item,
    links,
    mails,
    merchants,
    migrating,
    orders,
    pausing,
    preview,
    problems,
    queues,
    status,
    syncing,
)

COMMANDS: tuple[click.Command, ...] = (
    cloud.up,
    cloud.down,
    apps.app,
    merchants.merchant,
    connecting.connect,
    connecting.connections,
    connecting.disconnect,
    pausing.pause,
    pausing.resume,
    preview.preview,
    syncing.sync,
    status.status,
    item.item,
    links.links,
    problems.errors,
    problems.retry,
    holds.holds,
    holds.release,
    holds.drop,
    orders.orders,
    orders.order,
    queues.queues,
    queues.redrive,
    mails.mail,
    compliance.compliance,
    migrating.migrate,
)


class InOrder(click.Group):
    """Lists its commands in the order of a first day, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's name for it
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tillbridge")
def main() -> None:
    """Keep tills and web shops in step: merchants, connections, synchronisation.

    Every command knows --json, and --env for the deployment it means. Exit codes: 0 done, 1 failed remotely, 2 bad
    input, 3 not found, 4 Tillbridge cannot be reached, 5 waited too long.
    """


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
