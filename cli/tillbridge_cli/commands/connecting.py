"""``connect``, ``connections``, ``disconnect``."""

import secrets

import click
from rich.text import Text

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import FORMS, KeyKind, ShopKeys, kinds_of
from tillbridge.flows.operate.answers import ConnectionAnswer
from tillbridge.runtime.operator_commands import CONNECT_WITH_KEYS, CONNECTIONS, DISCONNECT, INVITE
from tillbridge_cli.application import Desk, Reply
from tillbridge_cli.failures import bad_input
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import cell, lines, moment, state_cell, table, unbroken
from tillbridge_cli.prompts import ask_secrets, in_environment

VARIABLES = {
    "consumer_key": "TILLBRIDGE_SHOP_KEY",
    "consumer_secret": "TILLBRIDGE_SHOP_SECRET",  # nosec B105 - a variable's name
    "access_token": "TILLBRIDGE_SHOP_TOKEN",  # nosec B105 - a variable's name
    "access_secret": "TILLBRIDGE_SHOP_TOKEN_SECRET",  # nosec B105 - a variable's name
    "client_id": "TILLBRIDGE_SHOP_CLIENT_ID",
    "client_secret": "TILLBRIDGE_SHOP_CLIENT_SECRET",  # nosec B105 - a variable's name
}
"""Where a field of a shop's keys is taken from, when it is set."""

LIKE = {
    System.BIGCOMMERCE: "https://api.bigcommerce.com/stores/abc123/v3/ (the API path of the API account)",
    System.MAGENTO: "https://shop.example.com",
    System.SHOPIFY: "example.myshopify.com",
    System.WOOCOMMERCE: "https://shop.example.com",
}


@click.command()
@click.argument("system", type=click.Choice([str(system) for system in System]))
@merchant_option
@click.option("--address", metavar="URL", help="The address of the shop.")
@click.option("--keys", "with_keys", is_flag=True, help="Take the shop's keys by prompt, without a browser.")
@click.option("--kind", type=click.Choice([str(kind) for kind in KeyKind]), help="Which kind of keys a shop gives.")
@at_desk
def connect(
    desk: Desk, system: str, merchant: str | None, address: str | None, *, with_keys: bool, kind: str | None
) -> None:
    """Print the link at which a merchant connects SYSTEM in a browser, or connect a shop with its keys.

    With --keys the keys are asked for, or taken from TILLBRIDGE_SHOP_KEY, TILLBRIDGE_SHOP_SECRET and the like when
    those are set; never from arguments.
    """
    names = {name for one in kinds_of(System(system)) for name in FORMS[one].names}
    if with_keys or kind or in_environment(desk, *(VARIABLES[name] for name in names)):
        _connect_with_keys(desk, System(system), merchant, address, kind)
        return
    reply = desk.ask(INVITE, merchant=merchant, system=system, address=address)
    invitation = reply.value
    desk.answer(
        reply.json,
        lines(f"Open this link to connect {system} to merchant {invitation.merchant}:", ""),
        unbroken(invitation.link),
        lines("", f"It can be used once, until {moment(invitation.expires_at)}, by whoever has it."),
    )


def _connect_with_keys(desk: Desk, system: System, merchant: str | None, address: str | None, kind: str | None) -> None:
    """Hand the keys over through the vault: neither the event nor any log ever has them."""
    if system.is_till:
        raise bad_input("SYSTEM", f"{system} is not connected with keys.", "Leave out --keys, and open the link.")
    if not address:
        raise bad_input("--address", "It is missing.", f"Give the shop's address: --address {LIKE[system]}.")
    keys = _asked_keys(desk, _kind(desk, system, kind))
    writer = desk.application.secrets(desk.deployment)
    nonce = secrets.token_urlsafe(24)
    writer.put_pending(nonce, keys)
    try:
        reply = desk.ask(CONNECT_WITH_KEYS, merchant=merchant, system=str(system), address=address, pending=nonce)
    finally:
        writer.drop_pending(nonce)
    desk.answer(reply.json, _told(reply, "is connected"))


def _kind(desk: Desk, system: System, given: str | None) -> KeyKind:
    """Tell the kind of keys: the one that was asked for, the one whose variables are set, or the usual one."""
    kinds = kinds_of(system)
    if given and given not in kinds:
        raise bad_input("--kind", f"{system} has no such keys.", f"Use one of {', '.join(kinds)}, or leave it out.")
    if given:
        return KeyKind(given)
    set_ones = (kind for kind in kinds if all(in_environment(desk, VARIABLES[name]) for name in FORMS[kind].names))
    return next(set_ones, kinds[0])


def _asked_keys(desk: Desk, kind: KeyKind) -> ShopKeys:
    fields = FORMS[kind].fields
    texts = ask_secrets(desk, *((VARIABLES[field.name], field.words) for field in fields))
    return ShopKeys(kind, {field.name: Secret(text) for field, text in zip(fields, texts, strict=True)})


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
            cell(" ".join(part for part in (one.cause, one.remedy, *one.warnings) if part)),
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
