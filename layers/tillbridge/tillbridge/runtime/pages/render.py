"""Fill the templates. Every value is escaped here and nowhere else."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import System
from tillbridge.flows.connect_book import Connected
from tillbridge.flows.connect_invite import Welcome

NAMES = {System.LIGHTSPEED: "Lightspeed Retail", System.WOOCOMMERCE: "WooCommerce"}

SHOP_RIGHTS = {
    "products": "create and change products, with their prices, pictures and stock",
    "orders": "read orders, so that nothing is sold twice; customers are not kept",
}

_NEXT = {
    System.LIGHTSPEED: "You log in at Lightspeed and approve the access. Use an employee account with administrator"
    " rights that is kept for this purpose: when the employee who approved is locked or archived, the connection ends.",
    System.WOOCOMMERCE: "You log in at your shop as an administrator or shop manager and approve the access.",
}


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
    told = (problem.happened, problem.remedy) if problem else (invitation.problem, invitation.remedy)
    fields = "" if system.is_till else _fill("address.html", address=address or invitation.address)
    content = _fill(
        "start.html",
        raw={"note": _note(*told), "rights": _rights(rights), "fields": fields},
        merchant=welcome.merchant.name,
        system=NAMES[system],
        next=_NEXT[system],
        action=f"{public_url}/connect/continue",
        token=welcome.token,
        button=f"Continue to {'Lightspeed' if system.is_till else 'your shop'}",
        until=f"{invitation.expires_at:%d %B %Y, %H:%M} UTC",
    )
    return _page(f"Connect {NAMES[system]}", content)


def done_page(connected: Connected, merchant: str) -> str:
    """Say that it worked."""
    connection = connected.connection
    told = "The connection was renewed; everything that was set up is kept." if connected.renewed else "Connected:"
    account = connection.account_name or connection.address or connection.account_id
    what = "The first reading has begun." if connection.system.is_till else "Your products will appear step by step."
    following = "Work goes on where it stopped." if connected.renewed else what
    content = _fill("done.html", told=told, merchant=merchant, account=account, next=following)
    return _page(f"{NAMES[connection.system]} is connected", content)


def problem_page(error: TillbridgeError, reference: str) -> str:
    """Say what happened and what to do; ``reference`` lets the provider find it in the log."""
    content = _fill(
        "problem.html",
        happened=error.happened,
        remedy=error.remedy or "Try again in a few minutes. If it happens again, tell your provider.",
        reference=f"Reference for your provider: {error.code}, {reference}",
    )
    return _page("This did not work", content)


@cache
def style_hash() -> str:
    """Give the hash by which the content policy knows our one style sheet."""
    return base64.b64encode(hashlib.sha256(_text("style.css").encode()).digest()).decode("ascii")


def _note(happened: str, remedy: str) -> str:
    if not happened:
        return ""
    return f'<p class="note" role="alert">The last try did not work. {escape(happened)} {escape(remedy)}</p>'


def _rights(rights: Mapping[str, str]) -> str:
    return "\n".join(f"<li>{escape(what)}</li>" for what in rights.values())


def _page(title: str, content: str) -> str:
    return _fill("layout.html", raw={"content": content, "style": _text("style.css")}, title=title)


def _fill(name: str, raw: Mapping[str, str] | None = None, **values: str) -> str:
    """Put escaped values, and ``raw`` parts that are made of such, into a template."""
    escaped = {key: escape(value, quote=True) for key, value in values.items()}
    return Template(_text(name)).substitute({**escaped, **(raw or {})})


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8").strip()
