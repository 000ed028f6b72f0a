"""Letters: every kind has both parts, values stay values, and the words are those of the templates."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tillbridge.domain.mail import Mail, MailKind
from tillbridge.runtime.mails import letters
from tillbridge.runtime.mails.letters import SAMPLES, letter, sample

TEMPLATES = Path(letters.__file__).parent / "templates"


@pytest.mark.parametrize("kind", list(MailKind))
def test_every_kind_has_both_parts_and_says_the_same_in_both(kind: MailKind) -> None:
    written = sample(kind)
    assert 5 < len(written.subject) < 80
    assert "$" not in written.subject + written.text + written.html
    words = re.sub(r"<style.*?</style>|<[^>]+>", " ", written.html)
    for sentence in re.split(r"(?<=[.:?])\s+", written.text.replace("\n", " ")):
        if "http" not in sentence:
            assert " ".join(sentence.split()) in " ".join(words.split()).replace("&#x27;", "'")


def test_no_template_is_left_over() -> None:
    expected = {f"{kind.value}.{part}" for kind in MailKind for part in ("txt", "html")} | {"layout.html"}
    assert {path.name for path in TEMPLATES.iterdir()} == expected
    assert set(SAMPLES) == set(MailKind)


@pytest.mark.parametrize("kind", list(MailKind))
def test_names_cannot_add_lines_or_tags(kind: MailKind) -> None:  # invariant 7
    mail = Mail(kind, "m1", "owner@example.com", SAMPLES[kind], "key")
    evil = "Eve\r\nBcc: all@example.com\n<script>alert(1)</script>"
    about = {name: evil if name in {"account", "cause", "remedy"} else value for name, value in mail.about.items()}
    written = letter(replace(mail, about=about), evil)
    assert "\n" not in written.subject
    assert "<script" not in written.html
    assert written.text.count("\n\n") == sample(kind).text.count("\n\n")


def test_a_link_stays_in_one_piece() -> None:
    link = f"https://example.com/connect/start?invitation={'a-' * 60}"
    about = {**SAMPLES[MailKind.RECONNECT], "link": link, "remedy": ""}
    text = letter(Mail(MailKind.RECONNECT, "m1", "", about, "key"), "Ann").text
    assert f"\n\n{link}\n\n" in text
    assert max(len(line) for line in text.splitlines() if line != link) <= letters.WIDTH


def test_a_mail_about_a_system_that_nobody_knows_is_still_a_mail() -> None:
    mail = Mail(MailKind.RECOVERED, "m1", "", {"system": "shopware", "account": "A"}, "key")
    assert letter(mail, "Ann").subject == "shopware works again"


def test_the_link_is_given_along_and_stands_in_both_parts() -> None:
    about = {name: value for name, value in SAMPLES[MailKind.RECONNECT].items() if name not in {"link", "until"}}
    mail = Mail(MailKind.RECONNECT, "m1", "owner@example.com", about, "key")
    written = letter(mail, "Ann", {"link": "https://a.example/?i=1&j=2", "until": "tomorrow"})
    assert "https://a.example/?i=1&j=2" in written.text
    assert 'href="https://a.example/?i=1&amp;j=2"' in written.html
