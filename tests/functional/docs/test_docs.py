"""Every command in the documents is one that exists, every link leads somewhere, every alarm has its section."""

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest

from tests.conftest import PROJECT_ROOT as PROJECT
from tillbridge_cli.main import main

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
TARGETS = set(re.findall(r"^([a-z][a-z0-9-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
COMMAND = re.compile(r"(?:\.venv/bin/)?tillbridge(?= )")


def commands(beginning: str) -> Iterator[Any]:
    """Find what the pages tell the reader to type: lines of code blocks, and code in running text."""
    for page in PAGES:
        text = page.read_text()
        blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
        lines = [line.strip() for block in blocks for line in block.splitlines()]
        inline = [
            " ".join(code.split()) for code in re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        ]
        for line in dict.fromkeys([*lines, *inline]):
            if re.match(beginning, line):
                yield pytest.param(line, id=f"{page.name}: {line}")


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
            command.make_context(command.name, ["lightspeed" if word == "SYSTEM" else word for word in words], context)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_alarm_names_a_section_of_the_runbook() -> None:
    runbook = (PROJECT / "docs" / "runbook.md").read_text()
    named = set(re.findall(r'docs/runbook\.md, "([^"]+)"', (PROJECT / "template.yaml").read_text()))
    assert named
    assert [section for section in named if f"\n## {section}\n" not in runbook] == []
