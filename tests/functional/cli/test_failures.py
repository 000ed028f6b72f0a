"""What goes wrong: each failure has its sentence, its remedy and its exit code, and changes nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.functional.cli.terminal import Terminal
from tests.unit.flows.operate.office import FOREIGN
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.merchant import ConnectionState
from tillbridge_cli.failures import Failure


def refused(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    """Run a command that has to fail, for its error as JSON."""
    result = terminal.run(*arguments, "--json")
    assert result.exit_code != 0
    assert result.stdout == ""
    error: dict[str, Any] = json.loads(result.stderr.splitlines()[-1])["error"]
    assert error["exit_code"] == result.exit_code
    return error


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("merchant", "add", "Has Capitals", "Name"), "merchant"),
        (("merchant", "add", "-x", "Name"), None),
        (("merchant", "add", "ok", " "), "name"),
        (("merchant", "add", "ok", "evil \x1b[31m"), "name"),
        (("merchant", "add", "ok", "turned \u202e"), "name"),
        (("merchant", "add", "ok", "x" * 100_000), "name"),
        (("merchant", "settings", "m1", "no-equals-sign"), "NAME=VALUE"),
        (("merchant", "settings", "m1", "=value"), "NAME=VALUE"),
        (("merchant", "settings", "m1", "safety_stock=1", "safety_stock=2"), "safety_stock"),
        (("merchant", "settings", "m1", "safety_stock=many"), "safety_stock"),
        (("merchant", "settings", "m1", f"selection_tag={'x' * 100_000}"), "changes"),
        (("merchant", "settings", "m1", "safty_stock=1"), "safty_stock"),
        (("retry", "--merchant", "m1"), "KEY"),
        (("retry", "I1", "--all", "--merchant", "m1"), "KEY"),
        (("retry", "DROP TABLE", "--merchant", "m1"), "keys"),
        (("retry", "--merchant", "m1", *map(str, range(101))), "keys"),
        (("item", "x" * 256, "--merchant", "m1"), "sku"),
        (("item", "", "--merchant", "m1"), "sku"),
        (("item", "\udcff", "--merchant", "m1"), "sku"),
        (("disconnect", "../../etc", "--merchant", "m1"), "connection"),
        (("redrive", "Pull Stock"), "queue"),
        (("sync", "--merchant", "m1", "--full", "--lane", "stock"), "lane"),
        (("sync",), "merchant"),
        (("connect", "woocommerce", "--address", "x" * 2001), "address"),
    ],
)
def test_bad_input_is_refused_with_its_field(  # invariant 7
    terminal: Terminal, arguments: tuple[str, ...], field: str | None
) -> None:
    before = dict(terminal.office.world.memory.merchants)
    if field is None:
        assert terminal.run(*arguments).exit_code == 2
    else:
        error = refused(terminal, *arguments)
        assert (error["exit_code"], error["field"]) == (2, field)
        assert error["remedy"]
    assert terminal.office.world.memory.merchants == before
    assert terminal.office.world.lanes.woken == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("merchant", "settings", "nobody"),
        ("sync", "--merchant", "nobody"),
        ("sync", "--merchant", "m2"),
        ("item", "MUG", "--merchant", "m1"),
        ("retry", "I1", "--merchant", "m1"),
        ("redrive", "nothing"),
        ("status", "--merchant", "nobody"),
        ("disconnect", "nobody", "--merchant", "m1"),
        ("disconnect", FOREIGN, "--merchant", "m1"),
    ],
)
def test_what_is_not_there_is_not_found(terminal: Terminal, arguments: tuple[str, ...]) -> None:  # invariant 5
    assert refused(terminal, *arguments)["exit_code"] == 3


def test_an_id_can_be_taken_once(terminal: Terminal) -> None:
    assert refused(terminal, "merchant", "add", "m1", "Again")["exit_code"] == 2


def test_a_remote_failure_is_told_with_its_remedy(terminal: Terminal) -> None:
    terminal.office.refusal = SystemDownError("The shop did not answer.", remedy="Try again later.")
    result = terminal.run("connect", "woocommerce", "-m", "m1", "--address", "https://shop.example.com")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        "error: The shop did not answer.",
        "What to do: Try again later.",
    ]
    assert result.stdout == ""


def test_a_system_that_is_down_has_a_remedy_even_if_it_gives_none(terminal: Terminal) -> None:
    terminal.office.refusal = SystemDownError("The connection was refused.")
    assert "try again in a while" in refused(terminal, "connect", "lightspeed", "-m", "m1")["remedy"]


def test_a_sync_with_a_broken_connection_names_it(stocked: Terminal) -> None:
    stocked.office.put_state("shop", ConnectionState.BROKEN, "The key was revoked.", "Connect again.")
    error = refused(stocked, "sync", "--merchant", "m1", "--wait")
    assert error["exit_code"] == 1
    assert "woocommerce shop: The key was revoked. Connect again." in error["happened"]


@pytest.mark.parametrize(
    "answer",
    [None, "text", [], {}, {"ok": True}, {"ok": True, "result": {"unknown": 1}}, {"ok": True, "result": [1, 2]}],
)
def test_an_answer_of_another_version_is_not_shown(terminal: Terminal, answer: object) -> None:  # invariant 7
    terminal.answer = lambda _: answer
    assert refused(terminal, "merchant", "list")["code"] == "OtherVersion"


@pytest.mark.parametrize("error", [{}, None, {"happened": "\x1b[2J", "remedy": "\u202e"}])
def test_an_error_that_says_nothing_is_still_an_error(terminal: Terminal, error: Mapping[str, Any] | None) -> None:
    terminal.answer = lambda _: {"ok": False, "error": error}
    result = terminal.run("merchant", "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr


def test_without_an_environment_nothing_is_asked(terminal: Terminal) -> None:
    terminal.env.clear()
    error = refused(terminal, "status")
    assert (error["exit_code"], error["field"]) == (2, "--env")
    assert terminal.events == []


def test_an_unknown_environment_is_refused(terminal: Terminal) -> None:
    assert refused(terminal, "status", "--env", "production")["field"] == "--env"


def test_a_stopped_local_cloud_cannot_be_reached(terminal: Terminal) -> None:
    error = refused(terminal, "status", "--env", "local")
    assert (error["exit_code"], error["remedy"]) == (4, "Start it: tillbridge up.")


def test_the_trouble_of_the_local_cloud_is_told(terminal: Terminal) -> None:
    terminal.cloud.trouble = Failure("Port 4566 is taken.", remedy="Choose another.")
    result = terminal.run("up")
    assert (result.exit_code, "Port 4566 is taken." in result.stderr) == (1, True)


@pytest.mark.parametrize("name", ["[red]Rot[/red]", "a\nb", "\u0000", "Zoë \N{FAMILY} 👩\u200d👧"])
def test_names_of_others_cannot_spoil_the_terminal(stocked: Terminal, name: str) -> None:
    kept = stocked.office.world.memory
    kept.items["till"]["1"] = replace(kept.items["till"]["1"], description=name)
    shown = stocked.run("item", "MUG", "--merchant", "m1").stdout
    assert "\u0000" not in shown
    assert "[red]Rot[/red]" in shown or "red" not in name
    assert "\n" not in name or "a b" in shown
