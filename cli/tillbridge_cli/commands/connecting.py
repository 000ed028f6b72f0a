"""``connect``, ``connections``, ``disconnect``."""

import secrets

import click
from rich.text import Text

from tillbridge.domain.grant import Secret, ShopKeys
from tillbridge.domain.merchant import System
from tillbridge.flows.operate.answers import ConnectionAnswer
from tillbridge.runtime.operator_commands import CONNECT_WITH_KEYS, CONNECTIONS, DISCONNECT, INVITE
from tillbridge_cli.application import Desk, Reply
from tillbridge_cli.failures import bad_input
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import cell, lines, moment, state_cell, table, unbroken
from tillbridge_cli.prompts import in_environment, secret_pair

KEY = ("TILLBRIDGE_SHOP_KEY", "Consumer key")
SECRET = ("TILLBRIDGE_SHOP_SECRET", "Consumer secret")


@click.command()
@click.argument("system", type=click.Choice([str(system) for system in System]))
@merchant_option
@click.option("--address", metavar="URL", help="The address of the shop.")
@click.option("--keys", "with_keys", is_flag=True, help="Take the shop's keys by prompt, without a browser.")
@at_desk
def connect(desk: Desk, system: str, merchant: str | None, address: str | None, *, with_keys: bool) -> None:
    """Print the link at which a merchant connects SYSTEM in a browser, or connect a shop with its keys.

    With --keys the keys are asked for, or taken from TILLBRIDGE_SHOP_KEY and TILLBRIDGE_SHOP_SECRET when those are set;
    never from arguments.
    """
    if with_keys or in_environment(desk, KEY[0], SECRET[0]):
        _connect_with_keys(desk, System(system), merchant, address)
        return
    reply = desk.ask(INVITE, merchant=merchant, system=system, address=address)
    invitation = reply.value
    desk.answer(
        reply.json,
        lines(f"Open this link to connect {system} to merchant {invitation.merchant}:", ""),
        unbroken(invitation.link),
        lines("", f"It can be used once, until {moment(invitation.expires_at)}, by whoever has it."),
    )


def _connect_with_keys(desk: Desk, system: System, merchant: str | None, address: str | None) -> None:
    """Hand the keys over through the vault: neither the event nor any log ever has them."""
    if system.is_till:
        raise bad_input("SYSTEM", f"{system} is not connected with keys.", "Leave out --keys, and open the link.")
    if not address:
        raise bad_input("--address", "It is missing.", "Give the shop's address: --address https://shop.example.com.")
    pair = secret_pair(desk, KEY, SECRET)
    writer = desk.application.secrets(desk.deployment)
    nonce = secrets.token_urlsafe(24)
    writer.put_pending(nonce, ShopKeys(Secret(pair[0]), Secret(pair[1])))
    try:
        reply = desk.ask(CONNECT_WITH_KEYS, merchant=merchant, system=str(system), address=address, pending=nonce)
    finally:
        writer.drop_pending(nonce)
    desk.answer(reply.json, _told(reply, "is connected"))


@click.command()
@merchant_option
@at_desk
def connections(desk: Desk, merchant: str | None) -> None:
    """List the connections: of one merchant, or of everybody."""
    reply = desk.ask_all(CONNECTIONS, merchant=merchant)
    if not reply.value:
        desk.answer(reply.json, lines("Nothing is connected yet: tillbridge connect."))
        return
    rows = [
        (
            one.connection,
            one.merchant,
            lines(f"{one.system} {one.name}".rstrip(), one.address or one.account),
            state_cell(one.state),
            cell(" ".join(part for part in (one.cause, one.remedy) if part)),
        )
        for one in reply.value
    ]
    columns = ("!Connection", "Merchant", "System and account", "!State", "Why, and what to do")
    desk.answer(reply.json, table(columns, rows))


@click.command()
@click.argument("connection")
@merchant_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@at_desk
def disconnect(desk: Desk, connection: str, merchant: str | None, *, yes: bool) -> None:
    """End a CONNECTION: its grant is given back and deleted. What it has put into a shop stays as it is."""
    if not yes and desk.interactive:
        click.confirm(f"End connection {connection}?", abort=True, err=True)
    reply = desk.ask(DISCONNECT, merchant=merchant, connection=connection)
    desk.answer(reply.json, _told(reply, "is disconnected"))


def _told(reply: Reply[ConnectionAnswer], what: str) -> Text:
    """Say what became of a connection, and what is left for a person to do."""
    one = reply.value
    told = f"{one.system} {one.name or one.address or one.account} {what} (connection {one.connection})."
    return lines(told, *([one.remedy] if one.remedy else []))
