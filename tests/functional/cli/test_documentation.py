"""docs/command-line.md and the command line say the same."""

import dataclasses
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tillbridge.flows.operate import (
    answers,
    compliance_answers,
    hold_answers,
    item_answers,
    link_answers,
    migration_answers,
    order_answers,
)
from tillbridge_cli.failures import ExitCode
from tillbridge_cli.main import main

PAGE = Path(__file__).resolve().parents[3] / "docs" / "command-line.md"
SHARED = {"--env", "--json", "--help"}
FIELDS = {
    "merchant add": answers.MerchantAnswer,
    "merchant list": answers.MerchantAnswer,
    "merchant settings": answers.SettingsAnswer,
    "connect": answers.InvitationAnswer,
    "connections": answers.ConnectionAnswer,
    "sync": answers.SyncAnswer,
    "status": answers.MerchantStatus,
    "item": item_answers.ItemAnswer,
    "links": link_answers.LinkAnswer,
    "errors": answers.ProblemAnswer,
    "retry": answers.RetriedAnswer,
    "holds": hold_answers.HoldAnswer,
    "release": hold_answers.HoldAnswer,
    "drop": hold_answers.HoldAnswer,
    "orders": order_answers.OrderAnswer,
    **dict.fromkeys(
        (f"order {word}" for word in ("show", "resend", "release", "ignore", "forget")), order_answers.OrderWhole
    ),
    "queues": answers.QueueAnswer,
    "redrive": answers.RedriveAnswer,
    "merchant contact": answers.MerchantAnswer,
    "mail list": answers.MailAnswer,
    **dict.fromkeys(
        ("compliance list", "compliance show", "compliance done"),
        compliance_answers.ComplianceAnswer,
    ),
    "migrate calendar": migration_answers.EventAnswer,
    "migrate board": migration_answers.BoardAnswer,
    **dict.fromkeys(
        (f"migrate {step}" for step in ("invite", "verify", "rehearse", "switch", "back", "retire")),
        migration_answers.MigrationAnswer,
    ),
}
PARTS = {
    "merchant settings": ("settings", answers.SettingAnswer),
    "status": ("connections", answers.ConnectionStatus),
    "item": ("shops", item_answers.ItemInShop),
    "holds": ("sample", hold_answers.HeldAnswer),
    "order show": ("bookings", order_answers.BookingAnswer),
    "compliance list": ("connections", compliance_answers.ConcernedAnswer),
    "migrate board": ("rows", migration_answers.MigrationAnswer),
}


def sections() -> dict[str, str]:
    """Cut the page into a section per command, by the words before the arguments."""
    parts = re.split(r"^### `tillbridge ([a-z ]+[a-z]).*`$", PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    for word, command in group.commands.items():
        path = f"{name} {word}".strip()
        if isinstance(command, click.Group):
            yield from commands(command, path)
        else:
            yield path, command


COMMANDS = dict(commands(main))


def test_every_command_has_its_section() -> None:
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_documented_options_are_those_of_the_command(name: str) -> None:
    shown = CliRunner().invoke(main, [*name.split(), "--help"])
    assert shown.exit_code == 0
    documented = set(re.findall(r"^\| `(--[a-z]+)", sections()[name], flags=re.MULTILINE))
    there = set(re.findall(r"(--[a-z]+)", shown.stdout.partition("Options:")[2]))
    assert documented == {option for option in there if option in options_of(name)} - SHARED


def options_of(name: str) -> set[str]:
    return {"--help", *(option for parameter in COMMANDS[name].params for option in parameter.opts)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_env_and_json(name: str) -> None:
    assert options_of(name) >= SHARED


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_and_its_exit_codes(name: str) -> None:
    section = sections()[name]
    assert f"$ tillbridge {name}" in section
    told = re.search(r"Exit codes:\s([0-9, \n]+)\.", section)
    assert told is not None
    assert {int(code) for code in told[1].split(",")} <= set(ExitCode)


@pytest.mark.parametrize("name", FIELDS)
def test_the_documented_json_fields_are_those_of_the_answer(name: str) -> None:
    documented = re.search(r"fields: ((?:`[a-z_]+`,?\s)*`[a-z_]+`)", sections()[name])
    assert documented is not None
    assert re.findall(r"`([a-z_]+)`", documented[1]) == [field.name for field in dataclasses.fields(FIELDS[name])]


@pytest.mark.parametrize("name", PARTS)
def test_the_documented_parts_are_those_of_the_answer(name: str) -> None:
    field, part = PARTS[name]
    documented = re.search(rf"Each of the `{field}` has ([^.]+)\.", sections()[name])
    assert documented is not None
    assert re.findall(r"`([a-z_]+)`", documented[1]) == [field.name for field in dataclasses.fields(part)]


def test_exit_codes_are_documented() -> None:
    shared = PAGE.read_text().partition("## The cloud")[0]
    assert [int(code) for code in re.findall(r"^\| ([0-9]) \|", shared, flags=re.MULTILINE)] == list(ExitCode)


EXAMPLES = re.findall(r"^\$ tillbridge (.*)$", PAGE.read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_taken(example: str) -> None:
    words = shlex.split(example)
    name = next(path for path in COMMANDS if words[: len(path.split())] == path.split())
    COMMANDS[name].make_context(name, words[len(name.split()) :])
