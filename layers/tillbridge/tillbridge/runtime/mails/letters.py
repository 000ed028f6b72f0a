"""Writes letters: fills a kind's templates. The first line of the text is the subject.

In HTML every value is escaped here and nowhere else; in a text, line breaks in a value become blanks, so that no name
can add lines of its own.
"""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from textwrap import fill

from tillbridge.domain.mail import Letter, Mail, MailKind
from tillbridge.domain.merchant import System

WIDTH = 76
LINKED = frozenset(
    {MailKind.RECONNECT, MailKind.MIGRATION_INVITE, MailKind.MIGRATION_REMINDER, MailKind.MIGRATION_STOPPED}
)
"""Kinds whose mails hold a link that lets whoever has it connect a system; it is made when the mail goes out."""

_LINK = {
    "system": "lightspeed",
    "account": "Alpine Café",
    "link": "https://example.com/connect/start?invitation=...",
    "until": "09 March 2026, 12:00 UTC",
}
_CHANGE = {"old": "API key", "new": "OAuth2 authorisation", "day": "2026-04-01", "days_left": "30"}
SAMPLES: Mapping[MailKind, Mapping[str, str]] = {
    MailKind.RECONNECT: {
        **_LINK,
        "cause": "The vendor no longer takes the authorisation: it was not used for 30 days.",
        "remedy": "Connect the till again, with an employee account that is kept for this purpose.",
    },
    MailKind.PARKED: {
        "system": "shopify",
        "account": "Alpine Café",
        "order": "1001",
        "cause": "The product MUG-B of the order is linked with no item.",
        "remedy": "Link it (tillbridge links), then resend the order; or set orders_unlinked to line.",
    },
    MailKind.RECOVERED: {"system": "lightspeed", "account": "Alpine Café"},
    MailKind.MIGRATION_INVITE: {**_LINK, **_CHANGE},
    MailKind.MIGRATION_REMINDER: {**_LINK, **_CHANGE},
    MailKind.MIGRATION_STOPPED: {**_LINK, **_CHANGE, "days_left": "0"},
}
"""What a preview of each kind is filled with."""


def letter(mail: Mail, merchant: str, more: Mapping[str, str] | None = None) -> Letter:
    """Write a mail to a merchant of this name; ``more`` is what was made just now, such as a link."""
    values = {name: " ".join(value.split()) for name, value in {**mail.about, **(more or {})}.items()}
    values |= {"merchant": " ".join(merchant.split()), "system": _name(values.get("system", ""))}
    subject, _, text = Template(_text(f"{mail.kind.value}.txt")).substitute(values).partition("\n")
    escaped = {name: escape(value, quote=True) for name, value in values.items()}
    content = Template(_text(f"{mail.kind.value}.html")).substitute(escaped)
    html = Template(_text("layout.html")).substitute(
        title=escape(subject), content=content, merchant=escaped["merchant"]
    )
    return Letter(to=mail.to, subject=subject, text=_wrapped(text), html=html)


def sample(kind: MailKind) -> Letter:
    """Write a mail of this kind to a made-up merchant."""
    return letter(Mail(kind, "alpine", "owner@example.com", SAMPLES[kind], f"sample:{kind}"), "Alpine Café")


def _wrapped(text: str) -> str:
    """Wrap paragraphs, whatever has been put into them; a link stays in one piece."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    lines = (fill(one, WIDTH, break_long_words=False, break_on_hyphens=False) for one in paragraphs if one)
    return "\n\n".join(lines) + "\n"


def _name(system: str) -> str:
    known = {entry.value: entry.full_name for entry in System}
    return known.get(system, system)


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8").strip()
