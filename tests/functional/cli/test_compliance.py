"""Vendors' requests, from what is typed to what is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.notices import FakeNotices
from tests.fakes.people import connection
from tests.functional.cli.terminal import Terminal
from tillbridge.domain.connecting import BY_APP, GRANT
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.domain.notice import SHOP_REDACT, Notice

REQUEST = "3f9a1c5e07b2"
SHOP = connection("c9", system=System.SHOPIFY, account_id="anns.myshopify.com", traits={GRANT: BY_APP})
ASKED = Notice(REQUEST + "0" * 52, System.SHOPIFY, SHOP_REDACT, SHOP.account_id, NOON - timedelta(days=3))
CUSTOMER = replace(
    ASKED,
    notice_id="a" * 64,
    topic="customers/redact",
    done_at=NOON,
    done_by="tillbridge",
    done="Nothing of a customer.",
)


@pytest.fixture
def asked(terminal: Terminal) -> Terminal:
    memory = terminal.office.world.memory
    memory.connections[SHOP.connection_id] = SHOP
    for notice in (ASKED, CUSTOMER):
        FakeNotices(memory).keep(notice)
    return terminal


def test_the_open_ones_are_listed_with_the_time_left(asked: Terminal) -> None:
    shown = asked.run("compliance", "list").stdout
    assert [word in shown for word in (REQUEST, SHOP_REDACT, SHOP.account_id, "m1", "3 d ago", "27 d")] == [True] * 6
    assert "customers/redact" not in shown
    (row,) = asked.json("compliance", "list")
    assert (row["request"], row["open"], row["overdue"], row["due_at"]) == (
        REQUEST,
        True,
        False,
        "2026-03-29T12:00:00Z",
    )
    assert row["connections"] == [{"merchant": "m1", "connection": "c9", "state": "active"}]


def test_the_settled_ones_are_listed_too_when_asked(asked: Terminal) -> None:
    assert [row["request"] for row in asked.json("compliance", "list", "--all")] == [REQUEST, "a" * 12]
    assert "done by tillbridge" in asked.run("compliance", "list", "--all").stdout


def test_nothing_is_open(terminal: Terminal) -> None:
    assert "None is open" in terminal.run("compliance", "list").stdout
    assert "There is none" in terminal.run("compliance", "list", "--all").stdout
    assert terminal.json("compliance", "list") == []


def test_one_is_overdue_after_30_days(asked: Terminal) -> None:
    asked.office.world.clock.advance(hours=27 * 24)
    assert asked.json("compliance", "show", REQUEST)["overdue"] is False
    asked.office.world.clock.advance(hours=48)
    assert asked.json("compliance", "show", REQUEST)["overdue"] is True
    assert "over for 2 d" in asked.run("compliance", "list").stdout


@pytest.mark.parametrize(
    ("state", "grant", "told"),
    [
        (ConnectionState.ACTIVE, BY_APP, "tillbridge disconnect c9 --merchant m1"),
        (ConnectionState.DISCONNECTED, BY_APP, "48 hours after it was disconnected"),
        (ConnectionState.ACTIVE, "keys", "48 hours after it was disconnected"),
    ],
)
def test_what_to_do_is_told(asked: Terminal, state: ConnectionState, grant: str, told: str) -> None:
    asked.office.world.memory.connections["c9"] = replace(SHOP, state=state, traits={GRANT: grant})
    assert told in asked.json("compliance", "show", REQUEST[:4])["remedy"]
    assert told in " ".join(asked.run("compliance", "show", REQUEST).stdout.split())


def test_a_person_settles_one_and_repeating_changes_nothing(asked: Terminal) -> None:
    done = asked.json("compliance", "done", REQUEST, "--by", "Ann", "--what", "In use again.")
    assert (done["open"], done["done_by"], done["answer"]) == (False, "Ann", "In use again.")
    asked.office.world.clock.advance(hours=1)
    assert asked.json("compliance", "done", REQUEST, "--by", "Ben", "--what", "Something else.") == done
    assert asked.json("compliance", "list") == []
    shown = asked.run("compliance", "show", REQUEST).stdout
    assert "by Ann: In use again." in shown


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "ffff"), 3),
        (("show", "no id"), 2),
        (("done", "ffff", "--by", "Ann", "--what", "x"), 3),
        (("done", REQUEST, "--by", "Ann"), 2),
        (("done", REQUEST, "--by", " ", "--what", "x"), 2),
        (("done", REQUEST, "--by", "Ann", "--what", "x" * 501), 2),
        (("done", REQUEST, "--by", "\x1b[2J", "--what", "x"), 2),
    ],
)
def test_what_is_not_there_or_not_right_changes_nothing(  # invariant 7
    asked: Terminal, words: tuple[str, ...], code: int
) -> None:
    before = dict(asked.office.world.memory.notices)
    assert asked.run("compliance", *words).exit_code == code
    assert asked.office.world.memory.notices == before


def test_an_id_that_two_begin_with_is_refused(asked: Terminal) -> None:
    FakeNotices(asked.office.world.memory).keep(replace(ASKED, notice_id="3f9a" + "1" * 60))
    refused = asked.run("compliance", "show", "3f9a")
    assert (refused.exit_code, "more of its letters" in refused.stderr) == (2, True)
