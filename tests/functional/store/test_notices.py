"""What vendors asked by law, in memory and in a table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.notices import FakeNotices
from tests.fakes.stores import Memory
from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import System
from tillbridge.domain.notice import SHOP_REDACT, Notice
from tillbridge.flows.ports_notices import Notices
from tillbridge.store.keys import Key
from tillbridge.store.notices import KEPT, StoredNotices
from tillbridge.store.table import Table

DAY = timedelta(days=1)
ASKED = Notice("3f9a", System.SHOPIFY, SHOP_REDACT, "anns.myshopify.com", NOON)
DONE = replace(ASKED, done_at=NOON + DAY, done_by="Ann", done="Deleted.")


@pytest.fixture(params=["memory", "table"])
def notices(request: pytest.FixtureRequest) -> Notices:
    if request.param == "memory":
        return FakeNotices(Memory())
    return StoredNotices(request.getfixturevalue("table"))


def test_a_request_is_kept_once_while_it_is_open(notices: Notices) -> None:
    assert notices.keep(ASKED) == ASKED
    assert notices.keep(replace(ASKED, at=NOON + DAY)) == ASKED  # delivered again: the legal time runs on
    assert notices.open() == [ASKED]
    assert notices.list(System.SHOPIFY) == [ASKED]
    assert notices.list(System.BIGCOMMERCE) == []


def test_one_that_is_done_is_no_longer_open(notices: Notices) -> None:
    notices.keep(ASKED)
    assert notices.settle(DONE) == DONE
    assert notices.open() == []
    assert notices.list(System.SHOPIFY) == [DONE]


def test_whoever_settles_it_first_counts(notices: Notices) -> None:  # invariant 8
    notices.keep(ASKED)
    notices.settle(DONE)
    assert notices.settle(replace(DONE, done_by="Ben")) == DONE
    assert notices.list(System.SHOPIFY) == [DONE]


def test_what_it_waits_for_is_kept_until_it_is_done_and_then_forgotten(notices: Notices) -> None:
    asked = replace(ASKED, orders=("7", "8"))
    assert notices.keep(asked) == asked
    waits = replace(asked, waits="A person has to look.", looked_at=NOON + DAY)
    assert notices.note(waits) == waits
    assert notices.open() == [waits]
    notices.settle(replace(waits, done_at=NOON + DAY, done_by="Ann", done="Looked."))
    assert notices.note(waits).done == "Looked."
    assert notices.open() == []


def test_which_orders_it_was_about_is_not_kept_once_it_is_done(table: Table) -> None:  # invariant 5
    notices = StoredNotices(table)
    notices.keep(replace(ASKED, orders=("7", "8")))
    notices.settle(replace(DONE, orders=("7", "8"), waits="A person has to look."))
    [kept] = notices.list(System.SHOPIFY)
    assert kept == DONE


def test_one_that_was_done_and_is_asked_anew_is_open_with_its_own_time(notices: Notices) -> None:
    """A shop that is connected and left twice is asked about twice, in the same words."""
    notices.keep(ASKED)
    notices.settle(DONE)
    again = replace(ASKED, at=NOON + 9 * DAY)
    assert notices.keep(again) == again
    assert notices.open() == [again]
    assert notices.settle(DONE) == again  # about the former time
    assert notices.open() == [again]


def test_what_nobody_asked_cannot_be_settled(notices: Notices) -> None:
    with pytest.raises(NotFoundError, match="3f9a"):
        notices.settle(DONE)
    assert notices.list(System.SHOPIFY) == []


def test_the_oldest_is_first(notices: Notices) -> None:
    later, sooner = replace(ASKED, notice_id="aa", at=NOON + DAY), replace(ASKED, notice_id="bb")
    notices.keep(later)
    notices.keep(sooner)
    assert notices.open() == [sooner, later]
    assert notices.list(System.SHOPIFY) == [sooner, later]


def test_an_open_request_never_ends_by_itself_and_a_settled_one_after_90_days(table: Table) -> None:
    stored, key = StoredNotices(table), Key("NOTICE#shopify", "3f9a")
    stored.keep(ASKED)
    row = table.get(key)
    assert row is not None
    assert "expires_at" not in row
    stored.settle(DONE)
    row = table.get(key)
    assert row is not None
    assert row["expires_at"] == int((NOON + DAY + KEPT).timestamp())
    assert "gsi2pk" not in row
