"""Every command in the documents is one that exists, every file and name is there, every alarm has its section."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from tests.conftest import PROJECT_ROOT as PROJECT
from tillbridge_cli.main import main

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
TARGETS = set(re.findall(r"^([a-z][a-z0-9-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
COMMAND = re.compile(r"(?:\.venv/bin/)?tillbridge(?= )")
SHARED = PROJECT / "layers" / "tillbridge" / "tillbridge"
CODE = (
    "layers",
    "cli",
    "functions",
    "local",
    "sandbox",
    "template.yaml",
    "samconfig.toml",
    "tests/bench",
    "tests/proof",
)
# Words of browsers and of AWS, and a file that `make bench` writes.
OF_OTHERS = {
    "HttpOnly",
    "AdministratorAccess",
    "build/figures.json",
    "build/conformance.txt",
    "build/contracts.json",
}
OF_VENDORS = re.compile(r"(customers|shop|app)/(data_request|redact|uninstalled)|<PublicUrl>/.*|/remove_user")
FILE = re.compile(r"(?!.*\.\.\.$)(\.\.\./)?[\w.<>*-]+(/[\w.<>*-]+)+/?|\w+\.(py|md|toml|yaml)")
EXAMPLES = {"SYSTEM": "lightspeed", "KIND": "reconnect"}
SECRETS = ("tillbridge/", "app/", "connection/", "hook/", "pending/")
NAME = re.compile(r"([A-Za-z]\w*\.)*([A-Z]\w*[a-z]\w*[A-Z]\w*|[A-Za-z]+_\w+)")


def inline(page: Path) -> list[str]:
    """Find the code in running text."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", text)]


def commands(beginning: str) -> Iterator[Any]:
    """Find what the pages tell the reader to type: lines of code blocks, and code in running text."""
    for page in PAGES:
        blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", page.read_text(), re.DOTALL | re.MULTILINE)
        lines = [line.strip() for block in blocks for line in block.splitlines()]
        for line in dict.fromkeys([*lines, *inline(page)]):
            if re.match(beginning, line):
                yield pytest.param(line, id=f"{page.name}: {line}")


def texts(*names: str) -> Iterator[str]:
    """Read files, and all files of text below folders."""
    for name in names:
        root = PROJECT / name
        files = [root] if root.is_file() else root.rglob("*.*")
        yield from (file.read_text() for file in files if file.suffix in {".py", ".html", ".yaml", ".toml"})


@cache
def words_of_the_code() -> frozenset[str]:
    return frozenset(word for text in texts(*CODE) for word in re.findall(r"\w+", text))


def is_there(named: str) -> bool:
    """Tell whether a file or folder exists; the pages write those of the shared package without the way to it."""
    pattern = named.removeprefix(".../").replace("<system>", "woocommerce").rstrip("/")
    return any(next(root.glob(pattern), None) for root in (PROJECT, SHARED))


@pytest.mark.parametrize("line", list(commands(r"make ")))
def test_make_targets_exist(line: str) -> None:
    target = next(word for word in line.split()[1:] if "=" not in word)
    assert target in TARGETS


@pytest.mark.parametrize("line", list(commands(r"(\.venv/bin/)?tillbridge ")))
def test_commands_are_taken_by_the_command_line(line: str) -> None:
    words = shlex.split(COMMAND.sub("", line, count=1).split(" #")[0])
    if "..." in line:
        return
    context = click.Context(main, info_name="tillbridge")
    command: click.Command = main
    while isinstance(command, click.Group) and words:
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
    if not isinstance(command, click.Group):
        with suppress(click.MissingParameter):  # running text may name a command without what it takes
            command.make_context(command.name, [EXAMPLES.get(word, word) for word in words], context)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = {code for code in inline(page) if FILE.fullmatch(code) and not code.startswith((*SECRETS, ".venv/"))}
    named = {code for code in named if not OF_VENDORS.fullmatch(code)}
    assert [code for code in named - OF_OTHERS if not is_there(code)] == []


# Decisions also name what was, or might have been.
@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "decisions"], ids=lambda page: page.name)
def test_names_that_are_used_stand_in_the_code(page: Path) -> None:
    named = {code.rpartition(".")[2] for code in inline(page) if NAME.fullmatch(code)}
    assert [name for name in named - OF_OTHERS if name not in words_of_the_code()] == []


def test_the_code_names_pages_that_exist() -> None:
    named = {name for text in texts(*CODE, "tests") for name in re.findall(r"docs/[\w/-]+\.md", text)}
    assert named
    assert [name for name in named if not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("line", list(commands(r"\.venv/bin/pytest |sam local invoke ")))
def test_tests_and_samples_that_can_be_run_exist(line: str) -> None:
    words = line.split()
    assert (PROJECT / words[-1]).exists()
    if words[0] == "sam":
        assert f"\n  {words[3]}:\n" in (PROJECT / "template.yaml").read_text()


@pytest.mark.parametrize("program", ["bench", "proof"])
def test_every_measurement_has_its_section(program: str) -> None:
    listed = re.search(
        r"^[A-Z]+ = \((.*?)\)", (PROJECT / f"tests/{program}/__main__.py").read_text(), re.DOTALL | re.MULTILINE
    )
    assert listed
    page = (PROJECT / "docs" / "figures.md").read_text()
    assert [name for name in re.findall(r"\w+", listed[1]) if f"\n### `{name}`\n" not in page] == []


def test_every_decision_is_dated_and_says_how_to_go_back() -> None:
    _, *entries = re.split(r"^## ", (PROJECT / "docs" / "decisions.md").read_text(), flags=re.MULTILINE)
    dates = [entry[:10] for entry in entries]
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", date) for date in dates)
    assert dates == sorted(dates)
    assert [entry.splitlines()[0] for entry in entries if "\nHow to go back: " not in entry] == []


def test_make_help_lists_the_targets() -> None:
    told = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    listed = set(re.findall(r"^  ([a-z0-9-]+) +\S", told, re.MULTILINE))
    assert listed == TARGETS - {"installed", "lock-check", "coverage", "collected"}  # parts of others


def test_every_alarm_names_a_section_of_the_runbook() -> None:
    runbook = (PROJECT / "docs" / "runbook.md").read_text()
    named = set(re.findall(r'docs/runbook\.md, "([^"]+)"', (PROJECT / "template.yaml").read_text()))
    assert named
    assert [section for section in named if f"\n## {section}\n" not in runbook] == []
