"""Links as CSV: written to be corrected in a spreadsheet, and read back.

Texts that a spreadsheet would take for a formula get an apostrophe in front: names come from tills and shops. Only ids
and the action are read back, and they never begin so.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from tillbridge.flows.operate.link_answers import LinkAnswer
from tillbridge.runtime.operator_commands import MOST_DECISIONS
from tillbridge_cli.failures import bad_input
from tillbridge_cli.output import safe

ACTION = "action"
COLUMNS = (ACTION, *(field.name for field in fields(LinkAnswer)))
READ = ("connection", "product", "item", "listing", ACTION)
FORMULA = ("=", "+", "-", "@")
LARGEST = 50_000_000


def write_rows(portions: Iterable[Sequence[LinkAnswer]]) -> Iterator[str]:
    """Write rows as CSV text, portion by portion; the column ``action`` is empty, to be filled in."""
    yield _csv([COLUMNS])
    for rows in portions:
        yield _csv([("", *map(_harmless, asdict(row).values())) for row in rows])


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _harmless(value: object) -> str:
    text = safe(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def read_decisions(file: Path) -> Sequence[Mapping[str, object]]:
    """Read the lines with an action; ``BadInput`` names what cannot be used. Commas or semicolons may separate."""
    text = _text(file)
    lines = text.splitlines()
    head = lines[0] if lines else ""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        _check_columns(names)
        found = [_decision(rows.line_num, names, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise bad_input(f"line {rows.line_num}", f"It is no CSV: {error}.", "Save the file as CSV again.") from None
    decisions = [decision for decision in found if decision[ACTION]]
    if not 1 <= len(decisions) <= MOST_DECISIONS:
        raise bad_input(
            f"column {ACTION}",
            f"It is filled in {len(decisions)} lines.",
            f"Fill it in 1 to {MOST_DECISIONS} lines; with more, cut the file into several, each with the first line.",
        )
    return decisions


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise bad_input("--load", "The file is larger than 50 MB.", "Leave out the lines without an action.")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise bad_input("--load", f"The file cannot be read: {reason}.", "Give the path of a CSV file.") from None
    except UnicodeDecodeError:
        raise bad_input("--load", "The file is not in UTF-8.", "Save it as CSV in UTF-8.") from None


def _check_columns(names: Sequence[str]) -> None:
    missing = [name for name in READ if name not in names and name != "connection"]
    if missing:
        raise bad_input(
            "line 1", f"The column {missing[0]} is missing.", f"The first line names the columns: {', '.join(READ)}."
        )
    twice = [name for name in READ if names.count(name) > 1]
    if twice:
        raise bad_input("line 1", f"The column {twice[0]} is there twice.", "Leave one of them.")


def _decision(line: int, names: Sequence[str], row: Sequence[str]) -> dict[str, object]:
    """Give what is read of one line; what is beyond the columns makes the whole line doubtful."""
    if len(row) > len(names):
        raise bad_input(
            f"line {line}", f"It has {len(row)} cells for {len(names)} columns.", "Put texts with commas into quotes."
        )
    cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
    return {"line": line, **{name: cells.get(name, "") for name in READ}}
