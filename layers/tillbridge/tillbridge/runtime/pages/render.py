"""Fill the templates. Every value is escaped here and nowhere else."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from tillbridge.domain.errors import MissingRightError, TillbridgeError
from tillbridge.domain.merchant import System
from tillbridge.flows.connect_book import Connected
from tillbridge.flows.connect_errors import LINK_USED
from tillbridge.flows.connect_invite import Welcome

SHOP_RIGHTS = {
    "products": "create and change products, with their prices, pictures and stock, so that the shop shows what the"
    " till says",
    "orders": "read orders, so that nothing is sold twice; customers are not kept",
}

_TITLES = {
    "BadAddress": "That address will not do",
    "BadCode": "The approval came too late",
    "BadInvitation": "This link is not complete",
    "Denied": "The access was not approved",
    "Forged": "This address is not complete",
    "InvitationExpired": "This link has expired",
    LINK_USED: "This is connected already",
    "MissingRights": "Some rights are missing",
    "NoActivation": "The shop's keys did not arrive",
    "NoKeys": "The shop's keys did not arrive",
    "NoPage": "There is no such page",
    "NotExpected": "Begin with your provider's link",
    "OtherAccount": "That is another account",
    "OtherBrowser": "This was begun in another browser",
    "StaleAttempt": "This step is over",
    "StaleSignature": "This step is over",
    "TakenShop": "This shop is connected already",
    "Unexpected": "Something went wrong",
    "WrongShop": "That is another shop",
}
"""By an error's code; of every other one the title is that it did not work."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of a kind of system before it is connected."""

    title: str
    kind: str
    button: str
    steps: Sequence[str]
    advice: str
    example: str = ""


_TILL = _Words(
    title="Connect your till",
    kind="Your till",
    button="Continue to Lightspeed",
    steps=(
        "You log in at Lightspeed, as an employee with administrator rights, and approve the access.",
        "You come back here and see that it worked.",
        "Tillbridge reads your items for the first time.",
    ),
    advice="Use an employee account that is kept for this purpose: when the employee who approved is locked or"
    " archived, the connection ends.",
)
_SHOP = _Words(
    title="Connect your web shop",
    kind="Your web shop",
    button="Continue to your shop",
    steps=(
        "You log in at your shop as an administrator or shop manager and approve the access.",
        "You come back here and see that it worked.",
        "Your products appear in the shop step by step; what is there already is kept.",
    ),
    advice="The shop hands over a key of its own, which you can delete there at any time.",
    example="https://shop.example.com",
)
_SHOPIFY = replace(
    _SHOP,
    steps=(
        "You log in at Shopify as the shop's owner, or with an account that may install apps, and approve the access.",
        *_SHOP.steps[1:],
    ),
    advice="You can uninstall the app in the shop's admin at any time: that ends the connection.",
    example="example.myshopify.com",
)


_BIGCOMMERCE = replace(
    _SHOP,
    button="Continue",
    steps=("You install the app in your store's control panel.", *_SHOP.steps[1:]),
    advice="You can uninstall the app in the control panel at any time: that ends the connection.",
    example="store-abc123.mybigcommerce.com",
)
_MAGENTO = replace(
    _SHOP,
    button="Continue",
    steps=(
        "You make and activate an integration in the shop's admin, with the values of the next page.",
        *_SHOP.steps[1:],
    ),
    advice="You can delete the integration in the shop's admin at any time: that ends the connection.",
)
_SHOPS = {System.BIGCOMMERCE: _BIGCOMMERCE, System.MAGENTO: _MAGENTO, System.SHOPIFY: _SHOPIFY}


def _words_of(system: System) -> _Words:
    return _TILL if system.is_till else _SHOPS.get(system, _SHOP)


def start_page(
    welcome: Welcome,
    rights: Mapping[str, str],
    public_url: str,
    *,
    problem: TillbridgeError | None = None,
    address: str = "",
) -> str:
    """Show what is connected to what, with which rights and why; nothing has happened yet."""
    invitation, system = welcome.invitation, welcome.invitation.system
    words, until = _words_of(system), invitation.expires_at
    raw = {
        "note": "" if problem else _note("The last try did not work.", invitation.problem, invitation.remedy),
        "pair": _pair(words.kind, system.full_name, welcome.merchant.name),
        "rights": _list(rights.values()),
        "steps": _list(words.steps),
        "fields": "" if system.is_till else _address(address or invitation.address, words.example, problem),
    }
    content = _fill(
        "start.html",
        raw=raw,
        action=f"{public_url}/connect/continue",
        token=welcome.token,
        button=words.button,
        advice=words.advice,
        until=f"{until.day} {until:%B %Y, %H:%M} UTC",
    )
    return _page(words.title, content)


