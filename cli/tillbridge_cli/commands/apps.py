"""``app set``."""

import click

from tillbridge.domain.grant import AppCredentials, Secret
from tillbridge.domain.merchant import System
from tillbridge_cli.application import Desk
from tillbridge_cli.failures import bad_input
from tillbridge_cli.options import at_desk
from tillbridge_cli.output import lines
from tillbridge_cli.prompts import ask_secrets

WITH_APP = (System.LIGHTSPEED, System.SHOPIFY, System.BIGCOMMERCE)


@click.group()
def app() -> None:
    """Store the provider's own credentials at a vendor."""


@app.command("set")
@click.argument("system", type=click.Choice([str(system) for system in System]))
@at_desk
def set_app(desk: Desk, system: str) -> None:
    """Store the client id and secret that SYSTEM's vendor gave you, in the place of older ones.

    They are asked for, or taken from TILLBRIDGE_APP_ID and TILLBRIDGE_APP_SECRET, and go straight into the vault of the
    deployment with your own AWS credentials. Functions notice new ones within five minutes.
    """
    if System(system) not in WITH_APP:
        raise bad_input(
            "SYSTEM",
            f"{system} knows no application of yours: each shop gives its own keys.",
            f"Connect a shop: tillbridge connect {system} --address URL.",
        )
    writer = desk.application.secrets(desk.deployment)
    pair = ask_secrets(desk, ("TILLBRIDGE_APP_ID", "Client id"), ("TILLBRIDGE_APP_SECRET", "Client secret"))
    writer.put_app(System(system), AppCredentials(pair[0], Secret(pair[1])))
    desk.answer(
        {"system": system, "environment": desk.deployment.environment, "stored": True},
        lines(f"The credentials for {system} are stored in {desk.deployment.stack}."),
    )
