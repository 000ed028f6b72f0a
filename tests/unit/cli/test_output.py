import io
from datetime import timedelta

import pytest
from rich.console import Console

from tests.fakes.clock import NOON
from tillbridge_cli.output import age, cell, moment, safe, shortened, span, table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë 👩\u200d👧 日本", "Zoë 👩\u200d👧 日本"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
        ("one\ntwo\tthree", "one two three"),
        ("\ud800", "\ufffd"),
        (7, "7"),
    ],
)
def test_what_could_confuse_a_terminal_is_replaced(text: object, shown: str) -> None:  # invariant 7
    assert safe(text) == shown


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-3, "0 s"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (172_799, "47 h"),
        (172_800, "2 d"),
    ],
)
def test_a_span_has_one_unit(seconds: int, told: str) -> None:
    assert span(timedelta(seconds=seconds)) == told


def test_ages_look_both_ways() -> None:
    assert age(NOON - timedelta(minutes=3), NOON) == "3 min ago"
    assert age(NOON + timedelta(seconds=20), NOON) == "in 20 s"
    assert age(None, NOON) == ""


def test_times_are_in_utc() -> None:
    assert moment(NOON) == "2026-03-02 12:00:00Z"
    assert moment(None) == ""


def test_nothing_is_shown_as_a_dash_and_zero_as_zero() -> None:
    assert [cell(value).plain for value in (None, "", 0, False)] == ["-", "-", "0", "False"]


def test_long_texts_are_cut() -> None:
    assert shortened("x" * 61) == "x" * 57 + "..."
    assert shortened("x" * 60) == "x" * 60


@pytest.mark.parametrize("width", [80, 100])
def test_a_table_folds_and_loses_nothing(width: int) -> None:
    words = [f"word{number}" for number in range(60)]
    console = Console(file=io.StringIO(), width=width)
    console.print(table(("Name", "#Count", "Why"), [("[b]x[/b]", 5, " ".join(words))], title="[i]T[/i]"))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(word in shown for word in (*words, "[b]x[/b]", "[i]T[/i]"))
    assert max(map(len, shown.splitlines())) <= width
