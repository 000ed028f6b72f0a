"""``links`` from what is typed to what is shown, and from a file to what is decided."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.functional.cli.terminal import Terminal
from tests.unit.domain.samples import item
from tests.unit.flows.market import add, linked, own
from tests.unit.flows.operate.test_links import at
from tillbridge.domain.merchant import ConnectionState
from tillbridge.flows.operate import paging
from tillbridge.runtime.operator_commands import MOST_DECISIONS
from tillbridge_cli import link_files
from tillbridge_cli.commands import links

ODD = '=HYPERLINK("x"), "Mug"\n\x1b[31m'


@pytest.fixture
def market(terminal: Terminal) -> Terminal:
    """Give a terminal before a shop that sells already."""
    at(terminal.office)
    add(terminal.office.world, item("9", custom_sku="ODD", description=ODD))
    terminal.office.world.settle()
    terminal.office.world.survey()
    terminal.office.world.lanes.woken.clear()
    return terminal


def as_csv(terminal: Terminal, *arguments: str) -> list[dict[str, str]]:
    result = terminal.run("links", "--csv", *arguments)
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_person_reads_counts_what_is_not_in_order_and_the_rules(market: Terminal) -> None:
    shown = words(market.run("links", "--merchant", "m1").stdout)
    assert "6 linked, 1 missing-in-till." in shown
    assert "13 ELSE Own 13" in shown
    assert "CUP" not in shown
    assert "only digits count" in shown


def test_one_state_is_shown_whole(market: Terminal) -> None:
    shown = words(market.run("links", "--state", "linked").stdout)
    assert "I1 CUP" in shown
    assert "ELSE" not in shown
    assert market.run("links", "--state", "sold").exit_code == 2


def test_without_anything_there_is_nothing_to_link(terminal: Terminal) -> None:
    assert terminal.run("links").stdout.startswith("There is nothing to link.")
    assert terminal.json("links") == []
    assert as_csv(terminal) == []


def test_a_long_table_says_what_it_leaves_out(market: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SHOWN", 2)
    for number in range(5):
        own(market.office.world, f"3{number}", f"MORE-{number}")
    market.office.world.survey()
    assert "4 more are in the files" in words(market.run("links").stdout)


def test_json_and_csv_hold_every_row_of_every_portion(market: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = market.json("links")
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    market.events.clear()
    assert market.json("links") == whole
    assert len(market.events) > 1
    assert len(as_csv(market)) == len(whole) == 7
    assert {row["item"]: row["listing"] for row in as_csv(market, "-m", "m1") if row["item"] == "4"} == {"4": "14/140"}


def test_names_can_spoil_neither_a_spreadsheet_nor_a_terminal(market: Terminal) -> None:  # invariant 7
    (row,) = [row for row in as_csv(market) if row["item"] == "9"]
    assert row["name"].startswith("'=HYPERLINK")
    assert "\x1b" not in market.run("links", "--csv").stdout
    assert "\x1b" not in market.run("links", "--state", "linked").stdout


def save(path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig")])
def test_a_corrected_file_is_loaded_back(market: Terminal, tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = as_csv(market)
    for row in rows:
        if row["item"] == "1":
            row["action"] = "unlink"
        if row["item"] == "3":
            row |= {"action": "link", "listing": "13"}
    file = save(tmp_path / "links.csv", rows, delimiter, encoding)
    told = market.run("links", "--load", str(file), "--merchant", "m1").stdout
    assert told.startswith("2 decision(s) stand, 2 of them new.")
    market.office.work()
    market.office.world.settle()
    assert linked(market.office.world)["3"] == "13"
    assert "1" not in linked(market.office.world)
    assert [one["changed"] for one in market.json("links", "--load", str(file), "-m", "m1")] == [False, False]


def test_a_file_just_written_decides_nothing(market: Terminal, tmp_path: Path) -> None:
    file = save(tmp_path / "links.csv", as_csv(market))
    result = market.run("links", "--load", str(file), "-m", "m1")
    assert (result.exit_code, "0 lines" in result.stderr) == (2, True)


def test_a_broken_shop_is_mentioned(market: Terminal, tmp_path: Path) -> None:
    market.office.put_state("shop", ConnectionState.BROKEN, "The key was revoked.")
    file = tmp_path / "links.csv"
    file.write_text("product,item,listing,action\nI1,,,ignore\n")
    assert "wait for their connection" in market.run("links", "--load", str(file), "-m", "m1").stdout


def test_wrong_lines_are_told_by_line_and_column_and_nothing_changes(  # invariant 7
    market: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "links.csv"
    file.write_text('product,item,listing,action,note\nI1,,,ignore,"two\nlines"\n\nI3,,99,link,\n')
    result = market.run("links", "--load", str(file), "-m", "m1", "--json")
    error = json.loads(result.stderr)["error"]
    assert (result.exit_code, error["field"], error["code"]) == (2, "line 5, column listing", "WrongFile")
    assert market.office.world.memory.choices == {}
    assert market.office.world.lanes.woken == []


@pytest.mark.parametrize(
    ("content", "field", "told"),
    [
        (b"", "line 1", "column product is missing"),
        (b"product,item,listing\nI1,,\n", "line 1", "column action is missing"),
        (b"product,item,listing,action,action\n", "line 1", "column action is there twice"),
        (b"product,item,listing,action\nI1,,,ignore,more\n", "line 2", "5 cells for 4 columns"),
        (b"product,item,listing,action\n", "column action", "filled in 0 lines"),
        (b"product,item,listing,action\n" + b"I1,,,ignore\n" * 2001, "column action", "filled in 2001 lines"),
        (b"product,item,listing,action\nM\xfcller,,,ignore\n", "--load", "not in UTF-8"),
        (b'product,item,listing,action\n"' + b"x" * 140_000 + b'",,,ignore\n', "line", "no CSV"),
        (b"product,item,listing,action\n" + b"x" * 400 + b",,,ignore\n", "rows", ""),
    ],
)
def test_a_file_that_cannot_be_read(  # invariant 7
    market: Terminal, tmp_path: Path, content: bytes, field: str, told: str
) -> None:
    file = tmp_path / "links.csv"
    file.write_bytes(content)
    result = market.run("links", "--load", str(file), "-m", "m1", "--json")
    error = json.loads(result.stderr)["error"]
    assert result.exit_code == 2
    assert error["field"].startswith(field)
    assert told in error["happened"]
    assert error["remedy"]
    assert MOST_DECISIONS == 2000
    assert market.office.world.memory.choices == {}


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there(market: Terminal, tmp_path: Path, name: str) -> None:
    result = market.run("links", "--load", str(tmp_path / name))
    assert (result.exit_code, "cannot be read" in result.stderr) == (2, True)


def test_a_file_that_is_too_large_is_not_read(
    market: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_files, "LARGEST", 10)
    file = save(tmp_path / "links.csv", as_csv(market))
    assert "larger than 50 MB" in market.run("links", "--load", str(file)).stderr


@pytest.mark.parametrize(
    "options", [["--csv", "--json"], ["--load", "FILE", "--csv"], ["--load", "FILE", "--state", "linked"]]
)
def test_options_that_exclude_each_other(market: Terminal, tmp_path: Path, options: list[str]) -> None:
    file = save(tmp_path / "links.csv", as_csv(market))
    result = market.run("links", *(str(file) if option == "FILE" else option for option in options))
    assert result.exit_code == 2
    assert not market.office.world.memory.choices