def done_page(connected: Connected, merchant: str) -> str:
    """Say that it worked."""
    connection = connected.connection
    words = _words_of(connection.system)
    told = "The connection was renewed; everything that was set up is kept." if connected.renewed else "It worked."
    account = connection.account_name or connection.address or connection.account_id
    what = "Tillbridge reads your items." if connection.system.is_till else "Your products appear in the shop."
    following = "Work goes on where it stopped." if connected.renewed else f"{what} The first time takes a while."
    raw = {"pair": _pair(words.kind, account, merchant), "warnings": _warnings(connection.warnings)}
    content = _fill("done.html", raw=raw, told=told, next=following)
    return _page(f"{connection.system.full_name} is connected", content)


def problem_page(error: TillbridgeError, reference: str, link: str = "") -> str:
    """Say what happened and what to do; ``link`` begins again, and ``reference`` finds it in the provider's log."""
    happened, missing = error.happened, ""
    if isinstance(error, MissingRightError) and error.missing:
        happened, missing = error.summary, f"<ul>{_list(error.missing)}</ul>"
    content = _fill(
        "problem.html",
        raw={"missing": missing, "again": _fill("again.html", link=link) if link else ""},
        tone="good" if error.code == LINK_USED else "note",
        happened=happened,
        remedy=error.remedy or "Try again in a few minutes. If it happens again, tell your provider.",
        reference=f"Reference for your provider: {error.code}, {reference}",
    )
    return _page(_TITLES.get(error.code, "This did not work"), content)


def told_page(title: str, told: str, following: str) -> str:
    """Say how things are, and what to do; nothing went wrong."""
    return _page(title, _fill("told.html", told=told, following=following))


def install_page(store: str) -> str:
    """Say how the app is installed in a BigCommerce store that is expected."""
    return _page(
        "Now install the app in your store",
        _fill(
            "steps.html",
            raw={
                "steps": _list(
                    (
                        "Open the control panel of your store, as its owner.",
                        "Under Apps > My Apps, choose Tillbridge, and press Install and Confirm.",
                        "The panel then shows that it worked, and for whom the store was connected.",
                    )
                ),
                "values": "",
            },
            told=f"{store} is expected for the next hour.",
        ),
    )


def activate_page(shop: str, public_url: str) -> str:
    """Say how the integration is made in a Magento shop that is expected."""
    values = (
        f"Callback URL: {public_url}/connect/magento/activate",
        f"Identity link URL: {public_url}/connect/magento/identity",
    )
    return _page(
        "Now make the integration in your shop",
        _fill(
            "steps.html",
            raw={
                "steps": _list(
                    (
                        "In the shop's admin, in this browser, open System > Extensions > Integrations.",
                        "Add an integration named Tillbridge with both addresses below; under API, choose All.",
                        "Save it and press Activate, then Allow. A small window opens and closes when it worked.",
                    )
                ),
                "values": _list(values),
            },
            told=f"{shop} is expected for the next hour.",
        ),
    )


@cache
def style_hash() -> str:
    """Give the hash by which the content policy knows our one style sheet."""
    return base64.b64encode(hashlib.sha256(_text("style.css").encode()).digest()).decode("ascii")


def _pair(kind: str, remote: str, merchant: str) -> str:
    return _fill("pair.html", kind=kind, remote=remote, merchant=merchant)


def _address(address: str, example: str, problem: TillbridgeError | None) -> str:
    """Ask for the shop's address; what is wrong with the one that was given stands beside it."""
    note = _note(problem.happened, problem.remedy) if problem else ""
    wrong = ' aria-invalid="true" aria-describedby="note" autofocus' if problem else ""
    return _fill("address.html", raw={"note": note, "wrong": wrong}, address=address, example=example)


def _note(*sentences: str) -> str:
    """Write a warning, unless there is nothing to warn of."""
    if not sentences[-1]:
        return ""
    return f'<p class="note" id="note" role="alert">{escape(" ".join(sentences))}</p>'


def _warnings(told: Sequence[str]) -> str:
    """Say what the check noticed that stops nothing."""
    return f"<h2>What was noticed</h2>\n<ul>{_list(told)}</ul>" if told else ""


def _list(entries: Iterable[str]) -> str:
    return "\n".join(f"<li>{escape(one)}</li>" for one in entries)


def _page(title: str, content: str) -> str:
    return _fill("layout.html", raw={"content": content, "style": _text("style.css")}, title=title)


def _fill(name: str, raw: Mapping[str, str] | None = None, **values: str) -> str:
    """Put escaped values, and ``raw`` parts that are made of such, into a template."""
    escaped = {key: escape(value, quote=True) for key, value in values.items()}
    return Template(_text(name)).substitute({**escaped, **(raw or {})})


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8").strip()
