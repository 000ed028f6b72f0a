"""Entry point of the `tillbridge` command."""

import click


@click.group()
@click.version_option(package_name="tillbridge")
def main() -> None:
    """Run Tillbridge: merchants, connections, synchronisation."""
